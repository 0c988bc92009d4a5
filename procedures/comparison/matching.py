"""Which block of the earlier text became which block of the later one, in the order in which both are read."""

from bisect import bisect
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from procedures.comparison.blocks import Block, rows
from procedures.comparison.sequences import runs, shared_ends

Pair: TypeAlias = tuple[Block | None, Block | None]
Columns: TypeAlias = Sequence[tuple[int | None, int | None]]

# Of 100 pairs of unrelated paragraphs in the sample manual's sections, 1 is as alike as this.
_ALIKE = 0.45
# There is one of these where it stands: whatever it became is it.
_ONE_OF_ITS_KIND = {"table", "thead", "tbody", "tfoot", "section"}
_COLLECTIONS = {"list", "div", "blockquote"}
_LED = {"item", "row", "column"}
_LEAST_REACH = 3
_COMPARED = 20_000


def align(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Pair]:
    """Each block with what it became: (old, new), (old, None) where it is gone, (None, new) where it is new."""
    for run in runs([(block.kind, block.keys) for block in old], [(block.kind, block.keys) for block in new]):
        if run.same:
            yield from zip(old[run.old], new[run.new], strict=True)
        else:
            yield from _align_by_likeness(old[run.old], new[run.new])


def align_columns(old_table: Block, new_table: Block) -> Columns:
    """The columns of two tables, by the words in them: each one's place in the old table and in the new one."""
    old, new = _columns(old_table), _columns(new_table)
    old_places = {column: place for place, column in enumerate(old)}
    new_places = {column: place for place, column in enumerate(new)}
    return [
        (old_places[was] if was else None, new_places[became] if became else None) for was, became in align(old, new)
    ]


def _columns(table: Block) -> list[Block]:
    cells = [row.children for row in rows(table)]
    width = max(map(len, cells), default=0)
    return [Block("column", None, [row[place] for row in cells if place < len(row)]) for place in range(width)]


def _align_by_likeness(old: Sequence[Block], new: Sequence[Block]) -> Iterator[Pair]:
    """Pair blocks that are alike; what remains is gone or new."""
    old_at = new_at = 0
    for old_place, new_place in _matches(old, new):
        yield from ((block, None) for block in old[old_at:old_place])
        yield from ((None, block) for block in new[new_at:new_place])
        yield old[old_place], new[new_place]
        old_at, new_at = old_place + 1, new_place + 1
    yield from ((block, None) for block in old[old_at:])
    yield from ((None, block) for block in new[new_at:])


def _matches(old: Sequence[Block], new: Sequence[Block]) -> list[tuple[int, int]]:
    """The places of blocks that are alike: those most alike first, as long as no two pairs cross."""
    matches: list[tuple[int, int]] = []
    for _unlike, _distance, old_place, new_place in sorted(_candidates(old, new)):
        place = bisect(matches, (old_place, new_place))
        after_earlier = all(was < old_place and now < new_place for was, now in matches[:place][-1:])
        before_later = all(was > old_place and now > new_place for was, now in matches[place:][:1])
        if after_earlier and before_later:
            matches.insert(place, (old_place, new_place))
    return matches


def _candidates(old: Sequence[Block], new: Sequence[Block]) -> Iterator[tuple[float, int, int, int]]:
    """Pairs of places that may match, as (how unlike, how far out of step, old place, new place).

    In long runs only blocks nearly in step are compared, so that the time grows with the length, not its square.
    """
    reach = max(_LEAST_REACH, _COMPARED // max(1, len(old)))
    for old_place, block in enumerate(old):
        in_step = old_place * len(new) // len(old)
        for new_place in range(max(0, in_step - reach), min(len(new), in_step + reach + 1)):
            likeness = _likeness(block, new[new_place])
            if likeness >= _ALIKE:
                yield 1 - likeness, abs(new_place - in_step), old_place, new_place


def _likeness(old: Block, new: Block) -> float:
    """How alike two blocks are, from 0 to 1."""
    if old.kind != new.kind:
        return 0
    likeness = _likeness_of_words(old, new)
    if old.kind in _LED and old.children and new.children:
        lead = _likeness_of_words(old.children[0], new.children[0])
        likeness = max(likeness, (likeness + lead) / 2)
    stands_alone = old.kind in _ONE_OF_ITS_KIND or (old.kind == "text" and None in (old.element, new.element))
    return max(likeness, _ALIKE) if stands_alone else likeness


def _likeness_of_words(old: Block, new: Block) -> float:
    """The share of words in both (Dice's coefficient), or the share of the shorter that both begin and end with.

    Of a list or another collection, which may grow much, the share of the shorter one's words.
    """
    shorter = min(len(old.spoken), len(new.spoken))
    both = len(old.spoken) + len(new.spoken)
    if not shorter:
        return float(not both)
    if old.vocabulary.keys().isdisjoint(new.vocabulary):
        return 0
    shared = sum(min(times, new.vocabulary[word]) for word, times in old.vocabulary.items())
    if old.kind in _COLLECTIONS:
        return shared / shorter
    return max(2 * shared / both, sum(shared_ends(old.spoken, new.spoken)) / shorter)
