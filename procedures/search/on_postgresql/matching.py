"""Terms as conditions in SQL."""

from collections.abc import Collection
from typing import Any

from procedures.search.interface import Term
from procedures.search.on_postgresql.lexemes import any_of

NOTHING = "false"


class Matching:
    """The passages with any of some terms: by their stems, or as they are written.

    A tsvector does not tell every place of a very long text, so there a phrase is looked for by its words alone, and
    whether they stand together is for who reads the text to see.
    """

    def __init__(self, terms: Collection[Term], name: str = "q") -> None:
        self.parameters: dict[str, Any] = {}
        conditions = []
        for column, exact in (("found", False), ("raw", True)):
            of_column = [term for term in terms if term.exact == exact]
            strict, loose = any_of(of_column), any_of(of_column, in_order=False)
            if strict:
                self.parameters[f"{name}_{column}"] = strict
                conditions.append(f"p.{column} @@ %({name}_{column})s::tsquery")
            if loose != strict:
                self.parameters[f"{name}_{column}_loose"] = loose
                conditions.append(f"(p.is_long AND p.{column} @@ %({name}_{column}_loose)s::tsquery)")
        self.condition = f"({' OR '.join(conditions)})" if conditions else NOTHING
        columns = [column for column in ("found", "raw") if f"{name}_{column}" in self.parameters]
        self.rank = " + ".join(f"ts_rank(p.{column}, %({name}_{column})s::tsquery, 1)" for column in columns) or "0"
