"""Searching in a real browser: suggestions as somebody types, by keyboard and for screen readers, and the results."""

import json
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.conftest import AXE
from tests.browser.test_pages import UNFOLD, WIDTH, violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

BOX = {"name": "Search the manual"}
API = "**/api/v1/suggestions?*"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile Safari/604.1"


def box(page: Page) -> Locator:
    return page.get_by_role("combobox", **BOX)


def suggested(page: Page) -> Locator:
    """The suggestions that are shown."""
    return page.get_by_role("listbox", **BOX).get_by_role("option")


def types(page: Page, words: str) -> Locator:
    """Type into the box; gives the suggestions, once there are any."""
    box(page).focus()
    page.keyboard.type(words)
    suggested(page).first.wait_for()
    return suggested(page)


def answers(*suggestions: dict[str, str]) -> str:
    """What the read API would answer."""
    return json.dumps(
        {"query": "", "suggestions": [{"detail": "", "url": "/", "kind": "section"} | s for s in suggestions]}
    )


# --- Choosing -----------------------------------------------------------------------------------------------------


def test_a_section_can_be_typed_reached_by_arrow_and_chosen_by_keyboard_alone(visits):
    visitor = visits()
    page = visitor.opens("/contents/")

    page.keyboard.press("/")
    page.keyboard.type("negl")
    suggested(page).filter(has_text="2.1 Neglect").wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    visitor.arrives_at("/sections/neglect/")


def test_a_term_leads_to_its_place_in_the_glossary(visits):
    visitor = visits()

    types(visitor.opens("/"), "mash").filter(has_text="multi-agency safeguarding hub").click()

    visitor.arrives_at("/glossary/#mash")


def test_a_term_chosen_on_the_glossary_itself_is_scrolled_to(visits):
    visitor = visits()
    page = visitor.opens("/glossary/")

    types(page, "mash")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    visitor.arrives_at("/glossary/#mash")
    expect(page.locator("#mash")).to_be_in_viewport()


def test_a_search_that_others_made_is_suggested_and_made_with_the_filters_of_the_page(visits):
    for other in (visits(), visits(), visits()):
        other.opens("/search/?q=bruising+on+a+baby")
    visitor = visits()

    page = visitor.opens("/search/?q=child&part=2")
    box(page).fill("")
    types(page, "bruising on").filter(has_text="Searched before").click()

    visitor.arrives_at("/search/?q=bruising+on+a+baby&part=2")


def test_enter_searches_for_what_was_typed_though_suggestions_are_shown(visits):
    visitor = visits()
    page = visitor.opens("/contents/")

    types(page, "neglect")
    page.keyboard.press("Enter")

    visitor.arrives_at("/search/?q=neglect")
    expect(box(page)).to_have_value("neglect")
    expect(suggested(page)).to_have_count(0)


def test_the_button_searches_for_what_was_typed(visits):
    visitor = visits()
    page = visitor.opens("/")

    types(page, "neglect")
    page.get_by_role("button", name="Search").click()

    visitor.arrives_at("/search/?q=neglect")


def test_suggestions_come_from_the_viewpoint_of_the_page_and_lead_back_into_it(visits):
    visitor = visits()
    page = visitor.opens("/in/birmingham/on/2019-06-01/contents/")

    with page.expect_request(API) as asked:
        types(page, "sharing inf").first.click()

    assert asked.value.url.endswith("/api/v1/suggestions?q=sharing+inf&partnership=birmingham&on=2019-06-01")
    visitor.arrives_at("/in/birmingham/on/2019-06-01/sections/sharing-information/")


def test_a_search_keeps_the_viewpoint(visits):
    visitor = visits()
    page = visitor.opens("/in/birmingham/on/2019-06-01/")

    types(page, "consent")
    page.keyboard.press("Enter")

    visitor.arrives_at("/in/birmingham/on/2019-06-01/search/?q=consent")


