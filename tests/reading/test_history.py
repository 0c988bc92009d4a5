"""A section's versions, `/sections/<slug>/history/`."""

from datetime import date

import pytest

from tests.reader import has, make_it
from tests.world import draft, noon, publish

ENTRIES = f"//li[{has('version-entry')}]"
HEADS = f"//h3[{has('version-entry__head')}]"


def test_every_version_is_listed_stream_by_stream_newest_first(manual, today, reader):
    page = reader.read("/in/northshire/sections/sharing-information/history/")

    assert page.heading == "Versions 3.1 Sharing information"
    assert page.texts("//section/h2") == ["Regional text", "Northern Force", "Northshire"]
    assert page.texts(HEADS) == [
        "From 3 June 2024 In force",
        "26 November 2018 to 2 June 2024 Superseded",
        "31 March 2017 to 25 November 2018 Superseded",
        "From 30 September 2019 In force",
        "From 30 September 2019 In force",
    ]


def test_another_partnerships_versions_are_not_listed(manual, today, reader):
    assert reader.read("/sections/sharing-information/history/").texts("//section/h2") == ["Regional text"]
    assert reader.read("/in/southmoor/sections/sharing-information/history/").texts("//section/h2") == [
        "Regional text",
        "Southmoor",
    ]


def test_an_entry_says_why_and_by_whom(manual, today, reader):
    entry = reader.read("/sections/sharing-information/history/").texts(ENTRIES)[0]

    assert entry.startswith(
        "From 3 June 2024 In force 3.1 Sharing information Follows the advice of May 2024. Major change. "
        "Written by An author, approved by An approver. Brought in from an earlier system on 1 January 2020."
    )


@pytest.mark.parametrize(
    "day, states",
    [
        (date(2025, 2, 28), ("In force", "Scheduled", "Scheduled")),
        (date(2025, 3, 1), ("Superseded", "In force", "Scheduled")),
        (date(2025, 5, 31), ("Superseded", "In force", "Scheduled")),
        (date(2025, 6, 1), ("Superseded", "Superseded", "Withdrawn")),
    ],
)
def test_a_versions_state_follows_from_its_dates(region, reader, monkeypatch, day, states):
    publish("neglect", number="2.1", on=date(2020, 1, 1))
    publish("neglect", number="2.1", on=date(2025, 3, 1))
    publish("neglect", withdrawn=True, body="", on=date(2025, 6, 1))
    make_it(day, monkeypatch)

    assert reader.read("/sections/neglect/history/").texts(HEADS) == [
        f"From 1 June 2025 {states[2]}",
        f"1 March 2025 to 31 May 2025 {states[1]}",
        f"1 January 2020 to 28 February 2025 {states[0]}",
    ]


def test_of_two_versions_of_one_day_the_first_is_said_to_have_been_replaced(region, today, reader):
    first = publish("neglect", number="2.1", on=date(2020, 5, 6))
    second = publish("neglect", number="2.1", on=date(2020, 5, 6), published_at=noon(date(2020, 5, 6)))

    page = reader.read("/sections/neglect/history/")

    assert page.texts(HEADS) == ["From 6 May 2020 In force", "6 May 2020, replaced the same day Superseded"]
    assert page.links(f"//li[@id='version-{first.pk}']") == [
        ("Compare the version of 6 May 2020 with today", f"/sections/neglect/compare/{first.pk}...{second.pk}/"),
        ("Permanent link to the version of 6 May 2020", f"/versions/{first.pk}/"),
    ]


