"""A segment that the database keeps, in memory: its columns, and the places of the words that were asked for lately."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from procedures.search.interface import Columns, Counts, Flags, Term, no_counts
from procedures.search.on_postgresql.packing import PLACE, ROW, Word
from procedures.search.segmented.held import Held
from procedures.search.segmented.segment import Segment
from procedures.search.words import stem_of

MOST_PLACES = 4_000_000  # kept in memory for a segment, at most: 16 MB
ITSELF = 400  # places that each word counts for, so that those that stand nowhere do not become ever more

Places = NDArray[np.int32]


def words_of(terms: Iterable[Term]) -> set[Word]:
    """The words whose places tell where terms stand."""
    return {word for term in terms for place in range(len(term.words)) for word in _forms(term, place)}


def _forms(term: Term, place: int) -> Sequence[Word]:
    """How a word of a term is found: as it is written, or by its stem; a stop word in a phrase by itself as well."""
    word = term.words[place]
    if term.exact:
        return [(word, True)]
    return [(word, False)] if len(term.words) == 1 or stem_of(word) else [(word, False), (word, True)]


class StoredSegment(Segment):
    """A row of the table of segments, with the words that `fetched` has put in."""

    def __init__(self, number: int, name: str, columns: bytes, slots: Mapping[str, str]) -> None:
        self.number = number
        self.name = name
        rows = np.frombuffer(columns, ROW)
        self.columns = Columns(
            kinds=rows["kind"].astype(np.int64),
            keys=rows["key"].astype(np.int64),
            sections=rows["section"].astype(np.int64),
            asides=rows["aside"] != 0,
            text_lengths=rows["text_length"].astype(float),
            title_lengths=rows["title_length"].astype(float),
        )
        self.partnerships, self.starts, self.ends, self.seals, self.digests = (
            rows[name].astype(np.int64) for name in ("partnership", "starts", "ends", "seal", "digest")
        )
        self.slots = {int(row): slot for row, slot in slots.items()}
        words = rows["title_words"] + rows["words"]
        if np.any((rows["title_words"] < 0) | (rows["words"] < 0) | (words > np.iinfo(PLACE).max)):
            raise ValueError("A passage has fewer words than none, or more than there can be.")
        begins = np.concatenate([[0], np.cumsum(words + 2)])
        self._begins, self._end = begins[:-1], int(begins[-1])
        self._title_ends = self._begins + rows["title_words"]
        self._places: OrderedDict[Word, Places] = OrderedDict()
        self._count = 0
        self._words: frozenset[str] | None = None

    # --- What is fetched from the database ------------------------------------------------------------------------

    def missing(self, words: Iterable[Word]) -> list[Word]:
        """Those of the words whose places are not in memory; the others are kept there longest."""
        missing = []
        for word in words:
            if word in self._places:
                self._places.move_to_end(word)
            else:
                missing.append(word)
        return missing

    def fetched(self, places: Mapping[Word, bytes], missing: Collection[Word], *, sought: int) -> None:
        """Take in the places of the words that were missing; of one that stands nowhere there are none.

        The words `sought`, so many, are those asked for last, and stay in memory however many places they have.
        """
        for word in missing:
            found = self._places[word] = self._checked(np.frombuffer(places.get(word, b""), PLACE).astype(np.int32))
            self._count += ITSELF + len(found)
        while self._count > MOST_PLACES and len(self._places) > sought:
            _word, dropped = self._places.popitem(last=False)
            self._count -= ITSELF + len(dropped)

    def _checked(self, places: Places) -> Places:
        """The places of a word; raises ValueError where they are none of this segment's in ascending order."""
        if len(places) and not (places[0] >= 0 and places[-1] < self._end and np.all(places[1:] > places[:-1])):
            raise ValueError("The places of a word are none of its segment's in ascending order.")
        return places

    @property
    def words(self) -> frozenset[str]:
        if self._words is None:
            raise LookupError("The words of a segment have to be fetched before they are asked for.")
        return self._words

    @words.setter
    def words(self, words: frozenset[str]) -> None:
        self._words = words

    @property
    def has_words(self) -> bool:
        """Whether its vocabulary has been fetched."""
        return self._words is not None

    # --- Where terms stand ----------------------------------------------------------------------------------------

    def held(self, term: Term, flags: Flags) -> Held:
        if not any(term.exact or stem_of(word) or len(term.words) == 1 for word in term.words):
            return Held(no_counts(), no_counts())
        places = self._together(term)
        rows = np.searchsorted(self._begins, places, side="right") - 1
        is_flagged = flags[rows]
        places, rows = places[is_flagged], rows[is_flagged]
        if term.exact and len(term.words) == 1:
            return Held(_counted(rows), no_counts())
        return Held(_counted(rows), _counted(rows[places < self._title_ends[rows]]))

    def _together(self, term: Term) -> Places:
        """Where the words of a term begin to stand one after the other: the rarest of them, and then not the others."""
        of_each = [(place, [self._places[word] for word in _forms(term, place)]) for place in range(len(term.words))]
        of_each.sort(key=lambda one: sum(map(len, one[1])))
        (place, forms), *others = of_each
        places: Places = (forms[0] if len(forms) == 1 else np.sort(np.concatenate(forms))) - place
        for place, forms in others:
            places = places[np.logical_or.reduce([_are_in(places + place, form) for form in forms])]
        return places


def _are_in(places: Places, among: Places) -> Flags:
    """Whether each place is one of others in ascending order."""
    if not len(among):
        return np.zeros(len(places), bool)
    found = np.minimum(np.searchsorted(among, places), len(among) - 1)
    are: Flags = among[found] == places
    return are


def _counted(rows: NDArray[np.int64]) -> Counts:
    """How often each row is among rows in ascending order."""
    if not len(rows):
        return no_counts()
    firsts = np.flatnonzero(np.concatenate([[True], rows[1:] != rows[:-1]]))
    return Counts(rows[firsts].astype(np.int64), np.diff(np.append(firsts, len(rows))).astype(float))
