"""The words around what was found: the one place where text from the index becomes HTML."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from urllib.parse import quote

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from procedures.search.interface import Term
from procedures.search.words import Token, tokens

LENGTH = 240  # characters
LEAD = 60  # characters shown before the first word found, at most
LOOKED_AT = 8_000  # words of a passage among which those searched for are looked for


@dataclass(frozen=True)
class Match:
    """Something searched for, and where it stands in the text."""

    term: Term
    start: int
    end: int


def snippet(text: str, weights: Mapping[Term, float]) -> SafeString:
    """The stretch of plain `text` that says most about the search, as HTML with the words found marked.

    `weights` says how much each term searched for tells.
    """
    start, end, shown = _shown(text, tuple(weights.items()))
    before = "… " if start else ""
    after = " …" if end < len(text) else ""
    return format_html("{}{}{}", before, _marked(text, start, end, shown), after)


@lru_cache(maxsize=16)
def _shown(text: str, terms: tuple[tuple[Term, float], ...]) -> tuple[int, int, tuple[Match, ...]]:
    """From where to where a text says most, and what was found there: for its snippet, and again for its address."""
    weights = dict(terms)
    matches = _matches(tuple(islice(tokens(text), LOOKED_AT)), weights)
    start, end = _stretch(text, _best(matches, weights))
    return start, end, tuple(match for match in matches if start <= match.start and match.end <= end)


def _matches(words: Sequence[Token], terms: Iterable[Term]) -> list[Match]:
    """Where the terms stand, the longest of those that begin at one word, and none inside another."""
    by_first: dict[tuple[str, bool], list[Term]] = {}
    for term in sorted(terms, key=lambda term: -len(term.words)):
        by_first.setdefault((term.words[0], term.exact), []).append(term)
    found: list[Match] = []
    place = 0
    while place < len(words):
        token = words[place]
        possible = by_first.get((token.stem or token.word, False), []) + by_first.get((token.word, True), [])
        there = next((term for term in possible if _stands_at(term, words, place)), None)
        if there is not None:
            found.append(Match(there, token.start, words[place + len(there.words) - 1].end))
        place += len(there.words) if there else 1
    return found


def _stands_at(term: Term, words: Sequence[Token], place: int) -> bool:
    there = words[place : place + len(term.words)]
    return term.words == tuple(token.word if term.exact else token.stem or token.word for token in there)


def _best(matches: list[Match], weights: Mapping[Term, float]) -> int:
    """Where the stretch begins that holds most of the weight; each term counts once, and the first of equals wins."""
    best, most, told, after = 0, 0.0, 0.0, 0
    held: Counter[Term] = Counter()
    for first, match in enumerate(matches):
        while after < len(matches) and (after <= first or matches[after].end <= match.start + LENGTH - LEAD):
            told += 0 if held[matches[after].term] else weights[matches[after].term]
            held[matches[after].term] += 1
            after += 1
        if told > most + 1e-9:
            best, most = match.start, told
        held[match.term] -= 1
        told -= 0 if held[match.term] else weights[match.term]
    return best


def _stretch(text: str, found: int) -> tuple[int, int]:
    """Whole words around the place `found`, from the beginning of its line where that is near."""
    start = _start(text, found)
    if len(text) - start <= LENGTH:
        return start, len(text)
    space = max(text.rfind(" ", start, start + LENGTH), text.rfind("\n", start, start + LENGTH))
    return start, space if space > found else start + LENGTH


def _start(text: str, found: int) -> int:
    if found <= LEAD:
        return 0
    earliest = found - LEAD
    line = text.rfind("\n", earliest, found)
    if line >= 0:
        return line + 1
    space = text.find(" ", earliest, found)
    return space + 1 if space >= 0 else found


def _marked(text: str, start: int, end: int, matches: Sequence[Match]) -> SafeString:
    pieces = []
    for match in matches:
        pieces.append((text[start : match.start], text[match.start : match.end]))
        start = match.end
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), text[start:end])


MOST_DIRECTIVES = 4  # places marked where a result leads
CONTEXT = 2  # words on each side that tell a place from another one with the same words


def text_directives(text: str, weights: Mapping[Term, float]) -> str:
    """What makes the browser mark, where a result leads, the words that its snippet shows as found.

    A text directive behind the fragment of an address (WICG, "URL Fragment Text Directives"), "" for none. Each of the
    words is told from others by those beside it on its line; a browser that does not know directives ignores them.
    """
    _start, _end, shown = _shown(text, tuple(weights.items()))
    directives = [_directive(text, match) for match in shown[:MOST_DIRECTIVES]]
    return f":~:{'&'.join(directives)}" if directives else ""


def _directive(text: str, match: Match) -> str:
    line_start = text.rfind("\n", 0, match.start) + 1
    line_end = text.find("\n", match.end)
    before = text[line_start : match.start].split()[-CONTEXT:]
    after = text[match.end : line_end if line_end >= 0 else len(text)]
    follows = after.split()[:CONTEXT] if after[:1].isspace() else []
    pieces = [_encoded(text[match.start : match.end])]
    if before and text[match.start - 1].isspace():
        pieces.insert(0, f"{_encoded(' '.join(before))}-")
    if follows:
        pieces.append(f"-{_encoded(' '.join(follows))}")
    return f"text={','.join(pieces)}"


def _encoded(words: str) -> str:
    """Percent-encoded, the hyphen too: in a directive it has a meaning."""
    return quote(words, safe="").replace("-", "%2D")
