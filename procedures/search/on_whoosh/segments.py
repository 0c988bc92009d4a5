"""One of Whoosh's segments in memory: its columns, and the postings that were asked for lately.

A segment never changes but for what is deleted from it, which its index keeps; so all this outlives the opening and
closing of the index around it.
"""

import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property, partial, reduce
from itertools import count
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3LeafMatcher
from whoosh.columns import NumericColumn
from whoosh.matching import Matcher
from whoosh.reading import SegmentReader

from procedures.search.interface import Columns, Counts, Flags, Term, Whole, no_counts
from procedures.search.on_whoosh.schema import SEPARATOR
from procedures.search.segmented.held import Held
from procedures.search.segmented.segment import Segment
from procedures.search.words import stem_of

MOST_POSTINGS = 2_000_000  # kept in memory for a segment, at most; about 32 MB
ITSELF = 200  # postings that each word counts for, so that those that stand nowhere do not become ever more

_SEPARATOR = f" {SEPARATOR} ".encode()
_names = count()  # a segment that is read again may have become another


class WhooshSegment(Segment):
    """What Whoosh calls a segment."""

    def __init__(self, reader: SegmentReader) -> None:
        self.reader = reader
        self.segment_id = reader.segment().segment_id()
        self.name = f"{self.segment_id} {next(_names)}"
        self._count = reader.doc_count_all()
        self.columns = Columns(
            kinds=self._whole("kind"),
            keys=self._whole("key"),
            sections=self._whole("section"),
            asides=self._whole("aside") != 0,
            text_lengths=self._whole("text_length").astype(float),
            title_lengths=self._whole("title_length").astype(float),
        )
        self.partnerships, self.starts, self.ends = map(self._whole, ("partnership", "starts", "ends"))
        self.seals, self.digests = self._whole("seal"), self._whole("digest")
        self.slots = {row: slot.decode() for row, slot in enumerate(reader.column_reader("slot")) if slot}
        self._in_order = {False: reader.column_reader("stems"), True: reader.column_reader("words")}
        self._kept: OrderedDict[tuple[str, str], Counts] = OrderedDict()
        self._kept_postings = 0

    def _whole(self, name: str) -> Whole:
        """A column of numbers as Whoosh writes it: big-endian, without those at its end that are the default."""
        column = self.reader.column_reader(name, translate=False)
        if not isinstance(column, NumericColumn.Reader):  # Whoosh writes no column where all are the default
            return np.array(list(column), np.int64)
        whole = np.full(self._count, column._default, np.int64)
        written = min(column._count, self._count)
        read = column._dbfile.get(column._basepos, column._fixedlen * written)
        whole[:written] = np.frombuffer(read, f">{column._typecode}")
        return whole

    def held(self, term: Term, flags: Flags) -> Held:
        if len(term.words) > 1:
            return self._phrase(term, flags)
        [word] = term.words
        if term.exact:
            return Held(_flagged(self._postings("raw", word), flags), no_counts())
        return Held(_flagged(self._postings("text", word), flags), _flagged(self._postings("title", word), flags))

    def _phrase(self, term: Term, flags: Flags) -> Held:
        """The words of a term one after the other: in passages that hold them all, by their words in order."""
        field = "raw" if term.exact else "text"
        telling = {word for word in term.words if term.exact or stem_of(word)}
        phrase, in_order = f" {' '.join(term.words)} ".encode(), self._in_order[term.exact]
        texts, titles = {}, {}
        for row in _in_all([self._postings(field, word).rows for word in telling], flags):
            words = in_order[row]
            if phrase in words:
                title, _separator, body = words.partition(_SEPARATOR)
                in_title = _times(title + b" ", phrase)
                texts[row] = in_title + _times(b" " + body, phrase)
                if in_title:
                    titles[row] = in_title
        return Held(_counted(texts), _counted(titles))

    def _postings(self, field: str, word: str) -> Counts:
        """How often a word stands in each entry that holds it, deleted ones included."""
        known = self._kept.get((field, word))
        if known is not None:
            self._kept.move_to_end((field, word))
            return known
        found = self._kept[field, word] = self._read(field, word)
        self._kept_postings += ITSELF + len(found)
        while self._kept_postings > MOST_POSTINGS and len(self._kept) > 1:
            _name, dropped = self._kept.popitem(last=False)
            self._kept_postings -= ITSELF + len(dropped)
        return found

    def _read(self, field: str, word: str) -> Counts:
        blocks = list(_blocks(self.reader.postings(field, word))) if (field, word) in self.reader else []
        rows = np.concatenate([np.empty(0, np.int64), *(np.array(ids, np.int64) for ids, _weights in blocks)])
        times = np.concatenate([np.empty(0), *(np.array(weights, float) for _ids, weights in blocks)])
        return Counts(rows, times)

    @cached_property
    def words(self) -> frozenset[str]:
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


def _flagged(counts: Counts, flags: Flags) -> Counts:
    is_flagged = flags[counts.rows]
    return Counts(counts.rows[is_flagged], counts.times[is_flagged])


def _in_all(postings: Sequence[Whole], flags: Flags) -> Sequence[int]:
    """The rows that stand in all of the postings and are flagged."""
    if not postings:
        return []
    rows: Whole = reduce(partial(np.intersect1d, assume_unique=True), sorted(postings, key=len))
    return rows[flags[rows]].tolist()


def _counted(times: dict[int, int]) -> Counts:
    return Counts(np.fromiter(times, np.int64), np.fromiter(times.values(), float))


def _times(words: bytes, phrase: bytes) -> int:
    """How often a phrase stands in words, counting those as well that begin before another ends."""
    return len(re.findall(b"(?=" + re.escape(phrase) + b")", words))
