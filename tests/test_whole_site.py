"""The site as a whole: every route is known, no viewpoint breaks a page, nothing leaks, and pages stay cheap."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.timezone import now
from pytest_django import DjangoDbBlocker

from partnerships.invitations import send
from partnerships.models import Contact, Partnership, Service
from procedures.editing.models import Comment
from procedures.models import Authority, DocumentFile, Version
from procedures.publishing import publish_imported
from procedures.uploads.kinds import PNG
from tests.access_table import ACCOUNTS, CAST, WORKSPACE
from tests.kept_rows import KeptRows
from tests.mailbox import link_in
from tests.reader import Page, Reader
from tests.world import (
    CANARIES,
    PEOPLE,
    make_best_bet,
    make_contact,
    make_document,
    make_draft,
    make_file,
    make_release,
    make_renumbering,
    make_synonym,
    make_term,
    make_version,
    publish,
)

# --- Who gets what at every route ---------------------------------------------------------------------------------

UNSAFE = ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]

# Of each reading page: its route, an address of it (behind any viewpoint) and what a stranger's GET and HEAD get.
READING = {
    "": ("/", 200),
    "contents/": ("/contents/", 200),
    "sections/<slug:slug>/": ("/sections/sharing-information/", 200),
    "sections/<slug:slug>/history/": ("/sections/sharing-information/history/", 200),
    "sections/<slug:slug>/compare/": ("/sections/sharing-information/compare/?from=1&to=2", 302),
    "sections/<slug:slug>/compare/<int:before>...<int:after>/": (
        "/sections/sharing-information/compare/{0}...{1}/",
        200,
    ),
    "search/": ("/search/?q=rules", 200),
    "updates/": ("/updates/", 200),
    "updates/feed/": ("/updates/feed/", 200),
    "glossary/": ("/glossary/", 200),
    "contacts/": ("/contacts/", 200),
    "authorities/": ("/authorities/", 200),
    "authorities/<slug:slug>/": ("/authorities/working-together/", 200),
    "documents/": ("/documents/", 200),
    "documents/<slug:slug>/": ("/documents/form/", 200),
    "documents/<slug:slug>/file/": ("/documents/form/file/", 302),
    "^(?P<number>[0-9][0-9.]*)/?$": ("/3.1", 302),
}
PLACES = {
    "": "",
    "in/<slug:partnership>/": "/in/northshire",
    "on/<str:on>/": "/on/2019-06-01",
    "in/<slug:partnership>/on/<str:on>/": "/in/northshire/on/2019-06-01",
}
OTHERS = {
    "health/": ("/health/", 200),
    "robots.txt": ("/robots.txt", 200),
    "versions/<int:version_id>/": ("/versions/{0}/", 200),
    "files/<int:file_id>/<str:name>": ("/files/{2}/form.pdf", 200),
}
# The read API: each route, and an address of it; see tests/api for what they answer.
API = {
    "api/v1/openapi.json": "/api/v1/openapi.json",
    "api/v1/partnerships": "/api/v1/partnerships",
    "api/v1/contents": "/api/v1/contents",
    "api/v1/sections/<slug:slug>": "/api/v1/sections/sharing-information",
    "api/v1/sections/<slug:slug>/history": "/api/v1/sections/sharing-information/history",
    "api/v1/updates": "/api/v1/updates",
    "api/v1/search": "/api/v1/search?q=rules",
    "api/v1/suggestions": "/api/v1/suggestions?q=ru",
}
NO_API = {"api/v1/": "/api/v1/", "^api/": "/api/nowhere"}  # where there is nothing, and the API says so
ACCESS = OTHERS | {
    place + route: (prefix + address, status)
    for (place, prefix), (route, (address, status)) in product(PLACES.items(), READING.items())
}
READING_PAGES = [
    address for address, status in READING.values() if status == 200 and "{" not in address and "working" not in address
]


def routes(patterns: list[URLPattern | URLResolver], before: str = "") -> Iterator[str]:
    """Every route of the URL conf; the Django admin, which guards itself, as one."""
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver) and route != "admin/":
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


@pytest.fixture(scope="module")
def kept_texts(kept_rows: KeptRows, django_db_blocker: DjangoDbBlocker) -> KeptRows:
    """What `world` adds to the small manual, and what `everything` adds to that."""

    def make_world() -> None:
        Authority.objects.create(slug="working-together", title="Working Together", kind="guidance")
        make_document("form")

    with django_db_blocker.unblock():
        return KeptRows(
            manual=lambda: kept_rows.put_back("region", "manual"), world=make_world, everything=make_canaries_everywhere
        )


@pytest.fixture
def world(manual, kept_texts, today) -> list[int]:
    """The small manual with an authority and a document; gives the ids of two versions of 3.1 and of a file."""
    kept_texts.put_back("world")
    versions = Version.objects.filter(section__slug="sharing-information", number="3.1").values_list("pk", flat=True)
    return [*versions[:2], DocumentFile.objects.get(document__slug="form").pk]


def test_every_route_stands_in_the_access_table():
    assert sorted(routes(get_resolver().url_patterns)) == sorted(
        [*ACCESS, *API, *NO_API, *WORKSPACE, *ACCOUNTS, "admin/"]
    )


@pytest.mark.parametrize("route", ACCESS)
def test_a_stranger_reads_and_does_nothing_else(world, route):
    address, status = ACCESS[route]
    url = address.format(*world)
    client = Client(enforce_csrf_checks=route not in ("health/", "robots.txt"))
    before = Version.objects.count()

    statuses = {method: status_of(client.generic(method, url)) for method in ["GET", "HEAD", *UNSAFE]}

    assert statuses == {"GET": status, "HEAD": status} | dict.fromkeys(UNSAFE, 405)
    assert Version.objects.count() == before


@pytest.mark.parametrize("route", API | NO_API)
def test_a_program_reads_and_does_nothing_else(world, route):
    client = Client(enforce_csrf_checks=True)
    before = Version.objects.count()

    url = (API | NO_API)[route]

    statuses = {method: client.generic(method, url).status_code for method in ["GET", "HEAD", *UNSAFE]}

    status, refused = (200, 405) if route in API else (404, 404)
    assert statuses == {"GET": status, "HEAD": status} | dict.fromkeys(UNSAFE, refused) | {"OPTIONS": 204}
    assert Version.objects.count() == before


def status_of(response: Any) -> int:
    """A response's status, its content read to the end so that no file stays open."""
    response.getvalue()
    return response.status_code


