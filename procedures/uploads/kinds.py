"""The kinds of files that are taken, by what they are called in HTTP, on pages and at the ends of names."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """A kind of file: its content type (IANA), what readers call it, and the endings of its names, usual one first."""

    content_type: str
    label: str
    endings: tuple[str, ...]

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


_OFFICE = "application/vnd.openxmlformats-officedocument"

PDF = Kind("application/pdf", "PDF", ("pdf",))
WORD = Kind(f"{_OFFICE}.wordprocessingml.document", "Word document", ("docx",))
EXCEL = Kind(f"{_OFFICE}.spreadsheetml.sheet", "Excel workbook", ("xlsx",))
PNG = Kind("image/png", "PNG image", ("png",))
JPEG = Kind("image/jpeg", "JPEG image", ("jpg", "jpeg"))
WEBP = Kind("image/webp", "WebP image", ("webp",))
GIF = Kind("image/gif", "GIF image", ("gif",))

KINDS = {kind.content_type: kind for kind in (PDF, WORD, EXCEL, PNG, JPEG, WEBP, GIF)}
TAKEN = "a PDF, Word (.docx) or Excel (.xlsx) file or an image (PNG, JPEG, WebP, GIF)"
