"""How a draft begins: with which words, what it knows of, and what the audit log says of it."""

from datetime import date

import pytest

from partnerships.audit import AuditEntry
from procedures.editing import beginning
from procedures.editing.beginning import Stream
from procedures.editing.models import Draft
from procedures.editing.refusing import NotPossible
from procedures.models import Section, Version
from tests import world
from tests.editing.drafts import NOW, SHARING, SOON, TODAY, published

HOW = {"now": NOW, "today": TODAY}


@pytest.fixture
def sharing(manual) -> Section:
    return Section.objects.get(slug=SHARING)


def newest(of: str, section: str = SHARING) -> Version:
    return Version.objects.published().filter(partnership__slug=of, section__slug=section).latest("published_at")


def test_a_draft_begins_with_the_words_in_force_and_knows_the_newest_publication(region, sharing, northshire_author):
    draft = beginning.begin(sharing, region["northshire"], by=northshire_author, **HOW)

    own, regional, version = newest("northshire"), newest("heartland"), draft.version
    assert (version.body, version.number, version.title) == (own.body, "", "")
    assert (version.based_on, draft.began_with, version.written_against) == (own, own, regional)
    assert (version.published_at, version.effective_date, version.change_note) == (None, None, "")


def test_whoever_begins_a_draft_is_its_author_and_first_writer(region, sharing, northshire_author):
    draft = beginning.begin(sharing, region["northshire"], by=northshire_author, **HOW)

    assert (draft.version.author, draft.saved_by, list(draft.writers.all())) == (
        northshire_author, northshire_author, [northshire_author],
    )  # fmt: skip
    assert (draft.begun_at, draft.saved_at, draft.revision, draft.state) == (NOW, NOW, 1, Draft.State.DRAFT)


def test_the_log_says_that_a_draft_was_begun_and_from_which_version(region, sharing, northshire_author):
    draft = beginning.begin(sharing, region["northshire"], by=northshire_author, **HOW)

    fields = ("action", "person_id", "at", "about", "section", "version_id", "detail")
    assert AuditEntry.objects.values_list(*fields).get() == (
        "draft-begun",
        northshire_author.pk,
        NOW,
        "3.1 Sharing information",
        SHARING,
        draft.pk,
        "From the version of 2019-09-30.",
    )


def test_a_regional_draft_is_written_against_nothing(region, sharing, regional_author):
    version = beginning.begin(sharing, region["heartland"], by=regional_author, **HOW).version

    assert (version.number, version.title, version.written_against) == ("3.1", "Sharing information", None)


@pytest.mark.parametrize(("review", "kept"), [(TODAY, None), (SOON, SOON)])
def test_a_review_date_is_taken_over_while_it_lies_ahead(region, sharing, northshire_author, review, kept):
    world.publish(SHARING, by="northshire", on=date(2024, 7, 1), review_date=review)

    assert beginning.begin(sharing, region["northshire"], by=northshire_author, **HOW).version.review_date == kept


def test_where_the_partnership_has_no_text_a_draft_begins_empty(region, manual, northshire_author):
    consent = Section.objects.get(slug="consent")

    draft = beginning.begin(consent, region["northshire"], by=northshire_author, **HOW)

    assert (draft.version.body, draft.version.based_on, draft.began_with) == ("", None, None)
    assert (draft.version.written_against, draft.name) == (newest("heartland", "consent"), "2.10 Consent")


def test_where_nothing_is_in_force_a_draft_begins_with_what_is_scheduled_first(
    region, manual, northshire_author, northshire_approver
):
    people = {"by": northshire_author, "approver": northshire_approver}
    first = published("consent", body="From March.", on=SOON, **people)
    last = published("consent", body="From April.", on=date(2025, 4, 1), **people)

    draft = beginning.begin(first.section, region["northshire"], by=northshire_author, **HOW)

    assert (draft.version.body, draft.began_with, draft.version.based_on) == ("From March.\n", first, last)


def test_an_old_version_is_restored_as_a_draft_on_top_of_the_newest(region, sharing, regional_author):
    old = Version.objects.get(partnership=region["heartland"], section=sharing, effective_date=date(2018, 11, 26))

    draft = beginning.begin(sharing, region["heartland"], by=regional_author, source=old, **HOW)

    assert (draft.version.body, draft.began_with, draft.version.based_on) == (old.body, old, newest("heartland"))
    assert AuditEntry.objects.values_list("action", "detail").get() == ("restored", "From the version of 2018-11-26.")


