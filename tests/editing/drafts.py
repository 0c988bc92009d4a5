"""Drafts in any state, made by the steps that the workspace takes; and somebody who is signed in."""

from datetime import UTC, date, datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partnerships.audit import AuditEntry
from partnerships.models import Membership, Partnership
from procedures.editing import beginning, releasing, workflow
from procedures.editing.models import Draft
from procedures.models import Section, Version
from tests.reader import Page

TODAY = date(2025, 1, 15)
YESTERDAY = date(2025, 1, 14)
SOON = date(2025, 3, 1)
NOW = datetime(2025, 1, 15, 10, tzinfo=UTC)

SHARING = "sharing-information"
PLACE = "/workspace/northshire"
ELSEWHERE = "/workspace/southmoor"


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def give(person: User, role: str, of: str = "northshire") -> User:
    """Another role for a person."""
    Membership.objects.create(user=person, partnership=Partnership.objects.get(slug=of), role=role)
    return person


def begun(slug: str = SHARING, *, by: User, of: str = "northshire", **values: Any) -> Draft:
    """A draft that begins with the text in force and says `values`, by field."""
    section, partnership = Section.objects.get(slug=slug), Partnership.objects.get(slug=of)
    draft = beginning.begin(section, partnership, by=by, now=NOW, today=TODAY)
    values = {"body": f"{draft.version.body}\nAnother paragraph.\n", "change_note": "The hub has moved."} | values
    return workflow.save(draft, values, by=by, revision=draft.revision, now=NOW)


def submitted(slug: str = SHARING, *, by: User, **values: Any) -> Draft:
    return workflow.submit(begun(slug, by=by, **values), by=by, now=NOW, today=TODAY)


def approved(slug: str = SHARING, *, by: User, approver: User, **values: Any) -> Draft:
    draft = submitted(slug, by=by, **values)
    return workflow.approve(draft, by=approver, revision=draft.revision, now=NOW, today=TODAY)


def published(slug: str = SHARING, *, by: User, approver: User, on: date = TODAY, **values: Any) -> Version:
    """A version that went the whole way through the workspace and takes effect `on` a day."""
    draft = approved(slug, by=by, approver=approver, **values)
    return releasing.publish(draft, by=approver, effective_date=on, now=NOW, today=TODAY)


def in_state(state: str, *, by: User, approver: User, **values: Any) -> Draft:
    """A draft in one of the states, by its label in small letters."""
    match state:
        case "draft":
            return begun(by=by, **values)
        case "in review":
            return submitted(by=by, **values)
        case "changes asked for":
            return workflow.ask_for_changes(submitted(by=by, **values), "Name the hub.", by=approver, now=NOW)
        case "approved":
            return approved(by=by, approver=approver, **values)
        case "published":
            return Draft.objects.with_texts().get(pk=published(by=by, approver=approver, **values).pk)
        case "discarded":
            return workflow.discard(begun(by=by, **values), by=by, now=NOW)
    raise ValueError(state)


STATES = ("draft", "changes asked for", "in review", "approved", "published", "discarded")


def state_of(draft: Draft) -> str:
    return workflow.reread(draft).get_state_display().lower()


def url_of(draft: Draft, page: str = "review") -> str:
    return f"/workspace/{draft.version.partnership.slug}/drafts/{draft.pk}/{page}/"


def actions(slug: str = "northshire") -> list[str]:
    """What the partnership's audit log says was done, in order."""
    entries = AuditEntry.objects.filter(partnership__slug=slug).order_by("number")
    return list(entries.values_list("action", flat=True))


def errors(page: Page) -> list[str]:
    """The sentences of a form's error summary."""
    return page.texts("//div[@data-module='govuk-error-summary']//li | //div[@class='govuk-error-summary']//li")


def faults_shown(page: Page) -> list[str]:
    return page.texts("//section[@aria-labelledby='faults_title']//li")


def queries_for(client: Client, url: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)
