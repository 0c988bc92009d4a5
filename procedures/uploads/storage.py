"""Where uploaded files are kept: below MEDIA_ROOT, each under the SHA-256 of its content and without an ending.

Nothing there can be run, guessed from a name or overwritten with something else, and the same content is there once.
"""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings
from django.core.files.storage import default_storage

PORTION = 1024 * 1024


def digest_of(content: bytes) -> str:
    """The SHA-256 (hexadecimal) under which content is kept."""
    return hashlib.sha256(content).hexdigest()


def name_of(sha256: str) -> str:
    """Where content with this digest is kept, from MEDIA_ROOT."""
    return f"documents/{sha256[:2]}/{sha256}"


def keep(content: bytes) -> str:
    """Put content on the disk, if it is not there yet, and give its digest.

    It is there whole or not at all, and once this returns it outlives a loss of power: so a row of the database that
    names it may be committed.
    """
    sha256 = digest_of(content)
    if not is_sound(sha256):
        _write(Path(default_storage.path(name_of(sha256))), content)
    return sha256


def is_kept(sha256: str) -> bool:
    """Whether there is a file for content with this digest."""
    return default_storage.exists(name_of(sha256))


def is_sound(sha256: str) -> bool:
    """Whether there is a file for content with this digest, and that content is in it; reads all of it."""
    try:
        with opened(sha256) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256  # type: ignore[arg-type]
    except OSError:
        return False


def opened(sha256: str) -> BinaryIO:
    """The kept content, open for reading; FileNotFoundError (or another OSError) where it is gone."""
    return default_storage.open(name_of(sha256), "rb")  # type: ignore[return-value]


def read(sha256: str) -> bytes:
    """The kept content; OSError where it is gone."""
    with opened(sha256) as file:
        return file.read()


def _write(path: Path, content: bytes) -> None:
    """Write a file under another name, see it onto the disk, and give it its own name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    number, temporary = tempfile.mkstemp(dir=path.parent, prefix=".")
    try:
        with open(number, "wb") as file:
            file.write(content)
            file.flush()
            os.fchmod(file.fileno(), 0o640)
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    for folder in (path.parent, path.parent.parent, Path(settings.MEDIA_ROOT)):
        with _folder(folder) as open_folder:
            os.fsync(open_folder)


@contextmanager
def _folder(path: Path) -> Iterator[int]:
    """An open folder, whose list of names can be seen onto the disk."""
    number = os.open(path, os.O_RDONLY)
    try:
        yield number
    finally:
        os.close(number)
