"""What a reader may see of a generation, as a condition in SQL: the one place where that is decided."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from procedures.search.interface import Seen
from procedures.search.on_postgresql.tables import Generation

OPEN = 0  # among facets: in force until further notice
MOST_YEARS = 100  # that a facet tells of; what was in force for longer counts as open


def facets(partnership: int, starts: date, ends: date) -> list[int]:
    """What the indexes know of a passage beside its words, to look at few that may not be seen.

    Its partnership, and the years on some days of which it was in force (as negative numbers), or OPEN.
    """
    is_open = ends == date.max or ends.year - starts.year > MOST_YEARS
    return [partnership, *([OPEN] if is_open else [-year for year in range(starts.year, ends.year + 1)])]


@dataclass(frozen=True)
class Visible:
    """The passages of a generation that a reader may see.

    In force on the day, of the partnerships that are sought, and in no local slot that another text of the scope fills.
    A statement that has the `condition`, for the rows of the passages' table as p, begins with `filled`.
    """

    generation: Generation
    seen: Seen

    condition = """
        p.facets && %(owners)s::bigint[] AND p.facets && %(years)s::bigint[]
        AND p.partnership = ANY(%(owners)s::bigint[]) AND p.starts <= %(day)s AND p.ends > %(day)s
        AND (p.slot NOT LIKE 'slot %%' OR (p.section, p.slot) NOT IN (SELECT section, slot FROM filled))
    """

    @property
    def filled(self) -> str:
        """The local slots that are filled, as the first of a statement's queries."""
        return f"""
            WITH filled AS MATERIALIZED (
                SELECT section, 'slot' || substr(slot, 5) AS slot FROM {self.generation.passage}
                WHERE slot LIKE 'fill %%' AND partnership = ANY(%(scope)s) AND starts <= %(day)s AND ends > %(day)s
            )
        """

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "owners": sorted(self.seen.owners & self.seen.scope),
            "scope": sorted(self.seen.scope),
            "day": self.seen.day,
            "years": [OPEN, -self.seen.day.year],
        }
