"""What the words mean, from A to Z: `/glossary/`. It is always today's, whatever day the manual is read as at."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from django.http import HttpRequest, HttpResponse

from procedures.composing import owner_label
from procedures.glossary import ListedSense, ListedTerm, wording
from procedures.pages import reading_page, render_page, stamp_of
from procedures.reading.outline import Outline, outline
from procedures.rendering.headings import IDS_AROUND
from procedures.viewpoint import Viewpoint

OTHER = "0–9"  # the heading of terms that begin with no letter
TAKEN = IDS_AROUND | {"header-search-label"}  # ids of the frame around a page


@dataclass(frozen=True)
class Entry:
    """What stands under one heading: a term of the region's, and others' terms of the same name."""

    name: str
    anchor: str
    terms: tuple[ListedTerm, ...]

    @property
    def letter(self) -> str:
        first = unicodedata.normalize("NFKD", self.name)[:1].upper()
        return first if first in ascii_uppercase else OTHER


@reading_page()
def glossary(request: HttpRequest, viewpoint: Viewpoint) -> HttpResponse:
    """Every term that the reader's partnerships have today, with the sections about it in force from the viewpoint."""
    stamp = stamp_of(request)
    scope = viewpoint.directory.scope(viewpoint.partnership, viewpoint.today)
    entries = entries_of(wording(stamp, scope).terms)
    anchors = {entry.name.casefold(): entry.anchor for entry in entries}
    seen = outline(viewpoint, stamp)
    letters: dict[str, list[dict[str, Any]]] = {letter: [] for letter in (OTHER, *ascii_uppercase)}
    for entry in entries:
        letters[entry.letter].append(_entry(viewpoint, seen, entry, anchors))
    context = {
        "letters": [
            {"letter": letter, "anchor": _anchor_of_letter(letter), "entries": of_letter}
            for letter, of_letter in letters.items()
            if of_letter or letter != OTHER
        ],
        "count": len(entries),
    }
    return render_page(request, viewpoint, "reading/glossary.html", context)


def entries_of(terms: Iterable[ListedTerm]) -> list[Entry]:
    """The terms by name, those of one name together in the order they came, each entry with an anchor of its own."""
    by_name: dict[str, list[ListedTerm]] = {}
    for term in terms:
        by_name.setdefault(term.name.casefold(), []).append(term)
    taken = {*TAKEN} | {_anchor_of_letter(letter) for letter in (OTHER, *ascii_uppercase)}
    entries = []
    for of_name in by_name.values():
        anchor, count = of_name[0].slug, 1
        while anchor in taken:
            count += 1
            anchor = f"{of_name[0].slug}-{count}"
        taken.add(anchor)
        entries.append(Entry(of_name[0].name, anchor, tuple(of_name)))
    return sorted(entries, key=lambda entry: (_plain(entry.name), entry.anchor))


def _plain(name: str) -> str:
    """A name as it is sorted: without case and accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))


def _anchor_of_letter(letter: str) -> str:
    return f"letter-{'other' if letter == OTHER else letter.lower()}"


def _entry(viewpoint: Viewpoint, seen: Outline, entry: Entry, anchors: dict[str, str]) -> dict[str, Any]:
    return {
        "name": entry.name,
        "anchor": entry.anchor,
        "senses": [
            _sense(viewpoint, seen, term, sense, anchors, own=entry.anchor)
            for term in entry.terms
            for sense in term.senses
        ],
    }


def _sense(
    viewpoint: Viewpoint, seen: Outline, term: ListedTerm, sense: ListedSense, anchors: dict[str, str], *, own: str
) -> dict[str, Any]:
    owner = viewpoint.directory.by_id(term.partnership_id)
    places = [seen.places[seen.by_slug[slug]] for slug in sense.sections if slug in seen.by_slug]
    replaced_by = [(word, anchors.get(word.casefold(), "")) for word in sense.replaced_by]
    return {
        "owner": "" if owner.is_region else owner_label(owner),
        "meaning": sense.meaning,
        "definition": sense.definition,
        "other_names": sense.other_names,
        "is_retired": sense.is_retired,
        "retired_note": sense.retired_note,
        "replaced_by": [(word, "" if anchor == own else anchor) for word, anchor in replaced_by],
        "sections": [(f"{place.number} {place.title}", viewpoint.section_url(place.slug)) for place in places],
    }
