"""What the words of the glossary and the synonyms mean for a search: found in a query by their stems.

Editors keep both (`procedures.glossary`); a name counts wherever it stands in a query, in the singular or plural, with
or without the small words in it. What is lay for several names is sought by all of them.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache

from procedures.glossary import ListedSense, ListedTerm, Wording, wording
from procedures.search.query import Typed
from procedures.search.words import ASKING, stem_of, stems
from procedures.search.words import words as words_of

MOST_NEAR = 5

Stems = tuple[str, ...]

ENGLISH = frozenset(
    "ace can cape care cares cat dash do ice in it lad led mash meet or pip pro so sue tac tap team we".split()  # noqa: SIM905
)
"""Words that stand for a term of the glossary only in capitals, or when nothing else was typed."""


@dataclass(frozen=True)
class Meaning:
    """One sense of a term that a query names, by a name that may be retired."""

    term: ListedTerm
    sense: ListedSense
    name: str

    @property
    def is_retired(self) -> bool:
        return self.sense.is_retired and self.name in (self.term.name, self.sense.meaning)


@dataclass(frozen=True)
class Sought:
    """Words that are sought beside those typed, and what an editor would call the reason."""

    words: Stems
    why: str


@dataclass
class Named:
    """What a run of words in a query stands for."""

    meanings: list[Meaning] = field(default_factory=list)
    sought: list[Sought] = field(default_factory=list)


@dataclass
class Lexicon:
    """Every name by its stems; `loose` are the words of synonyms that may stand apart, by the first of them.

    `words` are the stems of all names, and `written` their words as editors wrote them, in small letters.
    """

    names: dict[Stems, Named] = field(default_factory=dict)
    loose: dict[str, dict[Stems, list[Sought]]] = field(default_factory=dict)
    terms: tuple[ListedTerm, ...] = ()
    longest: int = 1
    words: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()

    def _at(self, words: Stems) -> Named:
        self.longest = max(self.longest, len(words))
        return self.names.setdefault(words, Named())

    def add_term(self, term: ListedTerm, successors: Mapping[str, Sequence[str]]) -> None:
        """Enter a term by all its names, each sense with what it is called beside.

        `successors` are the names of every term, for what replaced a retired one.
        """
        for sense in term.senses:
            names = names_of(term, sense)
            now = [other for one in sense.replaced_by for other in (one, *successors.get(one.casefold(), ()))]
            for name in names:
                for words in _forms(name):
                    named = self._at(words)
                    named.meanings.append(Meaning(term, sense, name))
                    why = f"{name} in the glossary"
                    others = dict.fromkeys([*names, *now])
                    named.sought += [Sought(stems(other), why) for other in others if stems(other) != words]

    def add_synonym(self, typed: Sequence[str], sought: Sequence[str]) -> None:
        """Enter words with those that are sought as well."""
        for one in typed:
            found = [Sought(stems(other), f"synonym of “{one}”") for other in sought if other != one]
            for words in _forms(one):
                self._at(words).sought += found
            telling = content(stems(one))
            if len(telling) > 1:
                self.loose.setdefault(telling[0], {}).setdefault(telling, []).extend(found)


def names_of(term: ListedTerm, sense: ListedSense) -> list[str]:
    """All that a sense of a term is called: the term itself, what it stands for, other names."""
    return list(dict.fromkeys(filter(None, [term.name, sense.meaning, *sense.other_names])))


def _forms(name: str) -> Iterator[Stems]:
    """A name as it is, and without its small words where that leaves more than one."""
    words = stems(name)
    if words:
        yield words
    telling = content(words)
    if len(telling) > 1 and telling != words:
        yield telling


def content(words: Iterable[str]) -> Stems:
    """Those of a run of stems that tell something."""
    return tuple(word for word in words if stem_of(word) and word not in ASKING)


@lru_cache(maxsize=32)
def lexicon(stamp: str, scope: tuple[int, ...]) -> Lexicon:
    """The lexicon of the partnerships in `scope`, kept while the freshness stamp stays the same."""
    return make_lexicon(wording(stamp, scope))


@lru_cache(maxsize=8)
def make_lexicon(known: Wording) -> Lexicon:
    """The lexicon of a glossary and its synonyms: made once for as long as these stay, whatever else is published."""
    made = Lexicon(terms=known.terms)
    successors: dict[str, list[str]] = {}
    for term in known.terms:
        successors.setdefault(term.name.casefold(), []).extend(
            name for sense in term.senses if not sense.is_retired for name in names_of(term, sense)
        )
    for term in known.terms:
        made.add_term(term, successors)
    for synonym in known.synonyms:
        made.add_synonym(synonym.typed, [*synonym.sought, *(synonym.typed if synonym.both_ways else ())])
        if synonym.both_ways:
            made.add_synonym(synonym.sought, [*synonym.typed, *synonym.sought])
    made.words = frozenset(word for stems_of_name in made.names for word in stems_of_name)
    made.written = frozenset(word for name in _every_name(known) for word in words_of(name))
    return made


def _every_name(known: Wording) -> Iterator[str]:
    for term in known.terms:
        for sense in term.senses:
            yield from names_of(term, sense)
    for synonym in known.synonyms:
        yield from (*synonym.typed, *synonym.sought)


def near(typed: Typed, known: Lexicon) -> tuple[ListedTerm, ...]:
    """The terms whose names are most like what was typed, or hold a word of it."""
    names = {name.casefold(): term for term in known.terms for sense in term.senses for name in names_of(term, sense)}
    alike = get_close_matches(typed.text.casefold(), names, n=MOST_NEAR, cutoff=0.6)
    words = {token.stem for token in typed.telling if token.stem}
    sharing = [name for name in names if words & set(stems(name))]
    return tuple(dict.fromkeys(names[name] for name in [*alike, *sharing]))[:MOST_NEAR]
