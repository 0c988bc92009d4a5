"""How often terms stand in a passage that was read, by its words in their order."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from procedures.search.interface import Place, Term
from procedures.search.on_postgresql.filling import SEPARATOR
from procedures.search.passages import Entry
from procedures.search.words import stem_of


@dataclass(frozen=True)
class Read:
    """A passage with its words: `stems` and `words` as the index has them, a space around each."""

    number: int
    lengths: tuple[int, int]
    entry: Entry
    stems: str
    words: str

    @property
    def place(self) -> Place:
        return Place(*self.entry.item, self.entry.section, self.entry.is_aside)


Times = tuple[Term, int, int]  # a term, how often it stands in the text, title included, and in the title


class Counting:
    """Counts terms in one passage after the other."""

    def __init__(self, terms: Collection[Term]) -> None:
        self._by_stem = _OneForm([term for term in terms if not term.exact])
        self._as_written = _OneForm([term for term in terms if term.exact])
        self._ambiguous = [term for term in self._by_stem.words if not stem_of(term.words[0])]

    def times(self, passage: Read) -> Iterator[Times]:
        """The terms that stand in a passage. A word as it is written is counted in the text alone."""
        for term, in_text, in_title in self._by_stem.times(passage.stems):
            if term not in self._ambiguous:
                yield term, in_text, in_title
        for term, in_text, in_title in self._as_written.times(passage.words):
            yield term, in_text, in_title if len(term.words) > 1 else 0
        for term in self._ambiguous:
            yield from _times_ambiguous(term, passage.words)


class _OneForm:
    """Terms that are all stems, or all words as they are written."""

    def __init__(self, terms: Collection[Term]) -> None:
        self.words = [term for term in terms if len(term.words) == 1]
        self._phrases = [
            term for term in terms if len(term.words) > 1 and (term.exact or any(map(stem_of, term.words)))
        ]
        self._sought = {word for term in terms for word in term.words}

    def times(self, words: str) -> Iterator[Times]:
        if not self._sought:
            return
        title, body = _parts(words)
        in_title = [word for word in title.split() if word in self._sought]
        in_body = [word for word in body.split() if word in self._sought]
        held = {*in_title, *in_body}
        for term in self.words:
            [word] = term.words
            if word in held:
                times = in_title.count(word)
                yield term, times + in_body.count(word), times
        for term in self._phrases:
            if held.issuperset(term.words):
                times = _together(title, term)
                in_text = times + _together(body, term)
                if in_text:
                    yield term, in_text, times


def _times_ambiguous(term: Term, words: str) -> Iterator[Times]:
    """Of a stem that looks like a stop word, as that of "being" does: by the words that have it."""
    in_title, in_body = (sum(1 for word in part.split() if stem_of(word) == term.words[0]) for part in _parts(words))
    if in_title or in_body:
        yield term, in_title + in_body, in_title


def _parts(words: str) -> tuple[str, str]:
    title, _separator, body = words.partition(f" {SEPARATOR} ")
    return f"{title} ", f" {body}"


def _together(words: str, phrase: Term) -> int:
    """How often a phrase stands in words; two that share a word between them are counted both."""
    return words.replace(" ", "  ").count(f" {'  '.join(phrase.words)} ")
