"""What rendering gives: blocks of safe HTML and what readers, search and PDFs need beside them.

Plain values throughout, so that what was made when a text was published can be kept as JSON and used without
parsing.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

BlockKind = Literal["text", "slot", "fill"]


@dataclass(frozen=True)
class Heading:
    """A heading: its level (2 to 6), the `id` it bears in the HTML, its plain words and its line in the
    body.
    """

    level: int
    id: str
    text: str
    line: int


@dataclass(frozen=True)
class Passage:
    """The plain text under one heading of a block; `heading` and `anchor` are "" before the first heading."""

    heading: str
    anchor: str
    text: str


@dataclass(frozen=True)
class Block:
    """One run of safe HTML: running text, a local slot with what stands there unfilled, or what fills one.

    `slot` is "" for running text. `anchors` are the paragraphs' ids with their plain text, in order.
    """

    kind: BlockKind
    slot: str
    html: str
    headings: tuple[Heading, ...]
    anchors: tuple[tuple[str, str], ...]
    passages: tuple[Passage, ...]

    @property
    def text(self) -> str:
        """The plain text: a line for each paragraph, headings on lines of their own with an empty line before them."""
        return "\n\n".join("\n".join(filter(None, [passage.heading, passage.text])) for passage in self.passages)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types, enough to make this value again."""
        return {
            "kind": self.kind,
            "slot": self.slot,
            "html": self.html,
            "headings": [asdict(heading) for heading in self.headings],
            "anchors": [[anchor, text] for anchor, text in self.anchors],
            "passages": [asdict(passage) for passage in self.passages],
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Block":
        """The value that `to_json` gave, before or after it went through JSON."""
        return cls(
            kind=data["kind"],
            slot=data["slot"],
            html=data["html"],
            headings=tuple(Heading(**heading) for heading in data["headings"]),
            anchors=tuple((anchor, text) for anchor, text in data["anchors"]),
            passages=tuple(Passage(**passage) for passage in data["passages"]),
        )


@dataclass(frozen=True)
class Rendered:
    """A text as blocks of safe HTML, in order; its footnotes come last."""

    blocks: tuple[Block, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain JSON types, enough to make this value again."""
        return {"blocks": [block.to_json() for block in self.blocks]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Rendered":
        """The value that `to_json` gave, before or after it went through JSON."""
        return cls(blocks=tuple(Block.from_json(block) for block in data["blocks"]))


@dataclass(frozen=True)
class Link:
    """A cross-reference or a link, as the author wrote it.

    `scheme` is "section" or "part" with a `number`, found by its words; "section", "document", "authority" or
    "contact" with the slug it leads to as `target`; "image" with the slug of the document that it shows; or "web",
    "mailto" or "tel" with the whole address as `target`. An uncertain one (a part, a bare range) may lead nowhere
    without being a fault.
    """

    scheme: str
    target: str
    fragment: str
    words: str
    line: int
    number: str
    certain: bool


@dataclass(frozen=True, order=True)
class Fault:
    """Something in a text that its author must mend; `line` counts from 1 in the body."""

    line: int
    message: str
