"""One generation of the index, opened for reading."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from whoosh.index import FileIndex

from procedures.search.interface import Flags, Seen
from procedures.search.on_whoosh.files import CopiedFiles
from procedures.search.on_whoosh.folder import Damaged, stamp_of
from procedures.search.on_whoosh.schema import SCHEMA
from procedures.search.on_whoosh.segments import WhooshSegment
from procedures.search.passages import Entry
from procedures.search.segmented.index import SegmentedIndex

MOST_COMPLETIONS = 300  # words with one beginning that are looked up


class OpenedIndex(SegmentedIndex):
    """An index as it was when it was opened.

    What `before` it had in memory of the same segments is used again. Any failure to read is Damaged.
    """

    segments: Sequence[WhooshSegment]
    _files: CopiedFiles

    def __init__(self, generation: Path, before: "OpenedIndex | None" = None) -> None:
        self.generation = generation
        with self._guarded():
            position = stamp_of(generation)
            again = before if before and before.generation == generation else None
            self._files = again._files if again else CopiedFiles(generation)
            index = FileIndex(self._files, schema=SCHEMA)
            self.commit = index.latest_generation()
            segments, there = _segments(index, again.segments if again else [])
            self._files.forget_all_but([segment.segment_id for segment in segments])
            super().__init__(position, segments, there)

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

    def entries(self, passages: Sequence[int]) -> list[Entry]:
        with self._guarded():
            return [self._entry(number) for number in passages]

    def beginning_with(self, seen: Seen, prefix: str, limit: int) -> dict[str, int]:
        with self._guarded():
            words = sorted({word for segment in self.segments for word in segment.beginning_with(prefix)})
            counted = self.holding(seen, words[:MOST_COMPLETIONS])
            best = sorted(counted, key=lambda word: (-counted[word], word))[:limit]
            return {word: counted[word] for word in best}

    def _entry(self, number: int) -> Entry:
        segment, row = self.place(number)
        assert isinstance(segment, WhooshSegment)
        count, _slot, heading, anchor, title, body = segment.stored(row)["kept"]
        return segment.entry(row, count=count, heading=heading, anchor=anchor, title=title, body=body)


def _segments(index: FileIndex, before: Sequence[WhooshSegment]) -> tuple[list[WhooshSegment], list[Flags]]:
    """The index's segments, those known from before as they are, and of their entries which have not been deleted."""
    known = {segment.segment_id: segment for segment in before}
    segments, there = [], []
    for reader, _offset in index.reader().leaf_readers():
        if reader.doc_count_all():
            segment = known.get(reader.segment().segment_id()) or WhooshSegment(reader)
            segments.append(segment)
            there.append(np.ones(len(segment), bool))
            if reader.has_deletions():
                there[-1][:] = False
                there[-1][list(reader.all_doc_ids())] = True
    return segments, there
