"""HTML as blocks and words: a paragraph, heading or run of words holds words, everything else holds blocks."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from lxml import etree, html

Element: TypeAlias = etree._Element  # lxml's stubs have no public name for it
Path: TypeAlias = tuple[Element, ...]

_KINDS = {
    "p": "text",
    **{f"h{level}": "heading" for level in range(1, 7)},
    **dict.fromkeys(("ul", "ol"), "list"),
    **dict.fromkeys(("td", "th"), "cell"),
    "li": "item",
    "tr": "row",
    **{tag: tag for tag in ("pre", "hr", "table", "thead", "tbody", "tfoot", "blockquote", "div", "section")},
    **{tag: tag for tag in ("article", "aside", "details", "figure", "footer", "header", "nav")},
}
_HOLDS_WORDS = {"text", "heading", "pre", "hr"}
_PIECES = re.compile(r"\s+|\w+(?:[.,:/'’@&-]\w+)*|[^\w\s]")
_NOT_IN_XML = re.compile(r"[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, eq=False)
class Word:
    """A word or a mark of punctuation, the white space before it, and the inline elements around it.

    An inline element without words, such as a line break, is a Word with no text at the end of its own path.
    """

    text: str
    space: str
    path: Path

    @property
    def key(self) -> str:
        """What two words must have alike to be the same; no word looks like a tag, and a picture is what it shows."""
        return self.text or f"<{self.path[-1].tag}{self.path[-1].get('src', '')}{self.path[-1].get('alt', '')}>"


@dataclass(eq=False)
class Block:
    """A block of text; `element` is None for words that stand directly in a list item or a cell."""

    kind: str
    element: Element | None = None
    children: list["Block"] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)

    @property
    def holds_words(self) -> bool:
        """Whether there are words in it, and never blocks."""
        return self.kind in _HOLDS_WORDS

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Every word and mark in the block, in order."""
        return (*(word.key for word in self.words), *(key for child in self.children for key in child.keys))

    @cached_property
    def spoken(self) -> list[str]:
        """The words without punctuation and capitals, in order."""
        return [key.casefold() for key in self.keys if key[0].isalnum()]

    @cached_property
    def vocabulary(self) -> Counter[str]:
        """How often each spoken word occurs."""
        return Counter(self.spoken)


def read_html(source: str, *, for_deletion: bool = False) -> Block:
    """The blocks of a fragment of clean HTML. `for_deletion` takes off what must not stand twice on a page: ids.

    It also takes off links within the page, for what they led to may be gone, or may be another's by now.
    """
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    root = html.fragment_fromstring(_printable(source), create_parent="div", parser=parser)
    if for_deletion:
        for element in root.iter():
            _strip_identity(element)
    return Block("root", root, _child_blocks(root))


def read_text(source: str) -> Block:
    """Plain text as a block of words."""
    words = _Words()
    words.add_text(_printable(source), ())
    return Block("root", None, [Block("text", None, words=words.read)])


def _printable(source: str) -> str:
    return _NOT_IN_XML.sub("\ufffd", source)


def _strip_identity(element: Element) -> None:
    element.attrib.pop("id", "")
    if element.get("href", "").startswith("#"):
        element.attrib.pop("href")
        element.attrib.pop("aria-label", "")


def empty_copy(parent: Element, original: Element) -> Element:
    """A new element at the end of `parent` with the tag and attributes of `original` and nothing in it."""
    attributes = {str(name): str(value) for name, value in original.attrib.items()}
    return etree.SubElement(parent, original.tag, attributes)


class _Words:
    """Gathers words from text and inline elements in reading order."""

    def __init__(self) -> None:
        self.read: list[Word] = []
        self._space = ""

    def add_text(self, text: str | None, path: Path) -> None:
        for piece in _PIECES.findall(text or ""):
            if piece.isspace():
                self._space += piece
            else:
                self._add(piece, path)

    def add_inside(self, element: Element, path: Path) -> None:
        """Add the words inside `element`; `path` leads to them."""
        if path and not len(element) and not (element.text or "").strip():
            self._space += element.text or ""
            self._add("", path)
        else:
            self.add_text(element.text, path)
        for child in element:
            self.add_inside(child, (*path, child))
            self.add_text(child.tail, path)

    def _add(self, text: str, path: Path) -> None:
        self.read.append(Word(text, self._space, path))
        self._space = ""


def _block(element: Element) -> Block:
    kind = _KINDS[element.tag]
    if kind not in _HOLDS_WORDS:
        return Block(kind, element, _child_blocks(element))
    words = _Words()
    words.add_inside(element, ())
    return Block(kind, element, words=words.read)


def _child_blocks(element: Element) -> list[Block]:
    """The blocks inside `element`; runs of words between them become blocks without an element."""
    blocks: list[Block] = []
    words = _Words()
    words.add_text(element.text, ())
    for child in element:
        if child.tag in _KINDS:
            blocks += [*_run(words), _block(child)]
            words = _Words()
        else:
            words.add_inside(child, (child,))
        words.add_text(child.tail, ())
    return [*blocks, *_run(words)]


def _run(words: _Words) -> Iterator[Block]:
    if words.read:
        yield Block("text", None, words=words.read)


def rows(table: Block) -> Iterator[Block]:
    """Every row of a table, its head's first."""
    for child in table.children:
        if child.kind == "row":
            yield child
        else:
            yield from rows(child)
