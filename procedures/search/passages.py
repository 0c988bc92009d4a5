"""What stands in an index: one entry for each passage of each published version, document, contact and glossary term.

Both back ends keep the same entries, each under the key and the seal of what it is made from: who compares those with
the database's sees what is missing, changed or gone.
"""

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from functools import lru_cache
from typing import Any, NamedTuple

from procedures.composing import rendered
from procedures.models import Version, VersionQuerySet
from procedures.rendering import RENDERER, Block, Rendered
from procedures.search.cutting import NOTHING, Placed, place

FORMAT = f"6.{RENDERER}"
"""Which entries an index holds, and how. An index of another format is not read but made again."""

ASIDES = {"related sections", "further information"}  # the headings that by convention end a section
AT_ONCE = 200  # versions read from the database at a time


class Kind(IntEnum):
    """What an entry is made from."""

    TEXT = 0
    DOCUMENT = 1
    CONTACT = 2
    TERM = 3


class Item(NamedTuple):
    """Something that entries are made from, by its key in its table."""

    kind: Kind
    key: int


@dataclass(frozen=True)
class Entry:
    """One passage: whose it is, from which day on and before which it is in force, and its words.

    `title` are the words above the passage, its section's and its headings'; `body` its own as they are shown.
    `slot` is "slot front-door" or "fill front-door" for what stands in, or fills, a local slot, else "".
    """

    item: Item
    count: int
    partnership: int
    section: int
    starts: date
    ends: date
    slot: str
    heading: str
    anchor: str
    title: str
    body: str

    @property
    def identifier(self) -> str:
        return f"{self.item.kind:d}-{self.item.key}-{self.count}"

    @property
    def is_aside(self) -> bool:
        """Whether it stands under one of the headings with which sections end, and only leads on to others."""
        return self.heading.strip().casefold() in ASIDES

    @property
    def found_by(self) -> tuple[str, str]:
        """The title and the body that it is found by; an empty slot says nothing that could be found."""
        return ("", "") if self.slot and not self.body else (self.title, self.body)

    @property
    def digest(self) -> int:
        """Of the words of a text's passage, in 60 bits, so that what is said twice is compared once; 0 for no words."""
        title, body = self.found_by
        if self.item.kind != Kind.TEXT or not body:
            return 0
        return int(hashlib.sha256(f"{title}\n{body}".encode()).hexdigest()[:15], 16)


Seals = dict[Item, int]
"""A digest of everything that an item's entries depend on, in 60 bits."""


def seal_of(*values: Any) -> int:
    """The first 60 bits of a digest of the values and of the entries' format.

    A restored database may have another text under the same key: what a text says is in its version's digest.
    """
    return int(hashlib.sha256(repr((FORMAT, *values)).encode()).hexdigest()[:15], 16)


@dataclass(frozen=True)
class Spanned:
    """A published version with the day before which it is in force: another of its stream takes its place then."""

    key: int
    digest: str
    starts: date
    ends: date


def spans(versions: VersionQuerySet) -> Iterator[Spanned]:
    """The versions of whole streams with their spans, less withdrawals, which have nothing to be found; one query."""
    fields = ("section_id", "partnership_id", "pk", "digest", "effective_date", "withdrawn")
    rows = versions.order_by("section_id", "partnership_id", "effective_date", "published_at").values_list(*fields)
    earlier: Any = None
    for row in rows.iterator(chunk_size=5000):
        if earlier and not earlier[5]:
            ends = row[4] if row[:2] == earlier[:2] else date.max
            yield Spanned(earlier[2], earlier[3], earlier[4], ends)
        earlier = row
    if earlier and not earlier[5]:
        yield Spanned(earlier[2], earlier[3], earlier[4], date.max)


def version_seals() -> Seals:
    """The seal of every published version that has something to be found."""
    every = spans(Version.objects.published())
    return {Item(Kind.TEXT, version.key): _version_seal(FORMAT, version.digest, version.ends) for version in every}


@lru_cache(maxsize=50_000)  # whoever writes asks for the seal of every version with every publication
def _version_seal(format: str, digest: str, ends: date) -> int:
    return seal_of(digest, ends)


def version_entries(keys: Sequence[int]) -> Iterator[tuple[Item, list[Entry]]]:
    """The entries of published versions, at least one of each; read from the database in portions."""
    fields = ("pk", "section_id", "partnership_id", "title", "kept_rendering__renderer", "kept_rendering__content")
    for start in range(0, len(keys), AT_ONCE):
        versions = Version.objects.published().filter(pk__in=keys[start : start + AT_ONCE])
        streams = Version.objects.published().filter(section_id__in=versions.values("section_id"))
        span_of = {version.key: version for version in spans(streams)}
        for key, section, partnership, title, renderer, content in versions.values_list(*fields):
            if key in span_of:
                text = _Text(Item(Kind.TEXT, key), partnership, section, span_of[key], title)
                yield text.item, _entries(text, rendered(key, renderer, content))


@dataclass(frozen=True)
class _Text:
    """What the entries of one version have in common."""

    item: Item
    partnership: int
    section: int
    span: Spanned
    title: str


def _entries(text: _Text, rendered: Rendered) -> list[Entry]:
    placed = list(place(rendered)) or [Placed(Block("text", "", "", (), (), ()), NOTHING, "", "", "")]
    return [_entry(text, count, passage) for count, passage in enumerate(placed)]


def _entry(text: _Text, count: int, placed: Placed) -> Entry:
    return Entry(
        item=text.item,
        count=count,
        partnership=text.partnership,
        section=text.section,
        starts=text.span.starts,
        ends=text.span.ends,
        slot=f"{placed.block.kind} {placed.block.slot}" if placed.block.slot else "",
        heading=placed.heading,
        anchor=placed.anchor,
        title=composed(" ".join(filter(None, (text.title, placed.above)))),
        body=composed(placed.passage.text),
    )


def composed(text: str) -> str:
    """A text with every character in the one form in which it is compared (Unicode NFC)."""
    return unicodedata.normalize("NFC", text)
