"""PDFs: whole, open to everybody, and without anything that acts by itself."""

import re
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject

from procedures.uploads.refusal import UploadRefused

MOST_OBJECTS = 200_000
_SCRIPTS = {"/JavaScript", "/JS", "/XFA"}
_STARTS = {"/Launch", "/ImportData", "/GoToE"}
_CARRIES = {"/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia", "/Movie", "/Sound", "/3D", "/Rendition"}
# Looked for in the file as it stands as well, for a reader may find what is in it in another way than pypdf does. Only
# names too long to come up by chance among compressed bytes.
_IN_THE_BYTES = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|ImportData)\b")


def check_pdf(content: bytes, name: str) -> None:
    """UploadRefused for a file that is no whole PDF, that is encrypted, or that holds scripts, programs or files."""
    damaged = UploadRefused(
        f"“{name}” is no PDF that can be read: it is damaged or not whole. Save it again as PDF, and choose it again."
    )
    if b"%%EOF" not in content[-2048:]:
        raise damaged
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted:
            raise UploadRefused(f"“{name}” is protected by a password or against copying. Save it without protection.")
        found = _active_names(reader)
        if not len(reader.pages):
            raise damaged
    except UploadRefused:
        raise
    except Exception as error:  # whatever a crafted file brings about in the parser, it is a file that is not taken
        raise damaged from error
    found |= {match[0].decode() for match in _IN_THE_BYTES.finditer(content)}
    if found & (_SCRIPTS | _STARTS):
        raise UploadRefused(
            f"“{name}” holds a script or starts a program when it is opened. Print it to a new PDF, and choose that."
        )
    if found & _CARRIES:
        raise UploadRefused(f"“{name}” has other files inside it. Print it to a new PDF, and choose that.")


def _active_names(reader: PdfReader) -> set[str]:
    """The names in the file's objects that stand for something active."""
    numbers = {number for table in reader.xref.values() for number in table} | set(reader.xref_objStm)
    if len(numbers) > MOST_OBJECTS:
        raise ValueError("too many objects")
    found: set[str] = set()
    waiting: list[Any] = [reader.trailer]
    for number in numbers:
        generation = next((generation for generation, table in reader.xref.items() if number in table), 0)
        waiting.append(reader.get_object(IndirectObject(number, generation, reader)))
        found |= _names_in(waiting)
    return found


def _names_in(waiting: list[Any]) -> set[str]:
    """The active names inside objects, each looked at without what it refers to; empties the list."""
    active = _SCRIPTS | _STARTS | _CARRIES
    found: set[str] = set()
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, DictionaryObject):
            found |= active & set(thing)
            waiting += [dict.__getitem__(thing, key) for key in thing]
        elif isinstance(thing, ArrayObject):
            waiting += list.__iter__(thing)
        elif isinstance(thing, NameObject) and thing in active:
            found.add(str(thing))
    return found
