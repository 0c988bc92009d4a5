"""Words written into an element of the result, with `ins` and `del` around what changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Literal, TypeAlias

from lxml import etree

from procedures.comparison.blocks import Element, Path, Word, empty_copy
from procedures.comparison.words import Change

Mark: TypeAlias = Literal["ins", "del"]


@dataclass
class _Piece:
    """A word to write, from the old text, the new or both; `path` leads to it through its `ins` or `del`, `mark`."""

    old: Word | None
    new: Word | None
    path: Path
    mark: Element | None = None

    @property
    def text(self) -> str:
        word = self.new or self.old
        return word.text if word else ""


def write_words(parent: Element, changes: Sequence[Change], *, verbatim: bool = False) -> None:
    """Add the words to the end of `parent`; `verbatim` keeps the white space that they begin with."""
    writer = _Writer(parent)
    spacing = _Spacing(list(_pieces(changes)), at_start=not verbatim)
    for path, text in spacing.write():
        writer.write(path, text)
    writer.finish()


def _pieces(changes: Sequence[Change]) -> Iterator[_Piece]:
    for place, change in enumerate(changes):
        if change.same:
            yield from (_Piece(old, new, new.path) for old, new in zip(change.old, change.new, strict=True))
        else:
            before = changes[place - 1].new[-1].path if place else ()
            after = changes[place + 1].new[0].path if place + 1 < len(changes) else ()
            follows = change.new[0].path if change.new else after
            yield from _deleted(change.old, _common(before, follows))
            yield from _inserted(change.new, before, after)


def _deleted(words: Sequence[Word], around: Path) -> Iterator[_Piece]:
    """Deleted words, within the new text's elements `around` them; no element may stand in one of its own name."""
    mark = etree.Element("del")
    names = {element.tag for element in around}
    for word in words:
        own = (element for element in word.path if element.tag not in names)
        yield _Piece(word, None, (*around, mark, *own), mark)


def _inserted(words: Sequence[Word], before: Path, after: Path) -> Iterator[_Piece]:
    """Inserted words; an element that also holds words outside the change stays whole, with the `ins` inside it."""
    mark = etree.Element("ins")
    for word in words:
        depth = max(len(_common(word.path, before)), len(_common(word.path, after)))
        yield _Piece(None, word, (*word.path[:depth], mark, *word.path[depth:]), mark)


def _common(first: Path, second: Path) -> Path:
    alike = takewhile(lambda pair: pair[0] is pair[1], zip(first, second, strict=False))
    return tuple(element for element, _same in alike)


class _Spacing:
    """Puts white space between pieces, so that both texts, read out of the result, have it where they had it.

    A space is written plain where both texts have one, else inside an `ins` or `del`.
    """

    def __init__(self, pieces: Sequence[_Piece], *, at_start: bool) -> None:
        self._pieces = pieces
        self._old_has_space = self._new_has_space = at_start
        self._old_comes = _space_comes([piece.old for piece in pieces])
        self._new_comes = _space_comes([piece.new for piece in pieces])

    def write(self) -> Iterator[tuple[Path, str]]:
        """Every stretch of text with the path that leads to it."""
        previous = _Piece(None, None, self._pieces[0].path if self._pieces else ())
        for place, piece in enumerate(self._pieces):
            yield from self._space(place, piece, previous)
            yield piece.path, piece.text
            self._old_has_space = self._old_has_space and piece.old is None
            self._new_has_space = self._new_has_space and piece.new is None
            previous = piece

    def _space(self, place: int, piece: _Piece, previous: _Piece) -> Iterator[tuple[Path, str]]:
        old = "" if self._old_has_space or not piece.old else piece.old.space
        new = "" if self._new_has_space or not piece.new else piece.new.space
        shared = _common(previous.path, piece.path)
        if piece.mark is not None and piece.mark is previous.mark:
            if old or new:
                yield (shared if piece.mark in shared else _to_mark(piece)), old or new
        elif self._both_may_have_space(place):
            parts_words = previous.mark is not None and piece.mark is not None
            if old or new or parts_words:
                self._old_has_space = self._new_has_space = True
                yield shared, new or old or " "
        elif old:
            yield (_to_mark(piece) if piece.mark is not None else (*shared, etree.Element("del"))), old
        elif new:
            yield (_to_mark(piece) if piece.mark is not None else (*shared, etree.Element("ins"))), new

    def _both_may_have_space(self, place: int) -> bool:
        old = self._old_has_space or self._old_comes[place]
        return old and (self._new_has_space or self._new_comes[place])


def _to_mark(piece: _Piece) -> Path:
    return piece.path[: [element is piece.mark for element in piece.path].index(True) + 1]


def _space_comes(words: Sequence[Word | None]) -> list[bool]:
    """For each place, whether the next word at or after it has white space before it; true at the end."""
    comes: list[bool] = []
    next_has_space = True
    for word in reversed(words):
        next_has_space = bool(word.space) if word else next_has_space
        comes.append(next_has_space)
    return comes[::-1]


class _Writer:
    """Opens and closes inline elements as the paths of the words ask for."""

    def __init__(self, parent: Element) -> None:
        self._parent = parent
        self._open: list[tuple[Element, Element]] = []  # what is copied, and the copy
        self._text: list[str] = []

    def write(self, path: Path, text: str) -> None:
        shared = len(_common(tuple(original for original, _copy in self._open), path))
        if shared < len(self._open) or shared < len(path):
            self.finish()
            del self._open[shared:]
        for original in path[shared:]:
            self._open.append((original, empty_copy(self._innermost(), original)))
        self._text.append(text)

    def finish(self) -> None:
        """Put the text gathered so far at the end of the element that is open."""
        parent = self._innermost()
        text = "".join(self._text)
        self._text.clear()
        if len(parent):
            parent[-1].tail = (parent[-1].tail or "") + text
        else:
            parent.text = (parent.text or "") + text

    def _innermost(self) -> Element:
        return self._open[-1][1] if self._open else self._parent
