"""The preview of a draft, and what links in it may lead to."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.utils.timezone import now

from partnerships.models import Service
from procedures.editing.beginning import begin_withdrawal
from procedures.editing.models import Draft
from procedures.editing.preview import markdownify
from procedures.models import Section, Version
from tests.editing.editors import FILLED, TODAY, address, client_of
from tests.reader import Page, has
from tests.world import publish

# --- Preview ----------------------------------------------------------------------------------------------------------


def live(person: User, draft: Draft, content: str, **query: str) -> Page:
    values = {"change_kind": "minor", "revision": "1", "title": "Sharing information", "number": "3.1"} | query
    return Page(client_of(person).post(address(draft, "preview/"), {"content": content}, query_params=values))


def words(page: Page) -> str:
    return page.texts("//*[@data-turn]")[0]


def faults(page: Page) -> list[str]:
    return page.texts(f"//*[{has('faults__list')}]/li")


def test_the_live_preview_is_composed_from_what_is_not_saved(draft, northshire_author):
    page = live(northshire_author, draft, "::: fill front-door\nCall us, see Section 2.10.\n:::\n", turn="7")

    assert page.elements("//@data-turn") == ["7"]
    assert "Call us, see Section 2.10." in page.texts("//div[@role='group']//div")
    assert ("Section 2.10", "/in/northshire/sections/consent/") in page.links("//div[@role='group']")
    assert faults(page) == []
    assert Version.objects.get(pk=draft.pk).body == FILLED


def test_each_fault_names_its_line_and_the_line(draft, northshire_author):
    body = """## One

#### Three

See Section 9.9, [click here](https://example.org).

|  |  |
| --- | --- |
| a | b |

[form](document:nowhere) ![](https://example.org/a.png)
"""

    page = live(northshire_author, draft, body)

    told = [(fault.split(": ")[0], fault) for fault in faults(page)]
    assert sorted((where for where, _ in told), key=lambda where: int(where.split()[1])) == [
        "Line 3", "Line 5", "Line 5", "Line 7", "Line 11", "Line 11", "Line 11",
    ]  # fmt: skip
    assert all(("See Section 9.9, [click here]" in fault) == (where == "Line 5") for where, fault in told)
    assert "“click here” does not say where the link leads" in " ".join(faults(page))


@pytest.mark.parametrize(
    "content",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[here we go](javascript:alert(1))",
        "::: fill x\" onmouseover=\"alert(1)\nx\n:::",
        "![\"><script>alert(1)</script>](document:form)",
        "## Heading {#\"><script>alert(1)</script>}",
        "| <script>alert(1)</script> |\n| --- |\n",
    ],
)  # fmt: skip
def test_nothing_that_is_written_runs_in_the_preview(draft, northshire_author, content):
    page = live(northshire_author, draft, content, title="<script>alert(1)</script>", seen_by="<script>")

    assert page.elements("//script | //img[@onerror] | //*[@onmouseover] | //a[starts-with(@href, 'javascript')]") == []


def test_markdownx_own_conversion_is_as_safe():
    assert "<script" not in markdownify("<script>alert(1)</script> **bold** [x](javascript:alert(1))")


@pytest.mark.parametrize("path", ["/markdownx/markdownify/", "/markdownx/upload/"])
def test_markdownx_own_addresses_do_not_exist(region, northshire_author, path):
    assert client_of(northshire_author).post(path, {"content": "x"}).status_code == 404


def test_regional_text_is_seen_from_a_chosen_partnership(regional_draft, regional_author):
    content = "Regional words.\n\n::: local front-door\nThe switchboard.\n:::\n"

    alone, northshire = (live(regional_author, regional_draft, content, seen_by=slug) for slug in ("", "northshire"))

    assert ("The switchboard." in words(alone), "northcanary" in words(alone)) == (True, False)
    assert ("The switchboard." in words(northshire), "Call northcanary hub." in words(northshire)) == (
        False,
        True,
    )


def test_a_partnership_that_does_not_see_the_text_cannot_be_chosen(draft, northshire_author):
    page = live(northshire_author, draft, FILLED, seen_by="southmoor")

    assert "southcanary" not in words(page)
    assert "Call northcanary hub." in words(page)


def test_the_preview_is_of_the_drafts_own_day(draft, northshire_author):
    publish("sharing-information", number="3.1", title="Sharing later", on=date(2025, 3, 1), body="Later rules.\n")
    day = {"effective_date_0": "1", "effective_date_1": "4", "effective_date_2": "2025"}

    now_, later = (live(northshire_author, draft, "Ours. See Section 2.10.", **query) for query in ({}, day))

    assert ("Later rules." in words(now_), "Later rules." in words(later)) == (False, True)
    assert ("Section 2.10", "/in/northshire/on/2025-04-01/sections/consent/") in later.links("//div[@role='group']")


def test_without_scripts_the_preview_is_a_page_of_what_is_saved(regional_draft, regional_author):
    page = Page(client_of(regional_author).get(address(regional_draft, "preview/?seen_by=southmoor")))

    assert page.heading == "3.1 Sharing information"
    assert page.notices == [
        "Preview of a draft. As readers of Southmoor will see it. "
        "Nobody but the editors of Heartland can see this page."
    ]
    assert "southcanary" in page.main
    assert page.elements("//option[@selected]/@value") == ["southmoor"]


def test_a_withdrawal_says_what_it_is(manual, today, northshire_author, region):
    section = Section.objects.get(slug="sharing-information")
    draft = begin_withdrawal(section, region["northshire"], by=northshire_author, now=now(), today=TODAY)

    page = Page(client_of(northshire_author).get(address(draft)))

    assert "a withdrawal: from its day on the section no longer applies" in page.main
    assert page.texts("//label[@for='id_body']") == ["What stands in its place"]


# --- What links may lead to -------------------------------------------------------------------------------------------


def found(person: User, **query: str) -> list[str]:
    answer = client_of(person).get("/workspace/northshire/find/", query)
    return [target["text"] for target in answer.json()["found"]]


@pytest.mark.parametrize(
    "typed, texts",
    [
        ("2.10", ["Section 2.10"]),
        ("sharing", ["Section 3.1"]),
        ("INFORMATION sharing", ["Section 3.1"]),
        ("1", ["Part 1", "Section 1.5", "Section 2.10", "Section 3.1"]),
        ("harbour", []),
        ("nothing at all", []),
    ],
)
def test_sections_are_found_by_number_or_title_as_the_partnership_sees_them(
    manual, today, northshire_author, typed, texts
):
    assert found(northshire_author, q=typed) == texts


def test_other_things_are_found_by_their_kind(manual, today, northshire_author):
    Service.objects.create(slug="front-door", name="Front door")

    assert found(northshire_author, kind="contact", q="door") == ["[Front door](contact:front-door)"]
    assert found(northshire_author, kind="document", q="door") == []
    assert found(northshire_author, kind="nonsense", q="door") == []
