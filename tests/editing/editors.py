"""What tests of the editors' pages have in common: a draft, its addresses, and what its form sends."""

from datetime import date
from typing import Any

from django.contrib.auth.models import User
from django.test import Client
from django.utils.timezone import now

from partnerships.models import Partnership
from procedures.editing.beginning import begin
from procedures.editing.models import Draft
from procedures.models import Section

TODAY = date(2025, 1, 15)
FILLED = "::: fill front-door\nCall northcanary hub.\n:::\n\n## Here\n\nAlso northcanary.\n"  # Northshire's text of 3.1


def begin_draft(by: User, *, of: str = "northshire", slug: str = "sharing-information") -> Draft:
    section, partnership = Section.objects.get(slug=slug), Partnership.objects.get(slug=of)
    return begin(section, partnership, by=by, now=now(), today=TODAY)


def address(draft: Draft, end: str = "") -> str:
    return f"/workspace/{draft.version.partnership.slug}/drafts/{draft.pk}/{end}"


def client_of(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def sent(draft: Draft, **fields: Any) -> dict[str, Any]:
    """What the form sends when nothing but `fields` has been touched."""
    version = draft.version
    values = {"title": version.title, "number": version.number, "body": version.body, "change_note": "", "save": ""}
    return values | {"change_kind": "major", "revision": 1} | fields
