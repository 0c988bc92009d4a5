"""The vectors of passages, kept in an SQLite file beside the index: var/search/vectors-<digest of the model>.sqlite3.

By the digest of a passage's words, so that no words are encoded twice. The file can be thrown away: what is missing is
made again. What was committed to it survives a kill; a broken one is put aside by whoever writes.
"""

import logging
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from pathlib import Path

import numpy as np

from procedures.search.interface import Digests
from procedures.search.meaning.model import Vectors

FORMAT = 1
KEPT_ROWS = 8  # of what readers may see
MOST_BLOCKS = 16  # in memory, before they are made one
WRITER_WAITS = 20  # seconds for readers
READER_WAITS = 0.2  # seconds for whoever writes; else the vectors known already have to do

_TABLE = """
CREATE TABLE IF NOT EXISTS vector (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    passage INTEGER NOT NULL UNIQUE,
    floats BLOB NOT NULL CHECK (length(floats) = {bytes})
)
"""

logger = logging.getLogger(__name__)


class VectorFile:
    """The file with the vectors of one model, of `width` numbers each, kept as 16-bit floats."""

    def __init__(self, folder: Path, model: str, width: int) -> None:
        self.path = folder / f"vectors-{model}-{FORMAT}.sqlite3"
        self.width = width

    def passages(self) -> set[int]:
        """The digests of all passages that have a vector. May raise sqlite3.Error or OSError, as what follows."""
        with closing(self._writer()) as connection:
            [verdict] = connection.execute("PRAGMA quick_check(1)").fetchone()
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict)
            return {digest for (digest,) in connection.execute("SELECT passage FROM vector")}

    def add(self, passages: Iterable[int], vectors: Vectors) -> None:
        """Keep vectors, all or none of them."""
        rows = zip(passages, (row.tobytes() for row in vectors.astype("<f2")), strict=True)
        with closing(self._writer()) as connection, connection:
            connection.executemany("INSERT OR IGNORE INTO vector (passage, floats) VALUES (?, ?)", rows)

    def remove(self, passages: Iterable[int]) -> None:
        """Let go of vectors of passages that there are no more."""
        with closing(self._writer()) as connection, connection:
            connection.executemany("DELETE FROM vector WHERE passage = ?", ((digest,) for digest in passages))

    def throw_away(self) -> None:
        """Remove the file, so that it is made anew."""
        for path in (self.path, self.path.with_name(f"{self.path.name}-journal")):
            path.unlink(missing_ok=True)

    def throw_away_others(self) -> None:
        """Remove the files of models used before."""
        for path in self.path.parent.glob("vectors-*.sqlite3"):
            if path != self.path:
                with suppress(OSError):
                    path.unlink()

    def _writer(self) -> sqlite3.Connection:
        self.path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        connection = sqlite3.connect(self.path, timeout=WRITER_WAITS)
        connection.execute(_TABLE.format(bytes=2 * self.width))
        return connection


class KnownVectors:
    """The vectors of a file in this process's memory, read as they come. For one at a time."""

    def __init__(self, file: VectorFile) -> None:
        self._file = file
        self._connection: sqlite3.Connection | None = None
        self._identity: tuple[int, int] | None = None  # of the file that is open
        self._is_broken = False
        self._forget()

    def _forget(self) -> None:
        self._version, self._last = -1, 0
        self._blocks: list[Vectors] = []
        self._passages = np.empty(0, np.int64)  # their digests, in the order of the rows
        self._rows: dict[Digests, tuple[np.ndarray, np.ndarray]] = {}

    def __len__(self) -> int:
        return len(self._passages)

    def refresh(self) -> None:
        """Read what has been added to the file; where it cannot be read, what is known already has to do."""
        try:
            self._open_again_if_moved()
            if self._connection is not None:
                self._read(self._connection)
        except (sqlite3.Error, OSError, ValueError) as error:
            if not self._is_broken:
                logger.warning("Searching without some vectors: %s cannot be read (%s).", self._file.path, error)
            self._is_broken = not isinstance(error, sqlite3.OperationalError)

    def alike(self, vector: np.ndarray) -> np.ndarray:
        """How like a vector each of the rows is, from -1 to 1."""
        return np.concatenate([block @ vector for block in self._blocks] or [np.empty(0, np.float32)])

    def rows_of(self, passages: Digests) -> tuple[np.ndarray, np.ndarray]:
        """The rows of those passages that have a vector, and the numbers of these."""
        if passages not in self._rows:
            if len(self._rows) >= KEPT_ROWS:
                self._rows.clear()
            self._rows[passages] = self._find_rows(passages)
        return self._rows[passages]

    def _find_rows(self, passages: Digests) -> tuple[np.ndarray, np.ndarray]:
        digests, numbers = passages.digests, passages.numbers
        if not len(self):
            return np.empty(0, np.int64), np.empty(0, np.int64)
        order = np.argsort(self._passages)
        rows = order[np.minimum(np.searchsorted(self._passages, digests, sorter=order), len(order) - 1)]
        is_known = self._passages[rows] == digests
        return rows[is_known], numbers[is_known]

    def _open_again_if_moved(self) -> None:
        there = self._file.path.stat() if self._file.path.exists() else None
        identity = (there.st_dev, there.st_ino) if there else None
        if identity != self._identity:
            if self._connection is not None:
                self._connection.close()
            self._forget()
            address = f"{self._file.path.as_uri()}?mode=ro"
            self._connection = (
                sqlite3.connect(address, uri=True, timeout=READER_WAITS, check_same_thread=False) if there else None
            )
            self._identity = identity
            self._is_broken = False

    def _read(self, connection: sqlite3.Connection) -> None:
        [version] = connection.execute("PRAGMA data_version").fetchone()
        if version == self._version:
            return
        rows = self._after(connection, self._last)
        [count] = connection.execute("SELECT count(*) FROM vector").fetchone()
        if count != len(self) + len(rows):  # some have been removed
            self._forget()
            rows = self._after(connection, 0)
        if rows:
            self._take(rows)
        self._version = version

    @staticmethod
    def _after(connection: sqlite3.Connection, number: int) -> list[tuple[int, int, bytes]]:
        found = connection.execute(
            "SELECT number, passage, floats FROM vector WHERE number > ? ORDER BY number", [number]
        )
        return found.fetchall()

    def _take(self, rows: list[tuple[int, int, bytes]]) -> None:
        floats = np.frombuffer(b"".join(row[2] for row in rows), "<f2").reshape(len(rows), self._file.width)
        self._blocks.append(np.nan_to_num(floats.astype(np.float32)))
        if len(self._blocks) > MOST_BLOCKS:
            self._blocks = [np.concatenate(self._blocks)]
        self._rows.clear()
        self._passages = np.concatenate([self._passages, np.array([row[1] for row in rows], np.int64)])
        self._last = rows[-1][0]
