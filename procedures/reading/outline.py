"""The outline of the manual: what stands where, from a viewpoint. One query, and kept while nothing changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

from procedures.models import Version
from procedures.numbering import depth, sort_key
from procedures.viewpoint import Viewpoint


@dataclass(frozen=True)
class Place:
    """One numbered place: a part, a section or a sub-section."""

    section_id: int
    slug: str
    number: str
    title: str
    partnership_id: int
    in_force_since: date
    additions: tuple[int, ...]  # the ids of the partnerships that add to it here

    @property
    def depth(self) -> int:
        return depth(self.number)

    @property
    def part(self) -> str:
        return self.number.split(".", 1)[0]


@dataclass(frozen=True)
class Outline:
    """All places in force, in the order of their numbers."""

    places: tuple[Place, ...]

    @cached_property
    def by_section(self) -> dict[int, Place]:
        return {place.section_id: place for place in self.places}

    @cached_property
    def by_slug(self) -> dict[str, int]:
        """Where in the order each section stands."""
        return {place.slug: position for position, place in enumerate(self.places)}

    @cached_property
    def by_number(self) -> dict[str, Place]:
        return {place.number: place for place in self.places}

    def of_sections(self, section_ids: Iterable[int]) -> list[Place]:
        """The places of those sections that are in force, in the order of their numbers."""
        found = (self.by_section.get(section_id) for section_id in section_ids)
        return sorted((place for place in found if place), key=lambda place: self.by_slug[place.slug])

    def neighbours(self, slug: str) -> tuple[Place | None, Place | None]:
        """The places before and after a section; None at the ends and for a section that is not in force."""
        position = self.by_slug.get(slug)
        if position is None:
            return None, None
        before = self.places[position - 1] if position else None
        after = self.places[position + 1] if position + 1 < len(self.places) else None
        return before, after

    def parts(self) -> list[tuple[str, Place | None, list[Place]]]:
        """Each part's number, its own place where it has a text, and the places in it."""
        grouped: dict[str, list[Place]] = {}
        own: dict[str, Place] = {}
        for place in self.places:
            grouped.setdefault(place.part, [])
            if place.depth == 1:
                own[place.part] = place
            else:
                grouped[place.part].append(place)
        return [(part, own.get(part), places) for part, places in grouped.items()]


def outline(viewpoint: Viewpoint, stamp: str) -> Outline:
    """The outline seen from a viewpoint, kept for as long as the freshness stamp stays the same."""
    return _outline(viewpoint.scope, viewpoint.effective_day, stamp)


@lru_cache(maxsize=16)
def _outline(scope: tuple[int, ...], day: date, stamp: str) -> Outline:
    fields = ("section_id", "section__slug", "number", "title", "partnership_id", "effective_date")
    rows = list(Version.objects.of(scope).in_force(day).order_by().values_list(*fields))
    additions: dict[int, list[int]] = {}
    for section_id, _, number, _, partnership_id, _ in rows:
        if not number:
            additions.setdefault(section_id, []).append(partnership_id)
    numbered = sorted((row for row in rows if row[2]), key=lambda row: sort_key(row[2]))
    return Outline(
        tuple(
            Place(
                section_id,
                slug,
                number,
                title,
                owner,
                since,
                tuple(sorted(additions.get(section_id, []), key=scope.index)),
            )
            for section_id, slug, number, title, owner, since in numbered
            if since is not None
        )
    )
