"""One generation of the index, opened for reading."""

from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial, reduce
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.index import FileIndex

from procedures.search.interface import Columns, Counts, Digests, Evidence, Flags, Floats, Seen, Term, Whole, no_counts
from procedures.search.on_whoosh.files import CopiedFiles
from procedures.search.on_whoosh.folder import Damaged, stamp_of
from procedures.search.on_whoosh.held import Held, Kept
from procedures.search.on_whoosh.schema import SCHEMA, SEPARATOR
from procedures.search.on_whoosh.segments import Segment
from procedures.search.passages import Entry, Seals
from procedures.search.words import stem_of

KEPT_SETS = 32  # of what readers may see, in practice by partnership and day
KEPT_DIGESTS = 8  # of the same, where meaning is compared
MOST_COMPLETIONS = 300  # words with one beginning that are looked up
_SEPARATOR = f" {SEPARATOR} ".encode()


@dataclass(frozen=True, eq=False)
class Visible:
    """Which entries a reader may see, how many, and their mean lengths in words."""

    flags: Flags
    count: int
    mean_text: float
    mean_title: float
    kept: dict[str, Any] = field(default_factory=dict)  # for who folds passages into sections


class OpenedIndex:
    """An index as it was when it was opened; see `procedures.search.interface.Index`.

    An entry's number is its row where the segments are put one after the other. What `before` it had in memory of the
    same segments is used again. Any failure to read is Damaged.
    """

    position: str
    segments: list[Segment]
    columns: Columns
    _there: Flags  # whether each entry has not been deleted
    _files: CopiedFiles

    def __init__(self, generation: Path, before: "OpenedIndex | None" = None) -> None:
        self.generation = generation
        with self._guarded():
            self.position = stamp_of(generation)
            again = before if before and before.generation == generation else None
            self._files = again._files if again else CopiedFiles(generation)
            index = FileIndex(self._files, schema=SCHEMA)
            self.commit = index.latest_generation()
            self.segments, self._there = _segments(index, again.segments if again else [])
            self._files.forget_all_but([segment.segment_id for segment in self.segments])
            self._firsts = np.cumsum([0, *(segment.count for segment in self.segments)]).tolist()
            self.columns = _one_after_the_other(self.segments)
        self._visible: OrderedDict[Seen, Visible] = OrderedDict()
        self._kept = Kept()
        self._digests: OrderedDict[Seen | None, Digests] = OrderedDict()

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except Damaged:
            raise
        except Exception as error:  # a broken index can fail in any way
            raise Damaged(f"{self.generation} cannot be read: {error!r}") from error

    def is_current(self, generation: Path) -> bool:
        """Whether this is the generation given, and nobody has written to it since it was opened."""
        try:
            if self.generation != generation or self.position != stamp_of(generation):
                return False
            return bool(self.commit == FileIndex(self._files, schema=SCHEMA).latest_generation())
        except Exception:  # its folder is gone, or broken
            return False

    def seals(self) -> Seals:
        """The seal of everything that it holds."""
        return {
            segment.item(row - first): int(segment.seals[row - first])
            for segment, first, last in self._spans()
            for row in (first + np.flatnonzero(self._there[first:last])).tolist()
        }

    def _spans(self) -> Iterator[tuple[Segment, int, int]]:
        """Each segment with the row at which its entries begin, and the one after their last."""
        for segment, (first, last) in zip(self.segments, pairwise(self._firsts), strict=True):
            yield segment, first, last

    # --- What the interface asks for ------------------------------------------------------------------------------

    def evidence(self, seen: Seen, wanted: Collection[Term], unwanted: Collection[Term]) -> Evidence:
        with self._guarded():
            visible = self._seen(seen)
            columns = self.columns
            found = Evidence(visible.count, visible.mean_text, visible.mean_title, columns, kept=visible.kept)
            if unwanted:
                flags = visible.flags.copy()
                for term in unwanted:
                    flags[self._counts(term, visible.flags).text.rows] = False
                held = {term: self._counts(term, flags) for term in wanted}
            else:
                held = {term: self._kept.of(seen, term, partial(self._counts, term, visible.flags)) for term in wanted}
            for term, counts in held.items():
                found.text[term], found.title[term] = counts
                found.frequency[term] = len(counts.text)
            return found

    def entries(self, passages: Sequence[int]) -> list[Entry]:
        with self._guarded():
            return [self._entry(number) for number in passages]

    def holding(self, seen: Seen, words: Iterable[str]) -> dict[str, int]:
        with self._guarded():
            flags = self._seen(seen).flags
            counted = {word: len(self._holders("raw", word, flags)) for word in words}
            return {word: number for word, number in counted.items() if number}

    def beginning_with(self, seen: Seen, prefix: str, limit: int) -> dict[str, int]:
        with self._guarded():
            words = sorted({word for segment in self.segments for word in segment.beginning_with(prefix)})
            counted = self.holding(seen, words[:MOST_COMPLETIONS])
            best = sorted(counted, key=lambda word: (-counted[word], word))[:limit]
            return {word: counted[word] for word in best}

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
                yield f"{self.generation.name} {segment.name}", segment.words

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
            for segment, first, _last in self._spans()
            for row, slot in segment.slots.items()
            if flags[first + row]
        ]
        filled = {
            (section, b"slot" + slot.removeprefix(b"fill"))
            for _row, (section, slot) in slots
            if slot.startswith(b"fill ")
        }
        flags[[row for row, slot in slots if slot in filled]] = False
        return flags

    def _in_force(self, owners: frozenset[int], day: date) -> Flags:
        of_each = [segment.visible(owners, day) for segment in self.segments]
        return np.concatenate([np.empty(0, bool), *of_each]) & self._there

    def _digests_of(self, flags: Flags) -> Digests:
        """The digests of these entries, in the order of their numbers."""
        digests = np.concatenate([np.empty(0, np.int64), *(segment.digests for segment in self.segments)])
        rows = np.flatnonzero(flags & (digests != 0))
        return Digests(rows, digests[rows])

    # --- Where words stand ----------------------------------------------------------------------------------------

    def _counts(self, term: Term, flags: Flags) -> Held:
        """How often a term stands in each visible passage, and in its title."""
        if len(term.words) > 1:
            return self._phrase(term, flags)
        [word] = term.words
        if term.exact:
            return Held(self._holders("raw", word, flags), no_counts())
        return Held(self._holders("text", word, flags), self._holders("title", word, flags))

    def _holders(self, field: str, word: str, flags: Flags) -> Counts:
        found = [(first, segment.postings(field, word)) for segment, first, _last in self._spans()]
        rows = np.concatenate([np.empty(0, np.int64), *(first + counts.rows for first, counts in found)])
        times = np.concatenate([np.empty(0), *(counts.times for _first, counts in found)])
        is_visible = flags[rows]
        return Counts(rows[is_visible], times[is_visible])

    def _phrase(self, term: Term, flags: Flags) -> Held:
        """The words of a term one after the other: in passages that hold them all, by their words in order."""
        field = "raw" if term.exact else "text"
        telling = {word for word in term.words if term.exact or stem_of(word)}
        phrase = f" {' '.join(term.words)} ".encode()
        texts, titles = {}, {}
        for segment, first, last in self._spans():
            for row in _in_all([segment.postings(field, word).rows for word in telling], flags[first:last]):
                words = segment.in_order(row, exact=term.exact)
                if phrase in words:
                    title, _separator, body = words.partition(_SEPARATOR)
                    in_title = _times(title + b" ", phrase)
                    texts[first + row] = in_title + _times(b" " + body, phrase)
                    if in_title:
                        titles[first + row] = in_title
        return Held(_counted(texts), _counted(titles))

    # --- One entry ------------------------------------------------------------------------------------------------

    def _entry(self, number: int) -> Entry:
        segment, first = next((segment, first) for segment, first, last in self._spans() if first <= number < last)
        row = number - first
        times, slot, heading, anchor, title, body = segment.stored(row)["kept"]
        return Entry(
            item=segment.item(row),
            count=times,
            partnership=int(segment.partnerships[row]),
            section=int(segment.columns.sections[row]),
            starts=date.fromordinal(int(segment.starts[row])),
            ends=date.fromordinal(int(segment.ends[row])),
            slot=slot,
            heading=heading,
            anchor=anchor,
            title=title,
            body=body,
        )


