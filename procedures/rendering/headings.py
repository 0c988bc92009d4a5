"""Headings: the ids that authors fix, the rules of their levels, and ids that outlive a rewording."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from procedures.rendering.plain_text import inline_text, tidy
from procedures.rendering.rendered import Fault
from procedures.rendering.slots import Stretch

SourceHeading = tuple[int, str, str, int]  # level, plain words, fixed id or "", line

_FIXED_ID = re.compile(r"(?<!\\)\{#([^{}]*)\}\s*\Z")
_ID = re.compile(r"(?!p-)[a-z][a-z0-9-]*")
_LONGEST_SLUG = 60

IDS_AROUND = frozenset(
    {
        *("main", "header-search", "search-shortcut", "search-shortcut-on"),
        *("partnership", "day", "month", "year", "read-again", "edit-link"),
    }
)
"""The ids of the page around a text. Were one a heading's as well, links to it would lead to the other place."""


def headings_plugin(markdown: MarkdownIt) -> None:
    """Teach `markdown` to take `{#id}` off the ends of headings, into `meta["fixed_id"]`."""
    markdown.core.ruler.after("block", "fixed_heading_ids", _take_fixed_ids)


def _take_fixed_ids(state: StateCore) -> None:
    for opening, inline in _headings(state.tokens):
        match = _FIXED_ID.search(inline.content)
        opening.meta["fixed_id"] = match[1] if match else ""
        if match:
            inline.content = inline.content[: match.start()].rstrip()
            if not match[1]:
                message = "“{#}” names no id: write one, as in “{#who-to-call}”."
                state.env["faults"].append(Fault(_line(opening), message))


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Each heading's opening token with the inline token that holds its words."""
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            yield token, tokens[place + 1]


def _line(opening: Token) -> int:
    return (opening.map or [0])[0] + 1


def gather_headings(stretches: Sequence[Stretch], faults: list[Fault]) -> tuple[SourceHeading, ...]:
    """Every heading of a text in order; numbers them in `meta["heading"]`, and reports what is wrong with
    them.

    What fills a slot stands under headings that its author cannot see, so it may begin at any level from 2.
    """
    found: list[SourceHeading] = []
    lines_of_ids: dict[str, int] = {}
    level_in_text = 1
    for stretch in stretches:
        level_above = 6 if stretch.kind == "fill" else level_in_text
        for opening, inline in _headings(stretch.tokens):
            level, line, fixed_id = int(opening.tag[1]), _line(opening), opening.meta["fixed_id"]
            text = tidy(inline_text(inline.children or []))
            objections = [*_objections(level, level_above, text), *_objections_to_id(fixed_id, lines_of_ids)]
            faults += [Fault(line, objection) for objection in objections]
            usable_id = fixed_id if _ID.fullmatch(fixed_id) and fixed_id not in {*IDS_AROUND, *lines_of_ids} else ""
            lines_of_ids.setdefault(fixed_id, line)
            opening.meta["heading"] = len(found)
            found.append((max(level, 2), text, usable_id, line))
            level_above = level
        if stretch.kind != "fill":
            level_in_text = level_above
    return tuple(found)


def _objections(level: int, level_above: int, text: str) -> Iterator[str]:
    """What is wrong with the level and the words of a heading that follows one of `level_above`."""
    if not text:
        yield "This heading has no words: write some, or take its “#” away."
    if level == 1:
        yield f"“{text}” is a heading of the first level, which is the title’s: begin it with “##”."
    elif level > level_above + 1:
        hashes = "#" * (level_above + 1)
        yield f"“{text}” skips a level of headings: begin it with “{hashes}”, not “{'#' * level}”."


def _objections_to_id(fixed_id: str, lines_of_ids: dict[str, int]) -> Iterator[str]:
    """What is wrong with an id that an author has fixed; `lines_of_ids` are those of the headings above."""
    if not fixed_id:
        return
    if not _ID.fullmatch(fixed_id):
        yield (
            f"“{{#{fixed_id}}}” cannot be a heading’s id: begin it with a small letter, go on with small "
            "letters, digits and hyphens, and do not begin it with “p-”."
        )
    elif fixed_id in IDS_AROUND:
        yield f"“{{#{fixed_id}}}” is the id of another place on every page: choose another."
    elif fixed_id in lines_of_ids:
        yield f"“{{#{fixed_id}}}” is already the id of another heading in this text: choose another."


