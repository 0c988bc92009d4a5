"""A renumbering, published: all of it in one transaction, or none."""

from copy import copy
from datetime import date

from django.contrib.auth.models import User
from django.db import transaction

from procedures.models import Version
from procedures.publishing import Refused, lock_the_manual, publish_together
from procedures.renumbering.moving import NotMovable
from procedures.renumbering.plans import Plan


def carry_out(plan: Plan, *, by: User, today: date, author: User | None = None) -> list[Version]:
    """Publish everything in a plan, written by `author` (or `by`) and approved by `by`, and give the sealed versions.

    With nothing written, it raises NotMovable or Refused for a plan that is not possible, and Refused when a text was
    published meanwhile that the plan does not know of.
    """
    if plan.objections:
        raise NotMovable(plan.objections[0])
    if plan.faults:
        raise Refused(list(plan.faults))
    drafts = [copy(change.version) for change in plan.changes]
    for draft in drafts:
        draft.author = author or by
    with transaction.atomic():
        lock_the_manual()
        Version.objects.bulk_create(drafts, batch_size=500)
        return publish_together(drafts, by=by, today=today)
