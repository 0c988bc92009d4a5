"""From a draft to readers and back: the whole way of a text through the workspace, by HTTP alone."""

from datetime import date

from django.core import mail

from partnerships.audit import AuditEntry
from procedures.editing.models import Draft
from procedures.models import Version
from tests.editing.drafts import PLACE, signed_in


def test_a_local_addition_is_written_reviewed_scheduled_and_read(
    manual, today, reader, northshire_author, northshire_approver, django_capture_on_commit_callbacks
):
    author, approver = signed_in(northshire_author), signed_in(northshire_approver)

    with django_capture_on_commit_callbacks(execute=True):
        began = author.post(f"{PLACE}/sections/sharing-information/begin/")
        draft = Draft.objects.get()
        values = {
            "body": "::: fill front-door\nCall the new hub. See Section 2.10.\n:::\n",
            "change_note": "The hub has moved.",
            "change_kind": "major",
            "revision": draft.revision,
        }
        saved = author.post(f"{PLACE}/drafts/{draft.pk}/", values)
        submitted = author.post(f"{PLACE}/drafts/{draft.pk}/submit/")
        page = approver.get(f"{PLACE}/drafts/{draft.pk}/review/")
        draft.refresh_from_db()
        approved = approver.post(f"{PLACE}/drafts/{draft.pk}/approve/", {"revision": draft.revision})
        day = {"when": "later", "day_0": "1", "day_1": "3", "day_2": "2025"}
        published = approver.post(f"{PLACE}/drafts/{draft.pk}/publish/", day)

    answers = [began, saved, submitted, page, approved, published]
    assert [answer.status_code for answer in answers] == [302, 302, 302, 200, 302, 302]
    version = Version.objects.get(pk=draft.pk)
    assert (version.effective_date, version.approver_name) == (date(2025, 3, 1), "northshire_approver")
    where = "/in/northshire/on/{}/sections/sharing-information/"
    assert "Call the new hub" not in reader.read(where.format("2025-02-28")).main
    assert "Call the new hub" in reader.read(where.format("2025-03-01")).main
    assert [letter.to for letter in mail.outbox] == [
        ["northshire_approver@example.org"],
        ["northshire_author@example.org"],
        ["northshire_author@example.org"],
    ]
    assert list(AuditEntry.objects.order_by("number").values_list("action", flat=True)) == [
        "draft-begun",
        "submitted",
        "approved",
        "scheduled",
    ]


def test_every_page_opens(manual, today, administrator):
    client = signed_in(administrator)
    client.post(f"{PLACE}/sections/sharing-information/begin/")
    draft = Draft.objects.get()

    pages = [
        client.get(url).status_code
        for url in (
            "/workspace/",
            f"{PLACE}/",
            "/workspace/heartland/",
            f"{PLACE}/?q=3.1",
            f"{PLACE}/sections/new/",
            f"{PLACE}/sections/sharing-information/",
            f"{PLACE}/sections/consent/",
            f"{PLACE}/sections/sharing-information/withdraw/",
            f"{PLACE}/drafts/{draft.pk}/",
            f"{PLACE}/drafts/{draft.pk}/review/",
            f"{PLACE}/drafts/{draft.pk}/submit/",
            f"{PLACE}/drafts/{draft.pk}/discard/",
            f"{PLACE}/releases/",
            f"{PLACE}/releases/new/",
            "/workspace/edit/sharing-information/",
        )
    ]

    assert pages == [200] * len(pages)
