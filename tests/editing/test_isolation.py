"""Nothing of another partnership's stands anywhere in a workspace, be it published, scheduled, drafted or discarded."""

from datetime import date

import pytest

from procedures.editing import beginning, workflow
from procedures.editing.models import Draft
from procedures.models import Version
from tests import world
from tests.editing.drafts import NOW, PLACE, SHARING, SOON, TODAY, begun, in_state, published, signed_in, submitted
from tests.reader import Page

OTHERS = {"southcanary", "eastcanary"}
ASKED_FOR = [
    "/workspace/", f"{PLACE}/", f"{PLACE}/?q=harbour", f"{PLACE}/?q=southcanary", f"{PLACE}/find/?q=southcanary",
    f"{PLACE}/find/?q=4.1", f"{PLACE}/sections/harbour-children/", f"{PLACE}/sections/canary-cove/",
    "/workspace/edit/harbour-children/", "/workspace/edit/canary-cove/", "/workspace/southmoor/",
    "/workspace/southmoor/sections/consent/", "/workspace/southmoor/releases/", "/workspace/southmoor/audit/",
]  # fmt: skip


@pytest.fixture
def southmoor_at_work(manual, today, region, southmoor_author, southmoor_approver) -> list[Draft]:
    """Southmoor's canary wherever its workspace may hold a word; gives its drafts."""
    people = {"by": southmoor_author, "approver": southmoor_approver, "of": "southmoor"}
    canary = {"body": "Still southcanary. See Section 2.10.", "change_note": "For southcanary."}
    published("consent", **people, **canary)
    published("consent", **people, **canary, on=SOON)
    title = "The southcanary harbour"
    world.publish(
        "harbour-children", by="southmoor", number="4.1", title=title, on=date(2023, 1, 1), body=canary["body"]
    )
    world.make_release(region["southmoor"], by=southmoor_author, name="Southcanary", note="For southcanary.")
    world.make_document("southcanary-form", by="southmoor")
    world.make_contact(region["southmoor"], name="southcanary")
    cove = beginning.begin_new_section(
        "canary-cove", "4.2", "Southcanary cove", region["southmoor"], by=southmoor_author, now=NOW, today=TODAY
    )
    drafts = [in_state(state, **people, **canary) for state in ("draft", "in review", "approved", "discarded")]
    workflow.comment(drafts[0], "More of southcanary.", by=southmoor_approver, now=NOW)
    return [cove, *drafts]


def test_no_page_of_a_workspace_shows_another_partnerships_words(
    southmoor_at_work, region, northshire_author, northshire_approver, northshire_manager
):
    begun("consent", by=northshire_author, body="Ours.")
    submitted(by=northshire_author)
    world.make_release(region["northshire"], by=northshire_author)
    failed, leaked, seen = [], [], set()

    for person in (northshire_author, northshire_approver, northshire_manager):
        client, waiting, met = signed_in(person), list(ASKED_FOR), set(ASKED_FOR)
        while waiting:
            url = waiting.pop()
            response = client.get(url)
            if response.status_code not in (200, 302, 403, 404):
                failed.append((url, response.status_code))
            text = response.getvalue().decode().casefold().replace(url.casefold(), "")
            leaked += [(person.username, url, word) for word in OTHERS if word in text and "?q=" not in url]
            if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
                continue
            seen.add(url)
            for _, address in Page(response).links("//body"):
                address = address.split("#")[0]
                if address.startswith("/workspace/") and address not in met:
                    met.add(address)
                    waiting.append(address)

    assert (failed, leaked) == ([], [])
    assert len(seen) > 25


@pytest.mark.parametrize("who", ["northshire_author", "northshire_approver", "regional_author", "outsider"])
def test_every_address_of_anothers_draft_is_not_there(southmoor_at_work, request, who):
    client = signed_in(request.getfixturevalue(who))
    own = "heartland" if who.startswith("regional") else "northshire"
    pages = (
        "", "review/", "submit/", "take-back/", "ask-for-changes/", "approve/", "publish/", "comment/", "merge/",
        "discard/", "bring-back/", "preview/", "save/", "comments/1/settle/",
    )  # fmt: skip
    before = list(Draft.objects.order_by("pk").values_list("pk", "revision", "submitted_at", "discarded_at"))

    found = {
        (slug, page, status)
        for draft in southmoor_at_work
        for page in pages
        for slug in ("southmoor", own)
        for status in (
            client.get(f"/workspace/{slug}/drafts/{draft.pk}/{page}").status_code,
            client.post(f"/workspace/{slug}/drafts/{draft.pk}/{page}", {"text": "x", "when": "today"}).status_code,
        )
        if status not in (404, 405) and (slug == "southmoor" or status != 403)
    }

    assert found == set()
    assert list(Draft.objects.order_by("pk").values_list("pk", "revision", "submitted_at", "discarded_at")) == before
    assert Version.objects.filter(section__slug=SHARING, partnership__slug="southmoor", published_at=None).count() == 4