def test_only_the_partnerships_own_readers_are_offered_its_sections(visits):
    title = "4.1 Children in temporary accommodation"
    page = visits().opens("/in/birmingham/")

    own = types(page, "children in").all_inner_texts()
    others = types(visits().opens("/in/dudley/"), "children in").all_inner_texts()

    assert ([title in text for text in own].count(True), [title in text for text in others].count(True)) == (1, 0)


def test_a_search_works_without_javascript_and_nothing_is_offered_that_needs_it(visits):
    visitor = visits(scripts=False)
    page = visitor.opens("/in/birmingham/on/2019-06-01/contents/")
    plain = page.get_by_role("searchbox", **BOX)

    expect(page.get_by_label("The / key goes to the search box")).to_be_hidden()
    plain.fill("consent")
    plain.press("Enter")

    visitor.arrives_at("/in/birmingham/on/2019-06-01/search/?q=consent")
    expect(page.get_by_role("searchbox", **BOX)).to_have_value("consent")
    expect(page.get_by_role("heading", level=1)).to_have_text("Results for “consent”")


# --- What a screen reader is told ---------------------------------------------------------------------------------


def test_the_box_is_a_combobox_that_says_what_is_open_and_what_is_highlighted(visits):
    page = visits().opens("/contents/")

    def told() -> dict[str, Any]:
        names = ("aria-expanded", "aria-controls", "aria-activedescendant", "aria-autocomplete", "name", "maxlength")
        return {name: box(page).get_attribute(name) for name in names}

    as_always = {
        "aria-controls": "header-search__listbox",
        "aria-autocomplete": "list",
        "name": "q",
        "maxlength": "200",
    }
    closed = told()
    types(page, "referral")
    opened = told()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    highlighted = told()

    assert closed == as_always | {"aria-expanded": "false", "aria-activedescendant": None}
    assert opened == as_always | {"aria-expanded": "true", "aria-activedescendant": None}
    assert highlighted == as_always | {"aria-expanded": "true", "aria-activedescendant": "header-search__option--1"}
    expect(page.get_by_role("listbox", **BOX)).to_be_visible()
    expect(page.locator("#header-search__option--1")).to_be_focused()
    expect(page.locator("[role=option][aria-selected=true]")).to_have_attribute("aria-posinset", "2")


def test_the_kind_of_a_suggestion_is_told_to_eyes_and_ears(visits):
    options = types(visits().opens("/"), "referral")

    expect(options.filter(has_text="1.5")).to_have_accessible_name("1.5 Making a referral , Section")
    expect(options.filter(has_text="MARF")).to_have_accessible_name("MARF referral form , Glossary")
    expect(options.filter(has_text="1.5").get_by_text("Section", exact=True)).to_be_visible()


def test_how_many_suggestions_there_are_is_announced_and_which_is_highlighted(visits):
    page = visits().opens("/")
    status = page.locator("[role=status]", has_text="suggestion")

    types(page, "2.1 neg")
    expect(status).to_have_text("1 suggestion. ")
    page.keyboard.press("ArrowDown")
    expect(status).to_have_text("1 suggestion. 2.1 Neglect, Section, 1 of 1")


def test_that_there_are_no_suggestions_is_announced_and_takes_no_room(visits):
    page = visits().opens("/")

    box(page).focus()
    page.keyboard.type("zzyzx")

    expect(page.locator("[role=status]", has_text="No suggestions")).to_have_count(1)
    expect(page.get_by_role("listbox")).to_be_hidden()


@pytest.mark.parametrize("arrows", [0, 2])
def test_escape_closes_the_suggestions_and_leaves_the_words_and_the_cursor(visits, arrows):
    page = visits().opens("/")
    types(page, "refer")
    for _ in range(arrows):
        page.keyboard.press("ArrowDown")

    page.keyboard.press("Escape")

    expect(suggested(page)).to_have_count(0)
    expect(box(page)).to_have_value("refer")
    expect(box(page)).to_be_focused()
    page.keyboard.type("ral")
    expect(suggested(page).first).to_be_visible()


