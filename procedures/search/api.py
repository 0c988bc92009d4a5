"""The read API's endpoints for searching: results, and suggestions as somebody types."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from procedures.api import Asked as AskedFrom
from procedures.api import absolute, viewpoint_asked
from procedures.pages import stamp_of
from procedures.search import presenting, suggestions
from procedures.search.answering import answer
from procedures.search.asking import Answer
from procedures.search.filters import Filters
from procedures.search.suggestions import Suggestion
from procedures.viewpoint import Viewpoint

router = Router(tags=["Search"])

MOST_RESULTS = 50
LONGEST = 20_000  # characters of a query that are looked at at all


class AskedWords(AskedFrom):
    """What to search for, and from where and when."""

    q: str = Field(
        max_length=LONGEST,
        description="Words, a “phrase in quotation marks”, -words to leave out, or a section’s number.",
    )


class AskedSearch(AskedWords):
    """A search."""

    limit: int = Field(10, ge=1, le=MOST_RESULTS, description="The most results to give.")
    offset: int = Field(0, ge=0, le=10_000, description="How many results to pass over.")
    as_typed: bool = Field(False, description="Whether typing errors are left as they are.")


class Result(BaseModel):
    """A section found, by its best passage."""

    number: str
    title: str
    slug: str
    heading: str = Field(description="The heading that the passage stands under; empty at the section’s beginning.")
    url: str = Field(description="The passage’s address; a browser marks the words found there.")
    snippet: str = Field(description="Plain text from the passage.")
    partnership: str = Field(description="The slug of the partnership whose words they are.")
    version: int | None = Field(description="The version’s number in /versions/<number>/.")
    score: float = Field(description="Only for comparing results of one search.")


class Results(BaseModel):
    """What a search found."""

    query: str
    corrected: str = Field(description="The query without typing errors, if there were any; else empty.")
    total: int = Field(description="How many sections were found in all.")
    results: list[Result]


class Suggested(BaseModel):
    """Something to choose while typing."""

    kind: str = Field(description="section, term or search.")
    text: str
    detail: str = Field(description="What a term stands for.")
    url: str = Field(description="Where it leads, on this site.")


class Suggestions(BaseModel):
    """What to offer for the letters typed so far."""

    query: str
    suggestions: list[Suggested]


@router.get("/search", response=Results, summary="Find the sections that answer a query")
def search(request: HttpRequest, response: HttpResponse, asked: Query[AskedSearch]) -> dict[str, Any]:
    """The sections that answer a query, best first, as the search page finds them.

    A section’s number finds that section first. While the index is being made there is a 503 problem.
    """
    viewpoint = viewpoint_asked(request, asked)
    filters = Filters(viewpoint, asked.q, as_typed=asked.as_typed)
    found = answer(filters.asked(stamp_of(request), limit=asked.limit, offset=asked.offset))
    return {
        "query": found.query.text,
        "corrected": found.mended,
        "total": found.total,
        "results": _results(viewpoint, found),
    }


def _not_kept(request: HttpRequest, response: HttpResponse) -> None:
    """Nobody may keep this answer, nor ask for it by an ETag: in a moment it may be another."""
    request.page_key = ""  # type: ignore[attr-defined]
    response.headers["Cache-Control"] = "no-store"


def _results(viewpoint: Viewpoint, found: Answer) -> list[dict[str, Any]]:
    return [
        {
            "number": result.number,
            "title": result.title,
            "slug": result.slug,
            "heading": result.heading,
            "url": absolute(result.passage_url),
            "snippet": presenting.plain(result.snippet),
            "partnership": result.owner,
            "version": result.version,
            "score": round(result.score, 3),
        }
        for result in presenting.results(viewpoint, found)
    ]


@router.get("/suggestions", response=Suggestions, summary="What to offer while somebody types")
def suggest(request: HttpRequest, response: HttpResponse, asked: Query[AskedWords]) -> dict[str, Any]:
    """Sections, terms of the glossary and past searches that begin with what was typed, likeliest first."""
    viewpoint = viewpoint_asked(request, asked)
    _not_kept(request, response)  # others' searches come and go without a new freshness stamp
    offered = suggestions.suggest(Filters(viewpoint, asked.q).asked(stamp_of(request), limit=0))
    return {"query": asked.q, "suggestions": [_suggested(viewpoint, one) for one in offered]}


def _suggested(viewpoint: Viewpoint, one: Suggestion) -> dict[str, str]:
    return {"kind": one.kind, "text": one.text, "detail": one.detail, "url": _url(viewpoint, one)}


def _url(viewpoint: Viewpoint, one: Suggestion) -> str:
    if one.kind == "section":
        return viewpoint.section_url(one.target)
    if one.kind == "term":
        return f"{viewpoint.url('glossary')}#{one.target}"
    return Filters(viewpoint, one.target).url()
