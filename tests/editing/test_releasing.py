"""From an approved draft to a published version, alone or as one of a release: what is done, and when nothing is."""

from datetime import date

import pytest

from partnerships.audit import AuditEntry
from procedures import sealing
from procedures.editing import releasing, workflow
from procedures.editing.models import Draft, Letter, Release
from procedures.editing.refusing import NotPossible
from procedures.models import CrossReference, Version
from procedures.publishing import Refused
from tests import world
from tests.editing.drafts import (
    NOW,
    SHARING,
    SOON,
    STATES,
    TODAY,
    YESTERDAY,
    actions,
    approved,
    begun,
    give,
    in_state,
    state_of,
    submitted,
)


@pytest.fixture
def people(manual, northshire_author, northshire_approver):
    return {"by": northshire_author, "approver": northshire_approver}


@pytest.fixture
def release(region, northshire_author) -> Release:
    return make_release(region["northshire"], northshire_author)


def make_release(partnership, by, **fields) -> Release:
    values = {"name": "Spring", "note": "The hubs have moved.", "effective_date": SOON} | fields
    return Release.objects.create(partnership=partnership, made_by=by, made_at=NOW, **values)


def put(release: Release, *drafts: Draft) -> None:
    release.drafts.add(*drafts)


def publish(draft: Draft, by, day: date = TODAY) -> Version:
    return releasing.publish(draft, by=by, effective_date=day, now=NOW, today=TODAY)


def publish_release(release: Release, by) -> list[Version]:
    return releasing.publish_release(release, revision=1, by=by, now=NOW, today=TODAY)


def record_of_publication() -> tuple[int, int, int]:
    """How many versions, references and letters there are: what a refusal must leave as it is."""
    return Version.objects.published().count(), CrossReference.objects.count(), Letter.objects.count()


# --- One draft ----------------------------------------------------------------------------------------------------


def test_an_approved_draft_is_published_with_its_day_and_the_names_of_both(people, northshire_approver):
    draft = approved(**people)

    version = publish(draft, northshire_approver, SOON)

    assert (version.pk, version.effective_date, version.author_name, version.approver_name) == (
        draft.pk, SOON, "northshire_author", "northshire_approver",
    )  # fmt: skip
    assert (state_of(draft), list(sealing.breaches())) == ("published", [])


def test_who_approved_a_text_is_its_approver_whoever_publishes_it(people, southmoor_approver):
    version = publish(approved(**people), give(southmoor_approver, "approver"))

    assert version.approver_name == "northshire_approver"


@pytest.mark.parametrize(("day", "action"), [(TODAY, "published"), (SOON, "scheduled")])
def test_a_publication_is_logged_and_its_writers_are_told(people, northshire_approver, day, action):
    draft = approved(**people)

    version = publish(draft, northshire_approver, day)

    entry = AuditEntry.objects.order_by("number").last()
    assert (entry.action, entry.person_id, entry.version_id, entry.about, entry.detail) == (
        action,
        northshire_approver.pk,
        version.pk,
        "3.1 Sharing information",
        f"Effective {day.day} {day:%B %Y}. The hub has moved.",
    )
    letter = Letter.objects.last()
    assert (letter.to, letter.subject) == ("northshire_author@example.org", "Published: 3.1 Sharing information")
    took = (
        "has scheduled “3.1 Sharing information”. It takes"
        if day > TODAY
        else "has published “3.1 Sharing information”. It took"
    )
    assert f"northshire_approver@example.org {took} effect on {day.day} {day:%B %Y}." in letter.text


def test_a_withdrawal_that_is_published_is_logged_as_one(people, northshire_author, northshire_approver):
    from procedures.editing import beginning

    section = Version.objects.filter(section__slug=SHARING).first().section
    draft = beginning.begin_withdrawal(
        section, Version.objects.get(section=section, partnership__slug="northshire").partnership,
        by=northshire_author, now=NOW, today=TODAY,
    )  # fmt: skip
    workflow.save(draft, {"change_note": "No longer needed."}, by=northshire_author, revision=1, now=NOW)
    workflow.submit(draft, by=northshire_author, now=NOW, today=TODAY)
    workflow.approve(draft, by=northshire_approver, revision=2, now=NOW, today=TODAY)

    publish(draft, northshire_approver)

    assert actions()[-1] == "withdrawn"
    assert not Version.objects.in_force(TODAY).filter(section=section, partnership__slug="northshire").exists()


@pytest.mark.parametrize("state", [state for state in STATES if state != "approved"])
def test_only_an_approved_draft_is_published(people, northshire_approver, state):
    draft = in_state(state, **people)
    before = record_of_publication()

    with pytest.raises(NotPossible) as refusal:
        publish(draft, northshire_approver)

    assert str(refusal.value) == f"“3.1 Sharing information” is not ready to be published: it is {state}."
    assert (record_of_publication(), state_of(draft)) == (before, state)


