"""A generation's files, read into memory."""

from collections.abc import Collection
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile


class CopiedFiles(FileStorage):
    """A generation's files, each read into memory when it is opened.

    An index of 12,000 passages has about 20 MB. In return nothing that happens to the files harms who has them open: a
    mapped file that somebody truncates takes the process with it.
    """

    def __init__(self, generation: Path) -> None:
        super().__init__(str(generation), supports_mmap=False)
        self._segments: dict[str, bytes] = {}  # files of segments, which never change once they are written

    def open_file(self, name: str, **options: Any) -> BufferFile:
        content = self._segments.get(name)
        if content is None:
            content = (Path(self.folder) / name).read_bytes()
            if name.endswith(".seg"):
                self._segments[name] = content
        return BufferFile(content, name=name, **options)  # bytes, which it shares: of any other buffer it makes a copy

    def forget_all_but(self, segments: Collection[str]) -> None:
        """Let go of the files of segments that are no longer part of the index."""
        self._segments = {
            name: content for name, content in self._segments.items() if name.removesuffix(".seg") in segments
        }
