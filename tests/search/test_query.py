"""The grammar of what people type: numbers, quoted phrases, words to leave out, words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.search.interface import Term
from procedures.search.query import parse
from procedures.search.words import LONGEST_QUERY


def read(query: str) -> tuple[str, list[str], list[str]]:
    """A query's words, its phrases and what it leaves out."""
    typed = parse(query)
    phrases, unwanted = ([" ".join(term.words) for term in terms] for terms in (typed.phrases, typed.unwanted))
    return " ".join(token.word for token in typed.words), phrases, unwanted


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("bruising on a baby", ("bruising on a baby", [], [])),
        ('"strategy discussion"', ("", ["strategy discussion"], [])),
        ("“strategy discussion”", ("", ["strategy discussion"], [])),
        ("„strategy discussion“", ("", ["strategy discussion"], [])),
        ("”strategy discussion”", ("", ["strategy discussion"], [])),
        ("\"strategy discussion” who", ("who", ["strategy discussion"], [])),
        ('who "strategy discussion" and "when it is"', ("who and", ["strategy discussion", "when it is"], [])),
        ('"A&E" visits', ("visits", ["a&e"], [])),
        ("'strategy discussion'", ("strategy discussion", [], [])),
        ("the child’s voice", ("the child s voice", [], [])),
    ],
)  # fmt: skip
def test_what_stands_in_quotation_marks_of_any_kind_is_a_phrase(query: str, expected: tuple) -> None:
    assert read(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"', ("", [], [])),
        ('""', ("", [], [])),
        ('" " "', ("", [], [])),
        ('strategy "discussion', ("strategy discussion", [], [])),
        ('strategy discussion"', ("strategy discussion", [], [])),
        ('"one" two" three', ("two three", ["one"], [])),
        ('"!?" two', ("two", [], [])),
        ("“one ‘two’ three", ("one two three", [], [])),
    ],
)
def test_a_quotation_mark_without_a_partner_or_a_word_means_nothing(query: str, expected: tuple) -> None:
    assert read(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("neglect -dogs", ("neglect", [], ["dogs"])),
        ("-dogs neglect", ("neglect", [], ["dogs"])),
        ("neglect -Dogs -cats", ("neglect", [], ["dogs", "cats"])),
        ('neglect -"pet animals"', ("neglect", [], ["pet animals"])),
        ('neglect –"pet animals"', ("neglect", [], ["pet animals"])),
        ('-"pet animals" "home visits"', ("", ["home visits"], ["pet animals"])),
        ("neglect -school’s", ("neglect", [], ["school s"])),
        ("-dogs", ("", [], ["dogs"])),
    ],
)
def test_a_word_behind_a_hyphen_is_left_out(query: str, expected: tuple) -> None:
    assert read(query) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("aged 0-8", ("aged 0 8", [], [])),
        ("aged -8", ("aged 8", [], [])),
        ("non-recent abuse", ("non recent abuse", [], [])),
        ("multi-agency", ("multi agency", [], [])),
        ("neglect - dogs", ("neglect dogs", [], [])),
        ("neglect – dogs", ("neglect dogs", [], [])),
        ("neglect -", ("neglect", [], [])),
        ("--neglect", ("neglect", [], [])),
        ("neglect—dogs", ("neglect dogs", [], [])),
    ],
)
def test_a_hyphen_anywhere_else_means_nothing(query: str, expected: tuple) -> None:
    assert read(query) == expected


def test_a_phrase_and_a_word_left_out_are_compared_as_they_are_written() -> None:
    typed = parse('"strategy discussions" -dogs')

    assert (typed.phrases, typed.unwanted) == ((Term(("strategy", "discussions"), True),), (Term(("dogs",), True),))


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("3.1", "3.1"),
        ("3.1.", "3.1"),
        ("section 3.1", "3.1"),
        ("Section  2.10", "2.10"),
        ("SECTION 2.10.", "2.10"),
        ("sec. 2.10", "2.10"),
        ("s 3.1", "3.1"),
        ("s.3.1", "3.1"),
        ("§3.1", "3.1"),
        ("§ 3.1", "3.1"),
        ("para 2.10.3", "2.10.3"),
        ("Paragraph 2.10.3", "2.10.3"),
        ("chapter 3.1", "3.1"),
        ("procedure 3.1", "3.1"),
        ("part 3.1", "3.1"),
        ("part 3", "3"),
        ("3", "3"),
    ],
)
def test_a_section_number_is_one_in_every_way_of_writing_it(query: str, number: str) -> None:
    assert parse(query).number == number


@pytest.mark.parametrize(
    "query",
    ["section 47", "s47", "s.47", "§47", "para 47", "section 47 CA 1989", "3.1 to 3.4", "sharing 3.1", "٣.١", "²", "",
     "3..1", ".3", "1989 act", "12345", "1." * 11 + "1", "-3.1", '"3.1"', "3.1 3.2"],
)  # fmt: skip
def test_what_is_no_section_number_is_none(query: str) -> None:
    assert parse(query).number == ""


@pytest.mark.parametrize(
    ("query", "telling"),
    [
        ("what should I do for the neglected", ["neglected"]),
        ("the of a", ["the", "of", "a"]),
        ("DO", ["do"]),
        ("what do I do", ["what", "do", "do"]),
        ("who is it", ["who"]),
        ("IT", ["it"]),
        ("A&E", ["a&e"]),
    ],
)
def test_words_that_tell_nothing_count_only_where_there_are_no_others(query: str, telling: list[str]) -> None:
    assert [token.word for token in parse(query).telling] == telling


def test_a_word_knows_how_it_was_typed() -> None:
    typed = parse("the DO and IT, Mash")

    assert [(typed.written(token), typed.is_capitals(token)) for token in typed.words] == [
        ("the", False),
        ("DO", True),
        ("and", False),
        ("IT", True),
        ("Mash", False),
    ]


def test_a_query_that_is_too_long_is_cut_and_says_so() -> None:
    typed = parse("neglect " * 40)

    assert (typed.text, typed.is_cut) == (("neglect " * 40)[:LONGEST_QUERY].rstrip(), True)
    assert not parse("x" * LONGEST_QUERY).is_cut


@pytest.mark.parametrize(("query", "says_something"), [("", False), ("!?", False), ("-dogs", False), ('"a"', True)])
def test_a_query_that_seeks_nothing_is_false(query: str, says_something: bool) -> None:
    assert bool(parse(query)) is says_something


@given(st.text(alphabet=st.one_of(st.sampled_from("\"“”„-–—§.&'’ as347"), st.characters()), max_size=300))
def test_whatever_is_typed_is_taken_apart_within_its_bounds(query: str) -> None:
    typed = parse(query)

    terms = [*typed.phrases, *typed.unwanted]
    assert len(typed.text) <= LONGEST_QUERY
    assert len(typed.words) + sum(len(term.words) for term in terms) <= LONGEST_QUERY
    assert all(term.words and term.exact for term in terms)
    assert [typed.text[token.start : token.end] for token in typed.words if token.start >= len(typed.text)] == []
    assert parse(typed.text) == parse(typed.text)
