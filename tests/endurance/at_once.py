"""Two approvers press “publish” at the same moment, on two drafts of one text."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.timezone import localdate, now

from partnerships.models import AuditEntry
from procedures.editing import releasing, workflow
from procedures.editing.models import Draft
from procedures.editing.refusing import NotPossible
from procedures.models import Version
from procedures.publishing import Refused
from tests.endurance import record
from tests.endurance.region import SHARING, an_addition, people
from tests.threads import in_threads


def in_a_thread(action: Callable[[], Any]) -> Any:
    """What an action gives on a connection of its own; raises what it raises."""
    [result] = in_threads(action)
    if isinstance(result, Exception):
        raise result
    return result


def publish_at_once(rounds: int) -> Counter[str]:
    """Do it `rounds` times, and give what those who came second were told, with how often.

    AssertionError when a round ends otherwise than with one text published and one refused, or the record is not whole.
    """
    told: Counter[str] = Counter()
    for number in range(rounds):
        drafts = in_a_thread(lambda number=number: _two_drafts(number))
        results = in_threads(*(partial(_publish, drafts[place], place) for place in (0, 1)))
        published = [result for result in results if isinstance(result, Version)]
        refused = [str(result) for result in results if isinstance(result, NotPossible | Refused)]
        assert (len(published), len(refused)) == (1, 1), f"Round {number + 1}: {results}"
        told[refused[0]] += 1
        [loser] = [draft for draft in drafts if draft.pk != published[0].pk]
        assert in_a_thread(lambda loser=loser: _is_as_it_was(loser)), f"Round {number + 1}: a draft is not as it was."
    assert in_a_thread(_counts) == (rounds, rounds), "A publication or its audit entry is missing."
    assert (faults := in_a_thread(record.faults)) == [], faults
    return told


def _two_drafts(number: int) -> list[Draft]:
    approver = people("approver")[0]
    return [an_addition(f"round{number}by{author.pk}", author, approver) for author in people("author")]


def _publish(draft: Draft, place: int) -> Version:
    by, day = people("approver")[place], localdate()
    return releasing.publish(draft, by=by, effective_date=day, now=now(), today=day)


def _is_as_it_was(draft: Draft) -> bool:
    stored = workflow.reread(draft)
    return (stored.state, stored.version.body) == (Draft.State.APPROVED, draft.version.body)


def _counts() -> tuple[int, int]:
    own = Version.objects.published().filter(section__slug=SHARING, partnership__slug="northshire")
    return own.count(), AuditEntry.objects.filter(action=AuditEntry.Action.PUBLISHED).count()
