import pytest

from procedures.numbering import ancestors, candidates, depth, is_number, parent, sort_key


@pytest.mark.parametrize("text", ["1", "3", "999", "3.1", "2.10", "2.10.3", "1.2.3.4", "999.999.999.999"])
def test_a_number_has_one_to_four_components(text):
    assert is_number(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "01",
        "3.0",
        "3.01",
        "1000",
        "3.1000",
        "1.2.3.4.5",
        "3.",
        ".1",
        "3..1",
        "3,1",
        " 3",
        "3\n",
        "A",
        "2A",
        "٣.١",
        "3.¹",
    ],
)
def test_anything_else_is_no_number(text):
    assert not is_number(text)


def test_numbers_sort_by_their_components():
    numbers = ["10", "2.10", "2.9", "2", "2.10.1", "2.9.12", "1.1"]

    assert sorted(numbers, key=sort_key) == ["1.1", "2", "2.9", "2.9.12", "2.10", "2.10.1", "10"]


def test_what_is_no_number_is_refused_with_a_sentence():
    with pytest.raises(ValueError) as refusal:
        sort_key("3.01")

    assert str(refusal.value) == (
        "“3.01” is not a section number: write one to four numbers from 1 to 999 "
        "with full stops between them, for example 2.10."
    )


@pytest.mark.parametrize(
    ("number", "above", "all_above", "components"),
    [
        ("3", "", [], 1),
        ("3.1", "3", ["3"], 2),
        ("3.1.2", "3.1", ["3.1", "3"], 3),
        ("10.20.30.40", "10.20.30", ["10.20.30", "10.20", "10"], 4),
    ],
)
def test_the_number_is_the_tree(number, above, all_above, components):
    assert (parent(number), ancestors(number), depth(number)) == (above, all_above, components)


@pytest.mark.parametrize(
    ("number", "tried"),
    [
        ("2", ["2"]),
        ("2.10", ["2.10"]),
        ("2.10.3", ["2.10.3", "2.10"]),
        ("1.2.3.4", ["1.2.3.4", "1.2.3", "1.2"]),
    ],
)
def test_a_paragraph_is_looked_for_in_its_section_but_not_in_its_part(number, tried):
    assert candidates(number) == tried
