"""Two texts' blocks as one tree: the later text's elements, with the earlier one's in the places they had."""

from collections.abc import Sequence

from lxml import etree

from procedures.comparison.blocks import Block, Element, empty_copy
from procedures.comparison.matching import Columns, Pair, align, align_columns
from procedures.comparison.words import Change, changes
from procedures.comparison.writing import Mark, write_words

_CLASSES: dict[Mark, str] = {"ins": "inserted-block", "del": "deleted-block"}


def merge(old: Block, new: Block) -> Element:
    """A `div` that holds the whole of both texts."""
    tree = etree.Element("div")
    _merge_children(tree, old, new, ())
    return tree


def _merge_children(parent: Element, old: Block, new: Block, columns: Columns) -> None:
    """Add what is in two blocks to `parent`; `columns` are those of the table that they stand in."""
    if new.kind == "table":
        columns = align_columns(old, new)
    pairs = _cells(old, new, columns) if new.kind == "row" else list(align(old.children, new.children))
    for was, became in pairs:
        _add(parent, was, became, columns)
    if parent.tag == "ol" and any(became is None for _was, became in pairs):
        _number(parent, pairs, _first_number(old), _first_number(new))


def _add(parent: Element, was: Block | None, became: Block | None, columns: Columns) -> None:
    if was and became:
        _merge_pair(parent, was, became, columns)
    elif became:
        _mark_outermost(_copy(parent, became, "ins", columns), "ins")
    elif was:
        _mark_outermost(_copy(parent, was, "del", columns), "del")


def _merge_pair(parent: Element, old: Block, new: Block, columns: Columns) -> None:
    element = parent if new.element is None else empty_copy(parent, new.element)
    if new.holds_words:
        write_words(element, changes(old.words, new.words), verbatim=new.kind == "pre")
    else:
        _merge_children(element, old, new, columns)


def _copy(parent: Element, block: Block, mark: Mark, columns: Columns) -> Element | None:
    """Add a whole block with all its words marked; gives its element, None for words without one."""
    element = parent if block.element is None else empty_copy(parent, block.element)
    if block.holds_words:
        words = block.words
        change = Change(False, words, ()) if mark == "del" else Change(False, (), words)
        write_words(element, [change], verbatim=block.kind == "pre")
    for child in _padded(block, mark, columns):
        if child:
            _copy(element, child, mark, columns)
        else:
            etree.SubElement(element, "td", _blank_cell(block))
    return None if block.element is None else element


def _mark_outermost(element: Element | None, mark: Mark) -> None:
    if element is not None:
        element.set("class", f"{element.get('class', '')} {_CLASSES[mark]}".strip())


def _cells(old: Block, new: Block, columns: Columns) -> list[Pair]:
    """The cells of two rows by the columns of their tables."""
    return [(_cell(old, was), _cell(new, became)) for was, became in columns]


def _padded(block: Block, mark: Mark, columns: Columns) -> Sequence[Block | None]:
    """The children of a block that is copied; None for a cell in a column that only the other table has."""
    if block.kind != "row" or not columns:
        return block.children
    return [_cell(block, became if mark == "ins" else was) for was, became in columns]


def _cell(row: Block, place: int | None) -> Block | None:
    return row.children[place] if place is not None and place < len(row.children) else None


def _blank_cell(row: Block) -> dict[str, str]:
    """The attributes of an empty cell, dressed as the row's first one."""
    first = row.children[0].element if row.children else None
    name = "" if first is None else first.get("class", "").partition(" ")[0]
    return {"class": name} if name else {}


def _first_number(items: Block) -> int:
    return 1 if items.element is None else int(items.element.get("start", "1"))


def _number(ordered: Element, pairs: Sequence[Pair], old_number: int, new_number: int) -> None:
    """Give every item of an ordered list the number that it has in its own text."""
    for item, (was, became) in zip(ordered, pairs, strict=True):
        item.set("value", str(new_number if became else old_number))
        old_number += was is not None
        new_number += became is not None