def _segments(index: FileIndex, before: Sequence[Segment]) -> tuple[list[Segment], Flags]:
    """The index's segments, those known from before as they are, and of each entry whether it has not been deleted."""
    known = {segment.segment_id: segment for segment in before}
    segments, there = [], [np.empty(0, bool)]
    for reader, _offset in index.reader().leaf_readers():
        if reader.doc_count_all():
            segment = known.get(reader.segment().segment_id()) or Segment(reader)
            segments.append(segment)
            flags = np.ones(segment.count, bool)
            if reader.has_deletions():
                flags[:] = False
                flags[list(reader.all_doc_ids())] = True
            there.append(flags)
    return segments, np.concatenate(there)


def _one_after_the_other(segments: Sequence[Segment]) -> Columns:
    """The columns of all segments as if they were one."""
    names = ("kinds", "keys", "sections", "asides", "text_lengths", "title_lengths")
    columns = [Columns.of([])] + [segment.columns for segment in segments]
    joined = [np.concatenate([getattr(of, name) for of in columns]) for name in names]
    return Columns(np.arange(len(joined[0])), *joined)


def _in_all(postings: Sequence[Whole], flags: Flags) -> Sequence[int]:
    """The rows that stand in all of the postings and are flagged."""
    if not postings:
        return []
    rows: Whole = reduce(partial(np.intersect1d, assume_unique=True), sorted(postings, key=len))
    return rows[flags[rows]].tolist()


def _mean(lengths: Floats) -> float:
    return float(lengths.mean()) if len(lengths) else 0.0


def _counted(times: dict[int, int]) -> Counts:
    return Counts(np.fromiter(times, np.int64), np.fromiter(times.values(), float))


def _times(words: bytes, phrase: bytes) -> int:
    """How often a phrase stands in words; two that share a space between them are counted both."""
    return words.replace(b" ", b"  ").count(phrase.replace(b" ", b"  ")[1:-1])
