"""Writing a draft in a real browser: live preview, faults, the toolbar, saving on the way, and all without a script."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Thread
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from playwright.sync_api import Page, expect

from partnerships.models import Membership, Partnership
from procedures.editing.beginning import begin
from procedures.models import Section, Version
from tests.browser.conftest import TODAY, Site
from tests.browser.test_accounts import axe, leave_no_cookie

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PASSWORD = "a good long password"
SECTION = "sharing-information"


@dataclass
class Desk:
    """A new author of a partnership with a draft of its text of 3.1."""

    email: str
    session: str
    url: str
    draft_id: int
    read: Callable[[], Version]


def _apart(blocker: Any, work: Callable[[], Any]) -> Any:
    """What `work` gives, done in a thread that Playwright's event loop is not in."""
    given: list[Any] = []

    def run() -> None:
        with blocker.unblock():
            given.append(work())
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()
    return given[0]


@pytest.fixture
def desk_of(site: Site, browser: Any, django_db_blocker: Any) -> Callable[[str], Desk]:
    """Makes an author of a partnership, by slug, with a new draft."""

    def make(slug: str) -> Desk:
        def work() -> tuple[str, str, int]:
            name = f"author-{User.objects.count()}"
            user = User.objects.create_user(name, f"{name}@example.org", PASSWORD)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
            partnership = Partnership.objects.get(slug=slug)
            Membership.objects.create(user=user, partnership=partnership, role=Membership.Role.AUTHOR)
            draft = begin(Section.objects.get(slug=SECTION), partnership, by=user, now=datetime.now(UTC), today=TODAY)
            client = Client()
            client.force_login(user)
            return user.email, client.cookies["sessionid"].value, draft.pk

        email, session, draft_id = _apart(django_db_blocker, work)
        return Desk(
            email,
            session,
            f"/workspace/{slug}/drafts/{draft_id}/",
            draft_id,
            lambda: _apart(django_db_blocker, lambda: Version.objects.get(pk=draft_id)),
        )

    return make


def open_draft(visitor: Any, desk: Desk) -> Page:
    visitor.context.add_cookies([{"name": "sessionid", "value": desk.session, "url": visitor.site.url}])
    return visitor.opens(desk.url)


def text_of(page: Page) -> str:
    return page.locator("#id_body").input_value()


def write(page: Page, words: str) -> None:
    """Put the text aside and type `words`, as somebody does."""
    page.locator("#id_body").focus()
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    page.keyboard.type(words)


def test_the_preview_and_what_is_to_be_mended_follow_the_typing(visits, desk_of):
    visitor = visits()
    desk = desk_of("birmingham")
    page = open_draft(visitor, desk)

    write(page, "::: fill local-protocol\nOur charter, see Section 2.10.\n:::\n\nSee section 9.99 <script>x</script>")

    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("group", name="Local text: Birmingham").first).to_contain_text("Our charter")
    expect(preview.get_by_role("link", name="Section 2.10").first).to_have_attribute(
        "href", re.compile("/in/birmingham/")
    )
    expect(preview).to_contain_text("<script>x</script>")
    expect(page.locator(".faults")).to_contain_text("Line 5: “section 9.99” leads nowhere")
    page.get_by_role("link", name="Line 5").click()
    chosen = page.evaluate("[document.activeElement.id, String(document.getSelection())]")
    assert chosen == ["id_body", "See section 9.99 <script>x</script>"]
    expect(page.locator("#save_state")).to_have_text(re.compile(r"^Saved at \d\d:\d\d\.$"))
    leave_no_cookie(visitor)


def test_regional_text_is_previewed_from_a_chosen_partnership(visits, desk_of, site):
    visitor = visits()
    page = open_draft(visitor, desk_of("west-midlands"))
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_role("group")).to_have_count(0)

    page.get_by_label("Seen from").select_option("birmingham")

    expect(preview.get_by_role("group", name="Local text: Birmingham").first).to_be_visible()
    leave_no_cookie(visitor)


