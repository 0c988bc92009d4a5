"""What every reading page has in common: its viewpoint, the choice of another, and the frame around it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from partnerships.directory import Directory, directory
from partnerships.models import Partnership
from procedures.models import FreshnessStamp
from procedures.viewpoint import Viewpoint

CHOICES = ("partnership", "day", "month", "year")  # the parameters with which forms choose another viewpoint


class NotHere(Http404):
    """There is no such page from this viewpoint. The sentence says what is wrong; links keep the viewpoint."""

    def __init__(
        self, message: str, viewpoint: Viewpoint | None = None, links: tuple[tuple[str, str], ...] = ()
    ) -> None:
        super().__init__(message)
        self.viewpoint = viewpoint
        self.links = links


class NotADay(NotHere):
    """What stands where a day should is no day in the calendar."""


View = Callable[..., HttpResponse]


def reading_page(*, kept: bool = True, chooses: bool = True) -> Callable[[View], View]:
    """Marks a view as a reading page and hands it the viewpoint that stands in its URL.

    The view is called with (request, viewpoint, …). Such pages are answered by ETag; those that depend on nothing but
    URL, stamp and day are `kept` in the page cache as well. A form's choice of another partnership or day
    (?partnership=, ?day=&month=&year=) is redirected to the page's address from there, unless the page stands outside
    every viewpoint and `chooses` none. Other methods than GET and HEAD are answered 405, whatever token comes along.
    """

    def decorate(view: View) -> View:
        @csrf_exempt  # a page that writes nothing has nothing to guard
        @require_safe
        @wraps(view)
        def page(
            request: HttpRequest, *args: object, partnership: str = "", on: str = "", **kwargs: object
        ) -> HttpResponse:
            viewpoint = viewpoint_of(directory(stamp_of(request)), partnership, on, localdate())
            if viewpoint.partnership and viewpoint.partnership.is_region:
                canonical = viewpoint.seen_by(None).prefix + request.path.removeprefix(viewpoint.prefix)
                return HttpResponseRedirect(with_query(canonical, request))
            if chooses and any(name in request.GET for name in CHOICES):
                return _elsewhere(request, viewpoint)
            return view(request, viewpoint, *args, **kwargs)

        page.is_reading_page = True  # type: ignore[attr-defined]
        page.is_kept = kept  # type: ignore[attr-defined]
        return page

    return decorate


def stamp_of(request: HttpRequest) -> str:
    """The freshness stamp that the middleware read for this request, or the present one."""
    return getattr(request, "stamp", None) or FreshnessStamp.now()


def viewpoint_of(known: Directory, partnership: str, on: str, today: date) -> Viewpoint:
    """The viewpoint that a URL names; NotHere with a sentence for an unknown partnership, NotADay for no real day."""
    listed = known.find(partnership) if partnership else None
    if partnership and listed is None:
        raise NotHere(f"There is no partnership “{partnership}” in this manual.", Viewpoint(known, today))
    day = parse_day(on) if on else None
    if on and day is None:
        message = f"“{on}” is not a day in the calendar. A day in an address is written like 2019-06-01."
        raise NotADay(message, Viewpoint(known, today, listed))
    return Viewpoint(known, today, listed, day)


def parse_day(text: str) -> date | None:
    """The day written as YYYY-MM-DD, and in no other way; None when there is no such day."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _elsewhere(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Redirect to this page from the viewpoint that a form chose, or say why that is none."""
    rest = request.path.removeprefix(viewpoint.prefix)
    chosen = viewpoint
    if "partnership" in request.GET:
        slug = request.GET["partnership"]
        listed = viewpoint.directory.find(slug) if slug else None
        if slug and listed is None:
            raise NotHere(f"There is no partnership “{slug}” in this manual.", viewpoint)
        chosen = chosen.seen_by(listed)
    parts = [request.GET.get(name, "").strip() for name in ("year", "month", "day")]
    if any(parts):
        day = _day_of_form(*parts)
        if day is None:
            return _not_a_day(request, viewpoint, parts)
        chosen = chosen.at(day)
    return HttpResponseRedirect(with_query(chosen.prefix + rest, request))


def _day_of_form(year: str, month: str, day: str) -> date | None:
    """The day that three fields of a form name; None when there is no such day, or the year is not written in full."""
    if len(year) != 4 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in (year, month, day)):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _not_a_day(request: HttpRequest, viewpoint: Viewpoint, parts: list[str]) -> HttpResponse:
    typed = " ".join(part for part in reversed(parts) if part)
    context = {
        "message": f"“{typed}” is not a day in the calendar. "
        "Enter a day, a month and a year in numbers, like 1 6 2019.",
        "back_url": request.path,
    }
    return render_page(request, viewpoint, "400.html", context, status=400)


def with_query(path: str, request: HttpRequest) -> str:
    """A path with the request's query, less what chose the viewpoint."""
    kept = kept_parameters(request)
    return f"{path}?{urlencode(kept)}" if kept else path


def kept_parameters(request: HttpRequest) -> list[tuple[str, str]]:
    """The request's query as (name, value), less what chooses the viewpoint."""
    return [(name, value) for name, values in request.GET.lists() if name not in CHOICES for value in values]


@dataclass(frozen=True)
class Page:
    """This very page: its address, the same page today, and what search engines are told of it."""

    url: str
    today_url: str
    canonical: str
    indexable: bool
    kept_parameters: list[tuple[str, str]]

    @property
    def absolute_url(self) -> str:
        return settings.SITE_URL + self.url


def render_page(
    request: HttpRequest,
    viewpoint: Viewpoint,
    template: str,
    context: dict[str, Any],
    *,
    status: int = 200,
    indexable: bool = True,
) -> HttpResponse:
    """A reading page: the template with `context` and all that the frame around every page needs.

    A page as at a given day is not for search engines: they are sent to the undated one, as for any page that is not
    `indexable`.
    """
    today_url = viewpoint.at(None).prefix + request.path.removeprefix(viewpoint.prefix)
    page = Page(
        url=request.path,
        today_url=today_url,
        canonical=settings.SITE_URL + today_url,
        indexable=indexable and viewpoint.day is None and status == 200,
        kept_parameters=kept_parameters(request),
    )
    frame = {"viewpoint": viewpoint, "page": page, **frame_of(viewpoint)}
    return render(request, template, frame | context, status=status)


def frame_of(viewpoint: Viewpoint) -> dict[str, Any]:
    """The manual's title and notice, and the partnerships to choose from, by kind."""
    region = viewpoint.directory.region
    own = viewpoint.partnership
    return {
        "manual_title": (own and own.manual_title) or (region and region.manual_title) or "Safeguarding procedures",
        "manual_notice": " ".join(dict.fromkeys(listed.notice for listed in (region, own) if listed and listed.notice)),
        "partnership_choices": [
            (label, [(listed.slug, listed.short_name, listed == own) for listed in of_kind])
            for label, of_kind in partnerships_by_kind(viewpoint.directory)
        ],
    }


def partnerships_by_kind(known: Directory) -> list[tuple[str, list[Any]]]:
    """The local partnerships, then the groups, each under its heading; kinds without any are left out."""
    kinds = ((Partnership.Kind.LOCAL, "Local partnerships"), (Partnership.Kind.GROUP, "Groups of partnerships"))
    by_kind = [(label, [listed for listed in known.partnerships if listed.kind == kind]) for kind, label in kinds]
    return [(label, of_kind) for label, of_kind in by_kind if of_kind]


def in_words(day: date) -> str:
    """A day as readers see it: 1 June 2019. As in templates, a year has four digits."""
    return f"{day.day} {day:%B} {day.year:04}"
