"""The index that SEARCH_URL names, and how it keeps up with what is published without anybody having to wait.

Whoever notices that the index lags behind the freshness stamp (a search, a request that wrote, a worker that starts)
wakes one thread of this process, which brings it up to date; of several processes the first to come does the work.
"""

import logging
from functools import lru_cache
from pathlib import Path
from threading import Lock, RLock, Thread
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections

from procedures.models import FreshnessStamp
from procedures.search.interface import Busy, Progress, Store, Unavailable, Unwritable

TRY_AGAIN = 15.0  # seconds after the index could not be written to, or vectors could not be made

LEFT_ALONE = 0.5  # seconds for which searches leave the index to whoever was found writing to it

MOST_ROUNDS = 20  # while others go on publishing; then what there is by then is opened

logger = logging.getLogger(__name__)
one_at_a_time = RLock()  # a process has one index open, and what it keeps in memory is not for two at once
_starting = Lock()
_thread: Thread | None = None
_is_wanted = False  # whether somebody was woken since the thread last began to catch up
_refused: dict[str, float] = {}  # by SEARCH_URL, when (time.monotonic) its index could not be written to
_left_at: dict[str, float] = {}  # by SEARCH_URL, when somebody else was found writing to its index
_learned: dict[tuple[str, str], str] = {}  # by SEARCH_URL and SEARCH_MODEL, the position whose passages have vectors
_rests_until = 0.0  # time.monotonic, where vectors could not be made


def store() -> Store:
    """Where the index is kept."""
    return _store(settings.SEARCH_URL)


@lru_cache(maxsize=8)
def _store(url: str) -> Store:
    if url.startswith("postgres:"):
        from procedures.search.on_postgresql.writing import PostgresStore

        return PostgresStore()
    from procedures.search.on_whoosh.writing import WhooshStore

    return WhooshStore(Path(url.removeprefix("whoosh:")))


def wake() -> None:
    """Bring the index up to date: in the background, or at once where the settings say so."""
    global _thread, _is_wanted
    if settings.SEARCH_WRITES_AT_ONCE:
        catch_up()
        learn()
        return
    with _starting:
        _is_wanted = True
        if _thread is None or not _thread.is_alive():
            _thread = Thread(target=_in_background, name="search index", daemon=True)
            _thread.start()


def follow() -> None:
    """Wake whoever writes, if the index lags; without a database there is nothing to follow."""
    if settings.SEARCH_WRITES_AT_ONCE:
        return  # the next search sees to it
    try:
        stamp = FreshnessStamp.now()
    except DatabaseError:
        return
    _left_at.pop(settings.SEARCH_URL, None)  # whoever was writing may have looked for the last time before this
    see_to(stamp)


def see_to(stamp: str) -> None:
    """Wake whoever writes, if the index lags, or if vectors are missing and nobody in this process is at it.

    Not if somebody else was found writing a moment ago: they look again when they have done, and a thread and a
    connection for every search would keep the machine from it.
    """
    left_at = _left_at.get(settings.SEARCH_URL)
    if left_at is not None and monotonic() - left_at < LEFT_ALONE and not settings.SEARCH_WRITES_AT_ONCE:
        return
    if not store().is_up_to_date(stamp) or (not is_learned(stamp) and _thread is None and monotonic() > _rests_until):
        wake()


def is_learned(position: str) -> bool:
    """Whether all that there was at a position has its vectors, where a model says that there are to be any."""
    return not settings.SEARCH_MODEL or _learned.get((settings.SEARCH_URL, settings.SEARCH_MODEL)) == position


def _has_more_to_do() -> bool:
    """Whether somebody was woken meanwhile; if not, whoever is woken next starts another thread."""
    global _thread, _is_wanted
    with _starting:
        is_wanted, _is_wanted = _is_wanted, False
        if not is_wanted:
            _thread = None
        return is_wanted


def _in_background() -> None:
    while _has_more_to_do():
        _catch_up_and_open()


def _catch_up_and_open() -> None:
    global _is_wanted
    close_old_connections()
    try:
        if not catch_up():
            with _starting:
                _is_wanted = True
        store().open()  # so that no reader waits for what is read when an index is opened
        learn()
    except Unavailable:
        pass
    except Exception:
        logger.exception("The search index could not be brought up to date.")
    finally:
        connections.close_all()


def catch_up() -> bool:
    """Make the index hold what is published, unless somebody else is at it or it could not be written just now.

    False when there is more to do at once: others have gone on publishing through as many rounds as are made.
    """
    refused = _refused.get(settings.SEARCH_URL)
    if refused is not None and monotonic() - refused < TRY_AGAIN:
        return True
    try:
        is_done = _rounds()
        _refused.pop(settings.SEARCH_URL, None)
        return is_done
    except Busy:
        _left_at[settings.SEARCH_URL] = monotonic()
    except (Unwritable, Unavailable) as error:
        logger.warning("Searching what is in the index already. %s", error)
        _refused[settings.SEARCH_URL] = monotonic()
    return True


def _rounds() -> bool:
    """Catch up until nobody has published meanwhile; False if somebody still has in the last of the rounds."""
    stamp = ""
    for _ in range(MOST_ROUNDS):
        stamp = FreshnessStamp.now()
        if store().is_up_to_date(stamp):
            return True
        store().catch_up(stamp)
    return FreshnessStamp.now() == stamp


def learn(progress: Progress = lambda made, total: made) -> bool:
    """Make the vectors that are missing, unless there is no model or somebody else is at it; whether all are there.

    Breaks off when this process is woken, to write to the index first.
    """
    global _rests_until
    if not settings.SEARCH_MODEL:
        return False
    from procedures.search.meaning import learning, using

    try:
        meaning = using.load()
        position = meaning and learning.learn(
            meaning, store().open, alone=one_at_a_time, is_interrupted=lambda: _is_wanted, progress=progress
        )
    except Unavailable:
        position = ""
    if position:
        _learned[settings.SEARCH_URL, settings.SEARCH_MODEL] = position
    else:
        _rests_until = monotonic() + TRY_AGAIN
    return bool(position)
