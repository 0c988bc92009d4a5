"""What an index holds beside texts: documents, contacts and the glossary. They are today's on whatever day is read."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from partnerships.models import Contact
from procedures.models import Document, Term
from procedures.search.passages import Entry, Item, Kind, Seals, composed, seal_of

Entries = Iterator[tuple[Item, list[Entry]]]


def document_seals() -> Seals:
    """The seal of every document."""
    return _seals(Kind.DOCUMENT, _documents())


def document_entries(keys: Sequence[int]) -> Entries:
    """The entries of documents, from the day of the first file on."""
    for key, partnership, title, owner, added_on in _documents(keys):
        yield _one(Item(Kind.DOCUMENT, key), partnership, title, owner, starts=added_on)


def _documents(keys: Sequence[int] | None = None) -> Iterator[tuple]:
    of_keys = {} if keys is None else {"pk__in": keys}
    first = Document.objects.filter(**of_keys, files__number=1)
    yield from first.values_list("pk", "partnership_id", "title", "owner", "files__added_on")


def contact_seals() -> Seals:
    """The seal of every contact."""
    return _seals(Kind.CONTACT, _contacts())


def contact_entries(keys: Sequence[int]) -> Entries:
    """The entries of contacts."""
    for key, partnership, service, name, note in _contacts(keys):
        yield _one(Item(Kind.CONTACT, key), partnership, f"{service} {name}", note)


def _contacts(keys: Sequence[int] | None = None) -> Iterator[tuple]:
    of_keys = {} if keys is None else {"pk__in": keys}
    yield from Contact.objects.filter(**of_keys).values_list("pk", "partnership_id", "service__name", "name", "note")


def term_seals() -> Seals:
    """The seal of every term of the glossary."""
    return _seals(Kind.TERM, _terms())


def term_entries(keys: Sequence[int]) -> Entries:
    """The entries of the glossary's terms, each with all its senses."""
    for key, partnership, name, senses in _terms(keys):
        meanings = " ".join(meaning for meaning, _definition in senses)
        definitions = " ".join(definition for _meaning, definition in senses)
        yield _one(Item(Kind.TERM, key), partnership, f"{name} {meanings}", definitions)


def _terms(keys: Sequence[int] | None = None) -> Iterator[tuple]:
    of_keys = {} if keys is None else {"pk__in": keys}
    for term in Term.objects.filter(**of_keys).prefetch_related("senses"):
        senses = [(sense.meaning, sense.definition) for sense in term.senses.all()]
        yield term.pk, term.partnership_id, term.name, senses


def _seals(kind: Kind, rows: Iterator[tuple]) -> Seals:
    return {Item(kind, key): seal_of(*values) for key, *values in rows}


def _one(item: Item, partnership: int, title: str, body: str, **span: Any) -> tuple[Item, list[Entry]]:
    days = {"starts": date.min, "ends": date.max} | span
    entry = Entry(
        item,
        0,
        partnership,
        section=0,
        slot="",
        heading="",
        anchor="",
        title=composed(title),
        body=composed(body),
        **days,
    )
    return item, [entry]
