"""The cast, the same in every test, and what keeps tests apart."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from typing import Any

import hypothesis
import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from pytest_django import Settings

from partnerships.models import Membership, Partnership
from procedures import sealing
from procedures.publishing import publish_imported
from tests import world
from tests.mailbox import Mailbox, served
from tests.reader import Reader, make_it

# The same examples in every run, so that one that fails can be repeated.
hypothesis.settings.register_profile("the same examples", derandomize=True)
hypothesis.settings.load_profile("the same examples")


@pytest.fixture(autouse=True)
def _empty_page_cache() -> Iterator[None]:
    cache.clear()
    yield


@pytest.fixture(autouse=True, scope="session")
def _tables_can_be_emptied() -> Iterator[None]:
    """Between transactional tests Django empties every table, which the seal refuses: it is lifted for that."""
    original = BaseDatabaseOperations.execute_sql_flush

    def lifted(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        sealing.remove(self.connection.alias)
        original(self, sql_list)
        sealing.install(self.connection.alias)

    BaseDatabaseOperations.execute_sql_flush = lifted  # type: ignore[method-assign]
    yield
    BaseDatabaseOperations.execute_sql_flush = original  # type: ignore[method-assign]


@pytest.fixture
def region(db: None) -> dict[str, Partnership]:
    """Heartland and its partnerships, by slug; see tests.world."""
    return world.make_partnerships()


@pytest.fixture
def manual(region: dict[str, Partnership]) -> None:
    """A small manual: three parts' worth of sections, a local addition for each partnership, a local procedure.

    3.1 Sharing information has three regional versions (2017-03-31, 2018-11-26, 2024-06-03) and refers to 2.10.
    """
    versions = []

    def add(slug: str, **fields: Any) -> None:
        versions.append(world.make_version(slug, **fields))

    canary = world.CANARIES["heartland"]
    slots = "\n\n::: local front-door\nAsk the council’s switchboard.\n:::\n"
    add("child-protection", number="1", body=f"The first part, {canary}.")
    add("making-a-referral", number="1.5", title="Making a referral", body=f"## Call\n\nRefer, {canary}.{slots}")
    add("guidance", number="2", body="The second part.")
    add("consent", number="2.10", title="Consent", body="Consent and confidentiality.\n")
    add("working-together", number="3", body="The third part. See Part 2.")
    for day, edition in (("2017-03-31", "March 2015"), ("2018-11-26", "July 2018"), ("2024-06-03", "May 2024")):
        add(
            "sharing-information",
            on=world.date.fromisoformat(day),
            number="3.1",
            title="Sharing information",
            body=f"## The rules\n\nFollow the advice of {edition}. See Section 2.10."
            f"\n\n- Share what is needed.\n{slots}",
            change_note=f"Follows the advice of {edition}.",
        )
    for slug in ("northern-force", "northshire", "eastvale", "southmoor"):
        body = f"## Here\n\nAlso {world.CANARIES[slug]}.\n"
        if slug != "northern-force":
            body = f"::: fill front-door\nCall {world.CANARIES[slug]} hub.\n:::\n\n{body}"
        add("sharing-information", on=world.date(2019, 9, 30), by=slug, body=body)
    add(
        "harbour-children",
        on=world.date(2022, 3, 7),
        by="southmoor",
        number="4.1",
        title="Children of the southcanary harbour",
    )
    publish_imported(versions)  # together, which is quicker than one by one


def _person(name: str, partnership: Partnership | None = None, role: str = "") -> User:
    user = User.objects.create_user(name, f"{name}@example.org", "a good long password")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if partnership:
        Membership.objects.create(user=user, partnership=partnership, role=role)
    return user


@pytest.fixture
def northshire_author(region: dict[str, Partnership]) -> User:
    return _person("northshire_author", region["northshire"], "author")


@pytest.fixture
def northshire_approver(region: dict[str, Partnership]) -> User:
    return _person("northshire_approver", region["northshire"], "approver")


@pytest.fixture
def northshire_manager(region: dict[str, Partnership]) -> User:
    return _person("northshire_manager", region["northshire"], "manager")


@pytest.fixture
def southmoor_author(region: dict[str, Partnership]) -> User:
    return _person("southmoor_author", region["southmoor"], "author")


@pytest.fixture
def regional_approver(region: dict[str, Partnership]) -> User:
    return _person("regional_approver", region["heartland"], "approver")


@pytest.fixture
def regional_author(region: dict[str, Partnership]) -> User:
    return _person("regional_author", region["heartland"], "author")


@pytest.fixture
def southmoor_approver(region: dict[str, Partnership]) -> User:
    return _person("southmoor_approver", region["southmoor"], "approver")


@pytest.fixture
def southmoor_manager(region: dict[str, Partnership]) -> User:
    return _person("southmoor_manager", region["southmoor"], "manager")


@pytest.fixture
def regional_manager(region: dict[str, Partnership]) -> User:
    return _person("regional_manager", region["heartland"], "manager")


@pytest.fixture
def outsider(db: None) -> User:
    """Somebody who can sign in and has no role anywhere."""
    return _person("outsider")


@pytest.fixture
def administrator(db: None) -> User:
    user = _person("administrator")
    user.is_staff = user.is_superuser = True
    user.save()
    return user


@pytest.fixture
def on_postgresql() -> bool:
    return connection.vendor == "postgresql"


@pytest.fixture
def reader() -> Reader:
    """Anybody: no account, no cookie."""
    return Reader()


@pytest.fixture
def today(monkeypatch: pytest.MonkeyPatch) -> date:
    """15 January 2025, which it is on the site for as long as the test runs."""
    return make_it(date(2025, 1, 15), monkeypatch)


@pytest.fixture
def smtp(settings: Settings) -> Iterator[Callable[[Mailbox], Mailbox]]:
    """Gives a function that starts a real SMTP server with a mailbox, and has the portal send through it."""
    with ExitStack() as servers:
        yield lambda mailbox: servers.enter_context(served(mailbox, settings))
