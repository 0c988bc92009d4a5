"""What is offered while somebody types."""

from datetime import date

import pytest

from tests import world


def offered(reader, typed: str, partnership: str = "", on: str = "") -> list[tuple[str, str, str]]:
    answer = (
        reader.get("/api/v1/suggestions", **{})
        if not typed
        else reader.client.get("/api/v1/suggestions", {"q": typed, "partnership": partnership, "on": on})
    )
    return [(one["kind"], one["text"], one["url"]) for one in answer.json()["suggestions"]]


def test_sections_are_offered_by_the_beginnings_of_their_words(manual, today, reader):
    assert offered(reader, "inf shar") == [("section", "3.1 Sharing information", "/sections/sharing-information/")]


def test_a_number_offers_its_section_first_and_those_under_it(manual, today, reader):
    assert offered(reader, "2") == [
        ("section", "2 Guidance", "/sections/guidance/"),
        ("section", "2.10 Consent", "/sections/consent/"),
    ]


def test_a_term_is_offered_by_any_of_its_names(manual, today, reader):
    world.make_term("MASH", meaning="multi-agency safeguarding hub", other_names=["front door"])

    assert [offered(reader, typed) for typed in ("mas", "multi safe", "front d")] == [
        [("term", "MASH", "/glossary/#mash")]
    ] * 3


@pytest.mark.parametrize("typed", ["c", " ", "\u200b", "zz", "-", "%", "(*"])
def test_a_single_letter_and_nonsense_offer_nothing(manual, today, reader, typed):
    assert offered(reader, typed) == []


def test_the_viewpoint_is_kept_in_what_is_offered(manual, today, reader):
    assert offered(reader, "harbour", "southmoor", "2022-03-07") == [
        (
            "section",
            "4.1 Children of the southcanary harbour",
            "/in/southmoor/on/2022-03-07/sections/harbour-children/",
        )
    ]


@pytest.mark.parametrize(("partnership", "on"), [("", ""), ("northshire", ""), ("southmoor", "2022-03-06")])
def test_a_section_of_others_or_of_another_day_is_not_offered(manual, today, reader, partnership, on):
    assert offered(reader, "harbour", partnership, on) == []


def test_a_term_of_another_partnership_is_not_offered(manual, today, reader):
    world.make_term("Southcanary hub", by="southmoor")

    assert (offered(reader, "southca"), len(offered(reader, "southca", "southmoor"))) == ([], 2)


def test_what_is_withdrawn_today_is_no_longer_offered(manual, today, reader):
    assert offered(reader, "consent")

    world.publish("consent", on=date(2025, 1, 15), number="2.10", body="Gone.", withdrawn=True)

    assert offered(reader, "consent") == []


def test_a_term_is_offered_once_by_its_likeliest_name_which_stands_beside_it(manual, today, reader):
    world.make_term("CLA", meaning="child looked after", other_names=["looked after child", "cared for child"])

    [offer] = reader.get("/api/v1/suggestions?q=looked").json()["suggestions"]

    assert (offer["text"], offer["detail"]) == ("CLA", "looked after child")