# --- The "/" key --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/sections/neglect/", "/search/?q=neglect", "/in/dudley/9.9"])
def test_the_slash_key_goes_to_the_search_box(visits, path):
    page = visits().opens(path)

    page.keyboard.press("/")

    focused = page.locator(":focus")
    expect(focused).to_have_attribute("name", "q")
    expect(focused).to_have_attribute("aria-keyshortcuts", "/")
    expect(focused).to_be_in_viewport()
    expect(focused).to_have_value("neglect" if "q=" in path else "")


def test_the_slash_is_typed_in_a_field_and_means_nothing_beside_another_key(visits):
    page = visits().opens("/contents/")

    box(page).fill("s47")
    box(page).press("End")
    page.keyboard.press("/")
    typed = box(page).input_value()
    page.get_by_role("link", name="Updates", exact=True).focus()
    for keys in ("Control+/", "Alt+/", "Meta+/"):
        page.keyboard.press(keys)

    assert typed == "s47/"
    expect(page.get_by_role("link", name="Updates", exact=True)).to_be_focused()


def test_the_slash_key_can_be_turned_off_for_good_and_on_again(visits):
    visitor = visits()
    choice = visitor.opens("/contents/").get_by_label("The / key goes to the search box")
    expect(choice).to_be_checked()
    choice.uncheck()

    page = visitor.opens("/sections/neglect/")
    page.keyboard.press("/")
    off = (page.evaluate("document.activeElement.localName"), box(page).get_attribute("aria-keyshortcuts"))
    page.get_by_label("The / key goes to the search box").check()
    page.keyboard.press("/")

    assert off == ("body", None)
    expect(box(page)).to_be_focused()


# --- What the script takes over -----------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", ["/", "/contents/", "/search/?q=neglect"])
def test_nothing_moves_when_the_script_takes_over(visits, path, width):
    where = "[...document.querySelectorAll('input[name=q], .search-form__button, h1, main p')].map(one => {"
    where += "const { x, y, width, height } = one.getBoundingClientRect(); return [x, y, width, height] })"

    with_scripts = visits(width=width).opens(path).evaluate(where)
    without = visits(width=width, scripts=False).opens(path).evaluate(where)

    assert with_scripts == without


def test_what_was_typed_before_the_script_ran_is_kept_with_the_cursor(visits):
    visitor = visits()
    page = visitor.page
    held: list[Route] = []
    page.route("**/search-box.js", lambda route: held.append(route))

    page.goto(f"{visitor.site.url}/contents/", wait_until="commit")
    page.get_by_role("searchbox", **BOX).focus()
    page.keyboard.type("negl")
    held[0].continue_()

    expect(box(page)).to_be_focused()
    expect(box(page)).to_have_value("negl")
    expect(suggested(page).filter(has_text="2.1 Neglect")).to_be_visible()


@pytest.mark.parametrize("path", ["/", "/in/birmingham/contents/"])
def test_suggestions_fit_a_phone_and_a_thumb(visits, path):
    page = visits(width=360).opens(path)

    sizes = [option.bounding_box() for option in types(page, "child").all()]

    assert page.evaluate(WIDTH) == 360
    assert min(size["height"] for size in sizes) >= 44
    assert min(size["x"] for size in sizes) >= 0
    assert max(size["x"] + size["width"] for size in sizes) <= 360


def test_letters_typed_quickly_are_asked_for_once_and_an_answer_is_kept(visits):
    page = visits().opens("/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/suggestions" in request.url else None)

    types(page, "negl")
    page.keyboard.press("Backspace")
    expect(suggested(page).filter(has=page.locator("b", has_text="Neg")).first).to_be_visible()
    page.wait_for_timeout(400)
    page.keyboard.type("l")
    page.wait_for_timeout(400)

    assert [url.partition("?q=")[2] for url in asked] == ["negl", "neg"]


def test_an_answer_that_comes_too_late_is_not_shown(visits):
    page = visits().opens("/")
    held: list[Route] = []
    page.route("**/suggestions?q=ne", lambda route: held.append(route))

    with page.expect_request("**/suggestions?q=ne"):
        box(page).focus()
        page.keyboard.type("ne")
    types(page, "glect")
    held[0].fulfill(content_type="application/json", body=answers({"text": "Too late"}))
    page.wait_for_timeout(200)

    assert not [text for text in suggested(page).all_inner_texts() if "Too late" in text]


