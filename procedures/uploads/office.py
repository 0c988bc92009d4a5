"""Word and Excel files: Office Open XML packages (ECMA-376), opened with a budget, without macros."""

import re
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from procedures.uploads.kinds import EXCEL, WORD, Kind
from procedures.uploads.refusal import UploadRefused

MOST_ENTRIES = 2_000
MOST_UNPACKED = 200_000_000  # bytes
MOST_TIMES = 100  # that a package may grow by, once it is larger than…
GROWS_FREELY = 20_000_000  # bytes
PORTION = 64 * 1024

_TYPES = "[Content_Types].xml"
_MAIN = {"word/document.xml": WORD, "xl/workbook.xml": EXCEL}
_MACROS = re.compile(r"(?i)(?:^|/)(?:vbaproject\.bin|vbadata\.xml|macrosheets/.*|activex/.*)$")
_EMBEDDED = re.compile(r"(?i)(?:^|/)embeddings/(?!.*\.xlsx$).+")
_FETCHED = re.compile(rb"(?is)<Relationship\b(?=[^>]*/(?:attachedTemplate|oleObject|frame|subDocument)\")"
                      rb"(?=[^>]*Target=\"(?:https?:|file://[^/]|\\\\))[^>]*>")  # fmt: skip


def check_office(content: bytes, name: str) -> Kind:
    """Whether it is a Word or an Excel file; UploadRefused for any other, one with macros, and a zip bomb."""
    unsound = UploadRefused(
        f"“{name}” is no Word or Excel file that can be read. Open it, save it again as .docx or .xlsx, "
        "and choose it again."
    )
    try:
        with ZipFile(BytesIO(content)) as package:
            entries = package.infolist()
            kind = _kind(entries)
            if kind is None or _is_odd(entries):
                raise unsound
            _refuse_macros(entries, name)
            _unpack(package, entries, len(content), name)
    except (BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise unsound from error
    return kind


def _kind(entries: list[ZipInfo]) -> Kind | None:
    names = {entry.filename for entry in entries}
    mains = [kind for main, kind in _MAIN.items() if main in names]
    return mains[0] if len(mains) == 1 and _TYPES in names else None


def _is_odd(entries: list[ZipInfo]) -> bool:
    """Whether it holds what no package has: too many parts, one twice, paths that leave it, locked parts."""
    names = [entry.filename.lower() for entry in entries]
    return (
        len(names) > MOST_ENTRIES
        or len(set(names)) < len(names)
        or any(name.startswith("/") or "\\" in name or ".." in name.split("/") for name in names)
        or any(entry.flag_bits & 1 or entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries)
    )


def _refuse_macros(entries: list[ZipInfo], name: str) -> None:
    if any(_MACROS.search(entry.filename) for entry in entries):
        raise UploadRefused(f"“{name}” holds macros. Save it as .docx or .xlsx without macros, and choose that.")
    if any(_EMBEDDED.search(entry.filename) for entry in entries):
        raise UploadRefused(
            f"“{name}” has other files inside it. Take them out, and add them as documents of their own."
        )


def _unpack(package: ZipFile, entries: list[ZipInfo], packed: int, name: str) -> None:
    """Read every part to its end and count what comes out: what the package says of sizes is not believed."""
    budget = min(MOST_UNPACKED, max(GROWS_FREELY, packed * MOST_TIMES))
    for entry in entries:
        looked_at = bytearray() if entry.filename == _TYPES or entry.filename.endswith(".rels") else None
        with package.open(entry) as part:
            while portion := part.read(PORTION):
                budget -= len(portion)
                if budget < 0:
                    raise UploadRefused(
                        f"“{name}” unpacks to far more than a document holds. Copy its text into a new file, "
                        "and choose that."
                    )
                if looked_at is not None:
                    looked_at += portion
        _refuse_what_it_says(bytes(looked_at or b""), name)


def _refuse_what_it_says(text: bytes, name: str) -> None:
    if b"macroEnabled" in text:
        raise UploadRefused(f"“{name}” holds macros. Save it as .docx or .xlsx without macros, and choose that.")
    if _FETCHED.search(text):
        raise UploadRefused(
            f"“{name}” fetches a template or a part of itself from the internet when it is opened. "
            "Copy its text into a new file, and choose that."
        )
