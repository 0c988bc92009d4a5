"""The index on disk: generations in a folder, one of them pointed to.

    var/search/current                 the name of the generation that is read
    var/search/index-<random>/         a generation: Whoosh's files and state.json
    var/search/write.lock              held by whoever writes

A new generation is written beside the one in use and takes its place in one step. Opening an index unpickles what is
in it, so a generation that others than its owner may write to is not opened: the folder belongs to the site alone.
"""

import json
import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from filelock import FileLock

from procedures.search.interface import Unavailable
from procedures.search.passages import FORMAT

_GENERATION = re.compile("index-[0-9a-f]{32}")
WRITABLE_BY_OTHERS = 0o022


class Damaged(Unavailable):
    """There is no index here that can be read."""


@dataclass(frozen=True)
class IndexFolder:
    """The folder that SEARCH_URL names. Whoever writes in it holds its `lock`."""

    path: Path

    def lock(self, *, seconds: float) -> FileLock:
        """The lock of whoever writes, waiting that long; making the folder where it is missing. May raise OSError."""
        self.path.mkdir(mode=0o755, parents=True, exist_ok=True)
        return FileLock(self.path / "write.lock", timeout=seconds)

    def current(self) -> Path:
        """The generation that is read; Damaged when there is none, or when it may not be trusted."""
        try:
            name = (self.path / "current").read_text("ascii").strip()
            if not _GENERATION.fullmatch(name):
                raise Damaged(f"{self.path / 'current'} does not name a generation of the index.")
            generation = self.path / name
            if generation.stat().st_mode & WRITABLE_BY_OTHERS:
                raise Damaged(f"{generation} may be written to by others, so it is not opened.")
        except (OSError, ValueError) as error:
            raise Damaged(f"There is no index in {self.path}: {error}") from error
        return generation

    def begin(self) -> Path:
        """A new, empty generation that nobody reads yet."""
        generation = self.path / f"index-{uuid4().hex}"
        generation.mkdir(mode=0o755)
        generation.chmod(0o755)  # whatever the umask says
        return generation

    def point_to(self, generation: Path) -> None:
        """Make `generation` the one that is read, and remove all but it and the one before it, which may be in use."""
        kept = {generation.name}
        with suppress(OSError, ValueError):
            kept.add((self.path / "current").read_text("ascii").strip())
        _write(self.path / "current", generation.name)
        for path in self.path.iterdir():
            if _GENERATION.fullmatch(path.name) and path.name not in kept:
                shutil.rmtree(path, ignore_errors=True)


def stamp_of(generation: Path) -> str:
    """The freshness stamp up to which a generation holds everything; Damaged when it is of another format."""
    try:
        state = json.loads((generation / "state.json").read_text("utf-8"))
        if state["format"] != FORMAT:
            raise Damaged(f"{generation} is of format {state['format']!r}, and this release reads {FORMAT!r}.")
        return str(state["stamp"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"{generation} does not say what it holds: {error}") from error


def write_stamp(generation: Path, stamp: str) -> None:
    """Record that a generation holds everything up to the freshness stamp."""
    _write(generation / "state.json", json.dumps({"format": FORMAT, "stamp": stamp}))


def _write(path: Path, text: str) -> None:
    """Write a small file so that others read it as it was or as it is, never half of it."""
    beside = path.with_name(f"{path.name}.{uuid4().hex}")
    beside.write_text(text, "utf-8")
    os.replace(beside, path)
