"""Several processes publish one version after another, each in the place of another, while others search for them."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from threading import Lock, Thread
from typing import IO, Any


@dataclass
class Searched:
    """What came of it: how many seconds after its commit each searcher found each version, and what went wrong."""

    publishers: int
    searchers: int
    published: int = 0
    searches: int = 0
    seconds: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        if len(self.seconds) < 2:
            return f"{self.published} versions were published and {len(self.seconds)} found; errors: {self.errors}"
        return (
            f"{self.publishers} processes published {self.published} versions while {self.searchers} made "
            f"{self.searches:,} searches; found {median(self.seconds):.2f} s after the commit in the median, "
            f"{quantiles(self.seconds, n=20)[-1]:.2f} s at the 95th percentile, {max(self.seconds):.2f} s at most; "
            f"{len(self.lost)} lost, {len(self.stale)} stale a second after, {len(self.errors)} errors."
        )


def publish_and_search(
    versions: int, url: str, search_url: str, *, publishers: int = 4, searchers: int = 2, sections: int = 2
) -> Searched:
    """Publish so many versions in all, of so many sections by each process, and have every searcher look for each.

    With two sections each, four processes publish about three versions a second. With six they publish as fast as they
    can: then two cores have more to do than they can, and how long anything takes says how much was waiting before it.

    `url` is the database's, as in DATABASE_URL, and `search_url` the index's.
    """
    searched = Searched(publishers, searchers)
    searching = [_start(["searcher"], url, search_url) for _ in range(searchers)]
    for searcher in searching:
        assert searcher.stdout
        assert searcher.stdout.readline() == "ready\n", "A searcher did not start."
    each = str(versions // publishers)
    publishing = [
        _start(["replacing", str(place), each, str(sections)], url, search_url) for place in range(publishers)
    ]
    one_at_a_time = Lock()
    threads = [Thread(target=_pass_on, args=(one, searching, searched, one_at_a_time)) for one in publishing]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _ended("publisher", publishing, searched)
    for searcher in searching:
        _take(searcher, searched)
    _ended("searcher", searching, searched)
    return searched


def check(searched: Searched, *, versions: int, within: float) -> None:
    """AssertionError unless every version was found within so many seconds, nothing was stale and nobody failed."""
    assert searched.errors == [], searched.errors
    assert searched.published == versions, f"{searched.published} of {versions} versions were published."
    assert searched.lost == [], f"Published and never found: {searched.lost}"
    assert searched.stale == [], f"Found a second after another version had taken their place: {searched.stale}"
    assert len(searched.seconds) == versions * searched.searchers
    late = [round(seconds, 2) for seconds in searched.seconds if seconds > within]
    assert late == [], f"Found later than {within} s after the commit: {late}"


def _start(arguments: Sequence[str], url: str, search_url: str) -> subprocess.Popen[str]:
    environment = os.environ | {
        "DATABASE_URL": url,
        "SEARCH_URL": search_url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    module, *others = arguments
    command = [sys.executable, "-W", "ignore", "-m", f"tests.endurance.{module}", *others]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe, text=True, bufsize=1)


def _pass_on(
    publisher: subprocess.Popen[str], searchers: Sequence[subprocess.Popen[str]], searched: Searched, lock: Lock
) -> None:
    """Tell the searchers of each version that a publisher says it has published."""
    assert publisher.stdout
    for line in publisher.stdout:
        told = json.loads(line)
        with lock:
            if "error" in told:
                searched.errors.append(told["error"])
                continue
            searched.published += 1
            for searcher in searchers:
                _input(searcher).write(line)


def _take(searcher: subprocess.Popen[str], searched: Searched) -> None:
    """Tell a searcher that there is no more to come, and take what it has to say."""
    assert searcher.stdout
    _input(searcher).close()
    told: dict[str, Any] = json.loads(searcher.stdout.readline() or "{}")
    searched.searches += told.get("searches", 0)
    for name in ("seconds", "lost", "stale", "errors"):
        getattr(searched, name).extend(told.get(name, []))


def _input(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdin
    return process.stdin


def _ended(name: str, processes: Sequence[subprocess.Popen[str]], searched: Searched) -> None:
    for process in processes:
        if process.wait(60):
            searched.errors.append(f"A {name} ended with exit code {process.returncode}.")
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()
