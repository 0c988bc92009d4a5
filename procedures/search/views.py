"""The results page: `/search/?q=`."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from procedures.numbering import candidates, is_number
from procedures.pages import NotHere, reading_page, render_page
from procedures.search.index import Found, Hit, SearchUnavailable, search
from procedures.search.words import LONGEST_QUERY, number_in, terms_of, tidy_query
from procedures.viewpoint import Viewpoint

ON_A_PAGE = 10

HELP = "Type one or more words, or the number of a section such as 3.1."
CUT = f"Your search was longer than {LONGEST_QUERY} characters: only its beginning was used."
INCOMPLETE = "Some texts have just been published and cannot be searched yet, so a section may be missing here."


@reading_page(kept=False)
def results(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The sections that answer a query best, each with its best passage. A section's number leads straight to it."""
    typed = tidy_query(request.GET.get("q", ""))
    query = typed[:LONGEST_QUERY].rstrip()
    section_url = _url_of_number(viewpoint, number_in(query))
    if section_url:
        return HttpResponseRedirect(section_url)
    number = _page_asked_for(request, viewpoint)
    try:
        found = search(query, _in_force(viewpoint), limit=ON_A_PAGE, offset=(number - 1) * ON_A_PAGE)
    except SearchUnavailable as unavailable:
        told = {"query": query, "message": str(unavailable)}
        return _not_kept(request, render_page(request, viewpoint, "search/results.html", told, status=503))
    context = {
        "query": query,
        "results": _rows(viewpoint, found.hits),
        "total": found.total,
        "pages": _pages(viewpoint, query, number, found.total),
        "message": _message(query, found, is_cut=len(typed) > LONGEST_QUERY),
    }
    page = render_page(request, viewpoint, "search/results.html", context, indexable=False)
    return page if found.is_complete else _not_kept(request, page)


def _not_kept(request: HttpRequest, page: HttpResponse) -> HttpResponse:
    """A page that nobody may keep, nor ask for by an ETag: in a moment the same address shows more."""
    request.page_key = ""  # type: ignore[attr-defined]
    page.headers["Cache-Control"] = "no-store"
    return page


def _url_of_number(viewpoint: Viewpoint, number: str) -> str:
    """The address of the section that bears `number`, or of the one in which it is a paragraph; "" if there is none."""
    for candidate in candidates(number) if is_number(number) else []:
        slug = viewpoint.versions().filter(number=candidate).values_list("section__slug", flat=True).first()
        if slug:
            return viewpoint.section_url(slug)
    return ""


def _in_force(viewpoint: Viewpoint) -> frozenset[int]:
    return frozenset(viewpoint.versions().values_list("pk", flat=True))


def _page_asked_for(request: HttpRequest, viewpoint: Viewpoint) -> int:
    """The number of the page of results; NotHere if it is not one."""
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 6 and int(asked) > 0):
        message = "Pages of results are numbered 1, 2, 3 and so on, and this address has something else."
        raise NotHere(message, viewpoint, (("Search the manual", viewpoint.search_url),))
    return int(asked)


def _pages(viewpoint: Viewpoint, query: str, number: int, total: int) -> dict[str, Any]:
    """Where this page stands among the pages of results; NotHere if it stands behind the last."""
    count = max(1, ceil(total / ON_A_PAGE))
    if number > count:
        message = f"These results have {count} page{'' if count == 1 else 's'}, so there is no page {number}."
        raise NotHere(message, viewpoint, (("The first page of results", _page_url(viewpoint, query, 1)),))
    return {
        "number": number,
        "count": count,
        "previous_url": _page_url(viewpoint, query, number - 1) if number > 1 else "",
        "next_url": _page_url(viewpoint, query, number + 1) if number < count else "",
    }


def _page_url(viewpoint: Viewpoint, query: str, number: int) -> str:
    asked = {"q": query} | ({"page": str(number)} if number > 1 else {})
    return f"{viewpoint.search_url}?{urlencode(asked)}"


@dataclass(frozen=True)
class Row:
    """A version that is in force from the viewpoint, as a result needs it."""

    id: int
    section_id: int
    slug: str
    partnership_id: int
    number: str
    title: str


def _rows(viewpoint: Viewpoint, hits: Sequence[Hit]) -> list[dict[str, Any]]:
    """The results to show: the hits that the database confirms to be in force from the viewpoint; one query."""
    fields = ("pk", "section_id", "section__slug", "partnership_id", "number", "title")
    sections = [hit.section_id for hit in hits]
    in_force = [Row(*row) for row in viewpoint.versions().filter(section_id__in=sections).values_list(*fields)]
    confirmed = {row.id: row for row in in_force}
    names = _names(viewpoint, in_force)
    return [_row(viewpoint, hit, confirmed[hit.version_id], names) for hit in hits if hit.version_id in confirmed]


def _names(viewpoint: Viewpoint, in_force: Sequence[Row]) -> dict[int, Row]:
    """For each section the version that gives it its number and title: the region's, or else a local procedure's."""
    numbered = [row for row in in_force if row.number]
    numbered.sort(key=lambda row: viewpoint.scope.index(row.partnership_id), reverse=True)
    return {row.section_id: row for row in numbered}


def _row(viewpoint: Viewpoint, hit: Hit, version: Row, names: dict[int, Row]) -> dict[str, Any]:
    named = names.get(version.section_id, version)
    owner = viewpoint.directory.by_id(version.partnership_id)
    return {
        "number": named.number,
        "title": named.title or version.slug.replace("-", " ").capitalize(),
        "url": viewpoint.section_url(version.slug, hit.anchor),
        "heading": hit.heading,
        "owner_label": "Regional text" if owner.is_region else owner.short_name,
        "snippet": hit.snippet,
    }


def _message(query: str, found: Found, *, is_cut: bool) -> str:
    """What to tell the reader beside the results; "" when there is nothing to tell."""
    sentences = []
    if not query:
        sentences.append(HELP)
    elif not terms_of(query):
        sentences.append(f"There is no word in “{query}” that could be searched for. {HELP}")
    elif not found.total:
        sentences.append("Nothing was found. Try other words for it, or fewer.")
    if is_cut:
        sentences.append(CUT)
    if not found.is_complete:
        sentences.append(INCOMPLETE)
    return " ".join(sentences)
