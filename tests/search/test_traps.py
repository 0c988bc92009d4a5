"""The traps of a search on Whoosh and PostgreSQL that were fallen into before, each by a test of its own.

Each was reproduced with the libraries in question; a back end that falls into one passes many other tests.
"""

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from threading import Barrier, Thread

import pytest
from filelock import FileLock

from partnerships.directory import read_directory
from partnerships.models import Partnership
from procedures.models import FreshnessStamp
from procedures.search import keeping_up
from procedures.search.answering import answer
from procedures.search.asking import Asked
from procedures.search.interface import Seen, Term, Unavailable
from procedures.search.on_whoosh import writing
from procedures.search.on_whoosh.folder import IndexFolder
from procedures.search.on_whoosh.writing import WhooshStore
from procedures.search.passages import Entry, Item, Kind
from tests import world
from tests.search.conftest import TODAY, Ask

# --- 1. Searcher.refresh() keeps deleted and replaced documents -------------------------------------------------------


def test_trap_1_what_was_replaced_is_gone_from_an_index_that_is_opened_again(manual: None, ask: Ask) -> None:
    before = ask("confidentiality").total
    world.publish("consent", on=TODAY, number="2.10", title="Consent", body="Other words.")
    world.publish("other", number="1.7", body="Yet another text.")

    found = ask("confidentiality").total, ask("other words").total > 0
    keeping_up._store.cache_clear()  # and from one that another process opens

    assert (before, found, ask("confidentiality").total) == (1, (0, True), 0)


# --- 2. An empty filter means no filter -------------------------------------------------------------------------------


def test_trap_2_a_reader_who_is_allowed_nothing_sees_nothing(manual: None, ask: Ask) -> None:
    ask("advice")
    nobody = Asked("advice", read_directory(), scope=(), day=TODAY, stamp=FreshnessStamp.now())
    of_nobody = Asked("advice", read_directory(), (1,), TODAY, FreshnessStamp.now(), owners=frozenset())

    assert (answer(nobody).total, answer(of_nobody).total) == (0, 0)
    assert (ask("advice", whose="local").total, ask("advice", on=date(1990, 1, 1)).total) == (0, 0)


@pytest.mark.parametrize("scope", [frozenset(), frozenset({10**9})])
def test_trap_2_nor_does_the_index_show_anything_to_somebody_like_that(
    manual: None, ask: Ask, scope: frozenset[int]
) -> None:
    ask("advice")
    index = keeping_up.store().open()
    everyone = frozenset(Partnership.objects.values_list("pk", flat=True))
    term = Term(("advic",))

    for seen in (
        Seen(scope, TODAY, scope),
        Seen(everyone, TODAY, frozenset()),
        Seen(everyone, date(1990, 1, 1), everyone),
    ):
        evidence = index.evidence(seen, [term], [])

        assert (evidence.passages, len(evidence.text[term]), evidence.frequency.get(term, 0)) == (0, 0, 0)
        assert index.holding(seen, ["advice"]) == index.beginning_with(seen, "adv", 10) == {}


# --- 3. Writers without a lock lose each other's updates --------------------------------------------------------------


