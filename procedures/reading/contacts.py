"""Whom to call: `/contacts/`. Contacts are always today's, whatever day the manual is read as at."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from django.http import HttpRequest, HttpResponse

from partnerships.directory import Listed
from partnerships.models import Contact
from procedures.pages import reading_page, render_page, stamp_of
from procedures.viewpoint import Viewpoint

URGENT_SERVICES = ("front-door", "out-of-hours")


@dataclass(frozen=True)
class Line:
    """One contact as pages show it; `service_slug` is its anchor on the contacts page."""

    partnership_id: int
    service: str
    service_slug: str
    name: str
    phone: str
    email: str
    hours: str
    availability: str
    note: str
    checked_on: date
    checked_by: str
    stale: bool

    @property
    def phone_href(self) -> str:
        """The address that dials it (RFC 3966, a local number: only digits and a leading +)."""
        return "tel:" + "".join(character for character in self.phone if character in "+0123456789")


@lru_cache(maxsize=4)
def _all_contacts(stamp: str, today: date) -> tuple[tuple[int, str, dict], ...]:
    """Every contact as (partnership's id, service's slug, values), in the order of lists; one query."""
    contacts = Contact.objects.select_related("service").order_by(
        "partnership", "service__position", "availability", "name"
    )
    return tuple(
        (
            contact.partnership_id,
            contact.service.slug,
            {
                "service": contact.service.name,
                "name": contact.name,
                "phone": contact.phone,
                "email": contact.email,
                "hours": contact.hours,
                "availability": contact.get_availability_display(),
                "note": contact.note,
                "checked_on": contact.checked_on,
                "checked_by": contact.checked_by,
                "stale": contact.is_stale(today),
            },
        )
        for contact in contacts
    )


def _lines(viewpoint: Viewpoint, stamp: str, listed: list[Listed]) -> list[Line]:
    """The contacts of some partnerships, each with an anchor: `front-door` for the first of a reader's own."""
    own = viewpoint.partnership is not None
    known = _all_contacts(stamp, viewpoint.today)
    anchors: set[str] = set()
    lines = []
    for partnership in listed:
        for slug, values in [(slug, values) for owner, slug, values in known if owner == partnership.id]:
            stem = slug if own else f"{partnership.slug}-{slug}"
            anchor, count = stem, 1
            while anchor in anchors:
                count += 1
                anchor = f"{stem}-{count}"
            anchors.add(anchor)
            lines.append(Line(partnership_id=partnership.id, service_slug=anchor, **values))
    return lines


def urgent_contacts(viewpoint: Viewpoint, stamp: str) -> list[Line]:
    """The reader's own partnership's front door, in and out of hours; none while no partnership is chosen."""
    if viewpoint.partnership is None:
        return []
    lines = _lines(viewpoint, stamp, [viewpoint.partnership])
    return [line for line in lines if line.service_slug.startswith(URGENT_SERVICES)]


@reading_page()
def contacts(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """The contacts of the reader's partnership and its groups, or of all where none is chosen.

    A group has no front door: whoever works across it is led to those of its members.
    """
    known, chosen = viewpoint.directory, viewpoint.partnership
    listed = (
        [known.by_id(partnership_id) for partnership_id in reversed(known.scope(chosen, viewpoint.today))]
        if chosen
        else sorted(known.partnerships, key=lambda partnership: not partnership.is_local)
    )
    lines = _lines(viewpoint, stamp_of(request), listed)
    rows = [
        {
            "name": partnership.name,
            "short_name": partnership.short_name,
            "kind": partnership.kind,
            "slug": partnership.slug,
            "contacts": [line for line in lines if line.partnership_id == partnership.id],
        }
        for partnership in listed
    ]
    members = known.members_of(chosen.id, viewpoint.today) if chosen else []
    context = {
        "partnerships": [row for row in rows if row["contacts"]],
        "members": [(f"Contacts for {p.short_name}", viewpoint.seen_by(p).contacts_url) for p in members],
    }
    return render_page(request, viewpoint, "reading/contacts.html", context)
