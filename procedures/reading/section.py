"""One section, as it reads from a viewpoint: `/sections/<slug>/`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from procedures.composing import Piece, Text, blocks, compose, last_heading, main_text, owner_label, texts
from procedures.drift import drifted_since
from procedures.models import CrossReference, Version
from procedures.pages import NotHere, in_words, reading_page, render_page, stamp_of
from procedures.reading import notices, paragraphs
from procedures.reading.contacts import urgent_contacts
from procedures.reading.outline import Outline, Place, outline
from procedures.viewpoint import Viewpoint


def read(viewpoint: Viewpoint, slug: str) -> tuple[Text | None, list[Text]]:
    """The text that others add to, be it a withdrawal, None where there is none; and what adds to it. One query."""
    found = texts(viewpoint, slug)
    main = main_text(viewpoint, found)
    return main, [text for text in found if text is not main and not text.withdrawn]


@reading_page()
def section(request: HttpRequest, viewpoint: Viewpoint, slug: str) -> HttpResponse:
    """The regional text and what the reader's groups and partnership add to it, or why there is none on that day."""
    main, additions = read(viewpoint, slug)
    if main is None or main.withdrawn:
        return _absent(request, viewpoint, slug, main)
    pieces = compose(main, additions)
    seen = outline(viewpoint, stamp_of(request))
    before, after = seen.neighbours(slug)
    links_shown = request.GET.get("links") == "show"
    return render_page(
        request,
        viewpoint,
        "reading/section.html",
        {
            "section": _heading(viewpoint, slug, main),
            "breadcrumbs": _breadcrumbs(viewpoint, seen, main),
            "notices": [
                *notices.of_renumbering(request.GET.get("formerly", ""), viewpoint, main),
                *paragraphs.notices(request.GET.get("paragraph", ""), viewpoint, slug, pieces),
                *notices.of_dates(viewpoint, slug, main, additions),
            ],
            "coming": notices.coming(viewpoint, slug, main),
            "facts": _facts(viewpoint, main),
            "blocks": blocks(viewpoint, pieces, links_shown=links_shown, drifted=drifted(viewpoint, stamp_of(request))),
            "contents": _contents(viewpoint, main, pieces),
            "referred_by": [_link(viewpoint, place) for place in referring(viewpoint, seen, main)],
            "previous": _link(viewpoint, before),
            "next": _link(viewpoint, after),
            "urgent_contacts": urgent_contacts(viewpoint, stamp_of(request)),
            "links_shown": links_shown,
            "links_toggle_url": request.path if links_shown else f"{request.path}?links=show",
        },
    )


def drifted(viewpoint: Viewpoint, stamp: str) -> dict[int, date]:
    """The texts that have drifted, by id, and since when: only today's page tells of it."""
    region = viewpoint.directory.region
    if region is None or viewpoint.effective_day != viewpoint.today:
        return {}
    return drifted_since(viewpoint.scope, region.id, viewpoint.today, stamp)


def _heading(viewpoint: Viewpoint, slug: str, main: Text) -> dict[str, str]:
    url = viewpoint.section_url(slug)
    where = f"?partnership={viewpoint.partnership.slug}" if viewpoint.partnership else ""
    return {
        "number": main.number,
        "title": main.title,
        "slug": slug,
        "url": url,
        "history_url": f"{url}history/",
        "edit_url": reverse("edit_section", args=[slug]) + where,
    }


def _breadcrumbs(viewpoint: Viewpoint, seen: Outline, main: Text) -> list[tuple[str, str]]:
    part = main.number.split(".", 1)[0]
    place = seen.by_number.get(part) if part != main.number else None
    crumbs = [("Home", viewpoint.home_url), ("Contents", viewpoint.contents_url)]
    return [*crumbs, (f"{place.number} {place.title}", viewpoint.section_url(place.slug))] if place else crumbs


def _facts(viewpoint: Viewpoint, main: Text) -> list[dict[str, str]]:
    begins = "Takes effect on" if main.effective_date > viewpoint.today else "In force since"
    facts = [{"term": begins, "description": in_words(main.effective_date), "url": f"/versions/{main.id}/"}]
    if main.change_note:
        facts.append({"term": "Last changed", "description": main.change_note, "url": ""})
    if main.review_date:
        overdue = ", now overdue" if viewpoint.effective_day == viewpoint.today else ", overdue by then"
        description = in_words(main.review_date) + (overdue if main.review_date < viewpoint.effective_day else "")
        facts.append({"term": "Next review", "description": description, "url": ""})
    return facts


