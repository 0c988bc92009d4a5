"""A partnership's documents in its workspace: listed, added, replaced, changed, and dropped into a text."""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client

from partnerships.models import AuditEntry
from procedures.models import Document, DocumentFile
from procedures.uploads import storage
from procedures.uploads.kinds import PNG
from tests.reader import Page, has
from tests.uploads import files
from tests.uploads.test_receiving import END, Endless, part
from tests.world import make_document

DOCUMENTS = "/workspace/northshire/documents/"
DETAILS = {
    "title": " The  form ",
    "owner": "Hub manager",
    "review_date_0": "1",
    "review_date_1": "6",
    "review_date_2": "2025",
}


@pytest.fixture
def author(northshire_author, today) -> Client:
    client = Client()
    client.force_login(northshire_author)
    return client


def sent(content: bytes, name: str) -> BytesIO:
    file = BytesIO(content)
    file.name = name
    return file


def errors(page: Page) -> list[str]:
    return page.texts(f"//div[{has('govuk-error-summary')}]//li")


def test_the_list_has_the_partnerships_own_documents_and_marks_what_is_overdue(author, region):
    make_document("old-form", by="northshire", review_date=date(2025, 1, 14))
    make_document("picture", by="northshire", owner="", kind=PNG)
    make_document("theirs", by="southmoor")

    page = Page(author.get(DOCUMENTS))

    assert page.links("//main//h2") == [
        ("Old form", f"{DOCUMENTS}old-form/"),
        ("Picture", f"{DOCUMENTS}picture/"),
    ]
    assert page.texts("//main//li/p") == [
        "PDF, 34 bytes, from 31 March 2017 Kept up to date by An owner Review date 14 January 2025 Overdue",
        "PNG image, 33 bytes, from 31 March 2017 Nobody is named who keeps it up to date No review date",
    ]


def test_the_list_takes_the_same_number_of_queries_for_many(author, region, django_assert_num_queries):
    for number in range(20):
        make_document(f"form-{number}", by="northshire")

    with django_assert_num_queries(8):
        author.get(DOCUMENTS)


@pytest.mark.parametrize("person", ["northshire_author", "northshire_approver"])
def test_an_author_or_approver_adds_a_document(request, region, today, person):
    client = Client()
    client.force_login(request.getfixturevalue(person))

    answer = client.post(f"{DOCUMENTS}new/", DETAILS | {"file": sent(files.pdf(), "Form.pdf")})

    made = Document.objects.get()
    assert answer["Location"] == f"{DOCUMENTS}the-form/"
    assert (made.partnership.slug, made.title, made.owner, made.review_date) == (
        "northshire", "The form", "Hub manager", date(2025, 6, 1),
    )  # fmt: skip
    file = made.files.get()
    assert (file.file_name, file.added_on, storage.read(file.sha256)) == ("Form.pdf", today, files.pdf())
    assert AuditEntry.objects.values_list("action", "person").get() == ("document-added", f"{person}@example.org")
    assert Page(client.get(f"{DOCUMENTS}the-form/")).notices == [
        "“The form” has been added. Texts link it as document:the-form."
    ]


@pytest.mark.parametrize(
    "content, name, message",
    [
        (b"<?php ?>", "photo.png", "“photo.png” is no file that can be added, whatever its name says. "
                                   "Choose a PDF, Word (.docx) or Excel (.xlsx) file or an image "
                                   "(PNG, JPEG, WebP, GIF)."),
        (b"<svg><script>alert(1)</script></svg>", "a.svg", "“a.svg” is an SVG drawing, which can hold scripts. "
                                                           "Save it as PNG, and choose that."),
        (files.png_that_says(30_000, 30_000), "a.png", "“a.png” has far too many pixels; the most is 40 million. "
                                                       "Make the picture smaller."),
        (files.word({"word/a.xml": b"\0" * 30_000_000}), "a.docx", "“a.docx” unpacks to far more than a document "
                                                                   "holds. Copy its text into a new file, and choose "
                                                                   "that."),
        (files.pdf(), "a\u202efdp.pdf", "The file’s name, “afdp.pdf”, has a character in it that cannot be seen "
                                        "(U+202E), which can make a file look like another kind. "
                                        "Rename the file and choose it again."),
        (b"", "a.pdf", "“a.pdf” is empty. Choose another file."),
    ],
)  # fmt: skip
def test_a_hostile_file_is_refused_with_a_sentence_in_the_form(author, region, content, name, message):
    page = Page(author.post(f"{DOCUMENTS}new/", DETAILS | {"file": sent(content, name)}))

    assert (page.status, errors(page)) == (200, [message])
    assert page.links(f"//div[{has('govuk-error-summary')}]") == [(message, "#id_file")]
    assert (Document.objects.count(), AuditEntry.objects.count()) == (0, 0)
    assert page.elements("//input[@name='title']/@value") == [" The  form "]


