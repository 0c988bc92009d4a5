"""What the read API answers when something is wrong: problem details (RFC 9457)."""

from datetime import date

import pytest
from django.db import OperationalError
from django.test import Client

from portal import freshness
from procedures.reading import api as reading
from tests.api.document import read_document
from tests.world import publish

SITE = "http://localhost:8000"
NOTHING = (
    "There is nothing at this address. What there is, and how it is asked for, is described in "
    f"{SITE}/api/v1/openapi.json."
)


def problem(url: str, status: int, title: str, detail: str, **members) -> dict:
    return {"type": "about:blank", "title": title, "status": status, "detail": detail, "instance": url} | members


def not_found(url: str, detail: str, **members) -> dict:
    return problem(url, 404, "Not Found", detail, **members)


def unprocessable(url: str, *faults: tuple[str, str]) -> dict:
    errors = [{"parameter": name, "detail": detail} for name, detail in faults]
    detail = " ".join(detail for _, detail in faults)
    return problem(url, 422, "Unprocessable Content", detail, errors=errors)


def asked(reader, url: str) -> dict:
    """A problem as it is answered; its status is that of the response, and its media type a problem's."""
    response = reader.get(url)
    told = response.json()
    assert (response.status_code, response["Content-Type"]) == (told["status"], "application/problem+json")
    assert (response["Access-Control-Allow-Origin"], response["Cache-Control"]) == ("*", "private, no-cache")
    assert "ETag" not in response
    return told


@pytest.mark.parametrize(
    "url", ["/api/v1/", "/api/", "/api/v2/contents", "/api/v1/contents/", "/api/v1/sections/", "/api/v1/sections/a%20b"]
)
def test_an_unknown_address_is_told_where_the_known_ones_stand(manual, today, reader, url):
    assert asked(reader, url) == not_found(url, NOTHING)


@pytest.mark.parametrize("path", ["contents", "sections/consent", "sections/consent/history", "updates"])
def test_an_unknown_partnership_is_told_as_on_pages(manual, today, reader, path):
    url = f"/api/v1/{path}?partnership=nowhere"

    assert asked(reader, url) == not_found(url, "There is no partnership “nowhere” in this manual.")


@pytest.mark.parametrize(
    "path", ["partnerships", "contents", "sections/consent", "sections/consent/history", "updates"]
)
@pytest.mark.parametrize("day", ["2019-02-30", "20190601", "tomorrow", "2019-6-1"])
def test_an_impossible_day_is_told_as_on_pages(manual, today, reader, path, day):
    url = f"/api/v1/{path}?on={day}"
    sentence = f"“{day}” is not a day in the calendar. A day in an address is written like 2019-06-01."

    assert asked(reader, url) == unprocessable(url, ("on", sentence))


@pytest.mark.parametrize(
    "query, faults",
    [
        ("limit=101", [("limit", "“limit” is 100 at most.")]),
        ("limit=0", [("limit", "“limit” is 1 at least.")]),
        ("page=0", [("page", "“page” is 1 at least.")]),
        ("page=two", [("page", "“page” is a whole number.")]),
        ("page=1.5", [("page", "“page” is a whole number.")]),
        ("page=" + "9" * 5000, [("page", "“page” is a whole number.")]),
        ("limit=&page=-1", [("limit", "“limit” is a whole number."), ("page", "“page” is 1 at least.")]),
    ],
)
def test_a_size_out_of_bounds_is_told_with_the_bound(manual, today, reader, query, faults):
    url = f"/api/v1/updates?{query}"

    assert asked(reader, url) == unprocessable(url, *faults)


def test_the_largest_size_is_allowed(manual, today, reader):
    assert reader.get("/api/v1/updates?limit=100").status_code == 200


def test_a_page_behind_the_last_is_not_there(manual, today, reader):
    url = "/api/v1/updates?page=2"
    links = [{"text": "The newest updates", "url": f"{SITE}/updates/"}]

    assert asked(reader, url) == not_found(url, "The updates have no page “2”.", links=links)


@pytest.mark.parametrize(
    "path, sentence",
    [
        ("sections/nothing", "This manual has no section “nothing”."),
        ("sections/nothing/history", "This manual has no section “nothing” for what you are reading."),
        (
            "sections/harbour-children/history",
            "This manual has no section “harbour-children” for what you are reading.",
        ),
    ],
)
def test_an_unknown_section_is_told_as_on_pages(manual, today, reader, path, sentence):
    assert asked(reader, f"/api/v1/{path}") == not_found(f"/api/v1/{path}", sentence)