def test_a_version_called_back_before_its_day_was_never_in_force_and_is_listed(region, today, reader):
    first = publish("neglect", number="2.1", on=date(2020, 1, 1))
    called_off = publish("neglect", number="2.1", on=date(2025, 6, 1), body="Another text.", change_note="New rules.")
    back = publish(
        "neglect",
        number="2.1",
        on=date(2025, 6, 1),
        change_note="Not agreed yet.",
        published_at=noon(date(2025, 1, 10)),
    )

    page = reader.read("/sections/neglect/history/")

    assert page.texts(HEADS) == [
        "From 1 June 2025 Scheduled",
        "Was to begin on 1 June 2025 Never in force",
        "1 January 2020 to 31 May 2025 In force",
    ]
    assert page.texts(f"{ENTRIES}[2]/p")[1:3] == [
        "New rules.",
        "Replaced by An approver on 10 January 2025, before it took effect: Not agreed yet.",
    ]
    there = "/sections/neglect/compare"
    changes = [(words, url) for words, url in page.links(ENTRIES) if words.startswith("What changed")]
    assert changes == [
        ("What changed on 1 June 2025", f"{there}/{first.pk}...{back.pk}/"),
        ("What changed on 1 June 2025", f"{there}/{first.pk}...{called_off.pk}/"),
    ]


def test_an_entry_leads_to_its_day_its_changes_and_itself(region, today, reader):
    first, second, third = (publish("neglect", number="2.1", on=date(year, 1, 1)) for year in (2020, 2022, 2024))

    page = reader.read("/in/southmoor/sections/neglect/history/")

    there = "/in/southmoor/sections/neglect/compare"
    assert page.links(f"//li[@id='version-{second.pk}']") == [
        ("Read the version of 1 January 2022", "/in/southmoor/on/2022-01-01/sections/neglect/"),
        ("What changed on 1 January 2022", f"{there}/{first.pk}...{second.pk}/"),
        ("Compare the version of 1 January 2022 with today", f"{there}/{second.pk}...{third.pk}/"),
        ("Permanent link to the version of 1 January 2022", f"/versions/{second.pk}/"),
    ]


def test_a_scheduled_version_is_compared_with_today_as_the_later_one(region, today, reader):
    current, later, last = (publish("neglect", number="2.1", on=date(year, 1, 1)) for year in (2024, 2026, 2027))

    links = reader.read("/sections/neglect/history/").links(f"//li[@id='version-{last.pk}']")

    assert (
        "Compare the version of 1 January 2027 with today",
        f"/sections/neglect/compare/{current.pk}...{last.pk}/",
    ) in links


def test_two_versions_can_be_chosen_for_comparison(region, today, reader):
    first, second = (publish("neglect", number="2.1", on=date(year, 1, 1)) for year in (2020, 2022))

    page = reader.read("/on/2021-01-01/sections/neglect/history/")

    assert page.elements("//form[@class='compare-form']/@action") == ["/on/2021-01-01/sections/neglect/compare/"]
    assert page.elements("//form[@class='compare-form']//option[@selected]/@value") == [str(first.pk), str(second.pk)]


def test_a_section_with_one_version_offers_no_comparison(manual, today, reader):
    assert reader.read("/sections/consent/history/").elements("//form[@class='compare-form']") == []


def test_drafts_are_not_listed(manual, today, reader):
    draft("consent", number="2.10", title="Consent", change_note="Not for readers yet.")

    assert reader.read("/sections/consent/history/").texts(HEADS) == ["From 31 March 2017 In force"]


def test_the_history_is_whole_on_any_day(manual, today, reader):
    days = ["/on/0001-01-01", "/on/2018-11-26", "", "/on/9999-12-31"]

    heads = [reader.read(f"{day}/sections/sharing-information/history/").texts(HEADS) for day in days]

    assert heads == [heads[0]] * 4 and len(heads[0]) == 3


@pytest.mark.parametrize("url", ["/sections/nothing/history/", "/in/northshire/sections/harbour-children/history/"])
def test_a_section_that_the_reader_does_not_see_has_no_history(manual, today, reader, url):
    page = reader.read(url)

    slug = url.split("/")[-3]
    assert (page.status, page.lead) == (404, f"This manual has no section “{slug}” for what you are reading.")