def test_the_toolbar_is_used_by_keyboard_and_undone(visits, desk_of):
    visitor = visits()
    page = open_draft(visitor, desk_of("birmingham"))
    write(page, "As ")

    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name="Heading", exact=True)).to_be_focused()
    for _ in range(6):
        page.keyboard.press("ArrowRight")
    expect(page.get_by_role("button", name="Link to a section")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.type("2.10")
    expect(page.get_by_role("option").first).to_contain_text("2.10 Consent")
    assert axe(page, "dialog") == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")

    expect(page.locator("#id_body")).to_have_value("As Section 2.10")
    expect(page.locator("#id_body")).to_be_focused()
    page.keyboard.press("Control+z")
    expect(page.locator("#id_body")).to_have_value("As ")
    leave_no_cookie(visitor)


WRITTEN = {
    "Heading": "## words",
    "Sub-heading": "### words",
    "Bold": "**words**",
    "Bullet list": "- words",
    "Numbered list": "1. words",
    "Table": "words\n\n| Who | What |\n| --- | --- |\n|  |  |\n|  |  |\n",
}


def test_each_button_writes_its_marks(visits, desk_of):
    visitor = visits()
    page = open_draft(visitor, desk_of("birmingham"))
    written = {}

    for button in WRITTEN:
        write(page, "words")
        page.keyboard.press("Control+a")
        page.get_by_role("button", name=button, exact=True).click()
        written[button] = text_of(page)

    assert written == WRITTEN
    leave_no_cookie(visitor)


def test_a_slot_is_filled_by_choosing_it_and_a_regional_one_by_naming_it(visits, desk_of):
    visitor, other = visits(), visits()
    local, regional = open_draft(visitor, desk_of("birmingham")), open_draft(other, desk_of("west-midlands"))

    for page in (local, regional):
        write(page, "Before.")
    local.get_by_role("button", name="Fill a slot").click()
    local.get_by_label("local-protocol").check()
    local.get_by_role("button", name="Fill the slot").click()
    regional.get_by_role("button", name="Local slot").click()
    regional.get_by_label("Name of the slot").fill("Front Door")
    regional.get_by_role("button", name="Insert the slot").click()

    assert text_of(local) == "Before.\n\n::: fill local-protocol\nYour own text.\n:::\n"
    assert text_of(regional) == "Before.\n\n::: local front-door\nWhat stands here until a partnership fills it.\n:::\n"
    for each in (visitor, other):
        leave_no_cookie(each)


def test_the_tab_key_leaves_the_text(visits, desk_of):
    visitor = visits()
    page = open_draft(visitor, desk_of("birmingham"))
    before = text_of(page)
    page.locator("#id_body").focus()

    page.keyboard.press("Tab")

    expect(page.locator("#id_body")).not_to_be_focused()
    assert text_of(page) == before
    leave_no_cookie(visitor)


def test_words_are_saved_on_the_way_and_kept_while_there_is_no_connection(visits, desk_of):
    visitor = visits()
    desk = desk_of("birmingham")
    page = open_draft(visitor, desk)
    state = page.locator("#save_state")

    write(page, "Saved on the way.")
    expect(state).to_have_text("Not saved yet.")
    page.get_by_label("Change note").focus()  # leaving a field saves
    expect(state).to_have_text(re.compile("^Saved at "))
    assert desk.read().body == "Saved on the way."

    visitor.context.set_offline(True)
    page.get_by_label("Change note").fill("Kept here.")
    page.keyboard.press("Control+s")
    expect(state).to_have_text("Not saved: no connection. We try again. Your words are kept in this browser.")
    assert "Kept here." in page.evaluate(
        f"Object.entries(localStorage).find(([key]) => key.endsWith(':{desk.draft_id}'))[1]"
    )
    visitor.context.set_offline(False)
    expect(state).to_have_text(re.compile("^Saved at "), timeout=15_000)
    assert desk.read().change_note == "Kept here."
    visitor.complaints.clear()  # of the missing connection
    leave_no_cookie(visitor)


def test_a_browser_that_died_has_kept_the_words(visits, desk_of):
    visitor = visits()
    desk = desk_of("birmingham")
    page = open_draft(visitor, desk)
    visitor.context.set_offline(True)
    write(page, "Nearly lost.")
    page.close(run_before_unload=False)
    visitor.context.set_offline(False)
    visitor.complaints.clear()

    page = visitor.page = visitor.context.new_page()
    visitor.opens(desk.url)
    assert axe(page, "kept words") == []
    page.get_by_role("button", name="Use these words").click()

    expect(page.locator("#id_body")).to_have_value("Nearly lost.")
    expect(page.locator("#save_state")).to_have_text(re.compile("^Saved at "))
    assert desk.read().body == "Nearly lost."
    leave_no_cookie(visitor)


def test_a_session_that_ends_loses_nothing(visits, desk_of):
    visitor = visits()
    desk = desk_of("birmingham")
    page = open_draft(visitor, desk)
    visitor.context.clear_cookies(name="sessionid")

    write(page, "After the session.")
    page.keyboard.press("Control+s")
    expect(page.locator("#save_state")).to_contain_text("Not saved: you are signed out. Sign in in another tab")
    other = visitor.context.new_page()
    other.goto(visitor.site.url + "/accounts/login/")
    other.get_by_label("Email").fill(desk.email)
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other).to_have_url(re.compile("/workspace/$"))

    expect(page.locator("#save_state")).to_have_text(re.compile("^Saved at "), timeout=15_000)
    assert desk.read().body == "After the session."
    visitor.complaints.clear()  # of the answers that it was signed out
    leave_no_cookie(visitor)


