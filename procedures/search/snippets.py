"""The words around what was found: the one place where text from the index becomes HTML."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from whoosh.analysis import Analyzer

LENGTH = 240  # characters
LEAD = 60  # characters shown before the first word found, at most
LOOKED_AT = 50_000  # characters of a passage in which words are looked for


@dataclass(frozen=True)
class Match:
    """A word of the text that was searched for, and where it stands."""

    term: str
    start: int
    end: int


def snippet(text: str, weights: Mapping[str, float], analyser: Analyzer) -> SafeString:
    """The stretch of plain `text` that says most about the search, as HTML with the words found marked.

    `weights` says how much each term searched for tells, in the terms that `analyser` makes of a text.
    """
    matches = [
        Match(token.text, token.startchar, token.endchar)
        for token in analyser(text[:LOOKED_AT], chars=True)
        if token.text in weights
    ]
    start, end = _stretch(text, _best(matches, weights))
    shown = [match for match in matches if start <= match.start and match.end <= end]
    before = "… " if start else ""
    after = " …" if end < len(text) else ""
    return format_html("{}{}{}", before, _marked(text, start, end, shown), after)


def _best(matches: list[Match], weights: Mapping[str, float]) -> int:
    """Where the stretch begins that holds most of the weight; each term counts once, and the first of equals wins."""
    best, most, told, after = 0, 0.0, 0.0, 0
    held: Counter[str] = Counter()
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


def _marked(text: str, start: int, end: int, matches: list[Match]) -> SafeString:
    pieces = []
    for match in matches:
        pieces.append((text[start : match.start], text[match.start : match.end]))
        start = match.end
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", pieces), text[start:end])
