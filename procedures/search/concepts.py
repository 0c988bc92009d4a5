"""What a query is about: its words gathered into concepts, each with all the ways in which a text may put it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from procedures.search.interface import Term
from procedures.search.lexicon import ENGLISH, Lexicon, Meaning, Named, Sought, content
from procedures.search.query import Typed
from procedures.search.ranking import Alternative, Concept
from procedures.search.words import ASKING, CONTRACTIONS, Token, stem_of

AS_WRITTEN = 0.15  # more for a passage that has the very word, so that a name is not taken for another word's stem
OTHER_NAME = 0.8  # for a text that calls it by another name, or by a synonym
WORD_OF_NAME = 0.5  # for a single word of a name of several
FOR_EVERYDAY = 0.35  # for an everyday word, which is rare in a manual and yet tells little
QUOTED = 2.0  # for a quoted phrase, which a passage must have in any case


EVERYDAY = frozenset(
    (  # noqa: SIM905
        "actually again all already also always another any anybody anyone anything around ask asked asking "
        "back bad because become been before being best better big bit both bring but came come comes coming "
        "day days different doing don done down each else even ever every everybody everyone everything feel "
        "few find first found give given go goes going good got great happen happened happening happens "
        "having hear heard help here herself himself idea if instead just keep keeps kind knew know known "
        "knows last later least left let like likely little long look looking looks lot lots made make makes "
        "making many mean means might more most much myself never new next no nobody nothing now often ok old "
        "once one only other others out over own part people person place please possible put quickly quite "
        "rather really right said same saw say saying says see seem seems seen several show since some "
        "somebody someone something sometimes soon still stop stuff sure take taken takes taking talk tell "
        "telling tells thing things think thinks thought through time times today together told too took try "
        "trying turn two under until up upset use used very via want wants way ways week weeks well went "
        "whether while without wondering word words work working works wrong year years yes"
    ).split()
).union(CONTRACTIONS)
"""Words of talk. In a manual many of them are so rare that they would outweigh what the talk is about."""

_STATUTE = re.compile(r"\d{1,3}[a-z]{0,3}")


@dataclass(frozen=True)
class Understood:
    """A query's concepts, in the order typed, and the terms of the glossary that it names."""

    concepts: tuple[Concept, ...]
    meanings: tuple[Meaning, ...]
    required: tuple[Term, ...]
    is_one_name: bool  # nothing was typed but one name in the glossary


@dataclass(frozen=True)
class Run:
    """Words of a query that stand next to one another, and what they name; None: nothing known."""

    words: tuple[Token, ...]
    named: Named | None


def understand(typed: Typed, lexicon: Lexicon) -> Understood:
    """Gather the words of a query into concepts."""
    runs = _runs(typed, lexicon)
    others_tell = any(run.named or run.words[0].word not in EVERYDAY for run in runs if _tells(typed, run))
    concepts = [_concept(typed, run, others_tell=others_tell) for run in runs if _tells(typed, run)]
    concepts += [Concept(" ".join(phrase.words), (Alternative(phrase, QUOTED, "quoted"),)) for phrase in typed.phrases]
    loose = _loose(typed, lexicon, concepts)
    named = [meaning for run in runs if run.named for meaning in run.named.meanings]
    is_one_name = len(runs) == 1 and runs[0].named is not None and bool(named) and not typed.phrases
    return Understood(tuple(concepts + loose), tuple(named), typed.phrases, is_one_name)


def _runs(typed: Typed, lexicon: Lexicon) -> list[Run]:
    """The query cut into the longest names it holds, and single words between them."""
    runs, place = [], 0
    while place < len(typed.words):
        found = _name_at(typed, place, lexicon)
        runs.append(found or Run((typed.words[place],), None))
        place += len(runs[-1].words)
    return runs


def _name_at(typed: Typed, place: int, lexicon: Lexicon) -> Run | None:
    """The longest name that begins at a word of the query, small words in it counted or not."""
    for end in range(min(len(typed.words), place + lexicon.longest + 3), place, -1):
        words = typed.words[place:end]
        whole = tuple(token.stem or token.word for token in words)
        telling = content(whole)
        named = lexicon.names.get(whole)
        if named is None and len(telling) > 1 and _begins_and_ends_telling(words):
            named = lexicon.names.get(telling)
        if named and not (len(words) == 1 and _is_english(typed, words[0])):
            return Run(words, named)
    return None


def _begins_and_ends_telling(words: Sequence[Token]) -> bool:
    return all(token.stem and token.word not in ASKING for token in (words[0], words[-1]))


def _is_english(typed: Typed, token: Token) -> bool:
    """Whether a word that is a term in capitals ("IT", "DO") was meant as the English word."""
    is_word = not stem_of(token.word) or token.word in ASKING or token.word in ENGLISH
    return is_word and len(typed.words) > 1 and not typed.is_capitals(token)


def _tells(typed: Typed, run: Run) -> bool:
    return run.named is not None or run.words[0] in typed.telling


def _concept(typed: Typed, run: Run, *, others_tell: bool) -> Concept:
    """A run's concept; an everyday word counts for less where `others_tell` more."""
    label = " ".join(typed.written(token) for token in run.words)
    telling = [token for token in run.words if token.stem]
    alternatives = []
    if len(run.words) > 1:
        alternatives.append(Alternative(Term(tuple(t.stem or t.word for t in run.words)), 1.0, "typed"))
        alternatives += [Alternative(Term((t.stem,)), WORD_OF_NAME / len(telling), "a word of it") for t in telling]
    elif telling:
        [token] = telling
        weight = FOR_EVERYDAY if others_tell and token.word in EVERYDAY and not run.named else 1.0
        alternatives += [Alternative(Term((token.stem,)), weight, "typed")]
        alternatives += [Alternative(Term((token.word,), exact=True), weight * AS_WRITTEN, "as written")]
        if _STATUTE.fullmatch(token.word):
            alternatives.append(Alternative(Term((f"s{token.word}",)), OTHER_NAME, "a section of an act"))
    else:
        alternatives.append(Alternative(Term((run.words[0].word,), exact=True), 1.0, "typed"))
    if run.named:
        alternatives += _others(run.named.sought)
    return Concept(label, _once(alternatives))


def _others(sought: Sequence[Sought]) -> list[Alternative]:
    found = []
    for other in sought:
        exact = len(other.words) == 1 and not stem_of(other.words[0])
        found.append(Alternative(Term(other.words, exact), OTHER_NAME, other.why))
    return found


def _loose(typed: Typed, lexicon: Lexicon, concepts: Sequence[Concept]) -> list[Concept]:
    """Synonyms whose words all stand in the query in their order, though not next to one another."""
    stems = [token.stem for token in typed.words if token.stem]
    known = {one.term for concept in concepts for one in concept.alternatives}
    found = []
    possible = [one for stem in dict.fromkeys(stems) for one in lexicon.loose.get(stem, {}).items()]
    for words, sought in possible:
        if _in_this_order(words, stems):
            others = [one for one in _others(sought) if one.term not in known]
            if others:
                found.append(Concept(" ".join(words), _once(others)))
                known |= {one.term for one in others}
    return found


def _in_this_order(words: Sequence[str], among: Sequence[str]) -> bool:
    """Whether the words stand among the others, one after the other, whatever is between them."""
    rest = iter(among)
    return all(word in rest for word in words)


def _once(alternatives: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """Each term once, with the greatest weight it was given."""
    best: dict[Term, Alternative] = {}
    for one in alternatives:
        if one.term.words and (one.term not in best or best[one.term].weight < one.weight):
            best[one.term] = one
    return tuple(best.values())
