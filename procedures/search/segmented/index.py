"""What an index in segments knows, whichever back end keeps them; see `procedures.search.interface.Index`."""

from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from procedures.search.interface import Columns, Counts, Digests, Evidence, Flags, Floats, Seen, Term
from procedures.search.passages import Kind, Seals
from procedures.search.segmented.held import Held, Kept
from procedures.search.segmented.segment import Segment

KEPT_SETS = 32  # of what readers may see, in practice by partnership and day
KEPT_DIGESTS = 8  # of the same, where meaning is compared


@dataclass(frozen=True, eq=False)
class Visible:
    """Which entries a reader may see, how many, and their mean lengths in words."""

    flags: Flags
    count: int
    mean_text: float
    mean_title: float
    kept: dict[str, Any] = field(default_factory=dict)  # for who folds passages into sections


class SegmentedIndex(ABC):
    """Segments one after the other, with what is `there`: has not been deleted from them.

    An entry's number is its row where the segments are put one after the other.
    """

    def __init__(self, position: str, segments: Sequence[Segment], there: Sequence[Flags]) -> None:
        self.position = position
        self.segments = segments
        self.columns = _checked(_one_after_the_other(segments))
        self._there: Flags = np.concatenate([np.empty(0, bool), *there])
        self._firsts: list[int] = np.cumsum([0, *map(len, segments)]).tolist()
        self._visible: OrderedDict[Seen, Visible] = OrderedDict()
        self._kept = Kept()
        self._digests: OrderedDict[Seen | None, Digests] = OrderedDict()

    @abstractmethod
    def _guarded(self) -> AbstractContextManager:
        """In which anything may fail, and fails as Unavailable."""

    def _fetch(self, terms: Iterable[Term]) -> None:  # noqa: B027
        """Have ready what the segments will be asked for, where that takes any doing."""

    def seals(self) -> Seals:
        """The seal of everything that it holds."""
        found: Seals = {}
        for segment, first, last in self.spans():
            gone = {segment.item(row) for row in np.flatnonzero(~self._there[first:last]).tolist()}
            found |= {item: seal for item, seal in segment.seals_of_items.items() if item not in gone}
        return found

    def spans(self) -> Iterator[tuple[Segment, int, int]]:
        """Each segment with the number of its first entry, and the one after its last."""
        for segment, (first, last) in zip(self.segments, pairwise(self._firsts), strict=True):
            yield segment, first, last

    def place(self, number: int) -> tuple[Segment, int]:
        """The segment that an entry is in, and its row there."""
        return next((segment, number - first) for segment, first, last in self.spans() if first <= number < last)

    # --- What the interface asks for ------------------------------------------------------------------------------

    def evidence(self, seen: Seen, wanted: Collection[Term], unwanted: Collection[Term]) -> Evidence:
        with self._guarded():
            visible = self._seen(seen)
            self._fetch([*wanted, *unwanted])
            found = Evidence(visible.count, visible.mean_text, visible.mean_title, self.columns, kept=visible.kept)
            if unwanted:
                flags = visible.flags.copy()
                for term in unwanted:
                    flags[self._held(term, visible.flags).text.rows] = False
                held = {term: self._held(term, flags) for term in wanted}
            else:
                held = {term: self._kept.of(seen, term, partial(self._held, term, visible.flags)) for term in wanted}
            for term, counts in held.items():
                found.text[term], found.title[term] = counts
                found.frequency[term] = len(counts.text)
            return found

    def holding(self, seen: Seen, words: Collection[str]) -> dict[str, int]:
        with self._guarded():
            flags, terms = self._seen(seen).flags, [Term((word,), exact=True) for word in words]
            self._fetch(terms)
            counted = {term.words[0]: len(self._held(term, flags).text) for term in terms}
            return {word: number for word, number in counted.items() if number}

    def digests(self, seen: Seen | None) -> Digests:
        if seen not in self._digests:
            with self._guarded():
                self._digests[seen] = self._digests_of(self._there if seen is None else self._seen(seen).flags)
            if len(self._digests) > KEPT_DIGESTS:
                self._digests.popitem(last=False)
        self._digests.move_to_end(seen)
        return self._digests[seen]

    def vocabulary(self) -> Iterable[tuple[str, frozenset[str]]]:
        for segment in self.segments:
            with self._guarded():
                yield segment.name, segment.words

    # --- What a reader may see ------------------------------------------------------------------------------------

    def _seen(self, seen: Seen) -> Visible:
        """The entries that a reader may see: kept for as long as the index is open."""
        if seen in self._visible:
            self._visible.move_to_end(seen)
            return self._visible[seen]
        flags = self._in_scope(seen.scope, seen.day)
        if seen.owners != seen.scope:
            flags &= self._in_force(seen.owners, seen.day)
        mean_text, mean_title = _mean(self.columns.text_lengths[flags]), _mean(self.columns.title_lengths[flags])
        found = Visible(flags, int(np.count_nonzero(flags)), mean_text, mean_title)
        self._visible[seen] = found
        if len(self._visible) > KEPT_SETS:
            self._visible.popitem(last=False)
        return found

    def _in_scope(self, scope: frozenset[int], day: date) -> Flags:
        """What is in force, less what stands in a local slot that another text of the scope fills."""
        flags = self._in_force(scope, day)
        slots = [
            (first + row, (int(segment.columns.sections[row]), slot))
            for segment, first, _last in self.spans()
            for row, slot in segment.slots.items()
            if flags[first + row]
        ]
        filled = {
            (section, "slot" + slot.removeprefix("fill")) for _row, (section, slot) in slots if slot.startswith("fill ")
        }
        flags[[row for row, slot in slots if slot in filled]] = False
        return flags

    def _in_force(self, owners: frozenset[int], day: date) -> Flags:
        of_each = [segment.visible(owners, day) for segment in self.segments]
        in_force: Flags = np.concatenate([np.empty(0, bool), *of_each])
        return in_force & self._there

    def _digests_of(self, flags: Flags) -> Digests:
        """The digests of these entries, in the order of their numbers."""
        digests = np.concatenate([np.empty(0, np.int64), *(segment.digests for segment in self.segments)])
        rows = np.flatnonzero(flags & (digests != 0))
        return Digests(rows, digests[rows])

    def _held(self, term: Term, flags: Flags) -> Held:
        """Where a term stands in what is flagged."""
        found = [(first, segment.held(term, flags[first:last])) for segment, first, last in self.spans()]
        return Held(
            _joined([(first, held.text) for first, held in found]),
            _joined([(first, held.title) for first, held in found]),
        )


