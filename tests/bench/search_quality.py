"""How well the sample manual is searched, by kind of query, with each back end and with two searches as they come.

python -m tests.bench.search_quality HALF […]: one line of JSON, of the database and index that the environment names.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple
from functools import cache
from pathlib import Path

from tests.search.quality import ASKED_ON, HALVES, KINDS, Find, Judged, Score, judged, score

CONTENT = Path(__file__).parents[2] / "content"
ALL = "all"
PORTAL, WHOOSH, FTS5 = "portal", "stock Whoosh", "SQLite FTS5"

Scores = dict[str, dict[str, dict[str, Score]]]
"""By the name of the search, the half and the kind of query."""


def quality_of(url: str, search_url: str, halves: Sequence[str]) -> Scores:
    """The scores of the sample manual, imported into the empty database at `url`; in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "tests.bench.search_quality", *halves]
    environment = os.environ | {"DATABASE_URL": url, "SEARCH_URL": search_url}
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    read = json.loads(done.stdout)
    return {
        search: {half: {kind: Score(*values) for kind, values in kinds.items()} for half, kinds in of_half.items()}
        for search, of_half in read.items()
    }


def quality_tables(scores: Scores) -> Iterator[str]:
    """A table for each half: a line for each kind of query, three columns for each search."""
    for half in HALVES:
        searches = {name: by_half[half] for name, by_half in scores.items() if half in by_half}
        if searches:
            yield "\n".join(_table(half, searches))


def _table(half: str, searches: dict[str, dict[str, Score]]) -> Iterator[str]:
    yield f"{half + ' half':<14}{'queries':>8}" + "".join(f"{name:>24}" for name in searches)
    yield " " * 22 + f"{'first  in 3  nDCG':>24}" * len(searches)
    for kind in (*KINDS, ALL):
        rows = [of_kind[kind] for of_kind in searches.values()]
        figures = "".join(f"{row.first:>12.1%}{row.in_three:>7.1%}{row.ndcg:>5.2f}".rjust(24) for row in rows)
        yield f"{kind:<14}{rows[0].queries:>8}{figures}"


def _measure(halves: Sequence[str]) -> Scores:
    from django.conf import settings

    searches = {PORTAL: _portal()}
    if settings.SEARCH_URL.startswith("whoosh:"):
        searches |= {WHOOSH: _stock("stock_whoosh"), FTS5: _stock("fts5")}
    return {name: {half: dict(_by_kind(judged(half), find)) for half in halves} for name, find in searches.items()}


def _by_kind(queries: Sequence[Judged], find: Find) -> Iterator[tuple[str, Score]]:
    for kind in KINDS:
        yield kind, score([one for one in queries if one.kind == kind], find)
    yield ALL, score(queries, find)


def _portal() -> Find:
    from procedures.models import FreshnessStamp
    from procedures.search.answering import answer
    from procedures.search.filters import Filters

    stamp = FreshnessStamp.now()

    def find(one: Judged) -> Sequence[str]:
        found = answer(Filters(_viewpoint(one.partnership), one.query).asked(stamp, limit=10))
        # Above the results stand sections no longer in force that are called just so.
        return [*(named.slug for named in found.withdrawn), *(hit.section.slug for hit in found.hits)]

    return find


def _stock(name: str) -> Find:
    from tests.bench import stock

    @cache
    def search_from(partnership: str) -> Callable[[str], Sequence[str]]:
        return getattr(stock, name)(_texts(partnership))

    return lambda one: search_from(one.partnership)(one.query)


@cache
def _viewpoint(partnership: str):
    from partnerships.directory import read_directory
    from procedures.viewpoint import Viewpoint

    known = read_directory()
    return Viewpoint(known, ASKED_ON, known.find(partnership) if partnership else None)


@cache
def _texts(partnership: str) -> list:
    """Each section in force as a whole, as the portal's own index has its passages."""
    from procedures.search.in_force import in_force
    from procedures.search.passages import version_entries
    from tests.bench.stock import Text

    viewpoint = _viewpoint(partnership)
    known = in_force("", viewpoint.scope, viewpoint.scope[0], viewpoint.effective_day)
    said: dict[int, list[str]] = {section: [] for section in known.sections}
    for _item, entries in version_entries(sorted(known.owners)):
        for entry in entries:
            said[entry.section] += [entry.heading, entry.body]
    return [Text(known.sections[key].slug, known.sections[key].title, "\n".join(text)) for key, text in said.items()]


def _main(halves: Sequence[str]) -> None:
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    call_command("import_content", str(CONTENT), stdout=sys.stderr, verbosity=0)
    call_command("rebuild_search_index", stdout=sys.stderr, verbosity=0)
    scores = _measure(halves)
    print(
        json.dumps(
            {
                search: {half: {kind: astuple(one) for kind, one in kinds.items()} for half, kinds in of_half.items()}
                for search, of_half in scores.items()
            }
        )
    )


if __name__ == "__main__":
    _main(sys.argv[1:])
