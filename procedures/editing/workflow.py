"""The steps that a draft takes: saved, submitted, sent back, approved, discarded. Each is one transaction.

Who may take a step is for the view to ask (`partnerships.access`); whether it can be taken now is asked here, of the
draft as it stands under lock, and NotPossible says why not. Every step but saving is written into the audit log, last
of all; the people whom it concerns get an e-mail.
"""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from partnerships import access
from partnerships.audit import Action, record
from partnerships.models import Membership
from procedures.checks import Fault
from procedures.editing import letters
from procedures.editing.models import Comment, Draft
from procedures.editing.refusing import NotPossible, OutOfDate
from procedures.models import Version
from procedures.publishing import Refused, faults_of

WRITTEN = ("number", "title", "body", "change_note", "change_kind", "effective_date", "review_date")
A_SITTING = timedelta(minutes=30)  # within which the log has one entry for all that one person saves


@transaction.atomic
def save(draft: Draft, values: Mapping[str, Any], *, by: User, revision: int, now: datetime) -> Draft:
    """Save what somebody wrote: any of WRITTEN, by name. Gives the draft as it stands now.

    OutOfDate when `revision`, the one they began from, is no longer the draft's. Saving the same again changes nothing.
    """
    draft = locked(draft)
    if not draft.may_be_written:
        raise NotPossible(f"This draft cannot be changed: it is {draft.get_state_display().lower()}.")
    version = draft.version
    changed = {name: value for name, value in _tidy(values).items() if getattr(version, name) != value}
    if not changed:
        return draft
    if draft.revision != revision:
        raise OutOfDate(draft)
    for name, value in changed.items():
        setattr(version, name, value)
    version.save()
    is_new_sitting = draft.saved_by_id != by.pk or now - draft.saved_at > A_SITTING
    draft.revision, draft.saved_at, draft.saved_by = revision + 1, now, by
    draft.save(update_fields=["revision", "saved_at", "saved_by"])
    draft.writers.add(by)
    if is_new_sitting:
        log(draft, Action.DRAFT_SAVED, by=by, now=now)
    return draft


