"""Drift in the workspace: `/workspace/<partnership>/drift/`, one section of it, and the ways out."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.test import Client

from partnerships.audit import AuditEntry
from partnerships.models import Membership, Partnership
from procedures import drift
from procedures.editing.models import Draft
from procedures.editing.releasing import call_back
from procedures.models import Confirmation, Version
from procedures.publishing import publish as publish_draft
from procedures.renumbering.planning import plan
from tests.reader import Page, has
from tests.world import noon, publish

LIST = "/workspace/northshire/drift/"
PAGE = f"{LIST}neglect/"
CONFIRM = f"{PAGE}confirm/"
ROWS = f"//li[{has('rows__row')}]"


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def read(person: User, url: str) -> Page:
    return Page(signed_in(person).get(url))


def told(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def drifted(slug: str, day: date) -> list[str]:
    partnership = Partnership.objects.get(slug=slug)
    return [found.addition.section.slug for found in drift.drifted([partnership.pk], day=day)]


@pytest.fixture
def neglect(region, today) -> dict[str, Version]:
    """2.1, whose regional text of 2019 changed on 6 January 2025, and the additions of Northshire and its group."""
    body = "Tell them within {} days. See Section 2.1.\n\n::: local hub\nRing somebody.\n:::\n"
    first = publish("neglect", number="2.1", on=date(2019, 1, 1), body=body.format(5))
    additions = {
        owner: publish("neglect", by=owner, on=date(2020, 1, 1), body=f"What {owner} adds.")
        for owner in ("northern-force", "northshire", "southmoor")
    }
    changed = publish(
        "neglect", number="2.1", on=date(2025, 1, 6), body=body.format("ten working"), change_note="More time."
    )
    return additions | {"first": first, "changed": changed}


def ids(neglect: dict[str, Version], addition: str = "northshire", against: str = "changed") -> dict[str, int]:
    return {"addition": neglect[addition].pk, "against": neglect[against].pk}


# --- The list -------------------------------------------------------------------------------------------------------


def test_the_list_says_what_changed_since_when_and_when_readers_are_told(neglect, northshire_author):
    page = read(northshire_author, LIST)

    assert page.texts(ROWS) == [
        "2.1 Neglect 6 January 2025: More time. "
        "Readers are told from 3 February 2025 (2 weeks, 5 days from today), unless it has been dealt with by then."
    ]
    assert page.links(ROWS) == [("2.1 Neglect", PAGE)]


def test_the_list_says_that_readers_are_told_already(neglect, northshire_approver):
    Partnership.objects.filter(slug="northshire").update(drift_grace_days=9)

    [row] = read(northshire_approver, LIST).texts(ROWS)

    assert row.endswith("Readers are told that this has not been checked, since 15 January 2025.")


def test_what_is_to_come_stands_apart(neglect, northshire_author):
    publish("neglect", number="2.1", on=date(2025, 3, 1), body="Another text.", change_note="All new.")

    page = read(northshire_author, LIST)

    assert page.texts("//h2") == ["To be checked 1", "Changes to come 1"]
    assert page.texts(ROWS)[1] == "2.1 Neglect, from 1 March 2025 From 1 March 2025: All new."


def test_a_partnership_whose_texts_are_checked_is_told_so(region, today, northshire_author):
    assert "Nothing. Every text in force has been checked" in read(northshire_author, LIST).main


def test_the_region_has_nothing_to_check(neglect, regional_approver):
    page = read(regional_approver, "/workspace/heartland/drift/")

    assert (page.texts("//h2"), page.lead[:38]) == ([], "Regional text stands beside no other, ")
    assert read(regional_approver, "/workspace/heartland/drift/neglect/").heading == "Nothing to check"


def test_the_list_takes_as_many_queries_for_one_text_as_for_many(
    neglect, northshire_author, django_assert_max_num_queries
):
    client = signed_in(northshire_author)
    for number in range(2, 12):
        publish(f"other-{number}", number=f"2.{number}", on=date(2019, 1, 1))
        publish(f"other-{number}", by="northshire", on=date(2020, 1, 1))
        publish(f"other-{number}", number=f"2.{number}", on=date(2025, 1, 6), body="Another text.")

    with django_assert_max_num_queries(20):
        page = Page(client.get(LIST))

    assert len(page.elements(ROWS)) == 11


# --- One section ----------------------------------------------------------------------------------------------------


def test_the_change_stands_word_by_word_beside_the_partnerships_own_text(neglect, northshire_author):
    page = read(northshire_author, PAGE)

    assert page.heading == "2.1 Neglect"
    assert page.lead == (
        "The regional text changed on 6 January 2025. "
        "Northshire’s text beside it was last checked against the regional text of 1 January 2019."
    )
    assert (page.texts("//article//del"), page.texts("//article//ins")) == (["5"], ["ten working"])
    assert page.texts(f"//section[@aria-labelledby='own']//div[{has('prose')}]") == ["What northshire adds."]
    assert page.texts(f"//ul[{has('reasons')}]/li") == ["6 January 2025: More time."]


def test_the_ways_out_are_to_confirm_to_edit_and_to_withdraw(neglect, northshire_author):
    page = read(northshire_author, PAGE)

    there = "/workspace/northshire/sections/neglect"
    assert page.elements(f"//section[{has('ways-out')}]//form/@action") == [CONFIRM, f"{there}/begin/"]
    assert page.links(f"//section[{has('ways-out')}]") == [("Withdraw it", f"{there}/withdraw/")]


def test_who_may_not_write_can_confirm_alone(neglect, northshire_approver):
    page = read(northshire_approver, PAGE)

    assert page.elements(f"//section[{has('ways-out')}]//form/@action") == [CONFIRM]
    assert page.links(f"//section[{has('ways-out')}]") == []


def test_work_that_has_begun_is_named(neglect, northshire_author):
    client = signed_in(northshire_author)
    client.post("/workspace/northshire/sections/neglect/begin/")

    page = Page(client.get(PAGE))

    assert "Work on it has begun: draft of northshire_author@example.org" in page.main
    assert "begun beside older regional text" not in page.main
    Version.objects.filter(published_at=None).update(written_against=neglect["first"])
    assert (
        "(begun beside older regional text: once it is published, it has to be checked as well)"
        in Page(client.get(PAGE)).main
    )


def test_a_change_to_come_can_be_looked_at_beforehand(neglect, northshire_author):
    confirm_as(northshire_author, ids(neglect))
    publish("neglect", number="2.1", on=date(2025, 3, 1), body="Tell them at once.", change_note="At once.")

    page = read(northshire_author, PAGE)

    assert page.lead == (
        "The regional text will change on 1 March 2025. "
        "Northshire’s text beside it was last checked against the regional text of 6 January 2025."
    )
    assert page.texts(f"//ul[{has('reasons')}]/li") == ["1 March 2025: At once."]


def test_a_withdrawal_to_come_is_told(neglect, northshire_author):
    confirm_as(northshire_author, ids(neglect))
    publish("neglect", on=date(2025, 3, 1), withdrawn=True, body="", change_note="No longer needed.")

    page = read(northshire_author, PAGE)

    assert page.lead.startswith("The regional text will be withdrawn on 1 March 2025.")
    assert "then nothing stands here for a local text to add to" in page.main


def test_a_group_checks_its_own_text(neglect, region):
    person = User.objects.create_user("force_author")
    Membership.objects.create(user=person, partnership=region["northern-force"], role="author")

    page = read(person, "/workspace/northern-force/drift/neglect/")

    assert page.texts(f"//section[@aria-labelledby='own']//div[{has('prose')}]") == ["What northern-force adds."]


# --- Confirming -----------------------------------------------------------------------------------------------------


def confirm_as(person: User, posted: dict[str, int]):
    return signed_in(person).post(CONFIRM, posted, follow=True)


@pytest.mark.parametrize("role", ["northshire_author", "northshire_approver"])
def test_a_text_is_confirmed_and_no_longer_drifted(neglect, request, today, role):
    person = request.getfixturevalue(role)

    response = confirm_as(person, ids(neglect))

    assert told(response) == ["2.1 Neglect: Northshire’s text is confirmed beside the regional text of 6 January 2025."]
    [made] = Confirmation.objects.all()
    assert (made.addition, made.against, made.person) == (neglect["northshire"], neglect["changed"], person)
    assert (drifted("northshire", today), drifted("southmoor", today)) == ([], ["neglect"])
    assert Page(response).texts(ROWS) == []


def test_a_confirmation_stands_in_the_audit_log(neglect, northshire_author):
    confirm_as(northshire_author, ids(neglect))

    [entry] = AuditEntry.objects.all()
    assert (entry.action, entry.about, entry.section, entry.version_id, entry.person_id, entry.detail) == (
        "confirmed",
        "2.1 Neglect",
        "neglect",
        neglect["northshire"].pk,
        northshire_author.pk,
        "Against the regional text of 6 January 2025.",
    )


AGAIN = "This text or the regional text beside it has changed since you opened the page. Look at it again first."


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"addition": "x", "against": "y"},
        {"addition": "1"},
        {"addition": "9" * 5000, "against": "\0"},
    ],
)
def test_what_was_not_compared_is_not_confirmed(neglect, northshire_author, posted):
    response = confirm_as(northshire_author, posted)

    assert told(response) == [AGAIN]
    assert not Confirmation.objects.exists()


def test_regional_text_that_changed_meanwhile_has_to_be_compared_first(neglect, northshire_author):
    page = ids(neglect)
    publish("neglect", number="2.1", on=date(2025, 1, 15), body="Yet another text.")

    response = confirm_as(northshire_author, page)

    assert (told(response), Confirmation.objects.count()) == ([AGAIN], 0)


def test_anothers_text_cannot_be_confirmed(neglect, northshire_author):
    response = confirm_as(northshire_author, ids(neglect, "southmoor"))

    assert (told(response), Confirmation.objects.count()) == ([AGAIN], 0)


def test_who_comes_second_is_told_that_it_has_been_dealt_with(neglect, northshire_author, northshire_approver):
    confirm_as(northshire_author, ids(neglect))

    response = confirm_as(northshire_approver, ids(neglect))

    assert told(response) == ["There is nothing to check in this section: it has been dealt with already."]
    assert Confirmation.objects.count() == 1


def test_a_change_to_come_is_confirmed_beforehand(neglect, northshire_author, today):
    confirm_as(northshire_author, ids(neglect))
    march = publish("neglect", number="2.1", on=date(2025, 3, 1), body="Tell them at once.")

    confirm_as(northshire_author, ids(neglect | {"changed": march}))

    assert [drifted("northshire", day) for day in (today, date(2025, 3, 1))] == [[], []]


def test_what_restates_the_text_on_a_later_day_is_confirmed_with_it(neglect, northshire_author):
    first = neglect["first"]
    publish("neglect", by="northshire", on=date(2025, 2, 1), body="New words.")
    back = {"body": "What northshire adds.", "written_against": first, "published_at": noon(date(2025, 1, 14))}
    publish("neglect", by="northshire", on=date(2025, 2, 1), **back)

    confirm_as(northshire_author, ids(neglect))

    assert drifted("northshire", date(2025, 2, 1)) == []


def test_a_call_back_hands_on_what_the_text_was_checked_against(neglect, northshire_author, northshire_approver, today):
    march = date(2025, 3, 1)
    planned = publish("neglect", by="northshire", on=march, body="New words.", written_against=neglect["first"])
    confirm_as(northshire_author, ids(neglect))

    call_back([planned], "Not agreed.", by=northshire_approver, now=noon(today), today=today)

    assert [drifted("northshire", day) for day in (today, march)] == [[], []]


def test_a_renumbering_hands_on_what_the_text_was_checked_against(neglect, region, northshire_author, today):
    publish("elsewhere", number="5.1")
    publish("neglect", by="northshire", on=date(2021, 1, 1), body="See Section 5.1.", written_against=neglect["first"])
    newest = region["northshire"].versions.order_by("-effective_date").first()
    confirm_as(northshire_author, {"addition": newest.pk, "against": neglect["changed"].pk})

    planned = plan(
        {"elsewhere": "5.2"},
        partnership=region["heartland"],
        effective_date=today,
        note="To close a gap.",
        make_room=False,
        today=today,
    )

    follows = [change.version for change in planned.changes if change.version.section.slug == "neglect"]
    assert [(version.body, version.written_against) for version in follows] == [
        ("See Section 5.2.\n", neglect["changed"])
    ]


# --- Editing instead --------------------------------------------------------------------------------------------------


def test_a_text_that_was_edited_beside_the_changed_text_has_not_drifted(
    neglect, northshire_author, northshire_approver, today
):
    signed_in(northshire_author).post("/workspace/northshire/sections/neglect/begin/")
    version = Draft.objects.get().version
    version.body, version.change_note = "What northshire adds now.", "Follows the regional text."
    version.save()

    publish_draft(version, by=northshire_approver, effective_date=today, today=today)

    version.refresh_from_db()
    assert (version.written_against, drifted("northshire", today)) == (neglect["changed"], [])


def test_a_text_whose_ground_moved_between_draft_and_publication_has_drifted(
    neglect, northshire_author, northshire_approver, today
):
    signed_in(northshire_author).post("/workspace/northshire/sections/neglect/begin/")
    version = Draft.objects.get().version
    version.body, version.change_note = "What northshire adds now.", "Follows the regional text."
    version.save()
    publish("neglect", number="2.1", on=today, body="Changed once more.")

    publish_draft(version, by=northshire_approver, effective_date=today, today=today)

    version.refresh_from_db()
    assert (version.written_against, drifted("northshire", today)) == (neglect["changed"], ["neglect"])


# --- Who gets in ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("url", [LIST, PAGE])
def test_the_pages_are_for_the_partnerships_authors_and_approvers(
    neglect, northshire_author, northshire_approver, northshire_manager, southmoor_author, regional_approver, url
):
    people = (northshire_author, northshire_approver, northshire_manager, southmoor_author, regional_approver)

    assert [signed_in(person).get(url).status_code for person in people] == [200, 200, 403, 404, 404]
    assert Client().get(url)["Location"] == f"/accounts/login/?next={url}"
    assert signed_in(northshire_author).post(url).status_code == 405


def test_only_the_partnerships_authors_and_approvers_confirm(
    neglect, northshire_author, northshire_manager, southmoor_author, regional_approver
):
    posted = ids(neglect)

    people = (northshire_manager, southmoor_author, regional_approver)
    assert [signed_in(person).post(CONFIRM, posted).status_code for person in people] == [403, 404, 404]
    assert signed_in(northshire_author).get(CONFIRM).status_code == 405
    assert not Confirmation.objects.exists()


@pytest.mark.parametrize("url", [f"{LIST}nothing/", f"{LIST}own/"])
def test_a_section_that_is_none_of_theirs_is_not_found(neglect, northshire_author, url):
    publish("own", by="southmoor", number="5.1")

    assert signed_in(northshire_author).get(url).status_code == 404
