"""The grammar that finds cross-references in plain text.

`Section 2.10`, `sections 2.3 and 2.5`, `sections 3.1 to 3.4`, `paragraph 2.10.3` and `Part 2` are references
to this manual. A statute's are not: `section 47` has no full stop, and `section 11.2 of the Children Act
2004` says whose it is.

Every pattern is bounded or possessive, so that the time taken grows with the text and no faster.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from procedures.numbering import COMPONENT, depth, parent, sort_key

# U+0000 stands where an author has escaped a full stop: no number may begin or end beside it.
_DOTTED = rf"{COMPONENT}(?:\.{COMPONENT}){{1,3}}(?![\w\x00]|\.[0-9\x00])"
_BARE = rf"{COMPONENT}(?![\w\x00(]|[.,:/][0-9\x00]|-[A-Za-z])"
_RANGE = r"(?:\s++to\s++|\s*+[-–]\s*+)"

_START = re.compile(
    rf"""
      (?<![\w\x00-])
      (?: (?P<word> (?:sub-?)?section | paragraph | para ) (?P<plural>s)? (?: (?<=para|aras) \. )? \s++
        | § (?P<signs>§)?+ \s*+ )
      (?P<number>{_DOTTED})
    | (?<![\w\x00-]) part(?P<parts>s)? \s++ (?P<part>{_BARE})
    | (?<![\w\x00.,:/£$€#+–-]) (?<![0-9]\s) (?P<low>{_DOTTED}) {_RANGE} (?={_DOTTED})
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SEPARATOR = re.compile(rf"\s*+,\s*+(?:(?:and|or)\s++)?|\s++(?:and/or|and|or|&)\s++|{_RANGE}", re.IGNORECASE)
_NEXT_DOTTED = re.compile(_DOTTED)
_NEXT_BARE = re.compile(_BARE)

_MEASURE = re.compile(
    r"""\s*+ (?: [%°] | (?: per\s?cent | percentage | thousand | million | billion | bn
      | pounds? | pence | years? | months? | weeks? | days? | hours? | hrs? | minutes? | mins? | seconds?
      | am | pm | a\.m | p\.m
      | [cmk]?m | metres? | miles? | [km]?g | kilos? | kilograms? | grams? | m?l | litres?
      | points? | times | degrees? )\b )""",
    re.VERBOSE | re.IGNORECASE,
)
_MEASURED = re.compile(
    r"\b(?:from|by|between|about|around|approximately|aged?|scores?|ratios?|versions?|tables?|figures?|appendix|annex"
    r"|chapters?|articles?|rules?|regulations?|clauses?|standards?)\s{1,3}$",
    re.IGNORECASE,
)
_SUBSECTION = r"(?:\([0-9A-Za-z]{1,4}\))*+"
_LAW = "(?:Acts?|Regulations|Rules|Order|Code|Protocol|Convention|Directive|Schedule)"
_OF_A_LAW = re.compile(
    rf"{_SUBSECTION},?\s++[Oo]f\s++(?:[Tt]h(?:e|at|is|ose|ese)|an?)"
    rf"(?:\s++(?:\(?[A-Z][\w’'()-]{{0,40}}+,?|and|of|for|to|in|on|with|etc\.?)){{0,15}}?\s++{_LAW}\b"
)
_OF_SOMETHING_ELSE = re.compile(
    r"\s++of\s++(?!(?:the|this|these|our)\s(?:[\w’'-]{1,40}+\s++){0,3}(?:manual|procedures)\b)"
    r"(?:the|that|this|these|those|an?|your|our|their|its|each|every|any|[0-9])\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Reference:
    """Words that refer to a numbered place in this manual.

    `words` is `text[start:end]`, the characters that become a link. An uncertain reference is linked where
    such a section exists, but its absence is no fault: "3.1 to 3.4" may be a measure, and "Part 2" a form's.
    """

    start: int
    end: int
    words: str
    number: str
    kind: str
    certain: bool


@dataclass(frozen=True)
class _Item:
    start: int
    end: int
    number: str


def find_references(text: str) -> list[Reference]:
    """Every cross-reference in `text`, in order; they never overlap."""
    found: list[Reference] = []
    position = 0
    while match := _START.search(text, position):
        if match["low"]:
            references, position = _bare_range(text, match)
        elif match["part"]:
            references, position = _parts(text, match)
        else:
            references, position = _sections(text, match)
        found += references
    return found


def _sections(text: str, match: re.Match[str]) -> tuple[list[Reference], int]:
    """The references of a list that begins with "section 2.3", and where to look next."""
    items = [_Item(match.start(), match.end(), match["number"])]
    items += _further_items(text, match.end(), _NEXT_DOTTED)
    end = items[-1].end
    if _OF_A_LAW.match(text, end):
        return [], end
    kind = "paragraph" if (match["word"] or "").lower().startswith("para") else "section"
    listed = bool(match["plural"] or match["signs"])
    return [
        Reference(item.start, item.end, text[item.start : item.end], item.number, kind, listed or place == 0)
        for place, item in enumerate(items)
    ], end


def _parts(text: str, match: re.Match[str]) -> tuple[list[Reference], int]:
    """The references of "Part 2" or of a list that begins with "Parts 2", and where to look next."""
    items = [_Item(match.start(), match.end(), match["part"])]
    if match["parts"]:
        items += _further_items(text, match.end(), _NEXT_BARE)
    end = items[-1].end
    if _OF_A_LAW.match(text, end) or _OF_SOMETHING_ELSE.match(text, end) or _MEASURE.match(text, end):
        return [], end
    return [
        Reference(item.start, item.end, text[item.start : item.end], item.number, "part", certain=False)
        for item in items
    ], end


def _bare_range(text: str, match: re.Match[str]) -> tuple[list[Reference], int]:
    """Both ends of "3.1 to 3.4", unless they are a measure, a date or a law's; and where to look next."""
    high = _NEXT_DOTTED.match(text, match.end())
    assert high is not None  # the pattern looked ahead to it
    low_number, high_number = match["low"], high[0]
    one_place = parent(low_number) == parent(high_number) or depth(low_number) == depth(high_number) == 2
    if (
        not one_place
        or sort_key(low_number) >= sort_key(high_number)
        or _MEASURE.match(text, high.end())
        or _MEASURED.search(text, max(0, match.start() - 20), match.start())
        or _OF_A_LAW.match(text, high.end())
    ):
        return [], high.end()
    return [
        Reference(start, end, text[start:end], text[start:end], "section", certain=False)
        for start, end in (match.span("low"), high.span())
    ], high.end()


def _further_items(text: str, position: int, number: re.Pattern[str]) -> Iterator[_Item]:
    """The numbers that follow one at `position` in a list, as long as they are not measures ("and 2.5 per
    cent").
    """
    while separator := _SEPARATOR.match(text, position):
        match = number.match(text, separator.end())
        if match is None or _MEASURE.match(text, match.end()):
            return
        yield _Item(match.start(), match.end(), match[0])
        position = match.end()
