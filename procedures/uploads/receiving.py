"""How uploaded files come in: with the names that were sent, and never more of them than is taken.

Django mends a file's name before anybody sees it, so that "../x.pdf" comes in as "x.pdf", and writes large files to the
disk. Here a name that is not plain can be refused with a sentence, and what is beyond the limit is counted and dropped.
FILE_UPLOAD_HANDLERS names `Receiver`.
"""

import html
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http.multipartparser import MultiPartParser

from procedures.uploads.checking import LARGEST

NO_NAME = "unnamed"


class Received(UploadedFile):
    """A file as it came in. `size` counts all that was sent; of what is too large nothing has been kept.

    `sent_name` is the name as it was sent, which may hold anything.
    """

    def __init__(self, content: BytesIO, sent_name: str, size: int, **kwargs: Any) -> None:
        super().__init__(content, size=size, **kwargs)
        self.sent_name = sent_name

    @property
    def is_too_large(self) -> bool:
        return bool(self.size and self.size > LARGEST)


class Receiver(FileUploadHandler):
    """Has the whole request parsed by a parser that keeps the names."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> Any:
        keeper = Keeper(self.request)
        return NamingParser(META, input_data, [keeper], encoding).parse()


class NamingParser(MultiPartParser):
    """Django's parser, which tells its one handler what a file was called before it mends that."""

    def sanitize_file_name(self, file_name: str) -> str:
        [keeper] = self._upload_handlers  # type: ignore[attr-defined]
        keeper.sent_name = html.unescape(file_name)  # as Django does: browsers once sent odd characters so
        return super().sanitize_file_name(file_name) or NO_NAME


class Keeper(FileUploadHandler):
    """Keeps in memory what may be taken of one request's files, all together no more than one may have."""

    sent_name = ""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.room = LARGEST

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.content: BytesIO | None = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.room -= len(raw_data)
        if self.room < 0:
            self.content = None
        elif self.content is not None:
            self.content.write(raw_data)

    def file_complete(self, file_size: int) -> Received:
        content, self.content = self.content or BytesIO(), None
        content.seek(0)
        size = file_size if self.room >= 0 else max(file_size, LARGEST + 1)
        return Received(content, self.sent_name, size, name=self.file_name)
