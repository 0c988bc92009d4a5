"""How long a page may be kept: ETag and 304, the page cache, the stamp, midnight, releases; and no cookies."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partnerships.models import Contact, Service
from portal import freshness
from tests.reader import make_it
from tests.world import draft, publish

URL = "/in/northshire/sections/sharing-information/"
PUBLIC = "public, max-age=0, must-revalidate"
PRIVATE = "private, no-cache"

KEPT_PAGES = [
    "/",
    "/contents/",
    URL,
    f"{URL}?links=show",
    f"{URL}history/",
    "/updates/",
    "/updates/?page=1",
    "/updates/feed/",
    "/contacts/",
    "/authorities/",
    "/on/2019-06-01/contents/",
]
OTHER_PAGES = ["/search/?q=advice", f"{URL}?formerly=1.1", "/3.1", "/nowhere/", "/in/nowhere/", "/?day=x"]


def queries_for(reader, url, **headers):
    with CaptureQueriesContext(connection) as queries:
        response = reader.get(url, **headers)
    return response, len(queries)


@pytest.mark.parametrize("url", KEPT_PAGES)
def test_a_reading_page_may_be_kept_by_anybody_who_asks_again(manual, today, reader, url):
    response = reader.get(url)

    assert (response.status_code, response["Cache-Control"]) == (200, PUBLIC)
    assert len(response["ETag"]) == 34


@pytest.mark.parametrize("url", [*KEPT_PAGES, "/search/?q=advice"])
def test_who_has_the_page_is_answered_304_with_one_query(manual, today, reader, url):
    fresh = reader.get(url)

    response, queries = queries_for(reader, url, **{"If-None-Match": fresh["ETag"]})

    assert (response.status_code, response.content, queries) == (304, b"", 1)
    assert (response["ETag"], response["Cache-Control"]) == (fresh["ETag"], fresh["Cache-Control"])


@pytest.mark.parametrize("sent", ["W/{}", '"something else", {}', 'W/"else" , W/{}'])
def test_an_etag_is_known_among_others_and_weakened(manual, today, reader, sent):
    etag = reader.get(URL)["ETag"]

    assert reader.get(URL, **{"If-None-Match": sent.format(etag)}).status_code == 304


@pytest.mark.parametrize("sent", ['"something else"', "garbage", '"', "\x00", "*", " * "])
@pytest.mark.parametrize("url, status", [(URL, 200), ("/sections/nothing/", 404), ("/3.1", 302)])
def test_who_has_not_the_page_gets_it_or_learns_that_there_is_none(manual, today, reader, sent, url, status):
    assert reader.get(url, **{"If-None-Match": sent}).status_code == status


def test_a_page_is_made_once_and_then_taken_from_the_cache(manual, today, reader):
    first, _ = queries_for(reader, URL)
    second, queries = queries_for(reader, URL)

    assert queries == 1
    assert (second.status_code, second.content, second.headers) == (200, first.content, first.headers)


@pytest.mark.parametrize(
    "url", ["/search/?q=advice", f"{URL}?formerly=1.1", f"{URL}?utm_source=x", f"{URL}?paragraph=p-aaaaaaaa"]
)
def test_pages_of_arbitrary_queries_are_not_kept(manual, today, reader, url):
    response = reader.get(url)

    assert response.status_code == 200
    assert cache.get(_key_of(response)) is None


def _key_of(response):
    return response.wsgi_request.page_key


@pytest.mark.parametrize(
    "url",
    ["/sections/nothing/", "/in/nowhere/", "/on/2019-02-30/", "/9.9", "/3.1", "/?day=x", "/?partnership=southmoor"],
)
def test_what_is_no_page_is_neither_kept_nor_given_an_etag(manual, today, reader, url):
    response = reader.get(url)

    assert "ETag" not in response.headers
    assert (response["Cache-Control"], cache.get(_key_of(response))) == (PRIVATE, None)


def test_search_is_asked_for_again_each_time(manual, today, reader):
    assert reader.get("/search/?q=advice")["Cache-Control"] == PRIVATE


def test_no_other_process_that_tests_has_the_same_index_or_files(settings, tmp_path_factory):
    """Else one finds the index behind its stamp, or being written to, and a page of results may not be kept at all."""
    own = str(tmp_path_factory.getbasetemp())  # of this process alone

    assert settings.SEARCH_URL.startswith(f"whoosh:{own}/")
    assert str(settings.MEDIA_ROOT).startswith(f"{own}/")


def test_a_very_long_page_is_not_kept(manual, today, reader, monkeypatch):
    monkeypatch.setattr(freshness, "LARGEST_KEPT", 1000)

    response = reader.get(URL)

    assert (response["Cache-Control"], cache.get(_key_of(response))) == (PUBLIC, None)


# --- What makes a page another ------------------------------------------------------------------------------------


def publish_elsewhere(region):
    publish("elsewhere", number="9.1")


def change_a_partnership(region):
    region["southmoor"].notice = "Moved."
    region["southmoor"].save()


def add_a_contact(region):
    service = Service.objects.create(slug="front-door", name="Front door")
    Contact.objects.create(
        partnership=region["southmoor"], service=service, name="Hub", phone="1", availability="always",
        checked_on=date(2025, 1, 1), checked_by="The manager",
    )  # fmt: skip


@pytest.mark.parametrize("change", [publish_elsewhere, change_a_partnership, add_a_contact])
def test_any_change_that_readers_can_see_makes_every_page_another(manual, region, today, reader, change):
    before = reader.get(URL)["ETag"]

    change(region)

    response = reader.get(URL, **{"If-None-Match": before})
    assert (response.status_code, response["ETag"] != before) == (200, True)


def test_a_draft_makes_no_page_another(manual, today, reader):
    before = reader.get(URL)["ETag"]

    draft("consent", number="2.10", title="Consent")

    assert reader.get(URL, **{"If-None-Match": before}).status_code == 304


def test_a_publication_is_on_the_next_page_that_is_asked_for(manual, today, reader):
    reader.get("/sections/consent/")

    publish("consent", number="2.10", title="Consent", on=today, body="All new.")

    assert "All new." in reader.read("/sections/consent/").main


def test_an_undated_page_is_another_after_midnight_and_a_dated_one_reads_the_same(manual, today, reader, monkeypatch):
    publish("consent", number="2.10", title="Consent", on=today + timedelta(days=1), body="From tomorrow on.")
    before = reader.get("/sections/consent/")
    dated = reader.read("/on/2019-06-01/sections/sharing-information/").main

    make_it(today + timedelta(days=1), monkeypatch)

    after = reader.get("/sections/consent/", **{"If-None-Match": before["ETag"]})
    assert (after.status_code, b"From tomorrow on." in before.content, b"From tomorrow on." in after.content) == (
        200,
        False,
        True,
    )
    assert reader.read("/on/2019-06-01/sections/sharing-information/").main == dated


def test_another_release_makes_every_page_another(manual, today, reader, monkeypatch):
    before = reader.get(URL)["ETag"]

    monkeypatch.setattr(freshness, "release", lambda: "another")

    response, queries = queries_for(reader, URL, **{"If-None-Match": before})
    assert (response.status_code, queries > 1) == (200, True)


@pytest.mark.parametrize(
    "name",
    [
        "templates/a.html",
        "procedures/a/b.py",
        "partnerships/a.py",
        "portal/a.py",
        "static/images/a.svg",
        "requirements.txt",
    ],
)
def test_a_release_is_known_by_everything_that_makes_a_page(settings, tmp_path, name):
    settings.BASE_DIR = tmp_path
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)

    path.write_text("one")
    one = freshness.release.__wrapped__()
    path.write_text("two")

    assert freshness.release.__wrapped__() != one


def test_another_address_of_the_site_is_another_release(settings):
    one = freshness.release.__wrapped__()

    settings.SITE_URL = "https://procedures.example.org"

    assert freshness.release.__wrapped__() != one


def test_every_viewpoint_and_query_has_a_page_of_its_own(manual, today, reader):
    urls = [
        "/contents/",
        "/in/northshire/contents/",
        "/on/2025-01-15/contents/",
        "/in/northshire/on/2025-01-15/contents/",
        "/contents/?page=1",
    ]

    assert len({reader.get(url)["ETag"] for url in urls}) == len(urls)


def test_a_page_is_kept_for_its_own_viewpoint_whatever_a_header_calls_the_root(manual, today, reader):
    reader.client.get("/contents/", SCRIPT_NAME="/in/northshire/on/2025-01-15")

    page = reader.read("/in/northshire/on/2025-01-15/contents/")

    assert "as at 15 January 2025" in page.title


# --- HEAD, cookies ------------------------------------------------------------------------------------------------


def test_head_has_the_headers_of_get_and_no_body_whichever_comes_first(manual, today, reader):
    first = reader.client.head(URL)
    page = reader.get(URL)
    second = reader.client.head(URL)

    assert (first.status_code, first.content, second.content) == (200, b"", b"")
    assert first.headers == page.headers == second.headers
    assert b"Follow the advice of May 2024." in page.content


@pytest.mark.parametrize("url", KEPT_PAGES + OTHER_PAGES)
def test_no_reading_page_sets_a_cookie_or_depends_on_one(manual, today, reader, url):
    plain = reader.get(url)
    cache.clear()
    crumbs = "sessionid=garbage; csrftoken=garbage; messages=garbage; =; \xff"
    garbled = reader.client.get(url, headers={"Cookie": crumbs})

    assert [response.cookies for response in (plain, garbled)] == [{}, {}]
    assert "Vary" not in plain.headers
    assert (garbled.status_code, garbled.content, garbled.headers) == (plain.status_code, plain.content, plain.headers)


def test_who_is_signed_in_reads_the_same_page(manual, northshire_author, today, reader):
    signed_in = Client()
    signed_in.force_login(northshire_author)
    plain = reader.get(URL)
    cache.clear()

    response = signed_in.get(URL)

    assert (response.content, response.headers, response.cookies) == (plain.content, plain.headers, {})
