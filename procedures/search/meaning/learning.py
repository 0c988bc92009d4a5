"""Making the vectors that are missing: in the background, a portion at a time, by one process of a machine."""

import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from itertools import islice

from filelock import FileLock, Timeout

from procedures.search.interface import Index, Progress
from procedures.search.meaning.model import Unusable
from procedures.search.meaning.using import Meaning
from procedures.search.meaning.vectors import VectorFile

PORTION = 16  # passages, after which it is looked whether something else is to be done first: about a second
MOST_UNUSED = 0.25  # of the vectors may be of passages that there are no more

logger = logging.getLogger(__name__)


def learn(
    meaning: Meaning,
    open_index: Callable[[], Index],
    *,
    alone: AbstractContextManager,
    is_interrupted: Callable[[], bool],
    progress: Progress,
) -> str:
    """Make the vectors that the index's passages lack, newest first; gives the index's position if none lacks one now.

    "" when there is more to do: `is_interrupted` said so, somebody else is at it, or something cannot be read or
    written. The index is used within `alone`. May raise Unavailable.
    """
    try:
        meaning.file.path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        with FileLock(meaning.file.path.with_suffix(".lock"), timeout=0):
            return _learn(meaning, open_index, alone, is_interrupted, progress)
    except Timeout:
        return ""
    except (sqlite3.Error, OSError, Unusable) as error:
        logger.warning("Searching without some vectors: they cannot be made. %s", error)
        return ""


def _learn(
    meaning: Meaning,
    open_index: Callable[[], Index],
    alone: AbstractContextManager,
    is_interrupted: Callable[[], bool],
    progress: Progress,
) -> str:
    held = _held(meaning.file)
    with alone:
        index = open_index()
        position, there = index.position, index.digests(None)
    by_digest = dict(zip(there.digests.tolist(), there.numbers.tolist(), strict=True))
    missing = sorted((number for digest, number in by_digest.items() if digest not in held), reverse=True)
    for portion in _portions(progress(missing, len(missing))):
        with alone:
            entries = index.entries(portion)
        vectors = meaning.model.encode([f"{entry.title}\n{entry.body}" for entry in entries])
        meaning.file.add([entry.digest for entry in entries], vectors)
        if is_interrupted():
            return ""
    unused = held - by_digest.keys()
    if len(unused) > MOST_UNUSED * len(held):
        meaning.file.remove(unused)
    meaning.file.throw_away_others()
    return position


def _held(file: VectorFile) -> set[int]:
    """The digests that have a vector; none of a file that is broken, which is thrown away."""
    try:
        return file.passages()
    except sqlite3.OperationalError:  # locked, full or not to be written to
        raise
    except sqlite3.DatabaseError as error:
        logger.warning("The vectors of the search are made anew: %s cannot be read (%s).", file.path, error)
        file.throw_away()
        return file.passages()


def _portions(numbers: Iterable[int]) -> Iterator[list[int]]:
    left = iter(numbers)
    while portion := list(islice(left, PORTION)):
        yield portion
