"""A draft that meets what somebody published meanwhile: nothing is overwritten, and nothing of either is lost."""

import pytest

from procedures.editing import workflow
from procedures.editing.bringing_together import bring_together, merge_of
from procedures.editing.models import Draft
from procedures.editing.refusing import NotPossible, OutOfDate
from tests.editing.drafts import (
    NOW,
    PLACE,
    TODAY,
    actions,
    approved,
    begun,
    give,
    published,
    signed_in,
    submitted,
    url_of,
)
from tests.reader import Page

PARAGRAPHS = "First paragraph.\n\nSecond paragraph.\n\nThird paragraph.\n"
pytestmark = pytest.mark.usefixtures("manual", "today")


@pytest.fixture
def meeting(northshire_author, northshire_approver) -> Draft:
    """A draft by the author, overtaken by a version of somebody else; both began with three paragraphs."""
    published(by=northshire_author, approver=northshire_approver, body=PARAGRAPHS)
    draft = begun(by=northshire_author, body=PARAGRAPHS.replace("First", "My first").replace("Third", "My third"))
    theirs = PARAGRAPHS.replace("Second", "Their second").replace("Third", "Their third")
    published(by=northshire_author, approver=northshire_approver, body=theirs, title="Here in Northshire")
    return workflow.reread(draft)


def sent(draft: Draft, **values: str) -> dict[str, str]:
    """A form as the page offers it."""
    theirs = merge_of(draft)
    assert theirs
    return {"theirs": str(theirs.theirs.pk), "revision": str(draft.revision)} | values


def test_a_draft_that_knows_the_newest_version_has_nothing_to_be_brought_together(northshire_author):
    draft = begun(by=northshire_author)

    response = signed_in(northshire_author).get(url_of(draft, "merge"))

    assert merge_of(draft) is None
    assert (response.status_code, response["Location"]) == (302, url_of(draft))


def test_the_page_shows_both_changes_and_asks_where_both_changed_the_same(meeting, northshire_author):
    page = Page(signed_in(northshire_author).get(url_of(meeting, "merge")))

    assert page.texts("//fieldset/legend") == ["Place 1: both of you changed this"]
    assert page.texts("//*[contains(@class, 'merge__taken')]/pre") == ["My first paragraph.", "Their second paragraph."]
    assert page.texts("//span[@class='merge__words']") == ["My third paragraph.", "Their third paragraph."]


@pytest.mark.parametrize(
    "choice, last",
    [
        ({"choice-0": "mine"}, "My third paragraph.\n"),
        ({"choice-0": "theirs"}, "Their third paragraph.\n"),
        ({"choice-0": "both"}, "My third paragraph.\n\nTheir third paragraph.\n"),
        ({"choice-0": "own", "own-0": "Our third paragraph."}, "Our third paragraph.\n"),
    ],
)
def test_what_is_chosen_stands_in_the_draft_with_both_changes(meeting, northshire_author, choice, last):
    response = signed_in(northshire_author).post(url_of(meeting, "merge"), sent(meeting, **choice))

    draft = workflow.reread(meeting)
    assert response["Location"] == f"{PLACE}/drafts/{draft.pk}/"
    assert draft.version.body == f"My first paragraph.\n\nTheir second paragraph.\n\n{last}"
    assert draft.version.title == "Here in Northshire"
    assert merge_of(draft) is None
    assert actions()[-1] == "merged"


def test_without_a_choice_nothing_is_taken(meeting, northshire_author):
    before = meeting.version.body

    response = signed_in(northshire_author).post(url_of(meeting, "merge"), sent(meeting))

    assert (response.status_code, workflow.reread(meeting).version.body) == (409, before)
    assert "Choose what is to stand at place 1." in Page(response).main


def test_a_title_that_both_changed_is_asked_for(meeting, northshire_author):
    workflow.save(meeting, {"title": "Mine"}, by=northshire_author, revision=meeting.revision, now=NOW)
    draft = workflow.reread(meeting)
    client = signed_in(northshire_author)

    refused = client.post(url_of(draft, "merge"), sent(draft, **{"choice-0": "mine"}))
    client.post(url_of(draft, "merge"), sent(draft, **{"choice-0": "mine", "title": "mine"}))

    assert "Choose the title." in Page(refused).main
    assert workflow.reread(draft).version.title == "Mine"


def test_a_form_about_texts_that_have_changed_since_is_refused(meeting, northshire_author, northshire_approver):
    client, form = signed_in(northshire_author), sent(meeting, **{"choice-0": "mine"})
    published(by=northshire_author, approver=northshire_approver, body="Yet another.\n")

    response = client.post(url_of(meeting, "merge"), form)

    assert response.status_code == 409
    assert "One of the two texts has changed since this page was opened." in Page(response).main


def test_the_transaction_itself_refuses_what_is_out_of_date(meeting, northshire_author):
    theirs = merge_of(meeting).theirs.pk
    step = {"theirs": theirs, "by": northshire_author, "now": NOW}

    with pytest.raises(OutOfDate):
        bring_together(meeting, {}, revision=meeting.revision - 1, **step)
    with pytest.raises(NotPossible, match="Yet another version has been published meanwhile"):
        bring_together(meeting, {}, revision=meeting.revision, **(step | {"theirs": theirs - 1}))


def test_a_draft_in_review_is_first_taken_back(northshire_author, northshire_approver):
    draft = submitted(by=northshire_author, body=PARAGRAPHS)
    published(by=northshire_author, approver=northshire_approver, body="Another.\n")
    client = signed_in(northshire_author)

    page = Page(client.get(url_of(draft, "merge")))
    refused = client.post(url_of(draft, "merge"), sent(draft, **{"choice-0": "mine"}))

    assert page.texts("//main//button") == ["Take it back"]
    assert refused.status_code == 409


def test_publishing_an_overtaken_draft_leads_here(northshire_author, northshire_approver):
    draft = approved(by=northshire_author, approver=northshire_approver)
    published(by=northshire_author, approver=northshire_approver, body="Another.\n")
    give(northshire_approver, "author")

    response = signed_in(northshire_approver).post(url_of(draft, "publish"), {"when": "today"})

    page = Page(response)
    assert response.status_code == 409
    assert ("Bring the two together", url_of(draft, "merge")) in page.links("//main")


def test_a_withdrawal_meanwhile_leaves_the_drafts_words(northshire_author, northshire_approver):
    draft = begun(by=northshire_author, body=PARAGRAPHS)
    version = draft.version
    from procedures.editing import beginning, releasing

    withdrawal = beginning.begin_withdrawal(
        version.section, version.partnership, by=northshire_author, now=NOW, today=TODAY
    )
    withdrawal = workflow.save(withdrawal, {"change_note": "Gone."}, by=northshire_author, revision=1, now=NOW)
    withdrawal = workflow.submit(withdrawal, by=northshire_author, now=NOW, today=TODAY)
    workflow.approve(withdrawal, by=northshire_approver, revision=withdrawal.revision, now=NOW, today=TODAY)
    releasing.publish(withdrawal, by=northshire_approver, effective_date=TODAY, now=NOW, today=TODAY)

    response = signed_in(northshire_author).post(url_of(draft, "merge"), sent(draft))

    assert response.status_code == 302
    assert workflow.reread(draft).version.body == PARAGRAPHS
