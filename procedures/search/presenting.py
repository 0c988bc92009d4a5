"""A search's answer as pages and the API show it: rows with addresses, snippets and whose text it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import unescape
from urllib.parse import quote

from django.utils.html import strip_tags
from django.utils.safestring import SafeString

from partnerships.models import Contact
from procedures.glossary import ListedTerm
from procedures.models import Document
from procedures.search.asking import Answer, Hit
from procedures.search.filters import Filters
from procedures.search.folding import CHOSEN
from procedures.search.in_force import Named
from procedures.search.lexicon import Meaning
from procedures.search.passages import Item, Kind
from procedures.search.snippets import snippet, text_directives
from procedures.viewpoint import Viewpoint

MOST_CARDS = 3
MOST_ABOUT = 3  # sections named on a card, for each sense


@dataclass(frozen=True)
class Result:
    """A section found, as it is shown. `owner` is the slug of the partnership whose words were found."""

    number: str
    title: str
    slug: str
    url: str
    heading: str
    passage_url: str
    snippet: SafeString
    owner: str
    owner_label: str
    version: int | None
    score: float
    chosen: bool


def place_of(viewpoint: Viewpoint, owner: int) -> Viewpoint:
    """From where what a partnership owns is read: the viewpoint, unless only that partnership's readers see it."""
    return viewpoint if owner in viewpoint.scope else viewpoint.seen_by(viewpoint.directory.by_id(owner))


def section_url(viewpoint: Viewpoint, named: Named) -> str:
    """A section's address from where it is read."""
    return place_of(viewpoint, named.owner).section_url(named.slug)


def links(viewpoint: Viewpoint, sections: Iterable[Named]) -> list[tuple[str, str]]:
    """Sections as links: each one's name and address."""
    return [(named.name, section_url(viewpoint, named)) for named in sections]


def results(viewpoint: Viewpoint, answer: Answer) -> list[Result]:
    """The hits as rows, in their order. What another partnership says is linked from that one's viewpoint."""
    return [_result(viewpoint, answer, hit) for hit in answer.hits]


def _result(viewpoint: Viewpoint, answer: Answer, hit: Hit) -> Result:
    named, entry = hit.section, hit.entry
    chosen = any(reason == CHOSEN for reason, _points in hit.reasons)
    if entry is None:
        url = section_url(viewpoint, named)
        return Result(
            named.number, named.title, named.slug, url, "", url, SafeString(), "", "", None, hit.score, chosen
        )
    owner = viewpoint.directory.by_id(entry.partnership)
    place = place_of(viewpoint, owner.id)
    fragment = quote(entry.anchor) + text_directives(entry.body, answer.weights)
    return Result(
        number=named.number,
        title=named.title,
        slug=named.slug,
        url=place.section_url(named.slug),
        heading=entry.heading,
        passage_url=place.section_url(named.slug) + (f"#{fragment}" if fragment else ""),
        snippet=snippet(entry.body, answer.weights),
        owner=owner.slug,
        owner_label="Regional text" if owner.is_region else owner.short_name,
        version=entry.item.key,
        score=hit.score,
        chosen=chosen,
    )


@dataclass(frozen=True)
class Card:
    """A term of the glossary that the query names: its senses, and what to search for to have one of them alone."""

    name: str
    url: str
    senses: tuple["CardSense", ...]

    @property
    def is_clash(self) -> bool:
        return len(self.senses) > 1


@dataclass(frozen=True)
class CardSense:
    """One sense; `retired` is a sentence about it if the word is no longer used, else ""."""

    meaning: str
    definition: str
    retired: str
    search_url: str
    sections: tuple[tuple[str, str], ...]


def cards(viewpoint: Viewpoint, answer: Answer, by_slug: Mapping[str, Named]) -> list[Card]:
    """The terms that the query names, each once, at most MOST_CARDS."""
    terms: dict[int, list[Meaning]] = {}
    for meaning in answer.meanings:
        senses = terms.setdefault(meaning.term.id, [])
        if meaning.sense not in [known.sense for known in senses]:
            senses.append(meaning)
    return [
        Card(
            meanings[0].term.name,
            term_url(viewpoint, meanings[0].term),
            tuple(_sense(viewpoint, meaning, by_slug) for meaning in meanings),
        )
        for meanings in list(terms.values())[:MOST_CARDS]
    ]


def term_url(viewpoint: Viewpoint, term: ListedTerm) -> str:
    """A term's place in the glossary of those who have it."""
    return f"{place_of(viewpoint, term.partnership_id).glossary_url}#{term.slug}"


def _sense(viewpoint: Viewpoint, meaning: Meaning, by_slug: Mapping[str, Named]) -> CardSense:
    sense = meaning.sense
    about = [by_slug[slug] for slug in sense.sections if slug in by_slug][:MOST_ABOUT]
    return CardSense(
        meaning=sense.meaning,
        definition=sense.definition,
        retired=retired_sentence(meaning) if sense.is_retired else "",
        search_url=Filters(viewpoint, f'"{sense.meaning or meaning.term.name}"').url(),
        sections=tuple(links(viewpoint, about)),
    )


def retired_sentences(answer: Answer) -> list[str]:
    """What to say of the retired words in a query, each once."""
    told = [retired_sentence(meaning) for meaning in answer.meanings if meaning.is_retired]
    return list(dict.fromkeys(told))


def retired_sentence(meaning: Meaning) -> str:
    """What to say of a retired word: that it is one, since when, and what replaced it."""
    sense = meaning.sense
    since = f", {sense.retired_note}" if sense.retired_note else ""
    now = " or ".join(f"“{word}”" for word in sense.replaced_by)
    word = sense.meaning or meaning.name
    told = f"“{word[:1].upper()}{word[1:]}” is no longer used{since}."
    return f"{told} Results for {now} are shown as well." if now else told


@dataclass(frozen=True)
class Beside:
    """A document or a contact found, with what it is and whose."""

    kind: str
    title: str
    url: str
    detail: str
    owner_label: str


def beside(viewpoint: Viewpoint, items: Sequence[Item], scope: tuple[int, ...]) -> list[Beside]:
    """The documents and contacts found that the database confirms to be the reader's; a query for each kind found."""
    keys = {kind: [item.key for item in items if item.kind == kind] for kind in (Kind.DOCUMENT, Kind.CONTACT)}
    documents = {document.pk: document for document in Document.objects.of(scope).filter(pk__in=keys[Kind.DOCUMENT])}
    contacts = {
        contact.pk: contact
        for contact in Contact.objects.select_related("service").filter(
            partnership_id__in=scope, pk__in=keys[Kind.CONTACT]
        )
    }
    rows = []
    for item in items:
        if item.kind == Kind.DOCUMENT and item.key in documents:
            document = documents[item.key]
            url = place_of(viewpoint, document.partnership_id).target_url("document", document.slug)
            rows.append(_beside(viewpoint, "Document", document.title, url, "", document.partnership_id))
        elif item.kind == Kind.CONTACT and item.key in contacts:
            contact = contacts[item.key]
            url = place_of(viewpoint, contact.partnership_id).target_url("contact", contact.service.slug)
            detail = contact.phone or contact.email
            rows.append(_beside(viewpoint, "Contact", contact.name, url, detail, contact.partnership_id))
    return rows


def _beside(viewpoint: Viewpoint, kind: str, title: str, url: str, detail: str, owner: int) -> Beside:
    listed = viewpoint.directory.by_id(owner)
    return Beside(kind, title, url, detail, "Regional" if listed.is_region else listed.short_name)


def plain(html: SafeString) -> str:
    """A snippet as plain text."""
    return unescape(strip_tags(html))