def test_anothers_local_procedure_is_told_with_the_way_to_it(manual, today, reader):
    url = "/api/v1/sections/harbour-children?partnership=northshire"

    assert asked(reader, url) == not_found(
        url,
        "This section is a local procedure of Southmoor Safeguarding Partnership, "
        "and is no part of what you are reading.",
        links=[{"text": "Read it for Southmoor", "url": f"{SITE}/in/southmoor/sections/harbour-children/"}],
    )


# --- Sections without a text on the day ---------------------------------------------------------------------------


def test_a_withdrawn_section_is_told_since_when_and_why(manual, today, reader):
    last = publish("fax", number="2.11", on=date(2018, 1, 1))
    publish("fax", number="2.11", withdrawn=True, body="", on=date(2020, 1, 1), change_note="Fax is gone.")

    assert asked(reader, "/api/v1/sections/fax") == not_found(
        "/api/v1/sections/fax",
        "This section was withdrawn on 1 January 2020 and no longer applies: Fax is gone.",
        state="withdrawn",
        since="2020-01-01",
        links=[{"text": "The last text before that", "url": f"{SITE}/versions/{last.pk}/"}],
    )
    assert reader.get("/api/v1/sections/fax?on=2019-12-31").status_code == 200


@pytest.mark.parametrize(
    "query, sentence",
    [
        ("", "This section is not in force yet. It first takes effect on 1 June 2025."),
        ("?on=2019-01-01", "This section was not in force on 1 January 2019. It first takes effect on 1 June 2025."),
    ],
)
def test_a_section_that_is_not_yet_in_force_is_told_from_when(manual, today, reader, query, sentence):
    publish("scheduled", number="2.12", on=date(2025, 6, 1))
    url = f"/api/v1/sections/scheduled{query}"

    assert asked(reader, url) == not_found(
        url,
        sentence,
        state="not yet in force",
        since="2025-06-01",
        links=[{"text": "Read it as at 1 June 2025", "url": f"{SITE}/on/2025-06-01/sections/scheduled/"}],
    )


def test_a_section_that_was_called_back_is_told_so(manual, today, reader):
    publish("scheduled", number="2.12", on=date(2025, 6, 1))
    publish("scheduled", number="2.12", on=date(2025, 6, 1), withdrawn=True, body="")

    told = asked(reader, "/api/v1/sections/scheduled?on=2025-06-01")

    assert (told["state"], told["since"]) == ("never in force", "2025-06-01")
    assert told["detail"] == (
        "This section has never been in force. It was to take effect on 1 June 2025, "
        "and was called back before that day."
    )


# --- Methods, and what nobody foresaw -----------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "TRACE"])
def test_another_method_is_told_which_there_are(manual, today, method):
    client = Client(enforce_csrf_checks=True)

    response = client.generic(method, "/api/v1/contents")

    sentence = f"This address is for reading: {method} is not for it, GET and HEAD are."
    assert response.json() == problem("/api/v1/contents", 405, "Method Not Allowed", sentence)
    assert (response["Allow"], response["Access-Control-Allow-Origin"]) == ("GET, HEAD, OPTIONS", "*")


def test_a_request_that_holds_too_much_is_not_understood(manual, today, reader):
    url = "/api/v1/contents?" + "&".join(f"a{n}=1" for n in range(1001))

    assert asked(reader, url)["status"] == 400


def test_a_host_that_is_not_ours_is_not_understood(manual, today):
    response = Client(headers={"host": "elsewhere.example"}).get("/api/v1/contents")

    assert response.json() == problem("/api/v1/contents", 400, "Bad Request", "This request cannot be understood.")


FAILED = "Something went wrong on this server. It has been noted; try again later."


def test_what_nobody_foresaw_is_told_without_detail_and_noted(manual, today, monkeypatch, caplog):
    def fail(*args):
        raise RuntimeError("secret")

    monkeypatch.setattr(reading, "outline", fail)

    response = Client(raise_request_exception=False).get("/api/v1/contents")

    assert response.json() == problem("/api/v1/contents", 500, "Internal Server Error", FAILED)
    assert [(record.levelname, record.exc_info[1].args) for record in caplog.records] == [("ERROR", ("secret",))]


def test_without_the_database_even_the_stamp_is_a_problem(manual, today, monkeypatch):
    def refuse():
        raise OperationalError("the database is away")

    monkeypatch.setattr(freshness.FreshnessStamp, "now", refuse)

    response = Client(raise_request_exception=False).get("/api/v1/contents")

    assert response.json() == problem("/api/v1/contents", 500, "Internal Server Error", FAILED)
    assert response["Access-Control-Allow-Origin"] == "*"


def test_every_problem_is_one_that_the_document_describes(manual, today, reader):
    described = read_document(reader)["components"]["responses"]

    assert list(described) == [f"Problem{status}" for status in (400, 404, 405, 422, 500, 503)]
