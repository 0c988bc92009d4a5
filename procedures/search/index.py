"""Searching: the passages that answer a query best, among the versions that are in force for a reader.

Before it answers, a search compares the freshness stamp with the one up to which the index was written, and brings
the index up to date where they differ. So nothing that is published depends on another step having run.
"""

import logging
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from django.conf import settings
from django.utils.safestring import SafeString

from procedures.models import FreshnessStamp
from procedures.search import writing
from procedures.search.folder import Damaged, IndexFolder, stamp_of
from procedures.search.opened import OpenedIndex
from procedures.search.snippets import snippet
from procedures.search.words import ANALYSERS, Terms, terms_of

REPAIR_WAITS = 10  # seconds for somebody else who is making the index anew

logger = logging.getLogger(__name__)


class SearchUnavailable(Exception):
    """No index can be read, and none can be written. The message is for readers."""


@dataclass(frozen=True)
class Hit:
    """The best passage of a section: whose version it is in, what it stands under, its anchor, and the words found."""

    version_id: int
    section_id: int
    heading: str
    anchor: str
    snippet: SafeString


@dataclass(frozen=True)
class Found:
    """The number of sections found, those asked for, and whether everything in force could be searched."""

    total: int
    hits: tuple[Hit, ...]
    is_complete: bool


def search(query: str, version_ids: frozenset[int], *, limit: int, offset: int = 0) -> Found:
    """The sections that hold a word of the query, best first: `limit` of them from the place `offset`, counted from 0.

    Only the texts of `version_ids` are looked at; they are those in force from the reader's viewpoint. Raises
    SearchUnavailable.
    """
    terms = terms_of(query)
    if not terms or not version_ids:
        return Found(0, (), True)
    stamp = FreshnessStamp.now()
    with _one_at_a_time:
        try:
            return _find(_up_to_date(stamp, version_ids), terms, version_ids, limit, offset)
        except Damaged as error:
            logger.warning("The search index is made anew. %s", error)
            broken = error.generation
        try:
            return _find(_anew(stamp, version_ids, broken), terms, version_ids, limit, offset)
        except (Damaged, writing.Unwritable) as error:
            logger.exception("There is no search index.")
            raise SearchUnavailable(UNAVAILABLE) from error


UNAVAILABLE = "The manual cannot be searched at the moment. The contents list every section."


def folder() -> IndexFolder:
    """The folder that the setting SEARCH_URL names."""
    return IndexFolder(Path(settings.SEARCH_URL.removeprefix("whoosh:")))


_one_at_a_time = Lock()  # a process has one searcher, and its files one position each
_opened: OpenedIndex | None = None
_given_up: tuple[IndexFolder, str] | None = None  # the folder that could not be written to, and the stamp of that time


def _open() -> OpenedIndex:
    """The index as it is on disk at this moment; Damaged when it cannot be read."""
    global _opened
    generation = folder().current()
    if _opened is None or not _opened.is_current(generation):
        if _opened is not None:
            _opened.close()
        _opened = None
        _opened = OpenedIndex(generation)
    return _opened


def _up_to_date(stamp: str, version_ids: frozenset[int]) -> OpenedIndex:
    """The index with all that is published, or as much as can be had without waiting for others."""
    global _given_up
    where = folder()
    if stamp_of(where.current()) != stamp and _given_up != (where, stamp):
        try:
            writing.catch_up(where, stamp, version_ids, seconds=0)
        except writing.Busy:
            pass
        except writing.Unwritable as error:
            logger.warning("Searching what is in the index already. %s", error)
            _given_up = (where, stamp)
    return _open()


def _anew(stamp: str, version_ids: frozenset[int], broken: Path | None) -> OpenedIndex:
    writing.catch_up(folder(), stamp, version_ids, seconds=REPAIR_WAITS, broken=broken)
    return _open()


def _find(opened: OpenedIndex, terms: Terms, version_ids: frozenset[int], limit: int, offset: int) -> Found:
    try:
        numbers = opened.ranked(terms, version_ids)
        stored = [opened.stored(number) for number in numbers[offset : offset + limit]]
        weights = opened.weights(terms)
    except Exception as error:  # a broken index can fail in any way
        raise Damaged(f"{opened.generation} cannot be searched: {error!r}", opened.generation) from error
    hits = tuple(
        Hit(
            version_id=passage["version"],
            section_id=opened.sections[number],
            heading=passage["heading"],
            anchor=passage["anchor"],
            snippet=snippet(passage["body"], weights, ANALYSERS[terms.field]),
        )
        for number, passage in zip(numbers[offset : offset + limit], stored, strict=True)
    )
    return Found(len(numbers), hits, opened.holds(version_ids))
