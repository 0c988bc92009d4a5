"""A draft merged with what was published meanwhile."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.editing.merging import Chunk, MergedField, Own, merge, merge_field, resolve

FIRST, SECOND, THIRD = "One.\n", "Two.\n", "Three.\n"


def text(*paragraphs: str) -> str:
    return "\n".join(paragraphs)


def kinds(base: str, mine: str, theirs: str) -> list[str]:
    return [chunk.kind for chunk in merge(base, mine, theirs)]


def conflicts(base: str, mine: str, theirs: str) -> list[tuple[str, str, str]]:
    return [(c.base, c.mine, c.theirs) for c in merge(base, mine, theirs) if c.kind == "conflict"]


# --- Who changed what ---------------------------------------------------------------------------------------------


def test_what_each_side_changed_in_a_paragraph_of_its_own_stands():
    base = text(FIRST, SECOND, THIRD)

    chunks = merge(base, text("My one.\n", SECOND, THIRD), text(FIRST, SECOND, "Their three.\n"))

    assert chunks == [
        Chunk("mine", FIRST, "My one.\n", FIRST),
        Chunk("same", "\nTwo.\n\n", "\nTwo.\n\n", "\nTwo.\n\n"),
        Chunk("theirs", THIRD, THIRD, "Their three.\n"),
    ]
    assert resolve(chunks, []) == text("My one.\n", SECOND, "Their three.\n")


def test_what_both_changed_alike_is_no_conflict():
    base = text(FIRST, SECOND)
    changed = text(FIRST, "Second.\n")

    assert kinds(base, changed, changed) == ["same", "alike"]
    assert resolve(merge(base, changed, changed), []) == changed


def test_what_both_changed_in_different_ways_is_for_somebody_to_choose():
    assert conflicts(text(FIRST, SECOND), text(FIRST, "Mine.\n"), text(FIRST, "Theirs.\n")) == [
        (SECOND, "Mine.\n", "Theirs.\n")
    ]


def test_what_one_side_deletes_and_the_other_rewords_is_a_conflict():
    assert conflicts(text(FIRST, SECOND, THIRD), text(FIRST, THIRD), text(FIRST, "Second.\n", THIRD)) == [
        ("Two.\n\n", "", "Second.\n\n")
    ]


def test_two_beginnings_of_nothing_are_a_conflict():
    assert merge("", FIRST, SECOND) == [Chunk("conflict", "", FIRST, SECOND)]


def test_nothing_merged_with_nothing_is_nothing():
    assert merge("", "", "") == []
    assert resolve([], []) == ""


# --- Whole paragraphs ---------------------------------------------------------------------------------------------


def test_a_conflict_is_shown_in_the_whole_paragraph():
    base = text(FIRST, "This line\nand that\nand another.\n", THIRD)

    assert conflicts(base, base.replace("that", "mine"), base.replace("that", "theirs")) == [
        (
            "This line\nand that\nand another.\n",
            "This line\nand mine\nand another.\n",
            "This line\nand theirs\nand another.\n",
        )
    ]


def test_a_change_in_the_paragraph_of_a_conflict_belongs_to_the_choice():
    base = "a\nb\nc\nd\ne\n"

    assert conflicts(base, "A\nb\nC\nd\ne\n", "a\nb\nK\nd\nE\n") == [(base, "A\nb\nC\nd\ne\n", "a\nb\nK\nd\nE\n")]


@pytest.mark.parametrize(
    ("above", "line", "below"),
    [
        ("- one\n", "- two\n", "- three\n"),
        ("1. one\n", "2. two\n", "3. three\n"),
        ("| one |\n", "| two |\n", "| three |\n"),
        ("## One\n", "## Two\n", "## Three\n"),
        ("::: local one\n", "Two.\n", ":::\n"),
    ],
)
def test_an_item_a_row_and_a_heading_are_chosen_alone(above, line, below):
    base = above + line + below

    assert conflicts(base, base.replace("wo", "wo mine"), base.replace("wo", "wo theirs")) == [
        (line, line.replace("wo", "wo mine"), line.replace("wo", "wo theirs"))
    ]


def test_a_wrapped_item_is_chosen_whole():
    base = "- one\n- two\n  and more\n- three\n"

    assert conflicts(base, base.replace("more", "mine"), base.replace("more", "theirs")) == [
        ("- two\n  and more\n", "- two\n  and mine\n", "- two\n  and theirs\n")
    ]


# --- Choosing -----------------------------------------------------------------------------------------------------

CONFLICT = [Chunk("same", "One.\n\n", "One.\n\n", "One.\n\n"), Chunk("conflict", "b\n", "mine\n", "theirs\n")]


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ("mine", "One.\n\nmine\n"),
        ("theirs", "One.\n\ntheirs\n"),
        ("both", "One.\n\nmine\n\ntheirs\n"),
        (Own("of my own"), "One.\n\nof my own\n"),
        (Own("two\r\nlines\r\n"), "One.\n\ntwo\nlines\n"),
        (Own(""), "One.\n\n"),
    ],
)
def test_a_conflict_is_settled_by_a_choice(choice, expected):
    assert resolve(CONFLICT, [choice]) == expected


@pytest.mark.parametrize(
    ("mine", "theirs", "expected"),
    [
        ("- mine\n", "- theirs\n", "- mine\n- theirs\n"),
        ("mine\n\n", "theirs\n", "mine\n\ntheirs\n"),
        ("mine\n", "## Theirs\n", "mine\n## Theirs\n"),
        ("", "theirs\n", "theirs\n"),
        ("mine\n", "", "mine\n"),
    ],
)
def test_both_stand_one_after_the_other_and_paragraphs_stay_apart(mine, theirs, expected):
    assert resolve([Chunk("conflict", "b\n", mine, theirs)], ["both"]) == expected


@pytest.mark.parametrize("choices", [[], ["mine", "mine"]])
def test_every_conflict_has_one_choice(choices):
    with pytest.raises(ValueError, match=f"^There are 1 conflicts to settle, and {len(choices)} choices.$"):
        resolve(CONFLICT, choices)


# --- Ends of lines ------------------------------------------------------------------------------------------------


def test_other_ends_of_lines_are_no_change():
    assert kinds("One.\n\nTwo.\n", "One.\r\n\r\nTwo.\r\n", "One.\r\rTwo.\r") == ["same"]


def test_a_missing_end_of_the_last_line_is_no_change():
    assert resolve(merge("One.\nTwo.", "One.\nTwo.\n", "Three.\nTwo."), []) == "Three.\nTwo.\n"


def test_no_other_character_ends_a_line():
    base = "One\u2028and\x0bmore.\n"

    assert merge(base, base, base) == [Chunk("same", base, base, base)]


def test_a_line_that_is_frequent_in_a_long_text_still_counts():
    base = "".join(f"line {number}\n\n" for number in range(300))

    assert kinds(base, base.replace("line 7\n", "mine\n"), base.replace("line 290\n", "theirs\n")) == [
        "same", "mine", "same", "theirs", "same",
    ]  # fmt: skip


# --- Fields of one line -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "expected"),
    [
        ("2.10", "2.10", "2.10", MergedField("2.10", False)),
        ("2.10", "2.11", "2.10", MergedField("2.11", False)),
        ("2.10", "2.10", "2.11", MergedField("2.11", False)),
        ("2.10", "2.11", "2.11", MergedField("2.11", False)),
        ("2.10", "2.12", "2.11", MergedField("2.12", True)),
        (None, date(2027, 1, 1), None, MergedField(date(2027, 1, 1), False)),
        (date(2027, 1, 1), None, date(2028, 1, 1), MergedField(None, True)),
    ],
)
def test_a_field_is_whichever_side_changed_it(base, mine, theirs, expected):
    assert merge_field(base, mine, theirs) == expected


# --- Whatever the texts -------------------------------------------------------------------------------------------

LINES = st.sampled_from(["", "a", "b", "c", "- d", "| e |", "## f", "  g", "::: local h", ":::"])
TEXTS = st.lists(LINES, max_size=12).map(lambda lines: "".join(f"{line}\n" for line in lines))


@given(TEXTS, TEXTS, TEXTS)
def test_the_chunks_put_together_are_the_three_texts(base, mine, theirs):
    chunks = merge(base, mine, theirs)

    assert "".join(chunk.base for chunk in chunks) == base
    assert "".join(chunk.mine for chunk in chunks) == mine
    assert "".join(chunk.theirs for chunk in chunks) == theirs


@given(TEXTS, TEXTS, TEXTS)
def test_a_chunk_is_what_its_kind_says(base, mine, theirs):
    for chunk in merge(base, mine, theirs):
        expected = {
            "same": chunk.base == chunk.mine == chunk.theirs,
            "mine": chunk.base == chunk.theirs != chunk.mine,
            "theirs": chunk.base == chunk.mine != chunk.theirs,
            "alike": chunk.mine == chunk.theirs != chunk.base,
            "conflict": True,
        }
        assert expected[chunk.kind], chunk


@given(TEXTS, TEXTS)
def test_what_only_one_side_changed_is_the_result(base, changed):
    assert resolve(merge(base, changed, base), []) == changed
    assert resolve(merge(base, base, changed), []) == changed
    assert resolve(merge(base, changed, changed), []) == changed


@given(TEXTS, TEXTS, TEXTS)
def test_each_sides_changes_are_in_the_result(base, mine, theirs):
    chunks = merge(base, mine, theirs)
    count = sum(chunk.kind == "conflict" for chunk in chunks)

    result = resolve(chunks, ["both"] * count)

    assert [chunk for chunk in chunks if chunk.kind in ("mine", "alike") and chunk.mine not in result] == []
    assert [chunk for chunk in chunks if chunk.kind == "theirs" and chunk.theirs not in result] == []


@given(TEXTS, TEXTS, TEXTS)
def test_the_two_sides_change_places_without_another_result(base, mine, theirs):
    mirrored = {"mine": "theirs", "theirs": "mine"}

    assert [(c.base, c.theirs, c.mine) for c in merge(base, mine, theirs) if c.kind == "conflict"] == conflicts(
        base, theirs, mine
    )
    assert [mirrored.get(kind, kind) for kind in kinds(base, mine, theirs)] == kinds(base, theirs, mine)
