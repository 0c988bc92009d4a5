"""The cast, the same in every test, and what keeps tests apart."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path

import hypothesis
import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations
from django.test import override_settings
from pytest_django import DjangoDbBlocker, Settings

from partnerships.models import Partnership
from procedures import sealing
from procedures.exchange.importing import import_content
from procedures.search import keeping_up
from tests import world
from tests.kept_rows import KeptRows
from tests.mailbox import Mailbox, served
from tests.reader import Reader, make_it

# The same examples in every run, so that one that fails can be repeated; and a busy machine fails none.
hypothesis.settings.register_profile("the same examples", derandomize=True, deadline=None)
hypothesis.settings.load_profile("the same examples")


@pytest.fixture(autouse=True, scope="session")
def _folders_of_this_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An index and uploaded files of its own for each process that tests.

    Processes side by side inherit the first one's environment, and with it the folders that tests.settings has made:
    a test would meet the index of a test with other texts, being written to.
    """
    folder = tmp_path_factory.mktemp("site")
    with override_settings(SEARCH_URL=f"whoosh:{folder / 'search'}", MEDIA_ROOT=folder / "media"):
        yield


@pytest.fixture(autouse=True)
def _empty_page_cache() -> Iterator[None]:
    cache.clear()
    yield


@pytest.fixture(autouse=True)
def _no_index_is_left_alone() -> None:
    """An index that one test could not write to, or found being written to, is tried again at once by the next."""
    keeping_up._refused.clear()
    keeping_up._left_at.clear()


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


@pytest.fixture(scope="session")
def kept_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> KeptRows:
    """The rows of the cast and of the manual: made once, the way that all are, and put back for each test."""
    people = {name: partial(world.make_person, name) for name in world.PEOPLE}
    with django_db_blocker.unblock():
        return KeptRows(region=world.make_partnerships, manual=world.make_manual, **people)


@pytest.fixture
def region(kept_rows: KeptRows, db: None) -> dict[str, Partnership]:
    """Heartland and its partnerships, by slug; see tests.world."""
    kept_rows.put_back("region")
    return Partnership.objects.in_bulk(field_name="slug")


@pytest.fixture
def manual(kept_rows: KeptRows, region: dict[str, Partnership]) -> None:
    """A small manual: see tests.world.make_manual."""
    kept_rows.put_back("manual")


@pytest.fixture(scope="session")
def kept_sample(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> KeptRows:
    """The rows of the sample manual in content/, imported once."""
    with django_db_blocker.unblock():
        return KeptRows(sample=lambda: import_content(Path("content")))


@pytest.fixture
def sample(kept_sample: KeptRows, db: None) -> None:
    """The sample manual, its region included, as an import leaves it in an empty database."""
    kept_sample.put_back("sample")


def _person(name: str, kept_rows: KeptRows) -> User:
    kept_rows.put_back(name)
    return User.objects.get(username=name)


@pytest.fixture
def northshire_author(kept_rows: KeptRows, region: dict[str, Partnership]) -> User:
    return _person("northshire_author", kept_rows)


@pytest.fixture
def northshire_approver(kept_rows: KeptRows, region: dict[str, Partnership]) -> User:
    return _person("northshire_approver", kept_rows)


@pytest.fixture
def northshire_manager(kept_rows: KeptRows, region: dict[str, Partnership]) -> User:
    return _person("northshire_manager", kept_rows)


@pytest.fixture
def southmoor_author(kept_rows: KeptRows, region: dict[str, Partnership]) -> User:
    return _person("southmoor_author", kept_rows)


@pytest.fixture
def regional_approver(kept_rows: KeptRows, region: dict[str, Partnership]) -> User:
    return _person("regional_approver", kept_rows)


@pytest.fixture
def regional_author(kept_rows: KeptRows, region: dict[str, Partnership]) -> User:
    return _person("regional_author", kept_rows)


@pytest.fixture
def southmoor_approver(kept_rows: KeptRows, region: dict[str, Partnership]) -> User:
    return _person("southmoor_approver", kept_rows)


@pytest.fixture
def southmoor_manager(kept_rows: KeptRows, region: dict[str, Partnership]) -> User:
    return _person("southmoor_manager", kept_rows)


@pytest.fixture
def regional_manager(kept_rows: KeptRows, region: dict[str, Partnership]) -> User:
    return _person("regional_manager", kept_rows)


@pytest.fixture
def outsider(kept_rows: KeptRows, db: None) -> User:
    """Somebody who can sign in and has no role anywhere."""
    return _person("outsider", kept_rows)


@pytest.fixture
def administrator(kept_rows: KeptRows, db: None) -> User:
    return _person("administrator", kept_rows)


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
