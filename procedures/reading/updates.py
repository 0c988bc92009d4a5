"""What changed, newest first: `/updates/`, and the same as Atom: `/updates/feed/`."""

from datetime import datetime, time
from itertools import groupby
from typing import Any

from django.conf import settings
from django.core.paginator import InvalidPage, Page, Paginator
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.timezone import get_default_timezone

from procedures.composing import owner_label
from procedures.models import Version, VersionQuerySet
from procedures.pages import NotHere, frame_of, in_words, reading_page, render_page, stamp_of
from procedures.reading.outline import Outline, outline
from procedures.viewpoint import Viewpoint

A_PAGE = 30
IN_FEED = 40

FIELDS = (
    "pk",
    "section_id",
    "section__slug",
    "partnership_id",
    "number",
    "title",
    "change_kind",
    "change_note",
    "effective_date",
    "published_at",
    "withdrawn",
    "before_id",
    "before_number",
    "before_title",
)


def changes(viewpoint: Viewpoint) -> VersionQuerySet:
    """The versions by which readers here see something change, less the consequential ones."""
    seen = Version.objects.published().of(viewpoint.scope).that_take_effect().that_change_something()
    return seen.exclude(change_kind=Version.ChangeKind.CONSEQUENTIAL)


def _with_before(chosen: VersionQuerySet) -> VersionQuerySet:
    """A slice of changes, in no order, with what each superseded, be it of the same day: `before_id` and so on.

    The slice comes first: a database looks these up for whatever it sorts, and that would be the whole history.
    """
    before = (
        Version.objects.published()
        .that_take_effect()
        .filter(section=OuterRef("section"), partnership=OuterRef("partnership"))
        .filter(
            Q(effective_date__lt=OuterRef("effective_date"))
            | Q(effective_date=OuterRef("effective_date"), published_at__lt=OuterRef("published_at"))
        )
        .newest_first()
    )
    return Version.objects.filter(pk__in=chosen.values("pk")).annotate(
        before_id=Subquery(before.values("pk")[:1]),
        before_number=Subquery(before.values("number")[:1]),
        before_title=Subquery(before.values("title")[:1]),
    )


def latest_changes(viewpoint: Viewpoint, seen: Outline, count: int) -> list[dict[str, Any]]:
    """The newest changes that have taken effect by the viewpoint's day."""
    taken = changes(viewpoint).filter(effective_date__lte=viewpoint.effective_day).newest_first()
    return [_row(viewpoint, seen, row) for row in _with_before(taken[:count]).newest_first().values(*FIELDS)]


def coming_changes(viewpoint: Viewpoint, seen: Outline) -> list[dict[str, Any]]:
    """What is published and takes effect after the viewpoint's day, soonest first; nothing on a past day."""
    if viewpoint.is_past:
        return []
    later = changes(viewpoint).filter(effective_date__gt=viewpoint.effective_day)
    soonest = "effective_date", "published_at"
    rows = _with_before(later.order_by(*soonest)[:20]).order_by(*soonest).values(*FIELDS)
    return [_row(viewpoint, seen, row, scheduled=True) for row in rows]


def _row(viewpoint: Viewpoint, seen: Outline, row: dict[str, Any], *, scheduled: bool = False) -> dict[str, Any]:
    place = seen.by_section.get(row["section_id"])
    slug = row["section__slug"]
    there = viewpoint.at(row["effective_date"]) if scheduled else viewpoint
    compare = viewpoint.url("compare", slug, row["before_id"], row["pk"]) if row["before_id"] else ""
    return {
        "id": row["pk"],
        "slug": slug,
        "owner": viewpoint.directory.by_id(row["partnership_id"]),
        "day": row["effective_date"],
        "number": row["number"] or (place.number if place else row["before_number"] or ""),
        "title": row["title"] or (place.title if place else row["before_title"] or slug),
        "url": there.section_url(slug),
        "owner_label": owner_label(viewpoint.directory.by_id(row["partnership_id"])),
        "kind": "withdrawn" if row["withdrawn"] else row["change_kind"],
        "note": row["change_note"],
        "compare_url": compare,
        "published_at": row["published_at"],
    }


@reading_page()
def updates(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every change up to the viewpoint's day, by year and day, a page at a time."""
    seen = outline(viewpoint, stamp_of(request))
    page, rows = page_of_changes(viewpoint, seen, request.GET.get("page", "1"), A_PAGE)
    years = [
        {
            "year": year,
            "days": [
                {"day": day, "changes": [_without_day(row) for row in of_day]}
                for day, of_day in groupby(of_year, key=lambda row: row["day"])
            ],
        }
        for year, of_year in groupby(rows, key=lambda row: row["day"].year)
    ]
    context = {
        "years": years,
        "coming": coming_changes(viewpoint, seen) if page.number == 1 else [],
        "pages": {
            "number": page.number,
            "count": page.paginator.num_pages,
            "previous_url": f"{request.path}?page={page.number - 1}" if page.has_previous() else "",
            "next_url": f"{request.path}?page={page.number + 1}" if page.has_next() else "",
        },
    }
    return render_page(request, viewpoint, "reading/updates.html", context)


def _without_note(change: dict[str, Any]) -> str:
    day = in_words(change["day"])
    if change["kind"] == "withdrawn":
        return f"Withdrawn on {day}."
    return f"A {change['kind']} change, in force from {day}."


def _without_day(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "day"}


def page_of_changes(
    viewpoint: Viewpoint, seen: Outline, number: str | int, size: int
) -> tuple[Page, list[dict[str, Any]]]:
    """A page of the changes that have taken effect by the viewpoint's day, newest first; NotHere if there is none."""
    taken = changes(viewpoint).filter(effective_date__lte=viewpoint.effective_day).newest_first()
    try:
        page = Paginator(taken, size).page(number)
    except InvalidPage:
        message = f"The updates have no page “{str(number)[:20]}”."
        raise NotHere(message, viewpoint, (("The newest updates", viewpoint.updates_url),)) from None
    chosen: Any = page.object_list
    return page, [_row(viewpoint, seen, row) for row in _with_before(chosen).newest_first().values(*FIELDS)]


@reading_page()
def feed(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The newest changes as an Atom feed (RFC 4287); entries keep their ids for ever."""
    seen = outline(viewpoint, stamp_of(request))
    title = frame_of(viewpoint)["manual_title"]
    whose = f", with the local text of {viewpoint.partnership.short_name}" if viewpoint.partnership else ""
    atom = Atom1Feed(
        title=f"Updates to {title}{whose}",
        link=settings.SITE_URL + viewpoint.updates_url,
        feed_url=settings.SITE_URL + viewpoint.feed_url,
        description="What changed, newest first.",
        language="en-GB",
    )
    for change in latest_changes(viewpoint, seen, IN_FEED):
        took_effect = datetime.combine(change["day"], time(), tzinfo=get_default_timezone())
        atom.add_item(
            title=f"{change['number']} {change['title']} ({change['owner_label']})".strip(),
            link=settings.SITE_URL + (change["compare_url"] or change["url"]),
            description=escape(change["note"] or _without_note(change)),  # it goes out as HTML
            unique_id=f"{settings.SITE_URL}/versions/{change['id']}/",
            pubdate=took_effect,
            updateddate=took_effect,
            categories=(change["kind"],),
        )
    return HttpResponse(atom.writeString("utf-8"), content_type=atom.content_type)
