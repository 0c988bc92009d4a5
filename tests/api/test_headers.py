"""How long an answer of the read API holds, and who may read it: ETag, caches, methods, other sites' scripts."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.reader import make_it
from tests.world import CANARIES, publish

ADDRESSES = [
    "/api/v1/openapi.json",
    "/api/v1/partnerships",
    "/api/v1/contents?partnership=northshire&on=2024-06-01",
    "/api/v1/sections/sharing-information?partnership=northshire",
    "/api/v1/sections/sharing-information/history",
    "/api/v1/updates?limit=2",
]
CONTENTS = "/api/v1/contents"


def queries_for(reader, url, **headers):
    with CaptureQueriesContext(connection) as queries:
        response = reader.get(url, **headers)
    return response, len(queries)


@pytest.mark.parametrize("url", ADDRESSES)
def test_who_has_the_answer_is_told_so_with_one_query(manual, today, reader, url):
    fresh = reader.get(url)

    response, queries = queries_for(reader, url, **{"If-None-Match": fresh["ETag"]})

    assert (fresh.status_code, fresh["Cache-Control"]) == (200, "public, max-age=0, must-revalidate")
    assert (response.status_code, response.content, queries) == (304, b"", 1)
    assert (response["ETag"], response["Cache-Control"]) == (fresh["ETag"], fresh["Cache-Control"])
    assert response["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize("url", ["/api/v1/search?q=advice", "/api/v1/suggestions?q=ad"])
def test_what_is_searched_for_is_asked_again_each_time(manual, today, reader, url):
    assert "public" not in reader.get(url)["Cache-Control"]


def test_each_address_has_an_etag_of_its_own(manual, today, reader):
    etags = [reader.get(f"{CONTENTS}{query}")["ETag"] for query in ("", "?partnership=northshire", "?on=2019-01-01")]

    assert len(set(etags)) == 3


def test_a_publication_makes_every_answer_another(manual, today, reader):
    before = reader.get(CONTENTS)["ETag"]

    publish("elsewhere", number="9.1")

    response = reader.get(CONTENTS, **{"If-None-Match": before})
    assert (response.status_code, response.json()["parts"][-1]["number"]) == (200, "9")


def test_midnight_makes_every_answer_another(manual, today, reader, monkeypatch):
    before = reader.get(CONTENTS)["ETag"]

    make_it(today.replace(day=16), monkeypatch)

    assert reader.get(CONTENTS, **{"If-None-Match": before}).json()["on"] == "2025-01-16"


@pytest.mark.parametrize("query", ["", "?partnership=northshire"])
def test_what_most_ask_for_is_made_once_and_then_taken_from_the_cache(manual, today, reader, query):
    url = f"/api/v1/sections/sharing-information{query}"
    first, _ = queries_for(reader, url)

    second, queries = queries_for(reader, url)

    assert (queries, second.content, second.headers) == (1, first.content, first.headers)


@pytest.mark.parametrize("url", ADDRESSES)
def test_head_answers_as_get_does_without_the_answer(manual, today, reader, url):
    read = reader.get(url)

    response = reader.client.head(url)

    assert (response.status_code, response.content, response.headers) == (200, b"", read.headers)


def test_an_answer_has_nothing_to_do_with_who_is_signed_in(manual, today, reader, northshire_author):
    member = Client()
    member.force_login(northshire_author)

    response = member.get(CONTENTS)

    assert (response.content, response.headers) == (reader.get(CONTENTS).content, reader.get(CONTENTS).headers)
    assert (response.cookies, "Vary" in response.headers) == ({}, False)


@pytest.mark.parametrize("url", [*ADDRESSES, "/api/v1/sections/nothing", "/api/v1/nowhere"])
def test_scripts_of_other_sites_may_read_answers_and_problems(manual, today, reader, url):
    response = reader.get(url, Origin="https://elsewhere.example")

    assert {name: response.headers.get(name) for name in response.headers if name.startswith("Access-Control")} == {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag",
    }
    assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("url", [*ADDRESSES, "/api/v1/nowhere"])
def test_a_preflight_is_allowed_reading_and_no_more(manual, today, url):
    client = Client(headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET"})

    response = client.options(url)

    assert (response.status_code, response.content, response["Allow"]) == (204, b"", "GET, HEAD, OPTIONS")
    assert {name: response.headers.get(name) for name in response.headers if name.startswith("Access-Control")} == {
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag",
        "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
        "Access-Control-Allow-Headers": "*",
        "Access-Control-Max-Age": "86400",
    }


@pytest.mark.parametrize("url", ["/", "/contents/", "/nowhere/", "/workspace/", "/apiary/"])
def test_pages_are_for_this_sites_scripts_alone(manual, today, reader, url):
    assert not [name for name in reader.get(url).headers if name.startswith("Access-Control")]


def test_letters_stand_as_themselves(manual, today, reader):
    response = reader.get("/api/v1/sections/sharing-information?partnership=northshire")

    assert response["Content-Type"] == "application/json; charset=utf-8"
    assert "council’s" in response.content.decode() and CANARIES["northshire"] in response.content.decode()
