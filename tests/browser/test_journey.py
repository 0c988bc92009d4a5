"""The way through the manual that the portal exists for, by keyboard alone and again without JavaScript."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

CONSENT = "consent-confidentiality-and-information-sharing"
STOPS = 200  # more than any page on the way has before what is looked for
FOCUSED = """() => {
  const element = document.activeElement;
  const label = element.labels && element.labels[0];
  const style = getComputedStyle(element);
  const box = element.getBoundingClientRect();
  return {
    name: (label || element).textContent.replace(/\\s+/g, " ").trim(),
    tag: element.localName,
    isInMain: !!element.closest("main"),
    isMarked: (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none",
    isOnScreen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""


def tab_to(visitor: Visitor, name: str, tag: str = "a", *, in_main: bool = False) -> None:
    """Press Tab until the element with these words has the focus; each stop on the way is on screen and marked."""
    for _ in range(STOPS):
        visitor.page.keyboard.press("Tab")
        stop = visitor.page.evaluate(FOCUSED)
        if stop["tag"] != "body":
            assert stop["isMarked"] and stop["isOnScreen"], stop
        if stop["name"].startswith(name) and stop["tag"] == tag and (stop["isInMain"] or not in_main):
            return
    pytest.fail(f"“{name}” cannot be reached with the Tab key on {visitor.path}.")


def press_enter(visitor: Visitor, leads_to: str) -> None:
    """Press Enter and arrive at a path, a regular expression."""
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(re.compile(re.escape(visitor.site.url) + leads_to + "$"))


def sees_what_changed(visitor: Visitor) -> None:
    expect(visitor.page.get_by_role("heading", level=1)).to_have_text("What changed 3.1 Sharing information")
    expect(visitor.page.locator("article ins").first).to_be_visible()
    expect(visitor.page.locator("article del").first).to_be_visible()


def test_the_whole_way_can_be_gone_by_keyboard_alone(visits):
    visitor = visits()
    page = visitor.opens("/")

    tab_to(visitor, "Skip to main content")
    page.keyboard.press("Enter")
    tab_to(visitor, "Birmingham")  # the first partnership in the main part, not the selector's
    page.reload()
    tab_to(visitor, "Select a partnership to see local information", "select")
    page.keyboard.press("ArrowDown")
    tab_to(visitor, "Show", "button")
    press_enter(visitor, "/in/birmingham/")
    tab_to(visitor, "Contents")
    press_enter(visitor, "/in/birmingham/contents/")
    tab_to(visitor, "Sharing information")
    press_enter(visitor, "/in/birmingham/sections/sharing-information/")
    expect(page.get_by_role("group", name="Local text: Birmingham").first).to_be_visible()

    tab_to(visitor, "Section 2.10", in_main=True)
    press_enter(visitor, f"/in/birmingham/sections/{CONSENT}/")
    tab_to(visitor, "Birmingham, today", "summary")
    page.keyboard.press("Enter")
    tab_to(visitor, "Read the manual as at a past day", "summary")
    page.keyboard.press("Enter")
    for field, typed in (("Day", "1"), ("Month", "6"), ("Year", "2019")):
        tab_to(visitor, field, "input")
        page.keyboard.type(typed)
    tab_to(visitor, "Show that day", "button")
    press_enter(visitor, f"/in/birmingham/on/2019-06-01/sections/{CONSENT}/")
    tab_to(visitor, "Section 3.1", in_main=True)
    press_enter(visitor, "/in/birmingham/on/2019-06-01/sections/sharing-information/")
    expect(page.locator(".notice--superseded").first).to_contain_text("superseded on 3 June 2024")

    tab_to(visitor, "All versions of this section")
    press_enter(visitor, "/in/birmingham/on/2019-06-01/sections/sharing-information/history/")
    tab_to(visitor, "Compare", "select")
    page.keyboard.press("ArrowDown")
    tab_to(visitor, "Compare", "button")
    newest, chosen = visitor.site.sharing_information[3], visitor.site.sharing_information[1]
    press_enter(
        visitor, f"/in/birmingham/on/2019-06-01/sections/sharing-information/compare/{chosen}\\.\\.\\.{newest}/"
    )
    sees_what_changed(visitor)


def test_the_whole_way_can_be_gone_without_javascript(visits):
    visitor = visits(width=360, scripts=False)
    page = visitor.opens("/")

    page.get_by_label("Select a partnership to see local information").select_option("Birmingham")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_role("navigation", name="Manual").get_by_role("link", name="Contents").click()
    page.get_by_role("link", name="Sharing information", exact=True).click()
    expect(page.get_by_role("group", name="Local text: Birmingham").first).to_be_visible()

    page.get_by_role("main").get_by_role("link", name="Section 2.10").first.click()
    visitor.arrives_at(f"/in/birmingham/sections/{CONSENT}/")
    page.get_by_text("Birmingham, today").click()
    page.get_by_text("Read the manual as at a past day").first.click()
    for field, typed in (("Day", "1"), ("Month", "6"), ("Year", "2019")):
        page.get_by_label(field, exact=True).fill(typed)
    page.get_by_role("button", name="Show that day").click()
    page.get_by_role("main").get_by_role("link", name="Section 3.1", exact=True).first.click()
    visitor.arrives_at("/in/birmingham/on/2019-06-01/sections/sharing-information/")
    expect(page.locator(".notice--superseded").first).to_contain_text("superseded on 3 June 2024")

    page.get_by_role("link", name="All versions of this section").click()
    regional = page.get_by_role("form", name="Compare versions: Regional text")
    regional.get_by_label("Compare").select_option(str(visitor.site.sharing_information[1]))
    regional.get_by_role("button", name="Compare").click()
    sees_what_changed(visitor)


def test_a_phone_without_javascript_can_unfold_what_is_folded(visits):
    page = visits(width=360, scripts=False).opens("/in/birmingham/sections/sharing-information/")

    page.get_by_text("On this page").first.click()
    page.get_by_role("link", name="The seven golden rules").first.click()

    expect(page.get_by_role("heading", name="The seven golden rules")).to_be_in_viewport()
