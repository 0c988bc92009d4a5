"""Searching: what somebody typed, from where and when they read, to the sections that answer it, best first.

The index ranks and the database authorises: every passage is confirmed to be in force from the viewpoint before it is
counted or shown.
"""

import logging
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np

from procedures.glossary import wording
from procedures.numbering import candidates, is_number
from procedures.search import folding, keeping_up
from procedures.search.asking import Answer, Asked, Hit
from procedures.search.by_meaning import found_by_meaning
from procedures.search.concepts import Understood, understand
from procedures.search.folding import CHOSEN, Ranked, Sections
from procedures.search.in_force import NOWHERE, InForce, Named, formerly
from procedures.search.interface import Evidence, Index, Place, Seen, Term, Unavailable, Whole
from procedures.search.lexicon import Lexicon, lexicon, near
from procedures.search.passages import Item, Kind
from procedures.search.query import Typed, parse
from procedures.search.ranking import Scored, idf, scored
from procedures.search.spelling import Speller, mend
from procedures.search.words import stems

BESIDE = 3  # documents, contacts and terms shown beside the sections, of each
MOST_BY_TITLE = 10  # sections named where there is no index

logger = logging.getLogger(__name__)
_speller = Speller()


class SearchUnavailable(Exception):
    """No index can be read at this moment; the message is for readers. `named` are sections by their titles alone."""

    def __init__(self, message: str, named: Sequence[Named]) -> None:
        super().__init__(message)
        self.named = named


UNAVAILABLE = "The words of the manual cannot be searched at the moment. Try again in a minute."


def answer(asked: Asked) -> Answer:
    """The sections that answer what was asked, best first; raises SearchUnavailable."""
    typed = parse(asked.typed)
    straight = straight_to(typed.number, asked)
    if not typed or not asked.scope:
        return Answer(typed, straight=straight)
    with keeping_up.one_at_a_time:
        try:
            return _search(asked, typed, straight)
        except Unavailable as error:
            logger.warning("The search index cannot be read. %s", error)
            keeping_up.store().give_up()
            keeping_up.wake()
        try:
            return _search(asked, typed, straight)
        except Unavailable as error:
            raise SearchUnavailable(UNAVAILABLE, _by_title(typed, asked.known)) from error


def straight_to(number: str, asked: Asked) -> Named | None:
    """The section that bears a number, or the one in which it is a paragraph; else the one that bore it last."""
    if not is_number(number):
        return None
    by_number = asked.known.by_number
    found = next((by_number[one] for one in candidates(number) if one in by_number), None)
    return found or asked.known.sections.get(formerly(number, asked.scope, asked.day) or 0)


def may_see_words(asked: Asked, words: Set[str]) -> set[str]:
    """Those of the words that stand, as they are written, in what the reader may see; none without an index."""
    scope = frozenset(asked.scope)
    with keeping_up.one_at_a_time:
        try:
            index = keeping_up.store().open()
            return set(index.holding(Seen(scope, asked.day, scope), words))
        except Unavailable:
            return set()


def _up_to_date(stamp: str) -> Index:
    """The index, brought up to date where that is done at once; else somebody begins to, and this is as it was."""
    keeping_up.see_to(stamp)
    return keeping_up.store().open()


@dataclass(frozen=True)
class Findings:
    """What an index found for a query as it was meant: the evidence, and every passage with its score.

    `alike` are the passages found by meaning, each with how like the query it is beside the likest.
    """

    meant: Typed
    understood: Understood
    evidence: Evidence
    scored: Scored
    alike: dict[int, tuple[Place, float]]

    def has_text(self, known: InForce) -> bool:
        """Whether a passage of a text in force was found, and not only a document, a contact or a term."""
        return bool(np.any(self.scored.totals[folding.places_of(self.evidence, known) != NOWHERE]))


def _search(asked: Asked, typed: Typed, straight: Named | None) -> Answer:
    index, words = _up_to_date(asked.stamp), lexicon(asked.stamp, asked.scope)
    seen = _seen(asked)
    mended = None if asked.as_typed else mend(typed, index, seen, words, _speller)
    findings = _find(parse(mended.text) if mended else typed, index, seen, words)
    dropped_quotes = bool(findings.understood.required) and not findings.has_text(asked.known)
    if dropped_quotes:
        findings = _find(parse(findings.meant.without_quotes), index, seen, words)
    sections = _sections(asked, findings, straight)
    ranked = sections.best_first()
    in_part = _in_part(ranked, asked)
    shown = in_part[asked.offset : asked.offset + asked.limit]
    return Answer(
        query=typed,
        mended=mended.text if mended else "",
        hits=_hits(index, [sections.ranked(place) for place in shown], findings),
        total=len(in_part),
        parts=_parts(ranked, asked.known),
        beside=_beside(findings),
        meanings=findings.understood.meanings,
        is_one_name=findings.understood.is_one_name,
        straight=straight,
        withdrawn=_withdrawn(findings.meant, asked.known),
        near=() if len(ranked) else near(findings.meant, words),
        concepts=findings.understood.concepts,
        weights=_weights(findings),
        frequency=findings.evidence.frequency,
        is_complete=index.position == asked.stamp,
        is_by_meaning_alone=bool(len(ranked)) and not findings.has_text(asked.known) and bool(findings.alike),
        awaits_meaning=not keeping_up.is_learned(index.position),
        dropped_quotes=dropped_quotes,
    )


