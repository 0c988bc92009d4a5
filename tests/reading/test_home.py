"""The start page, `/`."""

from datetime import date

import pytest

from tests.reader import has
from tests.world import publish

PARTS = f"//div[{has('part-card')}]"
CHANGES = f"//ul[{has('changes')}]/li//p[{has('change__title')}]"
COMING = "//h2[text()='Coming']/following-sibling::ul/li"


def test_the_start_page_lists_the_parts_in_force(manual, today, reader):
    page = reader.read("/")

    assert page.links(PARTS) == [
        ("Part 1: Child protection", "/sections/child-protection/"),
        ("Part 2: Guidance", "/sections/guidance/"),
        ("Part 3: Working together", "/sections/working-together/"),
    ]
    assert page.texts(PARTS)[0] == "1 Part 1: Child protection 1 section"


def test_a_part_without_a_text_of_its_own_leads_to_its_place_in_the_contents(manual, today, reader):
    page = reader.read("/in/southmoor/")

    assert page.links(PARTS)[-1] == ("Part 4: Local procedures", "/in/southmoor/contents/#part-4")


def test_every_partnership_can_be_chosen_and_the_day_is_kept(manual, today, reader):
    page = reader.read("/in/northshire/on/2019-06-01/")

    assert page.links(f"//div[{has('home__partnerships')}]") == [
        ("Northshire", "/in/northshire/on/2019-06-01/"),
        ("Eastvale", "/in/eastvale/on/2019-06-01/"),
        ("Southmoor", "/in/southmoor/on/2019-06-01/"),
        ("Northern Force", "/in/northern-force/on/2019-06-01/"),
    ]
    assert page.texts("//a[@aria-current='true']") == ["Northshire"]


def test_the_five_latest_changes_are_shown_newest_first(manual, today, reader):
    page = reader.read("/in/northshire/")

    assert page.texts(f"//ul[{has('changes')}]/li/p[{has('quiet')}]") == [
        "3 June 2024, Regional text, major change",
        "30 September 2019, Northshire, major change",
        "30 September 2019, Northern Force, major change",
        "26 November 2018, Regional text, major change",
        "31 March 2017, Regional text, major change",
    ]
    assert page.links(CHANGES)[0] == ("3.1 Sharing information", "/in/northshire/sections/sharing-information/")


@pytest.mark.parametrize(
    "day, coming",
    [
        ("2025-01-14", []),  # a past day shows what was, not what was to come
        ("", [("2.10 Consent", "/on/2025-02-01/sections/consent/")]),
        ("2025-01-31", [("2.10 Consent", "/on/2025-02-01/sections/consent/")]),
        ("2025-02-01", []),
    ],
)
def test_what_is_coming_is_shown_until_it_takes_effect(manual, today, reader, day, coming):
    publish("consent", number="2.10", title="Consent", on=date(2025, 2, 1))

    page = reader.read(f"/on/{day}/" if day else "/")

    assert page.links(f"{COMING}/p[{has('change__title')}]") == coming


def test_before_the_first_version_the_start_page_says_that_nothing_was_in_force(manual, today, reader):
    page = reader.read("/on/2017-03-30/")

    assert (page.status, page.texts(f"//div[{has('home__parts')}]/p[1]")) == (
        200,
        ["Nothing was in force on 30 March 2017."],
    )


@pytest.mark.django_db
def test_an_empty_site_has_a_start_page(today, reader):
    page = reader.read("/")

    assert (page.status, page.heading) == (200, "Safeguarding procedures")


def test_a_partnership_may_call_the_manual_by_its_own_name(manual, region, today, reader):
    northshire = region["northshire"]
    northshire.manual_title = "Northshire’s procedures"
    northshire.save()

    assert reader.read("/in/northshire/").heading == "Northshire’s procedures"
    assert reader.read("/in/eastvale/").heading == "Heartland procedures"


def test_the_notices_of_region_and_partnership_stand_on_every_page_once(manual, region, today, reader):
    for slug, notice in (
        ("heartland", "A sample & no advice."),
        ("northshire", "Being rewritten."),
        ("eastvale", "A sample & no advice."),
    ):
        region[slug].notice = notice
        region[slug].save()

    told = [
        reader.read(url).texts(f"//p[{has('site-notice__text')}]") for url in ("/", "/in/northshire/", "/in/eastvale/")
    ]

    assert told == [["A sample & no advice."], ["A sample & no advice. Being rewritten."], ["A sample & no advice."]]


def test_what_is_coming_leads_to_what_will_change(manual, today, reader):
    publish("consent", number="2.10", title="Consent", on=date(2025, 2, 1))

    assert [words for words, _ in reader.read("/").links(f"{COMING}/p[{has('no-print')}]")] == [
        "What will change in 2.10 Consent"
    ]
