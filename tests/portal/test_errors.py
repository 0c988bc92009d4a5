"""Health, robots, and the pages for what went wrong."""

import pytest
from django.db import OperationalError, connection
from django.test import Client

from tests.reader import Reader


def test_health_is_well_while_the_database_answers(db, reader):
    response = reader.get("/health/")

    assert (response.status_code, response.json(), response["Cache-Control"]) == (200, {"status": "ok"}, "no-store")


def test_health_is_not_well_without_the_database(db, monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("the database is away")

    with monkeypatch.context() as away:
        away.setattr(connection, "cursor", refuse)
        response = Client(raise_request_exception=False).get("/health/")

    assert response.status_code == 500


def test_robots_may_read_todays_pages_only(db, reader):
    response = reader.get("/robots.txt")

    assert response["Content-Type"] == "text/plain"
    assert response.content.decode() == (
        "User-agent: *\nDisallow: /on/\nDisallow: /in/*/on/\nDisallow: /search/\nDisallow: /in/*/search/\n"
    )


def test_an_address_that_leads_nowhere_is_told_so_with_ways_on(manual, reader):
    page = reader.read("/nowhere/")

    assert (page.status, page.heading) == (404, "Page not found")
    assert page.lead == (
        "There is no page at this address. It may have been mistyped, or the section may have another number now: "
        "search for it or look in the contents."
    )
    assert page.links("//main")[-2:] == [("Contents of the manual", "/contents/"), ("Start page", "/")]


@pytest.mark.parametrize(
    "path",
    [
        "/%00",
        "/sections/a%00b/",
        "/%ff",
        "/%F0%9F%98%80/",
        "/sections/" + "a" * 3000 + "/",
        "/<script>",
        "/in/a/b/c/",
        "/sections//",
    ],
)
def test_a_strange_address_is_a_plain_404_that_does_not_repeat_it(manual, reader, path):
    page = reader.read(path)

    assert (page.status, page.heading) == (404, "Page not found")
    assert b"<script>" not in page.response.content


@pytest.mark.parametrize("path", ["/contents", "/in/northshire", "/on/2019-06-01", "/sections/consent"])
def test_a_forgotten_slash_is_added(manual, reader, path):
    response = reader.get(path)

    assert (response.status_code, response["Location"]) == (301, f"{path}/")


def test_words_from_an_address_are_shown_as_words(manual, reader):
    page = reader.read("/on/%3Cb%3E/")

    assert page.lead == "“<b>” is not a day in the calendar. A day in an address is written like 2019-06-01."


@pytest.mark.django_db
def test_an_empty_site_says_404_too(reader):
    assert reader.read("/nowhere/").heading == "Page not found"


def test_a_request_that_cannot_be_understood_is_a_400(manual, reader):
    page = reader.read("/contents/?" + "&".join(f"a{n}=1" for n in range(1001)))

    assert (page.status, page.heading) == (400, "That address could not be read")
    assert page.lead == (
        "Something in the address or in the form is not what this page expects. "
        "Go back and try again, or begin from here."
    )


def test_a_request_to_a_host_that_is_not_ours_is_a_400(manual, reader):
    response = reader.client.get("/admin/login/", headers={"Host": "evil.example"})

    assert (response.status_code, b"evil.example" in response.content) == (400, False)


def test_what_goes_wrong_within_is_told_without_details(manual, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("a secret detail")

    monkeypatch.setattr("procedures.reading.contents.outline", fail)
    client = Client(raise_request_exception=False)

    response = client.get("/contents/")

    assert response.status_code == 500
    assert b"Sorry, something went wrong" in response.content
    assert b"secret" not in response.content
    assert b"tel:999" in response.content
    assert "ETag" not in response.headers


def test_a_page_that_went_wrong_is_not_kept(manual, monkeypatch):
    client = Client(raise_request_exception=False)
    with monkeypatch.context() as broken:
        broken.setattr("procedures.reading.contents.outline", lambda *args: 1 / 0)
        client.get("/contents/")

    assert Reader(client).get("/contents/").status_code == 200
