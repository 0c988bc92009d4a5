"""A part of an index that never changes but for what is deleted from it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import date
from functools import cached_property

import numpy as np

from procedures.search.interface import Columns, Flags, Term, Whole
from procedures.search.passages import Entry, Item, Kind, Seals
from procedures.search.segmented.held import Held

_KINDS = tuple(Kind)  # by their number; Kind(number) takes longer


class Segment(ABC):
    """Some entries by their rows, deleted ones included. Its `name` is of this segment alone.

    `starts` and `ends` are proleptic ordinals; `slots` has those entries alone that stand in a local slot or fill one.
    """

    name: str
    columns: Columns
    partnerships: Whole
    starts: Whole
    ends: Whole
    seals: Whole
    digests: Whole
    slots: dict[int, str]

    def __len__(self) -> int:
        return len(self.columns)

    def item(self, row: int) -> Item:
        """What an entry is made from."""
        return Item(_KINDS[self.columns.kinds[row]], int(self.columns.keys[row]))

    @cached_property
    def seals_of_items(self) -> Seals:
        """The seal of each item that entries are made from, those included that have been deleted since."""
        kinds, keys = self.columns.kinds.tolist(), self.columns.keys.tolist()
        rows = zip(kinds, keys, self.seals.tolist(), strict=True)
        return {Item(_KINDS[kind], key): seal for kind, key, seal in rows}

    def entry(self, row: int, *, count: int, heading: str, anchor: str, title: str, body: str) -> Entry:
        """An entry, with what its back end keeps beside the columns."""
        return Entry(
            item=self.item(row),
            count=count,
            partnership=int(self.partnerships[row]),
            section=int(self.columns.sections[row]),
            starts=date.fromordinal(int(self.starts[row])),
            ends=date.fromordinal(int(self.ends[row])),
            slot=self.slots.get(row, ""),
            heading=heading,
            anchor=anchor,
            title=title,
            body=body,
        )

    def visible(self, owners: Iterable[int], day: date) -> Flags:
        """Whether each entry is one of these partnerships' and in force on the day."""
        ordinal = day.toordinal()
        is_in_force: Flags = (self.starts <= ordinal) & (ordinal < self.ends)
        return is_in_force & np.isin(self.partnerships, list(owners))

    @abstractmethod
    def held(self, term: Term, flags: Flags) -> Held:
        """Where a term stands in the entries that are flagged, and how often; a word as it is written in no title."""

    @property
    @abstractmethod
    def words(self) -> frozenset[str]:
        """All words of its entries as they are written."""
