"""What texts rely on: `/authorities/`, each with its editions and which of them applied on the day."""

from typing import Any

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse

from procedures.models import Authority, Edition
from procedures.pages import NotHere, reading_page, render_page
from procedures.viewpoint import Viewpoint


@reading_page()
def authorities(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every authority, by kind."""
    editions = Prefetch("editions", queryset=Edition.objects.order_by("-began"))
    by_kind: dict[str, list[dict[str, Any]]] = {label: [] for label in Authority.Kind.labels}
    for found in Authority.objects.prefetch_related(editions):
        applying = [edition for edition in found.editions.all() if edition.applied_on(viewpoint.effective_day)]
        by_kind[found.get_kind_display()].append(
            {
                "title": found.title,
                "issued_by": found.issued_by,
                "url": viewpoint.url("authority", found.slug),
                "edition": applying[0].name if applying else "",
            }
        )
    context = {"authorities": [(label, rows) for label, rows in by_kind.items() if rows]}
    return render_page(request, viewpoint, "reading/authorities.html", context)


@reading_page()
def authority(request: HttpRequest, viewpoint: Viewpoint, slug: str) -> HttpResponse:
    """One authority and its editions, newest first."""
    found = Authority.objects.filter(slug=slug).first()
    if found is None:
        message = f"This manual lists no authority “{slug}”."
        raise NotHere(message, viewpoint, (("All authorities", viewpoint.authorities_url),))
    editions = [
        {
            "name": edition.name,
            "title": edition.title,
            "began": edition.began,
            "ceased": edition.ceased,
            "in_force": edition.applied_on(viewpoint.effective_day),
        }
        for edition in found.editions.order_by("-began")
    ]
    context = {
        "authority": {
            "title": found.title,
            "kind": found.get_kind_display(),
            "issued_by": found.issued_by,
            "url": found.url,
        },
        "editions": editions,
        "breadcrumbs": [("Home", viewpoint.home_url), ("Authorities", viewpoint.authorities_url)],
    }
    return render_page(request, viewpoint, "reading/authority.html", context)
