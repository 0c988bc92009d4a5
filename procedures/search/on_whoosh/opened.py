"""One generation of the index, opened for reading."""

from array import array
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from whoosh.index import FileIndex

from procedures.search.interface import Digests, Evidence, Place, Seen, Term
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

_numbers = count(step=10_000_000)  # where each segment's entries begin to be counted


@dataclass(frozen=True)
class Visible:
    """The entries that a reader may see, with their mean lengths in words."""

    numbers: frozenset[int]
    mean_text: float
    mean_title: float
    kept: dict[str, Any] = field(default_factory=dict)  # for who folds passages into sections


class OpenedIndex:
    """An index as it was when it was opened; see `procedures.search.interface.Index`.

    What `before` it had in memory of the same segments is used again. Any failure to read is Damaged.
    """

    position: str
    segments: list[Segment]
    deleted: set[int]
    _files: CopiedFiles

    def __init__(self, generation: Path, before: "OpenedIndex | None" = None) -> None:
        self.generation = generation
        with self._guarded():
            self.position = stamp_of(generation)
            again = before if before and before.generation == generation else None
            self._files = again._files if again else CopiedFiles(generation)
            index = FileIndex(self._files, schema=SCHEMA)
            self.commit = index.latest_generation()
            self.segments, self.deleted = _segments(index, again.segments if again else [])
            self._files.forget_all_but([segment.name for segment in self.segments])
            self._places, self._lengths = _by_number(self.segments)
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
            segment.item(local): segment.seals[local]
            for segment in self.segments
            for local in range(segment.count)
            if segment.first + local not in self.deleted
        }

    # --- What the interface asks for ------------------------------------------------------------------------------

    def evidence(self, seen: Seen, wanted: Collection[Term], unwanted: Collection[Term]) -> Evidence:
        with self._guarded():
            visible = self._seen(seen)
            found = Evidence(len(visible.numbers), visible.mean_text, visible.mean_title, kept=visible.kept)
            found.lengths, found.place = self._lengths.__getitem__, self._places.__getitem__
            if unwanted:
                numbers = visible.numbers.difference(*(self._counts(term, visible.numbers).text for term in unwanted))
                held = {term: self._counts(term, numbers) for term in wanted}
            else:
                held = {
                    term: self._kept.of(seen, term, partial(self._counts, term, visible.numbers)) for term in wanted
                }
            for term, counts in held.items():
                found.text[term], found.title[term], found.saturated[term] = counts.text, counts.title, counts.saturated
                found.frequency[term] = len(counts.text)
            return found

    def entries(self, passages: Sequence[int]) -> list[Entry]:
        with self._guarded():
            return [self._entry(number) for number in passages]

    def holding(self, seen: Seen, words: Iterable[str]) -> dict[str, int]:
        with self._guarded():
            visible = self._seen(seen).numbers
            counted = {word: len(self._holders("raw", word, visible)) for word in words}
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
                self._digests[seen] = self._digests_of(None if seen is None else self._seen(seen).numbers)
            if len(self._digests) > KEPT_DIGESTS:
                self._digests.popitem(last=False)
        self._digests.move_to_end(seen)
        return self._digests[seen]

    def vocabulary(self) -> Iterable[tuple[str, frozenset[str]]]:
        for segment in self.segments:
            with self._guarded():
                yield f"{self.generation.name} {segment.first}", segment.words

    # --- What a reader may see ------------------------------------------------------------------------------------

    def _seen(self, seen: Seen) -> Visible:
        """The entries that a reader may see: kept for as long as the index is open."""
        if seen in self._visible:
            self._visible.move_to_end(seen)
            return self._visible[seen]
        numbers = self._in_scope(seen.scope, seen.day)
        if seen.owners != seen.scope:
            numbers &= self._in_force(seen.owners, seen.day)
        texts, titles = zip(*map(self._lengths.__getitem__, numbers), strict=True) if numbers else ((0,), (0,))
        found = Visible(frozenset(numbers), sum(texts) / len(texts), sum(titles) / len(titles))
        self._visible[seen] = found
        if len(self._visible) > KEPT_SETS:
            self._visible.popitem(last=False)
        return found

    def _in_scope(self, scope: frozenset[int], day: date) -> set[int]:
        """What is in force, less what stands in a local slot that another text of the scope fills."""
        numbers = self._in_force(scope, day)
        slots = {
            number: slot
            for segment in self.segments
            for number, slot in enumerate(segment.slots, segment.first)
            if slot and number in numbers
        }
        filled = {
            (self._places[number].section, b"slot" + slot.removeprefix(b"fill"))
            for number, slot in slots.items()
            if slot.startswith(b"fill ")
        }
        return numbers - {number for number, slot in slots.items() if (self._places[number].section, slot) in filled}

    def _in_force(self, owners: frozenset[int], day: date) -> set[int]:
        return set().union(*(segment.visible(owners, day) for segment in self.segments)) - self.deleted

    def _digests_of(self, numbers: Collection[int] | None) -> Digests:
        """The digests of these entries, or of all, in the order of their numbers."""
        found = Digests(array("q"), array("q"))
        for segment in self.segments:
            for number, digest in enumerate(segment.digests, segment.first):
                if digest and (number in numbers if numbers is not None else number not in self.deleted):
                    found.numbers.append(number)
                    found.digests.append(digest)
        return found

    # --- Where words stand ----------------------------------------------------------------------------------------

    def _counts(self, term: Term, visible: frozenset[int]) -> Held:
        """How often a term stands in each visible passage, and in its title."""
        if len(term.words) > 1:
            return Held(*self._phrase(term, visible))
        [word] = term.words
        if term.exact:
            return Held(self._holders("raw", word, visible), {})
        return Held(self._holders("text", word, visible), self._holders("title", word, visible))

    def _holders(self, field: str, word: str, visible: frozenset[int]) -> dict[int, int]:
        found: dict[int, int] = {}
        for segment in self.segments:
            postings = segment.postings(field, word)
            found |= {number: times for number, times in postings.items() if number in visible}
        return found

    def _phrase(self, term: Term, visible: frozenset[int]) -> tuple[dict[int, int], dict[int, int]]:
        """The words of a term one after the other: in passages that hold them all, by their words in order."""
        field = "raw" if term.exact else "text"
        telling = {word for word in term.words if term.exact or stem_of(word)}
        phrase = f" {' '.join(term.words)} ".encode()
        texts, titles = {}, {}
        for segment in self.segments:
            for number in _in_all([segment.postings(field, word) for word in telling]):
                if number in visible:
                    title, _separator, body = segment.in_order(number, exact=term.exact).partition(_SEPARATOR)
                    in_title = _times(title + b" ", phrase)
                    in_text = in_title + _times(b" " + body, phrase)
                    if in_text:
                        texts[number] = in_text
                    if in_title:
                        titles[number] = in_title
        return texts, titles

    # --- One entry ------------------------------------------------------------------------------------------------

    def _segment(self, number: int) -> tuple[Segment, int]:
        segment = next(s for s in self.segments if s.first <= number < s.first + s.count)
        return segment, number - segment.first

    def _entry(self, number: int) -> Entry:
        segment, local = self._segment(number)
        times, slot, heading, anchor, title, body = segment.stored(number)["kept"]
        return Entry(
            item=segment.item(local),
            count=times,
            partnership=segment.partnerships[local],
            section=segment.places[local].section,
            starts=date.fromordinal(segment.starts[local]),
            ends=date.fromordinal(segment.ends[local]),
            slot=slot,
            heading=heading,
            anchor=anchor,
            title=title,
            body=body,
        )


