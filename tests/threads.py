"""Threads that work on the database at one moment, as processes do."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, connections


@contextmanager
def open_to_threads(folder: Path) -> Iterator[None]:
    """Threads that begin in here find the data that are there now, in a database that locks as a real one does.

    The tests' own SQLite is in memory, where locks work in another way: it is copied to a file in `folder`. What the
    threads write is seen by threads alone.
    """
    settings = connections.settings["default"]
    name = settings["NAME"]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"VACUUM INTO '{folder / 'copy.sqlite3'}'")
        # As on a site that has been started once: two connections that turn it on at one moment lock each other out.
        with closing(sqlite3.connect(folder / "copy.sqlite3")) as copy:
            copy.execute("PRAGMA journal_mode=WAL")
        settings["NAME"] = str(folder / "copy.sqlite3")
    try:
        yield
    finally:
        settings["NAME"] = name


def in_threads(*actions: Callable[[], Any]) -> list[Any]:
    """What each action gives, or the exception it raises; they begin at one moment, each on a connection of its own."""
    results: list[Any] = [None] * len(actions)
    start = threading.Barrier(len(actions))

    def work(place: int) -> None:
        start.wait(10)
        try:
            results[place] = actions[place]()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(actions))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
