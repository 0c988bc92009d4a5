"""The index follows what is published without anybody asking for it, one writer at a time."""

import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, transaction
from django.test import Client
from pytest_django import Settings

from partnerships.models import Contact, Partnership
from procedures.models import Document, FreshnessStamp, Term, Version
from procedures.search import items, keeping_up, past
from procedures.search.interface import Busy, Index, Seen, Unwritable
from procedures.search.on_whoosh import writing
from procedures.search.on_whoosh.folder import IndexFolder, stamp_of
from procedures.search.on_whoosh.writing import WhooshStore
from procedures.search.passages import Entry, Item, Kind
from tests import world
from tests.search.conftest import TODAY, Ask, slugs
from tests.threads import open_to_threads


def a_new_text() -> Version:
    return world.publish("new", number="1.6", body="A newword.")


def holds(word: str) -> bool:
    """Whether the index has a word anywhere, whatever the database says."""
    everyone = frozenset(Partnership.objects.values_list("pk", flat=True))
    return bool(keeping_up.store().open().holding(Seen(everyone, TODAY, everyone), [word]))


def an_entry(item: Item, body: str) -> Entry:
    region = Partnership.objects.get(kind="region")
    section = Version.objects.filter(pk=item.key).values_list("section", flat=True).first() or 0
    return Entry(item, 0, region.pk, section, date.min, date.max, "", "", "", "A title", body)


