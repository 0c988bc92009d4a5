"""Mending typing errors: by the words of what this reader may see, and by nothing else.

Candidates come from a symmetric-delete index (symspellpy) over the words of all texts; which of them stand in a text
that the reader may see is asked of the search index before any is used, so that no word of another partnership's shows.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from symspellpy import SymSpell, Verbosity

from procedures.search.interface import Index, Seen
from procedures.search.lexicon import Lexicon
from procedures.search.query import Typed
from procedures.search.words import CONTRACTIONS, Token

SHORTEST = 4  # letters of a word that is mended
TWO_ERRORS = 6  # letters from which on a word may have two
PREFIX = 7  # letters by which symspell looks words up, its default
BEGUN = 5  # letters from which on a word may be the beginning of another
MOST_CANDIDATES = 40  # of a word, asked of the index
RARE = 200_000  # times in the 10^12 words that the English dictionary was counted in

_ONLY_LETTERS = re.compile(r"[^\W\d_]+")


class Speller:
    """All words of an index by what is left of them without one letter or two. Learns new words as they come."""

    def __init__(self) -> None:
        self._symspell = SymSpell(2, PREFIX)
        self._learned: set[str] = set()

    def learn(self, vocabulary: Iterable[tuple[str, frozenset[str]]]) -> None:
        """Take in the portions of a vocabulary that are not known yet."""
        for name, words in vocabulary:
            if name not in self._learned:
                self._learned.add(name)
                self.add(words)

    def add(self, words: Iterable[str]) -> None:
        for word in words:
            if len(word) >= SHORTEST - 1 and _ONLY_LETTERS.fullmatch(word):
                self._symspell.create_dictionary_entry(word, 1)

    def candidates(self, word: str) -> dict[str, int]:
        """The words that `word` may have been meant for, with the number of letters wrong, nearest first."""
        most = 2 if len(word) >= TWO_ERRORS else 1
        found = self._symspell.lookup(word, Verbosity.ALL, max_edit_distance=most)
        return {item.term: item.distance for item in found[:MOST_CANDIDATES]}


@dataclass(frozen=True)
class Mended:
    """A query as it was meant: `text` as readers are shown it."""

    text: str
    words: dict[Token, str]


def mend(typed: Typed, index: Index, seen: Seen, lexicon: Lexicon, speller: Speller) -> Mended | None:
    """The query without its typing errors; None where there is none to mend.

    A word is wrong when neither it nor its stem stands in what the reader may see, nor in the glossary, nor in a
    dictionary of English, and another word that does is one letter away, or two in a longer word.
    """
    strange = [token for token in typed.words if _may_be_wrong(token, lexicon) and not _is_acronym(typed, token)]
    held = index.holding(seen, {token.word for token in strange}) if strange else {}
    strange = [token for token in strange if token.word not in held]
    if not strange:
        return None
    speller.learn(index.vocabulary())
    speller.add(lexicon.written)
    mended = {token: better for token in strange if (better := _better(token.word, index, seen, lexicon, speller))}
    if not mended:
        return None
    return Mended(_rewritten(typed.text, mended), mended)


def _may_be_wrong(token: Token, lexicon: Lexicon) -> bool:
    if len(token.word) < SHORTEST or token.word in CONTRACTIONS or not _ONLY_LETTERS.fullmatch(token.word):
        return False
    return token.stem not in lexicon.words and token.word not in lexicon.written and not is_english(token.word)


def _is_acronym(typed: Typed, token: Token) -> bool:
    """Whether a word is in capitals while others are not: an acronym that nothing is known of is none misspelt."""
    return typed.is_capitals(token) and not typed.text.isupper()


def _better(word: str, index: Index, seen: Seen, lexicon: Lexicon, speller: Speller) -> str:
    """The word that was most likely meant, of which a part was typed, or two that were typed as one; "" for none."""
    candidates = {other: errors for other, errors in speller.candidates(word).items() if other != word}
    held = index.holding(seen, candidates)
    likely = [
        (errors, other[0] != word[0], len(other) < len(word), -held.get(other, 0), other)
        for other, errors in candidates.items()
        if other in held or other in lexicon.written
    ]
    nearest = min(likely, default=None)
    if nearest and nearest[0] == 1:
        return nearest[-1]
    begun = index.beginning_with(seen, word, 1) if len(word) >= BEGUN else {}
    return next(iter(begun), "") or (nearest[-1] if nearest else _in_two(word, index, seen))


def _in_two(word: str, index: Index, seen: Seen) -> str:
    """Two words that the reader may see and that make `word` without the space between them, or ""."""
    halves = [(word[:place], word[place:]) for place in range(3, len(word) - 2)]
    held = index.holding(seen, {half for pair in halves for half in pair})
    both = [pair for pair in halves if pair[0] in held and pair[1] in held]
    return " ".join(max(both, key=lambda pair: sum(held[half] for half in pair))) if both else ""


def _rewritten(text: str, mended: dict[Token, str]) -> str:
    pieces, place = [], 0
    for token in sorted(mended, key=lambda token: token.start):
        pieces += [text[place : token.start], mended[token]]
        place = token.end
    return "".join([*pieces, text[place:]])


@cache
def _english() -> frozenset[str]:
    """The words of the English dictionary that comes with symspellpy, less the rarest: "concent" is one of those."""
    lines = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text("utf-8-sig").splitlines()
    counted = (line.split(" ") for line in lines)
    return frozenset(word for word, times in counted if int(times) >= RARE)


def is_english(word: str) -> bool:
    """Whether a word in small letters is one in English, so that it is no typing error."""
    return word in _english()
