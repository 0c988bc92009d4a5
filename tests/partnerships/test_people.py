"""The people of a partnership, as its managers see and change them."""

import pytest
from django.core import mail
from django.test import Client
from django.utils.timezone import now

from partnerships.audit import AuditEntry
from partnerships.invitations import send
from partnerships.models import Invitation, Membership
from tests.reader import Page, has

PEOPLE = "/workspace/northshire/people/"


@pytest.fixture
def manager(northshire_manager) -> Client:
    client = Client()
    client.force_login(northshire_manager)
    return client


def roles_of(person) -> list[str]:
    return sorted(Membership.objects.filter(user=person).values_list("role", flat=True))


def notices(client: Client, url: str = PEOPLE) -> list[str]:
    return Page(client.get(url)).notices


def test_the_page_lists_members_with_their_roles_and_no_one_elses(manager, northshire_author, southmoor_author):
    page = Page(manager.get(PEOPLE))

    assert page.texts("//main/ul[1]/li/p") == [
        "northshire_author@example.org Author: drafts",
        "northshire_manager@example.org Manager: members, contacts, settings",
    ]


def test_a_manager_invites(manager):
    answer = manager.post(PEOPLE + "invite/", {"email": "Nia@Example.org", "role": "approver"})

    assert (answer.status_code, [message.to for message in mail.outbox]) == (302, [["nia@example.org"]])
    assert notices(manager) == ["We have sent an invitation to nia@example.org."]
    assert Invitation.objects.values_list("email", "role", "partnership__slug").get() == (
        "nia@example.org", "approver", "northshire",
    )  # fmt: skip


@pytest.mark.parametrize(
    "email, message",
    [
        ("northshire_author@example.org", "This person has that role already."),
        ("nia@example.org", "This person has been invited to that role already. Send the invitation again."),
        ("nobody", "Enter a valid email address."),
    ],
)
def test_an_invitation_that_makes_no_sense_is_refused(
    manager, region, northshire_author, northshire_manager, email, message
):
    send(region["northshire"], "nia@example.org", "author", by=northshire_manager, at=now())

    page = Page(manager.post(PEOPLE + "invite/", {"email": email, "role": "author"}))

    assert page.texts(f"//div[{has('govuk-error-summary')}]//li") == [message]


def test_a_manager_changes_roles(manager, northshire_author):
    manager.post(f"{PEOPLE}{northshire_author.pk}/", {"roles": ["author", "approver"]})

    assert roles_of(northshire_author) == ["approver", "author"]


def test_a_manager_removes_somebody_who_keeps_their_account(manager, northshire_author):
    manager.post(f"{PEOPLE}{northshire_author.pk}/remove/")

    northshire_author.refresh_from_db()
    assert (roles_of(northshire_author), northshire_author.is_active) == ([], True)
    assert notices(manager) == ["northshire_author@example.org has no role in Northshire any more."]


def test_the_last_manager_cannot_go(manager, northshire_manager):
    page = Page(manager.post(f"{PEOPLE}{northshire_manager.pk}/remove/"))
    changed = Page(manager.post(f"{PEOPLE}{northshire_manager.pk}/", {"roles": ["author"]}))

    refusal = "Northshire would have no manager left. Make somebody else a manager first."
    assert (page.status, page.texts("//main//div[@role='alert']")) == (409, [refusal])
    assert changed.texts(f"//p[{has('govuk-error-message')}]") == [f"Error: {refusal}"]
    assert roles_of(northshire_manager) == ["manager"]


def test_a_manager_who_is_not_the_last_may_go(manager, region, northshire_author, northshire_manager):
    region["northshire"].set_roles(northshire_author, ["author", "manager"])

    answer = manager.post(f"{PEOPLE}{northshire_manager.pk}/remove/")

    assert (answer["Location"], roles_of(northshire_manager)) == ("/workspace/", [])


