"""Rows that take long to make: made once, read, and put back into the tables of each test that asks for them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from procedures.models import FreshnessStamp


@dataclass(frozen=True)
class Rows:
    """Rows of one table as the database holds them, their keys included."""

    table: str
    columns: tuple[str, ...]
    values: tuple[tuple[Any, ...], ...]

    def without(self, others: "Rows") -> "Rows":
        known = set(others.values)
        return Rows(self.table, self.columns, tuple(row for row in self.values if row not in known))

    def insert(self) -> None:
        columns = ", ".join(f'"{column}"' for column in self.columns)
        places = ", ".join(["%s"] * len(self.columns))
        with connection.cursor() as cursor:
            cursor.executemany(f'INSERT INTO "{self.table}" ({columns}) VALUES ({places})', self.values)  # noqa: S608


class KeptRows:
    """What each of some steps adds to the tables, by the step's name.

    The steps are taken one after the other, and what they did is then undone. They add rows and change none that are
    there. No row that is made later gets the key of one that is kept. The freshness stamp is not kept: triggers renew
    it whenever rows are put back.
    """

    def __init__(self, **steps: Callable[[], object]) -> None:
        self.steps: dict[str, list[Rows]] = {}
        with transaction.atomic():
            before = _all_rows()
            for name, step in steps.items():
                step()
                after = _all_rows()
                added = [rows.without(before[table]) for table, rows in after.items()]
                self.steps[name] = [rows for rows in added if rows.values]
                before = after
            transaction.set_rollback(True)
        if connection.vendor == "sqlite":  # PostgreSQL's sequences never go back
            _begin_keys_after(rows for added in self.steps.values() for rows in added)

    def put_back(self, *names: str) -> None:
        """What these steps added, with the keys that it had; the tables hold none of it yet."""
        with transaction.atomic():  # in which a row may refer to one that comes later
            for name in names:
                for rows in self.steps[name]:
                    rows.insert()


def _all_rows() -> dict[str, Rows]:
    tables = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return {table: _rows_of(table) for table in tables if table != FreshnessStamp._meta.db_table}


def _rows_of(table: str) -> Rows:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608
        return Rows(table, tuple(column[0] for column in cursor.description), tuple(cursor.fetchall()))


def _begin_keys_after(kept: Iterable[Rows]) -> None:
    highest = {rows.table: rows.values[-1][rows.columns.index("id")] for rows in kept if "id" in rows.columns}
    with connection.cursor() as cursor:
        for table, key in highest.items():
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s AND seq < %s", [table, key])
            cursor.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT %s, %s "
                "WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = %s)",
                [table, key, table],
            )
