"""Every type of page in a real browser: axe finds nothing to object to, and it fits the narrowest screen."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import AXE, Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = {
    "home": "/",
    "home of a partnership": "/in/birmingham/",
    "contents": "/in/birmingham/contents/",
    "section, regional": "/sections/neglect/",
    "section, local": "/in/birmingham/sections/making-a-referral/",
    "section, past": "/in/birmingham/on/2020-01-01/sections/making-a-referral/",
    "section, to be changed": "/sections/attending-and-recording-meetings/",
    "section, future": "/on/2027-06-01/sections/attending-and-recording-meetings/",
    "section, not yet in force": "/on/2010-01-01/sections/neglect/",
    "section, withdrawn": "/sections/sending-records-by-fax-and-post/",
    "section, links shown": "/sections/neglect/?links=show",
    "section, paragraph changed": "/sections/sharing-information/?paragraph={site.gone}",
    "history": "/in/birmingham/sections/sharing-information/history/",
    "compare": "/in/birmingham/sections/sharing-information/compare/{shared[1]}...{shared[2]}/",
    "compare, with tables": "/sections/retention-of-records/compare/{kept[0]}...{kept[3]}/",
    "version, superseded": "/versions/{shared[1]}/",
    "version, scheduled": "/versions/{site.meetings[3]}/",
    "updates": "/in/birmingham/updates/",
    "contacts, all": "/contacts/",
    "contacts, one": "/in/dudley/contacts/",
    "contacts, past": "/in/dudley/on/2019-06-01/contacts/",
    "authorities": "/authorities/",
    "authority": "/authorities/working-together/",
    "documents": "/in/birmingham/documents/",
    "document": "/documents/neglect-chronology-sheet/",
    "document, a picture": "/documents/help-for-neglected-children/",
    "document, not yet there": "/on/2018-01-01/documents/neglect-chronology-sheet/",
    "search, empty": "/search/",
    "search, results": "/in/birmingham/search/?q=bruising",
    "search, nothing found": "/search/?q=zzyzx",
    "404": "/in/dudley/9.9",
    "400": "/sections/neglect/?day=31&month=2&year=2019",
}
STATUSES = {"404": 404, "400": 400}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
UNFOLD = "document.querySelectorAll('details').forEach(details => { details.open = true })"
WIDTH = "document.documentElement.scrollWidth"


def address(site: Site, name: str) -> str:
    return PAGES[name].format(site=site, shared=site.sharing_information, kept=site.retention_of_records)


def violations(page: Page) -> list[tuple[str, str]]:
    """What axe objects to: the rule, and the first element that breaks it."""
    found: list[dict[str, Any]] = page.evaluate(
        "rules => axe.run(document, { runOnly: rules, resultTypes: ['violations'] }).then(found => found.violations)",
        RULES,
    )
    return [(violation["id"], violation["nodes"][0]["html"]) for violation in found]


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_violation(site, visits, name):
    page = visits(width=1280).page

    response = page.goto(site.url + address(site, name))
    page.evaluate(AXE.read_text())
    wide = violations(page)
    page.set_viewport_size({"width": 360, "height": 800})
    page.evaluate(UNFOLD)
    narrow = violations(page)

    assert (response.status, wide, narrow) == (STATUSES.get(name, 200), [], [])


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_at_320_pixels(site, visits, name):
    page = visits(width=320).opens(address(site, name))

    folded = page.evaluate(WIDTH)
    page.evaluate(UNFOLD)

    assert (folded, page.evaluate(WIDTH)) == (320, 320)


def test_a_phone_shows_the_urgent_numbers_and_the_text_within_a_screen_and_a_half(site, visits):
    page = visits(width=360, height=800).opens(address(site, "section, local"))

    number = page.locator(".urgent__phone").last.bounding_box()
    text = page.locator(".prose p").first.bounding_box()

    assert number["y"] + number["height"] < text["y"] < 1200


def test_at_400_percent_zoom_nothing_stands_in_front_of_the_text(site, visits):
    page = visits(width=320, height=256).opens(address(site, "section, local"))

    paragraph = page.locator(".prose p").first
    paragraph.scroll_into_view_if_needed()
    box = paragraph.bounding_box()
    fixed = page.evaluate(
        "[...document.querySelectorAll('body *')]"
        ".filter(element => /fixed|sticky/.test(getComputedStyle(element).position))"
        ".map(element => element.className)"
    )

    assert box["x"] >= 0 and box["x"] + box["width"] <= 320
    assert fixed == []


def test_a_wide_screen_shows_what_a_phone_folds_away(site, visits):
    visitor = visits(width=1280)
    page = visitor.opens("/sections/sharing-information/")
    heading = page.get_by_role("navigation", name="On this page").get_by_role("link", name="The seven golden rules")
    reason = page.get_by_text("Adds the information sharing duty").first

    wide = (heading.is_visible(), reason.is_visible())
    page.set_viewport_size({"width": 360, "height": 800})
    folded = (heading.is_visible(), reason.is_visible())
    page.get_by_text("On this page").first.click()
    page.get_by_text("what and why").click()

    assert (wide, folded, (heading.is_visible(), reason.is_visible())) == ((True, True), (False, False), (True, True))


def test_paper_shows_the_text_and_where_it_came_from_and_no_navigation(site, visits):
    page = visits().opens(address(site, "section, local"))

    page.emulate_media(media="print")
    navigation = page.locator("nav, form, select, .site-header, .viewpoint, .site-footer__list")

    assert page.locator(".print-line").inner_text() == (
        "Birmingham Safeguarding Children Partnership. Valid as at 23 November 2026, the day it was printed: a later "
        f"version may apply. {site.url}/in/birmingham/sections/making-a-referral/"
    )
    assert [element.get_attribute("class") for element in navigation.all() if element.is_visible()] == []
    assert page.get_by_text("Follows Working Together of December 2023").is_visible()
    assert page.get_by_role("group", name="Local text: Birmingham").first.is_visible()
    assert page.pdf().startswith(b"%PDF-")
