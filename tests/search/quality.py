"""How well the search answers: practitioners' queries with the sections that answer them (queries.tsv), and measures.

A query is right at first place when one of its equally good first answers stands there, and in three when one of them
is among the first three. nDCG@10: Järvelin and Kekäläinen, "Cumulated gain-based evaluation of IR techniques" (2002),
with a gain of 2 for a first answer and 1 for any other, discounted by log2(1 + place).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import log2
from pathlib import Path

FILE = Path(__file__).with_name("queries.tsv")
ASKED_ON = date(2026, 11, 22)
HALVES = "tuning", "kept aside"
KINDS = "plain", "acronym", "lay", "typo", "number", "retired", "phrase"

Find = Callable[["Judged"], Sequence[str]]
"""Gives the slugs of the sections found for a query, best first, at least the first ten."""


@dataclass(frozen=True)
class Judged:
    """A query of one kind, from where it is asked ("": the region), and the sections that answer it."""

    half: str
    kind: str
    query: str
    partnership: str
    first: frozenset[str]
    others: frozenset[str]

    def gain(self, slug: str) -> int:
        return 2 if slug in self.first else 1 if slug in self.others else 0


@dataclass(frozen=True)
class Score:
    """Of some queries: the share right at first place and among the first three, and the mean nDCG@10."""

    queries: int
    first: float
    in_three: float
    ndcg: float


def judged(half: str = "") -> list[Judged]:
    """The queries of a half, or of both."""
    lines = FILE.read_text("utf-8").splitlines()[1:]
    rows = [line.split("\t") for line in lines if line.strip()]
    every = [_judged(*row) for row in rows]
    return [one for one in every if half in ("", one.half)]


def _judged(half: str, kind: str, query: str, partnership: str, sections: str) -> Judged:
    slugs = sections.split()
    first = [slug.removeprefix("=") for place, slug in enumerate(slugs) if place == 0 or slug.startswith("=")]
    others = [slug for slug in slugs if slug.removeprefix("=") not in first]
    return Judged(half, kind, query, partnership, frozenset(first), frozenset(others))


def score(queries: Iterable[Judged], find: Find) -> Score:
    """How well `find` answers the queries."""
    ranks = [(one, list(find(one))[:10]) for one in queries]
    count = len(ranks)
    return Score(
        count,
        sum(bool(one.first & set(found[:1])) for one, found in ranks) / count,
        sum(bool(one.first & set(found[:3])) for one, found in ranks) / count,
        sum(_ndcg(one, found) for one, found in ranks) / count,
    )


def _ndcg(one: Judged, found: Sequence[str]) -> float:
    best = sorted([2] * len(one.first) + [1] * len(one.others), reverse=True)
    return _gained([one.gain(slug) for slug in found]) / _gained(best[:10])


def _gained(gains: Sequence[int]) -> float:
    return sum(gain / log2(1 + place) for place, gain in enumerate(gains, 1))
