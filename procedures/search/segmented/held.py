"""Where terms stand in what readers may see, kept in memory: the common ones take longest and are asked for most."""

from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from procedures.search.interface import Counts, Seen, Term

MOST_COUNTS = 2_000_000  # passages that the terms kept stand in, at most; about 48 MB
ITSELF = 50  # passages that each term counts for, so that those that stand nowhere do not become ever more


class Held(NamedTuple):
    """Where a term stands in what a reader may see, and how often."""

    text: Counts
    title: Counts


class Kept:
    """What was asked for lately, by the reader and the term."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[Seen, Term], Held] = OrderedDict()
        self._counts = 0

    def of(self, seen: Seen, term: Term, count: Callable[[], Held]) -> Held:
        """Where a term stands for a reader, by `count` where that is not known."""
        known = self._held.get((seen, term))
        if known is not None:
            self._held.move_to_end((seen, term))
            return known
        found = self._held[seen, term] = count()
        self._counts += ITSELF + len(found.text)
        while self._counts > MOST_COUNTS and len(self._held) > 1:
            _name, dropped = self._held.popitem(last=False)
            self._counts -= ITSELF + len(dropped.text)
        return found
