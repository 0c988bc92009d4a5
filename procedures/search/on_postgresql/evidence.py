"""What is known of a query's terms: the likeliest passages are read, and of all others it is known that they are there.

PostgreSQL finds the passages that hold a term and picks the likeliest by `ts_rank`. How often each term stands in those
is counted here, by their words, so that they are ranked by the same figures as with the other back end.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.backends.utils import CursorWrapper

from procedures.search.interface import Evidence, Place, Term
from procedures.search.on_postgresql.counting import Read
from procedures.search.on_postgresql.failing import Damaged
from procedures.search.on_postgresql.figures import Figure, Figures
from procedures.search.on_postgresql.gathered import Gathered, Glimpsed
from procedures.search.on_postgresql.lexemes import any_of
from procedures.search.on_postgresql.matching import Matching
from procedures.search.on_postgresql.planning import Plan
from procedures.search.on_postgresql.tables import Generation
from procedures.search.on_postgresql.visible import Visible
from procedures.search.passages import Entry, Item, Kind
from procedures.search.ranking import ENOUGH

LIKELIEST = 200  # passages read of those with any of the terms that are not rare
BEYOND = 1_000  # passages that are known to be there without having been read

_PASSAGE = (
    "p.number, p.text_length, p.title_length, p.is_aside, p.kind, p.key, p.count, p.partnership, p.section, "
    "p.starts, p.ends, p.slot"
)
_TEXT = "t.heading, t.anchor, t.title, t.body, t.stems, t.words"
_KINDS = dict(enumerate(Kind))


class Gathering:
    """The questions that one search puts to the database, about passages with none of the unwanted terms."""

    def __init__(self, cursor: CursorWrapper, visible: Visible, figures: Figures, unwanted: Collection[Term]) -> None:
        self._cursor = cursor
        self._visible = visible
        self._figures = figures
        self._unwanted = unwanted
        self._without = Matching(unwanted, "unwanted")

    def gather(self, wanted: Collection[Term]) -> tuple[dict[int, Entry], Evidence]:
        """What is known of the wanted terms, and the entries of the passages that were read."""
        size, frequency = self._size(), self._frequencies(wanted)
        plan = Plan.of(frequency, size.passages)
        gathered = Gathered(wanted, self._unwanted)
        groups = [group for group in (plan.telling, *((term,) for term in plan.phrases)) if group]
        self._look(gathered, plan.rare, groups, frequency)
        if plan.common and len(gathered) < ENOUGH:
            self._look(gathered, (), [plan.common], frequency)
        return gathered.entries, gathered.evidence(size, frequency, plan.rare)

    # --- How many -------------------------------------------------------------------------------------------------

    def _size(self) -> Figure:
        return self._figures.of(self._visible, [None], lambda _: {None: self._count_all()})[None]

    def _count_all(self) -> Figure:
        counted = "count(*), coalesce(avg(p.text_length), 0)::float, coalesce(avg(p.title_length), 0)::float"
        [row] = self._ask(f"SELECT {counted} FROM {self._passage} WHERE {self._visible.condition}")
        return Figure(*row)

    def _frequencies(self, wanted: Collection[Term]) -> dict[Term, int]:
        return {term: figure.passages for term, figure in self._figures.of(self._visible, wanted, self._count).items()}

    def _count(self, terms: list[Term]) -> dict[Term, Figure]:
        """In how many passages each term stands."""
        found: dict[Term, Figure] = {}
        for column, exact in (("found", False), ("raw", True)):
            of_column = [term for term in terms if term.exact == exact]
            if of_column:
                rows = self._ask(
                    f"SELECT (SELECT count(*) FROM {self._passage} WHERE p.{column} @@ asked.query::tsquery "
                    f"AND {self._visible.condition}) "
                    "FROM unnest(%(queries)s::text[]) WITH ORDINALITY AS asked (query, place) ORDER BY asked.place",
                    queries=[any_of([term]) for term in of_column],
                )
                found |= {term: Figure(count) for term, (count,) in zip(of_column, rows, strict=True)}
        return found

    # --- Which ----------------------------------------------------------------------------------------------------

    def _look(
        self,
        gathered: Gathered,
        whole: Sequence[Term],
        groups: Sequence[Sequence[Term]],
        frequency: Mapping[Term, int],
    ) -> None:
        """Read every passage with a term in `whole`, and of those with a term of a group the likeliest.

        The others of a group are known under its most frequent term, which tells least.
        """
        ranked = Matching([*whole, *(term for group in groups for term in group)], "ranked")
        parameters = dict(ranked.parameters)
        parts = []
        if whole:
            matching = Matching(whole, "whole")
            parts.append(f"(SELECT {_PASSAGE}, -1 AS part, 0 AS place {self._from_where(matching)})")
            parameters |= matching.parameters
        for part, group in enumerate(groups):
            matching = Matching(group, f"part_{part}")
            parts.append(
                f"(SELECT *, {part} AS part, row_number() OVER () AS place FROM (SELECT {_PASSAGE} "
                f"{self._from_where(matching)} ORDER BY {ranked.rank} DESC, p.number LIMIT {LIKELIEST + BEYOND}) AS p)"
            )
            parameters |= matching.parameters
        if not parts:
            return
        rows = self._ask(
            f"SELECT p.place, p.part, {_PASSAGE}, {_TEXT} FROM ({' UNION ALL '.join(parts)}) AS p "
            f"LEFT JOIN LATERAL (SELECT * FROM {self._visible.generation.text} t "
            f"WHERE t.number = p.number AND p.place <= {LIKELIEST} OFFSET 0) AS t ON true",
            **parameters,
        )
        read = [row for row in rows if row[0] <= LIKELIEST]
        if any(row[-1] is None for row in read):
            raise Damaged("Words are missing from the search index in the database.")
        gathered.take(_read(row[2:]) for row in read)
        for part, group in enumerate(groups):
            others = (_glimpsed(row[2:]) for row in rows if row[1] == part and row[0] > LIKELIEST)
            gathered.note(max(group, key=frequency.__getitem__), others)

    def _from_where(self, matching: Matching) -> str:
        return (
            f"FROM {self._passage} "
            f"WHERE {matching.condition} AND NOT {self._without.condition} AND {self._visible.condition}"
        )

    @property
    def _passage(self) -> str:
        return f"{self._visible.generation.passage} p"

    def _ask(self, statement: str, **parameters: Any) -> Sequence[tuple]:
        known = self._visible.parameters | self._without.parameters
        self._cursor.execute(self._visible.filled + statement, known | parameters)
        return self._cursor.fetchall()


def read_entries(cursor: CursorWrapper, generation: Generation, numbers: Sequence[int]) -> dict[int, Entry]:
    """The entries of passages by their numbers; of those that there still are."""
    cursor.execute(
        f"SELECT {_PASSAGE}, {_TEXT} FROM {generation.passage} p JOIN {generation.text} t ON t.number = p.number "
        "WHERE p.number = ANY(%s)",
        [list(numbers)],
    )
    return {one.number: one.entry for one in map(_read, cursor.fetchall())}


def _read(row: tuple) -> Read:
    number, text_length, title_length, _aside, kind, key, *fields, stems, words = row
    return Read(number, (text_length, title_length), Entry(Item(_KINDS[kind], key), *fields), stems, words)


def _glimpsed(row: tuple) -> Glimpsed:
    number, text_length, title_length, aside, kind, key, _count, _partnership, section = row[:9]
    return number, Place(_KINDS[kind], key, section, aside), (text_length, title_length)
