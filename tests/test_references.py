import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procedures.numbering import is_number
from procedures.references import Reference, find_references


def marked(text: str) -> str:
    """`text` with every reference in square brackets, "?" after an uncertain one."""
    for reference in reversed(find_references(text)):
        mark = "" if reference.certain else "?"
        text = f"{text[: reference.start]}[{reference.words}]{mark}{text[reference.end :]}"
    return text


@pytest.mark.parametrize(
    "expected",
    [
        "[Section 2.10]",
        "see [section 2.10].",
        "(see [SECTION 2.10]);",
        "[Section 2.10]’s rules",
        "[Section\n2.10]",
        "[Section \n  2.10]",
        "[Section\xa02.10]",
        "[Section 2.10.3]",
        "[Section 1.2.3.4]",
        "[Section 2.10](3)",
        "[sub-section 2.10.3] and [subsection 2.10.4]",
        "[paragraph 2.10.3], [para 2.10.3] and [para. 2.10.3]",
        "[paras 2.10.3] to [2.10.5], [paras. 2.1] and [2.2]",
        "[§ 2.10], [§2.10] and [§§ 2.3], [2.5]",
        "[Section 2.10] of the procedures",
        "[Section 2.10] of the Manual and the Children Act 1989",
        "under [Section 2.10] and section 47 of the Children Act 1989",
    ],
)
def test_a_dotted_number_after_its_word_is_a_reference(expected):
    text = expected.replace("[", "").replace("]", "")

    assert marked(text) == expected


@pytest.mark.parametrize(
    "expected",
    [
        "[sections 2.3] and [2.5]",
        "[Sections 2.3], [2.5] and [2.7]",
        "[sections 2.3], [2.5], or [2.7].",
        "[sections 2.3] & [2.5]",
        "[sections 2.3] and/or [2.5]",
        "[sections 2.3]\nand\n[2.5]",
        "[sections 3.1] to [3.4]",
        "[sections 3.1]–[3.4]",
        "[sections 3.1]-[3.4]",
        "[sections 3.1] – [3.4] and [4.1]",
        "[sections 2.3] and 47",
        "[sections 2.3], 2.5 per cent of children",
        "[Section 2.3] and [section 2.5]",
        "[Section 2.3] and [2.5]?",
        "[Section 3.1] to [3.4]?",
        "In [Section 2.10], 2.5 million",
    ],
)
def test_every_number_of_a_list_is_a_reference(expected):
    text = expected.replace("[", "").replace("]?", "").replace("]", "")

    assert marked(text) == expected


@pytest.mark.parametrize(
    "expected",
    [
        "[Part 2]?",
        "in [part 2]?.",
        "[Parts 2]? and [3]?",
        "[Parts 1]?, [2]? and [4]?",
        "[Parts 2]? to [4]?",
        "[Part 2]? and 3 children",
        "[Part 2]? of this manual",
        "[Part 2]? of the West Midlands procedures",
        "see [3.1]? to [3.4]?.",
        "[3.1]?–[3.4]? and [3.9]?-[3.10]?",
        "[2.10.1]? to [2.10.3]?",
    ],
)
def test_parts_and_bare_ranges_are_uncertain(expected):
    text = expected.replace("[", "").replace("]?", "")

    assert marked(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "section 47",
        "section 47(1)",
        "sections 17 and 47",
        "s.2.10",
        "Section 2.10a",
        "Section 2.10_draft",
        "Section 2.05",
        "Section 02.5",
        "Section 2.1000",
        "Section 1.2.3.4.5",
        "Section2.10",
        "intersection 2.10",
        "cross-section 2.10",
        "section: 2.10",
        "rose by 2.5",
        "2.10",
        "version 2.10.3.4.5",
        "01632 960.100",
        "01632 960.100 to 960.200",
        "on 3.1.2024",
        "3.1.24 to 5.1.24",
        "Part A",
        "Part 2A",
        "Part 2(1)",
        "Part 2.10",
        "Part 1 of 3",
        "part 2 hours",
        "part 2-hour",
        "party 2",
        "Part 2000",
    ],
)
def test_other_numbers_are_left_alone(text):
    assert marked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "3.1 to 3.4%",
        "3.1 to 3.4 %",
        "3.1 to 3.4 per cent",
        "3.1 to 3.4 million",
        "3.1 to 3.4 years",
        "3.1-3.4kg",
        "3.1 to 3.4 cm",
        "£3.1 to 3.4",
        "€3.1–3.4",
        "from 3.1 to 3.4",
        "aged 3.1 to 3.4",
        "version 3.1 to 3.4",
        "regulations 3.1 to 3.4",
        "3.4 to 3.1",
        "3.1 to 3",
        "3.1 to 3.4a",
    ],
)
def test_a_range_of_something_else_is_left_alone(text):
    assert marked(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "section 11.2 of the Children Act 2004",
        "section 3.2 of the Data Protection Act 2018",
        "sections 11.2 and 11.3 of the Children Act 2004",
        "section 11.2(b) of the Children Act",
        "section 11.2 of the Children\nAct",
        "Section 3.2 of the Police, Crime, Sentencing and Courts Act 2022",
        "Section 3.2 of the Children and Young Persons (Wales) Regulations",
        "section 3.2 of that Act",
        "paragraph 3.2 of the Code",
        "paragraph 5.4 of the Mental Capacity Act Code of Practice",
        "3.1 to 3.4 of the Rules",
        "paragraph 2.1 of the Joint Protocol",
        "Section 2.1 of the Hague Convention",
        "Part 2 of the Act",
        "Part 3 of the Care Standards Regulations",
        "Parts 2 and 3 of the Family Procedure Rules",
        "part 2 of the referral form",
        "Part 2 of your report",
    ],
)
def test_what_belongs_to_a_law_or_a_form_is_left_alone(text):
    assert marked(text) == text


