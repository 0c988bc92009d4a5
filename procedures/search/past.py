"""Past searches that found something: how often each was asked for, and nothing about who asked.

They are counted in memory and written down now and then in the background: no reader waits for the database, and a
count lost with a process does no harm. Nothing else is kept, since what people search for here can be about a child.
"""

from collections import Counter
from datetime import date, timedelta
from threading import Lock, Thread
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, connections, transaction
from django.db.models import F

from procedures.search.models import PastSearch
from procedures.search.words import tidy_query

KEPT = timedelta(days=90)  # after somebody searched so last
SHOWN_FROM = 3  # times
MOST_SHOWN = 2_000
LONGEST = 60  # characters; what is longer is a story rather than a search
WRITE_EVERY = 10.0  # seconds
READ_EVERY = 30.0  # seconds
MOST_WAITING = 1_000  # searches in memory

_lock = Lock()
_waiting: Counter[str] = Counter()
_written_at = 0.0
_shown: tuple[str, ...] = ()
_read_at = -1e9


def note(query: str, *, day: date) -> None:
    """Count a search that found something; `day` is today."""
    global _written_at
    text = tidy_query(query).casefold()
    if not text or len(text) > LONGEST:
        return
    with _lock:
        if len(_waiting) < MOST_WAITING or text in _waiting:
            _waiting[text] += 1
        is_due = monotonic() - _written_at >= WRITE_EVERY
        if is_due:
            _written_at = monotonic()
    if settings.SEARCH_WRITES_AT_ONCE:
        write(day)
    elif is_due:
        Thread(target=_in_background, args=(day,), name="past searches", daemon=True).start()


def _in_background(day: date) -> None:
    try:
        write(day)
    finally:
        connections.close_all()


def write(day: date) -> None:
    """Add what was counted to the table. What cannot be written is counted again."""
    with _lock:
        counted = dict(_waiting)
        _waiting.clear()
    try:
        with transaction.atomic():
            for text, times in counted.items():
                changed = PastSearch.objects.filter(query=text).update(times=F("times") + times, last_on=day)
                if not changed:
                    PastSearch.objects.bulk_create(
                        [PastSearch(query=text, times=times, last_on=day)], ignore_conflicts=True
                    )
    except DatabaseError:
        with _lock:
            _waiting.update(counted)


def forget_old(*, today: date) -> int:
    """Delete what nobody has searched for in 90 days; gives how many."""
    return PastSearch.objects.filter(last_on__lt=today - KEPT).delete()[0]


def past_searches() -> tuple[str, ...]:
    """Searches that found something for several people, the most frequent first; read again every half a minute."""
    global _shown, _read_at
    if settings.SEARCH_WRITES_AT_ONCE or monotonic() - _read_at > READ_EVERY:
        frequent = PastSearch.objects.filter(times__gte=SHOWN_FROM).order_by("-times", "query")
        _shown, _read_at = tuple(frequent.values_list("query", flat=True)[:MOST_SHOWN]), monotonic()
    return _shown
