"""The index follows what is published without anybody asking for it, one writer at a time."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from procedures.models import FreshnessStamp, Version
from procedures.search import index, writing
from procedures.search.folder import stamp_of
from procedures.search.index import search
from procedures.search.passages import documents
from tests import world
from tests.search.conftest import Ask


def test_what_is_published_is_found_by_the_next_search(manual: None, ask: Ask) -> None:
    before = ask("newword").total

    world.publish("new", number="1.6", body="A newword.")

    assert (before, ask("newword").total) == (0, 1)


def test_the_index_is_added_to_and_not_made_again(manual: None, ask: Ask, index_folder: Path) -> None:
    ask("advice")
    generation = index.folder().current()

    world.publish("new", number="1.6", body="A newword.")
    ask("newword")

    assert index.folder().current() == generation
    assert stamp_of(generation) == FreshnessStamp.now()


def test_an_index_that_is_up_to_date_is_not_written_to(manual: None, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    ask("advice")

    monkeypatch.setattr(writing, "catch_up", None)

    assert ask("advice").total == 1


def test_the_text_of_a_publication_that_came_to_nothing_is_not_found(manual: None, ask: Ask) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        undone = world.publish("undone", number="1.6", body="A ghostword.")
        assert ask("ghostword").total == 1
        raise ZeroDivisionError
    other = world.publish("other", number="1.7", body="Another text, which may get the same key.")

    assert search("ghostword", frozenset({undone.pk, other.pk}), limit=10).total == 0
    assert ask("another").total == 1


def test_a_text_that_the_database_does_not_have_is_taken_out(manual: None, ask: Ask) -> None:
    ask("advice")
    [(_, passages)] = documents([Version.objects.filter(number="2.10").get().pk])
    ghosts = [
        passage | {"version": 10**9, "id": f"ghost-{n}", "text": "ghostword"} for n, passage in enumerate(passages)
    ]
    writing._write(index.folder().current(), [], [(10**9, ghosts)])
    assert search("ghostword", frozenset({10**9}), limit=10).total == 1

    world.publish("new", number="1.6", body="A newword.")

    assert search("ghostword", frozenset({10**9}), limit=10).total == 0


def test_a_key_that_stands_for_another_text_now_is_indexed_again(manual: None, ask: Ask) -> None:
    """As after a database was restored from a backup."""
    ask("advice")
    version = Version.objects.get(number="2.10")
    [(_, passages)] = documents([version.pk])
    other = [passage | {"seal": 1, "text": "ghostword"} for passage in passages]
    writing._write(index.folder().current(), [version.pk], [(version.pk, other)])
    assert ask("ghostword").total == 1

    world.publish("new", number="1.6", body="A newword.")

    assert ask("ghostword").total == 0
    assert ask("confidentiality").total == 1


def test_a_search_does_not_wait_for_somebody_else_who_writes(manual: None, ask: Ask) -> None:
    ask("advice")
    world.publish("new", number="1.6", body="A newword.")

    with index.folder().lock(seconds=1):
        meanwhile = ask("newword advice")
    afterwards = ask("newword advice")

    assert (meanwhile.total, meanwhile.is_complete) == (1, False)
    assert (afterwards.total, afterwards.is_complete) == (2, True)


def test_one_search_adds_a_bounded_number_of_versions_those_of_its_reader_first(
    region: dict, ask: Ask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(writing, "AT_MOST", 2)
    for slug, owner in (
        ("s1", "heartland"),
        ("s1", "southmoor"),
        ("s2", "heartland"),
        ("s2", "southmoor"),
        ("s3", "heartland"),
    ):
        number = f"1.{slug[1]}" if owner == "heartland" else ""
        world.publish(slug, by=owner, number=number, body="A word.")

    found = [ask("word") for _ in range(3)]

    assert [(each.total, each.is_complete) for each in found] == [(2, False), (3, True), (3, True)]
    assert "3 published versions are not in the search index yet." in caplog.text
    assert "1 published versions are not in the search index yet." in caplog.text
    assert stamp_of(index.folder().current()) == FreshnessStamp.now()


def test_a_search_says_that_texts_are_missing(region: dict, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "AT_MOST", 1)
    world.publish("s1", number="1.1", body="The word.")
    world.publish("s2", number="1.2", body="The word.")

    first, second = ask("word"), ask("word")

    assert (first.total, first.is_complete) == (1, False)
    assert (second.total, second.is_complete) == (2, True)


def test_the_command_makes_the_index_anew(manual: None, ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    ask("advice")
    before = index.folder().current()

    call_command("rebuild_search_index", verbosity=0)

    assert index.folder().current() != before
    assert capsys.readouterr().out == f"{Version.objects.published().count()} versions are in the search index.\n"
    assert ask("advice").total == 1


def test_generations_no_longer_in_use_are_removed(manual: None, ask: Ask, index_folder: Path) -> None:
    for _ in range(4):
        call_command("rebuild_search_index", verbosity=0)

    assert len(list(index_folder.glob("index-*"))) == 2


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(
    manual: None, ask: Ask, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("advice")
    before = set(index_folder.glob("index-*"))

    def interrupted(items: writing.Documents, total: int) -> writing.Documents:
        yield next(iter(items))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        writing.rebuild(index.folder(), progress=interrupted)

    assert set(index_folder.glob("index-*")) == before
    assert ask("advice").total == 1


WRITER = """
import sys
from pathlib import Path
import django
django.setup()
from procedures.search import writing
from procedures.search.folder import IndexFolder
folder, first = IndexFolder(Path(sys.argv[1])), int(sys.argv[2])
for number in range(first, first + 6):
    document = dict(id=str(number), version=number, section=number, seal=number, slot=b"", heading="", anchor="",
                    title="", text="word", left_out="", body="word")
    with writing._locked(folder, 60):
        writing._write(folder.current(), [], [(number, [document])])
"""


def test_no_update_is_lost_when_many_processes_write(region: dict, ask: Ask, index_folder: Path) -> None:
    world.publish("s1", number="1.1", body="Text.")
    ask("word")

    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(index_folder), str(first)])
        for first in range(1000, 1040, 10)
    ]

    assert [writer.wait() for writer in writers] == [0] * 4
    wanted = frozenset(number for first in range(1000, 1040, 10) for number in range(first, first + 6))
    assert search("word", wanted, limit=1).total == 24