def test_trap_3_writers_at_one_moment_lose_nothing(manual: None, index_folder: Path) -> None:
    Ask()("advice")
    generation = IndexFolder(index_folder).current()
    region = Partnership.objects.get(slug="heartland").pk
    start, failures = Barrier(4), []

    def write(first: int) -> None:
        start.wait(10)
        try:
            for key in range(first, first + 6):
                item = Item(Kind.TEXT, key)
                entry = Entry(item, 0, region, key, date.min, date.max, "", "", "", "", "writtenword")
                with writing._locked(IndexFolder(index_folder), 60):
                    writing._write(generation, [], [(item, [entry])], {item: 1})
        except Exception as error:
            failures.append(error)

    threads = [Thread(target=write, args=(first,)) for first in (1000, 2000, 3000, 4000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    scope = frozenset({region})
    held = WhooshStore(index_folder).open().holding(Seen(scope, TODAY, scope), ["writtenword"])
    assert (failures, held) == ([], {"writtenword": 24})


def test_trap_3_who_finds_another_writing_leaves_it_to_them(manual: None, index_folder: Path) -> None:
    Ask()("advice")
    world.publish("new", number="1.6", body="A newword.")

    with FileLock(index_folder / "write.lock"):
        meanwhile = Ask()("newword")

    assert (meanwhile.total, meanwhile.is_complete, Ask()("newword").total) == (0, False, 1)


# --- 4. Opening an index unpickles its schema -------------------------------------------------------------------------


@pytest.mark.parametrize("mode", [0o777, 0o770, 0o757])
def test_trap_4_an_index_that_others_may_write_to_is_not_opened(manual: None, index_folder: Path, mode: int) -> None:
    Ask()("advice")
    opened = IndexFolder(index_folder).current()

    opened.chmod(mode)

    with pytest.raises(Unavailable):
        WhooshStore(index_folder).open()
    assert Ask()("advice").total == 1
    assert IndexFolder(index_folder).current() != opened


def test_trap_4_whatever_the_umask_says_nobody_else_may_write(manual: None, index_folder: Path) -> None:
    before = os.umask(0)
    try:
        Ask()("advice")
    finally:
        os.umask(before)

    modes = {path.name: path.stat().st_mode & 0o022 for path in (index_folder, *index_folder.glob("index-*"))}
    assert {name for name, mode in modes.items() if mode} == set()


# --- 5. Stop words, single letters, and what looks like them ----------------------------------------------------------


@pytest.fixture
def telling(region: dict) -> Iterator[None]:
    bodies = [
        "Take them to A&E.",
        "The DO decides.",
        "Ask IT.",
        "Under s.47 of it.",
        "Vitamin C.",
        "To be or not to be.",
    ]
    for place, body in enumerate(bodies, 1):
        world.publish(f"s{place}", number=f"1.{place}", title=f"Title {place}", body=body)
    yield


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("A&E", {"s1"}),
        ("a&e", {"s1"}),
        ("DO", {"s2"}),
        ("IT", {"s3", "s4"}),
        ("s.47", {"s4"}),
        ("S47", {"s4"}),
        ("section 47", {"s4"}),
        ("section 47 CA 1989", {"s4"}),
        ("c", {"s5"}),
        ("to be", {"s1", "s6"}),
        ('"to be or not to be"', {"s6"}),
        ("the", {"s2"}),
    ],
)
def test_trap_5_words_that_tell_nothing_are_found_when_they_are_all_there_is(
    telling: None, ask: Ask, query: str, expected: set[str]
) -> None:
    assert set(ask.sections(query, as_typed=True)) == expected


@pytest.mark.parametrize(
    "name", ["Climbié", "Laming", "Baby P", "Munro", "Daniel Pelka", "Hughes", "Arthur Labinjo-Hughes"]
)
def test_trap_5_names_are_found_as_they_are_written(region: dict, ask: Ask, name: str) -> None:
    world.publish("named", number="1.1", title="An inquiry", body=f"The case of {name}, and what was learned.")
    world.publish("other", number="1.2", title="Another", body="Lame, human, hugs; a baby; dan; climb.")

    assert ask.sections(name)[0] == "named"
    assert ask.sections(f'"{name}"') == ["named"]


# --- 6. What PostgreSQL makes of queries (its own tests: test_postgres_index.py) --------------------------------------


def test_trap_6_any_word_is_enough_where_all_together_find_nothing(manual: None, ask: Ask) -> None:
    assert ask.sections("confidentiality switchboard zebra", as_typed=True) != []


def test_trap_6_a_number_with_a_hyphen_before_it_is_not_left_out(region: dict, ask: Ask) -> None:
    world.publish("ages", number="1.1", title="Ages", body="For ages 5 to 8 years.")

    assert ask.sections("ages -8") == ask.sections("aged 5-8") == ["ages"]


def test_trap_6_what_is_shown_is_escaped_once(region: dict, client: object) -> None:
    world.publish("odd", number="1.1", title="Odd", body="A `<b>bold</b>` & bruised baby.")

    [result] = client.get("/search/?q=bruised").context["results"]  # type: ignore[attr-defined]

    assert result.snippet == "A &lt;b&gt;bold&lt;/b&gt; &amp; <mark>bruised</mark> baby."
