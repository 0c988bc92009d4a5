"""The tables of an index: generations, one of which the table `search_index` points to.

    search_index                 for each format of entries: its generation, and what that holds up to when
    search_segment_<random>      a generation: passages by the hundred, with what they are filtered by as packed columns
    search_posting_<random>      where each word of a segment stands
    search_text_<random>         the passages' texts, read for those alone that are shown

A segment never changes, but for the rows that are gone from it; so each process keeps in memory what it has read. One
that has been replaced is not part of the index any more, but there for a while for those who opened it before.
Processes know a segment again by a random name: in a database restored from a backup another may come to its number.

They are no models and have no migrations: whoever writes makes what is missing. A new generation is filled beside the
one in use and takes its place by one UPDATE, so nobody who reads waits for a lock; releases of two formats that run on
one database at a time each keep an index of their own.
"""

import re
from dataclasses import dataclass
from uuid import uuid4

from django.db import ProgrammingError, transaction
from django.db.backends.utils import CursorWrapper

from procedures.search import passages

LAYOUT = 4
"""How a generation's tables are laid out: to be counted up with any change below."""

OUT_OF_USE = "1 day"  # after which an index of another format is thrown away

_NAME = re.compile("[0-9a-f]{16}")
_TABLE = re.compile("search_(?:segment|posting|text|passage|word)_([0-9a-f]{16})")


@dataclass(frozen=True)
class Generation:
    """Three tables by the random part of their names."""

    name: str

    @property
    def segment(self) -> str:
        return f"search_segment_{self.name}"

    @property
    def posting(self) -> str:
        return f"search_posting_{self.name}"

    @property
    def text(self) -> str:
        return f"search_text_{self.name}"


@dataclass(frozen=True)
class State:
    """What the pointer says: the generation in use, the freshness stamp it has reached, and how often it was changed.

    `is_whole` is False where a table of it is missing or has been emptied.
    """

    generation: Generation
    position: str
    edition: int
    is_whole: bool


_STATE = """
SELECT generation, position, edition,
       (passages = 0 OR pg_relation_size(to_regclass('search_segment_' || generation)) > 0
                        AND pg_relation_size(to_regclass('search_posting_' || generation)) > 0
                        AND pg_relation_size(to_regclass('search_text_' || generation)) > 0)
       AND to_regclass('search_segment_' || generation) IS NOT NULL
       AND to_regclass('search_posting_' || generation) IS NOT NULL
       AND to_regclass('search_text_' || generation) IS NOT NULL
FROM search_index WHERE format = %s
"""

_POINTER = """
CREATE TABLE IF NOT EXISTS search_index (
    format text PRIMARY KEY,
    generation text NOT NULL,
    position text NOT NULL,
    passages bigint NOT NULL,
    reached timestamptz NOT NULL,
    edition bigint NOT NULL DEFAULT 0
)
"""

_COLUMNS = "format, generation, position, passages, reached, edition"

_GENERATION = """
CREATE TABLE {segment} (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    passages integer NOT NULL,
    words integer NOT NULL,
    gone integer[] NOT NULL DEFAULT '{{}}',
    replaced timestamptz,
    slots jsonb NOT NULL,
    columns bytea NOT NULL
);
CREATE TABLE {posting} (
    word text COLLATE "C",
    is_exact boolean,
    segment bigint,
    times integer NOT NULL,
    places bytea NOT NULL,
    PRIMARY KEY (word, is_exact, segment)
);
ALTER TABLE {posting} ALTER places SET STORAGE EXTERNAL;
CREATE TABLE {text} (
    segment bigint,
    row integer,
    count integer NOT NULL,
    heading text NOT NULL,
    anchor text NOT NULL,
    title text NOT NULL,
    body text NOT NULL,
    PRIMARY KEY (segment, row)
)
"""

# Made when the tables are filled, which is quicker.
_INDEXES = """
CREATE INDEX ON {posting} (segment);
ANALYZE {segment};
ANALYZE {posting};
ANALYZE {text}
"""


def format_read() -> str:
    """The format that this release reads: of the entries, and of the tables that hold them."""
    return f"{passages.FORMAT} {LAYOUT}"


def read_state(cursor: CursorWrapper) -> State | None:
    """What the pointer says for the format of this release; None where it says nothing, or nothing that is a name."""
    cursor.execute(_STATE, [format_read()])
    row = cursor.fetchone()
    if row is None or not _NAME.fullmatch(row[0]):
        return None
    return State(Generation(row[0]), row[1], row[2], bool(row[3]))


def is_new(cursor: CursorWrapper) -> bool:
    """Whether nobody has made an index in this database yet."""
    cursor.execute("SELECT to_regclass('search_index') IS NULL")
    return bool(cursor.fetchone()[0])


def begin(cursor: CursorWrapper) -> Generation:
    """A new, empty generation that nobody reads yet."""
    generation = Generation(uuid4().hex[:16])
    cursor.execute(_of(generation, _GENERATION))
    return generation


def finish(cursor: CursorWrapper, generation: Generation) -> None:
    """Make the indexes of a generation that has been filled."""
    cursor.execute(_of(generation, _INDEXES))


def point_to(cursor: CursorWrapper, generation: Generation, position: str) -> None:
    """Make a generation the one that is read, or say how far it has come, and count what it holds."""
    cursor.execute(
        f"INSERT INTO search_index ({_COLUMNS}) SELECT %s, %s, %s, coalesce(sum(passages), 0), now(), 1 "
        f"FROM {generation.segment} "
        "ON CONFLICT (format) DO UPDATE SET generation = excluded.generation, position = excluded.position, "
        "passages = excluded.passages, edition = search_index.edition + 1, reached = excluded.reached",
        [format_read(), generation.name, position],
    )


def _make_pointer(cursor: CursorWrapper) -> None:
    """Make the pointer's table, or give it what an earlier release's lacks; in the place of one of another kind."""
    cursor.execute(_POINTER)
    if _has_columns(cursor):
        return
    cursor.execute("ALTER TABLE search_index ADD COLUMN IF NOT EXISTS edition bigint NOT NULL DEFAULT 0")
    if not _has_columns(cursor):
        cursor.execute("DROP TABLE search_index")
        cursor.execute(_POINTER)


def _has_columns(cursor: CursorWrapper) -> bool:
    try:
        with transaction.atomic():
            cursor.execute(f"SELECT {_COLUMNS} FROM search_index LIMIT 0")
    except ProgrammingError:
        return False
    return True


def tidy(cursor: CursorWrapper) -> None:
    """Throw away what is no longer in use: indexes of other formats, and generations that nothing points to."""
    _make_pointer(cursor)
    cursor.execute(
        f"DELETE FROM search_index WHERE format <> %s AND reached < now() - interval '{OUT_OF_USE}'", [format_read()]
    )
    cursor.execute("SELECT generation FROM search_index")
    in_use = {name for (name,) in cursor.fetchall()}
    cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND pg_table_is_visible(oid)")
    for (table,) in cursor.fetchall():
        match = _TABLE.fullmatch(table)
        if match and match[1] not in in_use:
            cursor.execute(f"DROP TABLE {table}")


def _of(generation: Generation, statements: str) -> str:
    return statements.format(segment=generation.segment, posting=generation.posting, text=generation.text)
