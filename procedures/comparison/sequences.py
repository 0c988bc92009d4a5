"""What is alike in two sequences, within bounded time."""

from collections.abc import Hashable, Iterable, Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from typing import NamedTuple

_LARGEST = 10_000_000


class Run(NamedTuple):
    """A stretch of two sequences: the same in both, or what stood there and what stands there now."""

    same: bool
    old: slice
    new: slice


def runs(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Run]:
    """Two sequences cut into stretches, alternately the same and not.

    Beyond what both begin and end with, sequences whose lengths multiply to more than ten million are not
    compared: difflib's time grows with that product.
    """
    head, tail = shared_ends(old, new)
    old_end, new_end = len(old) - tail, len(new) - tail
    same = [(0, 0, head)]
    if (old_end - head) * (new_end - head) <= _LARGEST:
        matcher = SequenceMatcher(None, old[head:old_end], new[head:new_end])
        same += [(head + first, head + second, size) for first, second, size in matcher.get_matching_blocks()]
    return _alternate([*same, (old_end, new_end, tail)])


def shared_ends(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[int, int]:
    """How many items both begin with, and how many of the others both end with."""
    head = _shared(zip(old, new, strict=False))
    rest = min(len(old), len(new)) - head
    return head, min(rest, _shared(zip(reversed(old), reversed(new), strict=False)))


def _shared(pairs: Iterable[tuple[Hashable, Hashable]]) -> int:
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _alternate(same: Iterable[tuple[int, int, int]]) -> list[Run]:
    """The runs between and in the stretches `same`, each given as two beginnings and a length, in order."""
    found: list[Run] = []
    old_at = new_at = 0
    for old_start, new_start, size in same:
        if old_start > old_at or new_start > new_at:
            found.append(Run(False, slice(old_at, old_start), slice(new_at, new_start)))
        old_at, new_at = old_start + size, new_start + size
        if size and found and found[-1].same:
            found[-1] = Run(True, slice(found[-1].old.start, old_at), slice(found[-1].new.start, new_at))
        elif size:
            found.append(Run(True, slice(old_start, old_at), slice(new_start, new_at)))
    return found