def _segments(index: FileIndex, before: Sequence[Segment]) -> tuple[list[Segment], set[int]]:
    """The index's segments, those known from before as they are, and the numbers of the entries deleted from them."""
    known = {segment.name: segment for segment in before}
    segments, deleted = [], set()
    for reader, _offset in index.reader().leaf_readers():
        if reader.doc_count_all():
            segment = known.get(reader.segment().segment_id()) or Segment(reader, next(_numbers))
            segments.append(segment)
            if reader.has_deletions():
                gone = set(range(segment.count)).difference(reader.all_doc_ids())
                deleted |= {segment.first + local for local in gone}
    return segments, deleted


def _by_number(segments: Sequence[Segment]) -> tuple[dict[int, Place], dict[int, tuple[int, int]]]:
    """What each entry is of, and its lengths in words: asked for with every entry found, so from one place."""
    places: dict[int, Place] = {}
    lengths: dict[int, tuple[int, int]] = {}
    for segment in segments:
        numbers = list(range(segment.first, segment.first + segment.count))
        places |= zip(numbers, segment.places, strict=True)
        lengths |= zip(numbers, segment.lengths, strict=True)
    return places, lengths


def _in_all(postings: list[dict[int, int]]) -> Collection[int]:
    """The entries that stand in all of the postings."""
    if not postings:
        return ()
    fewest = min(postings, key=len)
    return [number for number in fewest if all(number in others for others in postings)]


def _times(words: bytes, phrase: bytes) -> int:
    """How often a phrase stands in words; two that share a space between them are counted both."""
    return words.replace(b" ", b"  ").count(phrase.replace(b" ", b"  ")[1:-1])
