"""The grammar of what people type: section numbers, "quoted phrases", -words to leave out, and words."""

import re
from dataclasses import dataclass

from procedures.search.interface import Term
from procedures.search.words import ASKING, LONGEST_QUERY, Token, tidy_query, tokens, words

_QUOTED = re.compile('(?P<without>(?:(?<=\\s)|^)[-−–])?["“”„]\\s*(?P<words>[^"“”„]*)["“”„]')
_WITHOUT = re.compile(r"(?:(?<=\s)|^)-(?P<word>[^\W\d][\w'’]*)")
_OURS = r"(?:(?:sections?|sec|paragraph|para|chapter|procedure|part|s)\b\.?\s*|§\s*)?"
_NUMBER = re.compile(
    rf"{_OURS}(?P<number>[0-9]{{1,4}}(?:\.[0-9]{{1,4}}){{1,9}})\.?|(?:part\s+)?(?P<part>[0-9]{{1,4}})", re.I
)


@dataclass(frozen=True)
class Typed:
    """A query taken apart: `text` is what was typed, tidied and no longer than LONGEST_QUERY characters."""

    text: str
    is_cut: bool
    words: tuple[Token, ...]
    phrases: tuple[Term, ...]
    unwanted: tuple[Term, ...]

    @property
    def number(self) -> str:
        """The section number that is all there is to the query ("3.1", "para 2.10.3", "Part 3"), or "".

        "section 47" is a statute's, not ours: behind the word a number has a full stop.
        """
        match = _NUMBER.fullmatch(self.text)
        return (match["number"] or match["part"]) if match else ""

    @property
    def telling(self) -> tuple[Token, ...]:
        """The words that tell what is sought; all words where none does, as in "DO" or "IT"."""
        with_stem = tuple(token for token in self.words if token.stem)
        telling = tuple(token for token in with_stem if token.word not in ASKING)
        return telling or with_stem or self.words

    def written(self, token: Token) -> str:
        """A word as it was typed."""
        return self.text[token.start : token.end]

    def is_capitals(self, token: Token) -> bool:
        """Whether a word was typed in capitals, as acronyms are."""
        return self.written(token).isupper()

    @property
    def without_quotes(self) -> str:
        """The query with its phrases as plain words."""
        return re.sub('["“”„]', " ", self.text)

    def __bool__(self) -> bool:
        return bool(self.words or self.phrases)


def parse(typed: str) -> Typed:
    """What somebody typed, taken apart. A quotation mark without a partner and a lone hyphen mean nothing."""
    tidy = tidy_query(typed)
    text = tidy[:LONGEST_QUERY].rstrip()
    phrases: list[Term] = []
    unwanted: list[Term] = []
    for match in _QUOTED.finditer(text):
        if found := words(match["words"]):
            (unwanted if match["without"] else phrases).append(Term(found, exact=True))
    rest = _QUOTED.sub(lambda match: " " * len(match[0]), text)
    unwanted += [Term(words(match["word"]), exact=True) for match in _WITHOUT.finditer(rest)]
    rest = _WITHOUT.sub(lambda match: " " * len(match[0]), rest)
    return Typed(text, len(tidy) > LONGEST_QUERY, tuple(tokens(rest)), tuple(phrases), tuple(unwanted))
