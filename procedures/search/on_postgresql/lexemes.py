"""Our words as PostgreSQL's tsvector and tsquery have them, written out here so that none of its parsers sees a word.

What `to_tsvector` and its dictionaries would make of "s47", "A&E" or "2.10" is not what `procedures.search.words` makes
of them, and what `websearch_to_tsquery` reads in "-8" is not what was typed.
"""

from collections.abc import Iterable, Sequence

from procedures.search.interface import Term
from procedures.search.words import stem_of

MOST_PLACES = 255  # of one word in a text that PostgreSQL keeps
LAST_PLACE = 16_383  # that PostgreSQL counts to
LARGEST = 900_000  # bytes of one text's words; PostgreSQL refuses more than 1 MiB of them with their places
APART = 10  # places between title and body, so that no phrase goes from one to the other


def vector(title: Sequence[str], body: Sequence[str]) -> str:
    """A tsvector of words in their order, those of the title with weight A; "" takes a place and is not kept."""
    places: dict[str, list[str]] = {}
    for number, word in enumerate(title, 1):
        places.setdefault(word, []).append(f"{_place(number)}A")
    for number, word in enumerate(body, len(title) + APART):
        places.setdefault(word, []).append(f"{_place(number)}")
    places.pop("", None)
    pieces, left = [], LARGEST
    for word, standing in places.items():
        kept = standing[:MOST_PLACES]
        left -= len(word.encode()) + 2 * len(kept) + 4
        if left < 0:
            break
        pieces.append(f"{quoted(word)}:{','.join(kept)}")
    return " ".join(pieces)


def _place(number: int) -> int:
    """Counted from 1 again after the last, so that words far down still stand next to one another."""
    return (number - 1) % LAST_PLACE + 1


def is_long(title: Sequence[str], body: Sequence[str]) -> bool:
    """Whether a text has more places than its tsvector tells, so that a phrase in it may be overlooked."""
    if len(title) + len(body) + APART <= MOST_PLACES:
        return False
    words = [*title, *body]
    most = max(map(words.count, set(words)))
    return len(words) + APART > LAST_PLACE or most > MOST_PLACES


def quoted(word: str) -> str:
    """A word as a lexeme is written in a tsvector or a tsquery, whatever stands in it."""
    doubled = word.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def any_of(terms: Iterable[Term], *, in_order: bool = True) -> str:
    """A tsquery for texts with any of the terms, all of them exact or none; "" where there is nothing to find.

    The words of a phrase stand one after the other; not `in_order`, anywhere.
    """
    return " | ".join(filter(None, (_phrase(term, in_order) for term in terms)))


def _phrase(term: Term, in_order: bool) -> str:
    telling = [
        place for place, word in enumerate(term.words) if word and (term.exact or stem_of(word) or len(term.words) == 1)
    ]
    query = "".join(
        (_after(place - before, in_order) if before is not None else "") + quoted(term.words[place])
        for before, place in zip([None, *telling], telling, strict=False)
    )
    return f"({query})" if query else ""


def _after(places: int, in_order: bool) -> str:
    return f" <{places}> " if in_order else " & "
