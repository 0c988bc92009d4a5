"""The digests of the passages that readers may see, for whoever compares what passages say."""

import numpy as np
from django.db.backends.utils import CursorWrapper

from procedures.search.interface import Digests, Seen
from procedures.search.on_postgresql.tables import Generation
from procedures.search.on_postgresql.visible import Visible

KEPT = 8  # of what readers may see


class KnownDigests:
    """Those that a process has asked for: the same until something is published or the index is made anew."""

    def __init__(self) -> None:
        self._known: dict[tuple[Generation, str, Seen | None], Digests] = {}

    def of(self, cursor: CursorWrapper, generation: Generation, position: str, seen: Seen | None) -> Digests:
        """The digests of what a reader may see, or of everything, at a position of a generation."""
        asked = generation, position, seen
        if asked not in self._known:
            if len(self._known) >= KEPT:
                self._known = {}
            self._known[asked] = _read(cursor, generation, seen)
        return self._known[asked]


def _read(cursor: CursorWrapper, generation: Generation, seen: Seen | None) -> Digests:
    statement = f"SELECT p.number, p.digest FROM {generation.passage} p WHERE p.digest <> 0"
    if seen is None:
        cursor.execute(f"{statement} ORDER BY p.number")
    else:
        visible = Visible(generation, seen)
        cursor.execute(f"{visible.filled} {statement} AND {visible.condition} ORDER BY p.number", visible.parameters)
    numbers, digests = np.array(cursor.fetchall(), np.int64).reshape(-1, 2).T
    return Digests(numbers, digests)