def _contents(viewpoint: Viewpoint, main: Text, pieces: Sequence[Piece]) -> list[dict[str, Any]]:
    return [
        {
            "id": heading.id,
            "text": heading.text,
            "level": heading.level,
            "owner_label": ""
            if piece.text is main
            else owner_label(viewpoint.directory.by_id(piece.text.partnership_id)),
        }
        for piece in pieces
        for heading in piece.block.headings
        if heading.level == 2
    ]


def referring(viewpoint: Viewpoint, seen: Outline, main: Text) -> list[Place]:
    """The sections whose texts in force refer to this one, by number; one query."""
    references = CrossReference.objects.in_force(viewpoint.effective_day, viewpoint.scope)
    ids = references.filter(to_section=main.section_id).values_list("from_version__section_id", flat=True)
    return seen.of_sections(set(ids.order_by().distinct()) - {main.section_id})


def _link(viewpoint: Viewpoint, place: Place | None) -> dict[str, str] | None:
    if place is None:
        return None
    return {"number": place.number, "title": place.title, "url": viewpoint.section_url(place.slug)}


def _absent(request: HttpRequest, viewpoint: Viewpoint, slug: str, withdrawal: Text | None) -> HttpResponse:
    """Why the section cannot be read from here: withdrawn, not yet in force, or another partnership's (a 404)."""
    missing = absence(viewpoint, slug, withdrawal)
    links = [("Contents of the manual", viewpoint.contents_url), ("All its versions", viewpoint.url("history", slug))]
    context = {
        "title": missing.title,
        "notices": missing.told,
        "links": links,
        "blocks": blocks(viewpoint, compose(withdrawal, [])) if withdrawal else [],
    }
    return render_page(request, viewpoint, "reading/section_absent.html", context, indexable=False)


@dataclass(frozen=True)
class Absence:
    """Why no text of a section is in force, and `since`: when it was withdrawn, first takes effect, or was to."""

    title: str
    state: Literal["withdrawn", "not yet in force", "never in force"]
    since: date
    told: list[notices.Notice]


def absence(viewpoint: Viewpoint, slug: str, withdrawal: Text | None) -> Absence:
    """Why the section cannot be read from here; NotHere where it is another partnership's, or nobody's."""
    if withdrawal is not None:
        title = f"{withdrawal.number} {withdrawal.title}".strip() or last_heading(viewpoint, slug)[1]
        told = notices.of_withdrawal(viewpoint, slug, withdrawal)
        is_withdrawn = told[0]["kind"] == "withdrawn"  # otherwise what it withdrew had never taken effect
        return Absence(title, "withdrawn" if is_withdrawn else "never in force", withdrawal.effective_date, told)
    stream = Version.objects.published().of(viewpoint.scope).filter(section__slug=slug, withdrawn=False)
    first, called_off = stream.that_take_effect().order_by("effective_date").first(), stream.newest_first().first()
    if called_off is None:
        raise _not_here(viewpoint, slug)
    shown = first or called_off
    assert shown.effective_date
    if first is None:
        told = [notices.of_never(viewpoint, slug, called_off)]
        return Absence(shown.title or slug, "never in force", shown.effective_date, told)
    told = notices.of_first_day(viewpoint, slug, first)
    return Absence(shown.title or slug, "not yet in force", shown.effective_date, told)


def _not_here(viewpoint: Viewpoint, slug: str) -> NotHere:
    """No text of the section belongs to what this reader sees: say whose it is, and lead there."""
    owners = Version.objects.published().filter(section__slug=slug).values_list("partnership_id", flat=True).distinct()
    listed = [viewpoint.directory.by_id(partnership_id) for partnership_id in owners.order_by("partnership_id")]
    if not listed:
        return NotHere(f"This manual has no section “{slug}”.", viewpoint)
    names = " and ".join(owner.name for owner in listed)
    links = tuple((f"Read it for {p.short_name}", viewpoint.seen_by(p).section_url(slug)) for p in listed)
    message = f"This section is a local procedure of {names}, and is no part of what you are reading."
    return NotHere(message, viewpoint, links)
