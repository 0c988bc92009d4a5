"""Empty databases for as long as the benchmarks take."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.on_postgresql import server


@contextmanager
def two_databases(vendor: str, folder: Path) -> Iterator[list[str]]:
    """The addresses, as in DATABASE_URL, of two databases: SQLite files in `folder`, or on a PostgreSQL server."""
    with databases(vendor, folder, ["small", "large"]) as urls:
        yield urls


@contextmanager
def databases(vendor: str, folder: Path, names: Sequence[str]) -> Iterator[list[str]]:
    """The same of as many databases as there are names, in their order."""
    if vendor == "sqlite":
        yield [f"sqlite:///{folder / name}.sqlite3" for name in names]
        return
    with server() as url:
        ours = [f"bench_{name}" for name in names]
        _on_server(url, [f"CREATE DATABASE {name}" for name in ours])
        try:
            yield [with_name(url, name) for name in ours]
        finally:
            _on_server(url, [f"DROP DATABASE {name} WITH (FORCE)" for name in ours])


def _on_server(url: str, statements: list[str]) -> None:
    import psycopg2

    connection = psycopg2.connect(url)
    connection.autocommit = True  # databases are made and dropped outside transactions
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connection.close()


def with_name(url: str, name: str) -> str:
    """The address of another database on the same server."""
    parts = urlsplit(url)
    # Put together by hand: a local socket's address has no host, and urlunsplit would leave out the slashes.
    return f"{parts.scheme}://{parts.netloc}/{name}" + (f"?{parts.query}" if parts.query else "")