def _seen(asked: Asked) -> Seen:
    scope = frozenset(asked.scope)
    return Seen(scope, asked.day, scope if asked.owners is None else asked.owners)


def _find(meant: Typed, index: Index, seen: Seen, words: Lexicon) -> Findings:
    """Ask the index for all that the query may mean; a quoted phrase must be in every passage found."""
    understood = understand(meant, words)
    wanted = {one.term for concept in understood.concepts for one in concept.alternatives}
    evidence = index.evidence(seen, wanted, meant.unwanted)
    found = scored(understood.concepts, evidence)
    for phrase in understood.required:
        holding = np.zeros_like(found.totals)
        holding[evidence.text[phrase].rows] = 1.0
        found.totals = found.totals * holding
    return Findings(meant, understood, evidence, found, found_by_meaning(meant, understood, index, seen))


def _sections(asked: Asked, findings: Findings, straight: Named | None) -> Sections:
    """The sections found, scored."""
    understood = findings.understood
    sections = folding.best_by_section(findings.scored.totals, findings.evidence, asked.known)
    top = sections.top
    share = folding.shares(understood.concepts, findings.evidence)
    folding.weigh_titles(sections, understood.concepts, share, top)
    editors_have_a_say = not understood.required and asked.owners is None
    if editors_have_a_say:
        folding.weigh_numbers(sections, [token.word for token in findings.meant.words], top)
        folding.weigh_glossary(sections, understood, share, top)
    folding.weigh_meaning(sections, findings.alike)
    if editors_have_a_say:
        for named, reason in _pinned(asked, findings.meant, straight):
            sections.add_to(reason, {named.id: folding.PINNED})
    return sections


def _pinned(asked: Asked, meant: Typed, straight: Named | None) -> list[tuple[Named, str]]:
    """The sections that stand first whatever the words say, and why."""
    query, known = stems(meant.text), asked.known
    chosen = [
        known.by_slug[bet.section]
        for bet in wording(asked.stamp, asked.scope).best_bets
        if bet.section in known.by_slug and any(stems(one) == query for one in bet.queries)
    ]
    return [
        *([(straight, "its number")] if straight else []),
        *((named, CHOSEN) for named in dict.fromkeys(chosen)),
        *((named, "its title") for named in known.by_title.get(query, [])),
    ]


def _hits(index: Index, shown: Sequence[Ranked], findings: Findings) -> tuple[Hit, ...]:
    """The sections to show with what the index keeps of their best passages."""
    numbers = [one.passage for one in shown if one.passage is not None]
    entries = dict(zip(numbers, index.entries(numbers), strict=True))
    concepts = list(zip(findings.understood.concepts, findings.scored.by_concept, strict=True))
    hits = []
    for one in shown:
        if one.passage is None:
            entry, given = None, []
        else:
            entry = entries[one.passage]
            given = [(concept.label, float(points[one.passage])) for concept, points in concepts]
        hits.append(Hit(one.section, entry, one.score, one.reasons, tuple(pair for pair in given if pair[1])))
    return tuple(hits)


def _in_part(ranked: Whole, asked: Asked) -> Whole:
    """Those of the sections found that are in the part asked for, or all."""
    if not asked.part:
        return ranked
    parts, of_each = asked.known.part_of_each
    return ranked[of_each[ranked] == parts.index(asked.part)] if asked.part in parts else ranked[:0]


def _parts(ranked: Whole, known: InForce) -> dict[str, int]:
    """How many of the sections found each part of the manual has."""
    parts, of_each = known.part_of_each
    counted = zip(parts, np.bincount(of_each[ranked], minlength=len(parts)).tolist(), strict=True)
    return dict(sorted(((part, count) for part, count in counted if part and count), key=lambda item: int(item[0])))


def _beside(findings: Findings) -> tuple[Item, ...]:
    """The best documents, contacts and terms found."""
    totals, columns = findings.scored.totals, findings.evidence.columns
    best: list[Item] = []
    for kind in (Kind.DOCUMENT, Kind.CONTACT, Kind.TERM):
        rows = np.flatnonzero((columns.kinds == kind) & (totals > 0))
        rows = rows[np.lexsort((columns.keys[rows], -totals[rows]))][:BESIDE]
        best += [Item(kind, key) for key in columns.keys[rows].tolist()]
    return tuple(best)


def _withdrawn(meant: Typed, known: InForce) -> tuple[Named, ...]:
    """Sections no longer in force whose title says all that was asked for: readers are led to what became of them."""
    sought = {token.stem for token in meant.telling if token.stem}
    return tuple(named for named in known.withdrawn if sought and sought <= set(stems(named.title)))


def _weights(findings: Findings) -> dict[Term, float]:
    """How much each term sought tells, for finding the words of a passage that say most."""
    evidence = findings.evidence
    return {
        one.term: one.weight * idf(evidence.frequency.get(one.term, 0), evidence.passages)
        for concept in findings.understood.concepts
        for one in concept.alternatives
    }


def _by_title(typed: Typed, known: InForce) -> list[Named]:
    """The sections whose title holds a word of the query: what can be found without an index."""
    sought = {token.stem for token in typed.telling if token.stem}
    return [named for named in known.sections.values() if sought & set(stems(named.title))][:MOST_BY_TITLE]
