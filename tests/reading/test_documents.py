"""The library and a document's page: as seen from a viewpoint, with the file of its day."""

from datetime import date

import pytest
from django.test import Client

from procedures.search.passages import version_entries
from procedures.uploads.kinds import PNG, WORD
from tests.reader import has
from tests.world import LAUNCH, make_document, make_file, publish

FILES = "//main/ul[contains(@class, 'changes')]/li"


@pytest.fixture
def form(region, today):
    """A form of Northshire with a file from 10 January 2018 and another from 1 July 2020."""
    made = make_document(
        "form",
        by="northshire",
        on=date(2018, 1, 10),
        title="The form",
        owner="Hub manager",
        review_date=date(2025, 6, 1),
    )
    make_file(made, on=date(2020, 7, 1), kind=WORD, note="Asks for the school.")
    return made


def names(reader, url):
    return reader.read(url).texts("//main//li/p[1]")


def test_a_reader_sees_the_documents_of_the_region_the_groups_and_their_own(region, today, reader):
    for slug in ("heartland", "northern-force", "northshire", "eastvale"):
        make_document(f"{slug}-form", by=slug)

    page = reader.read("/in/northshire/documents/")

    assert page.texts("//main//h2") == [
        "Northshire Safeguarding Partnership",
        "Northern Force Safeguarding Partnership",
        "Heartland Safeguarding Partnership",
    ]
    assert page.links("//main//li/p[1]") == [
        ("Northshire form", "/in/northshire/documents/northshire-form/"),
        ("Northern force form", "/in/northshire/documents/northern-force-form/"),
        ("Heartland form", "/in/northshire/documents/heartland-form/"),
    ]
    assert names(reader, "/documents/") == ["Heartland form"]


def test_the_library_of_a_past_day_has_what_was_there_then(form, reader):
    make_document("later", by="northshire", on=date(2019, 1, 1))

    before = reader.read("/in/northshire/on/2018-01-09/documents/")

    assert before.texts("//main/p[last()]") == ["There were none on that day."]
    assert names(reader, "/in/northshire/on/2018-12-31/documents/") == ["The form"]
    assert names(reader, "/in/northshire/documents/") == ["Later", "The form"]
    assert reader.read("/documents/").texts("//main/p[last()]") == ["None have been added yet."]


def test_a_documents_page_says_what_it_is_and_whose(form, reader):
    page = reader.read("/in/northshire/documents/form/")

    assert page.heading == "The form"
    assert page.texts("//dl/div") == [
        "Published by Northshire Safeguarding Partnership",
        "Kept up to date by Hub manager",
        "Next review 1 June 2025",
    ]
    assert page.links(f"//main//a[{has('govuk-button')}]") == [
        ("Download The form (Word document, 30 bytes)", form.files.get(number=2).get_absolute_url())
    ]
    assert page.texts(FILES) == [
        "From 1 July 2020 In use today Asks for the school. form.docx of 1 July 2020 Word document, 30 bytes",
        "From 10 January 2018 form.pdf of 10 January 2018 PDF, 30 bytes",
    ]
    assert page.robots == []


def test_a_review_that_is_overdue_is_told_of_today_alone(region, today, reader):
    make_document("form", review_date=date(2025, 1, 14))

    assert reader.read("/documents/form/").texts("//dl/div[3]") == ["Next review 14 January 2025, now overdue"]
    assert reader.read("/on/2025-01-10/documents/form/").texts("//dl/div[3]") == ["Next review 14 January 2025"]


@pytest.mark.parametrize(
    "day, number", [("2018-01-10", 1), ("2020-06-30", 1), ("2020-07-01", 2), ("2025-01-15", 2), ("9999-12-31", 2)]
)
def test_a_day_leads_to_its_file(form, reader, day, number):
    file = form.files.get(number=number)
    there = f"/in/northshire/on/{day}/documents/form/"

    page = reader.read(there)

    assert page.elements(f"//main//a[{has('govuk-button')}]/@href") == [file.get_absolute_url()]
    assert reader.get(f"{there}file/")["Location"] == file.get_absolute_url()
    assert page.robots == ["noindex"]


