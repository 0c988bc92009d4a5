"""How a published text is cut at its headings into the passages that a search finds."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from procedures.rendering import Block, Passage, Rendered

NOTHING = Passage("", "", "")


@dataclass(frozen=True)
class Placed:
    """A passage with the heading and the anchor it is shown with, and the words of all headings right above it."""

    block: Block
    passage: Passage
    heading: str
    above: str
    anchor: str


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
