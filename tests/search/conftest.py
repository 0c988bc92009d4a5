"""An index of its own for every test, kept by the back end of the tests' database, and what tests of the search ask.

A test of what somebody finds depends on `back_end` (by `ask`, `client` or `reader`): Whoosh on SQLite, PostgreSQL's own
on PostgreSQL. All other tests search with Whoosh on both.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings

from partnerships.directory import read_directory
from procedures.models import FreshnessStamp
from procedures.search import answering, keeping_up, past
from procedures.search.answering import answer
from procedures.search.asking import Answer
from procedures.search.filters import Filters
from procedures.search.spelling import Speller
from procedures.viewpoint import Viewpoint
from tests.reader import Reader

TODAY = date(2026, 11, 22)

IS_POSTGRESQL = django_settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"
BACK_ENDS = ["postgres"] if IS_POSTGRESQL else ["whoosh"]  # all other tests search with Whoosh on both databases


@pytest.fixture(autouse=True)
def index_folder(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder of this test's Whoosh index, with nothing in it yet; nothing is open, learned or counted."""
    settings.SEARCH_URL = f"whoosh:{tmp_path / 'search'}"
    monkeypatch.setattr(answering, "_speller", Speller())
    monkeypatch.setattr(keeping_up, "_refused", {})
    monkeypatch.setattr(past, "_waiting", Counter())
    keeping_up._store.cache_clear()
    yield tmp_path / "search"
    keeping_up._store.cache_clear()


@pytest.fixture(params=BACK_ENDS)
def back_end(request: pytest.FixtureRequest, settings: Settings, index_folder: Path, db: None) -> str:
    """The name of the back end that keeps the index."""
    if request.param == "postgres":
        settings.SEARCH_URL = "postgres:"
    return request.param


@pytest.fixture
def client(back_end: str) -> Client:
    """Somebody without an account, who reads pages."""
    return Client()


@pytest.fixture
def reader(back_end: str) -> Reader:
    """Anybody: no account, no cookie."""
    return Reader()


@dataclass(frozen=True)
class Ask:
    """Searches as the results page does, with a partnership's eyes on a day; without one, with the region's, today."""

    def __call__(
        self,
        query: str,
        partnership: str = "",
        *,
        on: date = TODAY,
        whose: str = "",
        part: str = "",
        as_typed: bool = False,
        limit: int = 10,
        offset: int = 0,
    ) -> Answer:
        stamp = FreshnessStamp.now()
        known = read_directory()
        viewpoint = Viewpoint(known, TODAY, known.find(partnership) if partnership else None, on)
        spelling = "as-typed" if as_typed else ""
        filters = Filters.of({"q": query, "part": part, "whose": whose, "spelling": spelling}, viewpoint)
        return answer(filters.asked(stamp, limit=limit, offset=offset))

    def sections(self, query: str, partnership: str = "", **asked: object) -> list[str]:
        """The slugs of the sections found, best first."""
        return slugs(self(query, partnership, **asked))  # type: ignore[arg-type]


def slugs(found: Answer) -> list[str]:
    """The slugs of the sections found, best first."""
    return [hit.section.slug for hit in found.hits]


@pytest.fixture
def ask(back_end: str) -> Ask:
    """How tests search."""
    return Ask()
