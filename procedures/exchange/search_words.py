"""search-words.yaml: what is searched for beside the words that people type, and what stands first for them."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from partnerships.models import Partnership
from procedures.exchange.files import FileFault, Row, Unreadable, all_faults, compose, dump, read_text, row_of
from procedures.exchange.glossary_files import Owners, published_slugs, words_of
from procedures.exchange.registers import Keeper, filled
from procedures.models import BestBet, Synonym

SEARCH_WORDS = "search-words.yaml"


@dataclass
class SearchWords:
    """The rows of the file."""

    synonyms: list[Row] = field(default_factory=list)
    best_bets: list[Row] = field(default_factory=list)


def read_search_words(folder: Path) -> tuple[SearchWords, list[FileFault]]:
    """What search-words.yaml says, and what cannot be understood; nothing where there is no such file."""
    if not os.path.lexists(folder / SEARCH_WORDS):
        return SearchWords(), []
    try:
        node = compose(read_text(folder / SEARCH_WORDS, SEARCH_WORDS), SEARCH_WORDS)
    except Unreadable as unreadable:
        return SearchWords(), [unreadable.fault]
    if node is None:
        return SearchWords(), []
    whole = row_of(node, SEARCH_WORDS)
    whole.refuse_unknown({"synonyms", "best-bets"})
    return SearchWords(whole.rows("synonyms"), whole.rows("best-bets")), whole.faults


def write_search_words(words: SearchWords, owners: Owners, keeper: Keeper) -> list[FileFault]:
    """Bring both up to date, inside the caller's transaction; gives what is wrong with them. None is deleted."""
    known = Synonym.objects.select_related("partnership").order_by("-pk")  # of two for the same words the older counts
    stored = {_key(synonym.partnership, synonym.typed): synonym for synonym in known}
    for row in words.synonyms:
        _write_synonym(row, owners, stored, keeper)
    for row in words.best_bets:
        _write_best_bet(row, owners, keeper)
    return list(all_faults([*words.synonyms, *words.best_bets]))


def _write_synonym(row: Row, owners: Owners, stored: dict[tuple, Synonym], keeper: Keeper) -> None:
    """Synonyms are known by the words that are typed, in any case and order; `stored` are those that there are."""
    row.refuse_unknown({"partnership", "typed", "sought", "both-ways", "note"})
    owner = owners.owner(row)
    typed = words_of(row, "typed")
    values = {
        "typed": typed,
        "sought": words_of(row, "sought"),
        "both_ways": row.yes("both-ways"),
        "note": row.text("note"),
    }
    if owner is None or row.faults:
        return
    key = _key(owner, typed)
    keeper.keep_thing(row, key, stored.get(key) or Synonym(partnership=owner), values)


def _key(owner: Partnership, typed: list[str]) -> tuple:
    return owner.pk, frozenset(word.casefold() for word in typed)


def _write_best_bet(row: Row, owners: Owners, keeper: Keeper) -> None:
    """A best bet is known by its section."""
    row.refuse_unknown({"partnership", "queries", "section", "note"})
    owner, slug = owners.owner(row), row.text("section", required=True)
    section = owners.section(row, slug, row.lines["section"]) if slug else None
    values = {"queries": words_of(row, "queries"), "note": row.text("note")}
    if owner and section:
        keeper.keep(row, BestBet, {"partnership": owner, "section": section}, values)


# --- Writing the file ---------------------------------------------------------------------------------------------


def search_words_text() -> str:
    """search-words.yaml as the database has it now, by partnership and as they were made; "" without any."""
    published = published_slugs()
    synonyms = Synonym.objects.select_related("partnership")
    best_bets = BestBet.objects.select_related("partnership", "section").filter(section__slug__in=published)
    whole = {
        "synonyms": [_synonym(synonym) for synonym in sorted(synonyms, key=_place)],
        "best-bets": [_best_bet(bet) for bet in sorted(best_bets, key=_place)],
    }
    whole = {name: rows for name, rows in whole.items() if rows}
    return dump(whole) if whole else ""


def _place(row: Synonym | BestBet) -> tuple:
    return row.partnership.position, row.partnership.slug, row.pk


def _owner(row: Synonym | BestBet) -> dict[str, str]:
    return filled({"partnership": "" if row.partnership.is_region else row.partnership.slug})


def _synonym(synonym: Synonym) -> dict[str, Any]:
    texts = filled({"both-ways": "yes" if synonym.both_ways else "", "note": synonym.note})
    return _owner(synonym) | {"typed": synonym.typed, "sought": synonym.sought} | texts


def _best_bet(bet: BestBet) -> dict[str, Any]:
    return _owner(bet) | {"queries": bet.queries} | filled({"section": bet.section.slug, "note": bet.note})
