"""Which words changed within one block."""

from collections.abc import Sequence
from typing import NamedTuple

from procedures.comparison.blocks import Word
from procedures.comparison.sequences import runs

_LONGEST_SCRAP = 3


class Change(NamedTuple):
    """A stretch of words: those that stood there and those that stand there now, one for one if the same."""

    same: bool
    old: Sequence[Word]
    new: Sequence[Word]


def changes(old: Sequence[Word], new: Sequence[Word]) -> list[Change]:
    """Two texts as stretches of words, alternately the same and not."""
    found = [
        Change(run.same, old[run.old], new[run.new])
        for run in runs([word.key for word in old], [word.key for word in new])
    ]
    return _join_scraps(found)


def _join_scraps(found: Sequence[Change]) -> list[Change]:
    """Take a few words that stayed between two larger changes into one change, which is easier to read.

    "send the form" to "keep a copy of the letter" is one change, although "the" stands in both.
    """
    joined: list[Change] = []
    for change in found:
        if not change.same and len(joined) > 1 and _is_scrap(joined[-1], joined[-2], change):
            scrap, before = joined.pop(), joined.pop()
            old = [*before.old, *scrap.old, *change.old]
            new = [*before.new, *scrap.new, *change.new]
            joined.append(Change(False, old, new))
        else:
            joined.append(change)
    return joined


def _is_scrap(stayed: Change, before: Change, after: Change) -> bool:
    size = _size(stayed)
    return size <= _LONGEST_SCRAP and size < min(_size(before), _size(after))


def _size(change: Change) -> int:
    """How many words, without punctuation, the larger side has."""
    return max(sum(word.text[:1].isalnum() for word in side) for side in (change.old, change.new))
