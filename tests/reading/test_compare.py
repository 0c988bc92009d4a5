"""What changed between two versions, `/sections/<slug>/compare/<id>...<id>/`; of words: test_comparison."""

from datetime import date

import pytest

from tests.reader import has
from tests.world import draft, noon, publish

SIDES = f"//div[{has('compared__side')}]"
INSERTED = f"//article//*[self::ins or {has('inserted-block')}]"
DELETED = f"//article//*[self::del or {has('deleted-block')}]"


@pytest.fixture
def rules(region):
    """Two versions of 3.1, the second with another word in its text and in its title."""
    return [
        publish("rules", number="3.1", title="Seven rules", on=date(2018, 7, 1), body="Be open and honest.\n"),
        publish(
            "rules",
            number="3.1",
            title="Six rules",
            on=date(2024, 5, 1),
            body="Be frank and honest.\n",
            change_note="One fewer.",
        ),
    ]


def test_words_inserted_and_deleted_are_marked(rules, today, reader):
    first, second = rules

    page = reader.read(f"/sections/rules/compare/{first.pk}...{second.pk}/")

    assert page.heading == "What changed 3.1 Six rules"
    assert page.texts(INSERTED) == ["Six", "frank"]
    assert page.texts(DELETED) == ["Seven", "open"]
    assert page.lead == "1 word inserted, 1 word deleted."


def test_each_side_says_from_when_to_when_it_applied(rules, today, reader):
    first, second = rules

    page = reader.read(f"/sections/rules/compare/{first.pk}...{second.pk}/")

    assert page.texts(SIDES) == [
        "Before: Regional text In force from 1 July 2018 to 30 April 2024 3.1 Seven rules, the version of 1 July 2018",
        "After: Regional text In force from 1 May 2024 3.1 Six rules, the version of 1 May 2024",
    ]
    assert [url for _, url in page.links(SIDES)] == [f"/versions/{first.pk}/", f"/versions/{second.pk}/"]


def test_only_the_way_forward_says_why_it_changed(rules, today, reader):
    first, second = rules
    quiet = f"//main/p[{has('quiet')}]"

    assert reader.read(f"/sections/rules/compare/{first.pk}...{second.pk}/").texts(quiet) == [
        "Why it changed: One fewer."
    ]
    assert reader.read(f"/sections/rules/compare/{second.pk}...{first.pk}/").texts(quiet) == []


def test_the_two_can_be_swapped_and_the_viewpoint_is_kept(rules, today, reader):
    first, second = rules

    page = reader.read(f"/in/southmoor/on/2019-01-01/sections/rules/compare/{first.pk}...{second.pk}/")

    there = "/in/southmoor/on/2019-01-01/sections/rules"
    assert page.links(f"//main/ul[{has('link-row')}]") == [
        ("Swap the two versions", f"{there}/compare/{second.pk}...{first.pk}/"),
        ("All versions of this section", f"{there}/history/"),
        ("Read this section", f"{there}/"),
    ]


def test_a_version_does_not_differ_from_itself(rules, today, reader):
    page = reader.read(f"/sections/rules/compare/{rules[0].pk}...{rules[0].pk}/")

    assert (page.lead, page.texts(INSERTED + " | " + DELETED)) == ("The words of these two versions are the same.", [])


def test_two_versions_of_one_day_can_be_compared(region, today, reader):
    first = publish("rules", number="3.1", on=date(2020, 5, 6), body="A hasty text.")
    that_day = date(2020, 5, 6)
    second = publish(
        "rules",
        number="3.1",
        on=that_day,
        body="A corrected text.",
        change_note="Corrected.",
        published_at=noon(that_day),
    )

    page = reader.read(f"/sections/rules/compare/{first.pk}...{second.pk}/")

    assert (
        page.texts(SIDES)[0]
        == "Before: Regional text In force from 6 May 2020, replaced the same day 3.1 Rules, the version of 6 May 2020"
    )
    assert page.texts(f"//main/p[{has('quiet')}]") == ["Why it changed: Corrected."]


