"""Which section bears which number, for whom and when."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.directory import read_directory
from procedures.models import Section, Version
from procedures.register import Register
from tests.world import make_version, publish

DAY = date(2020, 4, 1)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


def bearer(number: str, day: date, seen_by: str = "heartland") -> str | None:
    """The slug of the section that bears a number, for a reader."""
    known = read_directory()
    section_id = Register.read(known).bearer(number, day, known.scope(known.find(seen_by), day))
    return Section.objects.get(pk=section_id).slug if section_id else None


@pytest.mark.parametrize(
    ("day", "three_five", "three_six"),
    [
        (date(2017, 3, 30), None, None),
        (date(2017, 3, 31), "fax", "retention"),
        (BEFORE, "fax", "retention"),
        (DAY, "retention", None),
        (AFTER, "retention", None),
        (date.max, "retention", None),
    ],
)
@pytest.mark.django_db
def test_a_number_goes_from_a_withdrawn_section_to_a_renumbered_one(region, day, three_five, three_six):
    publish("fax", number="3.5")
    publish("retention", number="3.6")
    publish("fax", number="3.5", on=DAY, withdrawn=True, body="")
    publish("retention", number="3.5", on=DAY)

    assert (bearer("3.5", day), bearer("3.6", day)) == (three_five, three_six)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("2", "guidance"),
        ("2.10", "consent"),
        ("2.10.3", "consent"),
        ("2.10.3.1", "consent"),
        ("2.11", None),
        ("2.1", None),
        ("3.1", None),
    ],
)
@pytest.mark.django_db
def test_a_paragraph_is_found_in_its_section_and_no_section_in_its_part(region, number, expected):
    publish("guidance", number="2")
    publish("consent", number="2.10")

    assert bearer(number, DAY) == expected


@pytest.mark.parametrize(
    ("seen_by", "expected"),
    [("southmoor", "harbour"), ("northshire", "force"), ("northern-force", "force"), ("heartland", None)],
)
@pytest.mark.django_db
def test_one_number_may_mean_different_procedures_to_readers_who_never_see_both(region, seen_by, expected):
    publish("harbour", number="4.1", by="southmoor")
    publish("force", number="4.1", by="northern-force")

    assert bearer("4.1", DAY, seen_by) == expected


@pytest.mark.parametrize(("day", "in_force"), [(BEFORE, True), (DAY, False), (AFTER, False)])
@pytest.mark.django_db
def test_a_section_with_regional_text_is_in_force_as_long_as_that_is(region, day, in_force):
    regional = publish("fax", number="3.5")
    publish("fax", by="southmoor")
    publish("fax", number="3.5", on=DAY, withdrawn=True, body="")
    known = read_directory()
    scope = known.scope(known.find("southmoor"), day)

    assert Register.read(known).is_in_force(regional.section_id, day, scope) is in_force


@pytest.mark.django_db
def test_a_local_procedure_is_in_force_for_those_who_see_it(region):
    procedure = publish("harbour", number="4.1", by="southmoor")
    known = read_directory()
    register = Register.read(known)

    seen = {
        slug: register.is_in_force(procedure.section_id, DAY, known.scope(known.find(slug), DAY))
        for slug in ("southmoor", "northshire", "heartland")
    }

    assert seen == {"southmoor": True, "northshire": False, "heartland": False}


@pytest.mark.django_db
def test_what_is_about_to_be_published_takes_its_place_among_what_is(region):
    first, last = publish("fax", number="3.5"), publish("fax", number="3.5", on=AFTER)
    register = Register.read(read_directory())
    coming = make_version("fax", number="3.5", on=DAY)

    register.add([coming])

    stream = (first.section_id, first.partnership_id)
    assert [entry.version for entry in register.streams[stream]] == [first.pk, coming, last.pk]
    assert register.superseded_on(stream, coming) == AFTER
    assert [register.on(stream, day).version for day in (BEFORE, DAY, AFTER)] == [first.pk, coming, last.pk]


@pytest.mark.django_db
def test_the_whole_register_is_read_in_one_query(region):
    for n in range(1, 6):
        publish(f"section-{n}", number=f"2.{n}")
    known = read_directory()

    with CaptureQueriesContext(connection) as queries:
        register = Register.read(known)

    assert len(queries) == 1
    assert len(register.streams) == Version.objects.count() == 5
