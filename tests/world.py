"""A small region to test with, and the functions that put texts in it.

Heartland is the region; Northshire and Eastvale share a police force's area, the group Northern Force; Southmoor is
in no group. Each one's texts hold a canary word that no other text may show.
"""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.utils.timezone import now

from partnerships.models import Contact, GroupMembership, Membership, Partnership, Service
from procedures.editing.beginning import begin
from procedures.editing.models import Draft, Release, Renumbering
from procedures.models import BestBet, Document, DocumentFile, Section, Sense, Synonym, Term, Version
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

# The cast: in which partnership each has which role. The outsider has none, and the administrator no need of one.
PEOPLE = {
    "northshire_author": ("northshire", "author"),
    "northshire_approver": ("northshire", "approver"),
    "northshire_manager": ("northshire", "manager"),
    "southmoor_author": ("southmoor", "author"),
    "southmoor_approver": ("southmoor", "approver"),
    "southmoor_manager": ("southmoor", "manager"),
    "regional_author": ("heartland", "author"),
    "regional_approver": ("heartland", "approver"),
    "regional_manager": ("heartland", "manager"),
    "outsider": None,
    "administrator": None,
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


def make_person(name: str) -> User:
    """One of the cast, who signs in with a good long password."""
    user = User.objects.create_user(name, f"{name}@example.org", "a good long password")
    user.is_staff = user.is_superuser = name == "administrator"
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if place := PEOPLE[name]:
        partnership, role = place
        Membership.objects.create(user=user, partnership=Partnership.objects.get(slug=partnership), role=role)
    return user


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


def make_manual() -> None:
    """A small manual: three parts' worth of sections, a local addition for each partnership, a local procedure.

    3.1 Sharing information has three regional versions (2017-03-31, 2018-11-26, 2024-06-03) and refers to 2.10.
    """
    versions = []

    def add(slug: str, **fields: Any) -> None:
        versions.append(make_version(slug, **fields))

    canary = CANARIES["heartland"]
    slots = "\n\n::: local front-door\nAsk the council’s switchboard.\n:::\n"
    add("child-protection", number="1", body=f"The first part, {canary}.")
    add("making-a-referral", number="1.5", title="Making a referral", body=f"## Call\n\nRefer, {canary}.{slots}")
    add("guidance", number="2", body="The second part.")
    add("consent", number="2.10", title="Consent", body="Consent and confidentiality.\n")
    add("working-together", number="3", body="The third part. See Part 2.")
    for day, edition in (("2017-03-31", "March 2015"), ("2018-11-26", "July 2018"), ("2024-06-03", "May 2024")):
        add(
            "sharing-information",
            on=date.fromisoformat(day),
            number="3.1",
            title="Sharing information",
            body=f"## The rules\n\nFollow the advice of {edition}. See Section 2.10."
            f"\n\n- Share what is needed.\n{slots}",
            change_note=f"Follows the advice of {edition}.",
        )
    for slug in ("northern-force", "northshire", "eastvale", "southmoor"):
        body = f"## Here\n\nAlso {CANARIES[slug]}.\n"
        if slug != "northern-force":
            body = f"::: fill front-door\nCall {CANARIES[slug]} hub.\n:::\n\n{body}"
        add("sharing-information", on=date(2019, 9, 30), by=slug, body=body)
    add(
        "harbour-children",
        on=date(2022, 3, 7),
        by="southmoor",
        number="4.1",
        title="Children of the southcanary harbour",
    )
    publish_imported(versions)  # together, which is quicker than one by one


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


def make_term(name: str, *, by: str = "heartland", sections: tuple[str, ...] = (), **fields: Any) -> Sense:
    """A sense of a term of the partnership `by`, the next one where it has the term already."""
    partnership = Partnership.objects.get(slug=by)
    term = Term.objects.filter(partnership=partnership, name=name).first() or Term(partnership=partnership, name=name)
    term.full_clean()
    term.save()
    values = {"definition": f"What {name} is.", "position": term.senses.count()} | fields
    sense = Sense(term=term, **values)
    sense.full_clean()
    sense.save()
    sense.set_sections(sections)
    return sense


def make_synonym(typed: list[str], sought: list[str], *, by: str = "heartland", **fields: Any) -> Synonym:
    """That whoever searches for `typed` finds `sought` as well, of the partnership `by`."""
    partnership = Partnership.objects.get(slug=by)
    return Synonym.objects.create(partnership=partnership, typed=typed, sought=sought, **fields)


def make_best_bet(queries: list[str], section: str, *, by: str = "heartland", **fields: Any) -> BestBet:
    """That a section, which may have no text, stands first for these searches, of the partnership `by`."""
    found, _ = Section.objects.get_or_create(slug=section)
    return BestBet.objects.create(
        partnership=Partnership.objects.get(slug=by), queries=queries, section=found, **fields
    )


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
