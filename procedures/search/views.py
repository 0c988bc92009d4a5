"""The results page: `/search/?q=`."""

from math import ceil
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from procedures.pages import NotHere, reading_page, render_page, stamp_of
from procedures.search import past, presenting
from procedures.search.answering import SearchUnavailable, answer, straight_to
from procedures.search.asking import Answer
from procedures.search.filters import Filters
from procedures.search.in_force import Named
from procedures.search.query import parse
from procedures.search.words import LONGEST_QUERY
from procedures.viewpoint import Viewpoint

ON_A_PAGE = 10

HELP = "Type one or more words, or the number of a section such as 3.1."
CUT = f"Your search was longer than {LONGEST_QUERY} characters: only its beginning was used."
BY_MEANING = "No text has these words. These passages may be about the same."
INCOMPLETE = "Some texts have just been published and cannot be searched yet, so a section may be missing here."


@reading_page(kept=False)
def results(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The sections that answer a query best, each with its best passage. A section's number leads straight to it."""
    filters = Filters.of(request.GET, viewpoint)
    number = _page_asked_for(request, viewpoint, filters)
    asked = filters.asked(stamp_of(request), limit=ON_A_PAGE, offset=(number - 1) * ON_A_PAGE)
    typed_number = parse(filters.query).number
    straight = None if filters.is_narrowed else straight_to(typed_number, asked)
    if straight:
        return HttpResponseRedirect(_straight_url(viewpoint, typed_number, straight))
    try:
        found = answer(asked)
    except SearchUnavailable as unavailable:
        return _unavailable(request, viewpoint, filters, unavailable)
    if found.total and number == 1 and not filters.is_narrowed and not found.mended:
        past.note(filters.query, day=viewpoint.today)
    known = asked.known
    context = {
        "query": filters.query,
        "filters": filters,
        "found": found,
        "first": (number - 1) * ON_A_PAGE + 1,
        "results": presenting.results(viewpoint, found),
        "withdrawn": presenting.links(viewpoint, found.withdrawn),
        "near": [(term.name, presenting.term_url(viewpoint, term)) for term in found.near],
        "cards": presenting.cards(viewpoint, found, known.by_slug) if number == 1 else [],
        "retired": [] if found.is_one_name else presenting.retired_sentences(found),
        "beside": presenting.beside(viewpoint, found.beside, asked.scope) if number == 1 else [],
        "parts": filters.parts(found, known),
        "pages": _pages(viewpoint, filters, number, found.total),
        "message": _message(found, filters),
    }
    page = render_page(request, viewpoint, "search/results.html", context, indexable=False)
    return page if found.is_complete and not found.awaits_meaning else _not_kept(request, page)


def _straight_url(viewpoint: Viewpoint, number: str, section: Named) -> str:
    """The section's address; one that bore the number before is led to by its number, which says so."""
    if number == section.number or number.startswith(f"{section.number}."):
        return presenting.section_url(viewpoint, section)
    return viewpoint.url("number", number)


def _unavailable(
    request: HttpRequest, viewpoint: Viewpoint, filters: Filters, unavailable: SearchUnavailable
) -> HttpResponse:
    """The page without an index: a sentence, and the sections whose titles hold a word of the query."""
    named = presenting.links(viewpoint, unavailable.named)
    told = {"query": filters.query, "message": str(unavailable), "named": named}
    return _not_kept(request, render_page(request, viewpoint, "search/results.html", told, status=503))


def _not_kept(request: HttpRequest, page: HttpResponse) -> HttpResponse:
    """A page that nobody may keep, nor ask for by an ETag: in a moment the same address shows more."""
    request.page_key = ""  # type: ignore[attr-defined]
    page.headers["Cache-Control"] = "no-store"
    return page


def _page_asked_for(request: HttpRequest, viewpoint: Viewpoint, filters: Filters) -> int:
    """The number of the page of results; NotHere if it is not one."""
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and len(asked) <= 6 and int(asked) > 0):
        message = "Pages of results are numbered 1, 2, 3 and so on, and this address has something else."
        raise NotHere(message, viewpoint, (("Search the manual", viewpoint.search_url),))
    return int(asked)


def _pages(viewpoint: Viewpoint, filters: Filters, number: int, total: int) -> dict[str, Any]:
    """Where this page stands among the pages of results; NotHere if it stands behind the last."""
    count = max(1, ceil(total / ON_A_PAGE))
    if number > count:
        message = f"These results have {count} page{'' if count == 1 else 's'}, so there is no page {number}."
        raise NotHere(message, viewpoint, (("The first page of results", filters.url()),))
    return {
        "number": number,
        "count": count,
        "previous_url": filters.url(page=number - 1) if number > 1 else "",
        "next_url": filters.url(page=number + 1) if number < count else "",
    }


def _message(found: Answer, filters: Filters) -> str:
    """What to tell the reader beside the results; "" when there is nothing to tell."""
    sentences = []
    if not found.query.text:
        sentences.append(HELP)
    elif not found.query:
        sentences.append(f"There is no word in “{found.query.text}” that could be searched for. {HELP}")
    elif not found.total:
        sentences.append("Nothing was found. Try other words for it, or fewer.")
    elif found.is_by_meaning_alone:
        sentences.append(BY_MEANING)
    elif found.dropped_quotes:
        sentences.append("No text has exactly the words in quotation marks. These results have some of them.")
    if filters.is_cut:
        sentences.append(CUT)
    if not found.is_complete:
        sentences.append(INCOMPLETE)
    return " ".join(sentences)
