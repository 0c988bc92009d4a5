"""A region to try endurance in: a small manual, and four people of Northshire who write and publish."""

import os
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, connections
from django.utils.timezone import localdate, now

from partnerships.models import Membership, Partnership
from procedures.editing import beginning, workflow
from procedures.editing.models import Draft
from procedures.models import Section
from tests import world
from tests.bench.databases import with_name

SHARING = "sharing-information"
REFERENCE = "See Section 2.10."  # stands once in every text that is published here


def make() -> None:
    """Sections 2.10 and 3.1, two authors and two approvers."""
    partnerships = world.make_partnerships()
    world.publish("consent", number="2.10")
    world.publish(SHARING, number="3.1", body="Share what is needed.")
    for role in (Membership.Role.AUTHOR, Membership.Role.APPROVER):
        for number in (1, 2):
            user = User.objects.create_user(f"{role}-{number}", f"{role}-{number}@example.org")
            Membership.objects.create(user=user, partnership=partnerships["northshire"], role=role)


def people(role: str) -> list[User]:
    return list(User.objects.filter(memberships__role=role).order_by("username"))


def northshire() -> Partnership:
    return Partnership.objects.get(slug="northshire")


def an_addition(word: str, author: User, approver: User) -> Draft:
    """An approved draft of Northshire's addition to 3.1."""
    section = Section.objects.get(slug=SHARING)
    draft = beginning.begin(section, northshire(), by=author, **_today())
    return _agreed(draft, word, author, approver)


def a_section(place: int, word: str, author: User, approver: User) -> Draft:
    """An approved draft of a local procedure of Northshire, numbered after its place, from 0."""
    names = (f"own-{place}", f"7.{place + 1}", f"Procedure {place}")
    draft = beginning.begin_new_section(*names, northshire(), by=author, **_today())
    return _agreed(draft, word, author, approver)


def a_version(place: int, word: str, author: User, approver: User) -> Draft:
    """An approved draft of that local procedure of Northshire, which may have been published before."""
    section = Section.objects.filter(slug=f"own-{place}").first()
    if section is None:
        return a_section(place, word, author, approver)
    return _agreed(beginning.begin(section, northshire(), by=author, **_today()), word, author, approver)


def _agreed(draft: Draft, word: str, author: User, approver: User) -> Draft:
    values = {"body": f"{word} is said here. {REFERENCE}", "change_note": f"For {word}."}
    workflow.save(draft, values, by=author, revision=draft.revision, now=now())
    submitted = workflow.submit(draft, by=author, **_today())
    return workflow.approve(submitted, by=approver, revision=submitted.revision, **_today())


def _today() -> dict[str, Any]:
    moment: datetime = now()
    return {"now": moment, "today": localdate()}


def url_of_this_database() -> str:
    """The address of the database, as in DATABASE_URL, for another process."""
    name = str(connections.settings["default"]["NAME"])
    return f"sqlite:///{name}" if connection.vendor == "sqlite" else with_name(os.environ["DATABASE_URL"], name)
