"""All the sections that a partnership has a text of or may add to, as plain rows; a constant number of queries."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from partnerships.models import Partnership
from procedures.editing.models import Draft
from procedures.models import Version
from procedures.numbering import is_number, sort_key


@dataclass
class Row:
    """One section in the list of a partnership's texts."""

    slug: str
    number: str = ""
    title: str = ""
    in_force_since: date | None = None  # of the partnership's own text
    review_date: date | None = None
    withdrawn: bool = False
    scheduled: list[date] = field(default_factory=list)
    drafts: list[Draft] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.number} {self.title}".strip() or self.slug

    @property
    def is_own(self) -> bool:
        """Whether the partnership has a text here: in force, to come, withdrawn or being written."""
        return bool(self.in_force_since or self.scheduled or self.drafts)

    def matches(self, sought: str) -> bool:
        """Whether the section is meant by `sought`: the beginning of its number, or all words in its title."""
        if is_number(sought.rstrip(".")):
            return self.number == sought.rstrip(".") or self.number.startswith(sought.rstrip(".") + ".")
        return all(word in self.title.casefold() for word in sought.casefold().split())


def overview(partnership: Partnership, today: date) -> list[Row]:
    """A row for each section, in the order of their numbers; those without a number come last."""
    rows: dict[str, Row] = defaultdict(lambda: Row(""))
    if not partnership.is_region:
        regional = Version.objects.filter(partnership__kind=Partnership.Kind.REGION).in_force(today)
        for slug, number, title in regional.values_list("section__slug", "number", "title"):
            rows[slug] = Row(slug, number, title)
    own = Version.objects.of([partnership.pk])
    fields = ("section__slug", "number", "title", "effective_date", "review_date", "withdrawn")
    for slug, number, title, since, review_date, withdrawn in own.latest_on(today).values_list(*fields):
        row = rows[slug]
        row.slug, row.number, row.title = slug, row.number or number, row.title or title
        row.in_force_since, row.review_date, row.withdrawn = since, review_date, withdrawn
    later = own.published().filter(effective_date__gt=today).order_by("effective_date")
    for slug, number, title, day in later.values_list("section__slug", "number", "title", "effective_date"):
        row = rows[slug]
        row.slug, row.number, row.title = slug, row.number or number, row.title or title
        if day not in row.scheduled:  # two may be, of which the one published last counts
            assert day
        if day not in row.scheduled:
            row.scheduled.append(day)
    for draft in Draft.objects.open().of([partnership.pk]).with_texts():
        row = rows[draft.version.section.slug]
        row.slug, row.title = draft.version.section.slug, row.title or draft.version.title
        row.number = row.number or draft.version.number
        row.drafts.append(draft)
    return sorted(rows.values(), key=_place)


def _place(row: Row) -> tuple[bool, tuple[int, ...], str]:
    return not row.number, sort_key(row.number) if is_number(row.number) else (), row.slug
