"""What becomes of the database's errors, so that no reader meets one and nobody's transaction is left broken."""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.backends.utils import CursorWrapper

from procedures.search.interface import Unavailable, Unwritable


class Damaged(Unavailable):
    """The index is not there, or not what it should be: it has to be made anew."""


class Moved(Unavailable):
    """What was found has been taken out of the index since."""


DAMAGE = "58", "XX"  # classes of SQLSTATE for failures of files and of PostgreSQL itself
REFUSED = "42501", "25006"  # no privilege, a read-only transaction
FULL = "53"  # class: no disk space, no memory, too many connections
LOCKED = "55P03"


def code_of(error: BaseException) -> str:
    """The SQLSTATE of an error of the database, "" where it has none."""
    return getattr(error.__cause__, "pgcode", None) or ""


@contextmanager
def reading() -> Iterator[CursorWrapper]:
    """A cursor, in a savepoint where there is a transaction: else each statement is one by itself.

    Any failure is Unavailable, and Damaged where the index is to blame rather than the connection or the server.
    """
    try:
        with transaction.atomic() if connection.in_atomic_block else nullcontext(), connection.cursor() as cursor:
            yield cursor
    except Unavailable:
        raise
    except (OperationalError, InterfaceError) as error:
        broken = code_of(error)[:2] in DAMAGE
        raise (Damaged if broken else Unavailable)(
            f"The search index in the database cannot be read: {error}"
        ) from error
    except Exception as error:  # a broken index can fail in any way
        raise Damaged(f"The search index in the database cannot be read: {error!r}") from error


@contextmanager
def writing() -> Iterator[CursorWrapper]:
    """The same for who writes: Unwritable where the database refuses, Damaged where the index is to blame."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            yield cursor
    except (OperationalError, InterfaceError) as error:
        if code_of(error)[:2] in DAMAGE:
            raise Damaged(f"The search index in the database cannot be written: {error}") from error
        raise Unwritable(f"The search index in the database cannot be written: {error}") from error
    except DatabaseError as error:
        if code_of(error) in REFUSED:
            raise Unwritable(f"The search index in the database cannot be written: {error}") from error
        raise Damaged(f"The search index in the database cannot be written: {error}") from error