def _one_after_the_other(segments: Sequence[Segment]) -> Columns:
    """The columns of all segments as if they were one."""

    def joined(name: str, kind: type) -> Any:
        return np.concatenate([np.empty(0, kind), *(getattr(segment.columns, name) for segment in segments)])

    return Columns(
        kinds=joined("kinds", np.int64),
        keys=joined("keys", np.int64),
        sections=joined("sections", np.int64),
        asides=joined("asides", bool),
        text_lengths=joined("text_lengths", float),
        title_lengths=joined("title_lengths", float),
    )


def _checked(columns: Columns) -> Columns:
    """The columns; raises ValueError where they hold what no entry has."""
    are_kinds = np.isin(columns.kinds, list(Kind))
    if not np.all(are_kinds & (columns.title_lengths >= 0) & (columns.text_lengths >= columns.title_lengths)):
        raise ValueError("A passage is of no kind that there is, or shorter than its title.")
    return columns


def _joined(counts: Sequence[tuple[int, Counts]]) -> Counts:
    """Counts in each segment, whose first entry has the number given, as those in the whole index."""
    rows = [first + of.rows for first, of in counts]
    times = [of.times for _first, of in counts]
    return Counts(np.concatenate([np.empty(0, np.int64), *rows]), np.concatenate([np.empty(0), *times]))


def _mean(lengths: Floats) -> float:
    return float(lengths.mean()) if len(lengths) else 0.0