def posted(client: Client, url: str, body, length: int) -> Page:
    kind = "multipart/form-data; boundary=a-boundary"
    return Page(
        client.generic("POST", url, **{"wsgi.input": body, "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(length)})
    )


def test_a_name_with_a_path_in_it_is_refused_though_django_would_mend_it(author, region):
    body = part("../../etc/form.pdf") + files.pdf() + END

    page = posted(author, f"{DOCUMENTS}new/", BytesIO(body), len(body))

    assert errors(page)[0] == (
        "The file’s name, “../../etc/form.pdf”, has a folder in it. Rename the file and choose it again."
    )


def test_a_file_of_200_megabytes_is_refused_with_a_sentence_in_the_form(author, region):
    head = part("large.pdf")

    page = posted(author, f"{DOCUMENTS}new/", Endless(head, 200_000_000, END), len(head) + 200_000_000 + len(END))

    assert (page.status, errors(page)[0]) == (
        200, "“large.pdf” has 200 MB; the most is 20 MB. Make it smaller, or split it.",
    )  # fmt: skip


def test_a_form_that_says_nothing_is_told_what_is_missing(author, region):
    page = Page(author.post(f"{DOCUMENTS}new/", {}))

    assert errors(page) == [
        "Choose a file.",
        "Enter a title.",
        "Enter the role of whoever keeps it up to date.",
        "Enter the day by which it is next looked at.",
    ]


@pytest.mark.parametrize(
    "change, message",
    [
        ({"review_date_2": "2024"}, "The review date lies in the past. Enter today or a later day."),
        ({"title": "a\u202eb"}, "The control character U+202E stands in the text. Delete it."),
        ({"title": "x" * 201}, "Ensure this value has at most 200 characters (it has 201)."),
    ],
)
def test_details_that_cannot_be_are_refused(author, region, change, message):
    make_document("form", by="northshire")

    page = Page(author.post(f"{DOCUMENTS}form/", DETAILS | change))

    assert errors(page) == [message]


def test_details_are_changed(author, region):
    made = make_document("form", by="northshire", review_date=date(2024, 6, 1))

    answer = author.post(f"{DOCUMENTS}form/", DETAILS | {"review_date_2": "2024", "title": "Another"})

    made.refresh_from_db()
    assert (answer.status_code, made.title, made.owner, made.slug) == (302, "Another", "Hub manager", "form")
    assert Page(author.get(f"{DOCUMENTS}form/")).notices[0] == "The details of “Another” have been changed."


def test_a_page_of_a_document_lists_its_files_and_how_it_is_linked(author, region):
    file = make_document("form", by="northshire").files.get()
    make_document("chart", by="northshire", kind=PNG)

    pages = [Page(author.get(f"{DOCUMENTS}{slug}/")) for slug in ("form", "chart")]

    assert [page.texts("//main//code") for page in pages] == [
        ["[Form](document:form)"],
        ["![What it shows](document:chart)"],
    ]
    assert pages[0].links("//main//h3") == [("form.pdf", file.get_absolute_url())]


def test_a_document_is_replaced(author, region, today):
    made = make_document("form", by="northshire")
    replacement = {"file": sent(files.pdf(), "New form.pdf"), "note": "New numbers."}

    answer = author.post(f"{DOCUMENTS}form/replace/", replacement)

    assert answer["Location"] == f"{DOCUMENTS}form/"
    newest = made.files.newest_first().first()
    assert (newest.file_name, newest.note, newest.added_on, newest.number) == ("New form.pdf", "New numbers.", today, 2)
    assert Page(author.get(f"{DOCUMENTS}form/")).notices == [
        "“Form” is now New form.pdf. Texts lead to it from today on."
    ]


def test_a_replacement_of_another_kind_or_without_a_note_is_refused(author, region):
    make_document("chart", by="northshire", kind=PNG)
    replacement = {"file": sent(files.pdf(), "a.pdf"), "note": "x"}

    pages = [Page(author.post(f"{DOCUMENTS}chart/replace/", given)) for given in (replacement, {})]

    assert [errors(page) for page in pages] == [
        [
            "This document is a picture, which texts show. Replace it by a picture, or add “a.pdf” as a document of "
            "its own."
        ],
        ["Choose a file.", "Say what changed."],
    ]
    assert DocumentFile.objects.count() == 1


def test_another_partnerships_document_is_not_found_here(author, region):
    made = make_document("theirs", by="southmoor")

    answers = [
        author.post(
            f"{DOCUMENTS}theirs/{page}", DETAILS | {"file": sent(files.pdf(), "a.pdf"), "note": "x"}
        ).status_code
        for page in ("", "replace/")
    ]

    made.refresh_from_db()
    assert (answers, made.title, made.files.count()) == ([404, 404], "Theirs", 1)


# --- Pictures that are dropped into a text ------------------------------------------------------------------------

IMAGES = "/workspace/northshire/images/"


def test_a_picture_that_is_dropped_into_a_text_becomes_a_document(author, region):
    answer = author.post(IMAGES, {"image": sent(files.picture("JPEG"), "who_decides-what.jpg")})

    made = Document.objects.get()
    assert (answer.status_code, answer.json()) == (200, {"image_code": "![](document:who-decides-what)"})
    assert (made.title, made.owner, made.review_date) == ("Who decides what", "", None)
    assert AuditEntry.objects.get().action == "document-added"


@pytest.mark.parametrize(
    "content, name, message",
    [
        (files.pdf(), "a.pdf", "“a.pdf” is no image. Choose a PNG, JPEG, WebP or GIF; "
                               "other files are added as documents."),
        (b"<svg></svg>", "a.svg", "“a.svg” is an SVG drawing, which can hold scripts. "
                                  "Save it as PNG, and choose that."),
    ],
)  # fmt: skip
def test_what_is_no_picture_is_refused_with_a_sentence_for_the_editor(author, region, content, name, message):
    answer = author.post(IMAGES, {"image": sent(content, name)})

    assert (answer.status_code, answer.json()) == (400, {"image_error": message})
    assert Document.objects.count() == 0


def test_without_a_picture_the_editor_is_told_so(author, region):
    assert author.post(IMAGES).json() == {"image_error": "Choose a file."}
