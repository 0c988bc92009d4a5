"""The files of documents as they are served: bytes that no browser runs, the same for ever."""

import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from procedures.uploads import storage
from procedures.uploads.kinds import EXCEL, GIF, JPEG, PDF, PNG, WEBP, WORD
from tests.world import LAUNCH, make_document, make_file


@pytest.fixture
def serve(region, today, reader):
    """Makes a document of a kind and gives its file and what is served of it."""

    def served(kind=PDF, **headers):
        file = make_document("form", kind=kind).files.get()
        return file, reader.get(file.get_absolute_url(), **headers)

    return served


@pytest.mark.parametrize(
    "kind, shown",
    [
        (PDF, "attachment"),
        (WORD, "attachment"),
        (EXCEL, "attachment"),
        (PNG, "inline"),
        (JPEG, "inline"),
        (WEBP, "inline"),
        (GIF, "inline"),
    ],
)
def test_a_file_is_served_with_headers_under_which_nothing_runs(serve, kind, shown):
    file, response = serve(kind)

    assert response.getvalue() == f"form from {LAUNCH}, number 1".encode()
    assert {
        name: response[name] for name in response.headers if name not in ("Referrer-Policy", "X-Frame-Options")
    } == {
        "Content-Type": kind.content_type,
        "Content-Length": str(file.size),
        "Content-Disposition": f'{shown}; filename="form.{kind.endings[0]}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cache-Control": "public, max-age=31536000, immutable",
        "ETag": f'"{file.sha256}"',
    }


def test_who_has_a_file_is_told_so(serve, reader):
    file, response = serve()
    response.getvalue()

    again = reader.get(file.get_absolute_url(), **{"If-None-Match": response["ETag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert again["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_file_needs_no_cookie_and_sets_none(serve, reader, northshire_author):
    reader.client.force_login(northshire_author)

    _, response = serve()
    response.getvalue()

    assert (response.cookies, response.has_header("Vary")) == ({}, False)


def test_another_name_leads_to_the_files_own(serve, reader):
    file, response = serve()
    response.getvalue()

    assert reader.get(f"/files/{file.pk}/virus.exe")["Location"] == f"/files/{file.pk}/form.pdf"


def test_an_odd_name_is_written_as_headers_and_addresses_have_it(region, today, reader):
    file = make_file(make_document("form"), on=LAUNCH, file_name="100% é #1; x.pdf")

    response = reader.get(file.get_absolute_url())
    response.getvalue()

    assert response.status_code == 200
    assert response["Content-Disposition"] == "attachment; filename*=utf-8''100%25%20%C3%A9%20%231%3B%20x.pdf"


def test_a_file_that_is_none_is_not_found(region, today, reader):
    page = reader.read("/files/99/form.pdf")

    assert (page.status, "There is no such file." in page.main) == (404, True)


def test_a_file_that_the_disk_has_lost_is_told_and_logged(region, today, reader, settings, tmp_path, caplog):
    settings.MEDIA_ROOT = tmp_path
    file = make_document("form").files.get()
    (tmp_path / storage.name_of(file.sha256)).unlink()

    with caplog.at_level(logging.ERROR):
        page = reader.read(file.get_absolute_url())

    told = "“form.pdf” is missing on this server. Ask the partnership that keeps it for a copy."
    assert (page.status, told in page.main) == (404, True)
    assert f"The content of file {file.pk} ({file.sha256}) is not in MEDIA_DIR" in caplog.text


def test_a_file_costs_three_queries(serve, reader):
    file, response = serve()
    response.getvalue()

    with CaptureQueriesContext(connection) as queries:
        reader.get(file.get_absolute_url()).getvalue()

    assert len(queries) <= 3
