"""Which numbers move when some are asked to: what stands under them, and what stands in their way."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain

from procedures.numbering import is_number, parent, sort_key
from procedures.register import Entry, Register, Stream

Numbered = tuple[Stream, str]  # a stream and a number that it bears


class NotMovable(ValueError):
    """The numbers cannot be moved so. The message is a sentence for the editor."""


@dataclass(frozen=True)
class Counting:
    """An entry of the register that counts on some day from `since` on."""

    stream: Stream
    entry: Entry
    since: date


def counting_from(register: Register, day: date) -> Iterator[Counting]:
    """Every entry that counts on `day` or will count later, withdrawals included."""
    for stream, entries in register.streams.items():
        following: Iterable[Entry | None] = chain(entries[1:], [None])
        for entry, follower in zip(entries, following, strict=True):
            since = max(entry.effective_date, day)
            if follower is None or since < follower.effective_date:
                yield Counting(stream, entry, since)


@dataclass
class Moves:
    """New numbers as they are worked out.

    `own` are the numbers that the renumbering partnership's sections bear on the day or later; `below` those of other
    partnerships' local procedures that may stand under one of them. `asked` are the ones that somebody named.
    """

    own: set[Numbered]
    below: set[Numbered]
    new: dict[Numbered, str] = field(default_factory=dict)
    asked: set[Numbered] = field(default_factory=set)

    def move(self, wanted: Mapping[Numbered, str], *, make_room: bool) -> None:
        """Move what is wanted and whatever stands under it; with `make_room`, what is in the way moves up by one.

        Raises NotMovable for a number that is none, for one under itself, and where there is no room to make.
        """
        self.asked |= set(wanted)
        for (_, old), new in wanted.items():
            _refuse_what_no_section_can_bear(old, new)
        self.new |= wanted
        for (_, old), new in wanted.items():
            self._take_along(old, new)
        if make_room:
            for new in sorted(set(wanted.values()), key=sort_key):
                self._make_room(new)

    def _take_along(self, old: str, new: str) -> None:
        for numbered in self.own | self.below:
            if numbered not in self.new and numbered[1].startswith(f"{old}."):
                self.new[numbered] = new + numbered[1].removeprefix(old)

    def _make_room(self, number: str) -> None:
        """Move what bears `number` to the next one, what bears that to the one after, and so on up to a gap."""
        while bearers := [numbered for numbered in self.own - set(self.new) if numbered[1] == number]:
            above, _, last = number.rpartition(".")
            following = f"{above}.{int(last) + 1}" if above else str(int(last) + 1)
            if not is_number(following):
                raise NotMovable(f"There is no room: nothing comes after {number}.")
            for bearer in bearers:
                self.new[bearer] = following
            self._take_along(number, following)
            number = following


def _refuse_what_no_section_can_bear(old: str, new: str) -> None:
    if not is_number(new):
        raise NotMovable(f"“{new}” is not a section number such as 3.1 or 2.10.")
    if new == old:
        raise NotMovable(f"This section bears the number {old} already.")
    if new.startswith(f"{old}."):
        raise NotMovable(f"A section cannot stand under itself: {new} is under {old}.")


def gaps_closed(numbers: Mapping[str, str], under: str) -> dict[str, str]:
    """The new numbers, by slug, with which what stands directly under a number counts from 1 without a gap.

    `numbers` has the number of each section by slug; `under` is a part or a section, or "" for the parts themselves.
    Sections that keep their number are not in the result.
    """
    here = sorted((sort_key(number), slug) for slug, number in numbers.items() if parent(number) == under)
    prefix = f"{under}." if under else ""
    closed = {slug: f"{prefix}{place}" for place, (_, slug) in enumerate(here, start=1)}
    return {slug: number for slug, number in closed.items() if number != numbers[slug]}
