"""Drift: which additions were not checked against the regional text that has changed beside them, and since when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.models import Partnership
from procedures import drift
from procedures.models import Confirmation, Version
from procedures.publishing import publish_imported
from tests.world import make_version, noon, publish

DAY = date(2024, 6, 3)
DAY_BEFORE = date(2024, 6, 2)
DAY_AFTER = date(2024, 6, 4)
LATER = date(2024, 9, 2)
ALWAYS = date(2030, 1, 1)


@pytest.fixture
def addition(region: dict[str, Partnership]) -> Version:
    """Northshire's addition to 3.1, written against the regional text of 2019."""
    publish("rules", number="3.1", on=date(2019, 1, 1), body="The first rules.", change_note="first")
    return publish("rules", by="northshire", on=date(2020, 1, 1), body="Ring the hub.", change_note="addition")


def regional(on: date = DAY, **fields: object) -> Version:
    return publish("rules", **({"number": "3.1", "on": on, "body": f"Rules of {on}."} | fields))


def confirm(addition: Version, against: Version) -> None:
    person, _ = User.objects.get_or_create(username="checker")
    Confirmation.objects.create(addition=addition, against=against, person=person, at=datetime(2024, 7, 1, tzinfo=UTC))


def drifted(day: date, *slugs: str) -> list[tuple[str, date]]:
    """The notes of the additions that have drifted, of the given partnerships or of all, and since when."""
    partnerships = Partnership.objects.filter(slug__in=slugs) if slugs else Partnership.objects.all()
    ids = list(partnerships.values_list("pk", flat=True))
    return [(found.addition.change_note, found.since) for found in drift.drifted(ids, day=day)]


def drifting(day: date) -> list[tuple[str, date]]:
    ids = list(Partnership.objects.values_list("pk", flat=True))
    return [(found.addition.change_note, found.since) for found in drift.drifting(ids, day=day)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2019, 6, 1), []),
        (date(2020, 1, 1), []),
        (DAY_BEFORE, []),
        (DAY, [("addition", DAY)]),
        (DAY_AFTER, [("addition", DAY)]),
        (ALWAYS, [("addition", DAY)]),
    ],
)
@pytest.mark.django_db
def test_an_addition_drifts_on_the_day_the_regional_text_changes(addition, day, expected):
    regional()

    assert drifted(day) == expected


@pytest.mark.django_db
def test_it_has_drifted_since_the_first_of_several_changes(addition):
    regional()
    regional(LATER)

    assert drifted(ALWAYS) == [("addition", DAY)]


@pytest.mark.django_db
def test_drift_is_the_owners_affair(addition, region):
    publish("rules", by="northern-force", on=date(2020, 2, 1), change_note="the group's")
    regional()

    assert drifted(DAY, "northshire") == [("addition", DAY)]
    assert drifted(DAY, "northern-force") == [("the group's", DAY)]
    assert drifted(DAY, "eastvale", "southmoor", "heartland") == []


UNCHECKED = [("addition", DAY)]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, UNCHECKED),
        ({"change_kind": "minor"}, UNCHECKED),
        ({"change_kind": "consequential"}, []),
        ({"body": "The first rules."}, []),
        ({"body": "The first rules.", "number": "3.2", "title": "Rules"}, []),
        ({"body": "The first rules.", "title": "The rules"}, UNCHECKED),
        ({"withdrawn": True, "body": ""}, []),  # nothing regional stands beside it any more
    ],
)
@pytest.mark.django_db
def test_what_kind_of_change_makes_it_drift(addition, fields, expected):
    regional(**fields)

    assert drifted(ALWAYS) == expected


@pytest.mark.django_db
def test_a_consequential_version_hides_no_change_before_or_after_it(addition):
    regional(DAY_BEFORE, change_kind="consequential")
    regional()
    regional(LATER, change_kind="consequential")

    assert [drifted(day) for day in (DAY_BEFORE, DAY, ALWAYS)] == [[], UNCHECKED, UNCHECKED]


@pytest.mark.django_db
def test_what_was_never_in_force_and_what_called_it_back_do_not_count(addition):
    regional(change_note="planned")
    regional(body="The first rules.", published_at=noon(date(2024, 5, 1)), change_note="called back")

    assert (drifted(ALWAYS), drifting(DAY_BEFORE)) == ([], [])


@pytest.mark.django_db
def test_another_change_in_place_of_what_was_called_back_counts(addition):
    regional(change_note="planned")
    regional(body="Other rules.", published_at=noon(date(2024, 5, 1)), change_note="instead")

    assert drifted(ALWAYS) == UNCHECKED


@pytest.mark.django_db
def test_regional_text_that_is_withdrawn_and_comes_back_has_changed(addition):
    regional(withdrawn=True, body="")
    regional(LATER, body="The first rules.")

    assert [drifted(day) for day in (DAY, LATER - timedelta(days=1), LATER)] == [[], [], UNCHECKED]


# --- Checked ------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_new_version_of_the_addition_was_written_against_the_changed_text(addition):
    regional()
    publish("rules", by="northshire", on=LATER, body="Ring the new hub.", change_note="mended")

    assert [drifted(day) for day in (DAY, LATER - timedelta(days=1), LATER)] == [UNCHECKED, UNCHECKED, []]


@pytest.mark.django_db
def test_a_text_written_against_older_regional_text_has_drifted_from_its_first_day(addition):
    first = Version.objects.get(change_note="first")
    regional()
    publish("rules", by="northshire", on=LATER, change_note="begun before", written_against=first)

    assert drifted(LATER) == [("begun before", DAY)]


