"""What stands in a generation's tables: put in, taken out, made one, and counted."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any
from uuid import uuid4

from django.db.backends.utils import CursorWrapper

from procedures.search.on_postgresql.opened import PostgresIndex
from procedures.search.on_postgresql.packing import Packed
from procedures.search.on_postgresql.tables import Generation
from procedures.search.passages import Entry, Item, Seals

AT_ONCE = 500  # rows written by one statement
LARGEST = 20_000  # passages of a segment
MANY = 8  # segments of about one size, which are made one; then there are at most so many of every size
THERE_FOR = "1 minute"  # after they were replaced; no search takes that long
SIZES = 8, 64, 512  # in passages, up to which segments are of one size; larger ones stay as they are

Made = Iterable[tuple[Item, list[Entry]]]


def is_complete(cursor: CursorWrapper, generation: Generation) -> bool:
    """Whether a generation still holds all that was put into it."""
    cursor.execute(
        f"SELECT (SELECT count(*) FROM {generation.posting}), (SELECT count(*) FROM {generation.text}), "
        f"coalesce(sum(words), 0), coalesce(sum(passages), 0) FROM {generation.segment}"
    )
    [(postings, texts, words, passages)] = cursor.fetchall()
    return bool((postings, texts) == (words, passages))


def add(cursor: CursorWrapper, generation: Generation, added: Made, seals: Seals) -> None:
    """Put the entries of items in, as segments of their own."""
    for packed in _packed(added, seals):
        cursor.execute(
            f"INSERT INTO {generation.segment} (name, passages, words, slots, columns) "
            "VALUES (%s, %s, %s, %s, %s) RETURNING number",
            [uuid4().hex, len(packed), len(packed.places), json.dumps(packed.slots), packed.columns],
        )
        [(number,)] = cursor.fetchall()
        _insert(cursor, generation.text, ((number, row, *text) for row, text in enumerate(packed.texts)))
        postings = (
            (word, is_exact, number, len(places), places.tobytes())
            for (word, is_exact), places in sorted(packed.places.items())
        )
        _insert(cursor, generation.posting, postings)


def _packed(added: Made, seals: Seals) -> Iterator[Packed]:
    packed = Packed()
    for item, entries in added:
        for entry in entries:
            packed.add(item, entry, seals[item])
        if len(packed) >= LARGEST:
            yield packed
            packed = Packed()
    if len(packed):
        yield packed


def _insert(cursor: CursorWrapper, table: str, rows: Iterator[tuple[Any, ...]]) -> None:
    while batch := list(islice(rows, AT_ONCE)):
        values = f"({', '.join(['%s'] * len(batch[0]))})"
        cursor.execute(
            f"INSERT INTO {table} VALUES {', '.join([values] * len(batch))}", [value for row in batch for value in row]
        )


def remove(cursor: CursorWrapper, index: PostgresIndex, gone: Collection[Item]) -> None:
    """Take the passages of items out: nobody finds them from now on. Their words go when their segment does."""
    for segment, rows in index.rows_of(gone):
        cursor.execute(
            f"UPDATE {index.state.generation.segment} SET gone = gone || %s::integer[] WHERE number = %s",
            [rows.tolist(), segment.number],
        )


def too_many(index: PostgresIndex, *, with_another: bool = False) -> list[Sequence[int]]:
    """The numbers of the segments that are to be made one, those of one size together; `with_another` to come."""
    of_size: dict[int, list[int]] = defaultdict(list)
    for number, count in index.sizes().items():
        if count <= SIZES[-1]:
            of_size[next(size for size in SIZES if count <= size)].append(number)
    return [numbers for numbers in of_size.values() if len(numbers) + with_another >= MANY]


def replace(cursor: CursorWrapper, generation: Generation, segments: Sequence[int]) -> None:
    """Take segments out of the index; what they hold is there for a while for those who opened it before."""
    cursor.execute(f"UPDATE {generation.segment} SET replaced = now() WHERE number = ANY(%s)", [list(segments)])


def throw_away_replaced(cursor: CursorWrapper, generation: Generation) -> None:
    """Throw away the segments that were taken out of the index a while ago."""
    cursor.execute(f"DELETE FROM {generation.segment} WHERE replaced < now() - interval '{THERE_FOR}' RETURNING number")
    gone = [number for (number,) in cursor.fetchall()]
    if gone:
        cursor.execute(f"DELETE FROM {generation.posting} WHERE segment = ANY(%s)", [gone])
        cursor.execute(f"DELETE FROM {generation.text} WHERE segment = ANY(%s)", [gone])
