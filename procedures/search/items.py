"""Everything that belongs in an index, of every kind."""

from collections.abc import Callable, Iterator, Sequence

from procedures.search import registers
from procedures.search.passages import Entry, Item, Kind, Seals, version_entries, version_seals

_SEALS: dict[Kind, Callable[[], Seals]] = {
    Kind.TEXT: version_seals,
    Kind.DOCUMENT: registers.document_seals,
    Kind.CONTACT: registers.contact_seals,
    Kind.TERM: registers.term_seals,
}
_ENTRIES: dict[Kind, Callable[[Sequence[int]], Iterator[tuple[Item, list[Entry]]]]] = {
    Kind.TEXT: version_entries,
    Kind.DOCUMENT: registers.document_entries,
    Kind.CONTACT: registers.contact_entries,
    Kind.TERM: registers.term_entries,
}


def seals() -> Seals:
    """What belongs in an index now, each with a digest of all that its entries depend on; a query for each kind."""
    return {item: seal for of_kind in _SEALS.values() for item, seal in of_kind().items()}


def entries(items: Sequence[Item]) -> Iterator[tuple[Item, list[Entry]]]:
    """The entries of each item, at least one of each that there still is."""
    for kind, make in _ENTRIES.items():
        yield from make([item.key for item in items if item.kind == kind])
