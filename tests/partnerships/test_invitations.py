"""Invitations: sent by e-mail, kept as a digest, good once and for 14 days."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils.timezone import now

from partnerships.audit import AuditEntry
from partnerships.invitations import NotSent, send, send_again, withdraw
from partnerships.models import Invitation, Membership
from tests.mailbox import Mailbox, link_in
from tests.reader import Page, has

PASSWORD = "three random words"
NEW = {"first_name": "Nia", "last_name": "Newcomer", "password": PASSWORD, "password_again": PASSWORD}


def invite(region: Any, by: User, email: str = "nia@example.org", role: str = "author") -> tuple[Invitation, str]:
    """An invitation to Northshire, and the address that its e-mail holds."""
    invitation = send(region["northshire"], email, role, by=by, at=now())
    return invitation, f"/accounts/invitations/{link_in(mail.outbox[-1])}/"


def roles_of(email: str) -> list[tuple[str, str]]:
    return list(Membership.objects.filter(user__email=email).values_list("partnership__slug", "role"))


def test_the_e_mail_says_who_invites_to_what(region, northshire_manager):
    invite(region, northshire_manager)

    [message] = mail.outbox
    assert (message.to, message.subject) == (
        ["nia@example.org"],
        "Invitation to edit the safeguarding procedures of Northshire",
    )
    assert message.body.startswith(
        "northshire_manager@example.org invites you to edit the safeguarding procedures of "
        "Northshire Safeguarding Partnership.\n\nYour role: Author: drafts."
    )


def test_the_token_itself_is_not_kept(region, northshire_manager):
    invitation, url = invite(region, northshire_manager)

    assert not [value for value in vars(invitation).values() if str(value) in url and len(str(value)) > 20]


def test_somebody_new_sets_a_password_and_is_in(region, northshire_manager):
    _, url = invite(region, northshire_manager)
    client = Client()

    answer = client.post(url, NEW)

    assert (answer.status_code, answer["Location"]) == (302, "/workspace/")
    assert Page(client.get("/workspace/")).texts("//main//li//h3") == ["Northshire Safeguarding Partnership"]
    assert roles_of("nia@example.org") == [("northshire", "author")]
    assert Client().post("/accounts/login/", {"login": "nia@example.org", "password": PASSWORD}).status_code == 302


@pytest.mark.parametrize(
    "changed, message",
    [
        ({"password_again": "another three words"}, "The two passwords are not the same."),
        ({"password": "short", "password_again": "short"},
         "This password is too short. It must contain at least 12 characters."),
        ({"first_name": ""}, "This field is required."),
    ],
)  # fmt: skip
def test_what_is_wrong_with_the_form_is_said_and_nothing_is_kept(region, northshire_manager, changed, message):
    _, url = invite(region, northshire_manager)

    page = Page(Client().post(url, NEW | changed))

    assert page.texts(f"//div[{has('govuk-error-summary')}]//li") == [message]
    assert roles_of("nia@example.org") == []


def test_opening_the_link_uses_nothing_up(region, northshire_manager):
    _, url = invite(region, northshire_manager)

    assert [Client().get(url).status_code for _ in range(3)] == [200] * 3


def test_somebody_known_signs_in_and_has_the_role(region, northshire_manager, southmoor_author):
    _, url = invite(region, northshire_manager, "Southmoor_Author@example.org".lower())
    client = Client()

    asked = client.get(url)
    client.post("/accounts/login/", {"login": southmoor_author.email, "password": "a good long password"})

    assert (asked.status_code, asked["Location"]) == (302, f"/accounts/login/?next={url}")
    assert sorted(roles_of(southmoor_author.email)) == [("northshire", "author"), ("southmoor", "author")]


@pytest.mark.django_db
def test_whoever_joins_is_recorded(region, northshire_manager):
    _, url = invite(region, northshire_manager)

    Client().post(url, NEW)

    person = User.objects.get(email="nia@example.org")
    assert AuditEntry.objects.values_list(
        "partnership__slug", "action", "person_id", "person", "about", "detail"
    ).last() == ("northshire", "joined", person.pk, "Nia Newcomer", "nia@example.org", "Author: drafts")


def test_an_invitation_accepted_meanwhile_is_not_withdrawn(region, northshire_manager):
    invitation, url = invite(region, northshire_manager)
    Client().post(url, NEW)

    withdraw(invitation, by=northshire_manager, at=now())

    assert list(Invitation.objects.values_list("email", flat=True)) == ["nia@example.org"]
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["invited", "joined"]


def test_somebody_signed_in_accepts_with_one_button(region, northshire_manager, southmoor_author):
    _, url = invite(region, northshire_manager, southmoor_author.email)
    client = Client()
    client.force_login(southmoor_author)

    before, answer = client.get(url).status_code, client.post(url)

    assert (before, answer.status_code, len(roles_of(southmoor_author.email))) == (200, 302, 2)


def test_an_invitation_is_not_for_somebody_else(region, northshire_manager, southmoor_author):
    _, url = invite(region, northshire_manager)
    client = Client()
    client.force_login(southmoor_author)

    page = Page(client.post(url))

    assert (page.status, page.lead) == (
        403,
        "This invitation is for nia@example.org. You are signed in with another address: "
        "sign out, then open the link again.",
    )
    assert roles_of(southmoor_author.email) == [("southmoor", "author")]


@pytest.mark.django_db
def test_a_wrong_token_gets_a_sentence():
    page = Page(Client().get("/accounts/invitations/wrong/"))

    sentence = "This link is not one of ours, or the invitation has been withdrawn or sent again since."
    assert (page.status, page.lead) == (404, sentence)


def test_a_used_token_gets_a_sentence(region, northshire_manager):
    _, url = invite(region, northshire_manager)
    Client().post(url, NEW)

    page = Page(Client().post(url, NEW))

    assert (page.status, page.lead) == (410, "This invitation has been used already.")
    assert User.objects.filter(email="nia@example.org").count() == 1


@pytest.mark.parametrize("left, status", [(timedelta(minutes=1), 200), (timedelta(minutes=-1), 410)])
def test_an_invitation_works_until_it_expires(region, northshire_manager, left, status):
    invitation, url = invite(region, northshire_manager)
    Invitation.objects.filter(pk=invitation.pk).update(expires_at=now() + left)

    assert Client().get(url).status_code == status


def test_an_invitation_lasts_14_days(region, northshire_manager):
    moment = now()
    invitation = send(region["northshire"], "nia@example.org", "author", by=northshire_manager, at=moment)

    assert invitation.expires_at - moment == timedelta(days=14)


def test_an_expired_invitation_cannot_be_accepted(region, northshire_manager, outsider):
    invitation, _ = invite(region, northshire_manager)

    with pytest.raises(ValidationError, match="This invitation has expired."):
        invitation.accept(outsider, at=invitation.expires_at)


def test_sending_again_makes_the_old_link_worthless(region, northshire_manager):
    invitation, old = invite(region, northshire_manager)

    send_again(invitation, by=northshire_manager, at=now())

    new = f"/accounts/invitations/{link_in(mail.outbox[-1])}/"
    assert [Client().get(url).status_code for url in (old, new)] == [404, 200]


def test_an_invitation_goes_through_a_real_mail_server(region, northshire_manager, smtp):
    mailbox = smtp(Mailbox())

    send(region["northshire"], "nia@example.org", "author", by=northshire_manager, at=now())

    [(sender, recipients, content)] = mailbox.received
    assert (sender, recipients) == ("no-reply@localhost", ["nia@example.org"])
    assert re.search(r"^http://localhost:8000/accounts/invitations/[\w-]{43}/\r$", content, re.M)


def test_an_invitation_that_cannot_be_sent_is_not_kept(region, northshire_manager, smtp):
    smtp(Mailbox("554 no"))

    with pytest.raises(NotSent, match="The e-mail to nia@example.org could not be sent."):
        send(region["northshire"], "nia@example.org", "author", by=northshire_manager, at=now())

    assert not Invitation.objects.exists()