def test_somebody_of_another_partnership_is_not_found_among_these_people(manager, southmoor_author):
    answers = [manager.post(f"{PEOPLE}{southmoor_author.pk}/{page}").status_code for page in ("", "remove/")]

    assert (answers, roles_of(southmoor_author)) == ([404, 404], ["author"])


def test_an_invitation_of_another_partnership_is_not_found_here(manager, region, southmoor_manager):
    other = send(region["southmoor"], "nia@example.org", "author", by=southmoor_manager, at=now())

    answers = [
        manager.post(f"/workspace/northshire/invitations/{other.pk}/{action}/").status_code
        for action in ("resend", "withdraw")
    ]

    assert (answers, Invitation.objects.count(), len(mail.outbox)) == ([404, 404], 1, 1)


def test_a_withdrawn_invitation_is_gone(manager, region, northshire_manager):
    waiting = send(region["northshire"], "nia@example.org", "author", by=northshire_manager, at=now())

    manager.post(f"/workspace/northshire/invitations/{waiting.pk}/withdraw/")

    assert not Invitation.objects.exists()


def test_a_required_second_factor_comes_before_anything_in_the_workspace(manager, region):
    manager.post("/workspace/northshire/settings/", {"requires_second_factor": "on", "drift_grace_days": "28"})

    answers = [manager.get(url) for url in ("/workspace/", PEOPLE, PEOPLE + "invite/", "/workspace/southmoor/people/")]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, "/accounts/2fa/")}


# --- What is recorded ---------------------------------------------------------------------------------------------


def recorded() -> list[tuple[str, str, str, str]]:
    fields = ("partnership__slug", "action", "about", "detail")
    return list(AuditEntry.objects.order_by("pk").values_list(*fields))


def test_an_invitation_sent_sent_again_and_withdrawn_is_recorded(manager, northshire_manager):
    manager.post(PEOPLE + "invite/", {"email": "Nia@Example.org", "role": "approver"})
    url = f"/workspace/northshire/invitations/{Invitation.objects.get().pk}"
    manager.post(f"{url}/resend/")
    manager.post(f"{url}/withdraw/")

    assert recorded() == [
        ("northshire", action, "nia@example.org", "Approver: approves and publishes")
        for action in ("invited", "invited-again", "invitation-withdrawn")
    ]
    assert set(AuditEntry.objects.values_list("person_id", "person")) == {
        (northshire_manager.pk, "northshire_manager@example.org")
    }


def test_an_e_mail_that_was_not_sent_is_not_recorded(manager, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("partnerships.invitations.send_mail", refuse)

    manager.post(PEOPLE + "invite/", {"email": "nia@example.org", "role": "approver"})

    assert (recorded(), Invitation.objects.count()) == ([], 0)


def test_changed_roles_and_a_removal_are_recorded_with_what_was_before(manager, northshire_author):
    manager.post(f"{PEOPLE}{northshire_author.pk}/", {"roles": ["author", "approver"]})
    manager.post(f"{PEOPLE}{northshire_author.pk}/remove/")

    about = "northshire_author@example.org"
    assert recorded() == [
        ("northshire", "roles-changed", about, "Before: author. Now: approver, author."),
        ("northshire", "person-removed", about, "Before: approver, author. Now: none."),
    ]


def test_roles_saved_as_they_were_and_a_refused_removal_are_not_recorded(
    manager, northshire_author, northshire_manager
):
    manager.post(f"{PEOPLE}{northshire_author.pk}/", {"roles": ["author"]})
    manager.post(f"{PEOPLE}{northshire_manager.pk}/remove/")

    assert recorded() == []


def test_people_takes_the_same_number_of_queries_for_many(
    manager, region, northshire_author, django_assert_num_queries, django_user_model
):
    for number in range(20):
        person = django_user_model.objects.create_user(f"person-{number}", f"{number}@example.org")
        region["northshire"].set_roles(person, ["author", "approver"])

    with django_assert_num_queries(8):
        manager.get(PEOPLE)
