"""One of Whoosh's segments in memory: its columns, and the postings that were asked for lately.

A segment never changes but for what is deleted from it, which its index keeps; so all this outlives the opening and
closing of the index around it.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.matching import Matcher
from whoosh.reading import SegmentReader

from procedures.search.interface import Place
from procedures.search.passages import Item, Kind

MOST_POSTINGS = 200_000  # kept in memory for a segment, at most; about 20 MB

_KINDS = tuple(Kind)  # by their number; Kind(number) takes longer


class Segment:
    """A segment whose entries bear the numbers from `first` on, as long as this process lives."""

    def __init__(self, reader: SegmentReader, first: int) -> None:
        self.reader = reader
        self.name = reader.segment().segment_id()
        self.first = first
        self.count = reader.doc_count_all()
        rows = zip(*map(self._column, ("kind", "key", "section", "aside")), strict=True)
        self.places = [Place(_KINDS[kind], key, section, bool(aside)) for kind, key, section, aside in rows]
        self.lengths = list(zip(self._column("text_length"), self._column("title_length"), strict=True))
        self.partnerships = self._column("partnership")
        self.starts = self._column("starts")
        self.ends = self._column("ends")
        self.seals = self._column("seal")
        self.digests = self._column("digest")
        self.slots = self._column("slot")
        self._in_order = {False: reader.column_reader("stems"), True: reader.column_reader("words")}
        self._kept: OrderedDict[tuple[str, str], dict[int, int]] = OrderedDict()
        self._kept_postings = 0

    def _column(self, name: str) -> list:
        return list(self.reader.column_reader(name)) if self.count else []

    def item(self, local: int) -> Item:
        """What the entry at a place of this segment is made from."""
        return Item(*self.places[local][:2])

    def visible(self, scope: frozenset[int], day: date) -> set[int]:
        """The numbers of the entries of these partnerships that are in force on the day, deleted ones included."""
        ordinal = day.toordinal()
        rows = enumerate(zip(self.partnerships, self.starts, self.ends, strict=True), self.first)
        return {number for number, (owner, starts, ends) in rows if starts <= ordinal < ends and owner in scope}

    def postings(self, field: str, word: str) -> dict[int, int]:
        """How often a word stands in each entry that holds it, by the entry's number."""
        known = self._kept.get((field, word))
        if known is not None:
            self._kept.move_to_end((field, word))
            return known
        found = self._read(field, word)
        self._kept[field, word] = found
        self._kept_postings += len(found)
        while self._kept_postings > MOST_POSTINGS and len(self._kept) > 1:
            _name, dropped = self._kept.popitem(last=False)
            self._kept_postings -= len(dropped)
        return found

    def _read(self, field: str, word: str) -> dict[int, int]:
        found: dict[int, int] = {}
        if (field, word) in self.reader:
            for ids, weights in _blocks(self.reader.postings(field, word)):
                found |= {self.first + local: int(weight) for local, weight in zip(ids, weights, strict=True)}
        return found

    def in_order(self, number: int, *, exact: bool) -> bytes:
        """All words of an entry in their order, with a space around each: their stems, or as they are written."""
        return self._in_order[exact][number - self.first]

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of its entries as they are written."""
        return frozenset(word.decode() for word in self.reader.lexicon("raw"))

    def beginning_with(self, prefix: str) -> Iterable[str]:
        """Those of its words that begin so."""
        return (word.decode() for word in self.reader.expand_prefix("raw", prefix))

    def stored(self, number: int) -> dict[str, Any]:
        """What Whoosh keeps of an entry beside its columns."""
        return self.reader.stored_fields(number - self.first)


def _blocks(matcher: Matcher) -> Iterator[tuple[Sequence[int], Sequence[float]]]:
    """What a matcher goes through, with the weights: block by block as Whoosh keeps them, where one by one is slow.

    Entries that have been deleted since are among them.
    """
    matcher = getattr(matcher, "child", matcher)  # less the filter that leaves those out
    matcher.reset()
    while matcher.is_active():
        if isinstance(matcher, W3LeafMatcher):
            matcher._read_ids()
            matcher._read_weights()
            yield matcher._ids, matcher._weights
            matcher._next_block()
        else:
            yield [matcher.id()], [matcher.weight()]
            matcher.next()
