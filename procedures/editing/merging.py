"""A draft and what was published meanwhile, merged: where only one of them changed the text, that change stands; where
both did, somebody chooses.

Lines are compared, for long paragraphs are wrapped; but a conflict is shown in whole paragraphs, list items or rows,
since half a sentence tells nobody what to choose.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import partial
from typing import Any, Generic, Literal, TypeVar

from merge3 import Merge3

Kind = Literal["same", "mine", "theirs", "alike", "conflict"]
T = TypeVar("T")

# A line that begins something of its own, whatever stands above it: heading, row, quotation, list item, slot, fence.
_BEGINS = re.compile(r"\s*(?:#{1,6}(?:\s|$)|\||>|[-*+]\s|[0-9]{1,9}[.)]\s|:::|```|~~~|\[\^)")


@dataclass(frozen=True)
class Chunk:
    """A run of whole lines, as each of the three texts has it.

    `kind` says who changed it: nobody ("same"), one side ("mine", "theirs"), both alike, or both in different ways
    ("conflict").
    """

    kind: Kind
    base: str
    mine: str
    theirs: str

    @property
    def merged(self) -> str:
        """What stands here in the merged text; of a conflict, mine."""
        return self.theirs if self.kind == "theirs" else self.mine


@dataclass(frozen=True)
class Own:
    """Words that somebody wrote to settle a conflict."""

    text: str


Choice = Literal["mine", "theirs", "both"] | Own


@dataclass(frozen=True)
class MergedField(Generic[T]):
    """A value of one line, merged; where both sides changed it in different ways, `value` is mine until chosen."""

    value: T
    is_conflict: bool


def merge(base: str, mine: str, theirs: str) -> list[Chunk]:
    """The three texts cut into chunks, in order; each text is the chunks' own side of it, put together.

    Line feeds end the lines, whatever ended them before, the last one too.
    """
    texts = _lines(base), _lines(mine), _lines(theirs)
    return [
        Chunk(part.kind, "".join(part.base), "".join(part.mine), "".join(part.theirs))
        for part in _in_whole_paragraphs(list(_parts(*texts)))
    ]


def resolve(chunks: Sequence[Chunk], choices: Sequence[Choice]) -> str:
    """The merged text, with one choice for each conflict, in order. ValueError when their numbers differ."""
    count = sum(chunk.kind == "conflict" for chunk in chunks)
    if len(choices) != count:
        raise ValueError(f"There are {count} conflicts to settle, and {len(choices)} choices.")
    remaining = iter(choices)
    return "".join(_chosen(chunk, next(remaining)) if chunk.kind == "conflict" else chunk.merged for chunk in chunks)


def merge_field(base: T, mine: T, theirs: T) -> MergedField[T]:
    """A title, a number, a date: whichever side changed it; a conflict where both did, and not alike."""
    if mine in (base, theirs):
        return MergedField(theirs, False)
    return MergedField(mine, theirs != base)


def _chosen(conflict: Chunk, choice: Choice) -> str:
    if isinstance(choice, Own):
        return "".join(_lines(choice.text))
    if choice == "both":
        first, second = conflict.mine, conflict.theirs
        # Two paragraphs without an empty line between them would become one.
        runs_on = first.strip("\n") and not first.endswith("\n\n") and _continues(second.split("\n", 1)[0])
        return f"{first}\n{second}" if runs_on else first + second
    return conflict.theirs if choice == "theirs" else conflict.mine


def _lines(text: str) -> list[str]:
    """Its lines, each with a line feed. No other character ends a line, as in Markdown."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    return [f"{line}\n" for line in lines]


@dataclass
class _Part:
    """A chunk in the making, in lines."""

    kind: Kind
    base: list[str]
    mine: list[str]
    theirs: list[str]

    @property
    def sides(self) -> tuple[list[str], list[str], list[str]]:
        return self.base, self.mine, self.theirs


def _parts(base: list[str], mine: list[str], theirs: list[str]) -> Iterator[_Part]:
    """What the three have in common, and what stands between."""
    # Without the heuristic by which difflib ignores lines that are frequent in a long text.
    matcher: Any = partial(SequenceMatcher, autojunk=False)
    at_base = at_mine = at_theirs = 0
    for region in Merge3(base, mine, theirs, sequence_matcher=matcher).find_sync_regions():
        base_from, base_to, mine_from, mine_to, theirs_from, theirs_to = region
        between = base[at_base:base_from], mine[at_mine:mine_from], theirs[at_theirs:theirs_from]
        if any(between):
            yield _Part(_kind(*between), *between)
        if base_from < base_to:
            shared = base[base_from:base_to]
            yield _Part("same", shared, list(shared), list(shared))
        at_base, at_mine, at_theirs = base_to, mine_to, theirs_to


def _kind(base: list[str], mine: list[str], theirs: list[str]) -> Kind:
    if mine == theirs:
        return "alike"
    if theirs == base:
        return "mine"
    return "theirs" if mine == base else "conflict"


def _in_whole_paragraphs(parts: list[_Part]) -> list[_Part]:
    """The parts, with every conflict grown to the paragraphs, list items or rows that it lies in."""
    done: list[_Part] = []
    waiting = parts[::-1]
    while waiting:
        part = waiting.pop()
        if part.kind == "conflict":
            while done and _begins_within_a_paragraph(part, done[-1]):
                _take(done, place=-1, into=part, put=lambda taken, side: [*taken, *side])
            while waiting and _ends_within_a_paragraph(part, waiting[-1]):
                _take(waiting, place=0, into=part, put=lambda taken, side: [*side, *taken])
        done.append(part)
    return done


def _take(parts: list[_Part], *, place: int, into: _Part, put: Callable[[list[str], list[str]], list[str]]) -> None:
    """Take the nearest line of the last of `parts`, or all of it when its sides differ, `into` a conflict."""
    neighbour = parts[-1]
    if neighbour.kind == "same":
        taken = [[side.pop(place)] for side in neighbour.sides]
    else:
        taken = [list(side) for side in neighbour.sides]
    if neighbour.kind != "same" or not neighbour.base:
        parts.pop()
    into.base, into.mine, into.theirs = (put(*pair) for pair in zip(taken, into.sides, strict=True))


def _begins_within_a_paragraph(part: _Part, above: _Part) -> bool:
    return any(
        side and _continues(side[0]) and lines and _runs_on(lines[-1])
        for side, lines in zip(part.sides, above.sides, strict=True)
    )


def _ends_within_a_paragraph(part: _Part, below: _Part) -> bool:
    return any(
        side and _runs_on(side[-1]) and lines and _continues(lines[0])
        for side, lines in zip(part.sides, below.sides, strict=True)
    )


def _is_text(line: str) -> bool:
    return bool(line.strip())


def _runs_on(line: str) -> bool:
    """Whether what stands below a line may go on with it: not below a heading or a slot line."""
    return _is_text(line) and not line.startswith(("#", ":::"))


def _continues(line: str) -> bool:
    """Whether a line goes on with what stands above it, should that be text."""
    return _is_text(line) and not _BEGINS.match(line)
