"""The words of an index as they are written: which of them a reader may see, and which begin so."""

from collections.abc import Callable, Collection

from django.db.backends.utils import CursorWrapper

from procedures.search.interface import Seen
from procedures.search.on_postgresql.lexemes import quoted
from procedures.search.on_postgresql.tables import Generation
from procedures.search.on_postgresql.visible import Visible

MOST_COUNTED = 1_000  # passages with one word; more are not told apart
MOST_COMPLETIONS = 300  # words with one beginning that are looked up
MOST_KEPT = 5_000  # completions that a process remembers
LAST = "\U0010ffff"  # sorts behind whatever a word goes on with


def holding(cursor: CursorWrapper, visible: Visible, words: Collection[str]) -> dict[str, int]:
    """In how many passages that the reader may see each word stands, up to MOST_COUNTED; 0 is left out."""
    asked = sorted({word for word in words if word})
    statement = f"""{visible.filled}
        SELECT asked.word, (SELECT count(*) FROM (
            SELECT FROM {visible.generation.passage} p WHERE p.raw @@ asked.query::tsquery AND {visible.condition}
            LIMIT {MOST_COUNTED}) AS held)
        FROM unnest(%(words)s::text[], %(queries)s::text[]) AS asked (word, query)
    """
    cursor.execute(statement, visible.parameters | {"words": asked, "queries": [quoted(word) for word in asked]})
    return {word: count for word, count in cursor.fetchall() if count}


def beginning_with(cursor: CursorWrapper, visible: Visible, prefix: str, limit: int) -> dict[str, int]:
    """The words that begin with `prefix` in what the reader may see, with the number of passages, most first."""
    cursor.execute(
        f"SELECT word FROM {visible.generation.word} WHERE word >= %s AND word < %s "
        f"ORDER BY passages DESC, word LIMIT {MOST_COMPLETIONS}",
        [prefix, prefix + LAST],
    )
    words = [word for (word,) in cursor.fetchall()]
    counted: dict[str, int] = {}
    at_once = max(2 * limit, 10)
    for start in range(0, len(words), at_once):
        if len(counted) >= limit:
            break
        counted |= holding(cursor, visible, words[start : start + at_once])
    best = sorted(counted, key=lambda word: (-counted[word], word))[:limit]
    return {word: counted[word] for word in best}


class Vocabulary:
    """All words of a generation, as far as a process has read them, and the completions that were asked for lately."""

    def __init__(self, generation: Generation) -> None:
        self.generation = generation
        self._completions: dict[tuple[str, Seen, str, int], dict[str, int]] = {}
        self._portions: dict[int, frozenset[str]] = {}

    def completions(
        self, position: str, seen: Seen, prefix: str, limit: int, look: Callable[[], dict[str, int]]
    ) -> dict[str, int]:
        """What `beginning_with` gives, by `look` where it is not known: the same until something is published."""
        asked = position, seen, prefix, limit
        known = self._completions.get(asked)
        if known is None:
            known = look()
            if len(self._completions) >= MOST_KEPT:
                self._completions = {}
            self._completions[asked] = known
        return dict(known)

    def portions(self, cursor: CursorWrapper) -> list[tuple[str, frozenset[str]]]:
        """Every portion under its name; only those that have come since the last time are read."""
        cursor.execute(
            f"SELECT portion, array_agg(word) FROM {self.generation.word} WHERE portion > %s GROUP BY portion",
            [max(self._portions, default=0)],
        )
        self._portions |= {portion: frozenset(words) for portion, words in cursor.fetchall()}
        return [(f"{self.generation.name} {portion}", words) for portion, words in self._portions.items()]
