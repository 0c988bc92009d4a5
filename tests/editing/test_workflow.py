"""The steps of a draft: from which state each can be taken, what it does, and who is told."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.core import mail
from django.db import transaction

from partnerships.audit import AuditEntry
from procedures.editing import workflow
from procedures.editing.models import Comment, Draft, Letter
from procedures.editing.refusing import NotPossible, OutOfDate
from procedures.models import Version
from procedures.publishing import Refused
from tests import world
from tests.editing.drafts import (
    NOW,
    SHARING,
    SOON,
    STATES,
    TODAY,
    YESTERDAY,
    actions,
    approved,
    begun,
    give,
    in_state,
    state_of,
    submitted,
)

LATER = NOW + timedelta(hours=2)


# --- Every step from every state ----------------------------------------------------------------------------------

NOT_IN_REVIEW = "This draft is not in review: it is {}."
STEPS = {
    "save": lambda draft, who: workflow.save(draft, {"body": "New."}, by=who, revision=draft.revision, now=LATER),
    "submit": lambda draft, who: workflow.submit(draft, by=who, now=LATER, today=TODAY),
    "take back": lambda draft, who: workflow.take_back(draft, by=who, now=LATER),
    "ask for changes": lambda draft, who: workflow.ask_for_changes(draft, "Shorter.", by=who, now=LATER),
    "approve": lambda draft, who: workflow.approve(draft, by=who, revision=draft.revision, now=LATER, today=TODAY),
    "discard": lambda draft, who: workflow.discard(draft, by=who, now=LATER),
    "bring back": lambda draft, who: workflow.bring_back(draft, by=who, now=LATER),
    "comment": lambda draft, who: workflow.comment(draft, "Why?", by=who, now=LATER),
}
# To which state each step leads from each state it can be taken in.
LEADS = {
    "save": {"draft": "draft", "changes asked for": "changes asked for"},
    "submit": dict.fromkeys(("draft", "changes asked for"), "in review"),
    "take back": dict.fromkeys(("in review", "approved"), "draft"),
    "ask for changes": dict.fromkeys(("in review", "approved"), "changes asked for"),
    "approve": {"in review": "approved"},
    "discard": dict.fromkeys(("draft", "changes asked for", "in review", "approved"), "discarded"),
    "bring back": {"discarded": "draft"},
    "comment": {state: state for state in ("draft", "changes asked for", "in review", "approved")},
}
LOGGED = {
    "save": "draft-saved", "submit": "submitted", "take back": "taken-back", "ask for changes": "changes-asked-for",
    "approve": "approved", "discard": "discarded", "bring back": "brought-back", "comment": "commented",
}  # fmt: skip


def refusal_of(step: str, state: str) -> str:
    """The sentence for a step that cannot be taken from a state."""
    if step == "approve" and state == "approved":
        return "This draft is approved already."
    if step == "bring back":
        return "This draft has not been discarded."
    sentence = {
        "save": "This draft cannot be changed: it is {}.",
        "submit": "This draft is {} already.",
        "discard": "This draft is {} already.",
        "comment": "This draft is {}.",
    }.get(step, NOT_IN_REVIEW)
    return sentence.format(state)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", STATES)
def test_each_step_leads_where_it_should_and_nowhere_from_other_states(
    manual, northshire_author, northshire_approver, step, state
):
    draft = in_state(state, by=northshire_author, approver=northshire_approver)
    before = actions()

    try:
        with transaction.atomic():
            STEPS[step](draft, northshire_approver)
    except NotPossible as refusal:
        assert (str(refusal), state_of(draft)) == (refusal_of(step, state), state)
        assert actions() == before
    else:
        assert (state, state_of(draft)) in LEADS[step].items()
        assert actions() == [*before, LOGGED[step]]


def test_every_entry_names_the_draft_its_section_and_version(manual, northshire_author, northshire_approver):
    draft = approved(by=northshire_author, approver=northshire_approver)

    fields = ("action", "person", "about", "section", "version_id")
    assert AuditEntry.objects.order_by("number").values_list(*fields).last() == (
        "approved", "northshire_approver@example.org", "3.1 Sharing information", SHARING, draft.pk,
    )  # fmt: skip


# --- Saving -------------------------------------------------------------------------------------------------------


def test_a_save_counts_and_makes_its_person_a_writer(manual, northshire_author, southmoor_author):
    give(southmoor_author, "author")
    draft = begun(by=northshire_author)

    saved = workflow.save(draft, {"body": "Mine.\r\nToo."}, by=southmoor_author, revision=2, now=LATER)

    assert (saved.version.body, saved.revision, saved.saved_at, saved.saved_by) == (
        "Mine.\nToo.", 3, LATER, southmoor_author,
    )  # fmt: skip
    assert set(saved.writers.all()) == {northshire_author, southmoor_author}
    assert saved.version.author == northshire_author


def test_to_save_the_same_again_changes_nothing_and_makes_nobody_a_writer(manual, northshire_author, southmoor_author):
    draft = begun(by=northshire_author)

    saved = workflow.save(draft, {"body": draft.version.body}, by=southmoor_author, revision=1, now=LATER)

    assert (saved.revision, saved.saved_at) == (2, NOW)
    assert list(saved.writers.all()) == [northshire_author]


def test_a_save_over_another_persons_is_refused_and_gives_what_stands(manual, northshire_author, southmoor_author):
    draft = begun(by=northshire_author)
    workflow.save(draft, {"body": "Theirs."}, by=southmoor_author, revision=2, now=LATER)

    with pytest.raises(OutOfDate) as refusal:
        workflow.save(draft, {"body": "Mine."}, by=northshire_author, revision=2, now=LATER)

    assert str(refusal.value) == (
        "Somebody else has saved this draft since you opened it. Nothing of yours has been saved yet."
    )
    assert refusal.value.draft.version.body == workflow.reread(draft).version.body == "Theirs."


def test_only_what_is_written_can_be_saved(manual, northshire_author):
    draft = begun(by=northshire_author)

    workflow.save(
        draft, {"approver_name": "Me", "digest": "d", "withdrawn": True}, by=northshire_author, revision=2, now=NOW
    )

    version = workflow.reread(draft).version
    assert (version.approver_name, version.digest, version.withdrawn) == ("", "", False)


@pytest.mark.parametrize(("after", "entries"), [(timedelta(minutes=30), 0), (timedelta(minutes=31), 1)])
def test_the_log_has_one_entry_for_a_sitting(manual, northshire_author, after, entries):
    draft = begun(by=northshire_author)

    workflow.save(draft, {"body": "New."}, by=northshire_author, revision=2, now=NOW + after)

    assert actions().count("draft-saved") == entries


def test_the_log_has_an_entry_for_each_person_who_saves(manual, northshire_author, southmoor_author):
    draft = begun(by=northshire_author)

    workflow.save(draft, {"body": "New."}, by=southmoor_author, revision=2, now=NOW)

    assert actions() == ["draft-begun", "draft-saved"]


# --- Faults -------------------------------------------------------------------------------------------------------


def messages_of(attempt: Callable[[], object]) -> list[str]:
    with pytest.raises(Refused) as refused, transaction.atomic():
        attempt()
    return [fault.message for fault in refused.value.faults]


NO_NOTE = "Say what changed and why: only a minor change may go without a change note."


def test_a_draft_with_faults_is_not_submitted(manual, northshire_author):
    draft = begun(by=northshire_author, body="See Section 9.9.", change_note="")

    messages = messages_of(lambda: workflow.submit(draft, by=northshire_author, now=NOW, today=TODAY))

    assert messages == [
        NO_NOTE,
        "“Section 9.9” leads nowhere: no section bears the number 9.9 on 2025-01-15. "
        "If the number is not one of this manual's, write 9\\.9.",
    ]
    assert (state_of(draft), Letter.objects.count(), actions()) == ("draft", 0, ["draft-begun"])


def test_a_minor_change_needs_no_note(manual, northshire_author):
    assert state_of(submitted(by=northshire_author, change_note="", change_kind="minor")) == "in review"


def test_a_fault_that_came_up_in_review_keeps_a_draft_from_being_approved(
    manual, northshire_author, northshire_approver
):
    draft = submitted(by=northshire_author, body="See Section 2.10.")
    world.publish("consent", withdrawn=True, body="", on=date(2025, 1, 10))

    messages = messages_of(
        lambda: workflow.approve(draft, by=northshire_approver, revision=draft.revision, now=NOW, today=TODAY)
    )

    assert [message[:36] for message in messages] == ["“Section 2.10” leads nowhere: no sec"]
    assert state_of(draft) == "in review"


@pytest.mark.parametrize(("day", "faults"), [(YESTERDAY, 1), (TODAY, 0), (SOON, 0)])
def test_a_wanted_day_that_has_passed_is_a_fault(manual, northshire_author, day, faults):
    draft = begun(by=northshire_author, effective_date=day)

    found = workflow.faults(draft, today=TODAY)

    message = "The effective date, 2025-01-14, lies in the past. Choose today or a later day."
    assert [(fault.field, fault.message) for fault in found] == [("effective_date", message)] * faults


# --- Agreeing -----------------------------------------------------------------------------------------------------


def test_an_approval_is_bound_to_the_words_that_were_read(manual, northshire_author, northshire_approver):
    draft = submitted(by=northshire_author)
    read = draft.revision
    workflow.take_back(draft, by=northshire_author, now=NOW)
    workflow.save(draft, {"body": "Something else."}, by=northshire_author, revision=read, now=NOW)
    workflow.submit(draft, by=northshire_author, now=NOW, today=TODAY)

    with pytest.raises(NotPossible) as refusal:
        workflow.approve(draft, by=northshire_approver, revision=read, now=NOW, today=TODAY)

    assert str(refusal.value) == "This draft has changed since you opened it. Read it again before you approve it."
    assert state_of(draft) == "in review"


def test_an_approval_is_given_up_when_the_draft_is_taken_back(manual, northshire_author, northshire_approver):
    draft = approved(by=northshire_author, approver=northshire_approver)

    taken = workflow.take_back(draft, by=northshire_author, now=LATER)

    assert (taken.approved_at, taken.approved_by, taken.submitted_at, taken.submitted_by) == (None,) * 4


def test_what_was_discarded_has_to_be_agreed_to_anew(manual, northshire_author, northshire_approver):
    draft = approved(by=northshire_author, approver=northshire_approver)
    workflow.discard(draft, by=northshire_author, now=LATER)

    back = workflow.bring_back(draft, by=northshire_author, now=LATER)

    assert (back.approved_at, back.submitted_at, state_of(back)) == (None, None, "draft")
    assert back.version.body == draft.version.body


# --- Comments -----------------------------------------------------------------------------------------------------


def test_a_comment_is_settled_once_and_stays(manual, northshire_author, northshire_approver):
    draft = submitted(by=northshire_author)
    said = workflow.comment(draft, "Which hub?", by=northshire_approver, now=NOW, anchor="p-1", quote="Call the hub.")

    workflow.settle(said, by=northshire_author, now=LATER)

    fields = ("text", "anchor", "quote", "person", "settled_by", "settled_at")
    assert Comment.objects.values_list(*fields).get() == (
        "Which hub?", "p-1", "Call the hub.", northshire_approver.pk, northshire_author.pk, LATER,
    )  # fmt: skip
    with pytest.raises(NotPossible) as refusal:
        workflow.settle(said, by=northshire_author, now=LATER)
    assert str(refusal.value) == "This comment has been settled already."


def test_a_draft_that_is_sent_back_keeps_the_reason_as_a_comment(manual, northshire_author, northshire_approver):
    draft = submitted(by=northshire_author)

    sent = workflow.ask_for_changes(draft, "Name the hub.", by=northshire_approver, now=LATER)

    assert (sent.submitted_at, sent.changes_asked_at) == (None, LATER)
    assert Comment.objects.values_list("person", "text").get() == (northshire_approver.pk, "Name the hub.")
    assert AuditEntry.objects.order_by("number").last().detail == "Name the hub."


# --- Who is told --------------------------------------------------------------------------------------------------


def letters() -> list[tuple[str, str]]:
    return list(Letter.objects.values_list("to", "subject"))


NAME = "3.1 Sharing information"


def test_a_submission_tells_the_approvers_who_may_agree(
    manual, northshire_author, northshire_approver, northshire_manager, southmoor_approver, regional_approver
):
    give(northshire_author, "approver")
    away = give(southmoor_approver, "approver")
    away.is_active = False
    away.save()

    submitted(by=northshire_author)

    assert letters() == [("northshire_approver@example.org", f"To approve: {NAME}")]


@pytest.mark.parametrize(
    ("step", "subject"),
    [("ask for changes", "Changes asked for"), ("approve", "Approved"), ("comment", "Comment on")],
)
def test_the_writers_are_told_of_what_others_say_but_not_of_their_own_words(
    manual, northshire_author, southmoor_author, northshire_approver, step, subject
):
    draft = begun(by=northshire_author)
    workflow.save(draft, {"body": "Ours."}, by=southmoor_author, revision=2, now=NOW)
    workflow.submit(draft, by=northshire_author, now=NOW, today=TODAY)
    Letter.objects.all().delete()

    STEPS[step](workflow.reread(draft), southmoor_author)

    [(to, told)] = letters()
    assert (to, told) == ("northshire_author@example.org", f"{subject}{' ' if step == 'comment' else ': '}{NAME}")


def test_an_e_mail_says_who_did_what_and_where_to_find_it(manual, northshire_author, northshire_approver):
    northshire_author.first_name, northshire_author.last_name = "Ann", "O’Author"
    northshire_author.save()

    draft = submitted(by=northshire_author)

    assert Letter.objects.get().text == (
        "Hello northshire_approver@example.org,\n\n"
        "Ann O’Author has submitted a draft of “3.1 Sharing information” for Northshire Safeguarding Partnership and "
        "asks for your approval.\n\n"
        "What it changes, and how to approve it or send it back:\n"
        f"http://localhost:8000/workspace/northshire/drafts/{draft.pk}/review/\n\n"
    )


def test_what_is_rolled_back_tells_nobody(
    manual, northshire_author, northshire_approver, django_capture_on_commit_callbacks
):
    draft = begun(by=northshire_author)

    with django_capture_on_commit_callbacks(execute=True), pytest.raises(ZeroDivisionError), transaction.atomic():
        workflow.submit(draft, by=northshire_author, now=NOW, today=TODAY)
        raise ZeroDivisionError

    assert (Letter.objects.count(), len(mail.outbox), state_of(draft)) == (0, 0, "draft")


def test_nothing_of_a_draft_is_public_before_it_is_published(
    manual, today, reader, northshire_author, northshire_approver
):
    published = Version.objects.published().count()

    for state in ("draft", "in review", "approved", "discarded"):
        draft = in_state(state, by=northshire_author, approver=northshire_approver, body="Unheardof words.")
        assert reader.get(f"/versions/{draft.pk}/").status_code == 404

    assert Version.objects.published().count() == published
    assert "Unheardof" not in reader.read(f"/in/northshire/sections/{SHARING}/").main
    assert Draft.objects.count() == 4
