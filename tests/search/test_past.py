"""Past searches: counted without who, when or where, and offered only to those who may read every word of them."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError

from procedures.search import past
from procedures.search.models import PastSearch

TODAY = date(2025, 1, 15)


@pytest.fixture(autouse=True)
def _nothing_waits() -> None:
    past._waiting.clear()


def search(text: str, times: int = 1) -> None:
    for _ in range(times):
        past.note(text, day=TODAY)


def test_a_search_is_counted_whatever_its_capitals_and_spaces(db):
    search("Golden  Rules")
    search("golden rules")

    assert list(PastSearch.objects.values_list("query", "times", "last_on")) == [("golden rules", 2, TODAY)]


@pytest.mark.parametrize("text", ["", " \u200b ", "a story of what happened to one child " * 3])
def test_nothing_and_stories_are_not_counted(db, text):
    search(text)

    assert not PastSearch.objects.exists()


@pytest.mark.parametrize(("times", "is_offered"), [(2, False), (3, True)])
def test_what_three_searched_for_is_offered(db, times, is_offered):
    search("golden rules", times)

    assert past.past_searches() == (("golden rules",) if is_offered else ())


@pytest.mark.parametrize(("days", "is_kept"), [(90, True), (91, False)])
def test_a_search_is_forgotten_after_ninety_days(db, days, is_kept):
    search("golden rules", 3)

    forgotten = past.forget_old(today=TODAY + timedelta(days=days))

    assert (PastSearch.objects.exists(), forgotten) == (is_kept, 0 if is_kept else 1)


def test_the_daily_command_forgets(db):
    search("golden rules")

    call_command("daily")  # many days later

    assert not PastSearch.objects.exists()


def test_what_cannot_be_written_is_counted_again(db, monkeypatch):
    def broken(**fields):
        raise DatabaseError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(PastSearch.objects, "filter", broken)
        search("golden rules")
    search("golden rules")

    assert PastSearch.objects.get().times == 2


def test_the_results_page_counts_what_found_something(manual, today, reader):
    reader.get("/search/?q=advice")
    reader.get("/search/?q=zzzz")
    reader.get("/search/?q=advice&whose=everyone")

    assert list(PastSearch.objects.values_list("query", "times")) == [("advice", 1)]


@pytest.mark.parametrize(("partnership", "offered"), [("northshire", ["northcanary hub"]), ("southmoor", []), ("", [])])
def test_a_past_search_is_offered_to_those_who_may_read_its_words(manual, today, reader, partnership, offered):
    for _ in range(3):
        reader.get("/in/northshire/search/?q=northcanary+hub")

    answer = reader.get(f"/api/v1/suggestions?q=northcan&partnership={partnership}").json()

    assert [one["text"] for one in answer["suggestions"] if one["kind"] == "search"] == offered
