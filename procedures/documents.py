"""The one way in which documents come about and change: their files are kept, and the partnership's log told."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from partnerships.audit import Action, record
from partnerships.models import Partnership
from procedures.models import Document, DocumentFile
from procedures.uploads import storage
from procedures.uploads.checking import Checked
from procedures.uploads.refusal import UploadRefused

RESERVED = {"new"}  # where the workspace has a page of its own


@dataclass(frozen=True)
class Details:
    """What is said of a document beside its files."""

    title: str
    owner: str = ""
    review_date: date | None = None


def add(partnership: Partnership, details: Details, upload: Checked, *, by: Any, at: datetime, today: date) -> Document:
    """A new document of the partnership with its first file, in force from `today`; `at` is the moment (with zone).

    The file is on the disk before anything says that it is.
    """
    sha256 = storage.keep(upload.content)
    with transaction.atomic():
        partnership = Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
        slug = free_slug(details.title)
        document = Document(partnership=partnership, slug=slug, **vars(details))
        document.full_clean()
        document.save(force_insert=True)
        _add_file(document, upload, sha256, note="", by=by, at=at, today=today)
        about, detail = document.title, f"document:{slug}, {upload.name}"
        record(partnership, Action.DOCUMENT_ADDED, by=by, at=at, about=about, detail=detail)
    return document


def replace(document: Document, upload: Checked, *, note: str, by: Any, at: datetime, today: date) -> DocumentFile:
    """The document's new file, from `today` on; the old ones stay, and lead on from texts as they were then.

    UploadRefused when it is the file that the document has already, or when a picture would become something else:
    texts that show it would show nothing.
    """
    sha256 = storage.digest_of(upload.content)
    _refuse_what_does_not_follow(document, upload, sha256)
    storage.keep(upload.content)
    with transaction.atomic():
        document = Document.objects.select_for_update(no_key=True).get(pk=document.pk)
        file = _add_file(document, upload, sha256, note=note, by=by, at=at, today=today)
        detail = f"{upload.name}: {note}"
        record(document.partnership, Action.DOCUMENT_REPLACED, by=by, at=at, about=document.title, detail=detail)
    return file


def change(document: Document, details: Details, *, by: Any, at: datetime) -> bool:
    """Give the document these details; whether they were others before."""
    with transaction.atomic():
        document = Document.objects.select_for_update(no_key=True).get(pk=document.pk)
        before = Details(document.title, document.owner, document.review_date)
        if before == details:
            return False
        for name, value in vars(details).items():
            setattr(document, name, value)
        document.full_clean()
        document.save()
        detail = "; ".join(
            f"{name.replace('_', ' ')}: {old or 'none'} → {getattr(details, name) or 'none'}"
            for name, old in vars(before).items()
            if old != getattr(details, name)
        )
        record(document.partnership, Action.DOCUMENT_CHANGED, by=by, at=at, about=details.title, detail=detail)
    return True


def title_from(file_name: str) -> str:
    """A title made of a file's name, for a picture dropped into a text: "flow_chart-2.png" gives "Flow chart 2"."""
    words = " ".join(PurePath(file_name).stem.replace("_", " ").replace("-", " ").split())
    return (words[:1].upper() + words[1:])[:200] or "Picture"


def free_slug(title: str) -> str:
    """A slug for a new document of that title which no document has."""
    stem = slugify(title).replace("_", "-").strip("-")[:90].strip("-") or "document"
    while "--" in stem:
        stem = stem.replace("--", "-")
    taken = RESERVED | set(Document.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, count = stem, 1
    while slug in taken:
        count += 1
        slug = f"{stem}-{count}"
    return slug


def _refuse_what_does_not_follow(document: Document, upload: Checked, sha256: str) -> None:
    newest = document.files.newest_first().first()
    if newest is None:
        return
    if newest.sha256 == sha256:
        raise UploadRefused(f"“{upload.name}” is the file that this document has already. Choose its new file.")
    if newest.kind.is_image != upload.kind.is_image:
        what = (
            "This document is a picture, which texts show. Replace it by a picture"
            if newest.kind.is_image
            else "This document is no picture. Replace it by a PDF, Word or Excel file"
        )
        raise UploadRefused(f"{what}, or add “{upload.name}” as a document of its own.")


def _add_file(
    document: Document, upload: Checked, sha256: str, *, note: str, by: Any, at: datetime, today: date
) -> DocumentFile:
    """The next file of a document that is locked or new."""
    numbers = document.files.order_by("-number").values_list("number", flat=True)
    return DocumentFile.objects.create(
        document=document,
        number=(numbers.first() or 0) + 1,
        sha256=sha256,
        size=len(upload.content),
        content_type=upload.kind.content_type,
        file_name=upload.name,
        note=note,
        added_on=today,
        uploaded_at=at,
        uploaded_by=by,
        uploaded_by_name=(by.get_full_name() or by.email)[:120] if by else "",
    )
