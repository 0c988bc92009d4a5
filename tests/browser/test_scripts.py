"""The two small scripts: what a reader has more where JavaScript is on."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_the_partnership_read_last_is_offered_again_and_keeps_the_page(visits):
    visitor = visits()

    visitor.opens("/in/birmingham/")
    page = visitor.opens("/on/2019-06-01/search/?q=consent")
    page.get_by_role("link", name="Read as Birmingham again").click()

    visitor.arrives_at("/in/birmingham/on/2019-06-01/search/?q=consent")
    expect(page.get_by_role("link", name="Read as Birmingham again")).to_have_count(0)


def test_nobody_is_offered_a_partnership_that_they_have_not_read(visits):
    page = visits().opens("/")

    expect(page.locator("#read-again")).to_be_hidden()


def test_a_partnership_that_is_no_longer_there_is_not_offered(visits):
    visitor = visits()

    visitor.opens("/").evaluate("localStorage.setItem('partnership', 'avalon')")

    expect(visitor.opens("/").locator("#read-again")).to_be_hidden()


def test_a_link_to_a_paragraph_that_has_changed_says_so_and_shows_what_it_said(visits):
    visitor = visits()

    page = visitor.opens(f"/sections/sharing-information/#{visitor.site.gone}")

    notice = page.locator(".notice--paragraph_changed")
    expect(notice).to_contain_text("In the version of 26 November 2018 it said:")
    expect(notice.locator("blockquote")).to_have_text(visitor.site.gone_words)


def test_a_link_to_a_paragraph_that_is_there_leads_to_it_and_marks_it(visits):
    visitor = visits()

    there = visitor.opens("/sections/sharing-information/").locator(".prose li[id^=p-]").last.get_attribute("id")
    page = visitor.opens(f"/sections/sharing-information/?again#{there}")

    expect(page.locator(f"#{there}")).to_be_in_viewport()
    expect(page.locator(f"#{there}")).to_have_css("background-color", "rgb(255, 243, 196)")
