"""What narrows a search: the part of the manual, whose texts, and whether typing errors are mended."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from procedures.search.asking import Answer, Asked
from procedures.search.in_force import InForce
from procedures.search.query import parse
from procedures.viewpoint import Viewpoint

WHOSE = {
    "": "Everything you read",
    "regional": "Regional text only",
    "local": "Local text only",
    "everyone": "All partnerships",
}


@dataclass(frozen=True)
class Filters:
    """A search as its address has it. What an address does not say, or says wrongly, narrows nothing."""

    viewpoint: Viewpoint
    query: str
    part: str = ""
    whose: str = ""
    as_typed: bool = False
    is_cut: bool = False  # only the beginning of what was typed is sought

    @classmethod
    def of(cls, values: Mapping[str, str], viewpoint: Viewpoint) -> "Filters":
        part, whose = values.get("part", ""), values.get("whose", "")
        typed = parse(values.get("q", ""))
        return cls(
            viewpoint=viewpoint,
            query=typed.text,
            part=part if part.isascii() and part.isdigit() and len(part) <= 3 else "",
            whose=whose if whose in WHOSE else "",
            as_typed=values.get("spelling") == "as-typed",
            is_cut=typed.is_cut,
        )

    @property
    def is_narrowed(self) -> bool:
        return bool(self.part or self.whose)

    @property
    def scope(self) -> tuple[int, ...]:
        """The partnerships whose texts are read: the viewpoint's, or all of them, the viewpoint's first."""
        own = self.viewpoint.scope
        if self.whose != "everyone":
            return own
        return own + tuple(one.id for one in self.viewpoint.directory.partnerships if one.id not in own)

    @property
    def owners(self) -> frozenset[int] | None:
        """Those whose passages are sought; None for all that are read."""
        region = {self.viewpoint.directory.region.id} if self.viewpoint.directory.region else set()
        if self.whose == "regional":
            return frozenset(region)
        if self.whose == "local":
            return frozenset(self.scope) - region
        return None

    def asked(self, stamp: str, *, limit: int, offset: int = 0) -> Asked:
        """The search to do; `stamp` is the freshness stamp read before."""
        return Asked(
            typed=self.query,
            directory=self.viewpoint.directory,
            scope=self.scope,
            day=self.viewpoint.effective_day,
            stamp=stamp,
            owners=self.owners,
            part=self.part,
            as_typed=self.as_typed,
            limit=limit,
            offset=offset,
        )

    def url(self, **other: object) -> str:
        """The address of this search with some of it changed: page, part, whose, spelling or q."""
        spelling = "as-typed" if self.as_typed else ""
        values = {"q": self.query, "part": self.part, "whose": self.whose, "spelling": spelling, "page": ""} | other
        if str(values["page"]) == "1":
            values["page"] = ""
        return f"{self.viewpoint.search_url}?{urlencode({name: value for name, value in values.items() if value})}"

    @property
    def as_typed_url(self) -> str:
        """The same search without its typing errors mended."""
        return self.url(spelling="as-typed", page="")

    @property
    def all_parts_url(self) -> str:
        """The same search in all parts of the manual."""
        return self.url(part="")

    @property
    def everything_url(self) -> str:
        """The same search narrowed by nothing."""
        return self.url(part="", whose="")

    @property
    def choices(self) -> list[tuple[str, str, bool]]:
        """Whose texts there are to choose from, as (address, label, whether it is chosen)."""
        has_local = self.viewpoint.partnership is not None
        labels = [(value, label) for value, label in WHOSE.items() if has_local or value in ("", "everyone")]
        return [(self.url(whose=value), label, value == self.whose) for value, label in labels]

    def parts(self, found: Answer, known: InForce) -> list[tuple[str, str, int, bool]]:
        """The parts of the manual that have results, as (address, name, results, whether it is chosen)."""
        return [
            (self.url(part=part), f"Part {part} {known.parts.get(part, '')}".strip(), count, part == self.part)
            for part, count in found.parts.items()
        ]
