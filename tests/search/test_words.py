"""What counts as a word, in texts and in queries alike."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.search.words import LONGEST_WORD, stem_of, stems, tidy_query, tokens, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The child’s voice", ("the", "child", "s", "voice")),
        ("A&E", ("a&e",)),
        ("Q & A", ("q", "a")),
        ("para 2.10.3.", ("para", "2.10.3")),
        ("non-recent", ("non", "recent")),
        ("under_score", ("under_score",)),
        ("snake.case, e.g. this", ("snake.case", "e.g", "this")),
        ("Straße", ("strasse",)),
        ("…—!“”", ()),
        ("", ()),
    ],
)
def test_a_text_is_taken_apart_into_words_in_small_letters(text: str, expected: tuple[str, ...]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("written", "word"),
    [
        ("s47", "s47"),
        ("S47", "s47"),
        ("s.47", "s47"),
        ("S.47", "s47"),
        ("s. 47", "s47"),
        ("s 47", "s47"),
        ("ss 47", "s47"),
        ("sec. 47", "s47"),
        ("Sect. 47", "s47"),
        ("section 47", "s47"),
        ("SECTION 47", "s47"),
        ("Sections 47", "s47"),
        ("section 16E", "s16e"),
        ("s.175", "s175"),
        ("section\u00a047", "s47"),
    ],
)
def test_a_statutes_section_is_one_word_however_it_is_written(written: str, word: str) -> None:
    assert words(f"An enquiry under {written}, at once") == ("an", "enquiry", "under", word, "at", "once")
    assert words(f"{written} of the Children Act 1989")[0] == word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("section 3.1", ("section", "3.1")),
        ("Section 2.10 says", ("section", "2.10", "says")),
        ("s 3.1", ("s", "3.1")),
        ("sections of 47", ("sections", "of", "47")),
        ("dissection 47", ("dissection", "47")),
        ("the child’s 47", ("the", "child", "s", "47")),
        ("section 4712", ("section", "4712")),
        ("s", ("s",)),
    ],
)
def test_what_only_looks_like_a_statutes_section_is_not_one(text: str, expected: tuple[str, ...]) -> None:
    assert words(text) == expected


def test_a_statutes_section_at_the_end_of_a_sentence_is_one() -> None:
    assert words("Enquiries under section 47. They begin") == ("enquiries", "under", "s47", "they", "begin")


def test_every_word_knows_its_place_in_the_text() -> None:
    text = "Ask A&E, under  s. 47."

    found = {token.word: text[token.start : token.end] for token in tokens(text)}

    assert found == {"ask": "Ask", "a&e": "A&E", "under": "under", "s47": "s. 47"}


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("bruise", ["bruises", "bruised", "bruising"]),
        ("refer", ["refers", "referring", "referred", "referral", "referrals"]),
        ("plan", ["plans", "planned", "planning"]),
        ("hit", ["hits", "hitting"]),
        ("admit", ["admits", "admitted"]),
        ("enquiry", ["enquiries"]),
        ("safeguard", ["safeguarding", "safeguards"]),
    ],
)
def test_the_forms_of_a_word_have_one_stem(word: str, others: list[str]) -> None:
    assert {stem_of(other) for other in others} == {stem_of(word)}


@pytest.mark.parametrize("word", ["the", "of", "it", "to", "a", "e", "s", "7"])
def test_a_stop_word_and_a_single_letter_have_no_stem(word: str) -> None:
    assert stem_of(word) == ""


@pytest.mark.parametrize("word", ["s47", "2.10", "a&e", "covid19", "under_score"])
def test_what_is_not_of_letters_alone_is_its_own_stem(word: str) -> None:
    assert stem_of(word) == word


def test_a_phrase_keeps_its_stop_words() -> None:
    assert stems("Duties of the children’s homes") == ("duti", "of", "the", "children", "s", "home")


def test_a_word_longer_than_anybody_types_is_none() -> None:
    longest, longer = "x" * LONGEST_WORD, "y" * (LONGEST_WORD + 1)

    assert words(f"{longer} {longest} {longer}") == (longest,)


# --- What is typed ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        (" a\x00b\tc\u202e\ud800d\r\n ", "a b cd"),
        ("zoe\u0308", "zo\u00eb"),
        ("ﬁle", "ﬁle"),  # a ligature is left as it is typed: texts in the index are composed in the same way
        ("ref\u00aderral", "referral"),
        ("a\u200bb", "ab"),
        ("\ufeffneglect", "neglect"),
        ("\u2028two\u2029lines", "two lines"),
        ("", ""),
    ],
)
def test_control_characters_invisible_marks_and_lone_surrogates_are_taken_out(typed: str, tidy: str) -> None:
    assert tidy_query(typed) == tidy


def test_every_ascii_control_character_is_a_space() -> None:
    controls = [chr(code) for code in [*range(32), 127]]

    assert {tidy_query(f"a{control}b") for control in controls} == {"a b"}


def test_a_composed_and_a_decomposed_letter_are_one_word() -> None:
    assert words(tidy_query("Zoe\u0308")) == words(tidy_query("ZO\u00cb")) == ("zoë",)


@given(st.text(alphabet=st.characters()))
def test_a_tidy_query_is_composed_and_has_nothing_invisible(typed: str) -> None:
    tidy = tidy_query(typed)

    assert unicodedata.is_normalized("NFC", tidy)
    assert {unicodedata.category(character) for character in tidy} & {"Cc", "Cf", "Cs"} == set()
    assert (tidy.encode("utf-8"), " ".join(tidy.split())) == (tidy.encode(), tidy)


@given(st.text(alphabet=st.characters(max_codepoint=sys.maxunicode), max_size=80))
def test_words_lie_one_after_the_other_and_hold_no_space(text: str) -> None:
    found = list(tokens(text))

    assert all(before.end <= after.start for before, after in zip(found, found[1:], strict=False))
    assert [token for token in found if token.word.split() != [token.word] or token.word != token.word.casefold()] == []
