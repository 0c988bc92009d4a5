"""Files to upload: sound ones of every kind, made here, and the parts that hostile ones are made of."""

import struct
import zlib
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'


def picture(name: str = "PNG", size: tuple[int, int] = (4, 2), mode: str = "RGB", **saved: Any) -> bytes:
    """An image in Pillow's format `name`: red on the left, blue on the right."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    output = BytesIO()
    image.convert(mode).save(output, name, **saved)
    return output.getvalue()


def png_that_says(width: int, height: int) -> bytes:
    """A small file whose header says that it is a PNG of this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(b"\0" * 1000)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def office(main: str, parts: dict[str, str | bytes] | None = None) -> bytes:
    """An Office package with the given main part and further parts."""
    output = BytesIO()
    with ZipFile(output, "w", ZIP_DEFLATED) as package:
        for name, content in {"[Content_Types].xml": TYPES, main: "<x/>", **(parts or {})}.items():
            package.writestr(ZipInfo(name), content, ZIP_DEFLATED)  # with a date of its own: always the same
    return output.getvalue()


def word(parts: dict[str, str | bytes] | None = None) -> bytes:
    return office("word/document.xml", parts)


def excel(parts: dict[str, str | bytes] | None = None) -> bytes:
    return office("xl/workbook.xml", parts)


def zip_bomb() -> bytes:
    """A Word file of some 30 kB that unpacks to 30 MB, and says that its part has 10 bytes."""
    content = bytearray(word({"word/bomb.xml": b"\0" * 30_000_000}))
    for place in _places(bytes(content), struct.pack("<I", 30_000_000)):
        content[place : place + 4] = struct.pack("<I", 10)
    return bytes(content)


def _places(content: bytes, wanted: bytes) -> list[int]:
    places, start = [], content.find(wanted)
    while start >= 0:
        places.append(start)
        start = content.find(wanted, start + 1)
    return places


def pdf(title: str = "A leaflet") -> bytes:
    """A PDF of one empty page."""
    return _written(_writer(title))


def pdf_with(kind: str) -> bytes:
    """A PDF with something active in it: "script", "program", "file", "form" or "password"."""
    writer = _writer("Odd")
    names = {"script": "/JavaScript", "program": "/Launch", "form": "/XFA"}
    if kind == "file":
        writer.add_attachment("virus.exe", b"MZ")
    elif kind == "password":
        writer.encrypt("secret", algorithm="RC4-128")
    else:
        action = DictionaryObject({NameObject("/S"): NameObject(names[kind]), NameObject("/F"): TextStringObject("x")})
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(action)
    return _written(writer)


def pdf_with_hidden_script() -> bytes:
    """A PDF that calls its script by an escaped name: /J#61vaScript is /JavaScript."""
    return pdf_with("script").replace(b"/JavaScript", b"/J#61vaScript")


def _writer(title: str) -> PdfWriter:
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_metadata({"/Title": title})
    return writer


def _written(writer: PdfWriter) -> bytes:
    output = BytesIO()
    writer.write(output)
    return output.getvalue()
