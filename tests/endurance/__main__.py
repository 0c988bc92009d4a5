"""python -m tests.endurance [--rounds N] [--publications N] [--database sqlite|postgresql]

Two approvers publish two drafts of one text at the same moment, and a process that publishes is killed again and again;
on both databases unless one is named. Exits 1 where anything is lost, half there, or not as it was told.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.databases import two_databases


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.endurance", description=__doc__)
    parser.add_argument("--rounds", type=int, default=100, help="of two who publish at once (default: 100)")
    parser.add_argument("--publications", type=int, default=200, help="to be answered between kills (default: 200)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    options = parser.parse_args()
    trials = {"at-once": options.rounds, "killing": options.publications}
    failures = 0
    for database in options.database or ["sqlite", "postgresql"]:
        with (
            tempfile.TemporaryDirectory(prefix="portal-endurance-") as folder,
            two_databases(database, Path(folder)) as urls,
        ):
            for url, (trial, count) in zip(urls, trials.items(), strict=True):
                failures += _run(trial, count, url, Path(folder) / trial) != 0
    return 1 if failures else 0


def _run(trial: str, count: int, url: str, search: Path) -> int:
    environment = os.environ | {
        "DATABASE_URL": url,
        "SEARCH_URL": f"whoosh:{search}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-W", "ignore", "-m", "tests.endurance.trial", trial, str(count)]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
