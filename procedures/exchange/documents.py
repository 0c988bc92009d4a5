"""documents.yaml and the files below documents/: the libraries, checked and brought into the database."""

import os
import re
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from partnerships.models import Partnership
from procedures.exchange.files import (
    FileFault,
    Row,
    Unreadable,
    all_faults,
    compose,
    day_of,
    read_bytes,
    read_text,
    row_of,
)
from procedures.exchange.registers import Keeper
from procedures.models import Document, DocumentFile
from procedures.uploads import storage
from procedures.uploads.checking import LARGEST, Checked, check
from procedures.uploads.kinds import KINDS, PDF, Kind
from procedures.uploads.names import ending_of
from procedures.uploads.refusal import UploadRefused

DOCUMENTS = "documents.yaml"
FOLDER = "documents"
FILE_NAME = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:\.(?P<ordinal>[2-9]|[1-9][0-9]{1,3}))?\.[a-z]+")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

Place = tuple[date, int]  # the day from which a file counts, and its ordinal among those of that day, from 1


def read_documents(folder: Path) -> tuple[list[Row], list[FileFault]]:
    """What documents.yaml says, and what cannot be understood; nothing where there is no such file."""
    if not os.path.lexists(folder / DOCUMENTS):
        return [], []
    try:
        node = compose(read_text(folder / DOCUMENTS, DOCUMENTS), DOCUMENTS)
    except Unreadable as unreadable:
        return [], [unreadable.fault]
    if node and not isinstance(node, yaml.SequenceNode):
        return [], [FileFault(DOCUMENTS, 1, "Here stands a list of documents: “- slug: …”, and further keys below.")]
    return [row_of(item, DOCUMENTS) for item in (node.value if node else [])], []


