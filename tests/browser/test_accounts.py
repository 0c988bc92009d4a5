"""Signing in with a second factor in a real browser, and every accounts page by axe."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from partnerships.models import Membership, Partnership
from tests.browser.conftest import AXE, Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

EMAIL, PASSWORD = "manager@example.org", "a good long password"


@pytest.fixture(autouse=True)
def manager(site: Site, browser: Any, django_db_blocker: Any) -> None:
    """A manager of Birmingham without a second factor yet, made anew in a thread that Playwright's loop is not in."""
    from threading import Thread

    def make() -> None:
        from django.db import connection

        with django_db_blocker.unblock():
            User.objects.filter(email=EMAIL).delete()
            user = User.objects.create_user("manager", EMAIL, PASSWORD)
            EmailAddress.objects.create(user=user, email=EMAIL, verified=True, primary=True)
            Membership.objects.create(
                user=user, partnership=Partnership.objects.get(slug="birmingham"), role=Membership.Role.MANAGER
            )
            connection.close()

    thread = Thread(target=make)
    thread.start()
    thread.join()


def sign_in(page: Page) -> None:
    page.get_by_label("Email").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def confirm(page: Page) -> None:
    """The password once more, before anything about second factors is changed."""
    if "reauthenticate" in page.url:
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Confirm").click()


def sign_out(page: Page, site: Site) -> None:
    page.goto(site.url + "/accounts/logout/")
    page.get_by_role("button", name="Sign Out").click()


def leave_no_cookie(visitor: Any) -> None:
    visitor.context.clear_cookies()


def code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def test_an_authenticator_app_is_set_up_and_asked_for_without_javascript(visits, site):
    visitor = visits(scripts=False)
    page = visitor.opens("/accounts/login/")
    sign_in(page)
    visitor.arrives_at("/workspace/")

    page.goto(site.url + "/accounts/2fa/totp/activate/")
    confirm(page)
    secret = page.get_by_label("Authenticator secret").input_value()
    page.get_by_label("Authenticator code").fill(code(secret))
    page.get_by_role("button", name="Activate").click()
    expect(page.get_by_role("heading", name="Recovery Codes")).to_be_visible()
    [recovery, *_] = page.get_by_label("Unused codes").input_value().split()
    sign_out(page, site)
    sign_in(page)
    page.get_by_label("Code").fill(recovery)
    page.get_by_role("button", name="Sign In").click()

    visitor.arrives_at("/workspace/")
    leave_no_cookie(visitor)


def test_a_passkey_is_made_and_signs_in_alone(visits, site):
    visitor = visits()
    devtools = visitor.context.new_cdp_session(visitor.page)
    devtools.send("WebAuthn.enable")
    authenticator = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
        "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": authenticator})
    page = visitor.opens("/accounts/login/")
    sign_in(page)
    visitor.arrives_at("/workspace/")

    page.goto(site.url + "/accounts/2fa/webauthn/add/")
    confirm(page)
    page.get_by_label("Passwordless").check()
    page.get_by_role("button", name="Add").click()
    expect(page).to_have_url(re.compile("/accounts/2fa/(recovery-codes|webauthn)/$"))
    sign_out(page, site)
    page.get_by_role("button", name="Sign in with a passkey").click()

    visitor.arrives_at("/workspace/")
    leave_no_cookie(visitor)


def test_a_manager_checks_a_contact_and_finds_it_in_the_log_without_javascript(visits, site):
    visitor = visits(scripts=False)
    page = visitor.opens("/accounts/login/?next=/workspace/birmingham/contacts/")
    sign_in(page)

    page.get_by_role("button", name="Checked today").first.click()
    expect(page.get_by_role("status")).to_contain_text("has been checked today.")
    page.get_by_role("link", name="Audit log").click()
    page.get_by_label("What was done").select_option("Contact checked")
    page.get_by_role("button", name="Show these entries").click()

    expect(page.locator(".log__entry").first).to_contain_text("manager@example.org")
    leave_no_cookie(visitor)


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_accounts_pages(visits, site, width):
    visitor = visits(width=width)
    page = visitor.opens("/accounts/login/")
    faults = axe(page, "login")
    page.goto(site.url + "/accounts/password/reset/")
    faults += axe(page, "reset")
    page.goto(site.url + "/accounts/login/")
    sign_in(page)
    visitor.arrives_at("/workspace/")

    for path in (
        "/workspace/",
        "/workspace/birmingham/people/",
        "/workspace/birmingham/people/invite/",
        "/workspace/birmingham/contacts/",
        "/workspace/birmingham/contacts/new/",
        "/workspace/birmingham/settings/",
        "/workspace/birmingham/audit/",
        "/accounts/2fa/",
        "/accounts/2fa/totp/activate/",
        "/accounts/2fa/webauthn/add/",
        "/accounts/email/",
        "/accounts/password/change/",
        "/accounts/logout/",
    ):
        page.goto(site.url + path)
        if "reauthenticate" in page.url:
            faults += axe(page, "reauthenticate")
        confirm(page)
        faults += axe(page, path)

    assert faults == []
    leave_no_cookie(visitor)


def axe(page: Page, where: str) -> list[Any]:
    """What axe objects to, and whether the page is wider than the screen."""
    page.evaluate(AXE.read_text())
    result = page.evaluate("axe.run(document)")
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return [(where, fault["id"], fault["nodes"][0]["html"]) for fault in result["violations"]] + (
        [where] if wide else []
    )
