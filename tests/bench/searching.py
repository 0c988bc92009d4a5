"""The search's part of the benchmarks: how good it is, and what it costs at two sizes, with each back end."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.bench.databases import databases
from tests.bench.search_cost import Figures, cost_of, cost_table
from tests.bench.search_manual import make_search_manual, sections_for
from tests.bench.search_quality import PORTAL, quality_of, quality_tables

BACK_ENDS = {"whoosh": "sqlite", "postgres": "postgresql"}  # with the database that each is measured on
NAMES = {"whoosh": "Whoosh", "postgres": "PostgreSQL"}


def quality(folder: Path, back_ends: Sequence[str], halves: Sequence[str]) -> Iterator[str]:
    """The tables of how well the sample manual's queries are answered."""
    scores = {}
    for back_end in back_ends:
        print(f"Searching the sample manual with {NAMES[back_end]}.", file=sys.stderr, flush=True)
        with databases(BACK_ENDS[back_end], folder, ["quality"]) as [url]:
            found = quality_of(url, _search_url(back_end, folder / "search-quality"), halves)
        scores |= {NAMES[back_end] if name == PORTAL else name: of_half for name, of_half in found.items()}
    yield from quality_tables(scores)


def cost(folder: Path, back_ends: Sequence[str], sizes: Sequence[int]) -> Iterator[str]:
    """A table for each back end: what it costs to search manuals of about so many passages."""
    for size in sizes:
        print(f"Making a manual of about {size:,} passages.", file=sys.stderr, flush=True)
        make_search_manual(folder / f"manual-{size}", sections_for(size))
    for back_end in back_ends:
        names = [f"searched_{size}" for size in sizes]
        figures: list[Figures] = []
        with databases(BACK_ENDS[back_end], folder, names) as urls:
            for size, url, name in zip(sizes, urls, names, strict=True):
                figures.append(cost_of(url, _search_url(back_end, folder / name), folder / f"manual-{size}"))
        yield "\n".join(cost_table(f"searching with {NAMES[back_end]}, passages", figures))


def _search_url(back_end: str, folder: Path) -> str:
    return "postgres:" if back_end == "postgres" else f"whoosh:{folder}"
