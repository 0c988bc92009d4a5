"""A small region to test with, and the functions that put texts in it.

Heartland is the region; Northshire and Eastvale share a police force's area, the group Northern Force; Southmoor is
in no group. Each one's texts hold a canary word that no other text may show.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from partnerships.models import GroupMembership, Partnership
from procedures.models import Section, Version
from procedures.publishing import publish_imported

LAUNCH = date(2017, 3, 31)

CANARIES = {
    "heartland": "regionwide",
    "northern-force": "forcewide",
    "northshire": "northcanary",
    "eastvale": "eastcanary",
    "southmoor": "southcanary",
}

_moments = count()


def make_partnerships() -> dict[str, Partnership]:
    """The region, the group and the three local partnerships, by slug."""
    made = {}
    for position, (slug, kind, name) in enumerate(
        [
            ("heartland", "region", "Heartland"),
            ("northern-force", "group", "Northern Force"),
            ("northshire", "local", "Northshire"),
            ("eastvale", "local", "Eastvale"),
            ("southmoor", "local", "Southmoor"),
        ]
    ):
        made[slug] = Partnership.objects.create(
            slug=slug,
            kind=kind,
            name=f"{name} Safeguarding Partnership",
            short_name=name,
            position=position,
            manual_title="Heartland procedures" if kind == "region" else "",
        )
    for member in ("northshire", "eastvale"):
        GroupMembership.objects.create(group=made["northern-force"], member=made[member], joined=LAUNCH)
    return made


def moment() -> datetime:
    """A moment of publication, each later than the one before; all of them in 2020, before any test's today."""
    return datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=next(_moments))


def make_version(slug: str, *, on: date = LAUNCH, by: str = "heartland", **fields: Any) -> Version:
    """An unsaved version of the section `slug`, effective `on`, that belongs to the partnership `by`."""
    section, _ = Section.objects.get_or_create(slug=slug)
    values = {
        "title": slug.replace("-", " ").capitalize() if fields.get("number") else "",
        "body": f"Text about {slug}.\n",
        "change_note": "First published.",
        "author_name": "An author",
        "approver_name": "An approver",
        "published_at": moment(),
    }
    partnership = Partnership.objects.get(slug=by)
    return Version(section=section, partnership=partnership, effective_date=on, **(values | fields))


def publish(slug: str, *, on: date = LAUNCH, by: str = "heartland", **fields: Any) -> Version:
    """Publish one version through the importer's door and give it as stored."""
    version = make_version(slug, on=on, by=by, **fields)
    publish_imported([version])
    return Version.objects.select_related("section", "partnership").get(pk=version.pk)


def draft(slug: str, *, by: str = "heartland", **fields: Any) -> Version:
    """A saved draft."""
    version = make_version(slug, by=by, **(fields | {"published_at": None}))
    version.effective_date = None
    version.save()
    return version