def test_whoever_saves_second_sees_both_texts(visits, desk_of):
    visitor = visits()
    desk = desk_of("birmingham")
    page = open_draft(visitor, desk)
    other = visitor.context.new_page()
    other.goto(visitor.site.url + desk.url)
    write(other, "Theirs.")
    other.keyboard.press("Control+s")
    expect(other.locator("#save_state")).to_have_text(re.compile("^Saved at "))

    write(page, "Mine.")
    page.keyboard.press("Control+s")
    expect(page.locator("#save_state")).to_contain_text("Press Save to see both texts")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_label("Their text, to copy from")).to_have_value("Theirs.")
    expect(page.locator("#id_body")).to_have_value("Mine.")
    assert axe(page, "both texts") == []
    page.get_by_role("button", name="Save mine in its place").click()
    expect(page.get_by_text("The draft is saved.")).to_be_visible()
    assert desk.read().body == "Mine."
    visitor.complaints.clear()  # of the two refusals
    leave_no_cookie(visitor)


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_editors_pages(visits, desk_of, width):
    visitor = visits(width=width)
    desk = desk_of("west-midlands")
    page = open_draft(visitor, desk)

    faults = axe(page, "editor")
    page.get_by_text("How to write headings").click()
    faults += axe(page, "editor with its help")
    page.get_by_role("button", name="Local slot").click()
    faults += axe(page, "slot")
    page.goto(visitor.site.url + desk.url + "preview/?seen_by=birmingham")
    faults += axe(page, "preview")

    assert faults == []
    leave_no_cookie(visitor)


def test_without_scripts_a_draft_is_written_previewed_and_brought_to_review(visits, desk_of):
    visitor = visits(scripts=False)
    desk = desk_of("birmingham")
    page = open_draft(visitor, desk)
    expect(page.get_by_role("button", name="Heading", exact=True)).not_to_be_visible()

    page.locator("#id_body").fill("Without a script.\n\nSee section 9.99.")
    page.get_by_label("Change note").fill("Why.")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".faults")).to_contain_text("Line 3: “section 9.99” leads nowhere")
    page.get_by_role("button", name="Save and preview").click()
    expect(page.get_by_role("group", name="Local text: Birmingham").last).to_contain_text("Without a script.")
    page.get_by_role("link", name="Back to the text").click()
    page.get_by_role("button", name="Save and submit for review").click()

    visitor.arrives_at(desk.url + "submit/")
    assert desk.read().change_note == "Why."
    leave_no_cookie(visitor)


def test_edit_is_offered_to_whoever_signed_in_with_this_browser(visits, desk_of):
    visitor = visits(width=360)
    reading = f"/in/birmingham/sections/{SECTION}/"
    page = visitor.opens(reading)
    edit = page.get_by_role("main").get_by_role("link", name="Edit this section")
    expect(edit).not_to_be_visible()

    page = open_draft(visitor, desk_of("birmingham"))
    visitor.opens(reading)

    expect(edit).to_have_attribute("href", f"/workspace/edit/{SECTION}/?partnership=birmingham")
    expect(edit).to_be_visible()
    visitor.opens("/accounts/logout/")
    page.get_by_role("button", name="Sign Out").click()
    expect(page).to_have_url(re.compile("/accounts/login/"))
    visitor.opens(reading)
    expect(edit).not_to_be_visible()
    leave_no_cookie(visitor)
