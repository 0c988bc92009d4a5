"""What the portal's search is measured against: Whoosh as it comes and SQLite's FTS5, on whole sections.

Both have the same texts: of each section all that is in force from a viewpoint, its title beside the rest.
"""

import sqlite3
from collections.abc import Callable, Sequence
from typing import NamedTuple

from whoosh.analysis import StemmingAnalyzer
from whoosh.fields import ID, TEXT, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.qparser import MultifieldParser, OrGroup

from procedures.search.words import words

MOST = 10
TITLE_BOOST = 2.0


class Text(NamedTuple):
    """A section as a whole."""

    slug: str
    title: str
    text: str


Search = Callable[[str], Sequence[str]]
"""Gives the slugs of the first ten sections for what was typed."""


def stock_whoosh(texts: Sequence[Text]) -> Search:
    """Its stemming analyser and BM25F, its parser for two fields with OR, twice the weight for titles."""
    schema = Schema(
        slug=ID(stored=True), title=TEXT(analyzer=StemmingAnalyzer()), text=TEXT(analyzer=StemmingAnalyzer())
    )
    index = RamStorage().create_index(schema)
    writer = index.writer()
    for one in texts:
        writer.add_document(**one._asdict())
    writer.commit()
    searcher = index.searcher()
    parser = MultifieldParser(["title", "text"], schema, fieldboosts={"title": TITLE_BOOST}, group=OrGroup)

    def search(query: str) -> Sequence[str]:
        return [hit["slug"] for hit in searcher.search(parser.parse(query), limit=MOST)]

    return search


def fts5(texts: Sequence[Text]) -> Search:
    """Its Porter stemmer and its bm25, any of the words."""
    database = sqlite3.connect(":memory:")
    database.execute(
        "CREATE VIRTUAL TABLE section USING fts5(slug UNINDEXED, title, text, tokenize='porter unicode61')"
    )
    database.executemany("INSERT INTO section VALUES (?, ?, ?)", texts)

    def search(query: str) -> Sequence[str]:
        quoted = " OR ".join(f'"{word}"' for word in words(query))
        if not quoted:
            return []
        found = database.execute(
            "SELECT slug FROM section WHERE section MATCH ? ORDER BY bm25(section) LIMIT ?", (quoted, MOST)
        )
        return [slug for (slug,) in found]

    return search
