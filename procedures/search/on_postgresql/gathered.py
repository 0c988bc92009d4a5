"""What one search has gathered: passages that were read, and others that are only known to be there."""

from collections.abc import Collection, Iterable, Mapping

import numpy as np

from procedures.search.interface import Columns, Counts, Evidence, Place, Term, Whole
from procedures.search.on_postgresql.counting import Counting, Read
from procedures.search.on_postgresql.figures import Figure
from procedures.search.passages import Entry

Glimpsed = tuple[int, Place, tuple[int, int]]  # a passage's number, what it is of, and its lengths


class Gathered:
    """Passages by their number, and the counts of the wanted terms in them."""

    def __init__(self, wanted: Collection[Term], unwanted: Collection[Term]) -> None:
        self.entries: dict[int, Entry] = {}
        self._passages: dict[int, Glimpsed] = {}
        self._wanted, self._unwanted = Counting(wanted), Counting(unwanted)
        self._text: dict[Term, dict[int, int]] = {term: {} for term in wanted}
        self._title: dict[Term, dict[int, int]] = {term: {} for term in wanted}

    def __len__(self) -> int:
        return len(self._passages)

    def take(self, passages: Iterable[Read]) -> None:
        """Count the terms in passages that were read, leaving out those with an unwanted one."""
        for passage in passages:
            number = passage.number
            if number in self.entries or any(self._unwanted.times(passage)):
                continue
            self.entries[number] = passage.entry
            self._passages[number] = number, passage.place, passage.lengths
            for term, in_text, in_title in self._wanted.times(passage):
                self._text[term][number] = in_text
                if in_title:
                    self._title[term][number] = in_title

    def note(self, term: Term, passages: Iterable[Glimpsed]) -> None:
        """Know of passages that they hold a term, as if it stood once in their text; less those that were read."""
        for passage in passages:
            number = passage[0]
            if number not in self.entries:
                self._passages[number] = passage
                self._text[term][number] = 1

    def evidence(self, size: Figure, frequency: Mapping[Term, int], read: Collection[Term]) -> Evidence:
        """All that is known; of terms every passage of which was `read`, what was counted there."""
        columns = Columns.of(self._passages[number] for number in sorted(self._passages))
        return Evidence(
            *size,
            columns,
            frequency={
                term: max(frequency[term] if term not in read else 0, len(held)) for term, held in self._text.items()
            },
            text={term: _by_row(times, columns.numbers) for term, times in self._text.items()},
            title={term: _by_row(times, columns.numbers) for term, times in self._title.items()},
        )


def _by_row(times: Mapping[int, int], numbers: Whole) -> Counts:
    rows = np.searchsorted(numbers, np.fromiter(sorted(times), np.int64))
    return Counts(rows, np.array([times[number] for number in numbers[rows].tolist()], float))
