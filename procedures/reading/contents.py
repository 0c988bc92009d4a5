"""The start page and the contents: `/` and `/contents/`."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from procedures.composing import owner_label
from procedures.pages import in_words, partnerships_by_kind, reading_page, render_page, stamp_of
from procedures.reading.contacts import urgent_contacts
from procedures.reading.outline import Place, outline
from procedures.reading.updates import coming_changes, latest_changes
from procedures.viewpoint import Viewpoint

LOCAL_PROCEDURES = "Local procedures"  # the heading of a part that has no text of its own


@reading_page()
def home(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The start page: search, partnerships, parts, the latest changes."""
    seen = outline(viewpoint, stamp_of(request))
    return render_page(
        request,
        viewpoint,
        "reading/home.html",
        {
            "parts": [
                _part(viewpoint, number, place) | {"sections": len(places)} for number, place, places in seen.parts()
            ],
            "changes": latest_changes(viewpoint, seen, 5),
            "scheduled": coming_changes(viewpoint, seen),
            "partnerships": [
                (
                    label,
                    [
                        {"name": p.name, "short_name": p.short_name, "url": viewpoint.seen_by(p).home_url}
                        for p in of_kind
                    ],
                )
                for label, of_kind in partnerships_by_kind(viewpoint.directory)
            ],
            "urgent_contacts": urgent_contacts(viewpoint, stamp_of(request)),
        },
    )


@reading_page()
def contents(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """All parts and sections in force."""
    seen = outline(viewpoint, stamp_of(request))
    return render_page(
        request,
        viewpoint,
        "reading/contents.html",
        {
            "parts": [
                _part(viewpoint, number, place) | {"sections": [_row(viewpoint, place) for place in places]}
                for number, place, places in seen.parts()
            ],
            "day_note": "" if seen.places else _nothing_in_force(viewpoint),
        },
    )


def _part(viewpoint: Viewpoint, number: str, place: Place | None) -> dict[str, Any]:
    """A part as both pages name it; one without a text of its own is the place of local procedures."""
    anchor = f"part-{number}"
    return {
        "number": number,
        "title": place.title if place else LOCAL_PROCEDURES,
        "url": viewpoint.section_url(place.slug) if place else f"{viewpoint.contents_url}#{anchor}",
        "anchor": anchor,
    }


def _row(viewpoint: Viewpoint, place: Place) -> dict[str, Any]:
    owner = viewpoint.directory.by_id(place.partnership_id)
    adding = [viewpoint.directory.by_id(partnership_id).short_name for partnership_id in place.additions]
    return {
        "number": place.number,
        "title": place.title,
        "url": viewpoint.section_url(place.slug),
        "depth": place.depth,
        "local": not owner.is_region,
        "owner": " and ".join(adding) if owner.is_region else owner_label(owner),
        "has_local": bool(adding),
        "in_force_since": place.in_force_since,
    }


def _nothing_in_force(viewpoint: Viewpoint) -> str:
    return f"No procedure of this manual was in force on {in_words(viewpoint.effective_day)}."
