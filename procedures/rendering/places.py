"""Where in a text the numbers of its cross-references stand, to the character.

The parser keeps no columns. So every number in the text is replaced by a mark of the same length that means nothing to
Markdown, the marked text goes through the same parser, and the grammar is asked about each paragraph with the numbers
put back: a reference that it finds lies where its mark came from.
"""

import re
from dataclasses import dataclass

from markdown_it.rules_core import StateCore

from procedures.numbering import COMPONENT
from procedures.rendering.cross_references import linkable_text, references_in
from procedures.rendering.slots import Slots
from procedures.rendering.source import markdown_parser, new_env

_DOTTED = rf"(?<![0-9.]){COMPONENT}(?:\.{COMPONENT}){{1,3}}(?![0-9]|\.[0-9])"
_BARE = rf"{COMPONENT}(?![0-9])"
_PARTS = rf"\bparts?\s{{1,9}}{_BARE}(?:(?:\s?,\s?(?:and|or)?|\s(?:and/or|and|or|to|&)|\s?[-–])\s?{_BARE})*"
_NUMBERS = re.compile(f"(?P<dotted>{_DOTTED})|(?P<parts>{_PARTS})", re.IGNORECASE)
_EACH = re.compile(rf"(?<![0-9.]){_BARE}(?!\.[0-9])")

# Characters that no standard gives a meaning: one of plane 15 says which number it was, the filler how long it was.
_FIRST, _FILLER = 0xF0000, "\ue000"
_MARK = re.compile("[\U000f0000-\U000ffffd]\ue000*")


@dataclass(frozen=True)
class Place:
    """A number of a reference: `body[start:end]`."""

    start: int
    end: int
    number: str


def reference_places(body: str) -> list[Place | None]:
    """The place of every reference by number, in the order of `Source.links`.

    None for a number that does not stand in the body as it is read, such as one written with a character reference. A
    body with private characters of its own, which could be taken for marks, has no places at all.
    """
    if _MARK.search(body) or _FILLER in body:
        return []
    places = [Place(start, end, body[start:end]) for start, end in _spans(body)]
    env = new_env([], [], Slots()) | {"numbers": places, "places": []}
    _MARKDOWN.parse(_marked(body, places), env)
    return env["places"]


def _spans(body: str) -> list[tuple[int, int]]:
    found = []
    for match in _NUMBERS.finditer(body):
        if match["dotted"]:
            found.append(match.span())
        else:
            found += [each.span() for each in _EACH.finditer(body, *match.span())]
    return found


def _marked(body: str, places: list[Place]) -> str:
    parts, position = [], 0
    for index, place in enumerate(places):
        parts += [body[position : place.start], chr(_FIRST + index), _FILLER * (place.end - place.start - 1)]
        position = place.end
    return "".join([*parts, body[position:]])


def _note_places(state: StateCore) -> None:
    """The parser's rule: find each paragraph's references as the rule after it would, had nothing been marked."""
    numbers: list[Place] = state.env["numbers"]
    for token in state.tokens:
        if token.type == "inline" and token.children:
            marked, pieces = linkable_text(token.children)
            text = _MARK.sub(lambda match: numbers[ord(match[0][0]) - _FIRST].number, marked)
            for reference in references_in(text, pieces):
                index = ord(marked[reference.end - len(reference.number)]) - _FIRST
                place = numbers[index] if 0 <= index < len(numbers) else None
                state.env["places"].append(place if place and place.number == reference.number else None)


_MARKDOWN = markdown_parser()
_MARKDOWN.core.ruler.before("links", "places", _note_places)
