"""The index in a folder: opened for reading, brought up to date, made anew. One writer at a time."""

import errno
import logging
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from threading import Lock

from django.db import DatabaseError
from filelock import Timeout
from whoosh.index import FileIndex

from procedures.models import FreshnessStamp
from procedures.search import items
from procedures.search.interface import Busy, Progress, Unwritable
from procedures.search.on_whoosh.files import CopiedFiles
from procedures.search.on_whoosh.folder import Damaged, IndexFolder, stamp_of, write_stamp
from procedures.search.on_whoosh.opened import OpenedIndex
from procedures.search.on_whoosh.parts import PartsInMemory
from procedures.search.on_whoosh.schema import SCHEMA, document, item_key
from procedures.search.passages import Entry, Item, Seals

LARGEST = 3_000  # things in a segment of an index that is made anew; of more, MEMORY does not hold all postings
AT_MOST = 2_000  # things added to an index in use; where more are missing, it is made anew beside it
CATCH_UP_WAITS = 0  # seconds for whoever is writing: they, or the next search, will see to it
REBUILD_WAITS = 60
WRITER_WAITS = 5  # seconds for Whoosh's own lock, which only a program other than this could hold
MEMORY = 256  # megabytes that Whoosh may use before it sorts on disk

CANNOT_WRITE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT}

logger = logging.getLogger(__name__)


class WhooshStore:
    """An index in a folder; see `procedures.search.interface.Store`."""

    def __init__(self, path: Path) -> None:
        self.folder = IndexFolder(path)
        self._opening = Lock()
        self._opened: OpenedIndex | None = None
        self._broken: Path | None = None

    def open(self) -> OpenedIndex:
        with self._opening:
            generation = None
            try:
                generation = self.folder.current()
                return self._open(generation)
            except Damaged:
                self._broken = generation
                if self._opened is None:
                    raise
                return self._opened  # what is in memory answers until there is an index again

    def _open(self, generation: Path) -> OpenedIndex:
        """The generation as it is now, with what is in memory of it already; for whoever holds `_opening`."""
        if self._opened is None or not self._opened.is_current(generation):
            self._opened = OpenedIndex(generation, self._opened)
        return self._opened

    def is_up_to_date(self, stamp: str) -> bool:
        try:
            generation = self.folder.current()
            return generation != self._broken and stamp_of(generation) == stamp
        except Damaged:
            return False

    def give_up(self) -> None:
        """The index in use has turned out to be broken: it is not opened again."""
        with self._opening:
            if self._opened is not None:
                self._broken = self._opened.generation
            self._opened = None

    def catch_up(self, stamp: str) -> None:
        with _locked(self.folder, CATCH_UP_WAITS):
            wanted = items.seals()
            generation, held = self._held()
            missing = [item for item, seal in wanted.items() if held.get(item) != seal]
            gone = [item for item, seal in held.items() if wanted.get(item) != seal]
            if generation is None or len(missing) > AT_MOST:
                self._make(wanted, stamp, progress=lambda entries, total: entries)
                return
            try:
                with _told_apart(generation):
                    if missing or gone:
                        _write(generation, gone, items.entries(missing), wanted)
                    write_stamp(generation, stamp)
            except Damaged as error:  # what is in memory hid it so far
                logger.warning("The search index is made anew. %s", error)
                self._make(wanted, stamp, progress=lambda entries, total: entries)

    def rebuild(self, *, progress: Progress) -> int:
        stamp = FreshnessStamp.now()
        with _locked(self.folder, REBUILD_WAITS):
            wanted = items.seals()
            self._make(wanted, stamp, progress=progress)
        return len(wanted)

    def _held(self) -> tuple[Path | None, Seals]:
        """The generation to add to, and the seals of what it holds; None where there is none that can be read."""
        try:
            generation = self.folder.current()
            if generation == self._broken:
                return None, {}
            with self._opening:
                opened = self._open(generation)
            return generation, opened.seals()
        except Damaged as error:
            logger.warning("The search index is made anew. %s", error)
            return None, {}

    def _make(self, wanted: Seals, stamp: str, *, progress: Progress) -> None:
        """Make a generation of everything wanted and put it in the place of the one there is."""
        with _told_apart(self.folder.path):
            generation = self.folder.begin()
        try:
            with _told_apart(generation):
                FileIndex.create(CopiedFiles(generation), SCHEMA, "MAIN")
                made = iter(progress(items.entries(sorted(wanted)), len(wanted)))
                while batch := list(islice(made, LARGEST)):
                    _write(generation, [], batch, wanted, through=CopiedFiles)
                write_stamp(generation, stamp)
                self.folder.point_to(generation)
        except BaseException:
            shutil.rmtree(generation, ignore_errors=True)
            raise
        self._broken = None


@contextmanager
def _locked(folder: IndexFolder, seconds: float) -> Iterator[None]:
    try:
        lock = folder.lock(seconds=seconds)
        lock.acquire()
    except Timeout as error:
        raise Busy(f"Somebody else is writing to the search index in {folder.path}.") from error
    except OSError as error:
        raise Unwritable(f"The search index cannot be written: {error}.") from error
    try:
        yield
    finally:
        lock.release()


def _write(
    generation: Path,
    gone: Iterable[Item],
    added: Iterable[tuple[Item, list[Entry]]],
    seals: Seals,
    *,
    through: type[CopiedFiles] = PartsInMemory,
) -> None:
    """Take the entries of what is `gone` out of a generation and put those `added` in, all or nothing.

    Through parts in memory what is added is made one with other small segments; else it stays a segment by itself.
    """
    writer = FileIndex(through(generation), schema=SCHEMA).writer(timeout=WRITER_WAITS, limitmb=MEMORY)
    try:
        for item in gone:
            writer.delete_by_term("item", item_key(*item))
        for item, entries in added:
            for entry in entries:
                writer.add_document(**document(entry, seals[item]))
    except BaseException:
        writer.cancel()
        raise
    writer.commit(merge=through is PartsInMemory)


@contextmanager
def _told_apart(where: Path) -> Iterator[None]:
    """Turns a failure to write into Unwritable where the disk refuses, and else into Damaged."""
    try:
        yield
    except DatabaseError:
        raise
    except OSError as error:
        if error.errno in CANNOT_WRITE:
            raise Unwritable(f"The search index cannot be written: {error}.") from error
        raise Damaged(f"{where} cannot be written to: {error!r}") from error
    except Exception as error:  # a broken index can fail in any way
        raise Damaged(f"{where} cannot be written to: {error!r}") from error
