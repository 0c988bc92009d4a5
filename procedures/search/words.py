"""What counts as a word, in texts and in queries alike."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from whoosh.analysis import STOP_WORDS, Filter, LowercaseFilter, RegexTokenizer, StemmingAnalyzer, Token

WORD = r"\w+(\.?\w+)*"  # keeps "2.10" and "s.47" whole
LONGEST_QUERY = 200  # characters

STEMMED = StemmingAnalyzer(expression=WORD)
"""The stems of words, without stop words and single letters."""


class LeftOutFilter(Filter):
    """Lets through only what `STEMMED` leaves out."""

    def __call__(self, tokens: Iterator[Token]) -> Iterator[Token]:
        for token in tokens:
            if token.text in STOP_WORDS or len(token.text) < 2:
                yield token


LEFT_OUT = RegexTokenizer(expression=WORD) | LowercaseFilter() | LeftOutFilter()
"""Stop words and single letters as they are, so that "A&E" and "IT" can be found when a query holds nothing else."""

ANALYSERS = {"text": STEMMED, "left_out": LEFT_OUT}


@dataclass(frozen=True)
class Terms:
    """A query as the index is asked for it: how often each term stands in it, and the field they are sought in."""

    field: str
    counts: Counter[str]

    def __bool__(self) -> bool:
        return bool(self.counts)


def tidy_query(typed: str) -> str:
    """What was typed without control characters, invisible marks and lone surrogates, and with single spaces.

    Composed as texts in the index are (Unicode NFC), so that an accent is the same character in both.
    """
    visible = "".join(_visible(character) for character in typed)
    return " ".join(unicodedata.normalize("NFC", visible).split())


def _visible(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Cc":
        return " "
    return "" if category in ("Cf", "Cs") else character


def terms_of(query: str) -> Terms:
    """The terms of a query's first LONGEST_QUERY characters; the raw words when it holds nothing but stop words."""
    query = tidy_query(query)[:LONGEST_QUERY]
    for field, analyser in ANALYSERS.items():
        counts = Counter(token.text for token in analyser(query))
        if counts:
            return Terms(field, counts)
    return Terms("text", Counter())


_NUMBER = re.compile(r"(?:section\s+)?([0-9]+(?:\.[0-9]+)+)\.?|([0-9]+)", re.IGNORECASE)


def number_in(query: str) -> str:
    """The section number that is all there is to a query ("3.1", "section 2.10", "3"), or "".

    "section 47" is a statute's, not ours: behind the word a number has a full stop.
    """
    match = _NUMBER.fullmatch(query)
    return (match[1] or match[2]) if match else ""
