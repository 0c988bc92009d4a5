"""Writing the index: bringing it up to date with what is published, and making it anew. One writer at a time."""

import errno
import logging
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import DatabaseError
from filelock import Timeout
from whoosh.index import FileIndex

from procedures.models import FreshnessStamp
from procedures.search.folder import Damaged, IndexFolder, stamp_of, write_stamp
from procedures.search.opened import CopiedFiles, OpenedIndex
from procedures.search.passages import SCHEMA, documents, published_seals

AT_MOST = 200  # versions that one search adds before it answers
REBUILD_WAITS = 60  # seconds for whoever is writing
WRITER_WAITS = 5  # seconds for Whoosh's own lock, which only a program other than this could hold

CANNOT_WRITE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EDQUOT}

Documents = Iterable[tuple[int, list[dict[str, Any]]]]
Progress = Callable[[Documents, int], Documents]

logger = logging.getLogger(__name__)


class Unwritable(Exception):
    """The index cannot be written to."""


class Busy(Unwritable):
    """Somebody else is writing to the index."""


def catch_up(
    folder: IndexFolder, stamp: str, first: frozenset[int], *, seconds: float, broken: Path | None = None
) -> None:
    """Make the index hold what is published, and nothing else; where there is none that can be read, begin one.

    `stamp` is a freshness stamp read before this was called. At most AT_MOST versions are added, those of `first`
    before others: a search shall not wait for a whole manual. If more are missing the stamp is not recorded, so that
    the next search goes on. `broken` is a generation that was found not to be readable. Raises Busy when somebody else
    is still writing after `seconds`, Unwritable, or Damaged when writing shows that the index is broken.
    """
    with _locked(folder, seconds):
        generation, held = _to_write_to(folder, broken)
        published = published_seals()
        missing = sorted(
            (key for key, seal in published.items() if held.get(key) != seal), key=lambda key: (key not in first, -key)
        )
        added = list(documents(missing[:AT_MOST]))
        gone = [key for key, seal in held.items() if published.get(key) != seal]
        with _told_apart(generation):
            if added or gone:
                _write(generation, gone, added)
            if len(missing) == len(added):
                write_stamp(generation, stamp)
            else:
                _warn(len(missing) - len(added))
            if not held:
                folder.point_to(generation)


def rebuild(folder: IndexFolder, *, progress: Progress = lambda items, total: items) -> int:
    """Make the whole index anew beside the one in use, then put it in its place; gives the number of versions in it.

    `progress` is called with the versions' documents and their number, and gives them back one by one. Raises Busy and
    Unwritable; the index in use then stays as it was.
    """
    stamp = FreshnessStamp.now()
    with _locked(folder, REBUILD_WAITS):
        keys = sorted(published_seals())
        generation = _begin(folder)
        try:
            with _told_apart(generation):
                _write(generation, [], progress(documents(keys), len(keys)))
                write_stamp(generation, stamp)
                folder.point_to(generation)
        except BaseException:
            shutil.rmtree(generation, ignore_errors=True)
            raise
    return len(keys)


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


def _to_write_to(folder: IndexFolder, broken: Path | None) -> tuple[Path, dict[int, int]]:
    """The generation to add to, and the seals of the versions that it holds; a new one if none can be read."""
    try:
        generation = folder.current()
        if generation == broken:
            raise Damaged("It was found broken.", broken)
        stamp_of(generation)
        opened = OpenedIndex(generation)
        opened.close()
        return generation, opened.seals
    except Damaged:
        return _begin(folder), {}


def _begin(folder: IndexFolder) -> Path:
    """A new generation with an empty index in it."""
    try:
        generation = folder.begin()
        FileIndex.create(CopiedFiles(generation), SCHEMA, "MAIN")
        write_stamp(generation, "")
        return generation
    except OSError as error:
        raise Unwritable(f"The search index cannot be written: {error}.") from error


def _write(generation: Path, gone: Iterable[int], added: Documents) -> None:
    """Take the passages of versions that are `gone` out of a generation and put those `added` in, all or nothing."""
    writer = FileIndex(CopiedFiles(generation), schema=SCHEMA).writer(timeout=WRITER_WAITS)
    try:
        for key in gone:
            writer.delete_by_term("version", key)
        for _key, passages in added:
            for passage in passages:
                writer.add_document(**passage)
    except BaseException:
        writer.cancel()
        raise
    writer.commit()


@contextmanager
def _told_apart(generation: Path) -> Iterator[None]:
    """Turns a failure to write into Unwritable where the disk refuses, and else into Damaged."""
    try:
        yield
    except DatabaseError:
        raise
    except OSError as error:
        if error.errno in CANNOT_WRITE:
            raise Unwritable(f"The search index cannot be written: {error}.") from error
        raise Damaged(f"{generation} cannot be written to: {error!r}", generation) from error
    except Exception as error:  # a broken index can fail in any way
        raise Damaged(f"{generation} cannot be written to: {error!r}", generation) from error


def _warn(missing: int) -> None:
    logger.warning(
        "%d published versions are not in the search index yet. Searches add some at a time; "
        "`manage.py rebuild_search_index` adds all of them at once.",
        missing,
    )
