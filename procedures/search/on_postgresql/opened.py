"""The index as a pointer to one generation, opened for reading."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db.backends.utils import CursorWrapper

from procedures.search.interface import Digests, Evidence, Seen, Term
from procedures.search.on_postgresql import words as of_index
from procedures.search.on_postgresql.digests import KnownDigests
from procedures.search.on_postgresql.evidence import Gathering, read_entries
from procedures.search.on_postgresql.failing import Damaged, Moved, reading
from procedures.search.on_postgresql.figures import Figures
from procedures.search.on_postgresql.tables import Generation
from procedures.search.on_postgresql.visible import Visible
from procedures.search.passages import Entry


class PostgresIndex:
    """One generation, as far as it had come when it was opened; see `procedures.search.interface.Index`.

    What one search found it keeps until it is thrown away, so that a passage is shown as it was found, even if somebody
    takes it out of the index meanwhile.
    """

    def __init__(
        self,
        generation: Generation,
        position: str,
        figures: Figures,
        vocabulary: of_index.Vocabulary,
        digests: KnownDigests,
    ) -> None:
        self.generation = generation
        self.position = position
        self.is_damaged = False
        self._figures = figures
        self._vocabulary = vocabulary
        self._digests = digests
        self._entries: dict[int, Entry] = {}

    @contextmanager
    def _reading(self) -> Iterator[CursorWrapper]:
        try:
            with reading() as cursor:
                cursor.execute("SELECT set_config('jit', 'off', true)")
                yield cursor
        except Damaged:
            self.is_damaged = True
            raise

    def evidence(self, seen: Seen, wanted: Collection[Term], unwanted: Collection[Term]) -> Evidence:
        with self._reading() as cursor:
            gathering = Gathering(cursor, Visible(self.generation, seen), self._figures, unwanted)
            entries, evidence = gathering.gather(wanted)
        self._entries |= entries
        return evidence

    def entries(self, passages: Sequence[int]) -> list[Entry]:
        missing = [number for number in passages if number not in self._entries]
        if missing:
            with self._reading() as cursor:
                self._entries.update(read_entries(cursor, self.generation, missing))
        if not all(number in self._entries for number in passages):
            raise Moved("What was found has been taken out of the search index since.")
        return [self._entries[number] for number in passages]

    def holding(self, seen: Seen, words: Collection[str]) -> dict[str, int]:
        with self._reading() as cursor:
            return of_index.holding(cursor, Visible(self.generation, seen), words)

    def beginning_with(self, seen: Seen, prefix: str, limit: int) -> dict[str, int]:
        def look() -> dict[str, int]:
            with self._reading() as cursor:
                return of_index.beginning_with(cursor, Visible(self.generation, seen), prefix, limit)

        return self._vocabulary.completions(self.position, seen, prefix, limit, look)

    def digests(self, seen: Seen | None) -> Digests:
        with self._reading() as cursor:
            return self._digests.of(cursor, self.generation, self.position, seen)

    def vocabulary(self) -> Iterable[tuple[str, frozenset[str]]]:
        with self._reading() as cursor:
            return self._vocabulary.portions(cursor)
