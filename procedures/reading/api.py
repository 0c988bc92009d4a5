"""The read API's endpoints for the manual: partnerships, contents, sections, their history, updates.

They ask what the pages ask; see contents, section, history and updates beside this.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from ninja import Query, Router

from procedures.api import Asked, AskedDay, NotInForce, absolute, read_from, viewpoint_asked
from procedures.composing import Text, blocks, compose, owner_label
from procedures.models import CrossReference, Version
from procedures.pages import frame_of, stamp_of
from procedures.reading import answers, notices
from procedures.reading.contents import LOCAL_PROCEDURES
from procedures.reading.history import streams_of
from procedures.reading.outline import Outline, Place, outline
from procedures.reading.section import absence, drifted, read, referring
from procedures.reading.updates import coming_changes, page_of_changes
from procedures.viewpoint import Viewpoint

router = Router(tags=["The manual"])


@router.get("/partnerships", response=answers.Partnerships, summary="Who publishes the manual")
def partnerships(request: HttpRequest, asked: Query[AskedDay]) -> dict[str, Any]:
    """The region, its groups of partnerships and its local partnerships, and who belonged to which on the day."""
    viewpoint = viewpoint_asked(request, asked)
    day, known = viewpoint.effective_day, viewpoint.directory
    return {
        "on": day,
        "partnerships": [
            {
                "slug": listed.slug,
                "name": listed.name,
                "short_name": listed.short_name,
                "kind": listed.kind,
                "groups": [one.slug for one in known.partnerships if one.id in known.groups_of(listed.id, day)],
                "members": [member.slug for member in known.members_of(listed.id, day)],
                "url": absolute(viewpoint.seen_by(listed).home_url),
            }
            for listed in known.partnerships
        ],
    }


@router.get("/contents", response=answers.Contents, summary="All parts and sections in force")
def contents(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    """The manual's contents as they are read from a viewpoint, in the order of their numbers."""
    viewpoint = viewpoint_asked(request, asked)
    return read_from(viewpoint) | {
        "manual": frame_of(viewpoint)["manual_title"],
        "url": absolute(viewpoint.contents_url),
        "parts": [
            {
                "number": number,
                "title": own.title if own else LOCAL_PROCEDURES,
                "slug": own.slug if own else None,
                "url": absolute(viewpoint.section_url(own.slug) if own else viewpoint.contents_url),
                "sections": [_listed(viewpoint, place) for place in places],
            }
            for number, own, places in outline(viewpoint, stamp_of(request)).parts()
        ],
    }


@router.get("/sections/{slug:slug}", response=answers.SectionRead, summary="One section as it reads")
def section(request: HttpRequest, slug: str, asked: Query[Asked]) -> dict[str, Any]:
    """A section as it reads from a viewpoint, with its texts, their dates and its references.

    Where no text of it is in force the answer is a 404 that says why: it was withdrawn, is not yet in force or has
    never been.
    """
    viewpoint = viewpoint_asked(request, asked)
    main, additions = read(viewpoint, slug)
    if main is None or main.withdrawn:
        missing = absence(viewpoint, slug, main)
        links = tuple((told["link_text"], told["link_url"]) for told in missing.told if told["link_url"])
        raise NotInForce(missing.told[0]["text"], viewpoint, links, state=missing.state, since=missing.since)
    seen = outline(viewpoint, stamp_of(request))
    url = viewpoint.section_url(slug)
    return read_from(viewpoint) | {
        "slug": slug,
        "number": main.number,
        "title": main.title,
        "url": absolute(url),
        "history_url": absolute(f"{url}history/"),
        "effective_date": main.effective_date,
        "last_day": main.last_day,
        "review_date": main.review_date,
        "notices": [told["text"] for told in notices.of_dates(viewpoint, slug, main, additions)],
        "coming": _coming(viewpoint, slug, main),
        **_composed(viewpoint, main, additions, drifted(viewpoint, stamp_of(request))),
        "texts": _texts(viewpoint, [main, *additions]),
        "refers_to": _named(viewpoint, _referred_to(seen, main, additions)),
        "referred_to_by": _named(viewpoint, referring(viewpoint, seen, main)),
    }


@router.get("/sections/{slug:slug}/history", response=answers.History, summary="All versions of a section")
def history(request: HttpRequest, slug: str, asked: Query[Asked]) -> dict[str, Any]:
    """Every version of a section that is seen from a viewpoint, by whose it is, newest first."""
    viewpoint = viewpoint_asked(request, asked)
    titled, streams = streams_of(viewpoint, slug)
    return read_from(viewpoint) | {
        "slug": slug,
        "number": titled.number,
        "title": titled.title or slug,
        "url": absolute(viewpoint.section_url(slug)),
        "streams": [
            {"owner": owner.slug, "owner_label": owner_label(owner), "versions": [_version(row) for row in rows]}
            for owner, rows in streams
        ],
    }


