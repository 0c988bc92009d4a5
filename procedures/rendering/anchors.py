"""Paragraph anchors: a short id for every paragraph, list item and table row, made from its words.

A link to a paragraph so finds it again after edits around it, and a changed paragraph has another anchor.
"""

import base64
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from procedures.rendering.plain_text import tidy, token_text

_OPENING = {"paragraph_open", "list_item_open", "tr_open", "footnote_open"}
_CLOSING = {"paragraph_close", "list_item_close", "tr_close", "footnote_close"}


@dataclass
class _Passage:
    """A token that may bear an anchor, and the words inside it."""

    opening: Token
    bears_anchor: bool
    words: list[str] = field(default_factory=list)


def give_anchors(tokens: Sequence[Token]) -> None:
    """Give every paragraph, list item and body row its `meta["anchor"]`, without a prefix, and its
    `meta["text"]`.

    A paragraph inside a list item or a footnote has none: the item's, or the footnote's own id, stands for
    it. The text of a list item is without the lists inside it.
    """
    passages = _passages(tokens)
    times: dict[str, int] = {}
    for passage in passages:
        text = tidy(" ".join(passage.words))
        if not passage.bears_anchor or not text:
            continue
        anchor = _anchor(text)
        times[anchor] = times.get(anchor, 0) + 1
        repetition = f"-{times[anchor]}" if times[anchor] > 1 else ""
        passage.opening.meta |= {"anchor": anchor + repetition, "text": text}


def _passages(tokens: Sequence[Token]) -> list[_Passage]:
    """Every place that holds words, in the order in which they begin."""
    found: list[_Passage] = []
    open_passages: list[_Passage] = []
    in_table_head = False
    for token in tokens:
        if token.type in ("thead_open", "thead_close"):
            in_table_head = token.type == "thead_open"
        elif token.type in _OPENING:
            passage = _Passage(token, _bears_anchor(token, bool(open_passages), in_table_head))
            found.append(passage)
            open_passages.append(passage)
        elif token.type in _CLOSING:
            open_passages.pop()
        elif open_passages and (text := token_text(token)) is not None:
            _owner(open_passages).words.append(text)
    return found


def _bears_anchor(opening: Token, is_inside: bool, in_table_head: bool) -> bool:
    if opening.type == "paragraph_open":
        return not is_inside
    return opening.type == "list_item_open" or (opening.type == "tr_open" and not in_table_head)


def _owner(open_passages: list[_Passage]) -> _Passage:
    """Whose words are being read: a paragraph's inside a list item or footnote are that one's."""
    return next((passage for passage in reversed(open_passages) if passage.bears_anchor), open_passages[0])


def _anchor(text: str) -> str:
    digest = hashlib.sha256(text.casefold().encode()).digest()
    return "p-" + base64.b32encode(digest)[:8].decode().lower()
