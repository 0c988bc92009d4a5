"""A text's way through the workspace in a real browser: by keyboard alone, and again without JavaScript."""

import re
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from partnerships.models import Partnership
from procedures.editing import releasing, workflow
from procedures.editing.beginning import begin
from procedures.editing.models import Draft
from procedures.models import Section, Version
from tests.browser.conftest import AXE, TODAY, Visitor
from tests.browser.people import beside, make_person, sign_in
from tests.browser.test_journey import tab_to
from tests.browser.test_pages import violations
from tests.reader import make_it

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

DAY = date(2027, 2, 1)
SECTION = "/sections/sharing-information/"


@pytest.fixture
def people(site: Any, browser: Any, django_db_blocker: Any, request: Any) -> dict[str, str]:
    """The e-mail addresses of an author and an approver of Walsall, and of an author of Dudley."""
    return beside(
        django_db_blocker,
        lambda: {
            "author": make_person("walsall_author", "walsall", "author"),
            "approver": make_person("walsall_approver", "walsall", "approver"),
            "outsider": make_person("dudley_author", "dudley", "author"),
        },
    )


def looks_right(page: Page) -> list[Any]:
    """What axe objects to on the page, wide and narrow, and whether it scrolls sideways."""
    found = []
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(AXE.read_text())
        found += [(width, page.url, *violation) for violation in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append((width, page.url, "scrolls sideways"))
    page.set_viewport_size({"width": 1280, "height": 800})
    return found


def press(visitor: Visitor, name: str, tag: str, leads_to: str) -> None:
    """Reach a link or button by the Tab key, press Enter and arrive."""
    tab_to(visitor, name, tag)
    visitor.page.keyboard.press("Enter")
    visitor.page.wait_for_url(re.compile(re.escape(visitor.site.url) + leads_to))


def write(visitor: Visitor, label: str, words: str) -> None:
    """Reach a field by the Tab key and put words at its end."""
    tab_to(visitor, label, "textarea")
    visitor.page.keyboard.press("Control+End")
    visitor.page.keyboard.type(words)


def choose_day(visitor: Visitor, day: date) -> None:
    tab_to(visitor, "Today", "input")
    visitor.page.keyboard.press("ArrowDown")
    for label, figure in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        tab_to(visitor, label, "input")
        visitor.page.keyboard.press("Control+A")
        visitor.page.keyboard.type(str(figure))


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_addition_is_written_approved_scheduled_and_read_by_keyboard_alone(
    visits, people, scripts, django_db_blocker, monkeypatch
):
    words = f"Ring before you send, see Section 2.10 {'first' if scripts else 'always'}."
    author, approver, reader = (visits(scripts=scripts) for _ in range(3))

    number, faults = writes_and_submits(author, people["author"], words, scripts=scripts)
    faults += approves_and_schedules(approver, people["approver"], number, scripts=scripts)

    assert faults == []
    version = beside(django_db_blocker, lambda: Version.objects.get(pk=number))
    assert version.effective_date == DAY
    for day, is_there in ((date(2027, 1, 31), False), (DAY, True), (date(2027, 2, 2), True)):
        make_it(day, monkeypatch)
        seen = reader.opens(f"/in/walsall{SECTION}").get_by_text(words)
        assert seen.count() == int(is_there), day
    reads_what_changed(reader, version)
    make_it(TODAY, monkeypatch)
    beside(django_db_blocker, lambda: call_back(version, people["approver"]))
    for visitor in (author, approver):
        visitor.context.clear_cookies()


def writes_and_submits(author: Visitor, email: str, words: str, *, scripts: bool) -> tuple[str, list[Any]]:
    """Gives the draft's number in its address, and what axe objects to."""
    page = author.opens("/workspace/edit/sharing-information/?partnership=walsall")
    sign_in(page, email)
    author.arrives_at(f"/workspace/walsall{SECTION}")
    faults = looks_right(page) if scripts else []
    press(author, "Edit this text", "button", r"/workspace/walsall/drafts/\d+/$")
    number = page.url.split("/")[-2]
    write(author, "Text", f"\n\n{words}")
    if scripts:
        preview = page.locator(".markdownx-preview")
        expect(preview.get_by_text("Ring before you send")).to_be_visible()
        link = preview.get_by_role("link", name="Section 2.10").last
        expect(link).to_have_attribute("href", re.compile("^/in/walsall/.*consent"))
        expect(page.get_by_text(re.compile(r"^Saved at \d\d:\d\d"))).to_be_visible()
        faults += looks_right(page)
    write(author, "Change note", "Says to ring first.")
    press(author, "Save and submit for review", "button", r".*/submit/$")
    faults += looks_right(page) if scripts else []
    press(author, "Submit for review", "button", r".*/review/$")
    expect(page.get_by_text("It waits for an approver of Walsall.")).to_be_visible()
    return number, faults


def approves_and_schedules(approver: Visitor, email: str, number: str, *, scripts: bool) -> list[Any]:
    """Gives what axe objects to on the way."""
    page = approver.opens("/accounts/login/")
    sign_in(page, email)
    approver.arrives_at("/workspace/")
    faults = looks_right(page) if scripts else []
    press(approver, "3.1 Sharing information", "a", rf"/workspace/walsall/drafts/{number}/review/$")
    expect(page.locator("ins").get_by_text("Ring before you send").first).to_be_visible()
    faults += looks_right(page) if scripts else []
    press(approver, "Approve", "button", r".*/review/$")
    expect(page.get_by_text("The draft is approved.")).to_be_visible()
    choose_day(approver, DAY)
    press(approver, "Publish", "button", r".*/review/$")
    expect(page.get_by_text("Scheduled: readers will see it from its day on.")).to_be_visible()
    return faults + (looks_right(page) if scripts else [])


def reads_what_changed(reader: Visitor, version: Version) -> None:
    history = reader.opens(f"/in/walsall{SECTION}history/")
    expect(history.get_by_text("Says to ring first.").first).to_be_visible()
    compare = reader.opens(f"/in/walsall{SECTION}compare/{version.based_on_id}...{version.pk}/")
    expect(compare.locator("ins").first).to_be_visible()
    updates = reader.opens("/in/walsall/updates/")
    expect(updates.get_by_text("Says to ring first.").first).to_be_visible()


def call_back(version: Version, email: str) -> None:
    """So that the next run begins where this one did."""
    approver = User.objects.get(email=email)
    releasing.call_back([version], "A test.", by=approver, now=now(), today=TODAY)


STEPS = ("", "preview/", "save/", "review/", "submit/", "take-back/", "approve/", "ask-for-changes/", "publish/",
         "comment/", "merge/", "discard/", "bring-back/")  # fmt: skip


def test_another_partnerships_author_reaches_none_of_it(visits, people, site, django_db_blocker):
    draft = beside(django_db_blocker, lambda: begin_draft(people["author"]))
    visitor = visits()
    page = visitor.opens("/accounts/login/")
    sign_in(page, people["outsider"])
    visitor.arrives_at("/workspace/")
    token = page.evaluate("document.cookie.match(/csrftoken=([^;]+)/)?.[1]")
    sent = {"form": {"csrfmiddlewaretoken": token}, "headers": {"Referer": site.url}}

    statuses = {}
    for step in STEPS:
        url = f"{site.url}/workspace/walsall/drafts/{draft.pk}/{step}"
        posted = visitor.context.request.post(url, **sent)
        statuses[step] = (visitor.context.request.get(url).status, posted.status)

    assert {status for pair in statuses.values() for status in pair} == {404, 405}
    assert [step for step, pair in statuses.items() if 404 not in pair] == []
    beside(django_db_blocker, lambda: workflow.discard(draft, by=User.objects.get(email=people["author"]), now=now()))
    visitor.context.clear_cookies()


def begin_draft(email: str) -> Draft:
    section, walsall = Section.objects.get(slug="sharing-information"), Partnership.objects.get(slug="walsall")
    return begin(section, walsall, by=User.objects.get(email=email), now=now(), today=TODAY)
