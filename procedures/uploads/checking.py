"""What is taken of what people upload: judged by content, never by a name or by what a browser says it is."""

import re
from dataclasses import dataclass

from procedures.uploads.images import kind_of_image, refuse_unless_bare, rewritten
from procedures.uploads.kinds import PDF, TAKEN, Kind
from procedures.uploads.names import check_ending, check_name, ending_of
from procedures.uploads.office import check_office
from procedures.uploads.pdf import check_pdf
from procedures.uploads.refusal import UploadRefused

LARGEST = 20_000_000  # bytes
_SVG = re.compile(rb"(?i)<svg[\s>]")


@dataclass(frozen=True)
class Checked:
    """A file that may be kept and served: its content, its kind, and what it is called."""

    content: bytes
    kind: Kind
    name: str


def check(content: bytes, name: str, *, images_alone: bool = False, rewrite: bool = True) -> Checked:
    """The file as it may be kept; UploadRefused, with a sentence, otherwise.

    `name` is what the file was called where it comes from, unaltered. Images are written again without what they say
    beside their pixels; without `rewrite` one that says anything else is refused. `images_alone` refuses what is none.
    """
    name = check_name(name)
    if not content:
        raise UploadRefused(f"“{name}” is empty. Choose another file.")
    if len(content) > LARGEST:
        raise too_large(name, len(content))
    kind = _kind_of(content, name)
    if images_alone and not kind.is_image:
        raise UploadRefused(
            f"“{name}” is no image. Choose a PNG, JPEG, WebP or GIF; other files are added as documents."
        )
    check_ending(name, kind)
    if kind.is_image and rewrite:
        content = rewritten(content, kind, name)
    elif kind.is_image:
        refuse_unless_bare(content, kind, name)
    return Checked(content, kind, name)


def too_large(name: str, size: int) -> UploadRefused:
    """What is said of a file of `size` bytes."""
    has = f"{size / 1e6:,.0f} MB" if size >= LARGEST + 1_000_000 else "more"
    return UploadRefused(f"“{name}” has {has}; the most is {LARGEST / 1e6:.0f} MB. Make it smaller, or split it.")


def _kind_of(content: bytes, name: str) -> Kind:
    """What the content is, checked but for images; UploadRefused when it is nothing that is taken."""
    if kind := kind_of_image(content):
        return kind
    if content.startswith(b"%PDF-"):
        check_pdf(content, name)
        return PDF
    if content.startswith(b"PK\x03\x04"):
        return check_office(content, name)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise _old_or_locked(name)
    if _SVG.search(content[:4096]):
        raise UploadRefused(f"“{name}” is an SVG drawing, which can hold scripts. Save it as PNG, and choose that.")
    raise UploadRefused(f"“{name}” is no file that can be added, whatever its name says. Choose {TAKEN}.")


def _old_or_locked(name: str) -> UploadRefused:
    """Old Word and Excel files, and new ones that are locked by a password, are files of one kind."""
    if ending_of(name) in ("docx", "xlsx"):
        return UploadRefused(f"“{name}” is protected by a password. Save it without, and choose it again.")
    return UploadRefused(
        f"“{name}” is a file of an old kind (.doc, .xls). Open it, save it as .docx or .xlsx, and choose that."
    )
