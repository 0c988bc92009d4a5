"""The words of the search as readers have them: terms, synonyms and best bets, kept while nothing changes."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from procedures.models import BestBet, Synonym, Term

Item = TypeVar("Item")


@dataclass(frozen=True)
class ListedSense:
    """One thing that a term stands for."""

    meaning: str  # what it stands for: "multi-agency safeguarding hub"; "" for a plain word
    definition: str
    other_names: tuple[str, ...]
    is_retired: bool
    retired_note: str  # "since September 2019"; "" where nothing is said
    replaced_by: tuple[str, ...]  # names of terms, or plain words
    sections: tuple[str, ...]  # slugs of the sections about it, the main one first


@dataclass(frozen=True)
class ListedTerm:
    """A term with its senses, in order."""

    id: int
    slug: str
    name: str
    partnership_id: int
    senses: tuple[ListedSense, ...]


@dataclass(frozen=True)
class ListedSynonym:
    """Words that are typed, and those that are searched for as well; or each for the other."""

    typed: tuple[str, ...]
    sought: tuple[str, ...]
    both_ways: bool


@dataclass(frozen=True)
class ListedBestBet:
    """Queries, and the slug of the section that stands first for them."""

    queries: tuple[str, ...]
    section: str
    note: str


@dataclass(frozen=True)
class Wording:
    """Every term, synonym and best bet of some partnerships."""

    terms: tuple[ListedTerm, ...]
    synonyms: tuple[ListedSynonym, ...]
    best_bets: tuple[ListedBestBet, ...]


@lru_cache(maxsize=64)
def wording(stamp: str, scope: tuple[int, ...]) -> Wording:
    """The words of the partnerships in `scope`, kept for as long as the freshness stamp stays the same.

    Terms stand in the order of the scope, then by name; synonyms and best bets in the order of the scope, then as they
    were made.
    """
    everything = _everything(stamp)
    order = {partnership_id: place for place, partnership_id in enumerate(scope)}

    terms = [term for term in everything.terms if term.partnership_id in order]
    terms.sort(key=lambda term: (order[term.partnership_id], term.name.casefold(), term.slug))
    return Wording(tuple(terms), _of_scope(everything.synonyms, order), _of_scope(everything.best_bets, order))


def _of_scope(owned: tuple[tuple[int, Item], ...], order: dict[int, int]) -> tuple[Item, ...]:
    """What belongs to the partnerships in `order`, in their order."""
    seen = [(order[owner], item) for owner, item in owned if owner in order]
    return tuple(item for _, item in sorted(seen, key=lambda placed: placed[0]))


@dataclass(frozen=True)
class _Everything:
    """All there is, synonyms and best bets each with the id of the partnership that they belong to."""

    terms: tuple[ListedTerm, ...]
    synonyms: tuple[tuple[int, ListedSynonym], ...]
    best_bets: tuple[tuple[int, ListedBestBet], ...]


@lru_cache(maxsize=2)
def _everything(stamp: str) -> _Everything:
    """Three queries."""
    synonyms = Synonym.objects.order_by("pk").values_list("partnership_id", "typed", "sought", "both_ways")
    best_bets = BestBet.objects.order_by("pk").values_list("partnership_id", "queries", "section__slug", "note")
    return _Everything(
        terms=_read_terms(),
        synonyms=tuple(
            (owner, ListedSynonym(tuple(typed), tuple(sought), both)) for owner, typed, sought, both in synonyms
        ),
        best_bets=tuple(
            (owner, ListedBestBet(tuple(queries), section, note)) for owner, queries, section, note in best_bets
        ),
    )


def _read_terms() -> tuple[ListedTerm, ...]:
    """Every term; one query, with a row for each section about each sense. A term without a sense is none yet."""
    fields = (
        "pk", "slug", "name", "partnership_id", "senses__pk", "senses__meaning", "senses__definition",
        "senses__other_names", "senses__is_retired", "senses__retired_note", "senses__replaced_by",
        "senses__sensesection__section__slug",
    )  # fmt: skip
    in_order = ("pk", "senses__position", "senses__pk", "senses__sensesection__position", "senses__sensesection__pk")
    terms: dict[int, tuple[str, str, int]] = {}
    senses: dict[int, dict[int, tuple]] = {}
    sections: dict[int, list[str]] = {}
    rows = Term.objects.filter(senses__isnull=False).order_by(*in_order).values_list(*fields)
    for term_id, slug, name, owner, sense_id, *sense, section in rows:
        terms[term_id] = (slug, name, owner)
        senses.setdefault(term_id, {})[sense_id] = tuple(sense)
        sections.setdefault(sense_id, []).extend([section] if section else [])
    return tuple(
        ListedTerm(
            term_id,
            *terms[term_id],
            senses=tuple(_listed_sense(sense, sections[sense_id]) for sense_id, sense in senses[term_id].items()),
        )
        for term_id in terms
    )


def _listed_sense(row: tuple, sections: list[str]) -> ListedSense:
    meaning, definition, other_names, is_retired, retired_note, replaced_by = row
    return ListedSense(
        meaning, definition, tuple(other_names), is_retired, retired_note, tuple(replaced_by), tuple(sections)
    )
