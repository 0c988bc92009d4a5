"""Plain text out of parsed Markdown: for headings, search, paragraph anchors and link texts."""

from collections.abc import Iterable, Sequence

from markdown_it.token import Token

from procedures.rendering.rendered import Passage

VERBATIM = {"fence", "code_block"}


def inline_text(tokens: Iterable[Token]) -> str:
    """The words of inline tokens: no markup, an image's alternative text, a space for a line break."""
    return "".join(_words(token) for token in tokens)


def _words(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "image":
        return inline_text(token.children or [])
    return token.content


def tidy(text: str) -> str:
    """`text` with every run of white space as one space, and none at its ends."""
    return " ".join(text.split())


def token_text(token: Token) -> str | None:
    """The words of a token that holds words itself (a run of inline text or a block of code), else None."""
    if token.type == "inline":
        return inline_text(token.children or [])
    return token.content if token.type in VERBATIM else None


def passages(tokens: Sequence[Token], anchors: dict[int, str]) -> tuple[Passage, ...]:
    """The block's text cut at its headings: a line for each paragraph or table row, cells separated by
    spaces.

    `anchors` gives the id of each heading by its place among the headings of the whole text. Footnotes stand
    under none.
    """
    found: list[Passage] = []
    heading, anchor = "", ""
    pieces: list[str] = []
    in_heading = False
    for token in tokens:
        if token.type == "heading_open":
            found.append(_passage(heading, anchor, pieces))
            heading, anchor, pieces, in_heading = "", anchors[token.meta["heading"]], [], True
        elif token.type == "footnote_block_open":
            found.append(_passage(heading, anchor, pieces))
            heading, anchor, pieces = "", "", []
        elif token.type == "heading_close":
            in_heading = False
        elif token.type in ("tr_close", "paragraph_close"):
            pieces.append("\n")
        elif (text := token_text(token)) is not None:
            if in_heading:
                heading = tidy(text)
            else:
                pieces.append(f"{text} " if token.type == "inline" else f"{text}\n")
    found.append(_passage(heading, anchor, pieces))
    return tuple(passage for passage in found if passage != Passage("", "", ""))


def _passage(heading: str, anchor: str, pieces: list[str]) -> Passage:
    lines = (tidy(line) for line in "".join(pieces).split("\n"))
    return Passage(heading, anchor, "\n".join(line for line in lines if line))
