"""An index that is missing, broken or not ours is made anew; a reader never sees an error for it.

What can happen to an index in a folder, and what readers get where it can be neither read nor written.
"""

import errno
import gc
import json
import os
import shutil
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings
from whoosh.index import TOC

from procedures.search import keeping_up, past
from procedures.search.answering import UNAVAILABLE, SearchUnavailable
from procedures.search.interface import Unavailable
from procedures.search.on_whoosh import writing
from procedures.search.on_whoosh.files import CopiedFiles
from procedures.search.on_whoosh.folder import IndexFolder
from procedures.search.on_whoosh.opened import OpenedIndex
from procedures.search.on_whoosh.schema import SCHEMA
from tests import world
from tests.search.conftest import Ask

Damage = Callable[[Path], object]


def generation(folder: Path) -> Path:
    return IndexFolder(folder).current()


def _files(folder: Path, pattern: str) -> list[Path]:
    found = list(generation(folder).glob(pattern))
    assert found
    return found


def _truncate(pattern: str, share: float) -> Damage:
    def damage(folder: Path) -> None:
        for path in _files(folder, pattern):
            os.truncate(path, int(path.stat().st_size * share))

    return damage


def _overwrite(pattern: str, content: bytes) -> Damage:
    return lambda folder: [path.write_bytes(content) for path in _files(folder, pattern)]


def _remove(pattern: str) -> Damage:
    return lambda folder: [path.unlink() for path in _files(folder, pattern)]


def _pointer(content: bytes) -> Damage:
    return lambda folder: (folder / "current").write_bytes(content)


def _format(value: str) -> Damage:
    return lambda folder: _overwrite("state.json", json.dumps({"format": value, "stamp": ""}).encode())(folder)


DAMAGES: dict[str, Damage] = {
    "no folder": shutil.rmtree,
    "an empty folder": lambda folder: [shutil.rmtree(folder), folder.mkdir()],
    "no pointer": lambda folder: (folder / "current").unlink(),
    "an empty pointer": _pointer(b""),
    "a pointer to elsewhere": _pointer(b"../../etc"),
    "a pointer to nothing": _pointer(b"index-" + b"0" * 32),
    "a pointer that is no text": _pointer(b"\xff\xfe\x00"),
    "no generation": lambda folder: shutil.rmtree(generation(folder)),
    "a generation that is a file": lambda folder: [shutil.rmtree(path := generation(folder)), path.write_text("")],
    "no state": _remove("state.json"),
    "another state": _overwrite("state.json", b"[1, 2]"),
    "another format": _format("0.0"),
    "a format yet to come": _format("99"),
    "no table of contents": _remove("*.toc"),
    "a foreign table of contents": _overwrite("*.toc", b"not an index" * 100),
    "no segment": _remove("*.seg"),
    "a foreign segment": _overwrite("*.seg", b"not a segment" * 1000),
    "a segment of noughts": lambda folder: [p.write_bytes(bytes(p.stat().st_size)) for p in _files(folder, "*.seg")],
    "writable by others": lambda folder: generation(folder).chmod(0o777),
    "writable by a group": lambda folder: generation(folder).chmod(0o775),
} | {
    f"{name}, cut to {share:.0%}": _truncate(pattern, share)
    for name, pattern in (("state", "state.json"), ("table of contents", "*.toc"), ("segment", "*.seg"))
    for share in (0, 0.5, 0.95)
}


@pytest.fixture
def section(region: dict, index_folder: Path) -> None:
    """A section, and an index that has it and is open."""
    world.publish("consent", number="1.1", title="Consent", body="Confidentiality and advice.")
    assert Ask()("advice").total == 1


def as_another_process() -> None:
    """Nothing is open, or known to be broken, any more."""
    keeping_up._store.cache_clear()


