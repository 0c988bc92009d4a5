"""Section numbers: what is one, how they sort, which stands under which.

A number has one to four components between full stops, each from 1 to 999 and without a leading zero: part
"3", section "3.1", sub-section "3.1.2". The number is the tree, and "2.10" comes after "2.9".
"""

import re

COMPONENT = "[1-9][0-9]{0,2}"
_NUMBER = re.compile(rf"{COMPONENT}(?:\.{COMPONENT}){{0,3}}")


def is_number(text: str) -> bool:
    """Whether `text`, as it stands, is a section number."""
    return _NUMBER.fullmatch(text) is not None


def sort_key(number: str) -> tuple[int, ...]:
    """The components of `number` as integers, which sort as readers expect.

    Raises ValueError, with a sentence for the author, for what is not a section number.
    """
    if not is_number(number):
        raise ValueError(
            f"“{number}” is not a section number: write one to four numbers from 1 to 999 "
            "with full stops between them, for example 2.10."
        )
    return tuple(int(component) for component in number.split("."))


def depth(number: str) -> int:
    """How many components `number` has: 1 for a part, 2 for a section, 3 for a sub-section."""
    return number.count(".") + 1


def parent(number: str) -> str:
    """The number that `number` stands under: "3.1" for "3.1.2", "" for a part."""
    return number.rpartition(".")[0]


def ancestors(number: str) -> list[str]:
    """The numbers that `number` stands under, nearest first: ["3.1", "3"] for "3.1.2"."""
    above = parent(number)
    return [above, *ancestors(above)] if above else []


def candidates(number: str) -> list[str]:
    """The numbers by which a cross-reference to `number` may be found, best first.

    "2.10.3" can be a sub-section, or a paragraph within section 2.10; it is never the whole of part 2.
    """
    return [number, *(above for above in ancestors(number) if depth(above) > 1)]
