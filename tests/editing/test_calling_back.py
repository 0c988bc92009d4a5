"""Scheduled texts called back before their day. The days lie far ahead, so that the clock's own day is before them."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command

from partnerships.audit import AuditEntry
from procedures import publishing, sealing
from procedures.editing import beginning, releasing, workflow
from procedures.editing.models import Release
from procedures.editing.refusing import NotPossible
from procedures.models import Version
from tests import world
from tests.editing.drafts import (
    ELSEWHERE,
    NOW,
    PLACE,
    SHARING,
    TODAY,
    actions,
    approved,
    errors,
    faults_shown,
    give,
    published,
    signed_in,
)
from tests.reader import Page, Reader

DAY = date(2090, 3, 1)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


@pytest.fixture
def people(manual, today, northshire_author, northshire_approver):
    return {"by": northshire_author, "approver": northshire_approver}


@pytest.fixture
def approver(people, northshire_approver):
    return signed_in(northshire_approver)


@pytest.fixture(autouse=True)
def _the_record_holds(db):
    """Whatever a test here does, every digest holds when it is done."""
    yield
    assert list(sealing.breaches()) == []


def url_of(version: Version, place: str = PLACE) -> str:
    return f"{place}/versions/{version.pk}/call-back/"


def call_back(client, version: Version, **values) -> Page:
    return Page(client.post(url_of(version), {"text": "The hub has not moved."} | values, follow=True))


def words_on(reader: Reader, day: date, slug: str = SHARING, place: str = "/in/northshire") -> str:
    return reader.read(f"{place}/on/{day}/sections/{slug}/").main


# --- What it does -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("day", [BEFORE, DAY, AFTER])
def test_what_is_in_force_before_goes_on(people, approver, reader, day):
    version = published(body="The new words.", on=DAY, **people)
    scheduled = words_on(reader, day)

    call_back(approver, version)

    assert ("The new words." in scheduled) == (day >= DAY)
    assert ("The new words." in words_on(reader, day), "northcanary" in words_on(reader, day)) == (False, True)


@pytest.mark.parametrize("day", [BEFORE, DAY, AFTER])
def test_a_regional_text_is_called_back(manual, today, reader, regional_author, regional_approver, day):
    version = published(
        "consent", body="The new words.", on=DAY, of="heartland", by=regional_author, approver=regional_approver
    )

    signed_in(regional_approver).post(url_of(version, "/workspace/heartland"), {"text": "Too early."})

    text = words_on(reader, day, "consent", "")
    assert ("The new words." in text, "Consent and confidentiality." in text) == (False, True)


@pytest.mark.parametrize("day", [BEFORE, DAY, AFTER])
def test_an_addition_that_was_the_first_is_withdrawn_for_its_day(people, approver, reader, day):
    version = published("consent", body="Our first words.", on=DAY, **people)

    call_back(approver, version)

    restating = Version.objects.filter(section=version.section, partnership=version.partnership).latest("published_at")
    assert (restating.withdrawn, restating.body, restating.effective_date) == (True, "", DAY)
    text = words_on(reader, day, "consent")
    assert ("Our first words." in text, "Consent and confidentiality." in text) == (False, True)


def test_the_record_keeps_who_called_what_back_and_why(people, approver, northshire_approver):
    version = published(body="The new words.", on=DAY, **people)

    page = call_back(approver, version)

    assert page.notices == ["Called back: 1 text."]
    newest = Version.objects.filter(section=version.section, partnership=version.partnership).latest("published_at")
    assert (newest.change_kind, newest.change_note, newest.approver_name) == (
        "minor",
        "Calls back the text that was to take effect on this day: The hub has not moved.",
        "northshire_approver",
    )
    entry = AuditEntry.objects.order_by("number").last()
    assert (entry.action, entry.version_id, entry.person_id, entry.section, entry.detail) == (
        "called-back",
        version.pk,
        northshire_approver.pk,
        SHARING,
        "It would have taken effect on 1 March 2090. The hub has not moved.",
    )


def test_the_proof_of_the_record_passes_after_it(people, approver):
    call_back(approver, published(body="The new words.", on=DAY, **people))
    told = StringIO()

    call_command("verify_history", stdout=told)

    assert "every digest holds." in told.getvalue()


def test_afterwards_the_text_can_be_edited_and_scheduled_again(people, approver, reader):
    call_back(approver, published(body="The new words.", on=DAY, **people))

    published(body="Better words.", on=DAY, **people)

    assert ["Better words." in words_on(reader, day) for day in (BEFORE, DAY, AFTER)] == [False, True, True]


def test_what_was_called_back_can_be_taken_up_again(people, approver, northshire_author, region, reader):
    version = published("consent", body="Our first words.", on=DAY, **people)
    call_back(approver, version)
    signed_in(northshire_author).post(f"{PLACE}/sections/consent/begin/", {"source": version.pk})

    again = published("consent", body="Our first words.", on=DAY, **people)

    assert again.withdrawn is False
    assert "Our first words." in words_on(reader, DAY, "consent")


def test_what_came_of_calling_back_can_be_called_back_itself(people, approver, reader):
    call_back(approver, published(body="The new words.", on=DAY, **people))
    restating = Version.objects.filter(partnership__slug="northshire", section__slug=SHARING).latest("published_at")

    call_back(approver, restating)

    assert "The new words." in words_on(reader, DAY)


def test_of_two_for_one_day_only_the_one_that_counts_can_be_called_back(people, approver, reader):
    first = published(body="The first words.", on=DAY, **people)
    second = published(body="The second words.", on=DAY, **people)

    refused = call_back(approver, first)
    call_back(approver, second)

    assert refused.notices == ["This text can no longer be called back: it has taken effect or been replaced."]
    assert "The first words." in words_on(reader, DAY)


def test_what_is_scheduled_for_a_later_day_stays(people, approver, reader):
    version = published(body="The new words.", on=DAY, **people)
    published(body="The later words.", on=AFTER, **people)

    call_back(approver, version)

    assert "northcanary" in words_on(reader, DAY)
    assert "The later words." in words_on(reader, AFTER)


# --- When it cannot be --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "possible"), [(BEFORE, True), (DAY, False), (AFTER, False)])
def test_a_text_can_be_called_back_until_the_day_before_its_own(people, northshire_approver, day, possible):
    version = published(body="The new words.", on=DAY, **people)

    assert releasing.may_be_called_back(version, day) == possible
    if not possible:
        with pytest.raises(NotPossible) as refusal:
            releasing.call_back([version], "Why.", by=northshire_approver, now=NOW, today=day)
        message = f"“{version}” can no longer be called back: it has taken effect or been replaced."
        assert str(refusal.value) == message


def test_a_text_in_force_or_called_back_before_leads_back_to_its_section(people, approver):
    in_force = Version.objects.get(partnership__slug="northshire", section__slug=SHARING)
    called_back = published(body="The new words.", on=DAY, **people)
    call_back(approver, called_back)

    for version in (in_force, called_back):
        answer = approver.get(url_of(version))
        assert (answer.status_code, answer["Location"]) == (302, f"{PLACE}/sections/{SHARING}/")


def test_a_reason_is_asked_for(people, approver):
    version = published(body="The new words.", on=DAY, **people)

    page = call_back(approver, version, text=" ")

    assert (errors(page), actions()[-1]) == (["Write a sentence or two."], "scheduled")


def test_calling_back_is_refused_when_the_rest_would_not_hold_together(people, approver, northshire_author, region):
    """A scheduled text refers to the section that is to be called back."""
    draft = beginning.begin_new_section(
        "seaside", "5.1", "Seaside", region["northshire"], by=northshire_author, now=NOW, today=TODAY
    )
    seaside = _published_from(draft, "By the sea.", people)
    published("consent", body="See Section 5.1.", on=DAY, effective_date=DAY, **people)

    answer = approver.post(url_of(seaside), {"text": "Not yet."})

    assert answer.status_code == 409
    assert [fault[:60] for fault in faults_shown(Page(answer))] == [
        "Line 1: With this, consent for northshire, from 2090-03-01, "
    ]
    assert actions()[-1] == "scheduled"


def _published_from(draft, body: str, people) -> Version:
    by, approver = people["by"], people["approver"]
    workflow.save(draft, {"body": body, "change_note": "New."}, by=by, revision=draft.revision, now=NOW)
    workflow.submit(draft, by=by, now=NOW, today=TODAY)
    workflow.approve(draft, by=approver, revision=2, now=NOW, today=TODAY)
    return releasing.publish(draft, by=approver, effective_date=DAY, now=NOW, today=TODAY)


# --- What was published together ----------------------------------------------------------------------------------


@pytest.fixture
def released(people, region, southmoor_approver, northshire_author, northshire_approver) -> list[Version]:
    """Two texts of one release, approved by two approvers."""
    second = give(southmoor_approver, "approver")
    drafts = [
        approved(body="The new words.", **people),
        approved("consent", body="Our consent.", by=northshire_author, approver=second),
    ]
    release = Release.objects.create(
        partnership=region["northshire"], name="Spring", note="Spring.", effective_date=DAY,
        made_by=northshire_author, made_at=NOW,
    )  # fmt: skip
    release.drafts.set(drafts)
    return releasing.publish_release(release, revision=release.revision, by=northshire_approver, now=NOW, today=TODAY)


def test_a_release_is_called_back_whole(released, approver, reader):
    page = call_back(approver, released[0], together="all")

    assert page.notices == ["Called back: 2 texts."]
    assert "The new words." not in words_on(reader, DAY)
    assert "Our consent." not in words_on(reader, DAY, "consent")
    assert actions()[-2:] == ["called-back", "called-back"]


def test_one_text_of_a_release_is_called_back_alone(released, approver, reader):
    call_back(approver, released[0], together="one")

    assert "The new words." not in words_on(reader, DAY)
    assert "Our consent." in words_on(reader, DAY, "consent")


def test_the_page_names_all_that_was_published_together(released, approver):
    page = Page(approver.get(url_of(released[0])))

    assert sorted(page.texts("//ul[contains(@class, 'govuk-list--bullet')]/li")) == [
        "consent, Northshire, 1 March 2090",
        "sharing-information, Northshire, 1 March 2090",
    ]


def test_what_was_called_back_already_is_no_longer_part_of_the_whole(released, approver, reader):
    call_back(approver, released[0], together="one")

    page = call_back(approver, released[1])

    assert page.notices == ["Called back: 1 text."]
    assert "Our consent." not in words_on(reader, DAY, "consent")


def test_two_publications_are_not_taken_for_one(people, today):
    one = published(body="The new words.", on=DAY, **people)
    other = published("consent", body="Our consent.", on=DAY, **people)

    assert releasing.published_together(one, TODAY) == [one]
    assert releasing.published_together(other, TODAY) == [other]


# --- A renumbering, which brings texts of others along ------------------------------------------------------------


@pytest.fixture
def renumbered(manual, today, regional_author, regional_approver) -> dict[str, Version]:
    """2.10 becomes 2.11, and with it the texts that name it: the region's 3.1 and an addition of Northshire's."""
    world.publish("making-a-referral", by="northshire", on=date(2024, 7, 1), body="See Section 2.10.")
    drafts = []
    for slug, owner in (("consent", "heartland"), (SHARING, "heartland"), ("making-a-referral", "northshire")):
        stream = Version.objects.published().filter(section__slug=slug, partnership__slug=owner)
        newest = stream.latest("published_at")
        draft = world.draft(
            slug,
            by=owner,
            number="2.11" if slug == "consent" else newest.number,
            title=newest.title,
            body=newest.body.replace("Section 2.10", "Section 2.11"),
            change_kind="consequential",
            based_on=newest,
            author=regional_author,
        )
        draft.effective_date = DAY
        drafts.append(draft)
    versions = publishing.publish_together(drafts, by=regional_approver, today=TODAY)
    return {version.partnership.slug + " " + version.section.slug: version for version in versions}


def test_the_region_calls_a_renumbering_back_whole(renumbered, regional_approver, reader):
    client = signed_in(regional_approver)

    answer = client.post(
        url_of(renumbered["heartland consent"], "/workspace/heartland"), {"text": "Not yet.", "together": "all"}
    )

    assert answer.status_code == 302
    assert reader.get(f"/on/{DAY}/2.10")["Location"] == f"/on/{DAY}/sections/consent/"
    assert "See Section 2.10" in words_on(reader, DAY, "making-a-referral")


def test_a_local_approver_calls_back_no_text_of_the_region(renumbered, northshire_approver, reader):
    client = signed_in(northshire_approver)

    own = client.post(url_of(renumbered["northshire making-a-referral"]), {"text": "No.", "together": "all"})
    regional = [client.post(url_of(renumbered[f"heartland {slug}"]), {"text": "No."}) for slug in ("consent", SHARING)]
    others = client.post(url_of(renumbered["heartland consent"], "/workspace/heartland"), {"text": "No."})

    assert (own.status_code, [answer.status_code for answer in regional], others.status_code) == (409, [404, 404], 404)
    assert "Section 2.11" in words_on(reader, DAY, "making-a-referral")
    assert reader.get(f"/on/{DAY}/2.11")["Location"] == f"/on/{DAY}/sections/consent/"


def test_a_local_approver_is_offered_no_more_than_their_own_text(renumbered, northshire_approver):
    page = Page(signed_in(northshire_approver).get(url_of(renumbered["northshire making-a-referral"])))

    assert ("It was published together with" in page.main, page.elements("//input[@name='together']")) == (False, [])


# --- Who ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("northshire_author", 403), ("southmoor_approver", 404), ("regional_approver", 404), ("outsider", 404)],
)
def test_only_its_approvers_call_a_text_back(people, request, who, status):
    version = published(body="The new words.", on=DAY, **people)
    client = signed_in(request.getfixturevalue(who))

    answers = [client.get(url_of(version)), client.post(url_of(version), {"text": "No."})]

    assert [answer.status_code for answer in answers] == [status, status]
    assert signed_in(request.getfixturevalue(who)).post(url_of(version, ELSEWHERE), {"text": "No."}).status_code == 404
    assert actions()[-1] == "scheduled"


def test_a_draft_cannot_be_called_back(people, approver):
    draft = approved(**people)

    assert approver.get(url_of(draft.version)).status_code == 404


def test_several_that_do_not_hold_together_are_none_of_them_called_back(people, northshire_approver, released):
    before = Version.objects.count()
    with pytest.raises(NotPossible):
        releasing.call_back(
            [*released, Version.objects.get(partnership__slug="northshire", imported=True)],
            "Why.",
            by=northshire_approver,
            now=NOW,
            today=TODAY,
        )

    assert Version.objects.count() == before
    assert not AuditEntry.objects.filter(action="called-back").exists()
