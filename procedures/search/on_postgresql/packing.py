"""Entries as a segment's columns, and the places of their words.

Every word of a segment has a place: its passages' words are counted through, those of the title before those of the
body, with one place left out between them and after each passage, so that no phrase goes from one to the other. Where
words stand tells how often they do, in which passages and whether in the title, and which of them make a phrase.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from procedures.search.passages import Entry, Item
from procedures.search.words import Token, tokens

ROW = np.dtype(
    [
        ("kind", "<i8"),
        ("key", "<i8"),
        ("section", "<i8"),
        ("aside", "<i8"),
        ("partnership", "<i8"),
        ("starts", "<i8"),
        ("ends", "<i8"),
        ("seal", "<i8"),
        ("digest", "<i8"),
        ("title_words", "<i8"),
        ("words", "<i8"),
        ("title_length", "<i8"),
        ("text_length", "<i8"),
    ]
)
"""An entry beside its texts. Days are proleptic ordinals; words are counted all of them, lengths without stop words."""

PLACE = np.dtype("<i4")

Word = tuple[str, bool]
"""A stem (not a stop word's), or, where True, a word as it is written."""


@dataclass
class Packed:
    """A segment in the making."""

    rows: list[tuple[int, ...]] = field(default_factory=list)
    texts: list[tuple[Any, ...]] = field(default_factory=list)
    slots: dict[int, str] = field(default_factory=dict)
    places: dict[Word, array] = field(default_factory=dict)
    _next: int = 0

    def __len__(self) -> int:
        return len(self.rows)

    def add(self, item: Item, entry: Entry, seal: int) -> None:
        """Add an entry, with the seal of what it is made from."""
        title, body = (list(tokens(text)) for text in entry.found_by)
        title_length = sum(1 for token in title if token.stem)
        if entry.slot:
            self.slots[len(self.rows)] = entry.slot
        self.rows.append(
            (
                int(item.kind),
                item.key,
                entry.section,
                int(entry.is_aside),
                entry.partnership,
                entry.starts.toordinal(),
                entry.ends.toordinal(),
                seal,
                entry.digest,
                len(title),
                len(body),
                title_length,
                title_length + sum(1 for token in body if token.stem),
            )
        )
        self.texts.append((entry.count, entry.heading, entry.anchor, entry.title, entry.body))
        self._place(title)
        self._place(body)

    def _place(self, words: Iterable[Token]) -> None:
        for place, token in enumerate(words, self._next):
            self._next = place + 1
            self.places.setdefault((token.word, True), array("i")).append(place)
            if token.stem:
                self.places.setdefault((token.stem, False), array("i")).append(place)
        self._next += 1

    @property
    def columns(self) -> bytes:
        """The entries beside their texts."""
        return np.array(self.rows, ROW).tobytes()
