"""A section's number as an address, `/3.1`."""

from datetime import date

import pytest

from tests.world import draft, publish


@pytest.mark.parametrize("address", ["/3.1", "/3.1/", "/3.1.", "/3.1./"])
def test_a_number_leads_to_its_section(manual, today, reader, address):
    response = reader.get(address)

    assert (response.status_code, response["Location"]) == (302, "/sections/sharing-information/")


def test_a_part_has_a_number_too(manual, today, reader):
    assert reader.get("/2")["Location"] == "/sections/guidance/"


def test_the_way_keeps_the_viewpoint(manual, today, reader):
    response = reader.get("/in/northshire/on/2019-06-01/3.1")

    assert response["Location"] == "/in/northshire/on/2019-06-01/sections/sharing-information/"


def test_another_partnerships_number_leads_nowhere(manual, today, reader):
    assert reader.get("/in/southmoor/4.1")["Location"] == "/in/southmoor/sections/harbour-children/"
    assert [reader.get(address).status_code for address in ("/4.1", "/in/northshire/4.1")] == [404, 404]


@pytest.mark.parametrize(
    "day, number, leads_to",
    [
        ("2018-12-31", "2.1", "/sections/neglect/"),
        ("2019-01-01", "2.1", "/sections/neglect/?formerly=2.1"),
        ("2019-01-02", "2.1", "/sections/neglect/?formerly=2.1"),
        ("2019-01-01", "2.4", "/sections/neglect/"),
        ("2019-12-31", "2.1", "/sections/neglect/?formerly=2.1"),
        ("2020-01-01", "2.1", "/sections/newcomer/"),
        ("2024-01-01", "2.1", "/sections/newcomer/?formerly=2.1"),  # withdrawn: whoever bore it last
    ],
)
def test_a_number_leads_to_whoever_bears_or_last_bore_it_on_the_day(region, today, reader, day, number, leads_to):
    publish("neglect", number="2.1", on=date(2017, 3, 31))
    publish("neglect", number="2.4", on=date(2019, 1, 1))
    publish("newcomer", number="2.1", on=date(2020, 1, 1))
    publish("newcomer", withdrawn=True, body="", on=date(2024, 1, 1))

    assert reader.get(f"/on/{day}/{number}")["Location"] == f"/on/{day}{leads_to}"


@pytest.mark.parametrize("day", ["2018-12-31", "0001-01-01"])
def test_a_number_of_the_future_is_not_found_before(region, today, reader, day):
    publish("neglect", number="2.4", on=date(2019, 1, 1))

    page = reader.read(f"/on/{day}/2.4")

    assert (page.status, page.lead.split(" on ")[0]) == (404, "No section bears the number 2.4")


@pytest.mark.parametrize(
    "number", ["9.9", "0", "00.1", "3..1", "3.1.2.4.5", "3.1.1", "03.1", "1" * 3000, "٣.١", "3.1a", "-3.1"]
)
def test_what_no_section_bears_is_a_plain_404(manual, today, reader, number):
    page = reader.read(f"/{number}")

    assert (page.status, page.heading) == (404, "Page not found")


def test_the_404_says_which_number_and_day(manual, today, reader):
    page = reader.read("/in/eastvale/on/2019-06-01/9.9")

    assert page.lead == "No section bears the number 9.9 on 1 June 2019."
    assert ("Contents of the manual", "/in/eastvale/on/2019-06-01/contents/") in page.links("//main")


def test_a_draft_bears_no_number(region, today, reader):
    draft("neglect", number="2.1")

    assert reader.get("/2.1").status_code == 404


def test_the_404_of_a_number_gives_each_way_on_once(manual, today, reader):
    ways = [words for words, _ in reader.read("/9.9").links("//main")]

    assert ways == ["Contents of the manual", "Start page"]
