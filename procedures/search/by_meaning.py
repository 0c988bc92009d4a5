"""Passages found by what they say, beside those found by their words; none unless SEARCH_MODEL names a model.

Words are better where they are exact: a quoted phrase, a number, a statute and a single term of the glossary are found
by them alone.
"""

import logging
import re

from django.conf import settings

from procedures.search.concepts import Understood
from procedures.search.interface import Index, Place, Seen, Term
from procedures.search.passages import Entry
from procedures.search.query import Typed
from procedures.search.words import words

logger = logging.getLogger(__name__)


def found_by_meaning(meant: Typed, understood: Understood, index: Index, seen: Seen) -> dict[int, tuple[Place, float]]:
    """Passages that the reader may see and that are like the query, with how like beside the likest; likest first.

    None with an unwanted word. Whatever is amiss with the model or its vectors, the search goes on without.
    """
    if not settings.SEARCH_MODEL or not is_for_meaning(meant, understood):
        return {}
    from procedures.search.meaning import finding, using
    from procedures.search.meaning.model import Unusable

    meaning = using.loaded()
    if meaning is None:
        return {}
    try:
        alike = finding.most_like(meaning, in_full(meant, understood), index.digests(seen))
    except Unusable as error:
        logger.warning("Searching by words alone. %s", error)
        return {}
    entries = dict(zip(alike, index.entries(list(alike)), strict=True))
    return {
        number: (Place(*entry.item, entry.section, entry.is_aside), alike[number])
        for number, entry in entries.items()
        if not any(_holds(entry, term) for term in meant.unwanted)
    }


def is_for_meaning(meant: Typed, understood: Understood) -> bool:
    """Whether a query is one that is found by more than its words."""
    has_number = any(character.isdigit() for token in meant.words for character in token.word)
    return bool(meant.words) and not (understood.required or understood.is_one_name or has_number)


def in_full(meant: Typed, understood: Understood) -> str:
    """The words of a query with its acronyms written out, where they stand for one thing only."""
    text = " ".join(meant.written(token) for token in meant.words)
    senses: dict[str, set[str]] = {}
    for meaning in understood.meanings:
        senses.setdefault(meaning.name, set()).add(meaning.sense.meaning)
    for name, of_name in senses.items():
        if name.isupper() and len(of_name) == 1 and (written_out := next(iter(of_name))):
            literal = written_out.replace("\\", r"\\")
            text = re.sub(rf"\b{re.escape(name)}\b", literal, text, flags=re.IGNORECASE)
    return text


def _holds(entry: Entry, term: Term) -> bool:
    phrase = f" {' '.join(term.words)} "
    return any(phrase in f" {' '.join(words(text))} " for text in entry.found_by)
