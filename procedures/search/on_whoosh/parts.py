"""A generation's files while a few things are added to it."""

from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import RamStorage
from whoosh.filedb.structfile import StructFile

from procedures.search.on_whoosh.files import CopiedFiles

PARTS = (".col", ".pst", ".trm", ".vps")  # the files of which Whoosh makes a segment's one file


class PartsInMemory(CopiedFiles):
    """Only what stays is written to disk.

    Whoosh writes a segment as some twenty files, reads each of them back, puts them together and deletes them again:
    most of what adding one short text takes. Of what is added to an index in use they fit into memory.
    """

    def __init__(self, generation: Path) -> None:
        super().__init__(generation)
        self._parts = RamStorage()

    def temp_storage(self, name: str | None = None) -> RamStorage:
        return RamStorage()

    def create_file(self, name: str, **options: Any) -> StructFile:
        return self._parts.create_file(name) if name.endswith(PARTS) else super().create_file(name, **options)

    def list(self) -> list[str]:
        return [*super().list(), *self._parts.list()]

    def open_file(self, name: str, **options: Any) -> StructFile:
        return self._keeping(name).open_file(name, **options)

    def file_exists(self, name: str) -> bool:
        return self._keeping(name).file_exists(name)

    def file_length(self, name: str) -> int:
        return self._keeping(name).file_length(name)

    def file_modified(self, name: str) -> float:
        return self._keeping(name).file_modified(name)

    def delete_file(self, name: str) -> None:
        self._keeping(name).delete_file(name)

    def _keeping(self, name: str) -> Any:
        """Who keeps this file: the memory, or what this class is made from."""
        return self._parts if self._parts.file_exists(name) else super()
