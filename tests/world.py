"""A small region to test with, and the functions that put texts in it.

Heartland is the region; Northshire and Eastvale share a police force's area, the group Northern Force; Southmoor is
in no group. Each one's texts hold a canary word that no other text may show.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from django.utils.timezone import now

from partnerships.models import Contact, GroupMembership, Partnership, Service
from procedures.editing.beginning import begin
from procedures.editing.models import Draft, Release, Renumbering
from procedures.models import Document, DocumentFile, Section, Version
from procedures.publishing import publish_imported
from procedures.uploads import storage
from procedures.uploads.kinds import PDF, Kind

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


def make_contact(partnership: Partnership, **fields: Any) -> Contact:
    """A front door of the partnership, last checked on the day of the launch."""
    service, _ = Service.objects.get_or_create(slug="front-door", defaults={"name": "Front door"})
    values: dict[str, Any] = {
        "name": "Hub", "phone": "01632 960001", "availability": "always", "checked_on": LAUNCH, "checked_by": "Manager",
    }  # fmt: skip
    return Contact.objects.create(partnership=partnership, service=service, **(values | fields))


def moment() -> datetime:
    """A moment of publication, each later than the one before; all of them in 2020, before any test's today."""
    return datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=next(_moments))


def noon(day: date) -> datetime:
    """The middle of a day: when something is published on the very day that it takes effect."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


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


def make_document(slug: str, *, by: str = "heartland", on: date = LAUNCH, kind: Kind = PDF, **fields: Any) -> Document:
    """A document of the partnership `by`, with a first file from `on`; `fields` are the document's own."""
    values = {"title": slug.replace("-", " ").capitalize(), "owner": "An owner"} | fields
    made = Document.objects.create(slug=slug, partnership=Partnership.objects.get(slug=by), **values)
    make_file(made, on=on, kind=kind)
    return made


def make_file(document: Document, *, on: date, kind: Kind = PDF, **fields: Any) -> DocumentFile:
    """The next file of a document, from `on`; what it holds is its own slug and day, and no sound file of its kind."""
    number = document.files.count() + 1
    content = f"{document.slug} from {on}, number {number}".encode()
    values = {
        "number": number,
        "sha256": storage.keep(content),
        "size": len(content),
        "content_type": kind.content_type,
        "file_name": f"{document.slug}.{kind.endings[0]}",
        "uploaded_at": moment(),
        "uploaded_by_name": "An author",
    }
    return DocumentFile.objects.create(document=document, added_on=on, **(values | fields))


def make_renumbering(partnership: Partnership, *, by: User, **fields: Any) -> Renumbering:
    """A proposal, which may be of sections that there are not."""
    values: dict[str, Any] = {
        "name": "4.1 to 4.2, Somewhere",
        "moves": {"somewhere": "4.2"},
        "effective_date": date(2030, 1, 1),
        "note": "A better order.",
        "proposed_at": datetime(2025, 1, 14, 10, tzinfo=UTC),
    }
    return Renumbering.objects.create(partnership=partnership, proposed_by=by, **(values | fields))


def make_release(partnership: Partnership, *, by: User, **fields: Any) -> Release:
    """A release with nothing in it yet, for 1 March 2025."""
    values: dict[str, Any] = {
        "name": "Spring",
        "note": "The hubs have moved.",
        "effective_date": date(2025, 3, 1),
        "made_at": datetime(2025, 1, 14, 10, tzinfo=UTC),
    }
    return Release.objects.create(partnership=partnership, made_by=by, **(values | fields))


def make_draft(slug: str, *, by: str, author: User, today: date = LAUNCH) -> Draft:
    """A draft that `author` has begun of the partnership's text of a section."""
    section, _ = Section.objects.get_or_create(slug=slug)
    return begin(section, Partnership.objects.get(slug=by), by=author, now=now(), today=today)
