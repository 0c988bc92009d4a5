"""An index of its own for every test, and what the tests of the search room ask again and again."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from pytest_django import Settings

from partnerships.directory import read_directory
from procedures.search.index import Found, search
from procedures.viewpoint import Viewpoint

TODAY = date(2026, 11, 22)

Ask = Callable[..., Found]


@pytest.fixture(autouse=True)
def index_folder(settings: Settings, tmp_path: Path) -> Path:
    """The folder of this test's index; there is nothing in it yet."""
    settings.SEARCH_URL = f"whoosh:{tmp_path / 'search'}"
    return tmp_path / "search"


@pytest.fixture
def ask(db: None) -> Ask:
    """Search with a partnership's eyes on a day; without one, with the region's, today."""

    def search_from(query: str, partnership: str = "", on: date = TODAY, limit: int = 10, offset: int = 0) -> Found:
        known = read_directory()
        viewpoint = Viewpoint(known, TODAY, known.find(partnership), on)
        in_force = frozenset(viewpoint.versions().values_list("pk", flat=True))
        return search(query, in_force, limit=limit, offset=offset)

    return search_from
