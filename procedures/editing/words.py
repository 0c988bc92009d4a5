"""The words of the search as a partnership's editors keep them: /workspace/<partnership>/words/."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from unicodedata import normalize

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from partnerships.access import partnership_where, signed_in
from partnerships.models import Partnership
from partnerships.workspace_nav import navigation
from procedures.editing.finding import EDITORS
from procedures.editing.known_sections import KnownSections, known_sections
from procedures.editing.word_pages import viewpoint_for
from procedures.models import BestBet, Synonym, Term


@require_safe
@signed_in
def words(request: HttpRequest, slug: str) -> HttpResponse:
    """The partnership's terms from A to Z, its synonyms and its best bets; all, or those that hold what was sought."""
    partnership = partnership_where(request.user, slug, *EDITORS)
    viewpoint = viewpoint_for(request, partnership)
    sought = " ".join(request.GET.get("q", "")[:100].split())
    terms = _that_hold(sought, _terms(partnership))
    return render(
        request,
        "editing/words.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "words"),
            "sought": sought,
            "letters": [(letter, list(rows)) for letter, rows in groupby(terms, key=lambda row: row.letter)],
            "term_count": len(terms),
            "synonyms": _that_hold(sought, _synonyms(partnership)),
            "best_bets": _that_hold(sought, _best_bets(partnership, known_sections(viewpoint))),
            "readers_url": f"{viewpoint.search_url}?{urlencode({'q': sought})}",
            "glossary_url": f"{viewpoint.prefix}/glossary/",
        },
    )


@dataclass(frozen=True)
class WordRow:
    """One term, synonym or best bet as the list shows it; `searchable` is all that the find box looks through."""

    id: int
    name: str
    searchable: str
    more: str = ""
    note: str = ""
    is_retired: bool = False
    both_ways: bool = False
    is_missing: bool = False  # a best bet whose section readers do not have today

    @property
    def letter(self) -> str:
        """Where it stands in A to Z: its first letter without its accent, or # for what begins with none."""
        first = normalize("NFKD", self.name[:1])[:1].upper()
        return first if "A" <= first <= "Z" else "#"


def _that_hold(sought: str, rows: Iterable[WordRow]) -> list[WordRow]:
    """The rows in which each word of what was sought stands; all where nothing was."""
    wanted = sought.casefold().split()
    return [row for row in rows if all(word in row.searchable.casefold() for word in wanted)]


def _terms(partnership: Partnership) -> list[WordRow]:
    """In the order of A to Z; two queries."""
    rows = []
    for term in Term.objects.filter(partnership=partnership).prefetch_related("senses"):
        senses = term.senses.all()
        held = [word for sense in senses for word in (sense.meaning, *sense.other_names, sense.definition)]
        rows.append(
            WordRow(
                id=term.pk,
                name=term.name,
                searchable="\n".join([term.name, *held]),
                more="; ".join(sense.meaning or sense.definition for sense in senses),
                is_retired=bool(senses) and all(sense.is_retired for sense in senses),
            )
        )
    return sorted(rows, key=lambda row: (row.letter, row.name.casefold()))


def _synonyms(partnership: Partnership) -> list[WordRow]:
    """In the order of what is typed; one query."""
    rows = [
        WordRow(
            id=synonym.pk,
            name=", ".join(synonym.typed),
            searchable="\n".join([*synonym.typed, *synonym.sought, synonym.note]),
            more=", ".join(synonym.sought),
            note=synonym.note,
            both_ways=synonym.both_ways,
        )
        for synonym in Synonym.objects.filter(partnership=partnership)
    ]
    return sorted(rows, key=lambda row: row.name.casefold())


def _best_bets(partnership: Partnership, sections: KnownSections) -> list[WordRow]:
    """In the order of what is searched for; one query."""
    rows = []
    for best_bet in BestBet.objects.filter(partnership=partnership).select_related("section"):
        label = sections.label(best_bet.section.slug)
        rows.append(
            WordRow(
                id=best_bet.pk,
                name=", ".join(best_bet.queries),
                searchable="\n".join([*best_bet.queries, label, best_bet.note]),
                more=label,
                note=best_bet.note,
                is_missing=not sections.is_in_force(best_bet.section.slug),
            )
        )
    return sorted(rows, key=lambda row: row.name.casefold())
