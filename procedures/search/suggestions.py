"""Suggestions as somebody types: sections, terms of the glossary, and searches that others were glad of.

Sections and terms come from lists in memory, kept while the freshness stamp stays the same; so nothing is suggested
that is not in force, or not the reader's.
"""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from procedures.search.answering import may_see_words
from procedures.search.asking import Asked
from procedures.search.lexicon import lexicon, names_of
from procedures.search.past import past_searches
from procedures.search.words import tidy_query, words

LONGEST = 60  # characters that suggestions are made for
SHORTEST = 2  # characters from which on there are any, but for numbers
OF_A_KIND = 5
LOOKED_AT = 2_000  # entries that hold a word with the beginning typed


class Suggestion(NamedTuple):
    """Something to choose: "section", "term" or "search", what it is called, and its slug or words."""

    kind: str
    text: str
    detail: str
    target: str


@dataclass(frozen=True)
class Entry:
    """A suggestion with all the words that it is found by; `number` for a section."""

    suggestion: Suggestion
    words: tuple[str, ...]
    number: str = ""


@dataclass(frozen=True)
class Listed:
    """All entries, and for each of their words the entry's place, in the order of the words."""

    entries: tuple[Entry, ...]
    places: tuple[tuple[str, int], ...]

    def beginning_with(self, beginning: str) -> Iterator[int]:
        """The places of the entries that have a word with this beginning."""
        start = bisect_left(self.places, (beginning,))
        for word, place in islice(self.places, start, start + LOOKED_AT):
            if not word.startswith(beginning):
                return
            yield place


def suggest(asked: Asked) -> list[Suggestion]:
    """What to offer somebody who has typed this much, likeliest first; nothing for less than two letters."""
    text = tidy_query(asked.typed)[:LONGEST]
    typed = words(text)
    if not typed or (len(text) < SHORTEST and not text.isdigit()):
        return []
    listed = _listed(replace(asked, typed=""))
    places = set(listed.beginning_with(typed[-1]))
    for word in typed[:-1]:
        places &= set(listed.beginning_with(word))
    entries = [listed.entries[place] for place in places]
    found = [entry.suggestion for entry in sorted(entries, key=lambda entry: _likely(entry, text.casefold(), typed))]
    sections = [suggestion for suggestion in found if suggestion.kind == "section"]
    terms: dict[str, Suggestion] = {}  # each term by the likeliest of its names
    for suggestion in found:
        if suggestion.kind == "term":
            terms.setdefault(suggestion.target, suggestion)
    return [*sections[:OF_A_KIND], *list(terms.values())[:OF_A_KIND], *_past(asked, text.casefold())]


def _likely(entry: Entry, text: str, typed: tuple[str, ...]) -> tuple:
    """What sorts the likeliest first: the number typed, a name that begins so, words in the order typed."""
    name = " ".join(entry.words)
    in_order = entry.words[: len(typed)]
    begins = all(word.startswith(beginning) for word, beginning in zip(in_order, typed, strict=False))
    depth = (entry.number.count("."), len(entry.number)) if entry.number else (9, 0)
    return (
        not (entry.number and entry.number == text),
        not (entry.number and entry.number.startswith(text)),
        name != text,
        not begins,
        depth if entry.number.startswith(text) else (0, 0),
        len(entry.words),
        name,
    )


def _past(asked: Asked, text: str) -> list[Suggestion]:
    """Searches of others that begin so, of whose words the reader may see every one."""
    likely = [past for past in past_searches() if past.startswith(text) and past != text][: 3 * OF_A_KIND]
    known = may_see_words(asked, {word for past in likely for word in words(past)}) if likely else set()
    shown = [past for past in likely if set(words(past)) <= known]
    return [Suggestion("search", past, "", past) for past in shown[:OF_A_KIND]]


@lru_cache(maxsize=16)
def _listed(asked: Asked) -> Listed:
    """What can be suggested from where the search is asked; `asked` less what was typed."""
    entries = [
        Entry(
            Suggestion("section", named.name, "", named.slug),
            (*words(named.title), *((named.number,) if named.number else ())),
            named.number,
        )
        for named in asked.known.sections.values()
    ]
    for term in lexicon(asked.stamp, asked.scope).terms:
        names = list(dict.fromkeys(name for sense in term.senses for name in names_of(term, sense)))
        meanings = "; ".join(sense.meaning for sense in term.senses if sense.meaning)
        for name in names:  # one entry for each name: whoever types it sees why the term is offered
            detail = meanings if name == term.name else name
            entries.append(Entry(Suggestion("term", term.name, detail, term.slug), words(name)))
    places = [(word, place) for place, entry in enumerate(entries) for word in set(entry.words)]
    return Listed(tuple(entries), tuple(sorted(places)))
