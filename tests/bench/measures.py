"""What is measured, and how: medians of requests that go to the small and to the large manual in turn.

The clock is time.perf_counter. Nothing is collected as garbage while it runs, as in timeit: a full collection takes
the longer the more the process holds, and would count what the other manual's lists cost.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from statistics import median
from time import perf_counter
from typing import Any

from django.core.management import call_command
from django.test.utils import CaptureQueriesContext

from tests.bench.content import PAST_DAY
from tests.bench.manuals import Manual

HERE = "/in/local-01"
THEN = f"{HERE}/on/{PAST_DAY}"

MOST_ROUNDS = 60
LEAST_ROUNDS = 9
LONG_ENOUGH = 6.0  # seconds for one measure


@dataclass(frozen=True)
class Measure:
    """Something that a reader or an operator does: `prepare` is not timed, `act` is.

    `queries_must_agree`: another number of queries on the large manual fails the benchmarks.
    """

    name: str
    act: Callable[[Manual, Any], object]
    prepare: Callable[[Manual], Any]
    queries_must_agree: bool = False
    rounds: int = MOST_ROUNDS


@dataclass(frozen=True)
class Result:
    """A measure's median in seconds and its number of queries, for the small and the large manual."""

    measure: Measure
    seconds: tuple[float, float]
    queries: tuple[int, int]


def measured(measure: Measure, manuals: tuple[Manual, Manual]) -> Result:
    """Warm up and count queries on each manual, then time them in turn."""
    queries = [_count_queries(measure, manual) for manual in manuals]
    times: list[list[float]] = [[], []]
    began = perf_counter()
    while len(times[0]) < measure.rounds:
        for manual, taken in zip(manuals, times, strict=True):
            taken.append(_time(measure, manual))
        if len(times[0]) >= LEAST_ROUNDS and perf_counter() - began > LONG_ENOUGH:
            break
    return Result(measure, (median(times[0]), median(times[1])), (queries[0], queries[1]))


def _count_queries(measure: Measure, manual: Manual) -> int:
    """Done twice: the first time warms what is warm when it is timed."""
    connection = manual.open()
    for _ in range(2):
        prepared = measure.prepare(manual)
        with CaptureQueriesContext(connection) as queries:
            measure.act(manual, prepared)
    return len(queries)


def _time(measure: Measure, manual: Manual) -> float:
    manual.open()
    manual.next_section()
    prepared = measure.prepare(manual)
    with _no_collection():
        start = perf_counter()
        measure.act(manual, prepared)
        return perf_counter() - start


@contextmanager
def _no_collection() -> Iterator[None]:
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def measures() -> list[Measure]:
    section = "/sections/{slug}/"
    return [
        *_page("Section, today", HERE + section, queries_must_agree=True),
        *_page("Section, on a past day", THEN + section, queries_must_agree=True),
        _cold_page("Number, such as /3.1.4", HERE + "/{number}", expected=302),
        *_page("Contents", HERE + "/contents/"),
        *_page("Updates", HERE + "/updates/"),
        _cold_page("History", HERE + section + "history/"),
        Measure("Section, 304", _get_again, _known_etag),
        Measure("Section, from the page cache", _get, lambda manual: _kept(manual, HERE + section)),
        Measure("verify_history, digests", _verify, lambda manual: None, rounds=3),
    ]


def _page(name: str, url: str, *, queries_must_agree: bool = False) -> list[Measure]:
    """A page made anew: with the kept lists there, and as the first page after a publication."""
    return [
        _cold_page(name, url, queries_must_agree=queries_must_agree),
        _cold_page(f"{name}, lists cold", url, queries_must_agree=queries_must_agree, lists=False),
    ]


def _cold_page(
    name: str, url: str, *, queries_must_agree: bool = False, lists: bool = True, expected: int = 200
) -> Measure:
    def prepare(manual: Manual) -> tuple[str, int]:
        if lists:
            _get(manual, (_filled(manual, url), expected))
        else:
            manual.forget_lists()
        manual.forget_pages()
        return _filled(manual, url), expected

    return Measure(name, _get, prepare, queries_must_agree)


def _filled(manual: Manual, url: str) -> str:
    return url.format(slug=manual.slug, number=manual.number)


def _get(manual: Manual, asked: tuple[str, int]) -> Any:
    url, expected = asked
    response = manual.client.get(url)
    if response.status_code != expected:
        raise RuntimeError(f"{url} of the {manual.name} manual gave {response.status_code}, not {expected}.")
    return response


def _kept(manual: Manual, url: str) -> tuple[str, int]:
    """A page that is in the page cache."""
    asked = _filled(manual, url), 200
    _get(manual, asked)
    return asked


def _known_etag(manual: Manual) -> tuple[str, str]:
    url = f"{HERE}/sections/{manual.slug}/"
    return url, _get(manual, (url, 200)).headers["ETag"]


def _get_again(manual: Manual, known: tuple[str, str]) -> None:
    url, etag = known
    response = manual.client.get(url, headers={"If-None-Match": etag})
    if response.status_code != 304:
        raise RuntimeError(f"{url} of the {manual.name} manual gave {response.status_code}, not 304.")


def _verify(manual: Manual, prepared: None) -> None:
    call_command("verify_history", digests_only=True, stdout=StringIO())
