"""Documents: their files of each day, the seal on them, and how they come about and change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from partnerships.models import AuditEntry
from procedures import documents, sealing
from procedures.documents import Details
from procedures.models import Document, DocumentFile, FreshnessStamp
from procedures.models.in_force import Sealed
from procedures.uploads import storage
from procedures.uploads.checking import Checked
from procedures.uploads.kinds import PDF, PNG
from procedures.uploads.refusal import UploadRefused
from tests.threads import in_threads, open_to_threads
from tests.world import make_document, make_file, make_partnerships

FILES = "procedures_documentfile"
TODAY = date(2025, 1, 15)
NOW = datetime(2025, 1, 15, 9, tzinfo=UTC)
SEAL = "a file of a document is never changed or deleted"

pytestmark = pytest.mark.django_db


def upload(content: bytes = b"%PDF- content", name: str = "form.pdf", kind=PDF) -> Checked:
    return Checked(content, kind, name)


def run_sql(sql: str, *parameters: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


# --- The file of a day --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "day, number",
    [
        ("2018-01-09", None),
        ("2018-01-10", 1),
        ("2020-06-30", 1),
        ("2020-07-01", 3),
        ("2020-07-02", 3),
        ("2030-01-01", 3),
    ],
)
def test_the_file_of_a_day_is_the_newest_that_was_there_by_then(region, day, number):
    made = make_document("form", on=date(2018, 1, 10))
    make_file(made, on=date(2020, 7, 1))
    make_file(made, on=date(2020, 7, 1))
    make_file(make_document("other", on=date(2017, 1, 1)), on=date(2020, 7, 1))

    found = DocumentFile.objects.on(date.fromisoformat(day)).filter(document=made).first()

    assert (found and found.number) == number


@pytest.mark.parametrize("day, overdue", [("2025-01-14", False), ("2025-01-15", False), ("2025-01-16", True)])
def test_a_document_is_overdue_from_the_day_after_its_review_date(region, day, overdue):
    made = make_document("form", review_date=TODAY)
    make_document("without")

    asked = date.fromisoformat(day)

    assert made.is_overdue(asked) is overdue
    assert list(Document.objects.overdue(asked)) == ([made] if overdue else [])


# --- The seal -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change", ["sha256 = 'x'", "added_on = '2001-01-01'", "file_name = 'x'", "note = 'x'", "number = 9", "size = 1"]
)
def test_the_database_refuses_to_change_a_file(region, change):
    make_document("form")

    with pytest.raises(DatabaseError, match=SEAL):
        run_sql(f"UPDATE {FILES} SET {change}")


def test_the_database_refuses_to_delete_a_file(region):
    make_document("form")

    with pytest.raises(DatabaseError, match=SEAL):
        run_sql(f"DELETE FROM {FILES}")


def test_a_row_cannot_be_slipped_in_over_a_file(region, on_postgresql):
    make_document("form")
    if on_postgresql:
        pytest.skip("INSERT OR REPLACE is SQLite's")

    for key in ("id", "id + 1"):
        others = "document_id, number, sha256, size, content_type, file_name, note, added_on, uploaded_at"
        with pytest.raises(DatabaseError, match=SEAL):
            run_sql(
                f"INSERT OR REPLACE INTO {FILES} (id, {others}, uploaded_by_id, uploaded_by_name) "
                f"SELECT {key}, {others}, uploaded_by_id, uploaded_by_name FROM {FILES}"
            )


def test_the_table_of_files_cannot_be_truncated(region, on_postgresql):
    make_document("form")
    if not on_postgresql:
        pytest.skip("TRUNCATE is PostgreSQL's")

    with pytest.raises(DatabaseError, match=SEAL):
        run_sql(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {FILES} CASCADE")


def test_python_refuses_to_save_update_or_delete_a_file(region):
    file = make_document("form").files.get()

    for attempt in (
        file.save,
        file.delete,
        lambda: DocumentFile.objects.update(note="x"),
        lambda: DocumentFile.objects.all().delete(),
    ):
        with pytest.raises(Sealed, match="Replace it by a newer file instead"):
            attempt()


def test_what_readers_see_of_documents_renews_the_stamp(region):
    stamps = [FreshnessStamp.now()]

    made = make_document("form")
    stamps.append(FreshnessStamp.now())
    make_file(made, on=TODAY)
    stamps.append(FreshnessStamp.now())
    Document.objects.update(title="Another")
    stamps.append(FreshnessStamp.now())

    assert len(set(stamps)) == 4


@pytest.mark.parametrize("loss", ["altered", "gone"])
def test_a_file_that_the_disk_has_lost_or_altered_is_found(region, settings, tmp_path, loss, capsys):
    settings.MEDIA_ROOT = tmp_path
    file = make_document("form").files.get()
    path = tmp_path / storage.name_of(file.sha256)
    path.unlink()
    if loss == "altered":
        path.write_bytes(b"Something else")

    with pytest.raises(SystemExit) as stopped:
        call_command("verify_history")

    assert stopped.value.code == 1
    assert capsys.readouterr().err == (
        f"File {file.pk} (form.pdf of the document “form”): its content is {loss}. Put it back from a backup of "
        f"MEDIA_DIR: {storage.name_of(file.sha256)}\n"
    )


def test_a_missing_trigger_is_named(region):
    sealing.remove()

    assert {name for name in sealing.missing_triggers() if name.startswith("document_file")} != set()


# --- Adding, replacing, changing ----------------------------------------------------------------------------------


def entries() -> list[tuple]:
    return list(AuditEntry.objects.order_by("number").values_list("action", "about", "person", "detail"))


def test_a_document_is_added_with_its_first_file_and_recorded(region, northshire_author):
    details = Details("Multi-agency referral form", "Front door manager", date(2026, 1, 15))

    made = documents.add(region["northshire"], details, upload(), by=northshire_author, at=NOW, today=TODAY)

    fields = (
        "document__slug",
        "number",
        "sha256",
        "size",
        "content_type",
        "file_name",
        "note",
        "added_on",
        "uploaded_at",
    )
    assert DocumentFile.objects.values_list(*fields, "uploaded_by", "uploaded_by_name").get() == (
        "multi-agency-referral-form", 1, storage.digest_of(b"%PDF- content"), 13, "application/pdf", "form.pdf", "",
        TODAY, NOW, northshire_author.pk, "northshire_author@example.org",
    )  # fmt: skip
    assert storage.read(made.files.get().sha256) == b"%PDF- content"
    assert (made.title, made.owner, made.review_date) == tuple(vars(details).values())
    assert entries() == [
        (
            "document-added",
            "Multi-agency referral form",
            "northshire_author@example.org",
            "document:multi-agency-referral-form, form.pdf",
        )
    ]


@pytest.mark.parametrize(
    "title, slug",
    [
        ("Referral form", "referral-form-2"),
        ("New", "new-2"),
        ("Über_uns -- das Formular", "uber-uns-das-formular"),
        ("表", "document"),
        ("x" * 200, "x" * 90),
    ],
)
def test_a_slug_is_made_of_the_title_and_is_nobody_elses(region, northshire_author, title, slug):
    make_document("referral-form", by="southmoor")

    made = documents.add(region["northshire"], Details(title), upload(), by=northshire_author, at=NOW, today=TODAY)

    assert made.slug == slug


def test_a_document_is_replaced_and_its_old_files_stay(region, northshire_author):
    made = make_document("form", by="northshire", on=date(2020, 1, 1))

    documents.replace(made, upload(name="new.pdf"), note="New numbers.", by=northshire_author, at=NOW, today=TODAY)

    fields = ("number", "file_name", "note", "added_on")
    assert list(made.files.newest_first().values_list(*fields)) == [
        (2, "new.pdf", "New numbers.", TODAY),
        (1, "form.pdf", "", date(2020, 1, 1)),
    ]
    assert entries() == [("document-replaced", "Form", "northshire_author@example.org", "new.pdf: New numbers.")]


@pytest.mark.parametrize(
    "kind, given, message",
    [
        (PDF, upload(b"form from 2017-03-31, number 1"), "“form.pdf” is the file that this document has already. "
                                                         "Choose its new file."),
        (PDF, upload(name="a.png", kind=PNG), "This document is no picture. Replace it by a PDF, Word or Excel file, "
                                              "or add “a.png” as a document of its own."),
        (PNG, upload(), "This document is a picture, which texts show. Replace it by a picture, or add “form.pdf” as a "
                        "document of its own."),
    ],
)  # fmt: skip
def test_what_does_not_follow_a_file_is_refused(region, northshire_author, kind, given, message):
    made = make_document("form", by="northshire", kind=kind)

    with pytest.raises(UploadRefused) as refused:
        documents.replace(made, given, note="x", by=northshire_author, at=NOW, today=TODAY)

    assert (str(refused.value), made.files.count(), entries()) == (message, 1, [])


def test_details_are_changed_and_recorded_with_what_they_were(region, northshire_author):
    made = make_document("form", by="northshire")
    details = Details("The form", "An owner", date(2026, 1, 1))

    changed = [documents.change(made, details, by=northshire_author, at=NOW) for _ in range(2)]

    made.refresh_from_db()
    assert (changed, made.title, made.review_date) == ([True, False], "The form", date(2026, 1, 1))
    assert entries() == [
        (
            "document-changed",
            "The form",
            "northshire_author@example.org",
            "title: Form → The form; review date: none → 2026-01-01",
        )
    ]


def test_nothing_is_added_or_recorded_where_the_details_cannot_be(region, northshire_author):
    with pytest.raises(ValidationError):
        documents.add(region["northshire"], Details(""), upload(), by=northshire_author, at=NOW, today=TODAY)

    assert (Document.objects.count(), entries()) == (0, [])


@pytest.mark.parametrize(
    "name, title",
    [("flow_chart-2.png", "Flow chart 2"), ("IMG.png", "IMG"), ("_.png", "Picture"), ("a.b.png", "A.b")],
)
def test_a_title_is_made_of_a_files_name(name, title):
    assert documents.title_from(name) == title


@pytest.mark.django_db(transaction=True)
def test_two_who_replace_a_document_at_one_moment_both_have_a_file_in_its_list(tmp_path):
    make_partnerships()
    made = make_document("form", by="northshire")

    def replacing(content: bytes):
        return lambda: (
            documents.replace(made, upload(content), note="x", by=None, at=NOW + timedelta(1), today=TODAY).number
        )

    with open_to_threads(tmp_path):
        numbers = in_threads(*(replacing(f"%PDF- {number}".encode()) for number in range(4)))

    assert sorted(numbers) == [2, 3, 4, 5]
