"""One version for ever, `/versions/<id>/`."""

from datetime import date

import pytest

from procedures.models import Version
from tests.reader import has
from tests.world import draft, noon, publish

PROSE = f"//article//div[{has('prose')}]"
FACTS = f"//div[{has('facts__fact')}]"


@pytest.fixture
def neglect(region):
    return [
        publish("neglect", number="2.1", on=date(2020, 1, 1), body="The first text. See Section 2.1."),
        publish("neglect", number="2.1", on=date(2024, 1, 1), body="The second text."),
        publish("neglect", number="2.1", on=date(2025, 3, 1), body="The third text."),
        publish("neglect", withdrawn=True, body="", on=date(2025, 6, 1), change_note="Over."),
    ]


@pytest.mark.parametrize(
    "place, lead, notices",
    [
        (
            0,
            "One version, kept for ever: in force from 1 January 2020 to 31 December 2023 Superseded",
            ["This version (Regional text) is no longer in force: another took its place on 1 January 2024."],
        ),
        (1, "One version, kept for ever: in force from 1 January 2024 to 28 February 2025 In force", []),
        (
            2,
            "One version, kept for ever: in force from 1 March 2025 to 31 May 2025 Scheduled",
            ["This version (Regional text) is not yet in force. It takes effect on 1 March 2025."],
        ),
    ],
)
def test_a_version_says_when_it_applies(neglect, today, reader, place, lead, notices):
    page = reader.read(f"/versions/{neglect[place].pk}/")

    assert (page.heading, page.lead, page.notices) == ("2.1 Neglect", lead, notices)


def test_a_withdrawal_is_a_version_too(region, today, reader):
    publish("neglect", number="2.1", title="Neglect", on=date(2020, 1, 1))
    withdrawal = publish("neglect", withdrawn=True, body="", on=date(2024, 6, 1), change_note="Over.")

    page = reader.read(f"/versions/{withdrawal.pk}/")

    assert page.notices == ["With this version (Regional text) the section was withdrawn on 1 June 2024."]


def test_a_version_replaced_on_its_own_day_says_so(region, today, reader):
    first = publish("neglect", number="2.1", on=date(2020, 5, 6))
    publish("neglect", number="2.1", on=date(2020, 5, 6), published_at=noon(date(2020, 5, 6)))

    page = reader.read(f"/versions/{first.pk}/")

    assert page.lead == "One version, kept for ever: in force from 6 May 2020, replaced the same day Superseded"
    assert page.notices == ["This version (Regional text) is no longer in force: another took its place on 6 May 2020."]


@pytest.mark.parametrize(
    "who_and_why, told",
    [
        (
            {"change_note": "Not agreed yet."},
            "replaced by An approver on 2 May 2020, before it took effect: Not agreed yet.",
        ),
        (
            {"change_note": "", "change_kind": "minor", "approver_name": ""},
            "replaced by An author on 2 May 2020, before it took effect.",
        ),
        (
            {"change_note": "", "change_kind": "minor", "approver_name": "", "author_name": ""},
            "replaced on 2 May 2020, before it took effect.",
        ),
    ],
)
def test_a_version_replaced_before_its_day_was_never_in_force(region, today, reader, who_and_why, told):
    called_off = publish("neglect", number="2.1", on=date(2020, 5, 6))
    instead = publish("neglect", number="2.1", on=date(2020, 5, 6), published_at=noon(date(2020, 5, 2)), **who_and_why)

    page = reader.read(f"/versions/{called_off.pk}/")

    assert page.lead == "One version, kept for ever: it was to be in force from 6 May 2020 Never in force"
    assert page.notices == [f"This version (Regional text) was never in force. It was {told}"]
    assert page.links(f"//main//div[{has('notice')}]") == [("The version in its place", f"/versions/{instead.pk}/")]
    assert page.robots == ["noindex"]


def test_its_text_and_the_record_of_it_are_shown(neglect, today, reader):
    page = reader.read(f"/versions/{neglect[0].pk}/")

    assert page.texts(PROSE) == ["The first text. See Section 2.1."]
    assert page.texts(FACTS) == [
        "Written by An author",
        "Approved by An approver",
        "Brought in from an earlier system 1 January 2020",
        f"Digest (SHA-256) {neglect[0].digest}",
    ]


def test_its_links_lead_to_its_own_place_and_first_day(manual, today, reader):
    version = publish("consent", by="southmoor", on=date(2023, 1, 1), body="See Section 4.1.")

    page = reader.read(f"/versions/{version.pk}/")

    assert page.heading == "2.10 Consent"
    assert page.links(PROSE) == [("Section 4.1", "/in/southmoor/on/2023-01-01/sections/harbour-children/")]
    assert ("Today’s text of this section", "/in/southmoor/sections/consent/") in page.links("//main")


@pytest.mark.parametrize("place, robots", [(0, ["noindex"]), (1, []), (2, ["noindex"]), (3, ["noindex"])])
def test_only_a_version_in_force_is_for_search_engines(neglect, today, reader, place, robots):
    assert reader.read(f"/versions/{neglect[place].pk}/").robots == robots


def test_the_html_is_made_again_when_none_is_kept(neglect, today, reader):
    kept = Version.objects.get(pk=neglect[0].pk).kept_rendering
    kept.delete()

    page = reader.read(f"/versions/{neglect[0].pk}/")

    assert page.texts(PROSE) == ["The first text. See Section 2.1."]
    assert Version.objects.get(pk=neglect[0].pk).kept_rendering.content == kept.content


def test_a_version_stands_outside_every_viewpoint(neglect, today, reader):
    url = f"/versions/{neglect[1].pk}/"

    assert reader.read(url).elements(f"//div[{has('viewpoint')}]") == []
    assert reader.get(f"/in/southmoor{url}").status_code == 404
    assert reader.get(f"{url}?partnership=southmoor&day=1&month=1&year=2020").status_code == 200


def test_a_draft_has_no_page(region, today, reader):
    version = draft("neglect", number="2.1")

    page = reader.read(f"/versions/{version.pk}/")

    assert (page.status, page.lead) == (404, f"There is no published version {version.pk}.")


@pytest.mark.parametrize("number", ["0", "999999", str(2**63), str(10**40), "9" * 4300, "9" * 5000, "-1", "1.0", "one"])
def test_an_unknown_version_is_a_plain_404(manual, today, reader, number):
    page = reader.read(f"/versions/{number}/")

    assert (page.status, page.heading) == (404, "Page not found")


def test_it_gives_the_address_to_cite(neglect, today, reader):
    page = reader.read(f"/versions/{neglect[0].pk}/")

    assert page.texts(f"//main/p[{has('print-line')}]") == [
        f"To cite this version: http://localhost:8000/versions/{neglect[0].pk}/"
    ]