@pytest.mark.django_db
def test_a_confirmation_ends_the_drift_until_the_next_change(addition):
    confirm(addition, regional())
    regional(LATER)

    assert [drifted(day) for day in (DAY, LATER - timedelta(days=1), LATER)] == [[], [], [("addition", LATER)]]


@pytest.mark.django_db
def test_who_confirmed_the_later_text_has_seen_what_came_before_it(addition):
    regional()
    confirm(addition, regional(LATER))

    assert drifted(LATER) == []
    assert drifted(LATER - timedelta(days=1)) == UNCHECKED  # it was not in force yet


@pytest.mark.django_db
def test_a_confirmation_of_an_older_regional_text_is_not_one_of_the_newer(addition):
    june, september = regional(), regional(LATER)
    confirm(addition, june)

    assert drifted(LATER) == [("addition", LATER)]
    confirm(addition, september)
    assert drifted(LATER) == []


@pytest.mark.django_db
def test_a_confirmation_is_of_one_addition_alone(addition):
    other = publish("rules", by="southmoor", on=date(2020, 1, 1), change_note="southmoor's")
    confirm(other, regional())

    assert drifted(DAY) == UNCHECKED


@pytest.mark.django_db
def test_an_urgent_correction_on_the_day_has_to_be_checked_as_well(addition):
    confirm(addition, regional())
    correction = regional(body="Corrected.", published_at=noon(DAY))

    assert drifted(DAY) == UNCHECKED
    confirm(addition, correction)
    assert drifted(DAY) == []


@pytest.mark.django_db
def test_a_local_procedure_has_not_drifted_until_regional_text_comes_to_stand_beside_it(region):
    publish("own", by="northshire", number="4.1", on=date(2020, 1, 1), change_note="own")

    assert drifted(ALWAYS) == []


@pytest.mark.django_db
def test_the_newest_text_that_an_addition_was_checked_against(addition, django_assert_num_queries):
    first, june, september = Version.objects.get(change_note="first"), regional(), regional(LATER)
    own = publish("own", by="northshire", number="4.1")
    assert drift.last_checked([addition, own]) == {addition.pk: first}

    confirm(addition, september)
    confirm(addition, june)

    with django_assert_num_queries(1):
        assert drift.last_checked([addition, own]) == {addition.pk: september}
    assert drift.last_checked([addition], by_day=DAY) == {addition.pk: june}
    assert drift.last_checked([addition], by_day=date(2018, 1, 1)) == {}


# --- Still to come ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"), [(DAY_BEFORE, [("addition", DAY)]), (DAY, [("addition", LATER)]), (LATER, [])]
)
@pytest.mark.django_db
def test_the_next_change_to_come_is_known_beforehand(addition, day, expected):
    regional()
    regional(LATER)

    assert drifting(day) == expected


@pytest.mark.django_db
def test_a_change_to_come_can_be_checked_beforehand(addition):
    confirm(addition, regional())

    assert (drifting(DAY_BEFORE), drifted(DAY)) == ([], [])


@pytest.mark.django_db
def test_a_change_to_come_does_not_concern_an_addition_that_is_replaced_by_then(addition):
    regional()
    publish("rules", by="northshire", on=DAY, body="Ring the new hub.", change_note="mended")

    assert drifting(DAY_BEFORE) == []


@pytest.mark.django_db
def test_a_withdrawal_to_come_is_a_change_to_come(addition):
    regional(withdrawn=True, body="")

    assert drifting(DAY_BEFORE) == [("addition", DAY)]


# --- What changed, and when readers are told ------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_changes_since_the_last_check_are_told_oldest_first(addition, region):
    for on, note in ((DAY, "june"), (LATER, "september"), (date(2025, 1, 1), "january")):
        regional(on, change_note=note)
    [found] = drift.drifted([region["northshire"].pk], day=LATER)

    assert [v.change_note for v in drift.changes_since([found], until=LATER)[addition.pk]] == ["june", "september"]
    assert [v.change_note for v in drift.changes_since([found])[addition.pk]] == ["june", "september", "january"]


@pytest.mark.parametrize(("grace", "day"), [(28, date(2024, 7, 1)), (0, DAY), (1, DAY_AFTER)])
@pytest.mark.django_db
def test_readers_are_told_after_the_owners_days_of_grace(addition, region, grace, day):
    Partnership.objects.filter(slug="northshire").update(drift_grace_days=grace)
    regional()

    [found] = drift.drifted([region["northshire"].pk], day=DAY)

    assert found.readers_are_told_on == day


# --- Cost ---------------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_any_number_of_drifted_additions_takes_the_same_queries(addition, region):
    regional()
    ids = [partnership.pk for partnership in region.values()]

    def count() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as queries:
            found = drift.drifted(ids, day=DAY)
            drift.changes_since(found)
        return len(queries), len(found)

    assert count() == (5, 1)
    versions = []
    for number in range(20):
        slug, name = f"section-{number}", f"5.{number + 1}"
        versions.append(make_version(slug, number=name, title="One", on=date(2019, 1, 1)))
        versions += [make_version(slug, by=owner, on=date(2020, 1, 1)) for owner in ("northshire", "northern-force")]
        versions.append(make_version(slug, number=name, title="One", on=DAY, body="Another."))
    publish_imported(versions)
    assert count() == (5, 41)
