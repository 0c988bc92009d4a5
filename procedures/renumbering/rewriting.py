"""A text with the numbers of its cross-references replaced, and nothing else of it changed."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from procedures.numbering import candidates
from procedures.rendering import Link, Place, parse, reference_places

AROUND = 60  # characters shown on each side of a replaced number


class NotRewritable(ValueError):
    """A number cannot be replaced without changing what the text refers to. `line` counts from 1 in the body."""

    def __init__(self, link: Link, number: str) -> None:
        super().__init__(
            f"“{link.words}” must become {number}, and the number cannot be replaced there without changing what the "
            "text refers to. Publish a version of this text first that says it in other words, or with a link such as "
            "[what it says](section:its-slug)."
        )
        self.line = link.line


@dataclass(frozen=True)
class Replacement:
    """One number that was replaced: its line, counted from 1, and the words around it on that line."""

    line: int
    before: str
    old: str
    new: str
    after: str


@dataclass(frozen=True)
class Rewritten:
    body: str
    replacements: tuple[Replacement, ...]


def rewrite(body: str, moves: Mapping[str, str] | Callable[[str], str]) -> Rewritten:
    """A Markdown body in which every reference by number to a number in `moves` has the new one.

    All at once: with 2.10 -> 2.11 and 2.11 -> 2.12, "2.10" becomes "2.11" and stays that. A number under a moved one
    that is not in `moves` itself ("paragraph 2.10.3") moves with it. Instead of a mapping, a function may give each
    number's new one. What the grammar does not take for a reference to this manual is left alone.

    Raises NotRewritable when the references of the rewritten text are not exactly the old ones with their new numbers.
    """
    new_number = moves if callable(moves) else lambda number: moved(number, moves)
    links = parse(body).links
    expected = [_renumbered(link, new_number) for link in links]
    if expected == list(links):
        return Rewritten(body, ())
    places = _places(body, links, expected)
    places.sort(key=lambda place: place.start)  # footnotes come last as links
    replaced = [(place, new) for place in places if (new := new_number(place.number)) != place.number]
    rewritten = _replace(body, replaced)
    _refuse_what_differs(links, expected, parse(rewritten).links)
    return Rewritten(rewritten, tuple(_shown(body, replaced)))


def moved(number: str, moves: Mapping[str, str]) -> str:
    """What a number as written becomes: its own new one, or the one above it with the rest as it was."""
    for candidate in candidates(number):
        if candidate in moves:
            return moves[candidate] + number.removeprefix(candidate)
    return number


def _renumbered(link: Link, new_number: Callable[[str], str]) -> Link:
    if not link.number:
        return link
    new = new_number(link.number)
    return replace(link, number=new, words=link.words.removesuffix(link.number) + new)


def _places(body: str, links: Iterable[Link], expected: Iterable[Link]) -> list[Place]:
    """Where the numbers of the links stand; NotRewritable for one that must change and has no place."""
    places = iter(reference_places(body))
    found = []
    for link, wanted in zip(links, expected, strict=True):
        place = next(places, None) if link.number else None
        if link.number and place and place.number == link.number:
            found.append(place)
        elif link != wanted:
            raise NotRewritable(link, wanted.number)
    return found


def _replace(body: str, replaced: Iterable[tuple[Place, str]]) -> str:
    parts, position = [], 0
    for place, new in replaced:
        parts += [body[position : place.start], new]
        position = place.end
    return "".join([*parts, body[position:]])


def _refuse_what_differs(links: Iterable[Link], expected: Iterable[Link], found: tuple[Link, ...]) -> None:
    remaining = iter(found)
    for link, wanted in zip(links, expected, strict=True):
        if next(remaining, None) != wanted:
            raise NotRewritable(link, wanted.number)
    if extra := next(remaining, None):
        raise NotRewritable(extra, extra.number)


def _shown(body: str, replaced: Iterable[tuple[Place, str]]) -> Iterable[Replacement]:
    for place, new in replaced:
        begin = body.rfind("\n", 0, place.start) + 1
        end = body.find("\n", place.end)
        before = body[begin : place.start]
        after = body[place.end : None if end < 0 else end]
        yield Replacement(
            line=body.count("\n", 0, place.start) + 1,
            before=before if len(before) <= AROUND else "… " + before[-AROUND:].partition(" ")[2],
            old=place.number,
            new=new,
            after=after if len(after) <= AROUND else after[:AROUND].rpartition(" ")[0] + " …",
        )
