"""What stands in a generation's tables: put in, taken out, and counted."""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db.backends.utils import CursorWrapper

from procedures.search.on_postgresql.lexemes import is_long, vector
from procedures.search.on_postgresql.tables import Generation, State
from procedures.search.on_postgresql.visible import facets
from procedures.search.passages import Entry, Item, Kind, Seals
from procedures.search.words import tokens

AT_ONCE = 200  # rows written by one statement

SEPARATOR = "\n"  # stands between title and body, so that no phrase goes from one to the other

_PASSAGE = (
    "kind, key, count, partnership, section, starts, ends, slot, seal, digest, "
    "text_length, title_length, is_long, is_aside, facets, found, raw"
)
_TEXT = "number, heading, anchor, title, body, stems, words"


def seals(cursor: CursorWrapper, generation: Generation) -> Seals:
    """The seal of everything that a generation holds."""
    cursor.execute(f"SELECT kind, key, seal FROM {generation.passage} WHERE count = 0")
    return {Item(Kind(kind), key): seal for kind, key, seal in cursor.fetchall()}


def is_complete(cursor: CursorWrapper, state: State) -> bool:
    """Whether a generation still holds as many passages as it was left with, each with its words."""
    generation = state.generation
    cursor.execute(f"SELECT (SELECT count(*) FROM {generation.passage}), (SELECT count(*) FROM {generation.text})")
    return bool(cursor.fetchone() == (state.passages, state.passages))


def remove(cursor: CursorWrapper, generation: Generation, gone: Sequence[Item]) -> None:
    """Take the passages of items out. Their words stay known: nobody is shown one that no text has."""
    kinds, keys = [int(item.kind) for item in gone], [item.key for item in gone]
    cursor.execute(
        f"WITH gone AS (DELETE FROM {generation.passage} WHERE (kind, key) IN "
        "(SELECT * FROM unnest(%s::smallint[], %s::bigint[])) RETURNING number) "
        f"DELETE FROM {generation.text} WHERE number IN (SELECT number FROM gone)",
        [kinds, keys],
    )


def add(cursor: CursorWrapper, generation: Generation, added: Iterable[tuple[Item, list[Entry]]], seals: Seals) -> None:
    """Put the entries of items in, and the words that are new as a portion of their own."""
    rows = (_row(entry, seals[item]) for item, entries in added for entry in entries)
    counted: Counter[str] = Counter()
    while batch := list(islice(rows, AT_ONCE)):
        for _passage, _text, words in batch:
            counted.update(words)
        numbers = _insert(cursor, f"{generation.passage} ({_PASSAGE})", [passage for passage, _, _ in batch], "number")
        texts = [(number, *text) for number, (_, text, _) in zip(numbers, batch, strict=True)]
        _insert(cursor, f"{generation.text} ({_TEXT})", texts, "number")
    cursor.execute(
        f"INSERT INTO {generation.word} SELECT word, passages, (SELECT coalesce(max(portion), 0) + 1 "
        f"FROM {generation.word}) FROM unnest(%s::text[], %s::bigint[]) AS new (word, passages) "
        f"ON CONFLICT (word) DO UPDATE SET passages = {generation.word}.passages + excluded.passages",
        [list(counted), list(counted.values())],
    )


def _insert(cursor: CursorWrapper, into: str, rows: Sequence[tuple], giving: str) -> list[int]:
    values = f"({', '.join(['%s'] * len(rows[0]))})"
    statement = f"INSERT INTO {into} VALUES {', '.join([values] * len(rows))} RETURNING {giving}"
    cursor.execute(statement, [value for row in rows for value in row])
    return [number for (number,) in cursor.fetchall()]


def _row(entry: Entry, seal: int) -> tuple[tuple[Any, ...], tuple[str, ...], set[str]]:
    """An entry as the tables take it, and the words it has."""
    title, body = (list(tokens(text)) for text in entry.found_by)
    title_words, body_words = [token.word for token in title], [token.word for token in body]
    title_length = sum(1 for token in title if token.stem)
    passage = (
        int(entry.item.kind),
        entry.item.key,
        entry.count,
        entry.partnership,
        entry.section,
        entry.starts,
        entry.ends,
        entry.slot,
        seal,
        entry.digest,
        title_length + sum(1 for token in body if token.stem),
        title_length,
        is_long(title_words, body_words),
        entry.is_aside,
        facets(entry.partnership, entry.starts, entry.ends),
        vector([token.stem for token in title], [token.stem for token in body]),
        vector(title_words, body_words),
    )
    stems = _in_order([token.stem or token.word for token in title], [token.stem or token.word for token in body])
    words = _in_order(title_words, body_words)
    return passage, (entry.heading, entry.anchor, entry.title, entry.body, stems, words), {*title_words, *body_words}


def _in_order(title: Sequence[str], body: Sequence[str]) -> str:
    return f" {' '.join([*title, SEPARATOR, *body])} "
