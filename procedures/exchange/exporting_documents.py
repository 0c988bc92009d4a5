"""The libraries out to a content folder: documents.yaml and every file that a document ever was."""

from datetime import UTC
from pathlib import Path
from typing import Any

from procedures.exchange.documents import DOCUMENTS, FOLDER, Place, stored_places
from procedures.exchange.files import dump
from procedures.exchange.registers import filled
from procedures.models import Document, DocumentFile
from procedures.uploads import storage


def documents_missing() -> list[str]:
    """What the disk does not have of the files that documents name, as they are called."""
    rows = DocumentFile.objects.order_by("pk").values_list("document__slug", "file_name", "sha256")
    return [f"“{name}” of the document “{slug}”" for slug, name, sha256 in rows if not storage.is_kept(sha256)]


def write_documents_to(folder: Path) -> None:
    """Write documents.yaml and every file below documents/; nothing where there are no documents."""
    documents = Document.objects.select_related("partnership").prefetch_related("files")
    whole = [_document_row(folder, document) for document in sorted(documents, key=lambda document: document.slug)]
    if whole:
        (folder / DOCUMENTS).write_text(dump(whole), encoding="utf-8", newline="\n")


def _document_row(folder: Path, document: Document) -> dict[str, Any]:
    row: dict[str, Any] = filled(
        {
            "slug": document.slug,
            "partnership": document.partnership.slug,
            "title": document.title,
            "owner": document.owner,
            "review": document.review_date,
        }
    )
    places = stored_places(document)
    row["files"] = [_file_row(folder / FOLDER / document.slug, place, places[place]) for place in sorted(places)]
    return row


def _file_row(folder: Path, place: Place, file: DocumentFile) -> dict[str, str]:
    day, ordinal = place
    name = f"{day.isoformat()}{'' if ordinal == 1 else f'.{ordinal}'}.{file.kind.endings[0]}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(storage.read(file.sha256))
    return filled(
        {
            "file": name,
            "name": file.file_name,
            "note": file.note,
            "added-by": file.uploaded_by_name,
            "uploaded": file.uploaded_at.astimezone(UTC).isoformat(timespec="microseconds"),
        }
    )