def test_local_additions_are_compared_under_the_sections_title(manual, today, reader):
    first = publish("consent", by="southmoor", on=date(2020, 1, 1), body="Ask Ann.")
    second = publish("consent", by="southmoor", on=date(2021, 1, 1), body="Ask Beth.")

    page = reader.read(f"/in/southmoor/sections/consent/compare/{first.pk}...{second.pk}/")

    assert page.heading == "What changed 2.10 Consent"
    assert (page.texts(INSERTED), page.texts(DELETED)) == (["Beth"], ["Ann"])
    assert (
        page.texts(SIDES)[1] == "After: Southmoor In force from 1 January 2021 Consent, the version of 1 January 2021"
    )


def test_links_in_the_compared_text_keep_the_viewpoint(manual, today, reader):
    page = reader.read("/in/southmoor/sections/sharing-information/history/")
    [changes] = [url for words, url in page.links("//main") if words == "What changed on 3 June 2024"]

    compared = reader.read(changes)

    assert ("Section 2.10", "/in/southmoor/sections/consent/") in compared.links("//article")


def test_a_comparison_is_not_for_search_engines(rules, today, reader):
    assert reader.read(f"/sections/rules/compare/{rules[0].pk}...{rules[1].pk}/").robots == ["noindex"]


def test_another_partnerships_version_cannot_be_compared(manual, region, today, reader):
    own = publish("consent", by="northshire", on=date(2020, 1, 1), body="Ask.")
    other = publish("consent", by="southmoor", on=date(2020, 1, 1), body="Ask southcanary.")

    page = reader.read(f"/in/northshire/sections/consent/compare/{own.pk}...{other.pk}/")

    assert (page.status, page.lead) == (
        404,
        f"There is no version {other.pk} of this section for what you are reading.",
    )


def test_a_draft_and_another_sections_version_cannot_be_compared(rules, today, reader):
    unpublished = draft("rules", number="3.1")
    other = publish("neglect", number="2.1")

    statuses = [
        reader.get(f"/sections/rules/compare/{rules[0].pk}...{version.pk}/").status_code
        for version in (unpublished, other)
    ]

    assert statuses == [404, 404]


@pytest.mark.parametrize(
    "pair", ["0...0", f"1...{2**63}", f"{10**40}...1", "1..2", "a...b", "1...-2", "9" * 4400 + "...1"]
)
def test_unknown_versions_are_a_plain_404(rules, today, reader, pair):
    page = reader.read(f"/sections/rules/compare/{pair}/")

    assert (page.status, page.heading) == (404, "Page not found")


def test_the_form_leads_to_the_comparison(rules, today, reader):
    first, second = rules

    response = reader.get(f"/in/southmoor/sections/rules/compare/?from={first.pk}&to={second.pk}")

    assert (response.status_code, response["Location"]) == (
        302,
        f"/in/southmoor/sections/rules/compare/{first.pk}...{second.pk}/",
    )


@pytest.mark.parametrize(
    "query",
    ["", "?from=1", "?from=1&to=", "?from=1&to=two", "?from=1&to=%00", "?from=1&to=²", "?from=1&to=" + "9" * 30],
)
def test_a_form_without_two_versions_says_what_to_do(rules, today, reader, query):
    page = reader.read(f"/sections/rules/compare/{query}")

    assert (page.status, page.lead) == (404, "Choose two versions to compare.")
    assert ("Its versions", "/sections/rules/history/") in page.links("//main")


def test_a_comparison_across_several_versions_gives_the_reason_for_each(rules, today, reader):
    first, second = rules
    third = publish("rules", number="3.1", on=date(2024, 9, 1), body="Be frank.", change_note="Shorter.")

    page = reader.read(f"/sections/rules/compare/{first.pk}...{third.pk}/")

    assert page.texts(f"//main/p[{has('quiet')}]") == [
        "Why it changed on 1 May 2024: One fewer.",
        "Why it changed on 1 September 2024: Shorter.",
    ]