def test_before_its_first_file_a_document_says_since_when_it_exists(form, reader):
    page = reader.read("/in/northshire/on/2018-01-09/documents/form/")
    file = reader.read("/in/northshire/on/2018-01-09/documents/form/file/")

    told = "On 9 January 2018 there was no “The form” yet: it was added on 10 January 2018."
    assert (page.status, page.notices) == (200, [told])
    assert page.links(f"//div[{has('notice')}]") == [("The document today", "/in/northshire/documents/form/")]
    assert page.elements(f"//main//a[{has('govuk-button')}]") == []
    assert (file.status, told in file.main) == (404, True)


def test_a_document_to_come_is_not_there_yet(region, today, reader):
    make_document("form", on=date(2025, 2, 1))

    page = reader.read("/documents/form/")

    assert page.notices == ["On 15 January 2025 there was no “Form” yet: it was added on 1 February 2025."]
    assert page.links(f"//div[{has('notice')}]") == [
        ("The document on 1 February 2025", "/on/2025-02-01/documents/form/")
    ]
    assert (page.robots, names(reader, "/documents/")) == (["noindex"], [])


@pytest.mark.parametrize("path", ["documents/form/", "documents/form/file/"])
def test_another_partnerships_document_is_not_here_but_there(form, reader, path):
    page = reader.read(f"/in/southmoor/on/2020-01-01/{path}")

    assert page.status == 404
    assert "This document is one of Northshire Safeguarding Partnership, and is no part of what you are" in page.main
    assert ("See it for Northshire", "/in/northshire/on/2020-01-01/documents/form/") in page.links("//main")


def test_a_document_that_is_none_is_not_found(region, today, reader):
    page = reader.read("/in/northshire/documents/nothing/")

    assert (page.status, "This manual has no document “nothing”." in page.main) == (404, True)
    assert ("All documents", "/in/northshire/documents/") in page.links("//main")


@pytest.mark.parametrize("path", ["/documents/", "/documents/form/", "/documents/form/file/"])
def test_other_methods_are_refused(form, path):
    assert Client().post(f"/in/northshire{path}").status_code == 405


# --- In texts -----------------------------------------------------------------------------------------------------


def test_a_text_links_and_shows_documents_as_of_its_own_day(region, today, reader):
    make_document("form")
    chart = make_document("chart", kind=PNG)
    make_file(chart, on=date(2020, 1, 1), kind=PNG)
    body = "Fill in [the form](document:form).\n\n![Who decides](document:chart)\n"
    version = publish("neglect", number="2.1", body=body)

    pages = [reader.read(f"{place}/sections/neglect/") for place in ("", "/on/2019-01-01")]

    article = f"//div[{has('prose')}]"
    assert [page.links(article) for page in pages] == [
        [("the form", f"{place}/documents/form/")] for place in ("", "/on/2019-01-01")
    ]
    images = [(image.get("src"), image.get("alt")) for page in pages for image in page.elements(f"{article}//img")]
    assert images == [(f"{place}/documents/chart/file/", "Who decides") for place in ("", "/on/2019-01-01")]
    led_to = [reader.get(src)["Location"] for src, _alt in images]
    assert led_to == [chart.files.get(number=number).get_absolute_url() for number in (2, 1)]
    own = reader.read(f"/versions/{version.pk}/").elements(f"{article}//img/@src")
    assert own == [f"/on/{LAUNCH}/documents/chart/file/"]


def test_the_words_for_a_picture_are_searched_for(region, today, reader):
    make_document("chart", kind=PNG)
    version = publish("neglect", number="2.1", body="![Ladder of thresholds](document:chart)\n")

    [(_, [passage])] = version_entries([version.pk])

    assert passage.body == "Ladder of thresholds"
