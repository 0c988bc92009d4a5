"""A renumbering worked out: the versions that it publishes, and what stands against it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from partnerships.digests import digest_of_values
from partnerships.models import Partnership
from procedures.checks import Fault
from procedures.models import Version
from procedures.numbering import sort_key
from procedures.renumbering.moving import Numbered
from procedures.renumbering.rewriting import Replacement

PLANNED_FIELDS = (
    "section_id",
    "partnership_id",
    "number",
    "title",
    "body",
    "change_kind",
    "change_note",
    "effective_date",
    "review_date",
    "withdrawn",
    "written_against_id",
)


@dataclass(frozen=True)
class Change:
    """One version that is to be published: what it restates, and the numbers replaced in its text.

    `moves_from` is the number that it bore before, "" when only its text changes; `is_asked_for` says that somebody
    named it, so that it does not merely stand under such a section or make room for it.
    """

    version: Version
    restates: Version
    replacements: tuple[Replacement, ...]
    moves_from: str = ""
    is_asked_for: bool = False

    @property
    def number(self) -> str:
        """The present number of its section, or of the regional one that it stands beside; "" where neither has one."""
        titled = self.restates if self.restates.number else self.restates.written_against
        return titled.number if titled else ""

    @property
    def since(self) -> date:
        assert self.version.effective_date
        return self.version.effective_date


@dataclass(frozen=True)
class Plan:
    """All that a renumbering publishes, in order; `faults` and `objections` say why it cannot be carried out."""

    partnership: Partnership
    effective_date: date
    changes: tuple[Change, ...] = ()
    faults: tuple[Fault, ...] = ()
    objections: tuple[str, ...] = ()
    new_numbers: Mapping[Numbered, str] = field(default_factory=dict)

    @property
    def is_possible(self) -> bool:
        return bool(self.changes) and not self.faults and not self.objections

    @property
    def moves(self) -> list[Change]:
        """The sections that get another number on the day, by their old numbers."""
        moving = [c for c in self.changes if c.moves_from and c.version.effective_date == self.effective_date]
        return sorted(moving, key=lambda change: sort_key(change.moves_from))

    @property
    def asked(self) -> list[Change]:
        """The moves that somebody named; what stands under those sections or makes room is not among them."""
        return [change for change in self.moves if change.is_asked_for]

    def changes_of(self, partnership: Partnership) -> list[Change]:
        """What changes of one partnership's, by the present numbers of the sections and by day."""
        own = [change for change in self.changes if change.version.partnership_id == partnership.pk]
        return sorted(own, key=lambda change: (sort_key(change.number) if change.number else (), change.since))

    @property
    def partnerships(self) -> list[Partnership]:
        """Whose texts change, each once, the renumbering one first."""
        found = dict.fromkeys([self.partnership, *(change.version.partnership for change in self.changes)])
        return list(found)

    @cached_property
    def digest(self) -> str:
        """Another one whenever anything that would be published is another."""
        return digest_of_values(
            {
                str(place): digest_of_values({name: getattr(change.version, name) for name in PLANNED_FIELDS})
                for place, change in enumerate(self.changes)
            }
        )