def test_every_file_of_a_generation_is_among_those_that_are_damaged(section: None, index_folder: Path) -> None:
    names = {path.name for path in generation(index_folder).iterdir()}

    assert {name for name in names if not name.endswith((".toc", ".seg", "state.json", "_WRITELOCK"))} == set()


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_an_index_damaged_while_it_is_closed_is_made_anew(section: None, index_folder: Path, damage: Damage) -> None:
    damage(index_folder)
    as_another_process()

    found = Ask()("advice")

    assert (found.total, found.is_complete) == (1, True)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_an_index_damaged_while_it_is_open_is_searched_and_mended_by_the_next_publication(
    section: None, index_folder: Path, damage: Damage
) -> None:
    damage(index_folder)
    meanwhile = Ask()("advice").total

    world.publish("new", number="1.6", body="A newword.")
    found = Ask()("newword")
    as_another_process()
    again = Ask()("newword advice")

    assert (meanwhile, found.total, found.is_complete) == (1, 1, True)
    assert (again.total, again.is_complete) == (2, True)


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_meanwhile_readers_get_results_or_a_sentence(
    section: None,
    index_folder: Path,
    client: Client,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    damage: Damage,
) -> None:
    """Where the index is mended in the background, which comes later here."""
    settings.SEARCH_WRITES_AT_ONCE = False
    settings.SEARCH_URL = f"whoosh:{index_folder}"
    monkeypatch.setattr(keeping_up, "wake", lambda: None)
    monkeypatch.setattr(past, "note", lambda *args, **kwargs: None)
    damage(index_folder)
    is_open = client.get("/search/?q=advice").status_code
    as_another_process()

    first, second, typing = (
        client.get(url) for url in ("/search/?q=advice", "/search/?q=advize", "/api/v1/suggestions?q=ad")
    )
    keeping_up.catch_up()
    afterwards = client.get("/search/?q=advice")

    assert is_open == 200
    assert {first.status_code, second.status_code} <= {200, 503}
    assert typing.status_code == 200
    assert (afterwards.status_code, afterwards.context["found"].total) == (200, 1)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_an_index_that_cannot_be_added_to_is_made_anew(
    section: None, index_folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoosh reads a segment from the disk again only when it merges it with others."""
    broken = generation(index_folder)
    _truncate("*.seg", 0.5)(index_folder)

    found = []
    for place, word in enumerate(("alphaword", "betaword", "gammaword", "deltaword", "epsilonword", "zetaword")):
        world.publish(f"new-{place}", number=f"2.{place + 1}", body=f"An {word}.")
        found.append((Ask()(word).total, Ask()(word).is_complete))
    caplog.clear()  # the failure, which holds files that Whoosh left open and that are warned of
    gc.collect()

    assert found == [(1, True)] * 6
    assert generation(index_folder) != broken


def test_an_index_that_opens_but_cannot_be_searched_is_made_anew(
    section: None, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, evidence = generation(index_folder), OpenedIndex.evidence

    def failing(self: OpenedIndex, *args: Any) -> Any:
        if self.generation == broken:
            raise Unavailable("unpack requires a buffer of 4 bytes")
        return evidence(self, *args)

    monkeypatch.setattr(OpenedIndex, "evidence", failing)

    assert Ask()("advice").total == 1
    assert generation(index_folder) != broken


@pytest.mark.parametrize(
    "error", [struct.error("short"), KeyError("x"), EOFError(), OSError(5, "I/O"), RecursionError()]
)
def test_whatever_fails_inside_is_unavailable(section: None, monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    index = keeping_up.store().open()
    assert isinstance(index, OpenedIndex)

    def failing(*args: object) -> None:
        raise error

    monkeypatch.setattr(OpenedIndex, "_seen", failing)

    with pytest.raises(Unavailable):
        index.evidence(None, [], [])  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        index.holding(None, ["word"])  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        index.beginning_with(None, "word", 1)  # type: ignore[arg-type]


class Bomb:
    """Unpickling this makes a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return os.mkdir, (str(self.path),)


@pytest.mark.parametrize("mode", [0o777, 0o775, 0o757])
def test_an_index_that_others_may_write_to_is_not_opened(
    section: None, index_folder: Path, tmp_path: Path, mode: int
) -> None:
    opened = generation(index_folder)
    [contents] = opened.glob("*.toc")
    contents.unlink()
    TOC(SCHEMA, Bomb(tmp_path / "exploded"), 1).write(CopiedFiles(opened), "MAIN")
    opened.chmod(mode)
    as_another_process()

    found = Ask()("advice")

    assert found.total == 1
    assert not (tmp_path / "exploded").exists()
    assert generation(index_folder) != opened


def test_the_folders_that_are_made_can_be_written_to_by_nobody_else(section: None, index_folder: Path) -> None:
    modes = [path.stat().st_mode & 0o777 for path in (index_folder, generation(index_folder))]

    assert [mode & 0o022 for mode in modes] == [0, 0]


# --- Where it cannot be written ---------------------------------------------------------------------------------------


def _refuse_lock(self: IndexFolder, *, seconds: float) -> None:
    raise PermissionError(errno.EACCES, "Permission denied")


def test_in_a_read_only_folder_what_is_there_is_searched(
    section: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(IndexFolder, "lock", _refuse_lock)
    world.publish("new", number="1.6", body="A newword.")

    found = [Ask()("newword advice") for _ in range(3)]

    assert [(each.total, each.is_complete) for each in found] == [(1, False)] * 3
    assert caplog.text.count("Searching what is in the index already.") == 1


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EDQUOT, errno.EACCES])
def test_a_full_disk_leaves_what_is_there(
    section: None, monkeypatch: pytest.MonkeyPatch, index_folder: Path, number: int
) -> None:
    before = {path for path in index_folder.rglob("*") if path.suffix in (".seg", ".toc")}
    world.publish("new", number="1.6", body="A newword.")

    def full(*args: object) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(writing, "_write", full)
        meanwhile = Ask()("newword advice")
    keeping_up._refused.clear()  # a quarter of a minute later
    afterwards = Ask()("newword advice")

    assert (meanwhile.total, meanwhile.is_complete) == (1, False)
    assert (afterwards.total, afterwards.is_complete) == (2, True)
    assert before


