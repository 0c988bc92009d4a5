"""The contents, `/contents/`."""

from datetime import date

import pytest

from tests.reader import has
from tests.world import publish

ROWS = f"//li[{has('toc__item')}]"


def test_sections_stand_in_the_order_of_their_numbers_under_their_parts(region, today, reader):
    for number in ("2.10", "2", "2.9", "10.1", "2.9.1", "1.1"):
        publish("section-" + number.replace(".", "-"), number=number, title="A title")

    page = reader.read("/contents/")

    assert page.texts(f"//section[{has('toc-part')}]/h2") == [
        "Part 1 Local procedures",
        "Part 2 A title",
        "Part 10 Local procedures",
    ]
    assert page.texts(f"//span[{has('toc__number')}]") == ["1.1", "2.9", "2.9.1", "2.10", "10.1"]
    assert page.texts(f"//li[{has('toc__item--deep')}]") == ["2.9.1 A title"]


def test_a_section_says_who_adds_to_it_and_a_local_procedure_whose_it_is(manual, today, reader):
    publish("consent", by="northern-force", on=date(2020, 1, 1), body="The force’s own.")

    rows = reader.read("/in/northshire/contents/").texts(ROWS)

    assert rows == [
        "1.5 Making a referral",
        "2.10 Consent With local text: Northern Force",
        "3.1 Sharing information With local text: Northern Force and Northshire",
    ]
    assert reader.read("/in/southmoor/contents/").texts(ROWS)[-1] == (
        "4.1 Children of the southcanary harbour Local procedure: Southmoor"
    )


def test_links_keep_the_viewpoint(manual, today, reader):
    page = reader.read("/in/eastvale/on/2019-06-01/contents/")

    assert page.links(ROWS) == [
        ("Making a referral", "/in/eastvale/on/2019-06-01/sections/making-a-referral/"),
        ("Consent", "/in/eastvale/on/2019-06-01/sections/consent/"),
        ("Sharing information", "/in/eastvale/on/2019-06-01/sections/sharing-information/"),
    ]


@pytest.mark.parametrize(
    "day, listed",
    [
        ("2019-12-31", []),
        ("2020-01-01", ["2.1 Neglect"]),
        ("2022-03-31", ["2.1 Neglect"]),
        ("2022-04-01", ["2.2 Neglect and want"]),
        ("2023-04-30", ["2.2 Neglect and want"]),
        ("2023-05-01", []),
    ],
)
def test_a_section_is_listed_as_it_was_on_the_day(region, today, reader, day, listed):
    publish("neglect", number="2.1", on=date(2020, 1, 1))
    publish("neglect", number="2.2", title="Neglect and want", on=date(2022, 4, 1))
    publish("neglect", withdrawn=True, body="", on=date(2023, 5, 1))

    assert reader.read(f"/on/{day}/contents/").texts(ROWS) == listed


@pytest.mark.parametrize(
    "day, words",
    [("2017-03-30", "30 March 2017"), ("1999-12-31", "31 December 1999"), ("0001-01-01", "1 January 0001")],
)
def test_before_the_first_version_the_contents_say_so(manual, today, reader, day, words):
    page = reader.read(f"/on/{day}/contents/")

    assert (page.status, page.notices) == (200, [f"No procedure of this manual was in force on {words}."])


@pytest.mark.django_db
def test_the_contents_of_an_empty_site_say_so(today, reader):
    assert reader.read("/contents/").notices == ["No procedure of this manual was in force on 15 January 2025."]
