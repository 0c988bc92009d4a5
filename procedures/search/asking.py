"""What a search is asked, and what it answers."""

from dataclasses import dataclass, field
from datetime import date

from partnerships.directory import Directory
from procedures.glossary import ListedTerm
from procedures.search.in_force import InForce, Named, in_force
from procedures.search.interface import Term
from procedures.search.lexicon import Meaning
from procedures.search.passages import Entry, Item
from procedures.search.query import Typed
from procedures.search.ranking import Concept


@dataclass(frozen=True)
class Asked:
    """A search: what was typed, whose texts are read (the region's first) and on which day.

    `owners` are those whose passages are sought, None for all in `scope`; `part` leaves out sections of other parts;
    `as_typed` searches without mending typing errors. `stamp` is the freshness stamp read before.
    """

    typed: str
    directory: Directory
    scope: tuple[int, ...]
    day: date
    stamp: str
    owners: frozenset[int] | None = None
    part: str = ""
    as_typed: bool = False
    limit: int = 10
    offset: int = 0

    @property
    def known(self) -> InForce:
        """What is in force from where the search is asked."""
        region = self.directory.region
        return in_force(self.stamp, self.scope, region.id if region else 0, self.day)


@dataclass(frozen=True)
class Hit:
    """A section found: its best passage, if it was found by one, and why it stands where it does."""

    section: Named
    entry: Entry | None
    score: float
    reasons: tuple[tuple[str, float], ...]
    by_concept: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Answer:
    """What a search found. `weights` say how much each term tells, for marking words; `parts` counts by part.

    `is_by_meaning_alone` where no text has any of the words; where it `awaits_meaning`, vectors are still being made.
    """

    query: Typed
    mended: str = ""
    hits: tuple[Hit, ...] = ()
    total: int = 0
    parts: dict[str, int] = field(default_factory=dict)
    beside: tuple[Item, ...] = ()
    meanings: tuple[Meaning, ...] = ()
    is_one_name: bool = False
    straight: Named | None = None
    withdrawn: tuple[Named, ...] = ()
    near: tuple[ListedTerm, ...] = ()
    concepts: tuple[Concept, ...] = ()
    weights: dict[Term, float] = field(default_factory=dict)
    frequency: dict[Term, int] = field(default_factory=dict)
    is_complete: bool = True
    is_by_meaning_alone: bool = False
    awaits_meaning: bool = False
    dropped_quotes: bool = False
