"""Which block of the earlier text became which block of the later one, in the order in which both are read."""

from bisect import bisect
from collections.abc import Hashable, Iterator, Sequence
from difflib import SequenceMatcher
from itertools import takewhile
from typing import NamedTuple, TypeAlias

from procedures.reading.comparison.blocks import Block

Pair: TypeAlias = tuple[Block | None, Block | None]

# Of two unrelated paragraphs of the sample manual, 1 in 100 pairs is alike to this degree.
_ALIKE = 0.45
_PARTS = {"root", "table", "thead", "tbody", "tfoot", "section", "row head"}
_COLLECTIONS = {"list", "div", "blockquote"}
_REACH = 20
_COMPARED_PER_RUN = 4_000
_LONGEST = 4_000_000


class Run(NamedTuple):
    """A stretch of two sequences: the same items in both, or what stood there and what stands there now."""

    same: bool
    old: slice
    new: slice