@dataclass(frozen=True)
class Office:
    """Northshire with one of each thing that an address of the workspace names, and all of the cast signed in."""

    rows: KeptRows
    names: dict[str, Any]
    sessions: dict[str, str]

    def client(self, name: str) -> Client:
        client = Client()
        if name in self.sessions:
            client.cookies[settings.SESSION_COOKIE_NAME] = self.sessions[name]
        return client


@pytest.fixture(scope="module")
def kept_office(kept_rows: KeptRows, django_db_blocker: DjangoDbBlocker) -> Office:
    names, sessions = {}, {}

    def furnish() -> None:
        kept_rows.put_back("region", *PEOPLE)
        for person in User.objects.all():
            client = Client()
            client.force_login(person)
            sessions[person.username] = client.cookies[settings.SESSION_COOKIE_NAME].value
        names.update(make_one_of_each())

    with django_db_blocker.unblock():
        return Office(KeptRows(furniture=furnish), names, sessions)


def make_one_of_each() -> dict[str, Any]:
    """What the addresses of the workspace name, by how they call it."""
    northshire = Partnership.objects.get(slug="northshire")
    author, manager = (User.objects.get(username=f"northshire_{role}") for role in ("author", "manager"))
    make_document("northshire-form", by="northshire")
    invitation = send(northshire, "new@example.org", "author", by=manager, at=now())
    draft = make_draft("neglect", by="northshire", author=author)
    return {
        "author": author.pk,
        "invitation": invitation.pk,
        "token": link_in(mail.outbox[-1]),
        "contact": make_contact(northshire).pk,
        "draft": draft.pk,
        "comment": Comment.objects.create(draft=draft, person=author, at=now(), text="Why?").pk,
        "release": make_release(northshire, by=author).pk,
        "scheduled": publish("harbours", by="northshire", number="5.9", on=date(2090, 1, 1)).pk,
        "renumbering": make_renumbering(northshire, by=author).pk,
        "term": make_term("Harbour master", by="northshire").term.pk,
        "synonym": make_synonym(["quay"], ["harbour"], by="northshire").pk,
        "best_bet": make_best_bet(["boats"], "harbours", by="northshire").pk,
    }


@pytest.fixture
def office(kept_office: Office, db: None) -> Office:
    kept_office.rows.put_back("furniture")
    return kept_office


