"""Where uploaded files are kept: by their content, whole or not at all."""

import hashlib
import os
from pathlib import Path

import pytest

from procedures.uploads import storage

SHA256 = hashlib.sha256(b"content").hexdigest()


def names(media: Path) -> list[str]:
    return sorted(path.relative_to(media).as_posix() for path in media.rglob("*") if path.is_file())


def test_content_is_kept_once_under_its_digest_and_without_an_ending(media):
    assert [storage.keep(b"content"), storage.keep(b"content")] == [SHA256, SHA256]
    assert names(media) == [f"documents/{SHA256[:2]}/{SHA256}"]
    assert storage.read(SHA256) == b"content"


def test_a_kept_file_cannot_be_run(media):
    storage.keep(b"content")

    assert (media / storage.name_of(SHA256)).stat().st_mode & 0o777 == 0o640


def test_what_the_disk_has_lost_or_altered_is_known_and_mended_by_keeping_it_again(media):
    path = media / storage.name_of(SHA256)
    before = storage.is_kept(SHA256), storage.is_sound(SHA256)
    storage.keep(b"content")
    path.write_bytes(b"other")
    altered = storage.is_kept(SHA256), storage.is_sound(SHA256)

    storage.keep(b"content")

    assert (before, altered, storage.is_sound(SHA256)) == ((False, False), (True, False), True)


def test_a_file_that_cannot_be_written_whole_leaves_nothing(media, monkeypatch):
    def full(number: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left on device"):
        storage.keep(b"content")
    assert names(media) == []


def test_a_name_is_given_only_to_what_is_on_the_disk(media, monkeypatch):
    done: list[str] = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda number: (done.append("synced"), fsync(number))[1])
    monkeypatch.setattr(os, "replace", lambda *names: (done.append("named"), replace(*names))[1])

    storage.keep(b"content")

    assert done == ["synced", "named", "synced", "synced", "synced"]
