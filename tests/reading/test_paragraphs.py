"""Links to a single paragraph, `?paragraph=…`, and what has become of it."""

from datetime import date

import pytest

from tests.reader import has
from tests.world import publish

URL = "/sections/rules/"
NOTICE = f"//main//div[{has('notice')}]"
UNKNOWN = "The paragraph that you were sent to is in no version of this section."
NO_PARAGRAPH = "The link that you followed names no paragraph of this section."


def anchors(page, words):
    """The ids of the paragraphs, items and rows whose words these are."""
    paragraphs = page.elements("//article//*[self::p or self::li or self::tr][@id]")
    return [element.get("id") for element in paragraphs if element.text_content().strip() == words]


@pytest.fixture
def rules(region):
    return [
        publish("rules", number="3.1", on=date(2018, 7, 1), body="Be open.\n\nBe honest.\n\n- Share what is needed.\n"),
        publish("rules", number="3.1", on=date(2024, 5, 1), body="Something new.\n\nBe honest.\n\nBe frank.\n"),
    ]


def test_a_paragraph_is_found_again_after_edits_around_it(rules, today, reader):
    [before] = anchors(reader.read(f"/on/2020-01-01{URL}"), "Be honest.")

    page = reader.read(f"{URL}?paragraph={before}")

    assert (anchors(page, "Be honest."), page.notices) == ([before], [])


@pytest.mark.parametrize("words", ["Be open.", "Share what is needed."])
def test_a_paragraph_that_has_changed_is_quoted_as_it_was(rules, today, reader, words):
    first, second = rules
    [anchor] = anchors(reader.read(f"/on/2020-01-01{URL}"), words)

    page = reader.read(f"/in/southmoor{URL}?paragraph={anchor}")

    assert page.notices == [
        "The paragraph that you were sent to reads differently on this page. In the version of 1 July 2018 it said:"
    ]
    assert page.texts("//blockquote") == [words]
    assert page.links(NOTICE) == [("What has changed", f"/in/southmoor{URL}compare/{first.pk}...{second.pk}/")]


def test_on_a_past_day_a_later_paragraph_is_quoted_as_it_will_be(rules, today, reader):
    [anchor] = anchors(reader.read(URL), "Be frank.")

    page = reader.read(f"/on/2020-01-01{URL}?paragraph={anchor}")

    assert page.texts("//blockquote") == ["Be frank."]


def test_the_newest_version_with_the_paragraph_is_named(rules, today, reader):
    publish("rules", number="3.1", on=date(2024, 12, 1), body="Only this.\n")
    [anchor] = anchors(reader.read(f"/on/2020-01-01{URL}"), "Be honest.")

    [told] = reader.read(f"{URL}?paragraph={anchor}").notices

    assert told.endswith("In the version of 1 May 2024 it said:")


def test_a_paragraph_of_an_addition_is_found_in_its_own_stream(rules, today, reader):
    first = publish("rules", by="northshire", on=date(2020, 1, 1), body="Ask the northcanary hub.")
    second = publish("rules", by="northshire", on=date(2024, 6, 1), body="Ask somebody.")
    [anchor] = anchors(reader.read(f"/in/northshire/on/2021-01-01{URL}"), "Ask the northcanary hub.")

    page = reader.read(f"/in/northshire{URL}?paragraph={anchor}")

    assert page.texts("//blockquote") == ["Ask the northcanary hub."]
    assert page.links(NOTICE) == [("What has changed", f"/in/northshire{URL}compare/{first.pk}...{second.pk}/")]
    assert reader.read(f"/in/southmoor{URL}?paragraph={anchor}").notices == [UNKNOWN]
    assert reader.read(f"{URL}?paragraph={anchor}").notices == [UNKNOWN]


def test_a_paragraph_of_an_addition_that_was_withdrawn_leads_to_its_version(rules, today, reader):
    first = publish("rules", by="northshire", on=date(2024, 6, 1), body="Ask the hub.")
    [anchor] = anchors(reader.read(f"/in/northshire{URL}"), "Ask the hub.")
    publish("rules", by="northshire", on=date(2024, 7, 1), withdrawn=True, body="")

    page = reader.read(f"/in/northshire{URL}?paragraph={anchor}")

    assert page.links(NOTICE) == [("What has changed", f"/versions/{first.pk}/")]


@pytest.mark.parametrize(
    "asked, told",
    [
        ("", []),
        ("p-aaaaaaaa", [UNKNOWN]),
        ("northshire-p-aaaaaaaa-2", [UNKNOWN]),
        ("nothing", [NO_PARAGRAPH]),
        ("P-AAAAAAAA", [NO_PARAGRAPH]),
        ("%00", [NO_PARAGRAPH]),
        ("%3Cscript%3E", [NO_PARAGRAPH]),
        ("p-" + "a" * 5000, [NO_PARAGRAPH]),
        ("a-" * 3000 + "!", [NO_PARAGRAPH]),
    ],
)
def test_what_names_no_paragraph_is_told_so(rules, today, reader, asked, told):
    page = reader.read(f"{URL}?paragraph={asked}")

    assert (page.status, page.notices) == (200, told)
