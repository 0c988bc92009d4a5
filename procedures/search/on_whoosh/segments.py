"""One of Whoosh's segments in memory: its columns, and the postings that were asked for lately.

A segment never changes but for what is deleted from it, which its index keeps; so all this outlives the opening and
closing of the index around it.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from itertools import count
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.matching import Matcher
from whoosh.reading import SegmentReader

from procedures.search.interface import Columns, Counts, Flags, Whole
from procedures.search.passages import Item, Kind

MOST_POSTINGS = 2_000_000  # kept in memory for a segment, at most; about 32 MB

_names = count()


class Segment:
    """A segment and its entries, by their rows: their places in it."""

    def __init__(self, reader: SegmentReader) -> None:
        self.reader = reader
        self.segment_id = reader.segment().segment_id()
        self.name = f"segment {next(_names)}"  # of this process
        self.count = reader.doc_count_all()
        self.columns = Columns(
            numbers=np.arange(self.count),
            kinds=self._whole("kind"),
            keys=self._whole("key"),
            sections=self._whole("section"),
            asides=self._whole("aside") != 0,
            text_lengths=self._whole("text_length").astype(float),
            title_lengths=self._whole("title_length").astype(float),
        )
        self.partnerships, self.starts, self.ends = map(self._whole, ("partnership", "starts", "ends"))
        self.seals, self.digests = self._whole("seal"), self._whole("digest")
        self.slots = {row: slot for row, slot in enumerate(self._column("slot")) if slot}
        self._in_order = {False: reader.column_reader("stems"), True: reader.column_reader("words")}
        self._kept: OrderedDict[tuple[str, str], Counts] = OrderedDict()
        self._kept_postings = 0

    def _column(self, name: str) -> list:
        return list(self.reader.column_reader(name)) if self.count else []

    def _whole(self, name: str) -> Whole:
        return np.array(self._column(name), np.int64)

    def item(self, row: int) -> Item:
        """What an entry is made from."""
        return Item(Kind(int(self.columns.kinds[row])), int(self.columns.keys[row]))

    def visible(self, scope: Iterable[int], day: date) -> Flags:
        """Whether each entry is one of these partnerships' and in force on the day, deleted ones included."""
        ordinal = day.toordinal()
        return (self.starts <= ordinal) & (ordinal < self.ends) & np.isin(self.partnerships, list(scope))

    def postings(self, field: str, word: str) -> Counts:
        """How often a word stands in each entry that holds it, deleted ones included."""
        known = self._kept.get((field, word))
        if known is not None:
            self._kept.move_to_end((field, word))
            return known
        found = self._kept[field, word] = self._read(field, word)
        self._kept_postings += len(found)
        while self._kept_postings > MOST_POSTINGS and len(self._kept) > 1:
            _name, dropped = self._kept.popitem(last=False)
            self._kept_postings -= len(dropped)
        return found

    def _read(self, field: str, word: str) -> Counts:
        blocks = list(_blocks(self.reader.postings(field, word))) if (field, word) in self.reader else []
        rows = np.concatenate([np.empty(0, np.int64), *(np.array(ids, np.int64) for ids, _weights in blocks)])
        times = np.concatenate([np.empty(0), *(np.array(weights, float) for _ids, weights in blocks)])
        return Counts(rows, times)

    def in_order(self, row: int, *, exact: bool) -> bytes:
        """All words of an entry in their order, with a space around each: their stems, or as they are written."""
        return self._in_order[exact][row]

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of its entries as they are written."""
        return frozenset(word.decode() for word in self.reader.lexicon("raw"))

    def beginning_with(self, prefix: str) -> Iterable[str]:
        """Those of its words that begin so."""
        return (word.decode() for word in self.reader.expand_prefix("raw", prefix))

    def stored(self, row: int) -> dict[str, Any]:
        """What Whoosh keeps of an entry beside its columns."""
        return self.reader.stored_fields(row)


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
