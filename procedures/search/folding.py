"""From passages to sections: each section by its best passage, and by what its title and the editors say of it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from procedures.search.concepts import Understood
from procedures.search.in_force import NOWHERE, InForce, Named
from procedures.search.interface import Evidence, Floats, Place, Whole
from procedures.search.lexicon import content
from procedures.search.passages import Kind
from procedures.search.ranking import Concept, idf
from procedures.search.words import stems

ASIDE = 0.6  # of its score, for a passage that only leads on to other sections
SECOND = 0.5  # what a section's second best passage adds to its best
IN_TITLE = 0.5  # of the best score, for a section whose title says all that was asked for
ABOUT = 0.8  # of the best score, for the section that the glossary names as the one about all that was asked for
LESS_ABOUT = 0.5  # of that, for each further section that it names
BY_MEANING = 0.25  # of the best score, for the passage most like the query in what it says
CHOSEN = "chosen by the editors"
NUMBERED = 1.0  # of the best score, for the section whose number stands in the query beside other words
PINNED = 1_000.0  # for what stands first whatever the words say


@dataclass(frozen=True)
class Ranked:
    """A section with its best passage (None: only other things speak for it), its score, and what makes that.

    `reasons` are what adds up to the score, as (in words, points).
    """

    section: Named
    passage: int | None
    score: float
    reasons: tuple[tuple[str, float], ...]


class Sections:
    """The sections in force, each with its score, by their places in the order of their numbers.

    A section whose score is 0 has not been found. Thousands are, for a page of ten; so only those of the page become
    objects.
    """

    def __init__(self, in_force: InForce) -> None:
        self.in_force = in_force
        self.scores: Floats = np.zeros(len(in_force.in_order))
        self._passages: Whole = np.full(len(self.scores), NOWHERE)
        self._reasons: list[tuple[str, Floats]] = []

    @property
    def top(self) -> float:
        """The best score; 1 where nothing has been found."""
        return float(self.scores.max(initial=0.0)) or 1.0

    def add(self, reason: str, points: Floats) -> None:
        """Give points, some to each section."""
        self.scores = self.scores + points
        self._reasons.append((reason, points))

    def add_to(self, reason: str, points: Mapping[int, float]) -> None:
        """Give points to some sections by their ids."""
        if points:
            every = np.zeros_like(self.scores)
            every[[self.in_force.order[section] for section in points]] = list(points.values())
            self.add(reason, every)

    def take(self, places: Whole, passages: Whole) -> None:
        """Note the best passages of the sections at some places, unless one is noted already."""
        is_new = self._passages[places] == NOWHERE
        self._passages[places[is_new]] = passages[is_new]

    def best_first(self) -> Whole:
        """The places of the sections found, best first; equals in the order of their numbers."""
        found = np.flatnonzero(self.scores)
        return found[np.argsort(-self.scores[found], kind="stable")]

    def ranked(self, place: int) -> Ranked:
        """The section at a place."""
        passage = int(self._passages[place])
        reasons = ((reason, float(points[place])) for reason, points in self._reasons if points[place])
        return Ranked(
            self.in_force.in_order[place],
            passage if passage != NOWHERE else None,
            float(self.scores[place]),
            tuple(reasons),
        )


def places_of(evidence: Evidence, in_force: InForce) -> Whole:
    """Of each passage the place of its section, or NOWHERE for what the database does not confirm to be in force.

    The same for a reader until something is published, and so kept where the evidence keeps anything.
    """
    if evidence.kept.get("in force") is not in_force:
        columns = evidence.columns
        places = in_force.places_of(columns.keys, columns.sections)
        evidence.kept |= {"in force": in_force, "places": np.where(columns.kinds == Kind.TEXT, places, NOWHERE)}
    found: Whole = evidence.kept["places"]
    return found


def best_by_section(totals: Floats, evidence: Evidence, in_force: InForce) -> Sections:
    """Each section in force with its best passage; what the database does not confirm is left out."""
    sections, columns = Sections(in_force), evidence.columns
    place_of = places_of(evidence, in_force)
    rows = np.flatnonzero((totals > 0) & (place_of != NOWHERE))
    places, scores = place_of[rows], np.where(columns.asides[rows], ASIDE * totals[rows], totals[rows])
    best, second = np.zeros_like(sections.scores), np.zeros_like(sections.scores)
    np.maximum.at(best, places, scores)
    at_best = np.flatnonzero(scores == best[places])
    at_best = at_best[np.argsort(columns.keys[rows[at_best]], kind="stable")][::-1]
    first = np.full(len(best), NOWHERE)
    first[places[at_best]] = at_best  # of equals the oldest version's first, which is assigned last
    found = np.flatnonzero(best)
    others = np.ones(len(rows), bool)
    others[first[found]] = False
    np.maximum.at(second, places[others], scores[others])
    sections.take(found, rows[first[found]])
    sections.add("its best passage", best)
    sections.add("its second passage", SECOND * second)
    return sections


def is_confirmed(place: Place, in_force: InForce) -> bool:
    """Whether a passage is of a text that the database says is in force."""
    return place.kind == Kind.TEXT and place.key in in_force.owners and place.section in in_force.sections


def shares(concepts: Sequence[Concept], evidence: Evidence) -> list[float]:
    """Of each concept how much of the query it makes up: the rarer the more; together 1."""
    worth = [
        concept.times
        * max(one.weight * idf(evidence.frequency.get(one.term, 0), evidence.passages) for one in concept.alternatives)
        for concept in concepts
    ]
    return [one / (sum(worth) or 1) for one in worth]


def weigh_titles(sections: Sections, concepts: Sequence[Concept], share: Sequence[float], top: float) -> None:
    """Add to sections that were found and whose title says what was asked for, in any of its words."""
    said = np.zeros_like(sections.scores)
    for concept, part in zip(concepts, share, strict=True):
        said += part * _said(concept, sections.in_force)
    sections.add("its title", IN_TITLE * top * np.where(sections.scores > 0, said, 0.0))


def _said(concept: Concept, in_force: InForce) -> Floats:
    """How much of a concept the title of each section says, from 0 to 1."""
    said = np.zeros(len(in_force.in_order))
    for one in concept.alternatives:
        places = in_force.by_word_of_title.get(one.term.words[0])
        if places is not None and len(one.term.words) > 1:
            phrase = f" {' '.join(one.term.words)} "
            places = np.array([place for place in places if phrase in in_force.words_of_titles[place]], np.int64)
        if places is not None:
            said[places] = np.maximum(said[places], min(1.0, one.weight))
    return said


def weigh_meaning(sections: Sections, alike: Mapping[int, tuple[Place, float]]) -> None:
    """Add to the sections with the passages most like the query in what they say, or find them by these.

    The same measure as for words: what the database does not confirm is left out, and an aside counts less.
    """
    in_force, top = sections.in_force, sections.top
    best: dict[int, tuple[float, int]] = {}
    for number, (place, likeness) in alike.items():
        if is_confirmed(place, in_force):
            value = BY_MEANING * top * likeness * (ASIDE if place.aside else 1.0)
            best[place.section] = max(best.get(place.section, (0.0, number)), (value, number), key=lambda one: one[0])
    if best:
        numbers = np.array([number for _value, number in best.values()])
        places = np.array([in_force.order[section] for section in best])
        sections.take(places, numbers)
        sections.add_to("found by meaning", {section: value for section, (value, _number) in best.items()})


def weigh_numbers(sections: Sections, words: Iterable[str], top: float) -> None:
    """Add to the sections whose numbers stand in the query among other words: "2.10 consent", "referral (see 1.5)"."""
    named = [sections.in_force.by_number.get(word) for word in words if "." in word]
    sections.add_to("its number", {one.id: NUMBERED * top for one in named if one})


def weigh_glossary(sections: Sections, understood: Understood, share: Sequence[float], top: float) -> None:
    """Add to the sections that the glossary names as those about a term that was typed."""
    labelled = [(content(stems(c.label)), part) for c, part in zip(understood.concepts, share, strict=True)]
    points: dict[int, tuple[float, str]] = {}
    for meaning in understood.meanings:
        label = content(stems(meaning.name))
        part = max((part for words, part in labelled if words == label), default=0.0)
        for place, slug in enumerate(meaning.sense.sections):
            if named := sections.in_force.by_slug.get(slug):
                value = ABOUT * top * part * LESS_ABOUT**place
                if value > points.get(named.id, (0.0, ""))[0]:
                    points[named.id] = value, meaning.name
    for section, (value, name) in points.items():
        sections.add_to(f"the glossary has it under “{name}”", {section: value})
