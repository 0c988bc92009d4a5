"""How uploads come in: the name as it was sent, and never more than is taken."""

import tempfile
from collections.abc import Iterator
from io import BytesIO, RawIOBase
from typing import Any

import pytest
from django.conf import settings
from django.test import RequestFactory

from procedures.uploads.checking import LARGEST
from procedures.uploads.receiving import Received

BOUNDARY = "a-boundary"


class Endless(RawIOBase):
    """A request's body that is made as it is read: a head, `size` bytes, and a tail."""

    def __init__(self, head: bytes, size: int, tail: bytes) -> None:
        self.parts = iter([head, *self._zeros(size), tail])
        self.left = b""

    def _zeros(self, size: int) -> Iterator[bytes]:
        for _ in range(size // 1_000_000):
            yield b"\0" * 1_000_000

    def read(self, size: int = -1) -> bytes:
        if not self.left:
            self.left = next(self.parts, b"")
        taken, self.left = (self.left, b"") if size < 0 else (self.left[:size], self.left[size:])
        return taken


def part(name: str, *, field: str = "file") -> bytes:
    quoted = name.replace('"', "%22")
    return (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{field}"; filename="{quoted}"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    ).encode()


END = f"\r\n--{BOUNDARY}--\r\n".encode()


def sent(body: Any, length: int) -> Any:
    """The request that a browser sends with this body."""
    kind = f"multipart/form-data; boundary={BOUNDARY}"
    return RequestFactory().generic(
        "POST", "/", **{"wsgi.input": body, "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(length)}
    )


def received(name: str, content: bytes = b"content") -> Received:
    body = part(name) + content + END
    return sent(BytesIO(body), len(body)).FILES["file"]


@pytest.mark.parametrize(
    "name, meant",
    [
        ("form.pdf", "form.pdf"),
        ("../../etc/form.pdf", "../../etc/form.pdf"),
        ("C:\\Users\\form.pdf", "C:\\Users\\form.pdf"),
        ("a\u202efdp.png", "a\u202efdp.png"),
        ("a&#x202e;fdp.png", "a\u202efdp.png"),
        ("..", ".."),
        ("réunion.pdf", "réunion.pdf"),
        ("x" * 300 + ".pdf", "x" * 300 + ".pdf"),
    ],
)
def test_a_file_tells_the_name_that_was_sent(name, meant):
    file = received(name)

    assert (file.sent_name, file.read(), file.size, file.is_too_large) == (meant, b"content", 7, False)


def test_where_no_file_was_chosen_there_is_none():
    body = part("") + END

    assert dict(sent(BytesIO(body), len(body)).FILES) == {}


def test_a_file_as_large_as_may_be_is_kept_whole():
    file = received("a.pdf", b"x" * LARGEST)

    assert (len(file.read()), file.is_too_large) == (LARGEST, False)


def test_200_megabytes_are_counted_and_neither_kept_nor_written_to_the_disk(monkeypatch):
    for name in ("NamedTemporaryFile", "TemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, lambda *args, **kwargs: pytest.fail("A file was made."))
    head = part("large.pdf")

    file = sent(Endless(head, 200_000_000, END), len(head) + 200_000_000 + len(END)).FILES["file"]

    assert (file.size, file.is_too_large, file.read()) == (200_000_000, True, b"")


def test_many_files_together_are_no_more_than_one_may_be():
    half = b"x" * (LARGEST // 2)
    body = b"".join(part(f"{number}.pdf", field=str(number)) + half + b"\r\n" for number in range(4)) + END[2:]

    files = sent(BytesIO(body), len(body)).FILES

    assert [files[str(number)].is_too_large for number in range(4)] == [False, False, True, True]


def test_every_upload_of_the_site_comes_in_this_way():
    assert settings.FILE_UPLOAD_HANDLERS == ["procedures.uploads.receiving.Receiver"]
