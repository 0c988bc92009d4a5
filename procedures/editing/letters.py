"""E-mails to editors: written with what they tell of, sent after the commit, and kept until they have gone out."""

import logging
from collections.abc import Iterable
from datetime import datetime
from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils.timezone import now

from partnerships.models import Membership, Partnership
from procedures.editing.models import Letter

log = logging.getLogger(__name__)


def members(partnership: Partnership, *roles: str) -> list[User]:
    """The people with one of `roles` in the partnership who can sign in, each once."""
    held = Membership.objects.filter(partnership=partnership, role__in=roles)
    return list(User.objects.filter(Q(pk__in=held.values("user")), is_active=True).order_by("pk"))


def write(people: Iterable[User], subject: str, template: str, context: dict[str, Any]) -> None:
    """Write one e-mail to each of `people`, from templates/editing/email/`template`.txt, to be sent after the commit.

    The template gets `context`, the `person` and the `site_url`.
    """
    letters = [
        Letter(
            to=person.email,
            subject=" ".join(subject.split())[:200],  # in one line, whatever stands in a title
            text=render_to_string(
                f"editing/email/{template}.txt", context | {"person": person, "site_url": settings.SITE_URL}
            ),
            written_at=now(),
        )
        for person in dict.fromkeys(people)
        if person.email
    ]
    if Letter.objects.bulk_create(letters):
        transaction.on_commit(lambda: send_waiting(now()), robust=True)


def send_waiting(moment: datetime) -> int:
    """Send what waits, oldest first, and give how many went out.

    Each is claimed first, so that two processes never send the same. One that the mail server does not take for its
    address or its words keeps its claim, and is tried again when that has run out. Any other trouble is the server's
    own and ends the round: the rest waits for the next one.
    """
    sent = 0
    for letter in Letter.objects.waiting(moment)[:200]:
        if not Letter.objects.waiting(moment).filter(pk=letter.pk).update(claimed_at=moment):
            continue
        try:
            send_mail(letter.subject, letter.text, None, [letter.to])
        except (SMTPException, OSError) as error:
            log.warning("The e-mail %s to %s waits: %s", letter.pk, letter.to, error)
            if _concerns_one_letter(error):
                continue
            Letter.objects.filter(pk=letter.pk).update(claimed_at=None)
            return sent
        Letter.objects.filter(pk=letter.pk).update(sent_at=moment)
        sent += 1
    return sent


def _concerns_one_letter(error: Exception) -> bool:
    return isinstance(error, SMTPRecipientsRefused) or (isinstance(error, SMTPDataError) and error.smtp_code >= 500)
