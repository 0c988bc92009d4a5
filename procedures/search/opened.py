"""One generation of the index, opened for reading."""

from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.structfile import BufferFile
from whoosh.index import FileIndex
from whoosh.reading import ReaderClosed

from procedures.search.folder import Damaged
from procedures.search.passages import SCHEMA
from procedures.search.ranking import RobertsonBM25F, scores
from procedures.search.words import Terms

KEPT_SETS = 32  # sets of versions, in practice partnership and day, whose documents are remembered


class CopiedFiles(FileStorage):
    """A generation's files, each read into memory when it is opened.

    An index of 12,000 passages has 10 MB. In return nothing that happens to the files harms who has them open: a mapped
    file that somebody truncates takes the process with it.
    """

    def __init__(self, generation: Path) -> None:
        super().__init__(str(generation), supports_mmap=False)

    def open_file(self, name: str, **options: Any) -> BufferFile:
        return BufferFile(memoryview((Path(self.folder) / name).read_bytes()), name=name, **options)


class OpenedIndex:
    """A searcher and, by document number, what the documents stand for. Whoever uses one does so alone.

    Building it reads all of the index's columns. Any failure to do so is Damaged.
    """

    def __init__(self, generation: Path) -> None:
        self.generation = generation
        with ExitStack() as opening:
            try:
                index = FileIndex(CopiedFiles(generation), schema=SCHEMA)
                self.searcher = index.searcher(weighting=RobertsonBM25F())
                opening.callback(self.searcher.close)
                self._read_columns()
            except Exception as error:  # a broken index can fail in any way
                raise Damaged(f"{generation} cannot be opened: {error!r}", generation) from error
            opening.pop_all()
        self._documents_of: dict[frozenset[int], set[int]] = {}

    def _read_columns(self) -> None:
        self.versions = self._column("version")
        self.sections = self._column("section")
        self.slots = self._column("slot")
        seals = self._column("seal")
        reader = self.searcher.reader()
        self.living = [number for number in range(reader.doc_count_all()) if not reader.is_deleted(number)]
        self.seals = {self.versions[number]: seals[number] for number in self.living}

    def _column(self, name: str) -> Sequence:
        """A column's values, by document number."""
        values: list = []
        for reader, _offset in self.searcher.reader().leaf_readers():
            if reader.doc_count_all():
                values += reader.column_reader(name)
        return values

    def is_current(self, generation: Path) -> bool:
        """Whether this is the generation given, and nobody has written to it since it was opened."""
        try:
            return self.generation == generation and bool(self.searcher.up_to_date())
        except OSError:  # its folder is gone
            return False

    def holds(self, version_ids: Iterable[int]) -> bool:
        """Whether the passages of all these versions are in the index."""
        return self.seals.keys() >= set(version_ids)

    def ranked(self, terms: Terms, version_ids: frozenset[int]) -> list[int]:
        """The best document of each section that has a passage with any of the terms, best first.

        Only documents of the versions given are looked at. Equal scores are told apart by version and place.
        """
        found = scores(self.searcher, terms, self.documents_of(version_ids))
        in_order = sorted(found, key=lambda number: (-found[number], self.versions[number], number))
        best: dict[int, int] = {}
        for number in in_order:
            best.setdefault(self.sections[number], number)
        return list(best.values())

    def documents_of(self, version_ids: frozenset[int]) -> set[int]:
        """The documents that a reader sees to whom these versions are in force.

        What stands in a local slot is left out where another of these versions fills it.
        """
        if version_ids not in self._documents_of:
            if len(self._documents_of) == KEPT_SETS:
                del self._documents_of[next(iter(self._documents_of))]
            self._documents_of[version_ids] = self._seen(version_ids)
        return self._documents_of[version_ids]

    def _seen(self, version_ids: frozenset[int]) -> set[int]:
        seen = {number for number in self.living if self.versions[number] in version_ids}
        filled = {
            (self.sections[number], b"slot" + self.slots[number].removeprefix(b"fill"))
            for number in seen
            if self.slots[number].startswith(b"fill ")
        }
        return {number for number in seen if (self.sections[number], self.slots[number]) not in filled}

    def weights(self, terms: Terms) -> dict[str, float]:
        """How much each term tells: the rarer the more."""
        return {term: self.searcher.idf(terms.field, term) for term in terms.counts}

    def stored(self, number: int) -> dict:
        """What the index keeps of a document to show it."""
        return self.searcher.stored_fields(number)

    def close(self) -> None:
        """Let go of the files. Closing twice does no harm."""
        with suppress(ReaderClosed):
            self.searcher.close()