@pytest.mark.parametrize("route", WORKSPACE | ACCOUNTS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_of_the_cast_gets_what_the_table_says(office, route, method):
    address, expected = (WORKSPACE | ACCOUNTS)[route]
    statuses = {}

    for name in CAST:
        cache.clear()
        sid = transaction.savepoint()
        response = office.client(name).generic(method, address.format(**office.names))
        statuses[name] = response.status_code
        transaction.savepoint_rollback(sid)
        assert response["Cache-Control"] == "private, no-store"

    assert statuses == {name: pair[method == "POST"] for name, pair in expected.items()}


@pytest.mark.parametrize("route", WORKSPACE)
def test_no_form_of_the_workspace_is_taken_without_its_token(region, administrator, route):
    client = Client(enforce_csrf_checks=True)
    client.force_login(administrator)

    status = client.post(WORKSPACE[route][0].format_map(defaultdict(int))).status_code

    assert status in (403, 405)


def test_the_admin_is_closed_to_strangers_and_to_those_who_write(world, northshire_manager):
    member = Client()
    member.force_login(northshire_manager)

    for client in (Client(), member):
        answers = [client.get(url) for url in ("/admin/", "/admin/auth/user/", "/admin/anything/")]
        assert {(answer.status_code, answer["Location"].split("?")[0]) for answer in answers} == {
            (302, "/admin/login/")
        }


def test_a_refused_method_names_those_that_are_not(world):
    assert Client().post("/in/northshire/contents/", {"a": "b"})["Allow"] == "GET, HEAD"


# --- Every page from every viewpoint ------------------------------------------------------------------------------

DAYS = ["", "0001-01-01", "2019-06-01", "2024-06-02", "2025-06-01", "9999-12-31"]
SLUGS = ["sharing-information", "consent", "harbour-children", "fax", "scheduled", "making-a-referral"]
PATHS = [
    "/", "/contents/", "/updates/", "/updates/?page=2", "/updates/feed/", "/contacts/", "/authorities/", "/glossary/",
    "/authorities/nothing/", "/sections/nothing/", "/sections/nothing/history/", "/search/",
    "/search/?q=also+hub", "/search/?q=3.1", "/3.1", "/4.1", "/9.9", "/nowhere/", "/?day=1&month=2&year=x",
    "/sections/sharing-information/?links=show&paragraph=p-aaaaaaaa&formerly=1.1",
    *(f"/sections/{slug}/" for slug in SLUGS),
    *(f"/sections/{slug}/history/" for slug in SLUGS[:3]),
    *(f"/sections/own-{number}/" for number in range(4)),
    "/documents/", "/documents/form/", "/documents/nothing/", "/documents/form/file/",
    *(f"/documents/own-{number}/" for number in range(4)),
]  # fmt: skip


OWNERS = ("northern-force", "northshire", "eastvale", "southmoor")


@pytest.fixture
def everything(world, kept_texts) -> None:
    """The small manual, and each partnership's canary wherever it may have a word: contacts, notes, titles, what is
    withdrawn and what is to come.
    """
    kept_texts.put_back("everything")
    for owner in OWNERS:
        Partnership.objects.filter(slug=owner).update(notice=f"A notice of {CANARIES[owner]}.")


def make_canaries_everywhere() -> None:
    service = Service.objects.create(slug="front-door", name="Front door")
    publish("fax", number="2.11", on=date(2018, 1, 1))
    publish("fax", withdrawn=True, body="", on=date(2020, 1, 1))
    publish("scheduled", number="2.12", on=date(2025, 6, 1))
    for number, owner in enumerate(OWNERS):
        canary = CANARIES[owner]
        Contact.objects.create(
            partnership=Partnership.objects.get(slug=owner), service=service, name=canary, phone="0121 496 0001",
            availability="always", checked_on=date(2025, 1, 1), checked_by=canary, note=canary,
        )  # fmt: skip
        make_term(
            f"{canary} hub", by=owner, meaning=f"the {canary}’s hub", definition=f"Of {canary}.",
            other_names=[f"{canary} door"], sections=("consent", "harbour-children"),
        )  # fmt: skip
        document = make_document(f"own-{number}", by=owner, title=f"The {canary}’s", owner=canary, kind=PNG)
        make_file(document, on=date(2018, 1, 1), kind=PNG, note=f"For {canary}.", file_name=f"{canary}.png")
        publish(
            f"own-{number}",
            by=owner,
            number=f"5.{number + 1}",
            title=f"The {canary}’s own",
            body=f"See Section 2.10, {canary}, ![the {canary}](document:own-{number}) and [a form](document:form).",
        )
        publish(
            "consent",
            by=owner,
            on=date(2018, 11, 26),
            body=f"Also {canary}. See Section 3.1.",
            change_note=f"For {canary}.",
        )
        publish("consent", by=owner, on=date(2025, 6, 1), body=f"Still {canary}.", change_note=f"For {canary}.")
        publish(
            "sharing-information",
            by=owner,
            on=date(2024, 6, 2),
            withdrawn=True,
            body="",
            change_note=f"Without {canary}.",
        )


def allowed(owner: str) -> set[str]:
    """The canaries that may be met when reading for a partnership."""
    group = {"northern-force"} if owner in ("northshire", "eastvale") else set()
    return {CANARIES[slug] for slug in {"heartland", owner or "heartland"} | group}


@pytest.mark.parametrize("owner", ["", *CANARIES])
def test_no_page_fails_or_leaks_from_any_viewpoint(everything, reader, owner):
    others = set(CANARIES.values()) - allowed(owner)
    faults, met = [], set()

    for day, path in product(DAYS, PATHS):
        url = (f"/in/{owner}" if owner else "") + (f"/on/{day}" if day else "") + path
        response = reader.get(url)
        text = response.content.decode()
        met |= {canary for canary in CANARIES.values() if canary in text}
        leaks = [
            canary for canary in others if canary in text and (owner or path != "/contacts/")
        ]  # which lists all of them
        if response.status_code not in (200, 302, 400 if "year=x" in path else 404) or leaks:
            faults.append((url, response.status_code, leaks))

    assert faults == []
    if owner not in ("", "heartland"):
        assert met == allowed(owner)


API_PATHS = [
    "partnerships", "contents", "updates", "updates?limit=2&page=2", "sections/nothing", "sections/nothing/history",
    *(f"sections/{slug}" for slug in SLUGS),
    *(f"sections/{slug}/history" for slug in SLUGS[:3]),
    *(f"sections/own-{number}" for number in range(4)),
]  # fmt: skip


@pytest.mark.parametrize("owner", ["", *CANARIES])
def test_no_answer_of_the_api_fails_or_leaks_from_any_viewpoint(everything, reader, owner):
    others = set(CANARIES.values()) - allowed(owner)
    faults, met = [], set()

    for day, path in product(["", "2019-06-01", "2025-06-01"], API_PATHS):
        url = f"/api/v1/{path}{'&' if '?' in path else '?'}partnership={owner}&on={day}"
        response = reader.get(url)
        text = response.content.decode()
        met |= {canary for canary in CANARIES.values() if canary in text}
        leaks = [canary for canary in others if canary in text]
        if response.status_code not in (200, 404) or leaks:
            faults.append((url, response.status_code, leaks))

    assert faults == []
    assert met == allowed(owner)


@pytest.mark.parametrize("owner", ["", "northshire", "southmoor", "northern-force"])
def test_no_other_partnerships_words_can_be_searched_for(everything, reader, owner):
    found = {
        canary
        for canary in CANARIES.values()
        for day in ("", "2019-06-01", "2025-06-01")
        if reader.read(
            (f"/in/{owner}" if owner else "") + (f"/on/{day}" if day else "") + f"/search/?q={canary}&spelling=as-typed"
        ).elements("//main//ol/li")
    }

    assert found == allowed(owner)


def test_no_other_partnerships_version_can_be_reached_from_a_viewpoint(everything, reader):
    ids = list(Version.objects.filter(section__slug="consent").values_list("pk", flat=True))

    pages = [
        reader.get(f"/in/northshire/sections/consent/compare/{one}...{other}/") for one, other in product(ids, ids)
    ]

    assert [page for page in pages if page.status_code == 200]
    assert not [word for page in pages for word in ("eastcanary", "southcanary") if word in page.content.decode()]


@pytest.mark.parametrize("start", ["/", "/in/northshire/", "/in/southmoor/on/2019-10-01/"])
def test_no_link_within_a_viewpoint_leads_nowhere(everything, reader, start):
    waiting, seen, dead = [start], {start}, []

    while waiting:
        url = waiting.pop()
        response = reader.get(url)
        if status_of(response) not in (200, 302):
            dead.append((url, response.status_code))
        if response.status_code != 200 or response.streaming or "feed" in url or not _stands_in(start, url):
            continue
        page = Page(response)
        fragments = [address for _, address in page.links("//body") if address.startswith("#")]
        dead += [(url, fragment) for fragment in fragments if not page.elements(f"//*[@id='{fragment[1:]}']")]
        for _, address in page.links("//body"):
            address = address.split("#")[0]
            if address.startswith("/") and address not in seen:
                seen.add(address)
                waiting.append(address)

    assert (dead, len(seen) > 40) == ([], True)


def _stands_in(start: str, url: str) -> bool:
    """Whether an address has the very viewpoint of `start`."""
    rest = url.removeprefix(start.removesuffix("/"))
    return url.startswith(start) and not rest.startswith(("/in/", "/on/", "/versions/"))


# --- What a page costs --------------------------------------------------------------------------------------------

SECTION = "/sections/sharing-information/"


def queries_for(reader: Reader, url: str) -> int:
    cache.clear()
    with CaptureQueriesContext(connection) as queries:
        assert reader.get(url).status_code == 200
    return len(queries)


def make_many_more() -> None:
    """Versions of 3.1 itself and of another 50 sections, each with references to 3.1, and additions to them."""
    own = [
        make_version("sharing-information", number="3.1", title="Sharing information", body="See Section 2.10.", on=day)
        for day in (date(2024, 7, 1) + timedelta(days=n) for n in range(20))
    ]
    others = [
        make_version(
            f"other-{n % 50}",
            number=f"6.{n % 50 + 1}",
            body="See Section 3.1.",
            on=date(2018, 1, 1) + timedelta(days=n),
        )
        for n in range(300)
    ]
    for n in range(20):
        make_term(f"Term {n}", by="northshire", sections=("sharing-information", "consent"))
        make_file(make_document(f"document-{n}", by="northshire"), on=date(2020, 1, 1))
    additions = [make_version(f"other-{n}", by="northshire", on=date(2020, 1, 1)) for n in range(50)]
    publish_imported([*own, *others, *additions])


@pytest.fixture(scope="module")
def many_more(kept_rows: KeptRows, kept_texts: KeptRows, django_db_blocker: DjangoDbBlocker) -> KeptRows:
    """What `make_many_more` adds to `world`."""

    def make_world() -> None:
        kept_rows.put_back("region", "manual")
        kept_texts.put_back("world")

    with django_db_blocker.unblock():
        return KeptRows(world=make_world, many_more=make_many_more)


@pytest.mark.parametrize("place", ["", "/in/northshire", "/on/2019-06-01", "/in/northshire/on/2019-06-01"])
def test_a_section_page_takes_three_queries_while_the_kept_lists_are_warm(world, reader, place):
    queries_for(reader, place + SECTION)

    assert queries_for(reader, place + SECTION) == 3


@pytest.mark.parametrize("place, queries", [("", 5), ("/in/northshire", 7), ("/on/2019-06-01", 5)])
def test_the_first_section_page_after_a_change_reads_the_lists_as_well(world, reader, place, queries):
    # Stamp, directory, outline, texts and references; and for a chosen partnership its contacts and what has drifted.
    assert queries_for(reader, place + SECTION) == queries


@pytest.mark.parametrize(
    "path",
    [
        SECTION,
        "/",
        "/contents/",
        "/updates/",
        f"{SECTION}history/",
        "/contacts/",
        "/authorities/",
        "/documents/",
        "/glossary/",
    ],
)
def test_a_page_takes_the_same_number_of_queries_with_many_more_versions(world, many_more, reader, path):
    url = f"/in/northshire{path}"
    queries_for(reader, url)
    few = queries_for(reader, url)

    many_more.put_back("many_more")
    queries_for(reader, url)

    assert queries_for(reader, url) == few


@pytest.mark.parametrize(
    "path, queries",
    [("partnerships", 1), ("contents", 1), ("sections/sharing-information", 5), ("updates", 4)]
    + [("sections/sharing-information/history", 2), ("openapi.json", 1)],
)
def test_an_answer_of_the_api_takes_the_same_few_queries_with_many_more_versions(
    world, many_more, reader, path, queries
):
    url = f"/api/v1/{path}?partnership=northshire"
    queries_for(reader, url)
    few = queries_for(reader, url)

    many_more.put_back("many_more")
    queries_for(reader, url)

    assert (few, queries_for(reader, url)) == (queries, queries)


def test_a_kept_page_takes_one_query(world, reader):
    reader.get(SECTION)

    with CaptureQueriesContext(connection) as queries:
        reader.get(SECTION)

    assert len(queries) == 1
