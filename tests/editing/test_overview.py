"""The list of a partnership's sections: own texts, what is going on in each, and what it may add to."""

from datetime import date

import pytest

from procedures.editing.overview import Row, overview
from procedures.publishing import publish_imported
from tests import world
from tests.editing.drafts import PLACE, SHARING, SOON, TODAY, begun, published, queries_for, signed_in


def names(rows: list[Row]) -> list[str]:
    return [row.name for row in rows]


def row_of(region, slug: str = SHARING, of: str = "northshire", day: date = TODAY) -> Row:
    [row] = [row for row in overview(region[of], day) if row.slug == slug]
    return row


REGIONAL = [
    "1 Child protection", "1.5 Making a referral", "2 Guidance", "2.10 Consent", "3 Working together",
    "3.1 Sharing information",
]  # fmt: skip


@pytest.mark.parametrize(
    ("of", "expected"),
    [
        ("heartland", REGIONAL),
        ("northshire", REGIONAL),
        ("southmoor", [*REGIONAL, "4.1 Children of the southcanary harbour"]),
    ],
)
def test_a_partnership_sees_the_regional_sections_and_its_own_in_the_order_of_numbers(manual, region, of, expected):
    assert names(overview(region[of], TODAY)) == expected


def test_a_row_tells_since_when_the_own_text_is_in_force(manual, region):
    assert row_of(region) == Row(SHARING, "3.1", "Sharing information", date(2019, 9, 30))
    assert row_of(region, "consent") == Row("consent", "2.10", "Consent")
    assert (row_of(region).is_own, row_of(region, "consent").is_own) == (True, False)


@pytest.mark.parametrize(("day", "is_scheduled"), [(date(2025, 2, 28), True), (SOON, False), (date(2025, 3, 2), False)])
def test_a_row_tells_what_is_scheduled_until_its_day(manual, region, day, is_scheduled):
    world.publish(SHARING, by="northshire", on=SOON)

    row = row_of(region, day=day)

    assert (row.scheduled, row.in_force_since) == ([SOON], date(2019, 9, 30)) if is_scheduled else ([], SOON)


def test_a_day_stands_once_however_many_versions_are_scheduled_for_it(manual, region):
    world.publish("consent", number="2.10", title="Consent", on=SOON)
    world.publish("consent", number="2.10", title="Consent and confidentiality", on=SOON)

    assert row_of(region, "consent", of="heartland").scheduled == [SOON]


def test_a_row_tells_that_a_text_is_withdrawn_or_due_for_review(manual, region):
    world.publish("consent", by="northshire", on=date(2024, 7, 1), review_date=date(2025, 2, 1))
    world.publish(SHARING, by="northshire", on=date(2024, 7, 1), withdrawn=True, body="")

    assert row_of(region, "consent").review_date == date(2025, 2, 1)
    assert (row_of(region).withdrawn, row_of(region).in_force_since) == (True, date(2024, 7, 1))


def test_a_row_lists_the_open_drafts_of_the_partnership_alone(manual, region, northshire_author, southmoor_author):
    own = begun(by=northshire_author)
    begun(by=southmoor_author, of="southmoor")

    assert row_of(region).drafts == [own]


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ("3", ["3", "3.1"]), ("3.", ["3", "3.1"]), ("3.1", ["3.1"]), ("2.1", []), ("INFORMATION sharing", ["3.1"]),
        ("shar inf", ["3.1"]), ("referral consent", []), ("", ["1", "1.5", "2", "2.10", "3", "3.1"]),
    ],
)  # fmt: skip
def test_a_section_is_found_by_the_beginning_of_its_number_or_by_words_of_its_title(manual, region, sought, found):
    assert [row.number for row in overview(region["northshire"], TODAY) if row.matches(sought)] == found


def test_the_list_takes_as_many_queries_with_many_more_versions_and_drafts(
    manual, today, northshire_author, northshire_approver
):
    client = signed_in(northshire_author)
    begun(by=northshire_author)
    published("consent", body="Ours.", on=SOON, by=northshire_author, approver=northshire_approver)
    queries_for(client, f"{PLACE}/")
    few = queries_for(client, f"{PLACE}/")

    publish_imported(
        [world.make_version(SHARING, by="northshire", on=date(2020, 1, 1 + n % 28)) for n in range(40)]
        + [world.make_version(f"own-{n}", by="northshire", number=f"5.{n + 1}") for n in range(40)]
    )
    for _ in range(40):
        begun(by=northshire_author)

    assert queries_for(client, f"{PLACE}/") == few