@pytest.mark.parametrize(
    ("day", "message"),
    [
        (
            YESTERDAY,
            "The effective date, 2025-01-14, lies in the past. The earliest possible day is today, 2025-01-15.",
        ),
        (date(2025, 9, 1), "The review date, 2025-08-01, lies before the effective date, 2025-09-01."),
    ],
)
def test_a_day_that_cannot_be_is_refused_with_a_sentence(people, northshire_approver, day, message):
    draft = approved(review_date=date(2025, 8, 1), **people)
    before = record_of_publication()

    with pytest.raises(Refused) as refusal:
        publish(draft, northshire_approver, day)

    assert [fault.message for fault in refusal.value.faults] == [message]
    assert (record_of_publication(), state_of(draft), workflow.reread(draft).version.effective_date) == (
        before, "approved", None,
    )  # fmt: skip


def test_whoever_comes_second_is_told(people, northshire_approver):
    first, second = approved(**people), approved(body="Other words.", **people)
    publish(first, northshire_approver)

    with pytest.raises(Refused) as refusal:
        publish(second, northshire_approver)

    assert [fault.message[:61] for fault in refusal.value.faults] == [
        "Somebody published another version of this text since this dr"
    ]
    assert (state_of(first), state_of(second)) == ("published", "approved")


# --- Two people ---------------------------------------------------------------------------------------------------

ONE_PERSON = "“3.1 Sharing information” has to be published by somebody who did not write it."


def test_nobody_publishes_their_own_words_whatever_else_they_may_do(people, northshire_author, administrator):
    give(northshire_author, "approver")
    own = approved(**people)
    workflow.discard(of_administrator := begun(by=administrator), by=administrator, now=NOW)

    with pytest.raises(NotPossible) as refusal:
        publish(own, northshire_author)

    assert (str(refusal.value), state_of(own)) == (ONE_PERSON, "approved")
    assert list(of_administrator.writers.all()) == [administrator]


def test_nor_does_an_administrator_who_wrote(people, administrator, northshire_approver):
    draft = approved(by=administrator, approver=northshire_approver)

    with pytest.raises(NotPossible) as refusal:
        publish(draft, administrator)

    assert str(refusal.value) == ONE_PERSON


def test_nor_does_a_second_person_who_put_words_in(people, northshire_author, southmoor_approver, northshire_approver):
    second = give(give(southmoor_approver, "approver"), "author")
    draft = begun(by=northshire_author)
    workflow.save(draft, {"body": "Ours."}, by=second, revision=2, now=NOW)
    workflow.submit(draft, by=northshire_author, now=NOW, today=TODAY)
    workflow.approve(draft, by=northshire_approver, revision=3, now=NOW, today=TODAY)

    with pytest.raises(NotPossible):
        publish(draft, second)

    assert publish(draft, northshire_approver).is_published


def test_where_one_person_is_enough_they_publish_what_they_wrote(people, region, northshire_author):
    region["northshire"].requires_two_people = False
    region["northshire"].save()
    give(northshire_author, "approver")

    version = publish(approved(by=northshire_author, approver=northshire_author), northshire_author)

    assert (version.author_name, version.approver_name) == ("northshire_author", "northshire_author")


def test_an_approver_of_another_partnership_publishes_nothing_here(people, southmoor_approver):
    with pytest.raises(NotPossible):
        publish(approved(**people), southmoor_approver)


# --- Releases -----------------------------------------------------------------------------------------------------


def test_a_release_gives_its_day_and_note_to_all_of_its_texts(people, release, northshire_approver):
    one = approved(change_note="Mine.", effective_date=date(2025, 5, 1), **people)
    other = approved("consent", change_kind="minor", change_note="", body="Ours.", **people)
    put(release, one, other)

    versions = publish_release(release, northshire_approver)

    assert [(v.pk, v.effective_date, v.change_note) for v in versions] == [
        (one.pk, SOON, "The hubs have moved."), (other.pk, SOON, "The hubs have moved."),
    ]  # fmt: skip
    release.refresh_from_db()
    assert (release.published_at, release.published_by) == (NOW, northshire_approver)
    assert list(sealing.breaches()) == []


def test_a_release_is_logged_with_each_of_its_texts(people, release, northshire_approver):
    put(release, approved(**people), approved("consent", body="Ours.", **people))

    publish_release(release, northshire_approver)

    entries = AuditEntry.objects.order_by("number").values_list("action", "about", "detail")
    note = "The hubs have moved."
    assert list(entries)[-3:] == [
        ("scheduled", "3.1 Sharing information", f"Effective 1 March 2025. {note}"),
        ("scheduled", "2.10 Consent", f"Effective 1 March 2025. {note}"),
        ("release-published", "Spring", f"2 texts, effective 1 March 2025. {note}"),
    ]


