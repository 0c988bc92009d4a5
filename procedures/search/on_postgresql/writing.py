"""The index in the database: opened for reading, brought up to date, made anew. One writer at a time."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Lock
from time import monotonic

from django.db import DatabaseError, transaction
from django.db.backends.utils import CursorWrapper

from procedures.models import FreshnessStamp
from procedures.search import items
from procedures.search.interface import Busy, Progress, Unavailable, Unwritable
from procedures.search.on_postgresql import filling, tables
from procedures.search.on_postgresql.failing import LOCKED, Damaged, code_of, reading, writing
from procedures.search.on_postgresql.opened import PostgresIndex
from procedures.search.on_postgresql.tables import Generation, State
from procedures.search.passages import Item, Seals

AT_MOST = 2_000  # things added to an index in use; where more are missing, it is made anew beside it
REBUILD_WAITS = "60s"
COUNTED_FOR = 60.0  # seconds for which an index that was complete is taken to be so
TIDYING_WAITS = "2s"  # for whoever still reads what is thrown away
LOCK = 0x5EA7C4  # the advisory lock of whoever writes, in the database of this site

logger = logging.getLogger(__name__)


class PostgresStore:
    """An index in the database of the site; see `procedures.search.interface.Store`."""

    def __init__(self) -> None:
        self._broken: Generation | None = None
        self._counted: tuple[State | None, float] = None, 0.0  # what was complete, and when (time.monotonic)
        self._opening = Lock()
        self._opened: PostgresIndex | None = None

    def open(self) -> PostgresIndex:
        with reading() as cursor:
            state = tables.read_state(cursor)
        if state is None or not state.is_whole or state.generation == self._broken:
            raise Damaged("There is no whole search index in the database.")
        with self._opening:
            if self._opened is None or self._opened.state != state or self._opened.is_damaged:
                try:
                    self._opened = PostgresIndex(state, self._opened)
                except Damaged:
                    self._broken, self._opened = state.generation, None
                    raise
            return self._opened

    def give_up(self) -> None:
        """What was opened is not opened again if it has turned out to be broken, and not merely out of reach."""
        with self._opening:
            if self._opened is not None and self._opened.is_damaged:
                self._broken = self._opened.state.generation
                self._opened = None

    def is_up_to_date(self, stamp: str) -> bool:
        try:
            with reading() as cursor:
                state = tables.read_state(cursor)
                if state is None or not state.is_whole or state.generation == self._broken or state.position != stamp:
                    return False
                return self._is_complete(cursor, state)
        except Unavailable:
            return False

    def catch_up(self, stamp: str) -> None:
        with _locked() as cursor:
            wanted = items.seals()
            index = self._held()
            held = index.seals() if index else {}
            missing = [item for item, seal in wanted.items() if held.get(item) != seal]
            gone = [item for item, seal in held.items() if wanted.get(item) != seal]
            if index is None or len(missing) > AT_MOST or not _written(index, gone, missing, wanted, stamp):
                self._make(cursor, wanted, stamp, progress=lambda entries, total: entries)
                return
        if filling.too_many(index, with_another=True):
            try:
                self._tidy_segments()
            except Busy:
                pass
            except (Unavailable, Unwritable) as error:  # what was published is found all the same
                logger.warning("The segments of the search index stay as they are. %s", error)

    def rebuild(self, *, progress: Progress) -> int:
        stamp = FreshnessStamp.now()
        with _locked(REBUILD_WAITS) as cursor:
            wanted = items.seals()
            self._make(cursor, wanted, stamp, progress=progress)
        return len(wanted)

    def _is_complete(self, cursor: CursorWrapper, state: State) -> bool:
        """Whether nothing has been deleted from the index; counted once for each state, and again after a while."""
        counted, when = self._counted
        if state == counted and monotonic() - when < COUNTED_FOR:
            return True
        if not filling.is_complete(cursor, state.generation):
            self._broken = state.generation
            return False
        self._counted = state, monotonic()
        return True

    def _held(self) -> PostgresIndex | None:
        """The index to add to; None where there is none that is whole."""
        try:
            with reading() as cursor:
                if tables.is_new(cursor):
                    return None
                state = tables.read_state(cursor)
                if state is None or not state.is_whole or state.generation == self._broken:
                    return None
                if not filling.is_complete(cursor, state.generation):
                    raise Damaged("Passages are missing from the search index.")
            return self.open()
        except Damaged as error:
            logger.warning("The search index is made anew. %s", error)
            return None

    def _tidy_segments(self) -> None:
        """Make one of many small segments, in a transaction of its own: by then what is new is found already."""
        with _locked() as cursor:
            index = self.open()
            filling.throw_away_replaced(cursor, index.state.generation)
            groups = filling.too_many(index)
            wanted = items.seals() if groups else {}
            if not groups or index.seals() != wanted:
                return
            for numbers in groups:
                filling.add(cursor, index.state.generation, items.entries(index.items_of(numbers)), wanted)
                filling.replace(cursor, index.state.generation, numbers)
            tables.point_to(cursor, index.state.generation, index.position)

    def _make(self, cursor: CursorWrapper, wanted: Seals, stamp: str, *, progress: Progress) -> None:
        """Make a generation of everything wanted and put it in the place of the one there is."""
        _tidy(cursor)
        generation = tables.begin(cursor)
        filling.add(cursor, generation, progress(items.entries(sorted(wanted)), len(wanted)), wanted)
        tables.finish(cursor, generation)
        tables.point_to(cursor, generation, stamp)


def _written(index: PostgresIndex, gone: Sequence[Item], missing: Sequence[Item], wanted: Seals, stamp: str) -> bool:
    """Take out of the index in use what is gone and put in what is missing; False if the index is broken."""
    try:
        with writing() as cursor:
            filling.remove(cursor, index, gone)
            filling.add(cursor, index.state.generation, items.entries(missing), wanted)
            tables.point_to(cursor, index.state.generation, stamp)
    except Damaged as error:
        logger.warning("The search index is made anew. %s", error)
        return False
    return True


@contextmanager
def _locked(seconds: str = "") -> Iterator[CursorWrapper]:
    """A transaction that alone writes; all of it counts or nothing. Raises Busy at once, or after waiting so long."""
    with writing() as cursor:
        if not seconds:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
            if not cursor.fetchone()[0]:
                raise Busy("Somebody else is writing to the search index in the database.")
        else:
            _wait(cursor, seconds)
        yield cursor


def _wait(cursor: CursorWrapper, seconds: str) -> None:
    try:
        cursor.execute("SELECT set_config('lock_timeout', %s, true)", [seconds])
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    except DatabaseError as error:
        if code_of(error) != LOCKED:
            raise
        raise Busy("Somebody else is writing to the search index in the database.") from error


def _tidy(cursor: CursorWrapper) -> None:
    """Throw away what is no longer used, or leave it for the next time where somebody still reads it."""
    try:
        with transaction.atomic():
            cursor.execute("SELECT set_config('lock_timeout', %s, true)", [TIDYING_WAITS])
            tables.tidy(cursor)
            cursor.execute("SELECT set_config('lock_timeout', '0', true)")
    except DatabaseError as error:
        if code_of(error) != LOCKED:
            raise
