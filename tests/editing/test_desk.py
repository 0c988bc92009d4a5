"""The desk: what waits for whom."""

from datetime import date, timedelta

import pytest

from procedures.editing import workflow
from procedures.editing.models import Release, Renumbering
from tests.editing.drafts import (
    NOW,
    SOON,
    TODAY,
    approved,
    begun,
    give,
    published,
    queries_for,
    signed_in,
    submitted,
    url_of,
)
from tests.reader import Page
from tests.world import publish

pytestmark = pytest.mark.usefixtures("manual", "today")


def desk_of(person) -> dict[str, list[tuple[str, str]]]:
    """The links under each heading of a person's desk, by the heading without its count."""
    page = Page(signed_in(person).get("/workspace/"))
    return {
        section.xpath("string(h2/text())").strip(): [
            (" ".join(link.text_content().split()), link.get("href")) for link in section.xpath("ul/li/p[1]//a")
        ]
        for section in page.elements("//main//section")
    }


def test_an_authors_draft_is_on_their_desk_and_on_no_one_elses(
    northshire_author, northshire_approver, southmoor_author
):
    draft = begun(by=northshire_author)

    assert desk_of(northshire_author)["Your drafts"] == [("3.1 Sharing information", url_of(draft, "")[:-1])]
    assert desk_of(northshire_approver)["Your drafts"] == []
    assert desk_of(southmoor_author)["Your drafts"] == []


def test_what_is_submitted_waits_for_the_approver(northshire_author, northshire_approver, southmoor_approver):
    draft = submitted(by=northshire_author)

    assert desk_of(northshire_approver)["To approve"] == [("3.1 Sharing information", url_of(draft))]
    assert desk_of(northshire_author)["Yours, with others"] == [("3.1 Sharing information", url_of(draft))]
    assert "To approve" not in desk_of(southmoor_approver)


def test_nobody_is_asked_to_approve_their_own_words_unless_one_person_may(northshire_author, region):
    submitted(by=give(northshire_author, "approver"))

    with_two = desk_of(northshire_author)
    region["northshire"].requires_two_people = False
    region["northshire"].save()

    assert ("To approve" in with_two, "To approve" in desk_of(northshire_author)) == (False, True)


def test_what_was_sent_back_stands_first_among_the_drafts(northshire_author, northshire_approver):
    sent_back = submitted(by=northshire_author)
    workflow.ask_for_changes(sent_back, "Name the hub.", by=northshire_approver, now=NOW)
    begun("consent", by=northshire_author)

    drafts = desk_of(northshire_author)["Your drafts"]

    assert [name for name, _ in drafts] == ["3.1 Sharing information", "2.10 Consent"]


def test_what_is_approved_waits_to_be_published_unless_a_release_does_it(
    northshire_author, northshire_approver, region
):
    draft = approved(by=northshire_author, approver=northshire_approver)

    alone = desk_of(northshire_approver)
    release = Release.objects.create(
        partnership=region["northshire"], name="Spring", note="All.", effective_date=SOON,
        made_by=northshire_author, made_at=NOW,
    )  # fmt: skip
    draft.release = release
    draft.save()
    together = desk_of(northshire_approver)

    assert alone["Approved, to be published"] == [("3.1 Sharing information", url_of(draft))]
    assert "Approved, to be published" not in together
    assert together["Releases to come"] == [("Spring", f"/workspace/northshire/releases/{release.pk}/")]


def test_what_is_scheduled_is_listed_until_its_day(northshire_author, northshire_approver, monkeypatch):
    from tests.reader import make_it

    published(by=northshire_author, approver=northshire_approver, on=SOON)

    before = desk_of(northshire_author)
    make_it(SOON, monkeypatch)

    link = ("1 March 2025: 3.1 Sharing information", "/workspace/northshire/sections/sharing-information/")
    assert before["Scheduled"] == [link]
    assert "Scheduled" not in desk_of(northshire_author)


def test_drift_and_reviews_and_renumberings_wait_there(northshire_author, regional_approver, regional_author, region):
    publish("sharing-information", number="3.1", title="Sharing information", body="New.", on=date(2025, 1, 10))
    publish("consent", by="northshire", on=date(2019, 1, 1), review_date=TODAY + timedelta(days=30))
    proposed = Renumbering.objects.create(
        partnership=region["heartland"], moves={"consent": "2.11"}, effective_date=SOON, note="Order.",
        proposed_by=regional_author, proposed_at=NOW,
    )  # fmt: skip

    own, regional = desk_of(northshire_author), desk_of(regional_approver)

    assert own["Regional text has changed"] == [
        ("3.1 Sharing information", "/workspace/northshire/drift/sharing-information/")
    ]
    assert own["Due for review"] == [("2.10 Consent", "/workspace/northshire/sections/consent/")]
    assert "Renumberings proposed" not in own
    assert regional["Renumberings proposed"] == [
        ("1 section from 1 March 2025", f"/workspace/heartland/renumbering/{proposed.pk}/")
    ]


def test_a_stranger_to_every_partnership_is_told_whom_to_ask(outsider):
    page = Page(signed_in(outsider).get("/workspace/"))

    assert page.lead == "You have no role in any partnership. Ask a manager of yours to invite you."


def test_the_desk_takes_as_many_queries_for_much_as_for_little(
    northshire_author, northshire_approver, regional_approver
):
    client = signed_in(give(northshire_author, "approver"))
    submitted(by=northshire_approver)
    published(by=northshire_author, approver=northshire_approver, on=SOON)
    few = queries_for(client, "/workspace/")

    for number in range(15):
        begun("consent", by=northshire_author)
        submitted(by=northshire_approver)
        published(by=northshire_author, approver=northshire_approver, on=SOON + timedelta(days=number + 1))

    assert queries_for(client, "/workspace/") == few
