"""What a search asks of an index, whichever back end keeps it.

A `Store` is written to by one writer at a time and opened for reading; an open `Index` answers what it holds of the
texts that one reader may see. Ranking, spelling and snippets are the same for every back end.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from procedures.search.passages import Entry, Kind

Progress = Callable[[Iterable, int], Iterable]
"""Called with what is worked through and how many that are; gives the same back one by one."""


class Unavailable(Exception):
    """There is no index that could be read."""


class Unwritable(Exception):
    """The index cannot be written to."""


class Busy(Unwritable):
    """Somebody else is writing to the index."""


@dataclass(frozen=True)
class Seen:
    """What a reader may see: what these partnerships published, as in force on the day.

    `owners` are the partnerships whose passages are sought, all or some of those in `scope`; what one of the scope
    puts in a local slot hides what stands there otherwise, whoever is sought.
    """

    scope: frozenset[int]
    day: date
    owners: frozenset[int]


class Term(NamedTuple):
    """Something to find: one stem, or several one after the other; where `exact`, words as they are written."""

    words: tuple[str, ...]
    exact: bool = False


Whole = NDArray[np.int64]
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]


class Place(NamedTuple):
    """What a passage is of: the key of its version, document, contact or term, and its section's key (0: none).

    An `aside` only leads on to other sections: see `Entry.is_aside`.
    """

    kind: Kind
    key: int
    section: int
    aside: bool = False


@dataclass(frozen=True, eq=False)
class Columns:
    """What is known of some passages, all of one thing beside each other: a passage's row is its place in each column.

    The row is what the open index calls it by. Lengths are in words that have a stem. A search goes through thousands
    of passages, and that is quick by columns alone.
    """

    kinds: Whole
    keys: Whole
    sections: Whole
    asides: Flags
    text_lengths: Floats
    title_lengths: Floats

    def __len__(self) -> int:
        return len(self.kinds)


@dataclass(frozen=True, eq=False)
class Counts:
    """How often something stands in passages: the rows of those that hold it, ascending, and the times in each.

    `kept` is for what ranking makes of it: an index may give the same counts again to the same reader.
    """

    rows: Whole
    times: Floats
    kept: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows)


def no_counts() -> Counts:
    """Of something that stands nowhere."""
    return Counts(np.empty(0, np.int64), np.empty(0, np.float64))


@dataclass
class Evidence:
    """What an index knows of some terms in the passages that a reader may see.

    `frequency` counts the passages that hold a term, among all `passages` of that reader; `text` and `title` are
    where and how often. The text of a passage includes its title. Mean lengths are in words that have a stem.

    `kept` is for what is made of the reader's passages: an index may give the same mapping again to the same reader.
    """

    passages: int
    mean_text: float
    mean_title: float
    columns: Columns
    frequency: dict[Term, int] = field(default_factory=dict)
    text: dict[Term, Counts] = field(default_factory=dict)
    title: dict[Term, Counts] = field(default_factory=dict)
    kept: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Digests:
    """Passages of texts by their numbers, each with its `Entry.digest`: equal passages of two versions have one."""

    numbers: Whole
    digests: Whole


class Index(Protocol):
    """An index as it was at one moment. Whoever uses one does so alone."""

    position: str
    """The freshness stamp up to which it holds everything."""

    def evidence(self, seen: Seen, wanted: Collection[Term], unwanted: Collection[Term]) -> Evidence:
        """What it knows of the wanted terms, in passages that hold none of the unwanted ones."""

    def entries(self, passages: Sequence[int]) -> list[Entry]:
        """What it keeps of passages, in the order asked for."""

    def holding(self, seen: Seen, words: Collection[str]) -> dict[str, int]:
        """In how many passages that the reader may see each word stands as it is written; 0 is left out."""

    def beginning_with(self, seen: Seen, prefix: str, limit: int) -> dict[str, int]:
        """The words that begin with `prefix` in what the reader may see, with the number of passages."""

    def digests(self, seen: Seen | None) -> Digests:
        """Of every passage of a text that the reader may see (None: that there is) the digest of its words.

        The same object again while it stays the same; passages without words are left out.
        """

    def vocabulary(self) -> Iterable[tuple[str, frozenset[str]]]:
        """All words of all texts, in portions under a name: the same name always stands for the same words.

        Nobody is shown a word from here before `holding` has said that they may see it.
        """


class Store(Protocol):
    """Where an index is kept."""

    def open(self) -> Index:
        """The index as it is now, or as it was when it could last be read; raises Unavailable."""

    def give_up(self) -> None:
        """What was opened has turned out to be broken: it is not opened again, but made anew."""

    def is_up_to_date(self, stamp: str) -> bool:
        """Whether there is an index that holds everything up to the freshness stamp."""

    def catch_up(self, stamp: str) -> None:
        """Make it hold what is published, and nothing else; anew where it cannot be read.

        `stamp` is a freshness stamp read before. Raises Busy when somebody else is at it, and Unwritable.
        """

    def rebuild(self, *, progress: Progress) -> int:
        """Make it anew while the one there is goes on being read; gives the number of things in it.

        Raises Busy and Unwritable; the index in use then stays as it was.
        """