def refused_release(release: Release, by) -> str:
    """Why a release is refused; nothing of it may be published then."""
    before, states = record_of_publication(), [state_of(draft) for draft in release.drafts.all()]
    with pytest.raises((NotPossible, Refused)) as refusal:
        publish_release(release, by)
    release.refresh_from_db()
    assert record_of_publication() == before
    assert [state_of(draft) for draft in release.drafts.all()] == states
    return str(refusal.value)


def test_an_empty_release_is_not_published(people, release, northshire_approver):
    assert refused_release(release, northshire_approver) == "There is no draft in this release yet."
    assert release.published_at is None


def test_a_release_is_published_once(people, release, northshire_approver):
    put(release, approved(**people))
    publish_release(release, northshire_approver)

    assert refused_release(release, northshire_approver) == "This release has been published already."


def test_one_draft_that_is_not_approved_keeps_back_the_whole_release(
    people, release, northshire_author, northshire_approver
):
    put(release, approved(**people), submitted("consent", body="Ours.", by=northshire_author))

    sentence = "“2.10 Consent” is not ready to be published: it is in review."
    assert refused_release(release, northshire_approver) == sentence
    assert release.published_at is None


def test_one_draft_with_a_fault_keeps_back_the_whole_release(people, release, northshire_approver):
    put(release, approved(**people), approved("consent", body="See Section 1.5.", **people))
    world.publish("making-a-referral", withdrawn=True, body="", on=date(2025, 2, 1))

    assert refused_release(release, northshire_approver)[:40] == "“Section 1.5” leads nowhere: no section "
    assert release.published_at is None


def test_whoever_wrote_one_of_its_texts_does_not_publish_a_release(
    people, release, northshire_author, northshire_approver
):
    writer = give(northshire_approver, "author")
    other = give(northshire_author, "approver")
    put(release, approved(by=other, approver=writer), approved("consent", body="Ours.", by=writer, approver=other))

    assert refused_release(release, writer) == "“2.10 Consent” has to be published by somebody who did not write it."
    assert refused_release(release, other) == ONE_PERSON


def test_two_drafts_of_one_text_are_not_released_together(people, release, northshire_approver):
    put(release, approved(**people), approved(body="Other words.", **people))

    message = "Two drafts of this text are to be published together for 2025-03-01. Take one of them out."
    assert refused_release(release, northshire_approver) == f"{message}; {message}"


def test_a_release_whose_day_has_passed_is_refused(people, release, northshire_approver):
    release.effective_date = YESTERDAY
    release.save()
    put(release, approved(**people))

    assert refused_release(release, northshire_approver) == (
        "The effective date, 2025-01-14, lies in the past. The earliest possible day is today, 2025-01-15."
    )


def test_a_draft_of_a_release_is_not_published_alone(people, release, northshire_approver):
    draft = approved(**people)
    put(release, draft)

    with pytest.raises(NotPossible) as refusal:
        publish(draft, northshire_approver)

    assert str(refusal.value) == (
        "“3.1 Sharing information” is part of the release “Spring” and will be published with it. "
        "To publish it alone, take it out of the release first."
    )
    assert state_of(draft) == "approved"


# --- What a release makes possible --------------------------------------------------------------------------------


def new_section(slug: str, number: str, body: str, region, by) -> Draft:
    from procedures.editing import beginning

    draft = beginning.begin_new_section(
        slug, number, slug.capitalize(), region["northshire"], by=by, now=NOW, today=TODAY
    )
    values = {"body": body, "change_note": ""}
    return workflow.save(draft, values, by=by, revision=1, now=NOW)


def test_texts_of_a_release_may_refer_to_each_other_and_need_no_note_of_their_own(
    people, region, release, northshire_author, northshire_approver
):
    one = new_section("harbours", "5.1", "See Section 5.2.", region, northshire_author)
    other = new_section("seaside", "5.2", "See Section 5.1.", region, northshire_author)
    put(release, one, other)

    for draft in (one, other):
        workflow.submit(draft, by=northshire_author, now=NOW, today=TODAY)
        workflow.approve(draft, by=northshire_approver, revision=2, now=NOW, today=TODAY)
    versions = publish_release(release, northshire_approver)

    assert [version.change_note for version in versions] == ["The hubs have moved."] * 2
    references = CrossReference.objects.filter(from_version__in=versions).values_list("to_section__slug", flat=True)
    assert sorted(references) == ["harbours", "seaside"]


def test_the_faults_of_a_draft_are_its_own_and_not_those_of_the_release_around_it(
    people, region, release, northshire_author
):
    sound = new_section("harbours", "5.1", "See Section 5.2.", region, northshire_author)
    faulty = new_section("seaside", "5.2", "See Section 9.9.", region, northshire_author)
    put(release, sound, faulty)

    assert workflow.faults(workflow.reread(sound), today=TODAY) == []
    [fault] = workflow.faults(workflow.reread(faulty), today=TODAY)
    assert (fault.version.pk, fault.line, fault.message[:36]) == (faulty.pk, 1, "“Section 9.9” leads nowhere: no sect")