def carry_heading_ids(
    headings_now: Sequence[SourceHeading],
    headings_before: Sequence[SourceHeading] = (),
    ids_before: Sequence[str] = (),
) -> list[str]:
    """The ids of `headings_now`, without a prefix, so that links to the version before still arrive.

    `ids_before[i]` was the id of `headings_before[i]`; ids beyond those are only kept from being given again.
    In order: an id fixed by the author, the id of the same words before, the id of the heading that a
    reworded one replaces, and else a new one made of the words, which no other heading of either version has
    borne.
    """
    ids = [fixed_id for _level, _text, fixed_id, _line in headings_now]
    taken = set(ids) - {""}
    for place, place_before in _heirs(headings_now, headings_before):
        inherited = ids_before[place_before]
        if not ids[place] and inherited not in taken:
            ids[place] = inherited
            taken.add(inherited)
    new_id = _NewIds(taken.union(ids_before, IDS_AROUND)).make
    for place, (_level, text, _fixed_id, _line) in enumerate(headings_now):
        if not ids[place]:
            ids[place] = new_id(text)
    return ids


def _heirs(now: Sequence[SourceHeading], before: Sequence[SourceHeading]) -> list[tuple[int, int]]:
    """Which heading now continues which before, as pairs of places, surest first."""
    words_now, words_before = _words(now), _words(before)
    same: list[tuple[int, int]] = []
    reworded: list[tuple[int, int]] = []
    matcher = SequenceMatcher(None, words_before, words_now, autojunk=False)
    for tag, start_before, end_before, start, end in matcher.get_opcodes():
        pairs = list(zip(range(start, end), range(start_before, end_before), strict=False))
        if tag == "equal":
            same += pairs
        elif tag == "replace" and end - start == end_before - start_before:
            reworded += [(new, old) for new, old in pairs if now[new][0] == before[old][0]]
    return _without_repeats([*same, *_moved(words_now, words_before, same), *reworded])


def _words(headings: Sequence[SourceHeading]) -> list[str]:
    return [tidy(text).casefold() for _level, text, _fixed_id, _line in headings]


def _moved(now: list[str], before: list[str], same: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pairs of headings with the same words in another order, leaving out those in `same`."""
    kept_now, kept_before = {new for new, _old in same}, {old for _new, old in same}
    places_before: dict[str, list[int]] = {}
    for old, words in enumerate(before):
        if old not in kept_before:
            places_before.setdefault(words, []).append(old)
    return [
        (new, places_before[words].pop(0))
        for new, words in enumerate(now)
        if new not in kept_now and places_before.get(words)
    ]


def _without_repeats(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The first pair of every heading, now and before."""
    news: set[int] = set()
    olds: set[int] = set()
    kept = []
    for new, old in pairs:
        if new not in news and old not in olds:
            kept.append((new, old))
            news.add(new)
            olds.add(old)
    return kept


class _NewIds:
    """Makes ids out of words, none that is taken and none twice."""

    def __init__(self, taken: set[str]) -> None:
        self.taken = taken
        self.times: Counter[str] = Counter()

    def make(self, text: str) -> str:
        """An id made of the words of `text`, with a number after it if need be."""
        slug = new_id = _slug(text)
        while new_id in self.taken:
            self.times[slug] += 1
            new_id = f"{slug}-{self.times[slug] + 1}"
        self.taken.add(new_id)
        return new_id


def _slug(text: str) -> str:
    """`text` as small letters, digits and hyphens, of a length to send by e-mail; never a paragraph's
    "p-…".
    """
    ascii_text = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_text.lower().replace("'", "")).strip("-")
    if len(slug) > _LONGEST_SLUG:
        slug = slug[: _LONGEST_SLUG + 1].rpartition("-")[0] or slug[:_LONGEST_SLUG]
    if not slug:
        return "heading"
    return slug if _ID.fullmatch(slug) else f"heading-{slug}"
