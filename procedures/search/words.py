"""What counts as a word, in texts and in queries alike.

Both back ends index what `tokens` makes of a text and nothing else, so that they find the same.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from whoosh.analysis import STOP_WORDS
from whoosh.lang.porter2 import stem as porter2

LONGEST_QUERY = 200  # characters
LONGEST_WORD = 60  # characters; what is longer is no word that anybody searches for

WORD = r"\w+(?:[.&]?\w+|['’]t\b)*"  # keeps "2.10", "A&E" and "can't" whole
STATUTE = r"(?<![\w'’])(?:section|sect?\.?|s\.?|(?P<several>sections|ss\.?))\s?(?P<statute>\d{1,3}[a-z]{0,3})\b(?!\.\d)"
"""A section of an act: "section 47", "s47", "S.47", "s 16E". Behind one of the manual's own stands a full stop."""

_FURTHER = re.compile(r"\d{1,3}[a-z]{0,3}", re.IGNORECASE)
_LISTING = {"and", "or", "to"}
_TOKEN = re.compile(f"{STATUTE}|{WORD}", re.IGNORECASE)

ASKING = frozenset(
    (  # noqa: SIM905
        "am been could did do does get had has he her him his how i into me my need our she should so than their them "
        "then there these they was were what where which who whom whose why would"
    ).split()
)
"""Words that ask rather than tell what about: left out of a query that holds other words."""

CONTRACTIONS = frozenset(
    f"{word}nt"
    for word in ("are", "could", "did", "does", "do", "had", "has", "have", "is", "should", "was", "were", "would")
) | {"cant", "wont"}
"""As people type them, and as `tokens` gives them: without the apostrophe."""


class Token(NamedTuple):
    """A word of a text: its stem ("" for a stop word or a single letter), itself in small letters, and its place."""

    stem: str
    word: str
    start: int
    end: int


_DOUBLED = re.compile(r"(?<=\w{2})([bdfgmnprt])\1$")


@lru_cache(maxsize=100_000)
def stem_of(word: str) -> str:
    """The stem of a word in small letters; "" for a stop word or a single letter, which tell nothing.

    Porter's second algorithm, less a consonant that stays doubled, so that "referral" and "referred" have one stem.
    """
    if len(word) < 2 or word in STOP_WORDS:
        return ""
    return _DOUBLED.sub(r"\1", porter2(word)) if word.isalpha() else word


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in Unicode NFC, in order.

    A statute's section is one word, however it is written: "s47". So is each of several: "sections 44 and 46".
    """
    several = False
    for match in _TOKEN.finditer(text):
        word = match[0].casefold()
        if match["statute"]:
            several, word = bool(match["several"]), f"s{match['statute'].casefold()}"
        elif several and _FURTHER.fullmatch(word):
            word = f"s{word}"
        else:
            several = several and word in _LISTING
            word = word.replace("'", "").replace("’", "")
        if len(word) <= LONGEST_WORD:
            yield Token(stem_of(word), word, match.start(), match.end())


@lru_cache(maxsize=20_000)
def stems(text: str) -> tuple[str, ...]:
    """The words of a short text, such as a title, as phrases are compared: their stems, and stop words as they are."""
    return tuple(token.stem or token.word for token in tokens(text))


def words(text: str) -> tuple[str, ...]:
    """The words of a text in small letters, none left out."""
    return tuple(token.word for token in tokens(text))


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
