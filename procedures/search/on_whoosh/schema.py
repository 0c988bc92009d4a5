"""What Whoosh keeps of an entry: our own words in fields it finds by, and in columns what is read for many at once."""

from typing import Any

from whoosh.analysis import RegexTokenizer
from whoosh.columns import NumericColumn, RefBytesColumn, VarBytesColumn
from whoosh.fields import COLUMN, ID, STORED, TEXT, Schema

from procedures.search.passages import Entry
from procedures.search.words import tokens

_READY = RegexTokenizer(r"\S+")  # the words come ready from `procedures.search.words`, apart by spaces
SEPARATOR = "\n"  # stands between title and body, so that no phrase goes from one to the other

SCHEMA = Schema(
    item=ID(),
    text=TEXT(analyzer=_READY, phrase=False),
    title=TEXT(analyzer=_READY, phrase=False),
    raw=TEXT(analyzer=_READY, phrase=False),
    kind=COLUMN(NumericColumn("B")),
    key=COLUMN(NumericColumn("q")),
    section=COLUMN(NumericColumn("q")),
    partnership=COLUMN(NumericColumn("q")),
    starts=COLUMN(NumericColumn("i")),
    ends=COLUMN(NumericColumn("i")),
    seal=COLUMN(NumericColumn("q")),
    digest=COLUMN(NumericColumn("q")),
    slot=COLUMN(RefBytesColumn()),
    aside=COLUMN(NumericColumn("B")),
    text_length=COLUMN(NumericColumn("i")),
    title_length=COLUMN(NumericColumn("i")),
    stems=COLUMN(VarBytesColumn()),
    words=COLUMN(VarBytesColumn()),
    kept=STORED,
)
"""`text` are the stems of title and body, `title` those of the title alone, `raw` the words as they are written.

`stems` and `words` are the same in their order, stop words included, for phrases. Days are proleptic ordinals.
"""


def item_key(kind: int, key: int) -> str:
    """What the entries of one item are deleted by."""
    return f"{kind:d}-{key}"


def document(entry: Entry, seal: int) -> dict[str, Any]:
    """An entry as Whoosh takes it."""
    title, body = (list(tokens(text)) for text in entry.found_by)
    title_stems = [token.stem for token in title if token.stem]
    text_stems = title_stems + [token.stem for token in body if token.stem]
    return {
        "item": item_key(*entry.item),
        "text": " ".join(text_stems),
        "title": " ".join(title_stems),
        "raw": " ".join(token.word for token in title + body),
        "kind": int(entry.item.kind),
        "key": entry.item.key,
        "section": entry.section,
        "partnership": entry.partnership,
        "starts": entry.starts.toordinal(),
        "ends": entry.ends.toordinal(),
        "seal": seal,
        "digest": entry.digest,
        "slot": entry.slot.encode(),
        "aside": int(entry.is_aside),
        "text_length": len(text_stems),
        "title_length": len(title_stems),
        "stems": _in_order([token.stem or token.word for token in title], [token.stem or token.word for token in body]),
        "words": _in_order([token.word for token in title], [token.word for token in body]),
        "kept": (entry.count, entry.slot, entry.heading, entry.anchor, entry.title, entry.body),
    }


def _in_order(title: list[str], body: list[str]) -> bytes:
    """The words with a space before and after each, so that a phrase is found by the bytes ` of the phrase `."""
    return f" {' '.join([*title, SEPARATOR, *body])} ".encode()
