"""What stands in the index: one document for each passage of each published version."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from whoosh.columns import NumericColumn, RefBytesColumn
from whoosh.fields import COLUMN, ID, NUMERIC, STORED, TEXT, Schema

from procedures.kept_html import remake_rendering
from procedures.models import Version
from procedures.rendering import RENDERER, Block, Passage, Rendered
from procedures.search.words import LEFT_OUT, STEMMED

FORMAT = f"1.{RENDERER}"
"""Which documents the index holds, and how. An index of another format is not read but made again."""

SCHEMA = Schema(
    id=ID(unique=True, stored=True),
    version=NUMERIC(bits=64, stored=True, shift_step=0, sortable=True),
    section=COLUMN(NumericColumn("q")),
    seal=COLUMN(NumericColumn("q")),
    slot=COLUMN(RefBytesColumn()),
    heading=STORED,
    anchor=STORED,
    title=TEXT(analyzer=STEMMED, phrase=False),
    text=TEXT(analyzer=STEMMED, phrase=False),
    left_out=TEXT(analyzer=LEFT_OUT, phrase=False),
    body=STORED,
)
"""`title` are the words above a passage, `text` those and its own, `body` its own as they are shown.

`section`, `seal` and `slot` are read for all documents at once (see `opened`): the section's key, `seal_of` the
version, and "slot front-door" or "fill front-door" for what stands in, or fills, a local slot.
"""

AT_ONCE = 200  # versions read from the database at a time
NOTHING = Passage("", "", "")


@dataclass(frozen=True)
class Placed:
    """A passage with the heading and the anchor it is shown with, and the words of all headings right above it."""

    block: Block
    passage: Passage
    heading: str
    above: str
    anchor: str


def seal_of(digest: str) -> int:
    """The first 60 bits of a version's digest.

    The index is matched with the database by key and seal: in a database that was restored from a backup a key may
    stand for another text.
    """
    return int(digest[:15], 16)


def published_seals() -> dict[int, int]:
    """The seal of every published version, by its key."""
    return {key: seal_of(digest) for key, digest in Version.objects.published().values_list("pk", "digest")}


def documents(version_ids: Sequence[int]) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    """The documents of published versions, as (version, documents); read from the database in portions."""
    fields = ("pk", "section_id", "digest", "title", "kept_rendering__renderer", "kept_rendering__content")
    for start in range(0, len(version_ids), AT_ONCE):
        portion = version_ids[start : start + AT_ONCE]
        rows = list(Version.objects.published().filter(pk__in=portion).values_list(*fields))
        for key, section, digest, title, renderer, content in rows:
            rendered = _rendered(key, content if renderer == RENDERER else None)
            shared = {"version": key, "section": section, "seal": seal_of(digest)}
            yield key, [shared | document for document in _documents(key, title, rendered)]


def _rendered(key: int, content: Any) -> Rendered:
    """A version's text as kept, or made again where none is kept or an older release made it."""
    if content is None:
        return remake_rendering(Version.objects.select_related("partnership").get(pk=key))
    return Rendered.from_json(content)


def _documents(key: int, title: str, rendered: Rendered) -> list[dict[str, Any]]:
    """At least one document, so that the index knows that it has the version."""
    found = list(place(rendered)) or [Placed(Block("text", "", "", (), (), ()), NOTHING, "", "", "")]
    return [_document(f"{key}-{count}", _joined(title, placed.above), placed) for count, placed in enumerate(found)]


def _document(identifier: str, title: str, placed: Placed) -> dict[str, Any]:
    title, body = _composed(title), _composed(placed.passage.text)
    slot = f"{placed.block.kind} {placed.block.slot}" if placed.block.slot else ""
    found_by = f"{title}\n{body}" if body or not slot else ""  # an empty slot says nothing that could be found
    return {
        "id": identifier,
        "slot": slot.encode(),
        "heading": placed.heading,
        "anchor": placed.anchor,
        "title": title if found_by else "",
        "text": found_by,
        "left_out": found_by,
        "body": body,
    }


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def place(rendered: Rendered) -> Iterator[Placed]:
    """The passages of a text; those that fill a slot stand by themselves, because they are read in another text."""
    yield from _in_turn([block for block in rendered.blocks if block.kind != "fill"])
    for block in rendered.blocks:
        if block.kind == "fill":
            yield from _in_turn([block])


def _in_turn(blocks: Sequence[Block]) -> Iterator[Placed]:
    """The passages of blocks that are read one after the other.

    A block that begins without a heading goes on under the last one before it. A heading with nothing but another
    heading under it lends its words to the next passage. An empty slot counts as one empty passage: it may be filled.
    """
    heading = above = ""
    bare: Placed | None = None  # a heading under which nothing has come yet
    for block in blocks:
        for position, passage in enumerate(block.passages or ((NOTHING,) if block.slot else ())):
            if passage.heading or position:  # a later passage without a heading holds the footnotes
                heading = passage.heading
                above = _joined(bare.above if bare else "", heading)
            placed = Placed(block, passage, heading, above, passage.anchor or _first_anchor(block, passage))
            bare = placed if passage.heading and not passage.text else None
            if bare is None:
                yield placed
    if bare:
        yield bare


def _joined(*words: str) -> str:
    return " ".join(filter(None, words))


def _first_anchor(block: Block, passage: Passage) -> str:
    """The anchor of a passage's first paragraph that has one."""
    words = " ".join(passage.text.split())
    return next((anchor for anchor, text in block.anchors if text in words), "")
