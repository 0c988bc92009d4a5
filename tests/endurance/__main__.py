"""python -m tests.endurance [--only TRIAL] [--database sqlite|postgresql] [--rounds, --publications or --versions N]

Two approvers publish two drafts of one text at the same moment; a process that publishes is killed again and again;
four processes publish versions while two search for them, with each back end of the search. On both databases unless
one is named, and all three trials unless one is. Exits 1 where anything is lost, half there, stale, or not as it was
told.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.databases import databases

TRIALS = "at-once", "killing", "searching"


def main() -> int:
    parser = argparse.ArgumentParser("python -m tests.endurance", description=__doc__)
    parser.add_argument("--only", choices=TRIALS, action="append", help="a trial (default: all)")
    parser.add_argument("--rounds", type=int, default=100, help="of two who publish at once (default: 100)")
    parser.add_argument("--publications", type=int, default=200, help="to be answered between kills (default: 200)")
    parser.add_argument("--versions", type=int, default=200, help="published while others search (default: 200)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], action="append")
    options = parser.parse_args()
    counts = dict(zip(TRIALS, (options.rounds, options.publications, options.versions), strict=True))
    failures = 0
    for database in options.database or ["sqlite", "postgresql"]:
        trials = [(trial, "whoosh") for trial in options.only or TRIALS]
        if database == "postgresql" and ("searching", "whoosh") in trials:
            trials.append(("searching", "postgres"))
        names = [f"{trial}_{back_end}".replace("-", "_") for trial, back_end in trials]
        with (
            tempfile.TemporaryDirectory(prefix="portal-endurance-") as folder,
            databases(database, Path(folder), names) as urls,
        ):
            for (trial, back_end), url, name in zip(trials, urls, names, strict=True):
                search_url = "postgres:" if back_end == "postgres" else f"whoosh:{Path(folder) / name}"
                failures += _run(trial, counts[trial], url, search_url) != 0
    return 1 if failures else 0


def _run(trial: str, count: int, url: str, search_url: str) -> int:
    environment = os.environ | {
        "DATABASE_URL": url,
        "SEARCH_URL": search_url,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    command = [sys.executable, "-W", "ignore", "-m", "tests.endurance.trial", trial, str(count)]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
