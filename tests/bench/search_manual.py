"""A manual to search in, of any size: sentences of the sample manual, in an order of their own in every section.

So words are as common and as rare as in real texts, and as many passages hold them. Every section has a regional
version of four passages, one in ten another one before it, and one in four a local addition of two passages. Nine in
ten passages are in force, and four in five are what a reader of `local-01` sees.
"""

import random
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.bench.content import HEADER, LAUNCH, REGION, number_of, partnerships, slug_of

SAMPLE = Path(__file__).parents[2] / "content"
PASSAGES = 49 / 10  # of a section, in the mean: 4 + 4 in 10 + 2 in 4
OWNERS = "local-01", "local-02", "local-03", "local-04"
HEADINGS = "When this applies", "What to do", "What happens afterwards"
HERE = "/in/local-01"

_NOT_PROSE = re.compile(r"^(?:[|:#>]|---|!\[)|\b(?:sections?|parts?|paragraphs?)\s+\d|\d\.\d|\[\^", re.I)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")


def sections_for(passages: int) -> int:
    """The number of sections that have about so many passages."""
    return round(passages / PASSAGES / 20) * 20


def make_search_manual(folder: Path, sections: int) -> None:
    """Write a manual of so many sections to a new folder, with the sample's glossary and synonyms."""
    chance = random.Random(sections)
    _write_lists(folder)
    for place in range(sections):
        regional = folder / "sections" / slug_of(place) / REGION
        number = f'---\nnumber: "{number_of(place)}"\ntitle: {_title(chance)}\n'
        header = HEADER.format(note="First text.").replace("---\n", number, 1)
        if place % 10 == 0:
            _write(regional / f"{LAUNCH}.md", header + _regional_body(chance))
        _write(regional / ("2021-05-01.md" if place % 10 == 0 else f"{LAUNCH}.md"), header + _regional_body(chance))
        if place % 4 == 0:
            owner = OWNERS[place // 4 % len(OWNERS)]
            body = f"{_prose(chance)}\n\n## Here\n\n{_prose(chance)}\n"
            _write(regional.parent / owner / "2021-06-01.md", HEADER.format(note="First text.") + body)


def queries(count: int, *, shortest: int, longest: int, seed: int) -> list[str]:
    """Queries of some words that stand in one sentence, each word as likely as it is common in the texts."""
    from procedures.search.words import ASKING, tokens

    chance = random.Random(seed)
    found: list[str] = []
    while len(found) < count:
        sentence = " ".join(chance.choices(sentences(), k=2 if longest > 3 else 1))
        words = [token.word for token in tokens(sentence) if token.stem and token.word not in ASKING]
        length = chance.randint(shortest, longest)
        if len(words) >= length:
            start = chance.randint(0, len(words) - length)
            found.append(" ".join(words[start : start + length]))
    return found


@cache
def sentences() -> tuple[str, ...]:
    """Every sentence of the sample manual that refers to no section; links as their words."""
    return tuple(dict.fromkeys(_sentences()))


def _sentences() -> Iterator[str]:
    for path in sorted((SAMPLE / "sections").glob("*/*/*.md")):
        for line in path.read_text("utf-8").split("\n---\n", 1)[1].splitlines():
            text = _LINK.sub(r"\1", line).strip().removeprefix("- ")
            if text and not _NOT_PROSE.search(text):
                yield from re.split(r"(?<=[.?!])\s+(?=[A-Z])", text)


def _title(chance: random.Random) -> str:
    words = re.findall(r"[A-Za-z]{4,}", " ".join(chance.choices(sentences(), k=2)))
    return " ".join(chance.sample(words, k=min(len(words), chance.randint(2, 5)))).capitalize()


def _regional_body(chance: random.Random) -> str:
    parts = [_prose(chance), *(f"## {heading}\n\n{_prose(chance)}" for heading in HEADINGS)]
    return "\n\n".join(parts) + "\n"


def _prose(chance: random.Random) -> str:
    """A paragraph and a list, of some seventy words."""
    said = chance.choices(sentences(), k=chance.randint(3, 6))
    return " ".join(said[:2]) + "\n\n" + "\n".join(f"- {sentence}" for sentence in said[2:])


def _write_lists(folder: Path) -> None:
    folder.mkdir(parents=True)
    glossary = _read("glossary.yaml")
    ours = [term for term in glossary if "partnership" not in term]
    for sense in (sense for term in ours for sense in term["senses"]):
        sense.pop("sections", None)  # which this manual does not have
    synonyms = _read("search-words.yaml")["synonyms"]
    files = {
        "partnerships.yaml": partnerships(),
        "glossary.yaml": ours,
        "search-words.yaml": {"synonyms": [one for one in synonyms if "partnership" not in one]},
    }
    for name, content in files.items():
        (folder / name).write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), encoding="utf-8")


def _read(name: str) -> Any:
    """A list of the sample manual, every value as text."""
    return yaml.load((SAMPLE / name).read_text("utf-8"), yaml.BaseLoader)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
