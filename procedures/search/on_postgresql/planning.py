"""Which of a query's terms say where to look: rare ones everywhere, others where they stand likeliest."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from procedures.search.interface import Term
from procedures.search.ranking import COMMON
from procedures.search.words import stem_of

READ = 400  # passages that the rarest terms have together, all of which are read
MOST_PHRASES = 4  # that are looked for by themselves


@dataclass(frozen=True)
class Plan:
    """The terms of a query. Every passage with a `rare` one is read, of those with others the likeliest.

    `phrases` are what is sought as it is written, most often between quotation marks, where no other passages count.
    `common` terms only add to passages with rarer ones, if there are enough of those.
    """

    rare: tuple[Term, ...]
    telling: tuple[Term, ...]
    common: tuple[Term, ...]
    phrases: tuple[Term, ...]

    @classmethod
    def of(cls, frequency: Mapping[Term, int], passages: int) -> "Plan":
        """A plan for terms that stand in so many of the reader's passages each."""
        held = [term for term in frequency if frequency[term] and not _goes_without_saying(term, frequency)]
        rarest_first = sorted(held, key=lambda term: (frequency[term], term))
        if passages <= READ:
            return cls(tuple(rarest_first), (), (), ())
        rare, left = [], READ
        while rarest_first and frequency[rarest_first[0]] <= left:
            left -= frequency[rarest_first[0]]
            rare.append(rarest_first.pop(0))
        phrases = [term for term in rarest_first if term.exact][:MOST_PHRASES]
        telling = [term for term in rarest_first if frequency[term] <= COMMON * passages and term not in phrases]
        common = [term for term in rarest_first if frequency[term] > COMMON * passages and term not in phrases]
        return cls(tuple(rare), tuple(telling), tuple(common), tuple(phrases))


def _goes_without_saying(term: Term, wanted: Collection[Term]) -> bool:
    """Whether a term stands nowhere but where another does: a word as it is written, where its stem is sought too."""
    return term.exact and len(term.words) == 1 and Term((stem_of(term.words[0]),)) in wanted