@dataclass
class Library:
    """The documents of a content folder, brought into the database inside the caller's transaction.

    `faults` is what is wrong with them, by file and line. Their content reaches the disk only by `keep`, once nothing
    is wrong anywhere.
    """

    folder: Path
    rows: list[Row]
    keeper: Keeper
    now: datetime
    added: int = 0
    listed: set[str] = field(default_factory=set)
    file_faults: list[FileFault] = field(default_factory=list)
    contents: dict[str, Path] = field(default_factory=dict)  # by digest

    def write(self) -> None:
        partnerships = {partnership.slug: partnership for partnership in Partnership.objects.all()}
        for row in self.rows:
            row.refuse_unknown({"slug", "partnership", "title", "owner", "review", "files"})
            self.listed |= {f"{row.text('slug')}/{file.text('file')}" for file in row.rows("files")}
            document = self._document(row, partnerships)
            if document:
                self._files(document, row)
        self._refuse_unlisted()

    @property
    def faults(self) -> list[FileFault]:
        return [*all_faults(self.rows), *self.file_faults]

    def keep(self) -> None:
        """Put on the disk what the rows name and the disk has not; before the transaction ends."""
        for sha256, path in self.contents.items():
            if not storage.is_kept(sha256) and storage.keep(path.read_bytes()) != sha256:
                raise RuntimeError(f"{path} was changed while it was being imported. Import again.")

    def _document(self, row: Row, partnerships: dict[str, Partnership]) -> Document | None:
        slug, owner = row.text("slug", required=True), row.text("partnership", required=True)
        if not slug or not owner:
            pass  # a fault already
        elif not SLUG.fullmatch(slug):
            row.fault("slug", f"“{slug}” is no name for a document: use small letters, digits and single hyphens.")
        elif owner not in partnerships:
            row.fault("partnership", f"There is no partnership “{owner}” in partnerships.yaml.")
        elif Document.objects.filter(slug=slug).exclude(partnership=partnerships[owner]).exists():
            row.fault(
                "partnership", f"There is a document “{slug}” already, of another partnership. Choose another slug."
            )
        else:
            values = {
                "title": row.text("title", required=True),
                "owner": row.text("owner"),
                "review_date": row.day("review"),
                "partnership": partnerships[owner],
            }
            return self.keeper.keep(row, Document, {"slug": slug}, values)
        return None

    def _files(self, document: Document, row: Row) -> None:
        """The document's files, in the order in which they came."""
        rows: dict[Place, Row] = {}
        for file in row.rows("files"):
            file.refuse_unknown({"file", "name", "note", "added-by", "uploaded"})
            place = _place(file)
            if place in rows:
                file.fault("file", "This stands here a second time.")
            elif place:
                rows[place] = file
        stored = stored_places(document)
        if not row.rows("files") and not stored:
            row.fault("files", "A document has at least one file: “files:” and below it “- file: 2024-02-05.pdf”.")
        for day, ordinal in sorted(rows):
            if ordinal > 1 and not {(day, ordinal - 1)} & (rows.keys() | stored.keys()):
                rows[day, ordinal].fault(
                    "file", f"There is no file before it on {day}: number the files of a day from 1."
                )
            self._file(document, rows[day, ordinal], (day, ordinal), stored)

    def _file(self, document: Document, row: Row, place: Place, stored: dict[Place, DocumentFile]) -> None:
        name = f"{FOLDER}/{document.slug}/{row.text('file')}"
        upload = self._checked(document, row, name)
        values: dict[str, Any] = {
            "sha256": storage.digest_of(upload.content),
            "file_name": upload.name,
            "note": row.text("note"),
            "uploaded_by_name": row.text("added-by"),
        }
        moment = row.moment("uploaded")
        if moment:
            values["uploaded_at"] = moment
        self.contents[values["sha256"]] = self.folder / name
        if place in stored:
            _refuse_difference(row, stored[place], values)
            return
        if any(file.kind.is_image != upload.kind.is_image for file in stored.values()):
            row.fault("file", "A document is a picture from its first file to its last, or none. Make two of them.")
        stored[place] = DocumentFile.objects.create(
            document=document,
            number=max((file.number for file in stored.values()), default=0) + 1,
            size=len(upload.content),
            content_type=upload.kind.content_type,
            added_on=place[0],
            **({"uploaded_at": self.now} | values),
        )
        self.added += 1

    def _checked(self, document: Document, row: Row, name: str) -> Checked:
        """The file as it may be kept; with a fault, something in its place, for the faults of texts that link it."""
        called = row.text("name") or f"{document.slug}.{ending_of(name)}"
        try:
            return check(read_bytes(self.folder / name, name, LARGEST), called, rewrite=False)
        except Unreadable as unreadable:
            self.file_faults.append(unreadable.fault)
        except UploadRefused as refused:
            self.file_faults.append(FileFault(name, 1, str(refused)))
        return Checked(name.encode(), _kind_by_ending(name), called[:100])

    def _refuse_unlisted(self) -> None:
        """A fault for every file that documents.yaml does not name: it would be left out in silence."""
        for path in sorted((self.folder / FOLDER).rglob("*")):
            name = path.relative_to(self.folder / FOLDER).as_posix()
            if (
                not path.is_dir()
                and not any(part.startswith(".") for part in Path(name).parts)
                and name not in self.listed
            ):
                message = f"{DOCUMENTS} does not name this file. Name it there, or take it away."
                self.file_faults.append(FileFault(f"{FOLDER}/{name}", 1, message))


def _place(row: Row) -> Place | None:
    """The day and the ordinal that a file's name says; a fault where it says none."""
    name = row.text("file", required=True)
    match = FILE_NAME.fullmatch(name)
    day = day_of(match["day"]) if match else None
    if match is None or day is None:
        if name:
            row.fault("file", f"“{name}” is not named after the day from which it counts, such as 2024-02-05.pdf.")
        return None
    return day, int(match["ordinal"] or 1)


def _refuse_difference(row: Row, file: DocumentFile, values: dict[str, Any]) -> None:
    differing = [name for name, value in values.items() if getattr(file, name) != value]
    if differing:
        what = {"sha256": "content", "file_name": "name", "uploaded_by_name": "added-by", "uploaded_at": "uploaded"}
        names = ", ".join(what.get(name, name) for name in differing)
        message = (
            f"This file is published already, with another {names}, and a published file is never changed. "
            "To replace it, add one of a later day, or a further one of that day."
        )
        row.fault("file", message)


def _kind_by_ending(name: str) -> Kind:
    return next((kind for kind in KINDS.values() if ending_of(name) in kind.endings), PDF)


def stored_places(document: Document) -> dict[Place, DocumentFile]:
    """The document's files by day and by their order on it."""
    places: dict[Place, DocumentFile] = {}
    counted: dict[date, int] = {}
    for file in document.files.order_by("number"):
        counted[file.added_on] = counted.get(file.added_on, 0) + 1
        places[file.added_on, counted[file.added_on]] = file
    return places