@pytest.fixture
def pretending(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """What tells the index another story; its `undo` brings back the truth."""
    yield monkeypatch
    monkeypatch.undo()


def pretend(pretending: pytest.MonkeyPatch, item: Item, body: str) -> None:
    """Have the next writer find other words under an item."""
    true_seals, true_entries = items.seals, items.entries

    def entries(wanted: list[Item]) -> Iterator[tuple[Item, list[Entry]]]:
        yield from true_entries([one for one in wanted if one != item])
        yield from ((one, [an_entry(item, body)]) for one in wanted if one == item)

    pretending.setattr(items, "seals", lambda: true_seals() | {item: 1})
    pretending.setattr(items, "entries", entries)


# --- By the next search -----------------------------------------------------------------------------------------------


def test_what_is_published_is_found_by_the_next_search(manual: None, ask: Ask) -> None:
    before = ask("newword").total

    a_new_text()

    assert (before, ask("newword").total, ask("newword").is_complete) == (0, 1, True)


def test_what_is_superseded_is_found_no_longer(manual: None, ask: Ask) -> None:
    before = ask("confidentiality").total

    world.publish("consent", on=TODAY, number="2.10", title="Consent", body="Other words.")

    assert (before, ask("confidentiality").total, holds("confidentiality")) == (1, 0, False)
    assert ask("confidentiality", on=date(2026, 11, 21)).total == 1


def test_a_scheduled_text_that_is_called_off_is_not_found(manual: None, ask: Ask) -> None:
    day = date(2027, 1, 1)
    version = world.publish("consent", on=day, number="2.10", title="Consent", body="A ghostword.")
    before = ask("ghostword", on=day).total

    world.publish("consent", on=day, number="2.10", title="Consent", body="Back again, to confidentiality.")

    assert version.pk and (before, ask("ghostword", on=day).total) == (1, 0)
    assert ask("confidentiality", on=day).total == 1


def test_documents_contacts_and_terms_are_found_by_the_next_search_and_no_longer_when_they_are_gone(
    manual: None, client: Client
) -> None:
    contact = world.make_contact(Partnership.objects.get(slug="heartland"), name="Firstword")
    world.make_document("form", title="Secondword form")
    world.make_term("Thirdword", definition="A termword.")
    found = [client.get(f"/search/?q={word}").context["beside"] for word in ("firstword", "secondword")]

    Contact.objects.filter(pk=contact.pk).update(name="Fourthword")
    Document.objects.update(title="Fifthword form")
    Term.objects.all().delete()

    assert [[one.title for one in each] for each in found] == [["Firstword"], ["Secondword form"]]
    queries = ("firstword", "fourthword", "secondword", "fifthword")
    after = [client.get(f"/search/?q={word}&spelling=as-typed").context["beside"] for word in queries]
    assert [[one.title for one in each] for each in after] == [[], ["Fourthword"], [], ["Fifthword form"]]
    assert not holds("termword")


def test_an_index_that_is_up_to_date_is_not_written_to(manual: None, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    ask("advice")

    monkeypatch.setattr(keeping_up, "catch_up", None)

    assert ask("advice").total == 1


def test_the_text_of_a_publication_that_came_to_nothing_is_not_found(manual: None, ask: Ask) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        world.publish("undone", number="1.6", body="A ghostword.")
        assert ask("ghostword").total == 1
        raise ZeroDivisionError
    world.publish("other", number="1.7", body="Another text, which may get the same key.")

    assert (ask("ghostword").total, holds("ghostword"), ask("another").total) == (0, False, 1)


def test_a_text_that_the_database_does_not_have_is_taken_out(
    manual: None, ask: Ask, pretending: pytest.MonkeyPatch
) -> None:
    pretend(pretending, Item(Kind.TEXT, 10**9), "ghostword")
    ask("advice")
    before = holds("ghostword"), ask("ghostword").total
    pretending.undo()

    a_new_text()

    assert (before, ask("newword").total, holds("ghostword")) == ((True, 0), 1, False)


def test_a_key_that_stands_for_another_text_now_is_indexed_again(
    manual: None, ask: Ask, pretending: pytest.MonkeyPatch
) -> None:
    """As after a database was restored from a backup."""
    pretend(pretending, Item(Kind.TEXT, Version.objects.get(number="2.10").pk), "ghostword")
    before = ask("ghostword").total, ask("confidentiality").total
    pretending.undo()

    a_new_text()

    assert (before, ask("ghostword").total, ask("confidentiality").total) == ((1, 0), 0, 1)


def test_a_reader_goes_on_with_the_index_that_was_open(manual: None, ask: Ask) -> None:
    ask("advice")
    before: Index = keeping_up.store().open()
    everyone = frozenset(Partnership.objects.values_list("pk", flat=True))

    a_new_text()
    call_command("rebuild_search_index", verbosity=0)

    assert before.holding(Seen(everyone, TODAY, everyone), ["advice", "newword"]).keys() == {"advice"}


# --- In the background ------------------------------------------------------------------------------------------------


@pytest.fixture
def woken(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Nothing is written at once; how often somebody was woken to do it, which is for the test to do."""
    calls: list[str] = []
    settings.SEARCH_WRITES_AT_ONCE = False
    monkeypatch.setattr(keeping_up, "wake", lambda: calls.append("woken"))
    monkeypatch.setattr(past, "note", lambda *args, **kwargs: None)
    return calls


def test_a_reader_does_not_wait_and_is_told_that_texts_may_be_missing(manual: None, ask: Ask, woken: list[str]) -> None:
    keeping_up.catch_up()
    a_new_text()

    meanwhile = ask("newword advice")
    keeping_up.catch_up()
    afterwards = ask("newword advice")

    assert (meanwhile.total, meanwhile.is_complete, woken) == (1, False, ["woken"])
    assert (afterwards.total, afterwards.is_complete) == (2, True)


def test_before_there_is_any_index_readers_get_a_sentence(manual: None, client: Client, woken: list[str]) -> None:
    page = client.get("/search/?q=consent")
    keeping_up.catch_up()

    assert page.status_code == 503
    assert "The words of the manual cannot be searched at the moment." in page.content.decode()
    assert woken
    assert client.get("/search/?q=confidentiality").status_code == 200


def test_whoever_published_meanwhile_is_not_forgotten(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A publication that wakes the writer when that has just finished, and is not gone yet, is caught up with too."""
    settings.SEARCH_WRITES_AT_ONCE = False

    class Kept:
        position, stamp, opened = "", "first", 0

        def is_up_to_date(self, stamp: str) -> bool:
            return self.position == stamp

        def catch_up(self, stamp: str) -> None:
            self.position = stamp

        def open(self) -> None:
            self.opened += 1
            if self.opened == 1:
                self.stamp = "second"
                keeping_up.wake()

    kept = Kept()
    monkeypatch.setattr(keeping_up, "store", lambda: kept)
    monkeypatch.setattr(FreshnessStamp, "now", classmethod(lambda cls: kept.stamp))

    keeping_up.wake()
    _join()

    assert kept.position == "second"


def _join() -> None:
    """Wait until nobody is writing in the background."""
    if (thread := keeping_up._thread) is not None:
        thread.join(20)


@pytest.mark.django_db(transaction=True)
def test_a_thread_of_the_process_brings_the_index_up_to_date(
    manual: None, ask: Ask, settings: Settings, tmp_path: Path
) -> None:
    ask("advice")
    a_new_text()
    settings.SEARCH_WRITES_AT_ONCE = False

    with open_to_threads(tmp_path):
        meanwhile = ask("newword advice")
        _join()
        afterwards = ask("newword advice")

    assert (slugs(meanwhile), meanwhile.is_complete) == (["sharing-information"], False)
    assert (set(slugs(afterwards)), afterwards.is_complete) == ({"sharing-information", "new"}, True)


@pytest.mark.django_db(transaction=True)
def test_a_request_that_wrote_wakes_the_thread_before_anybody_searches(
    manual: None, ask: Ask, settings: Settings, tmp_path: Path, back_end: str
) -> None:
    ask("advice")
    a_new_text()
    settings.SEARCH_WRITES_AT_ONCE = False

    with open_to_threads(tmp_path):
        keeping_up.follow()
        _join()

    assert keeping_up.store().is_up_to_date(FreshnessStamp.now())
    assert holds("newword")


def test_a_writer_is_left_alone_and_nobody_waits_for_it(
    manual: None, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("advice")
    a_new_text()

    def busy(stamp: str) -> None:
        raise Busy("Somebody else is writing.")

    with monkeypatch.context() as patched:
        patched.setattr(keeping_up.store(), "catch_up", busy)
        meanwhile = ask("newword advice")
    afterwards = ask("newword advice")

    assert (meanwhile.total, meanwhile.is_complete) == (1, False)
    assert (afterwards.total, afterwards.is_complete) == (2, True)


def test_what_cannot_be_written_is_not_tried_at_every_search(
    manual: None, ask: Ask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ask("advice")
    a_new_text()
    caplog.clear()

    def refuse(stamp: str) -> None:
        raise Unwritable("The disk is full.")

    monkeypatch.setattr(keeping_up.store(), "catch_up", refuse)
    found = [ask("newword advice") for _ in range(3)]

    assert [(each.total, each.is_complete) for each in found] == [(1, False)] * 3
    assert caplog.text.count("Searching what is in the index already. The disk is full.") == 1


def test_after_a_while_it_is_tried_again(manual: None, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    ask("advice")
    a_new_text()
    clock = 1000.0
    monkeypatch.setattr(keeping_up, "monotonic", lambda: clock)

    def refuse(stamp: str) -> None:
        raise Unwritable("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(keeping_up.store(), "catch_up", refuse)
        ask("newword")
    found = [ask("newword").total]
    clock += keeping_up.TRY_AGAIN + 1
    found.append(ask("newword").total)

    assert found == [0, 1]


def test_without_a_database_there_is_nothing_to_follow(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, woken: list[str]
) -> None:
    def gone(cls: type) -> str:
        raise OperationalError("no such table")

    monkeypatch.setattr(FreshnessStamp, "now", classmethod(gone))

    keeping_up.follow()

    assert woken == []


# --- The command ------------------------------------------------------------------------------------------------------


def test_the_command_makes_the_index_anew(manual: None, ask: Ask, capsys: pytest.CaptureFixture[str]) -> None:
    world.make_term("MASH")
    ask("advice")

    call_command("rebuild_search_index", verbosity=0)

    count = Version.objects.published().count() + Term.objects.count()
    assert capsys.readouterr().out == f"{count} texts, documents, contacts and terms are in the search index.\n"
    assert ask("advice").total == 1


def test_the_command_shows_how_far_it_is(manual: None, ask: Ask) -> None:
    seen: list[tuple[int, int]] = []

    def progress(made: Iterable, total: int) -> Iterator:
        for place, one in enumerate(made, 1):
            seen.append((place, total))
            yield one

    count = keeping_up.store().rebuild(progress=progress)

    assert seen == [(place, count) for place in range(1, count + 1)]


def test_a_large_manual_is_kept_in_several_segments(
    manual: None, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Ask()("advice consent hub", "northshire", as_typed=True)
    monkeypatch.setattr(writing, "LARGEST", 3)

    store = WhooshStore(index_folder)
    count = store.rebuild(progress=lambda made, total: made)
    again = Ask()("advice consent hub", "northshire", as_typed=True)

    assert len(store.open().segments) == -(-count // 3)
    assert [(hit.section, hit.score) for hit in again.hits] == [(hit.section, hit.score) for hit in found.hits]
    world.publish("new", number="1.9", body="A newword.")
    assert (Ask()("newword").total, Ask()("advice").total) == (1, 1)


def test_a_rebuild_that_fails_leaves_the_index_as_it_was(manual: None, ask: Ask, index_folder: Path) -> None:
    ask("advice")
    before = set(index_folder.glob("index-*"))

    def interrupted(made: Iterable, total: int) -> Iterator:
        yield next(iter(made))
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), transaction.atomic():
        keeping_up.store().rebuild(progress=interrupted)

    assert set(index_folder.glob("index-*")) == before
    assert ask("advice").total == 1


def test_the_command_says_why_it_could_not(manual: None, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(**kwargs: object) -> int:
        raise Busy("Somebody else is writing.")

    monkeypatch.setattr(keeping_up.store(), "rebuild", busy)

    with pytest.raises(CommandError) as refused:
        call_command("rebuild_search_index", verbosity=0)
    assert str(refused.value) == "The search index was not made, and stays as it was. Somebody else is writing."


# --- In a folder ------------------------------------------------------------------------------------------------------


@pytest.fixture
def store(index_folder: Path, db: None) -> WhooshStore:
    found = keeping_up.store()
    assert isinstance(found, WhooshStore)
    return found


def on_disk(folder: Path) -> Path:
    return IndexFolder(folder).current()


def test_an_index_in_a_folder_is_added_to_and_not_made_again(
    manual: None, store: WhooshStore, index_folder: Path
) -> None:
    Ask()("advice")
    generation = on_disk(index_folder)

    a_new_text()
    Ask()("newword")

    assert on_disk(index_folder) == generation
    assert stamp_of(generation) == FreshnessStamp.now()


def test_where_much_is_missing_it_is_made_anew_beside_the_one_in_use(
    manual: None, store: WhooshStore, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ask()("advice")
    generation = on_disk(index_folder)
    monkeypatch.setattr(writing, "AT_MOST", 0)

    a_new_text()

    assert Ask()("newword").total == 1
    assert on_disk(index_folder) != generation


def test_generations_no_longer_in_use_are_removed(manual: None, store: WhooshStore, index_folder: Path) -> None:
    for _ in range(4):
        call_command("rebuild_search_index", verbosity=0)

    assert len(list(index_folder.glob("index-*"))) == 2


def test_a_generation_that_is_swapped_under_an_open_reader_is_read_by_the_next_search(
    manual: None, store: WhooshStore, index_folder: Path
) -> None:
    Ask()("advice")
    a_new_text()

    other_process = WhooshStore(index_folder)
    other_process.rebuild(progress=lambda made, total: made)

    assert (Ask()("newword").total, Ask()("newword").is_complete) == (1, True)


HOLDER = """
import sys, time
from filelock import FileLock
lock = FileLock(sys.argv[1])
lock.acquire()
print("held", flush=True)
time.sleep(60)
"""


def test_the_lock_of_a_process_that_was_killed_is_free(manual: None, store: WhooshStore, index_folder: Path) -> None:
    Ask()("advice")
    a_new_text()
    command = [sys.executable, "-c", HOLDER, str(index_folder / "write.lock")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout and holder.stdout.readline() == "held\n"
        meanwhile = Ask()("newword advice")
        holder.kill()
    afterwards = Ask()("newword advice")

    assert (meanwhile.total, meanwhile.is_complete) == (1, False)
    assert (afterwards.total, afterwards.is_complete) == (2, True)


def test_what_a_killed_writer_left_half_made_is_removed(manual: None, store: WhooshStore, index_folder: Path) -> None:
    Ask()("advice")
    (index_folder / f"index-{'0' * 32}").mkdir()
    (index_folder / f"index-{'0' * 32}" / "MAIN_1.toc").write_bytes(b"half")

    for _ in range(2):
        call_command("rebuild_search_index", verbosity=0)

    assert not (index_folder / f"index-{'0' * 32}").exists()
    assert Ask()("advice").total == 1