def test_a_disk_that_fills_while_an_index_is_made_leaves_no_half_of_it(
    section: None, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(index_folder.glob("index-*"))

    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writing, "write_stamp", full)
    with pytest.raises(writing.Unwritable):
        keeping_up.store().rebuild(progress=lambda made, total: made)

    assert set(index_folder.glob("index-*")) == before


@pytest.fixture
def nowhere(region: dict, settings: Settings, tmp_path: Path) -> None:
    """A section, and a file where the index's folder should be."""
    world.publish("consent", number="1.1", title="Consent", body="Confidentiality and advice.")
    world.publish("other", number="1.2", title="Other", body="Consent.")
    (tmp_path / "file").write_text("no folder")
    settings.SEARCH_URL = f"whoosh:{tmp_path / 'file'}"


def test_search_is_unavailable_where_no_index_can_be_read_or_written(nowhere: None) -> None:
    with pytest.raises(SearchUnavailable) as unavailable:
        Ask()("advice consent")

    assert str(unavailable.value) == UNAVAILABLE
    assert [named.name for named in unavailable.value.named] == ["1.1 Consent"]


def test_the_page_says_so_and_names_sections_by_their_titles(
    nowhere: None, reader: Any, settings: Settings, tmp_path: Path
) -> None:
    settings.SEARCH_URL = f"whoosh:{tmp_path / 'file'}"

    page = reader.read("/search/?q=advice+consent")

    assert page.status == 503
    assert UNAVAILABLE in page.main
    assert ("1.1 Consent", "/sections/consent/") in page.links("//main")
    assert "ETag" not in page.response.headers
    assert page.response.headers["Cache-Control"] == "no-store"


def test_numbers_lead_to_their_sections_and_titles_are_suggested_all_the_same(
    nowhere: None, client: Client, settings: Settings, tmp_path: Path
) -> None:
    settings.SEARCH_URL = f"whoosh:{tmp_path / 'file'}"

    typing = client.get("/api/v1/suggestions?q=cons").json()

    assert [one["text"] for one in typing["suggestions"]] == ["1.1 Consent"]
    assert client.get("/search/?q=1.1").status_code == 302


def test_the_api_answers_with_a_problem(nowhere: None, client: Client, settings: Settings, tmp_path: Path) -> None:
    settings.SEARCH_URL = f"whoosh:{tmp_path / 'file'}"

    answer = client.get("/api/v1/search?q=advice")

    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["detail"] == UNAVAILABLE


def test_what_a_killed_rebuild_left_is_removed_and_the_generation_in_use_is_not(
    manual: None, ask: Ask, index_folder: Path, back_end: str
) -> None:
    if back_end != "whoosh":
        pytest.skip("The index is in the database.")
    ask("advice")
    in_use = (index_folder / "current").read_text()
    left = index_folder / f"index-{'f' * 32}"
    left.mkdir()

    keeping_up.store().rebuild(progress=lambda entries, total: entries)

    generations = {path.name for path in index_folder.glob("index-*")}
    assert generations == {in_use, (index_folder / "current").read_text()}
