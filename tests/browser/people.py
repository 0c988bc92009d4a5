"""People who sign in, in a real browser: made beside the server's thread, since Playwright's loop keeps Django out."""

from collections.abc import Callable
from threading import Thread
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from playwright.sync_api import Page

from partnerships.models import Membership, Partnership

PASSWORD = "a good long password"


def beside(blocker: Any, work: Callable[[], Any]) -> Any:
    """What `work` gives, which may use the database: it runs in a thread that Playwright's event loop is not in."""
    results: list[Any] = []

    def run() -> None:
        from django.db import connection

        with blocker.unblock():
            try:
                results.append(work())
            finally:
                connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join()
    return results[0]


def make_person(name: str, partnership: str, *roles: str) -> str:
    """Somebody with these roles in the partnership; gives their e-mail address."""
    email = f"{name}@example.org"
    person, is_new = User.objects.get_or_create(username=name, email=email)
    if is_new:
        person.set_password(PASSWORD)
        person.save()
        EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
        place = Partnership.objects.get(slug=partnership)
        Membership.objects.bulk_create(Membership(user=person, partnership=place, role=role) for role in roles)
    return email


def sign_in(page: Page, email: str) -> None:
    """Sign in on the page that asks for it."""
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("Password", exact=True).press("Enter")
