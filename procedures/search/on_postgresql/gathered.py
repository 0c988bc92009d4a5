"""What one search has gathered: passages that were read, and others that are only known to be there."""

from collections.abc import Collection, Iterable, Mapping

from procedures.search.interface import Evidence, Place, Term
from procedures.search.on_postgresql.counting import Counting, Read
from procedures.search.on_postgresql.figures import Figure
from procedures.search.passages import Entry

Glimpsed = tuple[int, Place, tuple[int, int]]  # a passage's number, what it is of, and its lengths


class Gathered:
    """Passages by their number, and the counts of the wanted terms in them."""

    def __init__(self, wanted: Collection[Term], unwanted: Collection[Term]) -> None:
        self.entries: dict[int, Entry] = {}
        self.places: dict[int, Place] = {}
        self._lengths: dict[int, tuple[int, int]] = {}
        self._wanted, self._unwanted = Counting(wanted), Counting(unwanted)
        self._text: dict[Term, dict[int, int]] = {term: {} for term in wanted}
        self._title: dict[Term, dict[int, int]] = {term: {} for term in wanted}

    def take(self, passages: Iterable[Read]) -> None:
        """Count the terms in passages that were read, leaving out those with an unwanted one."""
        for passage in passages:
            if passage.number in self.entries or any(self._unwanted.times(passage)):
                continue
            self.entries[passage.number] = passage.entry
            self.places[passage.number] = passage.place
            self._lengths[passage.number] = passage.lengths
            for term, in_text, in_title in self._wanted.times(passage):
                self._text[term][passage.number] = in_text
                if in_title:
                    self._title[term][passage.number] = in_title

    def note(self, term: Term, passages: Iterable[Glimpsed]) -> None:
        """Know of passages that they hold a term, as if it stood once in their text; less those that were read."""
        for number, place, lengths in passages:
            if number in self.entries:
                continue
            self.places[number], self._lengths[number] = place, lengths
            self._text[term][number] = 1

    def evidence(self, size: Figure, frequency: Mapping[Term, int], read: Collection[Term]) -> Evidence:
        """All that is known; of terms every passage of which was `read`, what was counted there."""
        counted = {
            term: max(frequency[term] if term not in read else 0, len(held)) for term, held in self._text.items()
        }
        return Evidence(
            *size,
            frequency=counted,
            text=self._text,  # type: ignore[arg-type]
            title=self._title,  # type: ignore[arg-type]
            lengths=self._lengths.__getitem__,
            place=self.places.__getitem__,
        )
