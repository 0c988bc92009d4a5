"""python -m tests.endurance.searcher: searches for what it is told of on standard input, until that ends.

For each version (see `replacing`) its word, again and again until that finds its section; and a second after the
commit the word before it, which finds nothing any more. At the end one line of JSON with what came of it.
"""

import json
import logging
import sys
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Thread
from time import sleep, time
from typing import Any

import django

STALE_AFTER = 1.0  # seconds after the commit, from when on nobody may find what was superseded
LOST_AFTER = 30.0
PAUSE = 0.1  # between two looks at what is still waited for


@dataclass
class Complaints(logging.Handler):
    """What the search, here or in the background, logs as a warning or worse: in this trial nothing should be."""

    heard: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(logging.WARNING)

    __hash__ = logging.Handler.__hash__

    @classmethod
    def listening(cls) -> "Complaints":
        complaints = cls()
        logging.getLogger("procedures").addHandler(complaints)
        return complaints

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(f"{record.getMessage()} {record.exc_info or ''}")


@dataclass
class Searcher:
    """One reader of Northshire's, who waits for versions to be found and for others to be found no longer."""

    client: Any
    searches: int = 0
    seconds: list[float] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def is_done(self, told: dict[str, Any]) -> bool:
        """Look for a version, and for the one before it when it is time; False while there is more to wait for."""
        age = time() - told["at"]
        if not told.get("found"):
            if self._finds(told["word"], told["slug"]):
                self.seconds.append(time() - told["at"])
                told["found"] = True
            elif age > LOST_AFTER:
                self.lost.append(told["word"])
                told["found"] = True
        if age > STALE_AFTER and not told.get("looked") and told["before"]:
            if self._finds(told["before"], told["slug"]):
                self.stale.append(told["before"])
            told["looked"] = True
        return bool(told.get("found") and (told.get("looked") or not told["before"]))

    def _finds(self, word: str, slug: str) -> bool:
        self.searches += 1
        response = self.client.get(f"/in/northshire/search/?q={word}&spelling=as-typed")
        if response.status_code != 200:
            self.errors.append(f"A search for {word} was answered with {response.status_code}.")
            return False
        return f"/sections/{slug}/" in response.content.decode()


def _read_into(queue: "SimpleQueue[str]") -> None:
    """Every line of standard input, and "" at its end."""
    for line in sys.stdin:
        queue.put(line)
    queue.put("")


def main() -> None:
    django.setup()

    from django.conf import settings
    from django.test import Client

    settings.SEARCH_WRITES_AT_ONCE = False
    complaints = Complaints.listening()
    searcher = Searcher(Client(SERVER_NAME="localhost"))
    searcher._finds("consent", "consent")
    print("ready", flush=True)
    queue: SimpleQueue[str] = SimpleQueue()
    Thread(target=_read_into, args=(queue,), daemon=True).start()
    pending, ended = [], False
    while pending or not ended:
        while not queue.empty() or not (pending or ended):
            line = queue.get()
            ended = not line
            pending += [json.loads(line)] if line else []
        pending = [told for told in pending if not searcher.is_done(told)]
        sleep(PAUSE)
    told = {name: getattr(searcher, name) for name in ("searches", "seconds", "lost", "stale")}
    print(json.dumps(told | {"errors": [*searcher.errors, *complaints.heard]}), flush=True)


if __name__ == "__main__":
    main()
