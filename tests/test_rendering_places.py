"""Where the numbers of a text's references stand."""

import pytest

from procedures.rendering import Place, parse, reference_places


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ("See Section 2.10.", [Place(12, 16, "2.10")]),
        ("See sections 2.9, 2.10.", [Place(13, 16, "2.9"), Place(18, 22, "2.10")]),
        ("`2.10` See §2.10", [Place(12, 16, "2.10")]),
        ("See Part 2 and parts\n3 and 4.", [Place(9, 10, "2"), Place(21, 22, "3"), Place(27, 28, "4")]),
        ("Nothing here: 2.10, section 47.", []),
    ],
)
def test_the_place_of_a_number_is_found_to_the_character(body, places):
    assert reference_places(body) == places
    assert [body[place.start : place.end] for place in places] == [link.number for link in parse(body).links]


def test_places_come_in_the_order_of_the_links_with_footnotes_last():
    body = "Text[^1].\n\n[^1]: See Section 2.10.\n\nSection 2.11.\n"

    assert [place.number for place in reference_places(body) if place] == ["2.11", "2.10"]
    assert [link.number for link in parse(body).links] == ["2.11", "2.10"]


@pytest.mark.parametrize("body", ["Section 2&#46;10", "Section 2.1&#48;", "Section 2.10&#49;"])
def test_a_number_that_is_not_written_as_it_is_read_has_no_place(body):
    assert len(parse(body).links) == 1
    assert reference_places(body) == [None]


def test_a_text_with_private_characters_has_no_places():
    assert reference_places("Section 2.10 \U000f0000") == []
