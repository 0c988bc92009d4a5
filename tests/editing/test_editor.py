"""The page on which a draft is written: who may, what is kept, and what stands around the text."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from partnerships.models import Membership
from procedures import publishing
from procedures.editing import workflow
from procedures.editing.models import Draft
from procedures.models import Version
from tests.editing.editors import FILLED, TODAY, address, begin_draft, client_of, sent
from tests.reader import Page, has
from tests.world import publish

# --- Who --------------------------------------------------------------------------------------------------------------


def test_an_author_finds_the_text_in_a_form_and_beside_it_what_readers_will_see(draft, northshire_author):
    page = Page(client_of(northshire_author).get(address(draft)))

    assert page.heading == "Edit 3.1 Sharing information"
    assert page.elements("//textarea[@name='body']")[0].text.strip() == FILLED.strip()
    assert page.texts(f"//*[{has('seen__title')}]") == ["3.1 Sharing information"]
    assert page.texts(f"//div[{has('prose')}]") == [
        "The rules Follow the advice of May 2024. See Section 2.10. Share what is needed.",
        "Call northcanary hub.",
        "Here Also forcewide.",
        "Here Also northcanary.",
    ]


@pytest.mark.parametrize("end", ["", "preview/", "save/"])
@pytest.mark.parametrize("person", ["outsider", "southmoor_author", "regional_author"])
def test_a_stranger_to_the_partnership_finds_no_draft(request, draft, person, end):
    client = client_of(request.getfixturevalue(person))

    statuses = client.get(address(draft, end)).status_code, client.post(address(draft, end), sent(draft)).status_code

    assert statuses == ((405, 404) if end == "save/" else (404, 404))
    assert Version.objects.get(pk=draft.pk).body == FILLED


@pytest.mark.parametrize("end", ["", "preview/", "save/"])
def test_another_partnerships_draft_is_not_among_ones_own(regional_draft, northshire_author, end):
    url = f"/workspace/northshire/drafts/{regional_draft.pk}/{end}"

    assert client_of(northshire_author).post(url, sent(regional_draft)).status_code == 404


def test_an_approver_reads_a_draft_and_does_not_write_it(draft, northshire_approver):
    client = client_of(northshire_approver)

    page, answer = Page(client.get(address(draft))), client.post(address(draft), sent(draft, body="Mine."))

    assert (page.status, page.elements("//textarea"), answer.status_code) == (200, [], 403)
    assert page.notices == ["You can read this draft. Authors of Northshire write it."]


def test_a_manager_has_no_business_with_a_text(draft, northshire_manager):
    assert client_of(northshire_manager).get(address(draft)).status_code == 403


def test_a_script_is_told_that_its_person_is_signed_out(draft):
    headers = {"X-Requested-With": "XMLHttpRequest"}

    answer = Client().post(address(draft, "save/"), sent(draft), headers=headers)

    assert (answer.status_code, answer.content.decode()) == (401, "You are not signed in any more.")


def test_other_methods_are_refused(draft, northshire_author):
    client = client_of(northshire_author)

    statuses = [
        client.put(address(draft)).status_code,
        client.delete(address(draft, "preview/")).status_code,
        client.get(address(draft, "save/")).status_code,
        client.post("/workspace/northshire/find/").status_code,
    ]

    assert statuses == [405, 405, 405, 405]


# --- Fields -----------------------------------------------------------------------------------------------------------


def test_a_local_addition_has_no_number_to_fill_in(draft, northshire_author):
    page = Page(client_of(northshire_author).get(address(draft)))

    assert page.elements("//input[@name='number']") == []


def test_regional_text_and_a_local_procedure_have_a_number(regional_draft, southmoor_author):
    procedure = begin_draft(southmoor_author, of="southmoor", slug="harbour-children")

    pages = [Page(client_of(each.version.author).get(address(each))) for each in (regional_draft, procedure)]

    assert [page.elements("//input[@name='number']/@value") for page in pages] == [["3.1"], ["4.1"]]


def test_a_number_that_is_sent_for_a_local_addition_is_not_kept(draft, northshire_author):
    client_of(northshire_author).post(address(draft), sent(draft, number="9.9", title="Ours"))

    assert Version.objects.get(pk=draft.pk).number == ""


@pytest.mark.parametrize(
    "fields, message",
    [
        ({"number": "three"}, "“three” is not a section number such as 3.7 or 2.10."),
        ({"title": " "}, "Section 3.1 needs a title."),
        ({"effective_date_0": "31", "effective_date_1": "2", "effective_date_2": "2026"}, "There is no such day"),
        (
            {
                "effective_date_0": "1", "effective_date_1": "3", "effective_date_2": "2026",
                "review_date_0": "1", "review_date_1": "2", "review_date_2": "2026",
            },
            "The review date lies before the day on which the text takes effect.",
        ),
    ],
)  # fmt: skip
def test_what_could_never_be_kept_is_refused_and_nothing_typed_is_lost(
    regional_draft, regional_author, fields, message
):
    answer = client_of(regional_author).post(address(regional_draft), sent(regional_draft, body="New words.", **fields))

    page = Page(answer)
    assert answer.status_code == 422
    assert message in page.texts(f"//*[{has('govuk-error-summary')}]")[0]
    assert page.elements("//textarea[@name='body']")[0].text.strip() == "New words."
    assert Version.objects.get(pk=regional_draft.pk).body != "New words."


# --- Saving -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("button, end", [("save", ""), ("preview", "preview/"), ("submit", "submit/")])
def test_each_button_saves_and_leads_on(draft, northshire_author, button, end):
    fields = sent(draft, body="Ours.\r\nTwo lines.\r\n", change_note="Why.", effective_date_0="1", effective_date_1="3")
    del fields["save"]

    answer = client_of(northshire_author).post(address(draft), fields | {"effective_date_2": "2025", button: ""})

    assert (answer.status_code, answer["Location"]) == (302, address(draft, end))
    saved = Version.objects.get(pk=draft.pk)
    assert (saved.body, saved.change_note, saved.effective_date) == ("Ours.\nTwo lines.\n", "Why.", date(2025, 3, 1))


def test_whoever_saves_second_is_shown_both_texts(draft, northshire_author, region):
    colleague = User.objects.create_user("cleo", "cleo@example.org", "a good long password", first_name="Cleo")
    Membership.objects.create(user=colleague, partnership=region["northshire"], role="author")
    client_of(colleague).post(address(draft), sent(draft, body="Theirs.", title="Their title"))

    answer = client_of(northshire_author).post(address(draft), sent(draft, body="Mine."))

    page = Page(answer)
    assert answer.status_code == 409
    assert page.elements("//textarea[@name='body']")[0].text.strip() == "Mine."
    assert page.elements("//textarea[@id='theirs']")[0].text.strip() == "Theirs."
    assert "Title, as they saved it: Their title" in page.main
    assert page.texts("//div[contains(@class, 'clash')]//del") == ["Theirs."]
    assert Version.objects.get(pk=draft.pk).body == "Theirs."


def test_saving_again_from_there_keeps_ones_own(draft, northshire_author):
    client = client_of(northshire_author)
    client.post(address(draft), sent(draft, body="Theirs."))
    page = Page(client.post(address(draft), sent(draft, body="Mine.")))
    [revision] = page.elements("//input[@name='revision']/@value")

    answer = client.post(address(draft), sent(draft, body="Mine.", revision=revision))

    assert (answer.status_code, Version.objects.get(pk=draft.pk).body) == (302, "Mine.")


def test_a_draft_in_review_is_shown_and_not_changed(draft, northshire_author):
    version = draft.version
    workflow.save(draft, {"change_note": "Why."}, by=northshire_author, revision=1, now=now())
    workflow.submit(Draft.objects.get(), by=northshire_author, now=now(), today=TODAY)
    client = client_of(northshire_author)

    page, answer = Page(client.get(address(draft))), client.post(address(draft), sent(draft, body="Late.", revision=2))

    told = "While a draft is in review or approved nobody changes it. To go on writing, take it back first."
    assert (page.elements("//textarea"), page.notices) == ([], [told])
    assert answer.status_code == 409
    assert Version.objects.get(pk=version.pk).body == FILLED


# --- Saving on the way ------------------------------------------------------------------------------------------------


def autosave(person: User, draft: Draft, **fields: Any) -> tuple[int, dict[str, Any]]:
    answer = client_of(person).post(
        address(draft, "save/"), sent(draft, **fields), headers={"Accept": "application/json"}
    )
    return answer.status_code, answer.json()


def test_words_are_saved_on_the_way_and_the_time_is_told(draft, northshire_author):
    status, told = autosave(northshire_author, draft, body="On the way.")

    assert (status, told["revision"], told["left_out"]) == (200, 2, [])
    assert len(told["saved_at"]) == len("14:32")
    assert Version.objects.get(pk=draft.pk).body == "On the way."


def test_on_the_way_what_is_valid_is_saved_and_the_rest_is_named(regional_draft, regional_author):
    status, told = autosave(
        regional_author, regional_draft, body="On the way.", number="3.", effective_date_0="4", effective_date_2="2025"
    )

    version = Version.objects.get(pk=regional_draft.pk)
    assert (status, version.body, version.number, version.effective_date) == (200, "On the way.", "3.1", None)
    assert told["left_out"] == [
        "Number: “3.” is not a section number such as 3.7 or 2.10.",
        "When should it take effect?: Enter a day, a month and a year in numbers, such as 5 4 2027.",
    ]


def test_on_the_way_nobody_elses_words_are_written_over(draft, northshire_author):
    autosave(northshire_author, draft, body="Theirs.")

    status, told = autosave(northshire_author, draft, body="Mine.")

    assert status == 409
    assert told["message"].startswith("northshire_author@example.org saved this draft at ")
    assert Version.objects.get(pk=draft.pk).body == "Theirs."


def test_what_does_not_say_which_revision_it_began_from_is_refused(draft, northshire_author):
    status, told = autosave(northshire_author, draft, body="Mine.", revision="")

    assert (status, told) == (400, {"message": "Which revision is saved was not said. Open the draft again."})


# --- What it costs ----------------------------------------------------------------------------------------------------


def test_the_editor_takes_the_same_number_of_queries_with_many_more_versions(draft, northshire_author):
    client = client_of(northshire_author)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address(draft)).status_code == 200
        return len(captured)

    queries()
    few = queries()
    for day in range(1, 15):
        publish("consent", number="2.10", on=date(2024, 1, day), body=f"Consent of day {day}. See Section 3.1.\n")
    queries()

    assert queries() == few


# --- What happens around it -------------------------------------------------------------------------------------------


def test_an_author_is_told_that_the_text_was_published_meanwhile(draft, northshire_author):
    publish("sharing-information", by="northshire", on=date(2025, 1, 10), body="Meanwhile northcanary.\n")

    page = Page(client_of(northshire_author).get(address(draft)))

    assert page.notices[0] == (
        "Somebody published another version of this text since this draft was begun. "
        "Bring the two together before you submit yours."
    )
    assert ("Bring the two texts together", address(draft, "merge/")) in page.links("//main")


def test_what_reviewers_ask_for_stands_above_the_text(draft, northshire_author, northshire_approver):
    workflow.comment(draft, "Name the hub.", by=northshire_approver, now=now(), quote="Call northcanary hub.")

    page = Page(client_of(northshire_author).get(address(draft)))

    assert page.texts("//main//details")[:1] == [
        "1 comment to settle On “Call northcanary hub.” northshire_approver@example.org: Name the hub."
    ]


def test_a_discarded_draft_is_kept_and_shown(draft, northshire_author):
    workflow.discard(draft, by=northshire_author, now=now())

    page = Page(client_of(northshire_author).get(address(draft)))

    assert (page.notices, page.elements("//textarea")) == (["This draft was discarded. Its words are kept."], [])


def test_a_published_draft_leads_to_what_was_published(draft, northshire_author, northshire_approver):
    version = Version.objects.get(pk=draft.pk)
    version.change_note = "Why."
    version.save()
    publishing.publish(version, by=northshire_approver, effective_date=TODAY, today=TODAY)

    page = Page(client_of(northshire_author).get(address(draft)))

    assert page.status == 200
    assert ("The published version", f"/versions/{draft.pk}/") in page.links("//main")
