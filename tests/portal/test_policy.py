"""What browsers are told that a page may do."""

import re

import pytest

from tests.reader import Reader
from tests.test_whole_site import READING_PAGES

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize(
    "url", ["/", "/nowhere/", "/?day=x", "/3.1", "/updates/feed/", "/health/", "/robots.txt", "/admin/login/"]
)
def test_every_answer_says_what_it_may_do(manual, reader: Reader, url):
    response = reader.get(url)

    names = ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy")
    assert [response.get(name) for name in names] == [POLICY, "DENY", "nosniff", "same-origin"]


def test_so_do_an_answer_from_the_cache_and_a_304(manual, reader: Reader):
    etag = reader.get("/")["ETag"]

    answers = [reader.get("/"), reader.get("/", **{"If-None-Match": etag})]

    assert [(response.status_code, response["Content-Security-Policy"]) for response in answers] == [
        (200, POLICY),
        (304, POLICY),
    ]


@pytest.mark.parametrize("url", [*READING_PAGES, "/nowhere/", "/?day=x"])
def test_no_page_holds_what_the_policy_forbids(manual, reader: Reader, url):
    text = reader.get(url).content.decode()

    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:|<base|<iframe", text) == []
    assert [
        address
        for address in re.findall(r'(?:src|stylesheet" href|action)="([^"]*)"', text)
        if not address.startswith("/")
    ] == []
