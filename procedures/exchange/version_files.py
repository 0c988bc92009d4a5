"""A version as a file, `sections/<section>/<partnership>/<day>.md`: a header between lines of dashes, then the text."""

import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from procedures.exchange.files import FileFault, Row, Unreadable, compose, day_of, dump, read_text, row_of
from procedures.models import Version
from procedures.models.version import tidy_body

FILE_NAME = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:\.(?P<ordinal>[2-9]|[1-9][0-9]{1,3}))?\.md")
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
KEYS = {
    "number",
    "title",
    "change",
    "note",
    "review",
    "author",
    "approver",
    "withdrawn",
    "written-against",
    "published",
}


@dataclass
class VersionFile:
    """What one file says. `ordinal` counts the versions that take effect on the same day, from 1."""

    section: str
    partnership: str
    day: date
    ordinal: int = 1
    number: str = ""
    title: str = ""
    change_kind: str = Version.ChangeKind.MAJOR
    change_note: str = ""
    review_date: date | None = None
    author_name: str = ""
    approver_name: str = ""
    withdrawn: bool = False
    written_against: str = ""  # the stem of the regional version's file
    published_at: datetime | None = None
    body: str = ""
    lines: dict[str, int] = field(default_factory=dict, compare=False)
    body_line: int = field(default=1, compare=False)

    @property
    def stem(self) -> str:
        return stem(self.day, self.ordinal)

    @property
    def name(self) -> str:
        """Where the file stands, from the content folder."""
        return f"sections/{self.section}/{self.partnership}/{self.stem}.md"

    def fault(self, message: str, field_name: str = "", line: int | None = None) -> FileFault:
        """A fault in this file: on a line of its text, or where a field's key stands in the header."""
        if line is not None:
            return FileFault(self.name, self.body_line + line - 1, message)
        return FileFault(self.name, self.lines.get(KEY_OF_FIELD.get(field_name, field_name), 1), message)


KEY_OF_FIELD = {
    "change_note": "note",
    "change_kind": "change",
    "review_date": "review",
    "published_at": "published",
    "author_name": "author",
    "approver_name": "approver",
    "written_against": "written-against",
}


def stem(day: date, ordinal: int) -> str:
    """A version file's name without its ending."""
    return day.isoformat() if ordinal == 1 else f"{day.isoformat()}.{ordinal}"


def read_version_file(path: Path, folder: Path) -> tuple[VersionFile | None, list[FileFault]]:
    """A file as a VersionFile (None when it cannot be understood at all) and all that is wrong with it."""
    name = path.relative_to(folder).as_posix()
    try:
        file = _named(path, name)
        text = read_text(path, name)
        header, body, body_line = _split(text, name)
        row = row_of(compose(header, name, first_line=2), name, first_line=2)
        if not row.lines:
            raise Unreadable(row.faults[0])
    except Unreadable as unreadable:
        return None, [unreadable.fault]
    file.body, file.body_line = body, body_line
    file.lines = row.lines
    _take_header(file, row)
    return file, row.faults


def _named(path: Path, name: str) -> VersionFile:
    """What the file's place and name say."""
    match = FILE_NAME.fullmatch(path.name)
    parts = name.split("/")
    if match is None or len(parts) != 4:
        message = "A version is a file sections/<section>/<partnership>/<day>.md, such as …/2019-06-01.md."
        raise Unreadable(FileFault(name, 1, message))
    for slug in parts[1:3]:
        if not SLUG.fullmatch(slug) or len(slug) > 100:
            message = (
                f"“{slug}” is not a folder name for a section or partnership: use small letters, digits and hyphens."
            )
            raise Unreadable(FileFault(name, 1, message))
    day = day_of(match["day"])
    if day is None:
        raise Unreadable(FileFault(name, 1, f"“{match['day']}” is not a day in the calendar."))
    return VersionFile(parts[1], parts[2], day, int(match["ordinal"] or 1))


def _split(text: str, name: str) -> tuple[str, str, int]:
    """The header, the text, and the line on which the text begins."""
    if not text.startswith("---\n"):
        raise Unreadable(FileFault(name, 1, "The file begins with a line of three dashes, then the header."))
    end = text.find("\n---\n", 3)
    if end < 0 and text.endswith("\n---"):
        end = len(text) - 4
    if end < 0:
        raise Unreadable(FileFault(name, 1, "The header has no end: a second line of three dashes is missing."))
    rest = text[end + 5 :]
    body_line = text[: end + 5].count("\n") + 1 + len(rest) - len(rest.lstrip("\n"))
    return text[4 : end + 1], tidy_body(rest), body_line


def _take_header(file: VersionFile, row: Row) -> None:
    row.refuse_unknown(KEYS)
    file.number = row.text("number")
    file.title = row.text("title")
    file.change_kind = row.choice("change", Version.ChangeKind.values, Version.ChangeKind.MAJOR)
    file.change_note = row.text("note")
    file.review_date = row.day("review")
    file.author_name = row.text("author")
    file.approver_name = row.text("approver")
    file.withdrawn = row.choice("withdrawn", ["yes", "no"], "no") == "yes"
    file.written_against = row.text("written-against")
    file.published_at = row.moment("published")


def text_of(file: VersionFile) -> str:
    """The file's text, the same for the same version whoever writes it."""
    header: dict[str, str] = {
        "number": file.number,
        "title": file.title,
        "change": str(file.change_kind),
        "note": file.change_note,
        "review": file.review_date.isoformat() if file.review_date else "",
        "author": file.author_name,
        "approver": file.approver_name,
        "withdrawn": "yes" if file.withdrawn else "",
        "written-against": file.written_against,
        "published": file.published_at.astimezone(UTC).isoformat(timespec="microseconds") if file.published_at else "",
    }
    return "---\n" + dump({key: value for key, value in header.items() if value}) + "---\n" + file.body
