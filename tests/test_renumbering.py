"""Renumbering: what it takes, what it changes, and what keeps it from being carried out."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from partnerships.models import Partnership
from procedures import renumbering, sealing
from procedures.models import CrossReference, Version
from procedures.publishing import Refused, publish_imported
from procedures.rendering import parse
from procedures.renumbering import NotMovable, NotRewritable, Plan, Replacement, gaps_closed, rewrite
from tests.reader import has, make_it
from tests.world import draft, make_version, publish

TODAY = date(2025, 1, 15)
DAY = date(2025, 3, 1)
LATER = date(2025, 6, 1)

MOVES = {"2.10": "2.11", "2.11": "2.12", "2.12": "2.13"}


# --- Rewriting a text ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("See Section 2.10.", "See Section 2.11."),
        ("See section 2.11 and Section 2.10.", "See section 2.12 and Section 2.11."),
        ("See sections 2.9, 2.10 and 2.11.", "See sections 2.9, 2.11 and 2.12."),
        ("See sections 2.10 to 2.12.", "See sections 2.11 to 2.13."),
        ("See 2.10 to 2.11.", "See 2.11 to 2.12."),
        ("See 2.9–2.10.", "See 2.9–2.11."),
        ("See §2.10 and §§ 2.11, 2.12.", "See §2.11 and §§ 2.12, 2.13."),
        ("See paragraph 2.10.3.", "See paragraph 2.11.3."),
        ("See paras. 2.10.3 and 2.10.4.1.", "See paras. 2.11.3 and 2.11.4.1."),
        ("See Section\n2.10.", "See Section\n2.11."),
        ("> - See *Section 2.10*\n>   and Section 2.10", "> - See *Section 2.11*\n>   and Section 2.11"),
        ("| a \\| Section 2.10 | Section 2.11 |\n| - | - |\n| x | Section 2.10 |",
         "| a \\| Section 2.11 | Section 2.12 |\n| - | - |\n| x | Section 2.11 |"),
        ("## Section 2.10 {#section-2-10}\n", "## Section 2.11 {#section-2-10}\n"),
        ("Text[^1].\n\n[^1]: See Section 2.10.\n\nSection 2.11.\n",
         "Text[^1].\n\n[^1]: See Section 2.11.\n\nSection 2.12.\n"),
        ("::: local front-door\nSection 2.10\n:::\n", "::: local front-door\nSection 2.11\n:::\n"),
        ("Section 2.10 &amp; Section 2.11", "Section 2.11 &amp; Section 2.12"),
    ],
)  # fmt: skip
def test_a_reference_gets_the_new_number(body, expected):
    assert rewrite(body, MOVES).body == expected


@pytest.mark.parametrize(
    "body",
    [
        "See section 2\\.10.",
        "See `Section 2.10`.",
        "```\nSection 2.10\n```",
        "See [Section 2.10](section:consent).",
        "See [the rules](https://example.org/2.10/section-2.10).",
        "See <https://example.org/section-2.10>.",
        "See section 2.10 of the Children Act 2004.",
        "See section 2.10 of the *Children Act 2004*.",
        "It costs 2.10 pounds, or 2.10 to 2.12 pounds.",
        "See Section 2.1, Section 12.10, Section 2.100 and Section 2.10.0.",
        "On 2.10.2024 and in version 2.10.",
        "See Part 2, and Section 2.9.",
        "2. Section 2.9\n10. Section 2.9",
    ],
)
def test_what_is_no_reference_to_a_moved_section_stays(body):
    assert rewrite(body, MOVES) == renumbering.Rewritten(body, ())


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "Section 2.10 of the Children Act 2004; Section 2.10.",
            "Section 2.10 of the Children Act 2004; Section 2.11.",
        ),
        ("`2.10` 2.10 Section 2.10 2\\.10 [2.10](section:a)", "`2.10` 2.10 Section 2.11 2\\.10 [2.10](section:a)"),
        ("Table 2.10 to 2.12; sections 2.10 to 2.12", "Table 2.10 to 2.12; sections 2.11 to 2.13"),
    ],
)
def test_of_two_that_look_alike_only_the_reference_changes(body, expected):
    assert rewrite(body, MOVES).body == expected


def test_a_part_moves_with_what_stands_under_it():
    body = "1. Part 2, parts 2 and 3, Part\n   2, Section 2.10; 2 people; Part 2 of the Act 2004.\n2. x"

    assert rewrite(body, {"2": "4", "2.10": "4.10"}).body == (
        "1. Part 4, parts 4 and 3, Part\n   4, Section 4.10; 2 people; Part 2 of the Act 2004.\n2. x"
    )


def test_a_number_of_its_own_under_a_moved_one_has_its_own_new_number():
    body = "See paragraphs 2.10.3 and 2.10.5."

    assert rewrite(body, {"2.10": "2.11", "2.10.3": "2.9.1"}).body == "See paragraphs 2.9.1 and 2.11.5."


def test_what_was_replaced_is_shown_with_the_words_around_it():
    body = "First.\n\nBefore a referral, read Section 2.10, then Section 2.11. " + "On it goes. " * 10

    assert rewrite(body, MOVES).replacements == (
        Replacement(3, "Before a referral, read Section ", "2.10", "2.11",
                    ", then Section 2.11. On it goes. On it goes. On it goes. On …"),
        Replacement(3, "Before a referral, read Section 2.10, then Section ", "2.11", "2.12",
                    ". On it goes. On it goes. On it goes. On it goes. On it …"),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("body", "moves", "line", "words", "number"),
    [
        ("One.\n\nSee 2.10 to 2.12.", {"2.10": "2.13"}, 3, "2.10", "2.13"),
        ("One.\nSee Section 2&#46;10.", {"2.10": "2.11"}, 2, "Section 2.10", "2.11"),
        ("\ue000 Section 2.10", {"2.10": "2.11"}, 1, "Section 2.10", "2.11"),
    ],
)
def test_what_cannot_be_replaced_is_for_somebody_to_mend(body, moves, line, words, number):
    with pytest.raises(NotRewritable) as refused:
        rewrite(body, moves)

    assert refused.value.line == line
    assert str(refused.value) == (
        f"“{words}” must become {number}, and the number cannot be replaced there without changing what the text "
        "refers to. Publish a version of this text first that says it in other words, or with a link such as "
        "[what it says](section:its-slug)."
    )


WORDS = st.sampled_from(
    ["Section 2.10", "sections 2.9 and 2.10", "2.10 to 2.12", "paragraph 2.11.4", "2.10", "`Section 2.10`", "2\\.10",
     "section 2.10 of the Act 2004", "Part 2", "\n\n", "\n- ", "\n> ", "| ", "*", "**", "[", "](section:a)", "and", ",",
     "to", "–", "2.12", "§2.11", "\n## ", "\\", "::: local a\n", "\n:::\n", "[^1]", "\n[^1]: ", "\n1. ", "2.", "<", ">"]
)  # fmt: skip


@given(st.lists(WORDS, max_size=12).map(" ".join))
def test_whatever_the_text_its_references_are_the_old_ones_renumbered_or_it_is_refused(body):
    try:
        rewritten = rewrite(body, MOVES).body
    except NotRewritable:
        return

    def new(number: str) -> str:
        return {"2.10": "2.11", "2.11": "2.12", "2.12": "2.13", "2.11.4": "2.12.4"}.get(number, number)

    assert [link.number for link in parse(rewritten).links] == [new(link.number) for link in parse(body).links]
    assert rewrite(rewritten, {new: old for old, new in MOVES.items()} | {"2.12.4": "2.11.4"}).body == body


# --- Working it out -----------------------------------------------------------------------------------------------


@pytest.fixture
def numbered(region) -> None:
    """2.10 Consent with a sub-section, 2.11, 2.12 and, after a gap, 2.14; texts of everybody that refer to them."""
    texts: list[tuple[str, str, dict[str, Any]]] = [
        ("consent", "heartland", {"number": "2.10", "body": "See Section 2.11 and paragraph 2.10.4.\n"}),
        ("consent-of-children", "heartland", {"number": "2.10.1", "body": "Text.\n"}),
        ("records", "heartland", {"number": "2.11", "body": "Text.\n"}),
        ("storage", "heartland", {"number": "2.12", "body": "Text.\n"}),
        ("apart", "heartland", {"number": "2.14", "body": "Text.\n"}),
        ("sharing", "heartland", {"number": "3.1", "body": "See Section 2.10.\n\nAnd [consent](section:consent).\n"}),
        ("by-slug", "heartland", {"number": "3.2", "body": "See [consent](section:consent).\n"}),
        ("sharing", "northshire", {"body": "See sections 2.10.1 and 2.14.\n"}),
        ("harbour", "southmoor", {"number": "4.1", "body": "See Section 2.12.\n", "review_date": date(2024, 1, 1)}),
    ]
    publish_imported([make_version(slug, by=by, **fields) for slug, by, fields in texts])


def planned(wanted: dict[str, str], *, by: str = "heartland", on: date = DAY, room: bool = True) -> Plan:
    return renumbering.plan(
        wanted,
        partnership=Partnership.objects.get(slug=by),
        effective_date=on,
        note="A better order.",
        make_room=room,
        today=TODAY,
    )


def moves_of(plan: Plan) -> list[tuple[str, str, str, str]]:
    return [(c.version.section.slug, c.moves_from, c.version.number, c.version.change_kind) for c in plan.moves]


def followers_of(plan: Plan) -> list[tuple[str, str, str, str]]:
    return [
        (c.version.section.slug, c.version.partnership.slug, c.version.body, c.version.change_note)
        for c in plan.changes
        if not c.moves_from
    ]


def sentences(plan: Plan) -> list[str]:
    return [*plan.objections, *(fault.message for fault in plan.faults)]


@pytest.mark.django_db
def test_what_stands_under_a_section_moves_with_it_and_what_is_in_the_way_makes_room(numbered):
    plan = planned({"consent": "2.11"})

    assert moves_of(plan) == [
        ("consent", "2.10", "2.11", "major"),
        ("consent-of-children", "2.10.1", "2.11.1", "consequential"),
        ("records", "2.11", "2.12", "consequential"),
        ("storage", "2.12", "2.13", "consequential"),
    ]
    assert sentences(plan) == []


@pytest.mark.django_db
def test_the_readers_are_told_of_the_move_itself(numbered):
    [consent, *_] = planned({"consent": "2.11"}).moves

    assert (consent.version.change_note, consent.version.body) == (
        "Renumbered from 2.10 to 2.11. A better order. "
        "Renumbered with it: 2.10.1 to 2.11.1, 2.11 to 2.12, 2.12 to 2.13.",
        "See Section 2.12 and paragraph 2.11.4.\n",
    )


@pytest.mark.django_db
def test_every_text_that_names_a_moved_number_follows_whosever_it_is(numbered):
    assert followers_of(planned({"consent": "2.11"})) == [
        (
            "sharing",
            "heartland",
            "See Section 2.11.\n\nAnd [consent](section:consent).\n",
            "Follows the renumbering of Section 2.10 to 2.11.",
        ),
        (
            "sharing",
            "northshire",
            "See sections 2.11.1 and 2.14.\n",
            "Follows the renumbering of Section 2.10.1 to 2.11.1.",
        ),
        ("harbour", "southmoor", "See Section 2.13.\n", "Follows the renumbering of Section 2.12 to 2.13."),
    ]


@pytest.mark.django_db
def test_a_following_text_keeps_all_else(numbered):
    [change] = [c for c in planned({"consent": "2.11"}).changes if c.version.partnership.slug == "northshire"]
    before = Version.objects.get(partnership__slug="northshire")

    version = change.version
    assert (version.effective_date, version.change_kind, version.title, version.number, version.withdrawn) == (
        DAY, "consequential", "", "", False,
    )  # fmt: skip
    assert (version.based_on_id, version.written_against_id) == (before.pk, before.written_against_id)


@pytest.mark.django_db
def test_a_review_that_is_overdue_stays_due(numbered):
    [change] = [c for c in planned({"consent": "2.11"}).changes if c.version.partnership.slug == "southmoor"]

    assert change.version.review_date == DAY


@pytest.mark.django_db
def test_without_making_room_a_taken_number_is_refused(numbered):
    assert sentences(planned({"consent": "2.11"}, room=False)) == [
        "Number 2.11 is taken: from 2025-03-01 it is the number of “records” as well."
    ]


@pytest.mark.django_db
def test_a_free_number_disturbs_nobody(numbered):
    assert moves_of(planned({"consent": "2.13"})) == [
        ("consent", "2.10", "2.13", "major"),
        ("consent-of-children", "2.10.1", "2.13.1", "consequential"),
    ]


@pytest.mark.django_db
def test_what_moves_down_pushes_only_as_far_as_the_gap_that_it_leaves(numbered):
    assert moves_of(planned({"storage": "2.10"})) == [
        ("consent", "2.10", "2.11", "consequential"),
        ("consent-of-children", "2.10.1", "2.11.1", "consequential"),
        ("records", "2.11", "2.12", "consequential"),
        ("storage", "2.12", "2.10", "major"),
    ]


@pytest.mark.django_db
def test_two_sections_change_places(numbered):
    plan = planned({"records": "2.12", "storage": "2.11"}, room=False)

    assert moves_of(plan) == [("records", "2.11", "2.12", "major"), ("storage", "2.12", "2.11", "major")]
    assert sentences(plan) == []


@pytest.mark.parametrize(
    ("wanted", "sentence"),
    [
        ({}, "No section is to get another number."),
        ({"nowhere": "2.11"}, "Heartland has no section “nowhere” with a number on 2025-03-01."),
        ({"harbour": "4.2"}, "Heartland has no section “harbour” with a number on 2025-03-01."),
        ({"consent": "2.010"}, "“2.010” is not a section number such as 3.1 or 2.10."),
        ({"consent": "2.10"}, "This section bears the number 2.10 already."),
        ({"consent": "2.10.2"}, "A section cannot stand under itself: 2.10.2 is under 2.10."),
    ],
)
@pytest.mark.django_db
def test_what_cannot_be_moved_is_told_before_anything_is_worked_out(numbered, wanted, sentence):
    plan = planned(wanted)

    assert (plan.objections, plan.changes, plan.is_possible) == ((sentence,), (), False)


@pytest.mark.django_db
def test_a_day_in_the_past_is_refused(numbered):
    assert sentences(planned({"consent": "2.11"}, on=date(2025, 1, 14))) == [
        "The day, 2025-01-14, lies in the past. The earliest possible day is today, 2025-01-15."
    ]


@pytest.mark.django_db
def test_there_may_be_no_room(region):
    publish("consent", number="2.998", body="Text.\n")
    publish("records", number="2.999", body="Text.\n")

    assert sentences(planned({"consent": "2.999"})) == ["There is no room: nothing comes after 2.999."]


@pytest.mark.django_db
def test_a_local_procedure_moves_with_the_section_that_it_stands_under(numbered):
    publish("consent-by-the-sea", number="2.10.7", by="southmoor", body="Text.\n")

    assert ("consent-by-the-sea", "2.10.7", "2.11.7", "consequential") in moves_of(planned({"consent": "2.11"}))


@pytest.mark.django_db
def test_another_partnerships_local_procedure_in_the_way_is_told(numbered):
    publish("by-the-sea", number="2.13", by="southmoor", body="Text.\n")

    assert sentences(planned({"consent": "2.11"})) == [
        "Number 2.13 is taken: from 2025-03-01 it is the number of “by-the-sea” as well."
    ]


@pytest.mark.django_db
def test_a_partnership_moves_its_own_procedure_and_nobody_elses(numbered):
    publish("cliffs", number="4.2", by="southmoor", body="See Section 4.1.\n")
    publish("islands", number="4.2", by="northshire", body="Text.\n")
    plan = planned({"harbour": "4.2"}, by="southmoor")

    assert moves_of(plan) == [("harbour", "4.1", "4.2", "major"), ("cliffs", "4.2", "4.3", "consequential")]
    assert plan.partnerships == [Partnership.objects.get(slug="southmoor")]
    assert sentences(plan) == []


@pytest.mark.django_db
def test_a_number_means_what_it_means_to_the_texts_own_readers(region):
    publish("quay", number="5.1", by="southmoor", body="Text.\n")
    publish("moor", number="5.1", by="northshire", body="Text.\n")
    for slug in ("southmoor", "northshire"):
        publish(f"{slug}-more", number="5.2", by=slug, body="See Section 5.1.\n")

    assert followers_of(planned({"quay": "5.7"}, by="southmoor")) == [
        ("southmoor-more", "southmoor", "See Section 5.7.\n", "Follows the renumbering of Section 5.1 to 5.7.")
    ]


@pytest.mark.django_db
def test_two_partnerships_procedures_of_one_section_move_each_for_itself(region):
    for slug in ("southmoor", "northshire"):
        publish("quay", number="5.1", by=slug, body="Text.\n")
        publish(f"{slug}-more", number="5.2", by=slug, body="See Section 5.1.\n")

    assert followers_of(planned({"quay": "5.7"}, by="northshire")) == [
        ("northshire-more", "northshire", "See Section 5.7.\n", "Follows the renumbering of Section 5.1 to 5.7.")
    ]


# --- What is scheduled --------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_scheduled_text_follows_on_its_own_day_and_keeps_its_note(numbered):
    publish("sharing", number="3.1", on=LATER, body="New rules. See Section 2.10.\n", change_note="New rules.")
    plan = planned({"consent": "2.11"})

    found = [c.version for c in plan.changes if c.version.number == "3.1"]
    assert [(version.effective_date, version.body, version.change_note) for version in found] == [
        (
            DAY,
            "See Section 2.11.\n\nAnd [consent](section:consent).\n",
            "Follows the renumbering of Section 2.10 to 2.11.",
        ),
        (LATER, "New rules. See Section 2.11.\n", "New rules. Follows the renumbering of Section 2.10 to 2.11."),
    ]
    assert sentences(plan) == []


@pytest.mark.django_db
def test_a_scheduled_version_of_a_moved_section_has_the_new_number_too(numbered):
    publish("records", number="2.11", on=LATER, body="More.\n", change_note="More is kept.")

    found = [c.version for c in planned({"consent": "2.11"}).changes if c.version.section.slug == "records"]
    assert [(v.effective_date, v.number, v.change_kind, v.change_note) for v in found] == [
        (DAY, "2.12", "consequential", "Renumbered from 2.11 to 2.12. A better order."),
        (LATER, "2.12", "major", "More is kept. Follows the renumbering of Section 2.11 to 2.12."),
    ]


@pytest.mark.parametrize("kind", ["major", "minor", "consequential"])
@pytest.mark.django_db
def test_a_scheduled_text_that_follows_stays_the_change_that_it_was(numbered, kind):
    publish("sharing", number="3.1", on=LATER, body="See Section 2.10.\n", change_kind=kind)

    found = [c.version for c in planned({"consent": "2.11"}).changes if c.version.number == "3.1"]
    assert [version.change_kind for version in found] == ["consequential", kind]


@pytest.mark.django_db
def test_what_took_effect_today_is_told_once(numbered):
    publish("sharing", number="3.1", on=TODAY, body="See Section 2.10.\n", change_note="New rules.")

    [version] = [c.version for c in planned({"consent": "2.11"}, on=TODAY).changes if c.version.number == "3.1"]
    assert (version.change_kind, version.change_note) == (
        "consequential",
        "Follows the renumbering of Section 2.10 to 2.11.",
    )


@pytest.mark.django_db
def test_a_move_on_the_day_of_a_scheduled_text_tells_of_both(numbered):
    publish("consent", number="2.10", on=DAY, body="Text.\n", change_note="New rules.", change_kind="minor")

    [version] = [c.version for c in planned({"consent": "2.13"}).changes if c.version.section.slug == "consent"]
    assert (version.change_kind, version.change_note) == (
        "major",
        "New rules. Renumbered from 2.10 to 2.13. A better order. Renumbered with it: 2.10.1 to 2.13.1.",
    )


@pytest.mark.parametrize(
    ("begins", "days"), [(date(2025, 2, 28), [DAY]), (DAY, [DAY]), (date(2025, 3, 2), [DAY, date(2025, 3, 2)])]
)
@pytest.mark.django_db
def test_what_begins_about_the_day_follows_once_for_each_text_that_still_counts(numbered, begins, days):
    publish("sharing", number="3.1", on=begins, body="New. See Section 2.10.\n")

    found = [c.version for c in planned({"consent": "2.11"}).changes if c.version.number == "3.1"]
    assert [version.effective_date for version in found] == days
    assert found[-1].body == "New. See Section 2.11.\n"


@pytest.mark.django_db
def test_what_was_replaced_on_its_own_day_does_not_follow(numbered):
    publish("sharing", number="3.1", on=LATER, body="First try. See Section 2.10.\n")
    publish("sharing", number="3.1", on=LATER, body="Second try.\n")

    assert [c.version.effective_date for c in planned({"consent": "2.11"}).changes if c.version.number == "3.1"] == [
        DAY
    ]


@pytest.mark.django_db
def test_a_section_that_is_to_begin_later_makes_room_as_well(numbered):
    publish("still-to-come", number="2.13", on=LATER, body="Text.\n")
    plan = planned({"consent": "2.11"})

    assert [(c.version.number, c.version.effective_date) for c in plan.changes if c.restates.number == "2.13"] == [
        ("2.14", LATER)
    ]
    assert ("apart", "2.14", "2.15", "consequential") in moves_of(plan)
    assert sentences(plan) == []


# --- Gaps and drafts ----------------------------------------------------------------------------------------------


def test_gaps_are_closed_at_one_level():
    numbers = {"a": "2.2", "b": "2.10", "c": "2.4", "part": "2", "other": "3.7", "under": "2.10.5"}

    assert gaps_closed(numbers, "2") == {"a": "2.1", "c": "2.2", "b": "2.3"}
    assert gaps_closed(numbers, "2.10") == {"under": "2.10.1"}
    assert gaps_closed(numbers, "") == {"part": "1"}
    assert gaps_closed({"a": "2.1", "b": "2.2"}, "2") == {}


@pytest.mark.django_db
def test_a_draft_that_names_a_moved_number_is_found(numbered):
    plan = planned({"consent": "2.11"})

    named = draft("sharing", number="3.1", body="Sections 2.10.4, 2.14 and 2.12; `2.11`.")
    assert renumbering.mentioned(named, plan) == ["2.10.4", "2.12"]


# --- Carrying it out ----------------------------------------------------------------------------------------------


def state() -> tuple[int, int]:
    return Version.objects.count(), CrossReference.objects.count()


@pytest.mark.django_db
def test_what_was_planned_is_published(numbered, regional_approver, northshire_author):
    publish("sharing", number="3.1", on=LATER, body="New rules. See Section 2.10.\n")
    plan = planned({"consent": "2.11"})

    published = renumbering.carry_out(plan, by=regional_approver, author=northshire_author, today=TODAY)

    assert [(v.section, v.partnership, v.effective_date, v.number, v.body) for v in published] == [
        (c.version.section, c.version.partnership, c.version.effective_date, c.version.number, c.version.body)
        for c in plan.changes
    ]
    assert {(v.author, v.approver, v.is_published) for v in published} == {(northshire_author, regional_approver, True)}
    assert list(sealing.breaches()) == []


@pytest.mark.django_db
def test_every_reference_means_the_section_that_it_meant(numbered, regional_approver):
    publish("sharing", number="3.1", on=LATER, body="New rules. See Section 2.10.\n")
    meant = {
        day: sorted(
            CrossReference.objects.in_force(day, Partnership.objects.values_list("pk", flat=True))
            .values_list("from_version__section", "from_version__partnership", "to_section")
        )
        for day in (DAY, LATER)
    }  # fmt: skip

    renumbering.carry_out(planned({"consent": "2.11"}), by=regional_approver, today=TODAY)

    everybody = Partnership.objects.values_list("pk", flat=True)
    rows = {day: CrossReference.objects.in_force(day, everybody) for day in (DAY, LATER)}
    keys = ("from_version__section", "from_version__partnership", "to_section")
    assert {day: sorted(found.values_list(*keys)) for day, found in rows.items()} == meant
    assert set(rows[LATER].exclude(number="").values_list("number", flat=True)) == {
        "2.12", "2.11.4", "2.11", "2.11.1", "2.14", "2.13",
    }  # fmt: skip


@pytest.mark.django_db
def test_the_way_back_is_another_renumbering(numbered, regional_approver):
    before = dict(Version.objects.in_force(DAY).values_list("section__slug", "body"))
    renumbering.carry_out(planned({"consent": "2.11"}), by=regional_approver, today=TODAY)
    back = {"consent": "2.10", "records": "2.11", "storage": "2.12"}

    renumbering.carry_out(planned(back, on=LATER, room=False), by=regional_approver, today=TODAY)

    assert dict(Version.objects.in_force(LATER).values_list("section__slug", "body")) == before


@pytest.mark.django_db
def test_what_is_published_meanwhile_undoes_all_of_it(numbered, regional_approver):
    plan = planned({"consent": "2.11"})
    publish("newcomer", number="3.3", body="See Section 2.10.\n")
    before = state()

    with pytest.raises(Refused) as refused:
        renumbering.carry_out(plan, by=regional_approver, today=TODAY)

    assert state() == before
    assert [fault.message[:70] for fault in refused.value.faults] == [
        "“Section 2.10” goes stale: from 2025-03-01 that section's number is 2."
    ]


@pytest.mark.django_db
def test_a_text_that_was_changed_meanwhile_undoes_all_of_it(numbered, regional_approver):
    plan = planned({"consent": "2.11"})
    publish("sharing", number="3.1", on=date(2025, 1, 1), body="Other words. See Section 2.10.\n")
    before = state()

    with pytest.raises(Refused) as refused:
        renumbering.carry_out(plan, by=regional_approver, today=TODAY)

    assert state() == before
    assert [(fault.version.section.slug, fault.field) for fault in refused.value.faults] == [("sharing", "based_on")]


@pytest.mark.parametrize(("wanted", "error"), [({}, NotMovable), ({"consent": "3.1"}, Refused)])
@pytest.mark.django_db
def test_a_plan_that_is_not_possible_is_not_carried_out(numbered, regional_approver, wanted, error):
    before = state()

    with pytest.raises(error):
        renumbering.carry_out(planned(wanted, room=False), by=regional_approver, today=TODAY)

    assert state() == before


@pytest.mark.django_db
def test_a_plan_has_another_digest_when_it_would_publish_something_else(numbered):
    digest = planned({"consent": "2.11"}).digest
    assert planned({"consent": "2.11"}).digest == digest

    publish("newcomer", number="3.3", body="See Section 2.10.\n")

    assert planned({"consent": "2.11"}).digest != digest


@pytest.mark.django_db
def test_a_plan_takes_as_many_queries_for_many_texts_as_for_few(numbered):
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            planned({"consent": "2.11"})
        return len(captured)

    few = queries()
    for place in range(3, 9):
        publish(f"more-{place}", number=f"3.{place}", body="See Section 2.10.\n")

    assert queries() == few


# --- The sample manual --------------------------------------------------------------------------------------------

SAMPLE_TODAY = date(2026, 11, 23)
SAMPLE_DAY = date(2026, 12, 1)


def links_as_read(day: date, numbered: dict[int, str]) -> dict[tuple[Any, ...], list[tuple[str, str]]]:
    """Of each text in force: the numbers it names, and the numbers that those sections bear on that day."""
    found: dict[tuple[Any, ...], list[tuple[str, str]]] = {}
    everybody = Partnership.objects.values_list("pk", flat=True)
    rows = CrossReference.objects.in_force(day, everybody).exclude(number="")
    for section, partnership, number, to in rows.values_list(
        "from_version__section", "from_version__partnership", "number", "to_section"
    ):
        found.setdefault((section, partnership), []).append((number, numbered[to]))
    return found


@pytest.mark.django_db
def test_2_10_of_the_sample_manual_becomes_2_11(sample, regional_person: User, reader, monkeypatch):
    consent = "consent-confidentiality-and-information-sharing"
    plan = renumbering.plan(
        {consent: "2.11"},
        partnership=Partnership.objects.get(kind="region"),
        effective_date=SAMPLE_DAY,
        note="A better order.",
        make_room=True,
        today=SAMPLE_TODAY,
    )

    renumbering.carry_out(plan, by=regional_person, today=SAMPLE_TODAY)

    assert [(c.moves_from, c.version.number) for c in plan.moves] == [
        (f"2.{number}", f"2.{number + 1}") for number in range(10, 21)
    ]
    for day, number in ((date(2026, 11, 30), "2.10"), (SAMPLE_DAY, "2.11")):
        bears = {}
        for section, borne in Version.objects.in_force(day).exclude(number="").values_list("section", "number"):
            bears[section] = borne
        assert Version.objects.in_force(day).get(section__slug=consent, number=number)
        for named in links_as_read(day, bears).values():
            assert [pair for pair in named if pair[0] != pair[1] and not pair[0].startswith(f"{pair[1]}.")] == []
    assert list(sealing.breaches()) == []

    make_it(SAMPLE_DAY, monkeypatch)
    text = f"//*[{has('prose')}]"
    pages = [reader.read(f"{on}/sections/sharing-information/") for on in ("", "/on/2026-11-30")]
    today, before = (" ".join(page.texts(text)) for page in pages)
    assert ("Section 2.11" in today, "Section 2.10" in today) == (True, False)
    assert ("Section 2.11" in before, "Section 2.10" in before) == (False, True)
    assert reader.get("/2.10").url == f"/sections/{consent}/?formerly=2.10"
    assert reader.get("/on/2026-11-30/2.10").url == f"/on/2026-11-30/sections/{consent}/"


@pytest.fixture
def regional_person(db: None) -> User:
    return User.objects.create_user("regional", "regional@example.org")
