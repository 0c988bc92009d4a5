"""What a section's page says about dates: superseded, not yet in force, renumbered."""

from datetime import date

import pytest

from partnerships.models import GroupMembership
from tests.reader import has, make_it
from tests.world import noon, publish

NOTICES = f"//main//div[{has('notice')}]"


@pytest.fixture
def three_versions(region):
    """Neglect's versions of 1 January 2020, 15 January 2025 (today) and 1 March 2025 (scheduled)."""
    return [
        publish("neglect", number="2.1", on=date(2020, 1, 1), change_note="First published."),
        publish("neglect", number="2.1", on=date(2025, 1, 15), body="Short.", change_note="Made shorter."),
        publish("neglect", number="2.1", on=date(2025, 3, 1), body="Longer.", change_note="Made longer."),
    ]


SUPERSEDED = (
    "This is the regional text as it was from 1 January 2020 to 14 January 2025. "
    "It was superseded on 15 January 2025: Made shorter."
)
COMING = "From 1 March 2025 this section reads differently. Made longer."


@pytest.mark.parametrize(
    "day, told",
    [
        ("2020-01-01", [SUPERSEDED]),
        ("2025-01-14", [SUPERSEDED]),
        ("2025-01-15", [COMING]),
        ("", [COMING]),
        ("2025-02-28", [COMING]),
        ("2025-03-01", ["Not yet in force: this is the regional text from 1 March 2025 on."]),
        ("9999-12-31", ["Not yet in force: this is the regional text from 1 March 2025 on."]),
    ],
)
def test_a_page_says_how_its_text_stands_to_today(three_versions, today, reader, day, told):
    page = reader.read(f"/on/{day}/sections/neglect/" if day else "/sections/neglect/")

    assert page.notices == told


@pytest.fixture
def called_back(region):
    """Neglect's text of 1 January 2024; that of 1 March 2025, called back on 10 January; and that of 1 May 2025."""
    publish("neglect", number="2.1", on=date(2024, 1, 1), body="First.")
    publish("neglect", number="2.2", title="Neglected", on=date(2025, 3, 1), body="Second.", change_note="New rules.")
    calls_back = {"on": date(2025, 3, 1), "body": "First.", "change_note": "Not agreed."}
    publish("neglect", number="2.1", published_at=noon(date(2025, 1, 10)), **calls_back)


@pytest.mark.parametrize(
    "day, told",
    [
        ("", []),
        ("2025-02-28", []),
        ("2025-03-01", ["Not yet in force: this is the regional text from 1 March 2025 on."]),
        ("2024-06-01", [
            "You are reading this section as at 1 June 2024. No text on this page has been superseded since.",
        ]),
    ],
)  # fmt: skip
def test_a_text_called_back_before_its_day_is_not_announced(called_back, today, reader, day, told):
    page = reader.read(f"/on/{day}/sections/neglect/" if day else "/sections/neglect/")

    assert page.notices == told


def test_the_next_text_after_one_that_was_called_back_is_announced(called_back, today, reader):
    may = {"on": date(2025, 5, 1), "body": "Third.", "change_note": "Agreed."}
    publish("neglect", number="2.1", published_at=noon(date(2025, 1, 11)), **may)

    assert reader.read("/sections/neglect/").notices == ["From 1 May 2025 this section reads differently. Agreed."]


def test_a_text_that_replaces_another_before_its_day_is_announced_in_its_place(region, today, reader):
    publish("neglect", number="2.1", on=date(2024, 1, 1), body="First.")
    publish("neglect", number="2.1", on=date(2025, 3, 1), body="Second.", change_note="New rules.")
    publish("neglect", number="2.1", on=date(2025, 3, 1), body="Third.", change_note="Better rules.")

    assert reader.read("/sections/neglect/").notices == [
        "From 1 March 2025 this section reads differently. Better rules."
    ]


