"""python -m tests.bench [--versions N] [--database sqlite|postgresql]: exits 1 where a section page asks more of a
large manual than of a small one.
"""

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter

from tests.bench.content import VERSIONS_A_SECTION, make_content
from tests.bench.databases import two_databases
from tests.bench.importing import Import, import_into
from tests.bench.report import importing_table, pages_table

SMALL = 50  # versions
NAMES = "small", "large"


def main() -> int:
    options = _options()
    sizes = SMALL, options.versions // VERSIONS_A_SECTION * VERSIONS_A_SECTION
    with ExitStack() as until_the_end:
        folder = Path(until_the_end.enter_context(tempfile.TemporaryDirectory(prefix="portal-bench-")))
        urls = until_the_end.enter_context(two_databases(options.database, folder))
        os.environ["SEARCH_URL"] = f"whoosh:{folder / 'search'}"
        os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
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
    parser.add_argument("--versions", type=int, default=50_000, help="of the large manual (default: 50,000)")
    parser.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    options = parser.parse_args()
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