def test_where_the_answer_makes_no_sense_the_box_is_simply_a_box(visits):
    visitor = visits()
    page = visitor.opens("/")
    page.route(API, lambda route: route.fulfill(content_type="text/html", body="<p>Sign in to the network</p>"))

    with page.expect_response(API):
        box(page).focus()
        page.keyboard.type("neglect")
    page.keyboard.press("Enter")

    visitor.arrives_at("/search/?q=neglect")


def test_words_that_look_like_html_are_shown_as_words(visits):
    page = visits().opens("/")
    words = "<img src=x onerror=alert(1)> & <b>bold</b>"
    page.route(
        API,
        lambda route: route.fulfill(content_type="application/json", body=answers({"text": words, "detail": words})),
    )

    option = types(page, "img").first

    expect(option).to_have_text(f"{words} {words}, Section")
    assert option.locator("img").count() == 0
    assert option.locator("b").all_inner_texts() == ["img", "img"]


def test_an_iphone_shows_nothing_that_the_content_security_policy_forbids(visits):
    visitor = visits(width=390)
    visitor.page.add_init_script(f"Object.defineProperty(navigator, 'userAgent', {{ get: () => '{IPHONE}' }})")

    option = types(visitor.opens("/"), "2.1 neg").first

    expect(option).to_have_text("2.1 Neglect, Section")


# --- The page of results ------------------------------------------------------------------------------------------

RESULTS = {
    "home": "/",
    "card": "/in/birmingham/search/?q=MASH",
    "card with several meanings": "/search/?q=ICO",
    "corrected": "/in/birmingham/search/?q=refferal",
    "narrowed": "/in/birmingham/on/2020-01-01/search/?q=referral&part=2&page=2",
    "narrowed to nothing": "/search/?q=zzyzx&part=3",
    "everybody's": "/in/birmingham/search/?q=emergency+duty+team&whose=everyone",
    "empty": "/search/",
    "hopeless": "/search/?q=zzyzx",
}


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("name", RESULTS)
def test_axe_finds_no_violation_with_the_suggestions_closed_and_open(visits, name, width):
    page = visits(width=width).opens(RESULTS[name])
    page.evaluate(AXE.read_text())
    page.evaluate(UNFOLD)

    closed = violations(page)
    box(page).fill("")
    types(page, "child")
    opened = violations(page)
    page.keyboard.press("ArrowDown")

    assert (closed, opened, violations(page), page.evaluate(WIDTH)) == ([], [], [], width)


def test_a_result_leads_to_the_heading_where_the_words_found_are_marked(visits):
    page = visits().opens("/search/?q=referral")

    page.get_by_role("link", name="Tell the referrer").click()
    page.wait_for_url("**/sections/response-to-a-referral-and-assessment/**")

    expect(page.get_by_role("heading", name="Tell the referrer")).to_be_in_viewport()
    expect(page.locator(":target")).to_contain_text("Tell the practitioner who referred what was decided")
    expect(page.locator(":target")).to_be_in_viewport()


def test_a_phone_folds_away_what_narrows_the_results_until_they_are_narrowed(visits):
    page = visits(width=360).opens("/in/birmingham/search/?q=referral")
    part = page.get_by_role("link", name="Part 2 Regional safeguarding guidance")

    expect(part).to_be_hidden()
    page.get_by_text("Narrow these results").click()
    part.click()

    expect(page.locator("[aria-current=true]", has_text="Part 2")).to_be_visible()


def test_a_phone_is_told_of_documents_and_contacts_before_the_sections(visits):
    page = visits(width=360).opens("/in/birmingham/search/?q=mash")

    page.get_by_role("link", name="Documents and contacts too").click()

    expect(page.get_by_role("heading", name="Documents and contacts")).to_be_in_viewport()
    expect(page.get_by_text("0121 496 0101")).to_be_visible()