@pytest.mark.parametrize("now", [date(2025, 3, 1), date(2025, 6, 1)])
def test_once_its_day_is_past_a_call_back_has_superseded_nothing(called_back, reader, monkeypatch, now):
    make_it(now, monkeypatch)

    assert reader.read("/on/2025-02-28/sections/neglect/").notices == [
        "You are reading this section as at 28 February 2025. No text on this page has been superseded since."
    ]
    assert reader.read("/2.2").status == 404  # the number that it would have had
    assert reader.read("/sections/neglect/?formerly=2.2").notices == []


@pytest.mark.parametrize("now", [date(2025, 2, 28), date(2025, 3, 1), date(2025, 3, 2)])
def test_a_section_called_back_before_its_first_day_was_never_in_force(region, reader, monkeypatch, now):
    publish("neglect", number="2.1", on=date(2025, 3, 1))
    publish("neglect", on=date(2025, 3, 1), withdrawn=True, body="", change_note="Not agreed.")
    make_it(now, monkeypatch)

    page = reader.read("/sections/neglect/")

    assert page.notices == [
        "This section has never been in force. It was to take effect on 1 March 2025, "
        "and was called back before that day."
    ]
    assert page.links(NOTICES) == [("What was published of it, and why", "/sections/neglect/history/")]
    assert reader.get("/sections/neglect/history/").status_code == 200


def test_a_section_whose_first_text_was_called_back_is_not_in_force_until_the_next(region, today, reader):
    publish("neglect", number="2.1", on=date(2025, 3, 1))
    publish("neglect", on=date(2025, 3, 1), withdrawn=True, body="", change_note="Not agreed.")
    publish("neglect", number="2.1", on=date(2025, 5, 1))

    page = reader.read("/sections/neglect/")

    assert page.notices == ["This section is not in force yet. It first takes effect on 1 May 2025."]


def test_a_superseded_text_leads_to_what_changed(three_versions, today, reader):
    first, second, _ = three_versions

    page = reader.read("/in/southmoor/on/2020-01-01/sections/neglect/")

    assert page.links(NOTICES) == [
        (
            "What changed on 15 January 2025",
            f"/in/southmoor/on/2020-01-01/sections/neglect/compare/{first.pk}...{second.pk}/",
        ),
        ("The text in force today", "/in/southmoor/sections/neglect/"),
    ]


def test_a_text_to_come_leads_to_its_day_and_back(three_versions, today, reader):
    assert reader.read("/in/southmoor/sections/neglect/").links(NOTICES) == [
        ("Read it as it will be from 1 March 2025", "/in/southmoor/on/2025-03-01/sections/neglect/")
    ]
    assert reader.read("/on/2025-03-01/sections/neglect/").links(NOTICES) == [
        ("The text in force today", "/sections/neglect/")
    ]


def test_what_changed_can_be_read_although_the_group_was_left_since(manual, region, today, reader):
    publish("sharing-information", by="northern-force", on=date(2023, 1, 1), body="A new station.")
    GroupMembership.objects.filter(member=region["northshire"]).update(left=date(2023, 12, 31))

    page = reader.read("/in/northshire/on/2022-12-31/sections/sharing-information/")

    [*_, (words, url), _] = page.links(NOTICES)
    assert (words, reader.get(url).status_code) == ("What changed on 1 January 2023", 200)


def test_a_past_day_whose_text_still_applies_says_so(manual, today, reader):
    page = reader.read("/on/2019-06-01/sections/consent/")

    assert page.notices == [
        "You are reading this section as at 1 June 2019. No text on this page has been superseded since."
    ]
    assert page.links(NOTICES) == [("Today’s page", "/sections/consent/")]


def test_a_text_replaced_on_its_own_day_leaves_that_day_to_the_next(region, today, reader):
    publish("neglect", number="2.1", on=date(2020, 5, 6))
    publish("neglect", number="2.1", on=date(2020, 5, 6), change_note="A word was missing.")
    publish("neglect", number="2.1", on=date(2020, 5, 7), body="Whole.", change_note="Another was.")

    page = reader.read("/on/2020-05-06/sections/neglect/")

    assert page.notices == [
        "This is the regional text as it was on 6 May 2020. It was superseded on 7 May 2020: Another was."
    ]


