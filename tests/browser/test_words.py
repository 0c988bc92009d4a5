"""The search words' pages in a real browser: a section found by a few letters, and all of it without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import expect

from procedures.models import Term
from tests.browser.people import beside, make_person, sign_in
from tests.browser.test_editing import looks_right

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

WORDS = "/workspace/walsall/words/"


@pytest.fixture
def author(site: Any, browser: Any, django_db_blocker: Any) -> str:
    """The e-mail address of an author of Walsall."""
    return beside(django_db_blocker, lambda: make_person("walsall_words", "walsall", "author"))


def sections_of_senses() -> list[list[str]]:
    return [sense.section_slugs() for sense in Term.objects.get(name="WRH").senses.all()]


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_term_is_added_changed_and_deleted(visits, author, scripts, django_db_blocker):
    visitor = visits(scripts=scripts)
    page = visitor.opens(f"{WORDS}terms/new/")
    sign_in(page, author)
    expect(page.get_by_role("heading", level=1)).to_have_text("Add a term")
    faults = looks_right(page) if scripts else []
    page.get_by_role("button", name="Save the term").click()
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(2)
    faults += looks_right(page) if scripts else []

    first = page.get_by_role("group", name="What it means")
    page.get_by_label("Term", exact=True).fill("WRH")
    first.get_by_label("Definition").fill("Walsall’s hub for referrals.")
    if scripts:
        first.get_by_label("Find a section to add").press_sequentially("sharing")
        page.get_by_role("option", name="3.1 Sharing information").first.click()
        expect(first.get_by_label("Sections about it")).to_have_value("3.1 Sharing information")
        faults += looks_right(page)
    else:
        first.get_by_label("Sections about it").fill("3.1")
    page.get_by_text("Add another sense").click()
    second = page.get_by_role("group", name="A further sense")
    second.get_by_label("What it stands for").fill("water rescue head")
    second.get_by_label("Definition").fill("Who leads a rescue from water.")
    page.get_by_role("button", name="Save the term").click()
    expect(page.get_by_text("The term “WRH” is saved.")).to_be_visible()
    expect(page.get_by_role("link", name="See what readers get for “WRH”")).to_have_attribute(
        "href", "/in/walsall/search/?q=WRH"
    )
    faults += looks_right(page) if scripts else []
    assert beside(django_db_blocker, sections_of_senses) == [["sharing-information"], []]

    page.get_by_role("link", name="Delete this term").click()
    faults += looks_right(page) if scripts else []
    page.get_by_role("button", name="Delete “WRH”").click()
    visitor.arrives_at(WORDS)
    faults += looks_right(page) if scripts else []
    if scripts:
        for kind in ("synonyms", "best-bets"):
            faults += looks_right(visitor.opens(f"{WORDS}{kind}/new/"))
    assert faults == []
    visitor.context.clear_cookies()
