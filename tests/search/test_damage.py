"""An index that is missing, broken or not ours is made anew; a reader never sees an error for it."""

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

from procedures.search import index, writing
from procedures.search.folder import IndexFolder
from procedures.search.index import SearchUnavailable
from procedures.search.opened import CopiedFiles, OpenedIndex
from procedures.search.passages import SCHEMA
from tests import world
from tests.search.conftest import Ask


def _files(folder: Path, pattern: str) -> list[Path]:
    return list(IndexFolder(folder).current().glob(pattern))


def _truncate(pattern: str, size: int) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for path in _files(folder, pattern):
            os.truncate(path, min(size, path.stat().st_size))

    return damage


def _overwrite(pattern: str, content: bytes) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for path in _files(folder, pattern):
            path.write_bytes(content)

    return damage


def _remove(pattern: str) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        for path in _files(folder, pattern):
            path.unlink()

    return damage


def _pointer(words: str) -> Callable[[Path], None]:
    return lambda folder: (folder / "current").write_text(words) and None


def _pointer_without_generation(folder: Path) -> None:
    shutil.rmtree(IndexFolder(folder).current())


def _other_format(folder: Path) -> None:
    (IndexFolder(folder).current() / "state.json").write_text(json.dumps({"format": "0.0", "stamp": ""}))


DAMAGES = {
    "no folder": shutil.rmtree,
    "an empty folder": lambda folder: shutil.rmtree(folder) or folder.mkdir(),
    "no pointer": lambda folder: (folder / "current").unlink(),
    "an empty pointer": _pointer(""),
    "a pointer to elsewhere": _pointer("../../etc"),
    "a pointer to nothing": _pointer("index-" + "0" * 32),
    "a pointer that is no text": lambda folder: (folder / "current").write_bytes(b"\xff\xfe\x00"),
    "no generation": _pointer_without_generation,
    "no state": _remove("state.json"),
    "half a state": _overwrite("state.json", b'{"format": '),
    "another state": _overwrite("state.json", b"[1, 2]"),
    "another format": _other_format,
    "no table of contents": _remove("*.toc"),
    "an empty table of contents": _truncate("*.toc", 0),
    "half a table of contents": _truncate("*.toc", 300),
    "a foreign table of contents": _overwrite("*.toc", b"not an index" * 100),
    "no segment": _remove("*.seg"),
    "an empty segment": _truncate("*.seg", 0),
    "a truncated segment": _truncate("*.seg", 700),
    "a segment without its end": _truncate("*.seg", 3000),
    "a foreign segment": _overwrite("*.seg", b"not a segment" * 1000),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
@pytest.mark.parametrize("is_opened", [True, False], ids=["while in use", "before it is opened"])
def test_a_damaged_index_is_made_anew(
    manual: None,
    ask: Ask,
    index_folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    damage: Callable[[Path], None],
    is_opened: bool,
) -> None:
    ask("advice")
    if not is_opened:
        index._opened.close()
        monkeypatch.setattr(index, "_opened", None)

    damage(index_folder)

    found = ask("advice", "northshire")
    assert (found.total, found.is_complete) == (1, True)


def test_a_truncated_index_is_found_out_when_something_is_published(manual: None, ask: Ask, index_folder: Path) -> None:
    ask("advice")
    _truncate("*.seg", 3000)(index_folder)

    world.publish("new", number="1.6", body="A newword.")

    assert ask("newword").total == 1
    assert ask("advice").total == 1


def test_an_index_of_another_release_is_made_anew(manual: None, ask: Ask, index_folder: Path) -> None:
    ask("advice")
    before = IndexFolder(index_folder).current()

    _other_format(index_folder)

    assert ask("advice").total == 1
    assert IndexFolder(index_folder).current() != before


def test_an_index_that_opens_but_cannot_be_searched_is_made_anew(
    manual: None, ask: Ask, index_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("advice")
    broken, ranked = IndexFolder(index_folder).current(), OpenedIndex.ranked

    def failing(self: OpenedIndex, *args: Any) -> list[int]:
        if self.generation == broken:
            raise struct.error("unpack requires a buffer of 4 bytes")
        return ranked(self, *args)

    monkeypatch.setattr(OpenedIndex, "ranked", failing)

    assert ask("advice").total == 1
    assert IndexFolder(index_folder).current() != broken


class Bomb:
    """Unpickling this makes a folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple:
        return os.mkdir, (str(self.path),)


def test_an_index_that_others_may_write_to_is_not_opened(
    manual: None, ask: Ask, index_folder: Path, tmp_path: Path
) -> None:
    ask("advice")
    generation = IndexFolder(index_folder).current()
    [contents] = generation.glob("*.toc")
    contents.unlink()
    TOC(SCHEMA, Bomb(tmp_path / "exploded"), 1).write(CopiedFiles(generation), "MAIN")
    generation.chmod(0o777)

    found = ask("advice")

    assert found.total == 1
    assert not (tmp_path / "exploded").exists()
    assert IndexFolder(index_folder).current() != generation


def _refuse(self: IndexFolder, *, seconds: float) -> None:
    raise PermissionError(13, "Permission denied")


def test_in_a_read_only_folder_what_is_there_is_searched(
    manual: None, ask: Ask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ask("advice")
    monkeypatch.setattr(IndexFolder, "lock", _refuse)
    world.publish("new", number="1.6", body="A newword.")

    found = [ask("newword advice") for _ in range(3)]

    assert [(each.total, each.is_complete) for each in found] == [(1, False)] * 3
    assert caplog.text.count("Searching what is in the index already.") == 1


def test_a_full_disk_leaves_what_is_there(manual: None, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    ask("advice")
    world.publish("new", number="1.6", body="A newword.")

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "_write", full)

    assert ask("newword advice").total == 1


def test_search_is_unavailable_where_no_index_can_be_read_or_written(
    manual: None, ask: Ask, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    settings.SEARCH_URL = f"whoosh:{tmp_path / 'file'}"

    with pytest.raises(SearchUnavailable, match=r"^The manual cannot be searched at the moment\."):
        ask("advice")


def test_the_page_says_that_search_is_unavailable(
    manual: None, client: Client, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("no folder")
    settings.SEARCH_URL = f"whoosh:{tmp_path / 'file'}"

    response = client.get("/search/?q=advice")

    assert response.status_code == 503
    assert "The manual cannot be searched at the moment. The contents list every section." in response.text
    assert "ETag" not in response.headers
