import re
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from procedures.rendering import carry_heading_ids, parse
from procedures.rendering.headings import IDS_AROUND


def headings(*texts: str) -> list[tuple[int, str, str, int]]:
    """Headings of the second level; "Words #id" fixes an id."""
    found = []
    for line, text in enumerate(texts, start=1):
        words, _, fixed_id = text.partition(" #")
        found.append((2, words, fixed_id, line))
    return found


def test_headings_are_listed_in_order_with_their_fixed_ids():
    body = (
        "## Who *to* `call` {#who}\n\nText.\n\n> ### Inside\n\nUnder\nlined {#u}\n---\n\n"
        "::: local a\n#### Slot ##\n:::\n"
    )

    assert parse(body).headings == (
        (2, "Who to call", "who", 1),
        (3, "Inside", "", 5),
        (2, "Under lined", "u", 7),
        (4, "Slot", "", 12),
    )


@pytest.mark.parametrize("body", ["## Escaped \\{#id}", "## Code `{#id}`", "## {#id} before"])
def test_braces_elsewhere_fix_nothing(body):
    assert [fixed_id for _level, _text, fixed_id, _line in parse(body).headings] == [""]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Who to call", "who-to-call"),
        ("The child’s “voice” & views", "the-childs-voice-views"),
        ("Café Société", "cafe-societe"),
        ("999 calls", "heading-999-calls"),
        ("P 45", "heading-p-45"),
        ("子ども", "heading"),
        ("", "heading"),
        ("a" * 70, "a" * 60),
        (
            "Information sharing between agencies when a child has moved from another area",
            "information-sharing-between-agencies-when-a-child-has-moved",
        ),
    ],
)
def test_a_new_id_is_made_of_the_words(text, made):
    assert carry_heading_ids([(2, text, "", 1)]) == [made]


@pytest.mark.parametrize(
    ("now", "before", "ids_before", "expected"),
    [
        (["A", "A", "A 2", "A"], [], [], ["a", "a-2", "a-2-2", "a-3"]),
        (["A", "B"], ["A", "B"], ["x", "y"], ["x", "y"]),
        (["A", "New", "B"], ["A", "B"], ["x", "y"], ["x", "new", "y"]),
        (["A", "Bee"], ["A", "B"], ["x", "y"], ["x", "y"]),
        (["B", "A"], ["A", "B"], ["x", "y"], ["y", "x"]),
        (["a  B"], ["A b"], ["x"], ["x"]),
        (["A #fixed", "B"], ["A", "B"], ["x", "y"], ["fixed", "y"]),
        (["B", "New #y"], ["B"], ["y"], ["b", "y"]),
        (["A"], ["A #fixed"], ["fixed"], ["fixed"]),
        (["A"], ["A", "B"], ["x", "y"], ["x"]),
        (["C", "D", "A"], ["A"], ["x"], ["c", "d", "x"]),
        (["Old", "A"], ["A", "B"], ["x", "old"], ["old-2", "x"]),
        (["C", "D"], ["Old"], ["c"], ["c-2", "d"]),
        (["A"], [], ["a"], ["a-2"]),
    ],
    ids=str,
)
def test_ids_outlive_rewording_moving_and_new_neighbours(now, before, ids_before, expected):
    assert carry_heading_ids(headings(*now), headings(*before), ids_before) == expected


def test_a_heading_of_another_level_is_not_a_rewording():
    assert carry_heading_ids([(3, "New", "", 1)], [(2, "Old", "", 1)], ["x"]) == ["new"]


TEXTS = st.lists(st.sampled_from(["A", "B", "C", "A 2", "P x", "", "A #a", "D #b"]), max_size=8)


@given(TEXTS, TEXTS)
def test_ids_are_unique_and_belong_to_nobody_else(texts_before, texts_now):
    before = headings(*dict.fromkeys(texts_before))
    ids_before = carry_heading_ids(before)
    now = headings(*dict.fromkeys(texts_now))

    ids = carry_heading_ids(now, before, ids_before)

    assert len(ids) == len(set(ids)) == len(now)
    assert carry_heading_ids(now, now, ids) == ids
    assert not any(made.startswith("p-") for made in ids)


@pytest.mark.parametrize("words", ["Main", "Partnership", "Day"])
def test_a_heading_does_not_take_an_id_that_the_page_around_it_has(words):
    assert carry_heading_ids(headings(words)) == [f"{words.lower()}-2"]


def test_an_author_cannot_fix_an_id_that_the_page_around_has():
    assert [fault.message for fault in parse("## Who {#partnership}\n\nText.\n").faults] == [
        "“{#partnership}” is the id of another place on every page: choose another."
    ]


def test_every_id_of_the_page_around_a_text_is_known():
    around = ["base.html", "_viewpoint.html", "_blocks.html", "_urgent.html", "reading/section.html"]
    templates = "".join((Path(settings.BASE_DIR) / "templates" / name).read_text() for name in around)

    assert set(re.findall(r'\b(?:id|field)="([a-z-]+)"', templates)) == IDS_AROUND
