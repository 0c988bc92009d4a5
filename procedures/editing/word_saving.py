"""How a term, a synonym or a best bet is saved and deleted: logged, and never over what an editor has not seen."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.http import QueryDict

from partnerships.audit import Action, record
from partnerships.digests import digest_of_values
from partnerships.models import Partnership
from procedures.editing.known_sections import KnownSections
from procedures.editing.term_form import TermForm
from procedures.editing.word_forms import BestBetForm, SynonymForm, WordForm
from procedures.models import BestBet, Synonym, Term

Words = Term | Synonym | BestBet
Facts = dict[str, str]  # what a row says, in words: what each thing is called, and its value; nothing that is empty


# --- What a row says ----------------------------------------------------------------------------------------------


def facts_of_term(term: Term) -> Facts:
    facts = {"Term": term.name}
    for number, sense in enumerate(term.senses.all(), start=1):
        values = {
            "stands for": sense.meaning,
            "definition": sense.definition,
            "other names": ", ".join(sense.other_names),
            "sections about it": ", ".join(sense.section_slugs()),
            "no longer used": "yes" if sense.is_retired else "",
            "since when": sense.retired_note,
            "what replaced it": ", ".join(sense.replaced_by),
        }
        facts |= {f"Sense {number}, {label}": value for label, value in values.items() if value}
    return facts


def facts_of_synonym(synonym: Synonym) -> Facts:
    facts = {
        "When somebody searches for": ", ".join(synonym.typed),
        "Also look for": ", ".join(synonym.sought),
        "And the other way round": "yes" if synonym.both_ways else "",
        "Why": synonym.note,
    }
    return {label: value for label, value in facts.items() if value}


def facts_of_best_bet(best_bet: BestBet) -> Facts:
    facts = {
        "For these searches": ", ".join(best_bet.queries),
        "Shown first": best_bet.section.slug,
        "Why": best_bet.note,
    }
    return {label: value for label, value in facts.items() if value}


def mark_of(facts: Facts) -> str:
    """What tells two states of a row apart; "" where there is none yet."""
    return digest_of_values(facts) if facts else ""


def _changes(before: Facts, after: Facts) -> str:
    """What was changed, a line for each thing: its old and its new value."""
    labels = dict.fromkeys([*before, *after])
    said = [
        f"{label}: {_quoted(before.get(label))}, now {_quoted(after.get(label))}." for label in labels
        if before.get(label) != after.get(label)
    ]  # fmt: skip
    return "\n".join(said)


def _quoted(value: str | None) -> str:
    return f"“{value}”" if value else "nothing"


# --- The three kinds ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """One kind of words: how it is filled in, told and logged, and what its pages are named after."""

    model: type[Any]
    form: type[WordForm] | Callable[..., WordForm]
    facts: Callable[[Any], Facts]
    name: str  # of its addresses: edit is <name>, then new_<name> and delete_<name>
    noun: str
    called: Callable[[Any], str]  # what a row is called; it is what a reader types, too
    added: Action
    changed: Action
    deleted: Action


TERM = Kind(
    Term, TermForm, facts_of_term, "term", "term", lambda term: term.name,
    Action.TERM_ADDED, Action.TERM_CHANGED, Action.TERM_DELETED,
)  # fmt: skip
SYNONYM = Kind(
    Synonym, SynonymForm, facts_of_synonym, "synonym", "synonym", lambda synonym: synonym.typed[0],
    Action.SYNONYM_ADDED, Action.SYNONYM_CHANGED, Action.SYNONYM_DELETED,
)  # fmt: skip
BEST_BET = Kind(
    BestBet, BestBetForm, facts_of_best_bet, "best_bet", "best bet", lambda best_bet: best_bet.queries[0],
    Action.BEST_BET_ADDED, Action.BEST_BET_CHANGED, Action.BEST_BET_DELETED,
)  # fmt: skip


# --- Saving and deleting ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Attempt:
    """What came of saving: `saved`, or else the form with what is wrong, or with what somebody else made of it."""

    form: WordForm
    saved: Words | None = None
    theirs: Facts | None = None  # empty where somebody deleted it meanwhile; None where nobody else was at it


@transaction.atomic
def save(
    kind: Kind,
    partnership: Partnership,
    row_id: int | None,
    data: QueryDict,
    *,
    sections: KnownSections,
    by: User,
    at: datetime,
) -> Attempt:
    """Save what a form sent as the partnership's row with this id, or as a new one.

    `seen` in the form is the mark of what its editor saw. Where that is no longer what stands there, nothing is
    saved: the form comes back with the present mark, and what is sent with that takes its place.
    """
    _one_at_a_time(partnership)
    stored = kind.model.objects.filter(partnership=partnership, pk=row_id).first()
    before = kind.facts(stored) if stored else {}
    form = kind.form(data, instance=stored or kind.model(partnership=partnership), sections=sections)
    if not form.is_valid():
        return Attempt(form)
    if row_id is not None and data.get("seen", "") != mark_of(before):
        return Attempt(form, theirs=before)
    saved = form.save()
    after = kind.facts(saved)
    if after != before:
        action = kind.changed if before else kind.added
        _log(kind, saved, action, _changes(before, after) if before else _whole(after), by=by, at=at)
    return Attempt(form, saved=saved)


@transaction.atomic
def delete(kind: Kind, partnership: Partnership, row_id: int, *, seen: str, by: User, at: datetime) -> bool:
    """Delete the partnership's row with this id; False, and nothing done, where it is no longer what was `seen`."""
    _one_at_a_time(partnership)
    stored = kind.model.objects.filter(partnership=partnership, pk=row_id).first()
    before = kind.facts(stored) if stored else {}
    if stored is None or seen != mark_of(before):
        return False
    called = str(stored)
    stored.delete()
    _log(kind, stored, kind.deleted, _whole(before), by=by, at=at, about=called)
    return True


def _one_at_a_time(partnership: Partnership) -> None:
    """Until this transaction ends, nobody else changes the partnership's words: two might make the same one."""
    Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)


def _whole(facts: Facts) -> str:
    return "\n".join(f"{label}: “{value}”." for label, value in facts.items())


def _log(kind: Kind, row: Any, action: Action, detail: str, *, by: User, at: datetime, about: str = "") -> None:
    section = row.section.slug if kind is BEST_BET else ""
    record(row.partnership, action, by=by, at=at, about=about or str(row), section=section, detail=detail)