@router.get("/updates", response=answers.Updates, summary="What changed")
def updates(request: HttpRequest, asked: Query[answers.AskedUpdates]) -> dict[str, Any]:
    """What has changed up to the viewpoint's day, newest first, a page at a time, and what is to come."""
    viewpoint = viewpoint_asked(request, asked)
    seen = outline(viewpoint, stamp_of(request))
    page, rows = page_of_changes(viewpoint, seen, asked.page, asked.limit)
    return read_from(viewpoint) | {
        "page": page.number,
        "pages": page.paginator.num_pages,
        "total": page.paginator.count,
        "url": absolute(viewpoint.updates_url),
        "updates": [_change(row) for row in rows],
        "coming": [_change(row) for row in coming_changes(viewpoint, seen)] if page.number == 1 else [],
    }


# --- What answers are made of -------------------------------------------------------------------------------------


def _listed(viewpoint: Viewpoint, place: Place) -> dict[str, Any]:
    slug_of = {listed.id: listed.slug for listed in viewpoint.directory.partnerships}
    return {
        "slug": place.slug,
        "number": place.number,
        "title": place.title,
        "url": absolute(viewpoint.section_url(place.slug)),
        "owner": slug_of[place.partnership_id],
        "additions": [slug_of[partnership_id] for partnership_id in place.additions],
        "effective_date": place.in_force_since,
    }


def _coming(viewpoint: Viewpoint, slug: str, main: Text) -> dict[str, Any] | None:
    coming = notices.coming(viewpoint, slug, main)
    if coming is None:
        return None
    return {"effective_date": coming["date"], "change_note": coming["note"], "url": absolute(coming["url"])}


def _composed(viewpoint: Viewpoint, main: Text, additions: list[Text], drifted: dict[int, date]) -> dict[str, str]:
    pieces = compose(main, additions)
    shown = blocks(viewpoint, pieces, drifted=drifted)
    words = [block | {"text": piece.block.text} for piece, block in zip(pieces, shown, strict=True)]
    return {
        "text": render_to_string("reading/section.txt", {"pieces": words}).strip() + "\n",
        "html": render_to_string("_blocks.html", {"blocks": shown}).strip(),
    }


def _texts(viewpoint: Viewpoint, found: list[Text]) -> list[dict[str, Any]]:
    """The versions, each with what was written; one query."""
    bodies = dict(Version.objects.filter(pk__in=[text.id for text in found]).values_list("pk", "body"))
    owners = [viewpoint.directory.by_id(text.partnership_id) for text in found]
    return [
        {
            "version": text.id,
            "owner": owner.slug,
            "owner_label": owner_label(owner),
            "effective_date": text.effective_date,
            "last_day": text.last_day,
            "review_date": text.review_date,
            "change_note": text.change_note,
            "markdown": bodies[text.id],
            "permalink": absolute(f"/versions/{text.id}/"),
        }
        for text, owner in zip(found, owners, strict=True)
    ]


def _referred_to(seen: Outline, main: Text, additions: list[Text]) -> list[Place]:
    """The sections in force to which the texts refer; one query."""
    references = CrossReference.objects.filter(from_version__in=[text.id for text in [main, *additions]])
    ids = references.order_by().values_list("to_section", flat=True).distinct()
    return seen.of_sections(set(ids) - {main.section_id})


def _named(viewpoint: Viewpoint, places: Iterable[Place]) -> list[dict[str, str]]:
    return [
        {
            "slug": place.slug,
            "number": place.number,
            "title": place.title,
            "url": absolute(viewpoint.section_url(place.slug)),
        }
        for place in places
    ]


def _version(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "version": row["id"],
        "effective_date": row["from"],
        "last_day": row["until"],
        "change_note": row["note"],
        "published_at": row["published"],
        "permalink": absolute(row["permalink"]),
        "compare_url": absolute(row["changes_url"]),
    }


def _change(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "version": row["id"],
        "effective_date": row["day"],
        "owner": row["owner"].slug,
        "change_note": row["note"],
        "url": absolute(row["url"]),
        "permalink": absolute(f"/versions/{row['id']}/"),
        "compare_url": absolute(row["compare_url"]),
    }
