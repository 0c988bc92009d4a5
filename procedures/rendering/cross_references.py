"""Cross-references in running text: `find_references` applied to the parsed tokens of one paragraph, heading
or cell.

The grammar sees the whole paragraph, so that "section 3.2 of the *Data Protection Act 2018*" is known for a
statute's. A reference is linked where its own characters are plain text without markup between them.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from procedures.references import Reference, find_references
from procedures.rendering.rendered import Link

_ESCAPED = "\x00"  # the parser lets no such character through from the text, and no reference goes across one
_OBJECT = "\ufffc"  # what stands here is not text


@dataclass(frozen=True)
class _Piece:
    """A token of text that may become part of a link: its place, its characters in the paragraph, and its
    run.

    Pieces of one run stand beside each other with no markup between them.
    """

    token: int
    start: int
    end: int
    run: int


def link_references(tokens: Sequence[Token], line: int) -> list[Token]:
    """`tokens` with link tokens around the references; `line` is the one on which the first token stands."""
    text, pieces = linkable_text(tokens)
    references = references_in(text, pieces)
    if not references:
        return list(tokens)
    links = _links(references, text, line)
    linked: list[Token] = []
    pieces_by_token = {piece.token: piece for piece in pieces}
    for place, token in enumerate(tokens):
        piece = pieces_by_token.get(place)
        if piece is None or token.type == "softbreak":
            linked.append(token)
        else:
            linked += _cut(token, piece, _within(piece, references, links), text)
    return linked


def references_in(text: str, pieces: Sequence[_Piece]) -> list[Reference]:
    """The references in a paragraph that become links: those whose own characters are plain text."""
    return [reference for reference in find_references(text) if _is_in_one_run(reference, pieces)]


def _links(references: Sequence[Reference], text: str, line: int) -> list[Link]:
    """A link for each reference; `line` is the first of `text`."""
    links = []
    position = 0
    for reference in references:
        line += text.count("\n", position, reference.start)
        position = reference.start
        scheme = "part" if reference.kind == "part" else "section"
        links.append(Link(scheme, "", "", reference.words, line, reference.number, reference.certain))
    return links


def _within(piece: _Piece, references: Sequence[Reference], links: Sequence[Link]) -> list[tuple[Reference, Link]]:
    """The references that have characters in `piece`, with their links."""
    first = bisect_right(references, piece.start, key=lambda reference: reference.end)
    end = bisect_left(references, piece.end, key=lambda reference: reference.start)
    return list(zip(references[first:end], links[first:end], strict=True))


def linkable_text(tokens: Sequence[Token]) -> tuple[str, list[_Piece]]:
    """The paragraph as the grammar is to see it, and the pieces of it that may be linked."""
    parts: list[str] = []
    pieces: list[_Piece] = []
    position = run = links_open = 0
    for place, token in enumerate(tokens):
        words = _words(token)
        parts.append(words)
        if token.type in ("link_open", "link_close"):
            links_open += token.nesting
        if not links_open and _is_plain(token):
            pieces.append(_Piece(place, position, position + len(words), run))
        else:
            run += 1
        position += len(words)
    return "".join(parts), [piece for piece in pieces if piece.end > piece.start]


def _is_plain(token: Token) -> bool:
    return token.type in ("text", "softbreak") or (token.type == "text_special" and token.info == "entity")


def _words(token: Token) -> str:
    if token.type == "text_special" and token.info == "escape":
        return _ESCAPED
    if token.type in ("code_inline", "image"):
        return _OBJECT
    return "\n" if token.type in ("softbreak", "hardbreak") else token.content


def _is_in_one_run(reference: Reference, pieces: Sequence[_Piece]) -> bool:
    first, last = _piece_at(reference.start, pieces), _piece_at(reference.end - 1, pieces)
    return first is not None and last is not None and first.run == last.run


def _piece_at(position: int, pieces: Sequence[_Piece]) -> _Piece | None:
    place = bisect_right(pieces, position, key=lambda piece: piece.start) - 1
    return pieces[place] if place >= 0 and position < pieces[place].end else None


def _cut(token: Token, piece: _Piece, references: list[tuple[Reference, Link]], text: str) -> list[Token]:
    """A text token with link tokens where `references` begin and end in it."""
    cut: list[Token] = []
    position = piece.start
    for reference, link in references:
        if reference.start >= piece.start:
            cut.append(_text(token, text[position : reference.start]))
            cut.append(Token("link_open", "a", 1, meta={"link": link}))
            position = reference.start
        if reference.end <= piece.end:
            cut.append(_text(token, text[position : reference.end]))
            cut.append(Token("link_close", "a", -1, meta={"link": link}))
            position = reference.end
    return [*cut, _text(token, text[position : piece.end])]


def _text(token: Token, content: str) -> Token:
    return Token("text", "", 0, content=content, level=token.level)