def _tidy(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as they are stored: line feeds alone end lines, whatever the browser sent."""
    return {
        name: value.replace("\r\n", "\n").replace("\r", "\n") if isinstance(value, str) else value
        for name, value in values.items()
        if name in WRITTEN
    }


def faults(draft: Draft, *, today: date) -> list[Fault]:
    """What would keep the draft from being published on its day, or today where it has none.

    A draft of a release is looked at as it will be published: with the others, on the release's day and with its note.
    """
    version = copy(draft.version)
    others = list(_released_with(draft))
    if draft.release:
        for released in (version, *others):
            released.effective_date, released.change_note = draft.release.effective_date, draft.release.note
    day, is_past = version.effective_date, bool(version.effective_date and version.effective_date < today)
    if is_past:
        for looked_at in (version, *others):
            looked_at.effective_date = today
    found = [fault for fault in faults_of([version, *others], today=today) if fault.version not in others]
    if is_past:
        message = f"The effective date, {day}, lies in the past. Choose today or a later day."
        found.append(Fault(version, "effective_date", message))
    return [replace(fault, version=draft.version) if fault.version is version else fault for fault in found]


def _released_with(draft: Draft) -> Iterator[Version]:
    """The other texts of the draft's release."""
    if draft.release:
        for other in Draft.objects.open().filter(release=draft.release).exclude(pk=draft.pk).with_texts():
            yield other.version


@transaction.atomic
def submit(draft: Draft, *, by: User, now: datetime, today: date) -> Draft:
    """Ask for an approver's word. Refused, with all of them, while the draft has faults."""
    draft = locked(draft)
    if not draft.may_be_written:
        raise NotPossible(f"This draft is {draft.get_state_display().lower()} already.")
    if found := faults(draft, today=today):
        raise Refused(found)
    draft.submitted_at, draft.submitted_by, draft.changes_asked_at = now, by, None
    draft.save(update_fields=["submitted_at", "submitted_by", "changes_asked_at"])
    people = _who_may_agree(draft, besides=by)
    letters.write(people, f"To approve: {draft.name}", "submitted", {"draft": draft, "by": by})
    log(draft, Action.SUBMITTED, by=by, now=now)
    return draft


@transaction.atomic
def take_back(draft: Draft, *, by: User, now: datetime) -> Draft:
    """Go on writing; an approval that was given is given up."""
    draft = locked(draft)
    if not draft.is_open or draft.submitted_at is None:
        raise NotPossible(f"This draft is not in review: it is {draft.get_state_display().lower()}.")
    _no_longer_submitted(draft)
    draft.save(update_fields=["submitted_at", "submitted_by", "approved_at", "approved_by"])
    log(draft, Action.TAKEN_BACK, by=by, now=now)
    return draft


@transaction.atomic
def ask_for_changes(draft: Draft, text: str, *, by: User, now: datetime) -> Draft:
    """Send the draft back to its writers, with a word on what to change."""
    draft = locked(draft)
    if not draft.is_open or draft.submitted_at is None:
        raise NotPossible(f"This draft is not in review: it is {draft.get_state_display().lower()}.")
    _no_longer_submitted(draft)
    draft.changes_asked_at = now
    draft.save(update_fields=["submitted_at", "submitted_by", "approved_at", "approved_by", "changes_asked_at"])
    Comment.objects.create(draft=draft, person=by, at=now, text=text)
    context = {"draft": draft, "by": by, "text": text}
    letters.write(_writers(draft, besides=by), f"Changes asked for: {draft.name}", "changes_asked_for", context)
    log(draft, Action.CHANGES_ASKED_FOR, by=by, now=now, detail=text)
    return draft


@transaction.atomic
def approve(draft: Draft, *, by: User, revision: int, now: datetime, today: date) -> Draft:
    """Agree to the draft as `revision` of it stands. Refused while it has faults."""
    draft = locked(draft)
    if not draft.is_open or draft.submitted_at is None:
        raise NotPossible(f"This draft is not in review: it is {draft.get_state_display().lower()}.")
    if draft.approved_at is not None:
        raise NotPossible("This draft is approved already.")
    if draft.revision != revision:
        raise NotPossible("This draft has changed since you opened it. Read it again before you approve it.")
    if found := faults(draft, today=today):
        raise Refused(found)
    draft.approved_at, draft.approved_by = now, by
    draft.save(update_fields=["approved_at", "approved_by"])
    letters.write(_writers(draft, besides=by), f"Approved: {draft.name}", "approved", {"draft": draft, "by": by})
    log(draft, Action.APPROVED, by=by, now=now)
    return draft


@transaction.atomic
def discard(draft: Draft, *, by: User, now: datetime) -> Draft:
    """Put the draft away. Its words are kept, and `bring_back` finds them."""
    draft = locked(draft)
    if not draft.is_open:
        raise NotPossible(f"This draft is {draft.get_state_display().lower()} already.")
    draft.discarded_at, draft.release = now, None
    draft.save(update_fields=["discarded_at", "release"])
    log(draft, Action.DISCARDED, by=by, now=now)
    return draft


@transaction.atomic
def bring_back(draft: Draft, *, by: User, now: datetime) -> Draft:
    """Take a discarded draft up again, to be written and reviewed anew."""
    draft = locked(draft)
    if draft.discarded_at is None:
        raise NotPossible("This draft has not been discarded.")
    draft.discarded_at = None
    _no_longer_submitted(draft)
    draft.save(update_fields=["discarded_at", "submitted_at", "submitted_by", "approved_at", "approved_by"])
    log(draft, Action.BROUGHT_BACK, by=by, now=now)
    return draft


@transaction.atomic
def comment(draft: Draft, text: str, *, by: User, now: datetime, anchor: str = "", quote: str = "") -> Comment:
    """Say something about one paragraph, by its anchor and its present words, or about the whole draft."""
    draft = locked(draft)
    if not draft.is_open:
        raise NotPossible(f"This draft is {draft.get_state_display().lower()}.")
    said = Comment.objects.create(draft=draft, person=by, at=now, text=text, anchor=anchor, quote=quote)
    context = {"draft": draft, "by": by, "text": text, "quote": quote}
    letters.write(_writers(draft, besides=by), f"Comment on {draft.name}", "commented", context)
    log(draft, Action.COMMENTED, by=by, now=now, detail=text)
    return said


@transaction.atomic
def settle(said: Comment, *, by: User, now: datetime) -> None:
    """Mark a comment as dealt with. It stays to be read."""
    draft = locked(said.draft)
    if not Comment.objects.filter(pk=said.pk, settled_at=None).update(settled_at=now, settled_by=by):
        raise NotPossible("This comment has been settled already.")
    log(draft, Action.COMMENT_SETTLED, by=by, now=now, detail=said.text)


def locked(draft: Draft) -> Draft:
    """The draft as it stands, which nobody else changes until this transaction ends."""
    list(Draft.objects.select_for_update(no_key=True).filter(pk=draft.pk).values_list("pk"))
    return reread(draft)


def reread(draft: Draft) -> Draft:
    """The draft as it stands in the database, for a page that is shown after a step was refused."""
    return Draft.objects.with_texts().get(pk=draft.pk)


def log(draft: Draft, action: Action, *, by: User, now: datetime, detail: str = "") -> None:
    """An entry about the draft in its partnership's audit log; the last thing that a transaction writes."""
    version: Version = draft.version
    record(
        version.partnership,
        action,
        by=by,
        at=now,
        about=draft.name,
        section=version.section.slug,
        version_id=version.pk,
        detail=detail,
    )


def _no_longer_submitted(draft: Draft) -> None:
    draft.submitted_at = draft.submitted_by = draft.approved_at = draft.approved_by = None


def _writers(draft: Draft, *, besides: User) -> list[User]:
    """Who wrote the draft or submitted it and can sign in, less the person who has just done something to it."""
    people = {writer.pk: writer for writer in draft.writers.filter(is_active=True)}
    if draft.submitted_by and draft.submitted_by.is_active:
        people[draft.submitted_by.pk] = draft.submitted_by
    return [person for pk, person in people.items() if pk != besides.pk]


def _who_may_agree(draft: Draft, *, besides: User) -> list[User]:
    partnership = draft.version.partnership
    writers = set(draft.writers.values_list("pk", flat=True))
    approvers = letters.members(partnership, Membership.Role.APPROVER)
    return [
        person for person in approvers if person.pk != besides.pk and access.may_agree(person, partnership, writers)
    ]
