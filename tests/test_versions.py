"""Dates in force: which version counts on which day, and that no such question reads the whole table."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from partnerships.directory import read_directory
from partnerships.models import Partnership
from procedures.composing import texts
from procedures.drift import _changes, drifted_since
from procedures.models import CrossReference, Section, Version
from procedures.models.in_force import last_day
from procedures.models.version import tidy_body
from procedures.reading.numbers import _last_bearer
from procedures.reading.outline import Outline, outline
from procedures.reading.updates import coming_changes, latest_changes
from procedures.viewpoint import Viewpoint
from tests.world import draft, make_version, noon, publish

DAY = date(2020, 6, 15)
DAY_BEFORE = date(2020, 6, 14)
DAY_AFTER = date(2020, 6, 16)
WHEN = datetime(2024, 5, 1, 9, tzinfo=UTC)


def notes(versions: Iterable[Version]) -> list[str]:
    return sorted(version.change_note for version in versions)


# --- By table -----------------------------------------------------------------------------------------------------


@pytest.fixture
def history(region: dict[str, Partnership]) -> None:
    """Section 3.1 in 2020: from 1 May, twice on 15 June, withdrawn on 1 August, back from 1 October; an addition."""
    publish("rules", number="3.1", on=date(2020, 5, 1), change_note="may")
    publish("rules", number="3.1", on=DAY, change_note="june")
    for day, fields in (
        (DAY, {"change_note": "june, corrected"}),
        (date(2020, 8, 1), {"change_note": "withdrawn", "withdrawn": True, "body": ""}),
        (date(2020, 10, 1), {"change_note": "october"}),
    ):
        publish("rules", number="3.1", on=day, published_at=noon(day), **fields)
    publish("rules", by="northshire", on=DAY, change_note="northshire")


TABLE = [
    # day, latest of the region, in force
    (date.min, [], []),
    (date(2020, 4, 30), [], []),
    (date(2020, 5, 1), ["may"], ["may"]),
    (date(2020, 5, 2), ["may"], ["may"]),
    (DAY_BEFORE, ["may"], ["may"]),
    (DAY, ["june, corrected"], ["june, corrected"]),
    (DAY_AFTER, ["june, corrected"], ["june, corrected"]),
    (date(2020, 7, 31), ["june, corrected"], ["june, corrected"]),
    (date(2020, 8, 1), ["withdrawn"], []),
    (date(2020, 8, 2), ["withdrawn"], []),
    (date(2020, 9, 30), ["withdrawn"], []),
    (date(2020, 10, 1), ["october"], ["october"]),
    (date.max, ["october"], ["october"]),
]


@pytest.mark.parametrize(("day", "latest", "in_force"), TABLE)
@pytest.mark.django_db
def test_one_version_of_a_stream_counts_on_each_day(history, region, day, latest, in_force):
    regional = Version.objects.of([region["heartland"].pk])

    assert notes(regional.latest_on(day)) == latest
    assert notes(regional.in_force(day)) == in_force


@pytest.mark.parametrize(("day", "expected"), [(DAY_BEFORE, []), (DAY, ["northshire"]), (DAY_AFTER, ["northshire"])])
@pytest.mark.django_db
def test_a_local_addition_is_a_stream_of_its_own(history, region, day, expected):
    assert notes(Version.objects.of([region["northshire"].pk]).in_force(day)) == expected
    assert notes(Version.objects.of([region["southmoor"].pk]).in_force(day)) == []


@pytest.mark.django_db
def test_a_draft_is_never_in_force(region):
    made = draft("rules", number="3.1")
    made.effective_date = DAY
    made.save()

    assert notes(Version.objects.latest_on(DAY_AFTER)) == []
    assert notes(Version.objects.in_force(DAY_AFTER)) == []


@pytest.mark.django_db
def test_what_was_published_later_for_an_earlier_day_counts_until_the_later_day_comes(region):
    publish("rules", number="3.1", on=DAY_AFTER, change_note="planned first")
    publish("rules", number="3.1", on=DAY, change_note="squeezed in")

    assert [notes(Version.objects.in_force(day)) for day in (DAY_BEFORE, DAY, DAY_AFTER)] == [
        [],
        ["squeezed in"],
        ["planned first"],
    ]


@pytest.mark.django_db
def test_each_version_knows_its_successor(history, region):
    versions = Version.objects.of([region["heartland"].pk]).with_successor()
    note_of = dict(Version.objects.values_list("pk", "change_note"))

    assert {(v.change_note, note_of.get(v.successor_id), v.superseded_on) for v in versions} == {
        ("may", "june", DAY),
        ("june", "june, corrected", DAY),
        ("june, corrected", "withdrawn", date(2020, 8, 1)),
        ("withdrawn", "october", date(2020, 10, 1)),
        ("october", None, None),
    }


# When a version of 15 June was replaced by another of that day, in the site's time zone (British Summer Time).
REPLACED = [
    (datetime(2020, 6, 14, 12, tzinfo=UTC), True),
    (datetime(2020, 6, 14, 22, 59, tzinfo=UTC), True),
    (datetime(2020, 6, 14, 23, 0, tzinfo=UTC), False),  # midnight there
    (datetime(2020, 6, 15, 12, tzinfo=UTC), False),
    (datetime(2020, 6, 16, 12, tzinfo=UTC), False),
]


@pytest.mark.parametrize(("replaced_at", "never"), REPLACED)
@pytest.mark.django_db
def test_what_is_replaced_before_its_day_never_takes_effect(region, replaced_at, never):
    publish("rules", number="3.1", on=date(2020, 5, 1), change_note="may")
    publish("rules", number="3.1", on=DAY, change_note="june")
    publish("rules", number="3.1", on=DAY, change_note="instead", published_at=replaced_at)
    publish("rules", by="northshire", on=DAY, change_note="northshire")

    versions = Version.objects.published().that_take_effect()

    assert notes(versions) == ["instead", *([] if never else ["june"]), "may", "northshire"]
    [may] = Version.objects.filter(change_note="may").with_successor()
    assert Version.objects.get(pk=may.successor_id).change_note == ("instead" if never else "june")


BEFORE_IT = datetime(2020, 3, 1, tzinfo=UTC)
MAY = {"number": "3.1", "title": "Rules", "body": "The rules.\n"}


@pytest.mark.parametrize(
    ("published_at", "instead", "changes_something", "next_to_read"),
    [
        (BEFORE_IT, MAY, False, "august"),
        (BEFORE_IT, MAY | {"review_date": date(2030, 1, 1)}, False, "august"),
        (BEFORE_IT, MAY | {"body": "Other rules.\n"}, True, "instead"),
        (BEFORE_IT, MAY | {"title": "The rules"}, True, "instead"),
        (BEFORE_IT, MAY | {"number": "3.2"}, True, "instead"),
        (BEFORE_IT, {"withdrawn": True, "body": ""}, True, "instead"),
        (datetime(2020, 6, 15, 12, tzinfo=UTC), MAY, True, "june"),  # what it undoes was in force until then
    ],
)
@pytest.mark.django_db
def test_what_only_calls_another_back_changes_nothing(region, published_at, instead, changes_something, next_to_read):
    publish("rules", on=date(2020, 5, 1), change_note="may", **MAY)
    publish("rules", number="3.1", on=DAY, change_note="june", body="New rules.\n")
    publish("rules", on=DAY, change_note="instead", published_at=published_at, **instead)
    august = {"body": "Summer rules.\n", "published_at": datetime(2020, 7, 1, tzinfo=UTC)}
    publish("rules", on=date(2020, 8, 1), change_note="august", **(MAY | august))

    found = notes(Version.objects.published().that_change_something())
    [may] = Version.objects.filter(change_note="may").with_note_of_successor()
    following = Version.objects.get(pk=may.successor["id"])

    assert found == ["august", *(["instead"] if changes_something else []), "june", "may"]
    assert may.successor == {"id": following.pk, "day": f"{following.effective_date}", "note": next_to_read}


@pytest.mark.django_db
def test_the_call_back_of_a_first_version_changes_nothing(region):
    publish("rules", number="3.1", on=DAY, change_note="first")
    publish("rules", on=DAY, withdrawn=True, body="", change_note="called back")

    assert notes(Version.objects.that_change_something()) == ["first"]
    assert notes(Version.objects.that_take_effect()) == ["called back"]


@pytest.mark.django_db
def test_the_same_text_again_changes_something_unless_it_calls_another_back(region):
    for note in ("first", "looked at, and right"):
        publish("rules", number="3.1", on=DAY if note == "first" else DAY_AFTER, change_note=note)

    assert notes(Version.objects.that_change_something()) == ["first", "looked at, and right"]
    assert [v.successor for v in Version.objects.with_note_of_successor()] == [None, None]


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2020, 5, 15), []),
        (date(2020, 5, 16), ["june"]),
        (date(2020, 5, 17), ["june"]),
        (DAY, ["june"]),
        (DAY_AFTER, ["june"]),
        (date(2020, 7, 1), []),
    ],
)
@pytest.mark.django_db
def test_a_text_is_due_for_review_thirty_days_before_and_until_another_takes_its_place(region, day, due):
    publish("rules", number="3.1", on=date(2020, 5, 1), change_note="june", review_date=DAY)
    publish("rules", number="3.1", on=date(2020, 7, 1), change_note="next", review_date=date(2021, 7, 1))
    publish("consent", number="2.10", change_note="never")
    publish("fax", number="2.11", on=date(2020, 1, 1), review_date=DAY)
    publish("fax", on=date(2020, 2, 1), withdrawn=True, body="", review_date=DAY)

    assert notes(Version.objects.due_for_review(day)) == due


@pytest.mark.django_db
def test_what_is_most_overdue_is_due_for_review_first(region):
    publish("rules", number="3.1", review_date=DAY)
    publish("consent", number="2.10", review_date=DAY_BEFORE)
    publish("consent", by="northshire", review_date=date(2019, 1, 1))

    due = Version.objects.of([region["heartland"].pk]).due_for_review(DAY)

    assert [version.section.slug for version in due] == ["consent", "rules"]


@pytest.mark.django_db
def test_a_draft_is_nobodys_successor(region):
    publish("rules", number="3.1", on=DAY)
    made = draft("rules", number="3.1")
    made.effective_date = DAY_AFTER
    made.save()

    assert [v.successor_id for v in Version.objects.published().with_successor()] == [None]


@pytest.mark.parametrize(
    ("superseded_on", "expected"),
    [(None, None), (DAY_AFTER, DAY), (DAY, DAY_BEFORE), (date(2020, 3, 1), date(2020, 2, 29))],
)
def test_the_last_day_of_a_version_is_the_day_before_its_successors_first(superseded_on, expected):
    assert last_day(superseded_on) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2020, 4, 30), []),
        (date(2020, 5, 1), ["one"]),
        (DAY_BEFORE, ["one"]),
        (DAY, []),
        (date(2020, 7, 31), []),
        (date(2020, 8, 1), ["two"]),
        (date(2020, 10, 1), []),
    ],
)
@pytest.mark.django_db
def test_a_cross_reference_is_in_force_while_its_text_is(region, day, expected):
    publish("rules", number="3.1")
    publish("consent", number="2.10", on=date(2020, 5, 1), body="See Section 3.1.", change_note="one")
    publish("consent", number="2.10", on=DAY, body="See nothing.")
    publish("consent", number="2.10", on=date(2020, 8, 1), body="See Section 3.1.", change_note="two")
    publish("consent", number="2.10", on=date(2020, 10, 1), body="See Section 3.1.", withdrawn=True)

    found = CrossReference.objects.in_force(day, [region["heartland"].pk])

    assert [reference.from_version.change_note for reference in found] == expected


@pytest.mark.django_db
def test_a_cross_reference_counts_for_those_who_see_its_text(region):
    publish("rules", number="3.1")
    publish("consent", number="2.10")
    publish("consent", by="northshire", body="See Section 3.1.")

    for slug, count in (("northshire", 1), ("southmoor", 0), ("heartland", 0)):
        assert CrossReference.objects.in_force(DAY, [region[slug].pk]).count() == count


# --- Constraints and the small things -----------------------------------------------------------------------------

SEALED = {"digest": "d1", "published_at": WHEN, "effective_date": DAY}
CONSTRAINTS = [
    ({"digest": "", "published_at": WHEN}, "A published version has an effective date and a digest."),
    (SEALED | {"effective_date": None}, "A published version has an effective date and a digest."),
    ({"digest": "d1", "published_at": None}, "A draft has no digest."),
    (SEALED | {"change_note": ""}, "Say what changed and why: only a minor change may go without a change note."),
    (
        SEALED | {"change_kind": "consequential", "change_note": ""},
        "Say what changed and why: only a minor change may go without a change note.",
    ),
    ({"change_kind": "enormous", "published_at": None}, "A change is major, minor or consequential."),
    (
        {"effective_date": DAY, "review_date": DAY_BEFORE, "published_at": None},
        "The review date lies before the day on which the text takes effect.",
    ),
    ({"number": "3.1", "title": "", "published_at": None}, "A numbered section has a title."),
]


@pytest.mark.parametrize(("fields", "message"), CONSTRAINTS)
@pytest.mark.django_db
def test_a_constraint_speaks_and_the_database_keeps_it(region, fields, message):
    fields = {"on": None} | fields
    if "effective_date" in fields:
        fields["on"] = fields.pop("effective_date")
    version = make_version("rules", **fields)

    with pytest.raises(ValidationError) as told:
        version.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.bulk_create([version])

    assert told.value.messages == [message]


@pytest.mark.django_db
def test_no_two_versions_of_a_stream_are_published_at_one_moment_and_none_have_one_digest(region):
    Version.objects.bulk_create([make_version("rules", digest="d1", published_at=WHEN)])
    at_that_moment = make_version("rules", digest="d2", published_at=WHEN)
    with_that_digest = make_version("consent", digest="d1")

    for version, message in (
        (at_that_moment, "Another version of this section was published at that very moment."),
        (with_that_digest, "A version with this digest is published already."),
    ):
        with pytest.raises(ValidationError) as told:
            version.validate_constraints()
        with pytest.raises(Exception, match="sealed|never changed|unique|UNIQUE|duplicate"), transaction.atomic():
            Version.objects.bulk_create([version])
        assert told.value.messages == [message]


@pytest.mark.django_db
def test_a_minor_change_goes_without_a_note_and_a_review_may_be_due_at_once(region):
    fields = {"change_kind": "minor", "change_note": "", "review_date": DAY}
    version = make_version("rules", on=DAY, digest="d1", published_at=WHEN, **fields)

    version.validate_constraints()
    Version.objects.bulk_create([version])

    assert Version.objects.published().count() == 1


@pytest.mark.parametrize("number", ["3.", "03.1", "3.1.2.3.4", "3.1000", "three", "3,1", "٣.١"])
@pytest.mark.django_db
def test_a_draft_with_something_else_than_a_number_is_told_so(region, number):
    with pytest.raises(ValidationError) as told:
        draft("rules", number=number, title="Rules").clean()

    assert told.value.messages == [f"“{number}” is not a section number such as 3.1 or 2.10."]


@pytest.mark.django_db
def test_a_version_says_what_it_is(region):
    assert str(publish("rules", number="3.1", on=DAY)) == "rules for heartland, from 2020-06-15"
    assert str(draft("rules", by="northshire")) == "rules for northshire, draft"


@pytest.mark.parametrize(
    ("body", "tidied"),
    [
        ("", ""),
        (" \n\t\n", ""),
        ("One.", "One.\n"),
        ("\n\nOne.  \n\n", "One.\n"),
        ("One.\r\nTwo.\rThree.", "One.\nTwo.\nThree.\n"),
        ("    code\n", "    code\n"),
        ("One.  \nTwo.\n", "One.  \nTwo.\n"),
    ],
)
def test_a_body_has_one_form(body, tidied):
    assert tidy_body(body) == tidied
    assert tidy_body(tidied) == tidied


# --- Cost ---------------------------------------------------------------------------------------------------------

SECTIONS = 120
PARTNERSHIPS = 15
VERSIONS = 3


@pytest.fixture
def large_manual(region: dict[str, Partnership]) -> Viewpoint:
    """Over five thousand versions: 120 sections of 15 partnerships, three versions each; seen from Northshire.

    PostgreSQL plans by the size of a table on the disk, in which all that tests before have rolled back still has its
    room: it is given up first, which only works outside a transaction.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM FULL procedures_version, procedures_crossreference")
    local = [
        Partnership(slug=f"local-{n}", kind="local", name=f"Local {n}", short_name=f"L{n}", position=10 + n)
        for n in range(PARTNERSHIPS - 5)
    ]
    Partnership.objects.bulk_create(local)
    Section.objects.bulk_create([Section(slug=f"section-{n}") for n in range(SECTIONS)])
    sections, regional_id = list(Section.objects.order_by("pk")), region["heartland"].pk
    versions = [
        Version(
            section=section,
            partnership_id=partnership_id,
            number=f"{1 + place % 9}.{1 + place}" if partnership_id == regional_id else "",
            title="A title",
            body=f"A text of some length in year {year}. " * 40,
            change_note="A note.",
            effective_date=date(2018 + year, 1, 1) + timedelta(days=place),
            review_date=date(2021 + year, 1, 1) + timedelta(days=place),
            published_at=WHEN + timedelta(minutes=year),
            digest=f"{section.pk}-{partnership_id}-{year}",
        )
        for partnership_id in Partnership.objects.values_list("pk", flat=True)
        for place, section in enumerate(sections)
        for year in range(VERSIONS)
    ]
    Version.objects.bulk_create(versions, batch_size=500)
    CrossReference.objects.bulk_create(
        [
            CrossReference(from_version=version, to_section=sections[(place // VERSIONS + 1) % SECTIONS], words="This")
            for place, version in enumerate(Version.objects.order_by("pk"))
        ],
        batch_size=500,
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    known = read_directory()
    return Viewpoint(known, date(2020, 3, 1), known.find("northshire"))


def ask(name: str, viewpoint: Viewpoint) -> object:
    """One of the questions that pages ask, as they ask it."""
    day, section = viewpoint.effective_day, Section.objects.get(slug="section-7")
    answers = {
        "latest on a day": lambda: list(Version.objects.of(viewpoint.scope).latest_on(day).filter(section=section)),
        "a section": lambda: texts(viewpoint, "section-7"),
        "the outline": lambda: outline(viewpoint, f"a stamp of {connection.vendor}"),
        "a number": lambda: viewpoint.versions().filter(number="8.8").values_list("section__slug", flat=True).first(),
        "an old number": lambda: _last_bearer(viewpoint, "8.8"),
        "referred to by": lambda: list(section.references_here.in_force(day, viewpoint.scope)),
        "updates": lambda: latest_changes(viewpoint, Outline(()), 30),
        "what comes": lambda: coming_changes(viewpoint, Outline(())),
        "what will read differently": lambda: list(
            Version.objects.of(viewpoint.scope).in_force(day).filter(section=section).with_note_of_successor()
        ),
        "due for review": lambda: list(Version.objects.of(viewpoint.scope).due_for_review(date(2026, 1, 1))),
        "drifted": lambda: drifted_since(viewpoint.scope, viewpoint.scope[0], day, f"a stamp of {connection.vendor}"),
        "changes since": lambda: list(_changes(viewpoint.scope[0]).filter(section=section)),
        "history": lambda: list(Version.objects.published().filter(section=section).of(viewpoint.scope).newest_first()),
    }
    return answers[name]()


# Each question, and the index of ours that it cannot do without.
QUESTIONS = {
    "latest on a day": "version_in_force",
    "a section": "version_in_force",
    "the outline": "version_by_partnership",
    "a number": "version_by_number",
    "an old number": "version_by_number",
    "referred to by": "version_in_force",
    "updates": "version_by_partnership",
    "what comes": "version_by_partnership",
    "what will read differently": "version_in_force",
    "due for review": "",  # whatever narrows it to what these partnerships have in force
    "drifted": "version_in_force",
    "changes since": "version_in_force",
    "history": "",  # whatever narrows it to a section
}


def plan_of(sql: str) -> list[Any]:
    """The database's plan for a query: SQLite's lines, PostgreSQL's steps."""
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        cursor.execute(f"{'EXPLAIN (FORMAT JSON)' if postgresql else 'EXPLAIN QUERY PLAN'} {sql}".replace("%", "%%"))
        rows = cursor.fetchall()
    return list(steps(rows[0][0][0]["Plan"])) if postgresql else [row[3] for row in rows]


def scans(plan: list[Any]) -> list[Any]:
    """The steps of a plan that read the table of versions, or one of its indexes, from end to end."""
    if connection.vendor == "sqlite":
        return [line for line in plan if re.match(r"SCAN (procedures_version|[A-Z][0-9])\b", line)]
    return [
        f"{step['Node Type']} of procedures_version"
        for step in plan
        if step.get("Relation Name") == "procedures_version"
        and step["Node Type"] != "Bitmap Heap Scan"  # it fetches what an index scan below it has found
        and "Index Cond" not in step
    ]


def steps(plan: dict[str, Any]) -> Iterable[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", []):
        yield from steps(inner)


@pytest.mark.django_db(transaction=True)
def test_every_point_in_time_question_is_one_query_that_does_not_read_the_whole_table(large_manual):
    found = {}
    for name in QUESTIONS:
        with CaptureQueriesContext(connection) as queries:
            answer = ask(name, large_manual)
        plans = [plan_of(query["sql"]) for query in queries if "procedures_version" in query["sql"]]
        is_used = QUESTIONS[name] in str(plans)
        found[name] = (bool(answer), len(plans), is_used, [scan for plan in plans for scan in scans(plan)])

    assert found == {name: (True, 1, True, []) for name in QUESTIONS}
    assert len(scans(plan_of("SELECT body FROM procedures_version WHERE title = 'Another'"))) == 1
