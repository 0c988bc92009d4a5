"""Why a search finds what it finds, for editors: /workspace/<partnership>/search/."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from partnerships.access import Role, partnership_where, signed_in
from partnerships.directory import directory
from partnerships.workspace_nav import navigation
from procedures.models import FreshnessStamp
from procedures.search import presenting
from procedures.search.answering import SearchUnavailable, answer
from procedures.search.asking import Answer
from procedures.search.filters import Filters
from procedures.viewpoint import Viewpoint

EXPLAINED = 10  # results


@require_safe
@signed_in
def explain(request: HttpRequest, slug: str) -> HttpResponse:
    """The results as the partnership's readers have them today, each with the words and weights that placed it."""
    partnership = partnership_where(request.user, slug, Role.AUTHOR, Role.APPROVER)
    stamp = FreshnessStamp.now()
    known = directory(stamp)
    viewpoint = Viewpoint(known, localdate(), None if partnership.is_region else known.find(slug))
    filters = Filters.of(request.GET, viewpoint)
    found, message = None, ""
    try:
        found = answer(filters.asked(stamp, limit=EXPLAINED))
    except SearchUnavailable as unavailable:
        message = str(unavailable)
    return render(
        request,
        "search/explain.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "words"),
            "query": filters.query,
            "message": message,
            "found": found,
            "rows": _rows(viewpoint, found) if found else [],
            "terms": _terms(found) if found else [],
            "readers_url": filters.url(),
        },
    )


def _rows(viewpoint: Viewpoint, found: Answer) -> list[dict[str, Any]]:
    return [
        {"result": result, "reasons": hit.reasons, "by_concept": hit.by_concept, "score": hit.score}
        for result, hit in zip(presenting.results(viewpoint, found), found.hits, strict=True)
    ]


def _terms(found: Answer) -> list[dict[str, Any]]:
    """What was sought for each thing typed: in which words, why, and how much each of them tells."""
    return [
        {
            "label": concept.label,
            "alternatives": [
                {
                    "words": " ".join(one.term.words),
                    "why": one.why,
                    "passages": found.frequency.get(one.term, 0),
                    "weight": found.weights.get(one.term, 0.0),
                }
                for one in sorted(concept.alternatives, key=lambda one: -found.weights.get(one.term, 0.0))
            ],
        }
        for concept in found.concepts
    ]
