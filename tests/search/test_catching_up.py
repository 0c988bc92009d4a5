"""How soon the index follows: what is written and read for one new text, and who is left to write it."""

from pathlib import Path

import pytest
from pytest_django import Settings
from whoosh.filedb.filestore import FileStorage

from procedures.models import FreshnessStamp
from procedures.search import keeping_up
from procedures.search.interface import Busy
from procedures.search.on_whoosh.writing import WhooshStore
from tests import world
from tests.search.conftest import Ask


class Kept:
    """An index of which a test says how it is written, with a freshness stamp of its own."""

    def __init__(self) -> None:
        self.position, self.stamp, self.rounds = "0", "0", 0

    def is_up_to_date(self, stamp: str) -> bool:
        return self.position == stamp

    def catch_up(self, stamp: str) -> None:
        self.rounds += 1
        self.position = stamp

    def open(self) -> None:
        pass


@pytest.fixture
def kept(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Kept:
    """The index in the place of the site's; nothing is written at once, and nobody was found writing."""
    settings.SEARCH_WRITES_AT_ONCE = False
    found = Kept()
    monkeypatch.setattr(keeping_up, "store", lambda: found)
    monkeypatch.setattr(keeping_up, "_left_at", {})
    monkeypatch.setattr(FreshnessStamp, "now", classmethod(lambda cls: found.stamp))
    return found


@pytest.fixture
def woken(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often somebody was woken, which is for the test to do."""
    calls: list[str] = []
    monkeypatch.setattr(keeping_up, "wake", lambda: calls.append("woken"))
    return calls


def _join() -> None:
    if (thread := keeping_up._thread) is not None:
        thread.join(20)
        assert not thread.is_alive(), "It never ends."


# --- Who writes -------------------------------------------------------------------------------------------------------


def test_searches_leave_whoever_is_writing_alone_for_a_moment_and_who_published_does_not(
    kept: Kept, woken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(stamp: str) -> None:
        raise Busy("Somebody else is writing.")

    clock, seen = 1000.0, []
    monkeypatch.setattr(keeping_up, "monotonic", lambda: clock)
    monkeypatch.setattr(kept, "catch_up", busy)
    kept.stamp = "1"

    keeping_up.see_to("1")
    seen.append(len(woken))
    keeping_up.catch_up()  # which finds somebody writing
    keeping_up.see_to("1")
    seen.append(len(woken))
    clock += keeping_up.LEFT_ALONE + 0.1
    keeping_up.see_to("1")
    seen.append(len(woken))
    keeping_up.catch_up()
    keeping_up.follow()
    seen.append(len(woken))

    assert seen == [1, 1, 2, 3]


def test_however_long_others_go_on_publishing_the_last_of_it_is_caught_up_with(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever was told that somebody is writing relies on that."""
    last = 3 * keeping_up.MOST_ROUNDS

    def overtaken(stamp: str) -> None:
        Kept.catch_up(kept, stamp)
        kept.stamp = str(min(int(kept.stamp) + 1, last))

    monkeypatch.setattr(kept, "catch_up", overtaken)
    kept.stamp = "1"

    keeping_up.wake()
    _join()

    assert (kept.position, kept.rounds) == (str(last), last)


def test_an_index_that_stays_behind_whatever_is_done_is_not_written_for_ever(
    kept: Kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(stamp: str) -> None:
        kept.rounds += 1

    monkeypatch.setattr(kept, "catch_up", lost)
    kept.stamp = "1"

    keeping_up.wake()
    _join()

    assert kept.rounds == keeping_up.MOST_ROUNDS


# --- What one new text costs in a folder ------------------------------------------------------------------------------


@pytest.fixture
def store(index_folder: Path, db: None) -> WhooshStore:
    found = keeping_up.store()
    assert isinstance(found, WhooshStore)
    return found


def test_only_what_stays_is_written_to_disk(manual: None, store: WhooshStore, monkeypatch: pytest.MonkeyPatch) -> None:
    Ask()("advice")
    written: list[str] = []
    true_create = FileStorage.create_file

    def create_file(self: FileStorage, name: str, *args: object, **options: object) -> object:
        written.append(name)
        return true_create(self, name, *args, **options)

    monkeypatch.setattr(FileStorage, "create_file", create_file)
    world.publish("new", number="1.6", body="A newword.")
    found = Ask()("newword").total

    assert found == 1
    assert sorted("toc" if ".toc" in name else name.rpartition(".")[2] for name in written) == ["seg", "toc"]


def test_of_what_another_process_has_written_only_that_is_read(
    manual: None, store: WhooshStore, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Ask()("advice")
    world.publish("new", number="1.6", body="A newword.")
    before = set(index_folder.rglob("*.seg"))
    WhooshStore(index_folder).catch_up(FreshnessStamp.now())
    theirs = set(index_folder.rglob("*.seg")) - before
    read: list[Path] = []
    true_read = Path.read_bytes

    def read_bytes(self: Path) -> bytes:
        read.append(self)
        return true_read(self)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)
    world.publish("newer", number="1.7", body="A newerword.")
    store.catch_up(FreshnessStamp.now())

    assert len(theirs) == 1
    assert {path for path in read if path.suffix == ".seg"} == theirs
