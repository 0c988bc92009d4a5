"""documents.yaml and the files beside it: what is taken in, what is refused and where, and what comes out."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from procedures.exchange.exporting import ExportRefused, export_content
from procedures.exchange.importing import ImportRefused, import_content
from procedures.models import Document, DocumentFile, Version
from procedures.uploads import storage
from procedures.uploads.checking import check
from tests.exchange.folders import files, put, version
from tests.exchange.test_export import out_and_in_and_out
from tests.uploads import files as made
from tests.world import make_document, make_file, make_partnerships

NOW = datetime(2024, 5, 1, 9, tzinfo=UTC)
DOCUMENTS = """\
- slug: form
  partnership: northshire
  title: The form
  owner: Hub manager
  review: '2027-06-01'
  files:
  - file: 2024-02-05.docx
    name: Form (v2).docx
    note: Asks for the school.
    added-by: Hub manager
  - file: 2018-11-26.pdf
  - file: 2024-02-05.2.docx
    note: Mends a slip.
    uploaded: '2024-02-05T09:30:00+00:00'
- slug: chart
  partnership: heartland
  title: A chart
  files:
  - file: 2018-11-26.png
"""
BARE_PNG = check(made.picture("PNG"), "a.png").content

pytestmark = pytest.mark.django_db


@pytest.fixture
def library(folder: Path) -> Path:
    """A content folder with two documents, one with three files, and texts that use them."""
    put(folder, "documents.yaml", DOCUMENTS)
    put(folder, "documents/form/2018-11-26.pdf", made.pdf())
    put(folder, "documents/form/2024-02-05.docx", made.word())
    put(folder, "documents/form/2024-02-05.2.docx", made.word({"word/more.xml": "x"}))
    put(folder, "documents/chart/2018-11-26.png", BARE_PNG)
    version(folder, "neglect/heartland/2019-06-01", "![A chart](document:chart)\n")
    version(folder, "neglect/northshire/2019-06-01", "[The form](document:form)\n")
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        import_content(folder)
    assert (Document.objects.count(), Version.objects.count()) == (0, 0)
    return [str(fault) for fault in refused.value.faults]


def test_documents_come_in_with_all_their_files(library):
    done = import_content(library, now=NOW)

    assert (done.files_added, done.published) == (4, 2)
    fields = ("number", "added_on", "file_name", "note", "uploaded_by_name", "uploaded_at")
    form = Document.objects.get(slug="form")
    assert (form.partnership.slug, form.title, form.owner, form.review_date) == (
        "northshire", "The form", "Hub manager", date(2027, 6, 1),
    )  # fmt: skip
    assert list(form.files.values_list(*fields)) == [
        (1, date(2018, 11, 26), "form.pdf", "", "", NOW),
        (2, date(2024, 2, 5), "Form (v2).docx", "Asks for the school.", "Hub manager", NOW),
        (3, date(2024, 2, 5), "form.docx", "Mends a slip.", "", datetime(2024, 2, 5, 9, 30, tzinfo=UTC)),
    ]
    assert [storage.is_sound(file.sha256) for file in DocumentFile.objects.all()] == [True] * 4


def test_importing_twice_changes_nothing(library):
    import_content(library, now=NOW)

    done = import_content(library)

    assert (done.files_added, done.registers_made, done.registers_changed, done.published) == (0, 0, 0, 0)


def test_importing_again_puts_back_what_the_disk_has_lost(library, settings, tmp_path):
    import_content(library)
    settings.MEDIA_ROOT = tmp_path / "empty"

    import_content(library)

    assert [storage.is_sound(file.sha256) for file in DocumentFile.objects.all()] == [True] * 4


def test_a_check_writes_nothing_anywhere(library, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"

    done = import_content(library, check_only=True)

    assert (done.files_added, Document.objects.count(), (tmp_path / "media").exists()) == (4, 0, False)


def test_what_was_refused_leaves_nothing_on_the_disk(library, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    version(library, "neglect/heartland/2020-06-01", "[x](document:nothing)\n")

    assert faults(library) == [
        "sections/neglect/heartland/2020-06-01.md:7: “x” leads nowhere: there is no document “nothing”."
    ]
    assert not (tmp_path / "media").exists()


@pytest.mark.parametrize(
    "old, new, message",
    [
        ("slug: chart", "slug: A_chart", "15: “A_chart” is no name for a document: use small letters, digits "
                                         "and single hyphens."),
        ("partnership: heartland", "partnership: nobody", "16: There is no partnership “nobody” in partnerships.yaml."),
        ("title: A chart", "titel: A chart", "17: “titel” is not a key that is known here. Known are: files, owner, "
                                             "partnership, review, slug, title."),
        ("review: '2027-06-01'", "review: soon", "5: “review” is “soon”, which is not a day in the calendar. "
                                                 "Write it as 2019-06-01."),
        ("- file: 2018-11-26.png", "- file: chart.png", "19: “chart.png” is not named after the day from which it "
                                                        "counts, such as 2024-02-05.pdf."),
        ("2024-02-05.2.docx", "2024-02-05.3.docx", "12: There is no file before it on 2024-02-05: number the files of "
                                                   "a day from 1."),
        ("uploaded: '2024-02-05T09:30:00+00:00'", "uploaded: then", "14: “uploaded” is “then”, which is not a moment "
                                                                    "like 2019-06-01T09:30:00+00:00."),
        ("- file: 2018-11-26.pdf", "- file: 2024-02-05.docx", "11: This stands here a second time."),
    ],
)  # fmt: skip
def test_a_fault_in_documents_yaml_is_told_with_its_line(library, old, new, message):
    assert DOCUMENTS.count(old) == 1
    put(library, "documents.yaml", DOCUMENTS.replace(old, new))

    assert f"documents.yaml:{message}" in faults(library)


def test_a_file_is_checked_as_those_that_are_uploaded_are(library):
    put(library, "documents/form/2018-11-26.pdf", made.pdf_with("script"))
    put(library, "documents/form/2024-02-05.docx", b"<?php ?>")
    put(library, "documents/chart/2018-11-26.png", made.picture("PNG") + b"<?php ?>")

    assert faults(library) == [
        "documents/chart/2018-11-26.png:1: “chart.png” holds more than a picture, such as where it was taken. "
        "Save it again without such information.",
        "documents/form/2018-11-26.pdf:1: “form.pdf” holds a script or starts a program when it is opened. "
        "Print it to a new PDF, and choose that.",
        "documents/form/2024-02-05.docx:1: “Form (v2).docx” is no file that can be added, whatever its name says. "
        "Choose a PDF, Word (.docx) or Excel (.xlsx) file or an image (PNG, JPEG, WebP, GIF).",
    ]


def test_files_that_are_missing_or_not_named_are_told(library):
    (library / "documents/form/2018-11-26.pdf").unlink()
    put(library, "documents/form/2019-01-01.pdf", made.pdf())
    put(library, "documents/other.txt", b"x")

    assert faults(library) == [
        "documents/form/2018-11-26.pdf:1: The file cannot be read: No such file or directory.",
        "documents/form/2019-01-01.pdf:1: documents.yaml does not name this file. Name it there, or take it away.",
        "documents/other.txt:1: documents.yaml does not name this file. Name it there, or take it away.",
    ]


def test_a_file_that_is_published_is_not_changed_by_another(library):
    import_content(library)
    put(library, "documents/chart/2018-11-26.png", check(made.picture("PNG", size=(8, 8)), "a.png").content)

    with pytest.raises(ImportRefused) as refused:
        import_content(library)

    assert str(refused.value) == (
        "documents.yaml:19: This file is published already, with another content, and a published file is never "
        "changed. To replace it, add one of a later day, or a further one of that day."
    )


def test_a_picture_does_not_become_something_else(library):
    put(library, "documents.yaml", DOCUMENTS + "  - file: 2020-01-01.pdf\n")
    put(library, "documents/chart/2020-01-01.pdf", made.pdf())

    assert faults(library) == [
        "documents.yaml:20: A document is a picture from its first file to its last, or none. Make two of them."
    ]


def test_a_document_stays_its_partnerships(library):
    import_content(library)
    put(library, "documents.yaml", DOCUMENTS.replace("partnership: heartland", "partnership: northshire"))

    with pytest.raises(ImportRefused, match="documents.yaml:16: There is a document “chart” already, of another"):
        import_content(library)


def test_documents_come_back_with_the_same_bytes(tmp_path, library):
    first, second = out_and_in_and_out(tmp_path, lambda: import_content(library))

    assert second == first
    assert first[1]["documents/form/2024-02-05.2.docx"] == made.word({"word/more.xml": "x"})
    assert sorted(name for name in first[1] if name.startswith("documents")) == [
        "documents.yaml",
        "documents/chart/2018-11-26.png",
        "documents/form/2018-11-26.pdf",
        "documents/form/2024-02-05.2.docx",
        "documents/form/2024-02-05.docx",
    ]


def test_an_export_whose_files_are_gone_writes_nothing(tmp_path, settings):
    make_partnerships()
    settings.MEDIA_ROOT = tmp_path / "media"
    make_file(make_document("form"), on=date(2020, 1, 1), file_name="new.pdf")
    for path in (tmp_path / "media").rglob("*"):
        if path.is_file():
            path.unlink()

    with pytest.raises(ExportRefused) as refused:
        export_content(tmp_path / "out")

    assert str(refused.value) == (
        "The content of “form.pdf” of the document “form”, “new.pdf” of the document “form” is not in MEDIA_DIR. "
        "Put it back from a backup."
    )
    assert files(tmp_path) == {}
