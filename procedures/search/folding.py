"""From passages to sections: each section by its best passage, and by what its title and the editors say of it."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass

from procedures.search.concepts import Understood
from procedures.search.in_force import InForce, Named
from procedures.search.interface import Evidence, Place
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
NOWHERE = 0  # in place of a section's key


@dataclass(slots=True)
class Ranked:
    """A section with its best passage (None: only its title, the glossary or an editor speaks for it) and its score.

    `best` and `second` are what its best passages give, `others` what else does: thousands are made for a page of ten.
    """

    section: Named
    passage: int | None = None
    score: float = 0.0
    best: float = 0.0
    second: float = 0.0
    others: tuple[tuple[str, float], ...] = ()

    def add(self, reason: str, points: float) -> None:
        self.score += points
        self.others += ((reason, points),)

    @property
    def reasons(self) -> list[tuple[str, float]]:
        """What makes up the score, as (in words, points)."""
        passages = [("its best passage", self.best), ("its second passage", self.second)]
        return [*((reason, points) for reason, points in passages if points), *self.others]


def best_by_section(totals: Mapping[int, float], evidence: Evidence, in_force: InForce) -> dict[int, Ranked]:
    """Each section in force with its best passage; what the database does not confirm is left out."""
    of = _confirmed(evidence, in_force)
    best: dict[int, int] = {}
    most: dict[int, float] = {}
    second: dict[int, float] = {}
    for number, score in totals.items():
        section = of.get(number)
        if section is None:
            section = of[number] = _confirm(evidence.place(number), in_force)
            if section == NOWHERE:
                evidence.kept["elsewhere"].add(number)
        if section <= 0:
            if section == NOWHERE:
                continue
            section, score = -section, score * ASIDE
        other = most.get(section)
        if other is None:
            most[section], best[section] = score, number
        elif score > other or (score == other and number < best[section]):
            most[section], best[section], second[section] = score, number, other
        elif score > second.get(section, 0.0):
            second[section] = score
    found = {}
    for section, number in best.items():
        first, more = most[section], SECOND * second.get(section, 0.0)
        found[section] = Ranked(in_force.sections[section], number, first + more, first, more)
    return found


def _confirmed(evidence: Evidence, in_force: InForce) -> dict[int, int]:
    """The section of each passage, as far as it was asked for already: less than 0 of an aside, NOWHERE if of none.

    Thousands of passages are folded in a search, and each comes to the same until something is published.
    """
    if evidence.kept.get("in force") is not in_force:
        evidence.kept |= {"in force": in_force, "sections": {}, "elsewhere": set()}
    return evidence.kept["sections"]


def elsewhere(evidence: Evidence) -> Set[int]:
    """The passages folded so far that are of no section in force: those of documents, contacts and terms, mostly."""
    return evidence.kept["elsewhere"]


def is_confirmed(place: Place, in_force: InForce) -> bool:
    """Whether a passage is of a text that the database says is in force."""
    return place.kind == Kind.TEXT and place.key in in_force.owners and place.section in in_force.sections


def _confirm(place: Place, in_force: InForce) -> int:
    if is_confirmed(place, in_force):
        return -place.section if place.aside else place.section
    return NOWHERE


def shares(concepts: Sequence[Concept], evidence: Evidence) -> list[float]:
    """Of each concept how much of the query it makes up: the rarer the more; together 1."""
    worth = [
        concept.times
        * max(one.weight * idf(evidence.frequency.get(one.term, 0), evidence.passages) for one in concept.alternatives)
        for concept in concepts
    ]
    return [one / (sum(worth) or 1) for one in worth]


def weigh_titles(
    found: Mapping[int, Ranked], concepts: Sequence[Concept], share: Sequence[float], top: float, in_force: InForce
) -> None:
    """Add to sections whose title says what was asked for, in any of its words."""
    beginnings = {one.term.words[0] for concept in concepts for one in concept.alternatives}
    for section in {section for word in beginnings for section in in_force.by_word_of_title.get(word, ())}:
        if ranked := found.get(section):
            title = stems(ranked.section.title)
            said = sum(part * _said(concept, title) for concept, part in zip(concepts, share, strict=True))
            if said:
                ranked.add("its title", IN_TITLE * top * said)


def _said(concept: Concept, title: tuple[str, ...]) -> float:
    joined = f" {' '.join(title)} "
    weights = [one.weight for one in concept.alternatives if f" {' '.join(one.term.words)} " in joined]
    return min(1.0, max(weights, default=0.0))


def weigh_meaning(found: dict[int, Ranked], alike: Mapping[int, tuple[Place, float]], in_force: InForce) -> None:
    """Add to the sections with the passages most like the query in what they say, or find them by these.

    The same measure as for words: what the database does not confirm is left out, and an aside counts less.
    """
    top = max((one.score for one in found.values()), default=1.0)
    best: dict[int, tuple[float, int]] = {}
    for number, (place, likeness) in alike.items():
        if is_confirmed(place, in_force):
            value = BY_MEANING * top * likeness * (ASIDE if place.aside else 1.0)
            best[place.section] = max(best.get(place.section, (0.0, number)), (value, number), key=lambda one: one[0])
    for section, (value, number) in best.items():
        ranked = found.setdefault(section, Ranked(in_force.sections[section]))
        ranked.passage = number if ranked.passage is None else ranked.passage
        ranked.add("found by meaning", value)


def weigh_numbers(found: dict[int, Ranked], words: Iterable[str], top: float, in_force: InForce) -> None:
    """Add to the sections whose numbers stand in the query among other words: "2.10 consent", "referral (see 1.5)"."""
    for word in words:
        named = in_force.by_number.get(word) if "." in word else None
        if named:
            found.setdefault(named.id, Ranked(named)).add("its number", NUMBERED * top)


def weigh_glossary(
    found: dict[int, Ranked], understood: Understood, share: Sequence[float], top: float, in_force: InForce
) -> None:
    """Add to the sections that the glossary names as those about a term that was typed."""
    labelled = [(content(stems(c.label)), part) for c, part in zip(understood.concepts, share, strict=True)]
    points: dict[int, tuple[float, str]] = {}
    for meaning in understood.meanings:
        label = content(stems(meaning.name))
        part = max((part for words, part in labelled if words == label), default=0.0)
        for place, slug in enumerate(meaning.sense.sections):
            if named := in_force.by_slug.get(slug):
                value = ABOUT * top * part * LESS_ABOUT**place
                if value > points.get(named.id, (0.0, ""))[0]:
                    points[named.id] = value, meaning.name
    for section, (value, name) in points.items():
        ranked = found.setdefault(section, Ranked(in_force.sections[section]))
        ranked.add(f"the glossary has it under “{name}”", value)
