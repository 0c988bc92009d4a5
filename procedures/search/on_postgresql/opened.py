"""The index as a pointer to one generation, opened for reading."""

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from django.db.backends.utils import CursorWrapper

from procedures.search.interface import Flags, Seen, Term, Unavailable, Whole
from procedures.search.on_postgresql.failing import Damaged, Moved, reading
from procedures.search.on_postgresql.packing import Word
from procedures.search.on_postgresql.segments import StoredSegment, words_of
from procedures.search.on_postgresql.tables import State
from procedures.search.passages import Entry, Item, Kind
from procedures.search.segmented.index import SegmentedIndex

MOST_COMPLETIONS = 300  # words with one beginning that are looked up
MOST_KEPT = 5_000  # completions that are remembered
LAST = "\U0010ffff"  # sorts behind whatever a word goes on with


class PostgresIndex(SegmentedIndex):
    """One generation as it was when it was opened, with what was `before` in memory of the same segments."""

    segments: Sequence[StoredSegment]

    def __init__(self, state: State, before: "PostgresIndex | None" = None) -> None:
        self.state = state
        self.is_damaged = False
        self._completions: dict[tuple[Seen, str, int], dict[str, int]] = {}
        known = {segment.name: segment for segment in before.segments} if before else {}
        with self._guarded(), reading() as cursor:
            segments, there = _segments(cursor, state, known)
            super().__init__(state.position, segments, there)

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except Damaged:
            self.is_damaged = True
            raise
        except Unavailable:
            raise
        except Exception as error:  # a broken index can fail in any way
            self.is_damaged = True
            raise Damaged(f"The search index in the database cannot be read: {error!r}") from error

    # --- What a writer asks for -----------------------------------------------------------------------------------

    def rows_of(self, items: Collection[Item]) -> Iterator[tuple[StoredSegment, Whole]]:
        """The segments that have entries of the items, each with the rows of these, less what has been taken out."""
        codes = np.array([_code(item.kind, item.key) for item in items], np.int64)
        for segment, there in self._with_there():
            rows = np.flatnonzero(there & np.isin(_code(segment.columns.kinds, segment.columns.keys), codes))
            if len(rows):
                yield segment, rows

    def items_of(self, segments: Collection[int]) -> list[Item]:
        """What the entries of some segments are made from, by the numbers of these, less what has been taken out."""
        return sorted(
            {
                segment.item(row)
                for segment, there in self._with_there()
                if segment.number in segments
                for row in np.flatnonzero(there).tolist()
            }
        )

    def sizes(self) -> dict[int, int]:
        """How many entries each segment has, less what has been taken out, by its number."""
        return {segment.number: int(np.count_nonzero(there)) for segment, there in self._with_there()}

    def _with_there(self) -> Iterator[tuple[StoredSegment, Flags]]:
        for segment, (_segment, first, last) in zip(self.segments, self.spans(), strict=True):
            yield segment, self._there[first:last]

    # --- What the interface asks for ------------------------------------------------------------------------------

    def entries(self, passages: Sequence[int]) -> list[Entry]:
        with self._guarded():
            return self._entries(passages) if passages else []

    def beginning_with(self, seen: Seen, prefix: str, limit: int) -> dict[str, int]:
        asked = seen, prefix, limit
        known = self._completions.get(asked)
        if known is None:
            with self._guarded():
                known = self._complete(seen, prefix, limit)
            if len(self._completions) >= MOST_KEPT:
                self._completions.clear()
            self._completions[asked] = known
        return dict(known)

    def vocabulary(self) -> Iterable[tuple[str, frozenset[str]]]:
        with self._guarded():
            self._fetch_words([segment for segment in self.segments if not segment.has_words])
        return super().vocabulary()

    # --- What is read from the database ---------------------------------------------------------------------------

    def _fetch(self, terms: Iterable[Term]) -> None:
        sought = words_of(terms)
        missing = {segment.number: segment.missing(sought) for segment in self.segments}
        words = {word for of_segment in missing.values() for word in of_segment}
        if words:
            found = self._places(words, [number for number, of_segment in missing.items() if of_segment])
            for segment in self.segments:
                segment.fetched(found.get(segment.number, {}), missing[segment.number], sought=len(sought))

    def _places(self, words: Collection[Word], segments: Sequence[int]) -> dict[int, dict[Word, bytes]]:
        """By segment and word where those words stand."""
        rows = self._of_segments(
            f"SELECT segment, word, is_exact, places FROM {self.state.generation.posting} "
            "WHERE word = ANY(%s) AND segment = ANY(%s)",
            [sorted({word for word, _is_exact in words}), segments],
        )
        found: dict[int, dict[Word, bytes]] = {}
        for segment, word, is_exact, places in rows:
            found.setdefault(segment, {})[word, is_exact] = bytes(places)
        return found

    def _fetch_words(self, segments: Sequence[StoredSegment]) -> None:
        if segments:
            rows = self._of_segments(
                f"SELECT segment, array_agg(word) FROM {self.state.generation.posting} "
                "WHERE is_exact AND segment = ANY(%s) GROUP BY segment",
                [[segment.number for segment in segments]],
            )
            words = dict(rows)
            for segment in segments:
                segment.words = frozenset(words.get(segment.number, ()))

    def _complete(self, seen: Seen, prefix: str, limit: int) -> dict[str, int]:
        """The words that begin so, the most frequent in the index first, until enough are found that are seen."""
        rows = self._of_segments(
            f"SELECT word, sum(times) FROM {self.state.generation.posting} "
            "WHERE is_exact AND word >= %s AND word < %s AND segment = ANY(%s) "
            f"GROUP BY word ORDER BY 2 DESC, 1 LIMIT {MOST_COMPLETIONS}",
            [prefix, prefix + LAST, [segment.number for segment in self.segments]],
        )
        words = [word for word, _times in sorted(rows, key=lambda row: (-row[1], row[0]))]
        counted: dict[str, int] = {}
        at_once = max(2 * limit, 10)
        for start in range(0, len(words), at_once):
            if len(counted) < limit:
                counted |= self.holding(seen, words[start : start + at_once])
        best = sorted(counted, key=lambda word: (-counted[word], word))[:limit]
        return {word: counted[word] for word in best}

    def _entries(self, passages: Sequence[int]) -> list[Entry]:
        asked = [self.place(number) for number in passages]
        rows = self._of_segments(
            f"SELECT segment, row, count, heading, anchor, title, body FROM {self.state.generation.text} "
            "WHERE (segment, row) IN (SELECT * FROM unnest(%s::bigint[], %s::integer[]))",
            [[_number(segment) for segment, _row in asked], [row for _segment, row in asked]],
        )
        kept = {(row[0], row[1]): row[2:] for row in rows}
        found = []
        for segment, row in asked:
            count, heading, anchor, title, body = kept[_number(segment), row]
            found.append(segment.entry(row, count=count, heading=heading, anchor=anchor, title=title, body=body))
        return found

    def _of_segments(self, statement: str, parameters: Sequence[Any]) -> list[tuple]:
        """What a statement gives; raises Moved if a segment has been made one with others meanwhile."""
        numbers = [segment.number for segment in self.segments]
        with reading() as cursor:
            cursor.execute(
                f"SELECT there.count, found.* FROM "
                f"(SELECT count(*) FROM {self.state.generation.segment} WHERE number = ANY(%s)) AS there "
                f"LEFT JOIN ({statement}) AS found ON true",
                [numbers, *parameters],
            )
            rows = cursor.fetchall()
        if rows[0][0] != len(numbers):
            raise Moved("Segments of the search index have been made one since.")
        return [row[1:] for row in rows if row[1] is not None]


def _code(kind: Any, key: Any) -> Any:
    """A number for an item, or an array of them."""
    return key * len(Kind) + kind


def _number(segment: object) -> int:
    assert isinstance(segment, StoredSegment)
    return segment.number


def _segments(
    cursor: CursorWrapper, state: State, known: dict[str, StoredSegment]
) -> tuple[list[StoredSegment], list[Flags]]:
    """The segments of a generation, those known as they are, and of their entries which have not been deleted."""
    cursor.execute(
        "SELECT number, name, passages, gone, CASE WHEN name = ANY(%s) THEN NULL ELSE columns END, slots::text "
        f"FROM {state.generation.segment} WHERE replaced IS NULL ORDER BY number",
        [list(known)],
    )
    segments, there = [], []
    for number, name, passages, gone, columns, slots in cursor.fetchall():
        segment = known.get(name) or StoredSegment(number, name, bytes(columns), json.loads(slots))
        if len(segment) != passages or min(gone, default=0) < 0:
            raise Damaged("Passages are missing from the search index in the database.")
        segments.append(segment)
        there.append(np.ones(len(segment), bool))
        there[-1][gone] = False
    return segments, there
