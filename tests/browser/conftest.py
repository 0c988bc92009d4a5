"""A real Chromium, and the sample manual served to it as it stands on one day.

The manual is imported once, into a database of its own, and served for all browser tests together: it takes seconds,
and nothing here writes. Playwright runs an event loop while it is open, in which Django refuses to touch the
database: what the tests need to know of the manual is therefore looked up before.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from procedures.exchange.importing import import_content
from procedures.models import KeptRendering, Version
from procedures.rendering import Rendered
from tests.reader import make_it

TODAY = date(2026, 11, 23)  # the sample's scheduled version takes effect on 5 April 2027
NAMES = ("chromium", "chromium-browser", "google-chrome")
AXE = Path(settings.BASE_DIR) / "node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the machine's Chromium is: CHROMIUM, or what is on the PATH."""
    found = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail("There is no Chromium on this machine, and REQUIRE_BROWSER=1: install one or name it in CHROMIUM.")
    pytest.skip("There is no Chromium on this machine.")


@dataclass(frozen=True)
class Site:
    """The sample manual under its address, and the versions that tests speak of."""

    url: str
    sharing_information: tuple[int, ...]  # the ids of the regional versions of 3.1, oldest first
    retention_of_records: tuple[int, ...]
    meetings: tuple[int, ...]
    gone: str  # the anchor of a paragraph that only the version of 3.1 of 2018 has
    gone_words: str


@pytest.fixture(scope="package")
def site(chromium: str, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The sample manual, imported into a database of its own and served from it."""
    if connection.vendor != "sqlite":
        pytest.skip("The browser tests run on SQLite.")
    path = tmp_path_factory.mktemp("browser") / "portal.sqlite3"
    with pytest.MonkeyPatch.context() as patch, django_db_blocker.unblock(), own_database(path, patch):
        make_it(TODAY, patch)
        import_content(Path(settings.BASE_DIR) / "content")
        call_command("rebuild_search_index", verbosity=0)  # or else the first search would wait for it
        server = LiveServer("localhost")
        patch.setattr(settings, "ALLOWED_HOSTS", ["localhost"])
        patch.setattr(settings, "SITE_URL", server.url)
        yield _site(server.url)
        server.stop()


@contextmanager
def own_database(path: Path, patch: pytest.MonkeyPatch) -> Iterator[None]:
    """A new SQLite database at `path` in place of the default one, for this thread and those of the server.

    Its search index stands beside it.

    pytest-django replaces the configured database only where a collected test asks for one by its own marks and
    fixtures. These tests do not, so what they write must never reach whatever the settings name.
    """
    before = connections["default"]
    patch.setitem(before.settings_dict, "NAME", str(path))
    patch.setattr(settings, "SEARCH_URL", f"whoosh:{path.with_name('search')}")
    connections["default"] = type(before)(before.settings_dict, "default")
    try:
        used = {name: file for _, name, file in connection.cursor().execute("PRAGMA database_list").fetchall()}["main"]
        assert Path(used) == path, f"The browser tests would write to {used}."
        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        connections["default"].close()
        connections["default"] = before


def _site(url: str) -> Site:
    sharing = _regional_versions("sharing-information")
    contents = dict(KeptRendering.objects.filter(version__in=sharing).values_list("version_id", "content"))
    anchors = {
        version: {anchor: words for block in Rendered.from_json(content).blocks for anchor, words in block.anchors}
        for version, content in contents.items()
    }
    gone = next(anchor for anchor in anchors[sharing[1]] if anchor not in anchors[sharing[-1]])
    return Site(
        url=url,
        sharing_information=sharing,
        retention_of_records=_regional_versions("retention-of-records"),
        meetings=_regional_versions("attending-and-recording-meetings"),
        gone=gone,
        gone_words=anchors[sharing[1]][gone],
    )


def _regional_versions(slug: str) -> tuple[int, ...]:
    of_region = Version.objects.filter(section__slug=slug, partnership__kind="region")
    return tuple(of_region.order_by("effective_date").values_list("pk", flat=True))


@pytest.fixture(scope="package")
def browser(chromium: str, site: Site) -> Iterator[Browser]:
    """The browser; closed before the site is."""
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=chromium, args=[*options, "--disable-dev-shm-usage"])


@dataclass
class Visitor:
    """Somebody with a browser of their own. Whatever it complains of is kept in `complaints`."""

    site: Site
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def opens(self, path: str) -> Page:
        self.page.goto(self.site.url + path)
        return self.page

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.site.url)

    def arrives_at(self, path: str) -> None:
        """Wait until the browser shows this path; it fails when it does not."""
        expect(self.page).to_have_url(self.site.url + path)

    def hears(self, message: ConsoleMessage) -> None:
        """Keep an error or warning of the console, unless it is that the page itself is a 404 or a 400."""
        own_status = message.location.get("url") == self.page.url and message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not own_status:
            self.complaints.append(message.text)


@pytest.fixture
def visits(browser: Browser, site: Site) -> Iterator[Any]:
    """Makes visitors, as `visits(width=360, height=800, scripts=True)`.

    At the end of the test, no page may have set a cookie, broken the content security policy or failed in a script.
    """
    visitors: list[Visitor] = []

    def visit(*, width: int = 1280, height: int = 800, scripts: bool = True) -> Visitor:
        context = browser.new_context(viewport={"width": width, "height": height}, java_script_enabled=scripts)
        context.set_default_timeout(10_000)
        visitor = Visitor(site, context, context.new_page())
        visitor.page.on("console", visitor.hears)
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        visitors.append(visitor)
        return visitor

    yield visit
    left = [(visitor.context.cookies(), visitor.complaints) for visitor in visitors]
    for visitor in visitors:
        visitor.context.close()
    assert left == [([], [])] * len(visitors)
