"""Whatever is typed, there is an answer, and the work that it costs has a bound."""

from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from procedures.search import keeping_up
from procedures.search.answering import Answer
from procedures.search.spelling import MOST_CANDIDATES, Speller
from procedures.search.words import LONGEST_QUERY, LONGEST_WORD
from tests import world
from tests.search.conftest import Ask

MOST_TERMS = 2 * LONGEST_QUERY  # sought for one query, without what the glossary adds to it
CONTROLS = [chr(code) for code in [*range(32), 127]]

HOSTILE = {
    "10,000 letters": "a" * 10_000,
    "10,000 characters of words": "advice " * 1_500,
    "10,000 quotation marks": '"' * 10_000,
    "10,000 combining marks": "e" + "\u0301" * 10_000,
    "500 words": " ".join(f"word{number}" for number in range(500)),
    "500 letters apart": " ".join("abcdefghij" * 50),
    "500 left out": " ".join(f"-w{number}" for number in range(500)),
    "500 phrases": " ".join(f'"a{number} b"' for number in range(500)),
    "every control character": "advice".join(CONTROLS),
    "a NUL": "ad\x00vice",
    "lone surrogates": "\ud800advice\udfff",
    "right to left": "\u202eecivda\u202c \u200fadvice\u200e \u2066x\u2069",
    "wildcards": "* ? adv* *vice a?vice %advice% _dvice",
    "unbalanced": '"advice “of \'it ((( [[ {{ " ” „',
    "a regular expression bomb": "(a+)+$ (x|xx)*y " + "a" * 100 + "!",
    "statutes": "s" * 100 + "section " * 10 + "s.47" * 20,
    "numbers": "1." * 99 + "1",
    "query languages": "text:advice AND NOT advice~2 OR (advice)^4 [a TO z] item:0-1",
    "SQL": "advice'; DROP TABLE procedures_version; --",
    "tsquery": "advice & !advice | (a <-> b):* \\'\\' ''",
    "HTML": "<script>alert(1)</script><mark>advice</mark>",
    "one word of everything": "".join(chr(code) for code in range(0x21, 0x250)),
    "emoji": "🜁👩\u200d👩\u200d👧\u200d👦" * 50,
    "wide": "ａｄｖｉｃｅ" * 100,
}


class Tags(HTMLParser):
    """The tags inside a snippet."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.add(tag)


@pytest.fixture
def work(manual: None, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    """How much is asked of the index and of the speller."""
    ask("advice")
    counted: Counter[str] = Counter()
    index = type(keeping_up.store().open())
    evidence, holding, candidates = index.evidence, index.holding, Speller.candidates

    def counting_evidence(self: object, seen: object, wanted: set, unwanted: set) -> object:
        counted["terms"] += len(wanted) + len(unwanted)
        counted["words of terms"] += sum(len(term.words) for term in [*wanted, *unwanted])
        return evidence(self, seen, wanted, unwanted)  # type: ignore[arg-type]

    def counting_holding(self: object, seen: object, words: set) -> dict:
        counted["looked up"] += len(words)
        return holding(self, seen, words)  # type: ignore[arg-type]

    def counting_candidates(self: Speller, word: str) -> dict:
        counted["spelt"] += 1
        return candidates(self, word)

    monkeypatch.setattr(index, "evidence", counting_evidence)
    monkeypatch.setattr(index, "holding", counting_holding)
    monkeypatch.setattr(Speller, "candidates", counting_candidates)
    yield counted


def within_bounds(work: Counter) -> bool:
    """At most 100 words fit into a query; a quoted phrase that is found nowhere is sought again as words."""
    spelt = work["spelt"] <= LONGEST_QUERY / 5
    looked_up = work["looked up"] <= LONGEST_QUERY + LONGEST_QUERY / 5 * (MOST_CANDIDATES + 2 * LONGEST_WORD)
    return spelt and looked_up and work["terms"] <= 2 * MOST_TERMS and work["words of terms"] <= 4 * MOST_TERMS


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_query_is_answered_and_its_work_is_bounded(work: Counter, ask: Ask, query: str) -> None:
    for partnership in ("", "northshire"):
        work.clear()

        found = ask(query, partnership)

        assert isinstance(found, Answer)
        assert within_bounds(work), work


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_hostile_query_gets_a_page(manual: None, client: Client, query: str) -> None:
    sent = query.encode("utf-8", "surrogatepass")

    pages = [
        client.get("/in/northshire/search/", {"q": sent, **more}) for more in ({}, {"whose": "everyone", "page": "1"})
    ]
    typing = client.get("/api/v1/suggestions", {"q": sent[:2000]})

    assert {page.status_code for page in pages} <= {200, 302}
    assert typing.status_code in (200, 422)
    assert {tag for page in pages if page.status_code == 200 for one in page.context["results"] for tag in Tags(one.snippet).found} <= {"mark"}  # fmt: skip  # noqa: E501


@pytest.mark.parametrize("name", ["q", "part", "whose", "spelling"])
def test_a_hostile_filter_gets_a_page(manual: None, client: Client, name: str) -> None:
    values = ["\x00", "\ud800".encode("utf-8", "surrogatepass"), "9" * 5000, "٣", "²", "-1", "'", "<b>", "", "\u202e"]

    pages = [client.get("/search/", {"q": "advice", name: value}) for value in values]

    assert {page.status_code for page in pages} <= {200, 302}
    assert [page for page in pages if "<b>" in page.content.decode()] == []


def test_many_parameters_of_one_name_get_a_page(manual: None, client: Client) -> None:
    assert client.get("/search/?" + "&".join(["q=advice"] * 500)).status_code == 200


def test_a_hostile_text_is_indexed_and_found(region: dict, ask: Ask) -> None:
    """Every character that a text may hold, words without end, and what looks like a query language."""
    odd = "".join(
        chr(code) for code in range(0x21, 0x3000) if chr(code).isprintable() and chr(code) not in "`\\[]<>*_~|#:"
    )
    world.publish("odd", number="1.1", body=f"`{odd}`\n\n{'x' * 3000}\n\n`' \\ '' \\\\ :* & | !`\n\nFindable.")

    assert ask.sections("findable") == ["odd"]
    assert ask.sections("x" * 3000) == []


# --- Invented ---------------------------------------------------------------------------------------------------------

invented = st.one_of(
    st.text(max_size=300),
    st.text(alphabet=st.characters(), max_size=250),
    st.text(alphabet="*?\"'“”„()[]{}^~:+-–&|\\/<>%_.,;!#§\x00\n ", max_size=120),
    st.text(alphabet='advice s47.-"', max_size=120),
    st.lists(st.sampled_from(["advice", "adv*", "-advice", '"of', 'may"', "confidentialty", "3.1", "s47", "🜁", "NOT"]), max_size=60).map(" ".join),  # fmt: skip  # noqa: E501
)  # fmt: skip

often = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)


@often
@given(query=invented)
def test_whatever_is_typed_the_page_is_a_page(manual: None, client: Client, query: str) -> None:
    page = client.get("/search/", {"q": query.encode("utf-8", "replace")})

    assert page.status_code in (200, 302)
    if page.status_code == 200:
        assert {tag for one in page.context["results"] for tag in Tags(one.snippet).found} <= {"mark"}


@often
@given(query=invented, offset=st.integers(0, 50))
def test_whatever_is_searched_for_there_is_an_answer_within_bounds(
    work: Counter, ask: Ask, query: str, offset: int
) -> None:
    work.clear()

    found = ask(query, "northshire", offset=offset)

    assert len(found.hits) <= found.total
    assert within_bounds(work), work
