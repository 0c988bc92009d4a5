"""python -m tests.bench [--only PART] [--versions N] …: exits 1 where a section page asks more of a large manual than
of a small one.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

from tests.bench import searching
from tests.bench.content import VERSIONS_A_SECTION, make_content
from tests.bench.databases import two_databases
from tests.bench.importing import Import, import_into
from tests.bench.report import importing_table, pages_table
from tests.search.quality import HALVES

SMALL = 50  # versions
NAMES = "small", "large"
PARTS = "pages", "search", "search-quality", "search-cost"
PASSAGES = [12_000, 50_000]


def main() -> int:
    options = _options()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as name:
        folder = Path(name)
        if options.only in (None, "search", "search-quality"):
            _print(searching.quality(folder, options.back_ends, options.halves))
        if options.only in (None, "search", "search-cost"):
            _print(searching.cost(folder, options.back_ends, options.passages))
        return _pages(options, folder) if options.only in (None, "pages") else 0


def _print(tables: Iterator[str]) -> None:
    for table in tables:
        print(f"\n{table}", flush=True)


def _pages(options: argparse.Namespace, folder: Path) -> int:
    """Measure import and pages with a small and a large manual; gives 1 where queries do not agree, else 0."""
    sizes = SMALL, options.versions // VERSIONS_A_SECTION * VERSIONS_A_SECTION
    with ExitStack() as until_the_end:
        urls = until_the_end.enter_context(two_databases(options.database, folder))
        os.environ["SEARCH_URL"] = f"whoosh:{folder / 'search'}"
        imports = _imports(folder, urls, sizes)
        print("\n" + importing_table(sizes, imports), flush=True)
        results = list(_results(urls, sizes))
        print("\n" + pages_table(sizes, results))
    unequal = [r.measure.name for r in results if r.measure.queries_must_agree and r.queries[0] != r.queries[1]]
    for page in unequal:
        print(f"{page}: a large manual takes another number of queries than a small one.", file=sys.stderr)
    return 1 if unequal else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.bench", description="The portal with a small and a large manual.")
    parser.add_argument("--only", choices=PARTS, help="one part (default: all)")
    parser.add_argument("--versions", type=int, default=50_000, help="of the large manual (default: 50,000)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite", help="for the pages")
    parser.add_argument("--half", choices=HALVES, action="append", dest="halves", help="of the queries (default: both)")
    parser.add_argument(
        "--back-end", choices=searching.NAMES, action="append", dest="back_ends", help="(default: both)"
    )
    parser.add_argument(
        "--passages", type=int, action="append", help="of a manual to search (default: 12,000 and 50,000)"
    )
    options = parser.parse_args()
    options.halves = options.halves or list(HALVES)
    options.back_ends = options.back_ends or list(searching.NAMES)
    options.passages = options.passages or PASSAGES
    if options.versions < SMALL:
        parser.error(f"--versions is {options.versions}; it is at least {SMALL}, as the small manual has.")
    return options


def _imports(folder: Path, urls: list[str], sizes: tuple[int, int]) -> list[Import]:
    imports = []
    for name, url, versions in zip(NAMES, urls, sizes, strict=True):
        print(f"Making a manual of {versions:,} versions and importing it.", file=sys.stderr, flush=True)
        make_content(folder / name, versions // VERSIONS_A_SECTION)
        imports.append(import_into(url, folder / name))
    return imports


def _results(urls: list[str], sizes: tuple[int, int]) -> Iterator:
    import django
    import environ
    from django.conf import settings

    os.environ["DATABASE_URL"] = urls[0]
    default = settings.DATABASES["default"]
    for name, url in zip(NAMES, urls, strict=True):
        settings.DATABASES[name] = default | environ.Env.db_url_config(url)
    django.setup()

    from tests.bench.manuals import Manual
    from tests.bench.measures import measured, measures

    small, large = (Manual(name, size // VERSIONS_A_SECTION) for name, size in zip(NAMES, sizes, strict=True))
    for measure in measures():
        began = perf_counter()
        yield measured(measure, (small, large))
        print(f"{measure.name}: measured in {perf_counter() - began:.1f} s", file=sys.stderr, flush=True)
    small.close()
    large.close()


if __name__ == "__main__":
    sys.exit(main())
