"""What a process keeps, for some minutes, of how many passages there are and how many of them hold a term.

Such figures only weigh one term against another. They are never shown to anybody, and whether a passage may be seen is
asked of the database each time. Small ones are quickly counted again, so only large ones are kept.
"""

from collections.abc import Callable, Collection, Hashable
from time import monotonic
from typing import NamedTuple

KEPT_FOR = 300.0  # seconds
WORTH_KEEPING = 500  # passages
MOST = 50_000  # figures


class Figure(NamedTuple):
    """A number of passages, with the mean lengths of text and title in words where those are asked for."""

    passages: int
    mean_text: float = 0.0
    mean_title: float = 0.0


class Figures:
    """Figures by what they are of, each with the moment until which it is good enough."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[float, Figure]] = {}

    def of(self, about: Hashable, wanted: Collection, count: Callable[[list], dict]) -> dict:
        """The figure of each thing wanted, by `count` for what is not known; `about` tells apart what is counted."""
        now = monotonic()
        known = {one: self._known.get((about, one), (0.0, Figure(0))) for one in wanted}
        found = {one: figure for one, (until, figure) in known.items() if until > now}
        missing = [one for one in wanted if one not in found]
        if missing:
            counted = count(missing)
            if len(self._known) + len(counted) > MOST:
                self._known = {}
            for one, figure in counted.items():
                if figure.passages >= WORTH_KEEPING:
                    self._known[about, one] = now + KEPT_FOR, figure
            found |= counted
        return found
