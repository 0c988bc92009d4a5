"""A renumbering is proposed, and published by somebody who agrees, or discarded. Each is one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import transaction

from partnerships import access
from partnerships.audit import Action, record
from partnerships.models import Membership, Partnership
from procedures import renumbering
from procedures.editing import letters
from procedures.editing.models import Draft, Renumbering
from procedures.editing.refusing import NotPossible
from procedures.pages import in_words
from procedures.publishing import lock_the_manual
from procedures.renumbering import Plan

OWNERS = (Membership.Role.AUTHOR, Membership.Role.APPROVER, Membership.Role.MANAGER)


def plan_of(proposal: Renumbering, *, today: date) -> Plan:
    """What the renumbering takes as the manual stands now. The proposal may be unsaved."""
    return renumbering.plan(
        proposal.moves,
        partnership=proposal.partnership,
        effective_date=proposal.effective_date,
        note=proposal.note,
        make_room=proposal.makes_room,
        today=today,
    )


def drafts_concerned(plan: Plan) -> list[tuple[Draft, list[str]]]:
    """The open drafts, of whatever partnership, whose texts name numbers that move, and which numbers those are."""
    drafts = Draft.objects.open().with_texts().order_by("version__partnership", "pk")
    moving = {number for _, number in plan.new_numbers}
    named = [
        (draft, renumbering.mentioned(draft.version, plan))
        for draft in drafts
        if any(number in draft.version.body for number in moving)
    ]
    return [(draft, numbers) for draft, numbers in named if numbers]


@transaction.atomic
def propose(proposal: Renumbering, plan: Plan, *, by: User, now: datetime) -> None:
    """Save a proposal, whose plan is `plan`, and ask the partnership's approvers for their word."""
    proposal.proposed_by, proposal.proposed_at, proposal.name = by, now, _in_brief(plan)
    proposal.save()
    approvers = [
        person
        for person in letters.members(proposal.partnership, Membership.Role.APPROVER)
        if person.pk != by.pk and access.may_agree(person, proposal.partnership, [by.pk])
    ]
    context = {"proposal": proposal, "plan": plan, "by": by}
    letters.write(approvers, f"To approve: renumbering {proposal.name}", "renumbering_proposed", context)
    _log(proposal, Action.RENUMBERING_PROPOSED, plan, by=by, now=now)


@transaction.atomic
def publish(proposal: Renumbering, plan: Plan, *, by: User, now: datetime, today: date) -> None:
    """Publish a renumbering as `plan` has it, and tell everybody whose texts change.

    NotPossible when it is no longer waiting; Refused, when a text was published that the plan does not know of.
    """
    lock_the_manual()
    waiting = Renumbering.objects.filter(pk=proposal.pk, published_at=None, discarded_at=None)
    if not waiting.update(published_at=now, published_by=by):
        raise NotPossible("This renumbering has been published or discarded meanwhile.")
    concerned = drafts_concerned(plan)
    renumbering.carry_out(plan, by=by, author=proposal.proposed_by, today=today)
    _tell_owners(proposal, plan, by=by)
    _tell_writers(proposal, plan, concerned)
    _log(proposal, Action.RENUMBERED, plan, by=by, now=now)


@transaction.atomic
def discard(proposal: Renumbering, *, by: User, now: datetime) -> None:
    """Put a proposal away. NotPossible when it is no longer waiting."""
    waiting = Renumbering.objects.filter(pk=proposal.pk, published_at=None, discarded_at=None)
    if not waiting.update(discarded_at=now):
        raise NotPossible("This renumbering has been published or discarded already.")
    detail = f"From {in_words(proposal.effective_date)}."
    record(proposal.partnership, Action.RENUMBERING_DISCARDED, by=by, at=now, about=proposal.name, detail=detail)


def _tell_owners(proposal: Renumbering, plan: Plan, *, by: User) -> None:
    for partnership, count in _counts(plan).items():
        people = [person for person in letters.members(partnership, *OWNERS) if person.pk != by.pk]
        context = {"proposal": proposal, "plan": plan, "partnership": partnership, "count": count, "by": by}
        letters.write(people, f"Renumbered: {proposal.name}", "renumbered", context)


def _tell_writers(proposal: Renumbering, plan: Plan, concerned: Iterable[tuple[Draft, list[str]]]) -> None:
    drafts_of: dict[User, list[tuple[Draft, list[str]]]] = defaultdict(list)
    for draft, numbers in concerned:
        for writer in draft.writers.filter(is_active=True):
            drafts_of[writer].append((draft, numbers))
    for writer, drafts in drafts_of.items():
        context = {"proposal": proposal, "plan": plan, "drafts": drafts}
        letters.write([writer], "Numbers in your draft change", "renumbered_draft", context)


def _log(proposal: Renumbering, action: Action, plan: Plan, *, by: User, now: datetime) -> None:
    """An entry in the log of the partnership; of a publication, in the logs of all whose texts change."""
    counts = _counts(plan) if action == Action.RENUMBERED else {proposal.partnership: len(plan.changes)}
    moves = ", ".join(f"{change.moves_from} to {change.version.number}" for change in plan.moves)
    for partnership, count in sorted(counts.items(), key=lambda pair: pair[0].pk):  # in one order, as locks are taken
        texts = "1 text" if count == 1 else f"{count} texts"
        detail = f"{moves}, from {in_words(plan.effective_date)}: {texts}. {proposal.note}"
        record(partnership, action, by=by, at=now, about=proposal.name, detail=detail)


def _counts(plan: Plan) -> Mapping[Partnership, int]:
    """How many texts of each partnership change."""
    return {
        partnership: len({change.version.section_id for change in plan.changes_of(partnership)})
        for partnership in plan.partnerships
    }


def _in_brief(plan: Plan) -> str:
    """What is asked for, in a few words: "2.10 to 2.11, Consent"."""
    asked = [f"{change.moves_from} to {change.version.number}" for change in plan.asked]
    if len(asked) == 1:
        return f"{asked[0]}, {plan.asked[0].version.title}"[:200]
    return ", ".join(asked[:3]) + (f" and {len(asked) - 3} more" if len(asked) > 3 else "")