def test_every_text_of_a_composed_page_tells_of_its_own_dates(manual, today, reader):
    publish("sharing-information", by="northshire", on=date(2023, 1, 1), body="New.", change_note="A new hub.")
    publish("sharing-information", by="northern-force", on=date(2025, 6, 1), body="New.", change_note="A new station.")

    assert reader.read("/in/northshire/on/2022-12-31/sections/sharing-information/").notices == [
        "This is the regional text as it was from 26 November 2018 to 2 June 2024. "
        "It was superseded on 3 June 2024: Follows the advice of May 2024.",
        "This is the text of Northshire as it was from 30 September 2019 to 31 December 2022. "
        "It was superseded on 1 January 2023: A new hub.",
    ]
    assert reader.read("/in/northshire/on/2025-06-01/sections/sharing-information/").notices == [
        "Not yet in force: this is the text of Northern Force from 1 June 2025 on."
    ]


def test_a_minor_successor_without_a_note_ends_the_sentence(region, today, reader):
    publish("neglect", number="2.1", on=date(2020, 1, 1))
    publish("neglect", number="2.1", on=date(2021, 1, 1), body="Shorter.", change_kind="minor", change_note="")

    assert reader.read("/on/2020-06-01/sections/neglect/").notices == [
        "This is the regional text as it was from 1 January 2020 to 31 December 2020. "
        "It was superseded on 1 January 2021."
    ]


@pytest.fixture
def renumbered(region):
    """Neglect: 2.1 from 2017, 2.4 from 2019, 2.7 from 2021, 2.9 from 2026."""
    for year, number in ((2017, "2.1"), (2019, "2.4"), (2021, "2.7"), (2026, "2.9")):
        publish("neglect", number=number, on=date(year, 6, 1))


@pytest.mark.parametrize(
    "url, told",
    [
        (
            "/sections/neglect/?formerly=2.4",
            ["You came by the old number 2.4. From 1 June 2021 this section has the number 2.7."],
        ),
        (
            "/sections/neglect/?formerly=2.1",
            ["You came by the old number 2.1. From 1 June 2019 this section had the number 2.4, and today it is 2.7."],
        ),
        ("/sections/neglect/?formerly=2.7", []),
        ("/sections/neglect/?formerly=2.9", []),  # still to come
        ("/sections/neglect/?formerly=3.3", []),  # never bore it
        ("/sections/neglect/?formerly=%3Cscript%3E", []),
        ("/sections/neglect/?formerly=%00", []),
        ("/sections/neglect/?formerly=" + "1" * 5000, []),
    ],
)
def test_who_came_by_an_old_number_is_told_the_new_one(renumbered, today, reader, url, told):
    assert [sentence for sentence in reader.read(url).notices if "number" in sentence] == told


def test_a_withdrawal_in_between_has_no_number_to_tell(region, today, reader):
    publish("neglect", number="2.1", on=date(2017, 6, 1))
    publish("neglect", withdrawn=True, body="", on=date(2019, 6, 1))
    publish("neglect", number="2.4", on=date(2021, 6, 1))

    page = reader.read("/sections/neglect/?formerly=2.1")

    assert page.notices == ["You came by the old number 2.1. From 1 June 2021 this section has the number 2.4."]


def test_on_a_past_day_the_new_number_is_that_days(renumbered, today, reader):
    page = reader.read("/on/2020-01-01/sections/neglect/?formerly=2.1")

    assert page.notices[0] == "You came by the old number 2.1. From 1 June 2019 this section has the number 2.4."


def test_on_a_past_day_a_number_of_long_ago_is_not_called_todays(renumbered, today, reader):
    page = reader.read("/on/2024-12-31/sections/neglect/?formerly=2.1")

    assert page.notices[0] == (
        "You came by the old number 2.1. From 1 June 2019 this section had the number 2.4, "
        "and on 31 December 2024 it bears 2.7."
    )