def test_to_begin_with_the_text_in_force_by_name_is_no_restoring(region, sharing, northshire_author):
    beginning.begin(sharing, region["northshire"], by=northshire_author, source=newest("northshire"), **HOW)

    assert AuditEntry.objects.get().action == "draft-begun"


# --- Withdrawals --------------------------------------------------------------------------------------------------


def test_a_withdrawal_is_a_draft_without_words(region, sharing, northshire_author):
    draft = beginning.begin_withdrawal(sharing, region["northshire"], by=northshire_author, **HOW)

    own = newest("northshire")
    assert (draft.version.withdrawn, draft.version.body) == (True, "")
    assert (draft.version.based_on, draft.began_with) == (own, own)
    assert AuditEntry.objects.values_list("action", "detail").get() == ("draft-begun", "To withdraw the section.")


def test_what_is_not_there_cannot_be_withdrawn(region, manual, northshire_author):
    with pytest.raises(NotPossible) as refusal:
        beginning.begin_withdrawal(
            Section.objects.get(slug="consent"), region["northshire"], by=northshire_author, **HOW
        )

    assert str(refusal.value) == "There is no text to withdraw: none is in force or scheduled."
    assert (Draft.objects.count(), AuditEntry.objects.count()) == (0, 0)


def test_what_is_withdrawn_cannot_be_withdrawn_again(region, sharing, northshire_author):
    world.publish(SHARING, by="northshire", on=date(2024, 7, 1), withdrawn=True, body="")

    with pytest.raises(NotPossible):
        beginning.begin_withdrawal(sharing, region["northshire"], by=northshire_author, **HOW)


@pytest.mark.parametrize(("withdrawn", "possible"), [(False, True), (True, False)])
def test_what_is_scheduled_can_be_withdrawn_unless_it_is_a_withdrawal(
    region, sharing, northshire_author, withdrawn, possible
):
    world.publish(SHARING, by="northshire", on=date(2024, 7, 1), withdrawn=True, body="")
    world.publish(SHARING, by="northshire", on=SOON, withdrawn=withdrawn, body="" if withdrawn else "Again.")

    try:
        beginning.begin_withdrawal(sharing, region["northshire"], by=northshire_author, **HOW)
    except NotPossible:
        assert not possible
    else:
        assert possible


# --- New sections -------------------------------------------------------------------------------------------------


def test_a_new_section_is_begun_with_its_number_and_title(region, manual, northshire_author):
    draft = beginning.begin_new_section("seaside", "4.2", "Seaside", region["northshire"], by=northshire_author, **HOW)

    version = draft.version
    assert (version.section.slug, version.number, version.title, version.body) == ("seaside", "4.2", "Seaside", "")
    assert (version.based_on, version.written_against, draft.began_with, draft.name) == (
        None,
        None,
        None,
        "4.2 Seaside",
    )


def test_a_slug_names_one_section_for_ever(region, manual, northshire_author):
    with pytest.raises(NotPossible) as refusal:
        beginning.begin_new_section("consent", "4.2", "Ours", region["northshire"], by=northshire_author, **HOW)

    assert str(refusal.value) == "There is a section “consent” already. Choose another name for its address."
    assert not Draft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_section_whose_draft_could_not_be_kept_takes_no_slug(region, northshire_author, monkeypatch):
    monkeypatch.setattr(beginning.workflow, "log", lambda *args, **fields: 1 / 0)

    with pytest.raises(ZeroDivisionError):
        beginning.begin_new_section("seaside", "4.2", "Seaside", region["northshire"], by=northshire_author, **HOW)

    assert not Section.objects.filter(slug="seaside").exists()


# --- What a stream is ---------------------------------------------------------------------------------------------


def test_of_two_versions_scheduled_for_one_day_the_one_published_last_counts(region, sharing):
    world.publish(SHARING, by="northshire", on=SOON, body="Replaced.")
    last = world.publish(SHARING, by="northshire", on=SOON, body="In its place.")
    later = world.publish(SHARING, by="northshire", on=date(2025, 4, 1))

    stream = Stream(sharing, region["northshire"])

    assert (stream.scheduled(TODAY), stream.newest()) == ([last, later], later)


@pytest.mark.parametrize(("day", "scheduled"), [(date(2025, 2, 28), True), (SOON, False), (date(2025, 3, 2), False)])
def test_a_version_is_scheduled_until_the_day_before_its_own(region, sharing, day, scheduled):
    coming = world.publish(SHARING, by="northshire", on=SOON)

    stream = Stream(sharing, region["northshire"])

    assert (stream.scheduled(day) == [coming], stream.latest_on(day) == coming) == (scheduled, not scheduled)
