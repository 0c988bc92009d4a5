"""The practitioner queries that judge the search (queries.tsv) are well formed and speak of the sample manual as it is.

One query a line, tab-separated and without quoting, so that a quotation mark belongs to the query. All are asked as at
22 November 2026, from `partnership` or, where it is empty, from the region. `sections` holds slugs, best answer first;
where several are marked with a leading "=", each of them is as good in first place as the others.
"""

from collections import Counter
from pathlib import Path

import pytest
import yaml

QUERIES = Path(__file__).parent / "queries.tsv"
CONTENT = Path(__file__).parents[2] / "content"
DAY = "2026-11-22"
COLUMNS = ["half", "kind", "query", "partnership", "sections"]
KINDS = ["plain", "acronym", "lay", "typo", "number", "retired", "phrase"]
HALVES = ["tuning", "kept aside"]
REGION = "west-midlands"

Row = dict[str, str]


@pytest.fixture(scope="module")
def lines() -> list[list[str]]:
    return [line.split("\t") for line in QUERIES.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def rows(lines: list[list[str]]) -> list[Row]:
    return [dict(zip(COLUMNS, line, strict=True)) for line in lines[1:]]


def slugs(row: Row) -> list[str]:
    return [section.removeprefix("=") for section in row["sections"].split(" ")]


def has_text_in_force(slug: str, partnership: str) -> bool:
    """Whether the region or the partnership that asks has a version of the section that took effect by the day."""
    folders = [CONTENT / "sections" / slug / owner for owner in (REGION, partnership) if owner]
    return any(version.name[:10] <= DAY for folder in folders for version in folder.glob("*.md"))


def test_the_header_names_the_columns(lines):
    assert lines[0] == COLUMNS


def test_every_line_has_five_tidy_columns(lines):
    faults = [line for line in lines if len(line) != len(COLUMNS) or any(cell != cell.strip() for cell in line)]

    assert faults == []


def test_there_are_enough_queries_of_every_kind(rows):
    counts = Counter(row["kind"] for row in rows)

    assert sorted(counts) == sorted(KINDS)
    assert min(counts.values()) >= 40
    assert len(rows) >= 250


def test_the_halves_of_every_kind_are_alike_in_size(rows):
    counts = Counter((row["kind"], row["half"]) for row in rows)

    assert {row["half"] for row in rows} == set(HALVES)
    assert [kind for kind in KINDS if abs(counts[kind, HALVES[0]] - counts[kind, HALVES[1]]) > 1] == []


def test_no_query_is_asked_twice_from_one_partnership(rows):
    counts = Counter((row["query"].casefold(), row["partnership"]) for row in rows)

    assert [asked for asked, times in counts.items() if times > 1] == []


def test_no_query_is_empty(rows):
    assert [row for row in rows if not row["query"]] == []


def test_a_phrase_stands_in_double_quotes(rows):
    phrases = [row["query"] for row in rows if row["kind"] == "phrase"]

    assert [query for query in phrases if query.count('"') != 2] == []


def test_every_partnership_is_a_local_one_of_the_content(rows):
    known = {local["slug"] for local in yaml.safe_load((CONTENT / "partnerships.yaml").read_text())["locals"]}

    assert {row["partnership"] for row in rows if row["partnership"]} <= known


def test_every_section_has_a_text_that_whoever_asks_may_read_on_the_day(rows):
    faults = [
        (row["query"], slug) for row in rows for slug in slugs(row) if not has_text_in_force(slug, row["partnership"])
    ]

    assert faults == []


def test_answers_are_listed_once_and_equally_good_ones_first(rows):
    faults = []
    for row in rows:
        answers = row["sections"].split(" ")
        equal = [answer for answer in answers if answer.startswith("=")]
        if len(set(slugs(row))) < len(answers) or len(equal) == 1 or answers[: len(equal)] != equal:
            faults.append(row["query"])

    assert faults == []


def test_every_section_answers_at_least_three_queries(rows):
    counts = Counter(slug for row in rows for slug in slugs(row))
    sections = [folder.name for folder in sorted((CONTENT / "sections").iterdir())]

    assert [section for section in sections if counts[section] < 3] == []
