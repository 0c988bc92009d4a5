"""E-mails to editors: written with what they tell of, sent after the commit, kept until they have gone out."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import transaction

from partnerships.models import Membership
from procedures.editing import letters
from procedures.editing.letters import send_waiting
from procedures.editing.models import Letter
from tests.editing.drafts import give, submitted
from tests.mailbox import Mailbox
from tests.threads import in_threads, open_to_threads

NOW = datetime(2025, 1, 15, 10, tzinfo=UTC)


def letter(to: str = "a@example.org", **fields) -> Letter:
    return Letter.objects.create(to=to, subject=f"To {to}", text="Hello.", written_at=NOW, **fields)


def subjects() -> list[str]:
    return [message.subject for message in mail.outbox]


def unsent() -> list[str]:
    return list(Letter.objects.filter(sent_at__isnull=True).values_list("to", flat=True))


def test_a_letter_is_written_in_the_transaction_and_sent_after_it(
    manual, northshire_author, northshire_approver, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        submitted(by=northshire_author)
        assert (len(unsent()), subjects()) == (1, [])

    assert (unsent(), subjects()) == ([], ["To approve: 3.1 Sharing information"])


def test_a_letter_is_sent_once(db):
    letter()

    assert [send_waiting(NOW), send_waiting(NOW + timedelta(days=1)), len(mail.outbox)] == [1, 0, 1]


def test_a_letter_waits_while_the_mail_server_is_down_and_is_sent_later(db, settings, smtp):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    letter()

    down = send_waiting(NOW)
    mailbox = smtp(Mailbox())
    up = send_waiting(NOW)

    assert (down, up, unsent()) == (0, 1, [])
    assert [recipients for _, recipients, _ in mailbox.received] == [["a@example.org"]]


def test_a_step_is_taken_although_the_mail_server_is_down(
    manual, settings, northshire_author, northshire_approver, django_capture_on_commit_callbacks
):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1

    with django_capture_on_commit_callbacks(execute=True):
        draft = submitted(by=northshire_author)

    assert (draft.submitted_by, unsent()) == (northshire_author, ["northshire_approver@example.org"])


def test_a_letter_that_the_mail_server_refuses_holds_up_no_other(db, smtp):
    mailbox = smtp(Mailbox(unknown=("gone@example.org",)))
    letter("gone@example.org")
    letter("b@example.org")

    sent = send_waiting(NOW)

    assert (sent, unsent()) == (1, ["gone@example.org"])
    assert [recipients for _, recipients, _ in mailbox.received] == [["b@example.org"]]


def test_a_mail_server_that_takes_nothing_is_not_asked_for_every_letter(db, smtp):
    mailbox = smtp(Mailbox("421 too busy"))
    letter("a@example.org")
    letter("b@example.org")

    assert (send_waiting(NOW), unsent(), len(mailbox.received)) == (0, ["a@example.org", "b@example.org"], 1)


@pytest.mark.parametrize(("minutes", "sent"), [(9, 0), (10, 0), (11, 1)])
def test_what_somebody_began_to_send_is_tried_again_after_ten_minutes(db, minutes, sent):
    letter(claimed_at=NOW - timedelta(minutes=minutes))

    assert send_waiting(NOW) == sent


@pytest.mark.django_db(transaction=True)
def test_two_who_send_at_once_send_each_letter_once(tmp_path, smtp):
    mailbox = smtp(Mailbox())
    for number in range(20):
        letter(f"{number}@example.org")

    with open_to_threads(tmp_path):
        sent = in_threads(lambda: send_waiting(NOW), lambda: send_waiting(NOW))
        [waiting] = in_threads(unsent)

    assert (sum(sent), waiting) == (20, [])
    assert sorted(int(to.split("@")[0]) for _, [to], _ in mailbox.received) == list(range(20))


def test_an_e_mail_has_one_line_of_subject_however_a_title_was_sent(
    manual, northshire_author, northshire_approver, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        submitted(by=northshire_author, title="One\nBcc: everybody@example.org")

    assert subjects() == ["To approve: One Bcc: everybody@example.org"]
    assert mail.outbox[0].recipients() == ["northshire_approver@example.org"]


def test_somebody_without_an_address_and_somebody_named_twice_cause_no_trouble(region, northshire_author, outsider):
    outsider.email = ""

    with transaction.atomic():
        letters.write(
            [northshire_author, outsider, northshire_author],
            "Hello",
            "approved",
            {"draft": begun_in(region), "by": outsider},
        )

    assert list(Letter.objects.values_list("to", flat=True)) == ["northshire_author@example.org"]


def begun_in(region) -> object:
    """Something with the names that the template asks for."""
    from procedures.editing.models import Draft
    from procedures.models import Section, Version

    version = Version(pk=1, section=Section(slug="x"), partnership=region["northshire"], title="A title")
    return Draft(version=version)


def test_the_members_with_a_role_are_those_who_can_sign_in_each_once(region, northshire_author, northshire_approver):
    give(northshire_author, "approver")
    northshire_approver.is_active = False
    northshire_approver.save()

    roles = (Membership.Role.AUTHOR, Membership.Role.APPROVER)
    assert letters.members(region["northshire"], *roles) == [northshire_author]


def test_the_command_sends_what_waits_and_says_how_many(db):
    letter()
    letter(claimed_at=datetime.now(UTC))
    told = StringIO()

    call_command("send_letters", stdout=told)

    assert told.getvalue() == "Sent: 1. Waiting: 1.\n"