def test_a_reference_says_where_it_stands_and_what_it_means():
    assert find_references("See Sections 2.3 and 2.10.3, paragraph 4.1.1 and Part 5.") == [
        Reference(4, 16, "Sections 2.3", "2.3", "section", certain=True),
        Reference(21, 27, "2.10.3", "2.10.3", "section", certain=True),
        Reference(29, 44, "paragraph 4.1.1", "4.1.1", "paragraph", certain=True),
        Reference(49, 55, "Part 5", "5", "part", certain=False),
    ]


@pytest.mark.parametrize("text", ["Section 3\x002", "Section 3.2\x004", "Part 3\x002", "2.1\x00 to 2.4"])
def test_no_number_ends_beside_an_escaped_full_stop(text):
    assert find_references(text) == []


WORDS = st.sampled_from(
    [
        "section ",
        "Sections ",
        "paragraph ",
        "Part ",
        "Parts ",
        "§",
        " and ",
        ", ",
        " to ",
        "–",
        "-",
        ".",
        "\n",
        "\xa0",
        "2.10",
    ]
    + [
        "3.1.2",
        "47",
        "0",
        " of the ",
        "Children ",
        "Act",
        "%",
        " per cent",
        "£",
        "from ",
        "(a)",
        "a",
        "\x00",
        "٣",
    ]
)


@given(st.lists(WORDS, max_size=30).map("".join) | st.text())
@settings(max_examples=300, deadline=None)
def test_references_are_in_order_apart_and_made_of_the_text(text):
    references = find_references(text)

    ends = [0, *(reference.end for reference in references)]
    for end_before, reference in zip(ends, references, strict=False):
        assert end_before <= reference.start < reference.end
        assert reference.words == text[reference.start : reference.end]
        assert reference.words.endswith(reference.number)
        assert is_number(reference.number)
        assert reference.kind in ("section", "paragraph", "part")


@given(st.integers(1, 200))
@settings(max_examples=20)
def test_every_item_of_a_list_of_any_length_is_found(length):
    numbers = [f"{1 + place // 900}.{1 + place % 900}" for place in range(length)]

    assert [reference.number for reference in find_references("sections " + ", ".join(numbers))] == numbers


@pytest.mark.parametrize(
    "piece",
    [
        "section 1.1 and ",
        "sections 1.1, 1.2 to ",
        "section ",
        "section 1.1 of the Aaa and ",
        "1.1 to ",
        "Part 2 of the ",
        " ",
        "1.",
        "(a)",
    ],
)
def test_a_text_of_a_megabyte_is_searched_to_its_end(piece):
    text = piece * (1_000_000 // len(piece)) + "see Section 2.10."

    assert find_references(text)[-1].number == "2.10"
