"""What is found first, and by which words."""

from datetime import date
from math import log

import pytest

from partnerships.models import Partnership
from procedures.publishing import publish_imported
from procedures.search import folding, keeping_up
from procedures.search.interface import Seen, Term
from procedures.search.passages import Item, Kind
from procedures.search.ranking import Alternative, Concept, idf, scored
from tests import world
from tests.search.conftest import TODAY, Ask, slugs


def test_scores_are_those_of_bm25_with_robertsons_idf(region: dict, ask: Ask) -> None:
    bodies = ["bruise baby baby", "baby referral call parents", "strategy meeting"]
    for place, body in enumerate(bodies, 1):
        world.publish(f"s{place}", number=f"1.{place}", title=f"Name{place}", body=body)
    ask("baby")
    scope = frozenset({region["heartland"].pk})
    sought = [Concept(word, (Alternative(Term((word,)), 1.0),), times) for word, times in (("babi", 2), ("bruis", 1), ("name1", 1))]  # fmt: skip  # noqa: E501

    evidence = (
        keeping_up.store().open().evidence(Seen(scope, TODAY, scope), [one.alternatives[0].term for one in sought], [])
    )
    found = scored(sought, evidence)

    lengths = [len(body.split()) + 1 for body in bodies]  # the title is part of the text
    mean = sum(lengths) / 3

    def bm25(times: int, holding: int, length: float) -> float:
        worth = log(1 + (3 - holding + 0.5) / (holding + 0.5))
        return worth * times * 2.5 / (times + 1.5 * (0.25 + 0.75 * length / mean))

    expected = [
        2 * bm25(2, 2, lengths[0]) + 2 * bm25(1, 1, lengths[0]) + 0.35 * bm25(1, 1, mean),  # titles have one length
        2 * bm25(1, 2, lengths[1]),
    ]
    assert sorted(found.totals[found.totals > 0], reverse=True) == pytest.approx(expected)


def test_the_rarer_a_word_the_more_it_tells_and_none_tells_less_than_nothing() -> None:
    worth = [idf(holding, 100) for holding in (0, 1, 10, 50, 100, 101)]

    assert worth == sorted(worth, reverse=True)
    assert (worth[-2] > 0, worth[-1]) == (True, 0)


def test_a_phrase_is_counted_wherever_it_begins(region: dict, ask: Ask) -> None:
    world.publish("said", number="1.1", title="Said", body="No no no.")
    ask("no")
    scope, phrase = frozenset({region["heartland"].pk}), Term(("no", "no"), exact=True)

    evidence = keeping_up.store().open().evidence(Seen(scope, TODAY, scope), [phrase], [])

    assert evidence.text[phrase].times.tolist() == [2]


def test_a_title_counts_a_little_more_than_the_text(region: dict, ask: Ask) -> None:
    world.publish("mentioned", number="1.1", title="Other", body="What to do about neglect, and when.")
    world.publish("titled", number="1.2", title="Neglect of them", body="What to do about it, and when.")

    assert ask.sections("neglect") == ["titled", "mentioned"]


def test_any_of_the_words_is_enough_and_more_of_them_are_better(region: dict, ask: Ask) -> None:
    world.publish("one", number="1.1", title="First", body="Of bruises alone, and of nothing else here.")
    world.publish("both", number="1.2", title="Second", body="Of bruises and babies, and of nothing else.")
    world.publish("none", number="1.3", title="Third", body="Of something else.")

    assert ask.sections("bruised baby") == ["both", "one"]


def test_equals_stand_in_the_order_of_their_numbers(region: dict, ask: Ask) -> None:
    for number in ("1.10", "1.2", "2.1", "1.1"):
        world.publish(f"s{number.replace('.', '-')}", number=number, title="Alike", body="The same words.")

    assert ask.sections("words") == ["s1-1", "s1-2", "s1-10", "s2-1"]


def test_a_section_is_found_once_by_its_best_passage(region: dict, ask: Ask) -> None:
    body = "## One\n\nBruising and much else that is said at some length.\n\n## Two\n\nBruising, bruises.\n"
    world.publish("injuries", number="1.1", body=body)

    found = ask("bruise")

    assert found.total == 1
    assert [(hit.entry.heading, hit.entry.anchor) for hit in found.hits if hit.entry] == [("Two", "two")]


def test_a_section_is_found_once_whoever_of_the_readers_partnerships_adds_to_it(manual: None, ask: Ask) -> None:
    assert ask.sections("hub also advice", "northshire") == ["sharing-information"]


def test_pages_of_results_hold_each_section_once(region: dict, ask: Ask) -> None:
    numbers = range(1, 26)
    publish_imported([world.make_version(f"s{n}", number=f"1.{n}", title=f"Place {n}", body="Words.") for n in numbers])

    pages = [ask("words", offset=offset) for offset in (0, 10, 20, 30)]

    assert [(len(page.hits), page.total) for page in pages] == [(10, 25), (10, 25), (5, 25), (0, 25)]
    assert len({slug for page in pages for slug in slugs(page)}) == 25


# --- By which words ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "query"),
    [
        ("Take the child to A&E at once.", "A&E"),
        ("Ask IT to help.", "it"),
        ("The DO decides.", "DO"),
        ("Enquiries under s.47 begin.", "s.47"),
        ("Enquiries under Section 47 of the Act.", "s47"),
        ("Enquiries under s47.", "section 47 CA 1989"),
        ("As Section 2\\.10 says.", "2.10 says"),
        ("Bruising on babies.", "BRUISES on a baby"),
        ("Ask for Zoë.", "zoe\u0308"),
        ("The child’s voice.", "child's"),
        ("A vitamin C deficiency.", "vitamin c"),
        ("Non-recent abuse.", "non recent"),
    ],
)
def test_a_text_is_found_by(region: dict, ask: Ask, body: str, query: str) -> None:
    world.publish("found", number="1.1", title="Heading", body=body)

    assert ask.sections(query) == ["found"]


def test_equals_come_in_one_order_whatever_was_published_in_between(region: dict[str, Partnership], ask: Ask) -> None:
    world.publish("crossing", number="1.1", title="Crossing", body="A zebra.")
    world.publish("crossing", by="northshire", title="Crossing", body="A zebra.")
    contacts = [world.make_contact(region["northshire"], name=f"Zebra {name}") for name in ("Ann", "Bob", "Cat", "Dan")]
    ask("zebra", "northshire")

    world.publish("crossing", on=date(2027, 1, 1), number="1.1", title="Crossing", body="Later.")
    contacts[0].name = "Zebra Eve"
    contacts[0].save()
    found = ask("zebra", "northshire")
    keeping_up.store().rebuild(progress=lambda made, total: made)
    anew = ask("zebra", "northshire")

    assert [hit.entry for hit in found.hits] == [hit.entry for hit in anew.hits]
    assert found.beside == anew.beside == tuple(Item(Kind.CONTACT, contact.pk) for contact in contacts[:3])


def test_a_statutes_section_is_not_one_of_the_manuals(region: dict, ask: Ask) -> None:
    world.publish("act", number="1.1", body="An enquiry under section 47.")
    world.publish("ours", number="4.7", body="See Section 4.7 of this manual, or 47 of them.")

    assert ask.sections("s47") == ["act"]


def test_stop_words_beside_other_words_find_nothing_of_themselves(region: dict, ask: Ask) -> None:
    world.publish("other", number="1.1", title="Other", body="It is for the best that you may.")

    assert ask("it is for bruising").total == 0


def test_a_text_that_goes_on_after_a_slot_stands_under_its_heading(region: dict, ask: Ask) -> None:
    body = "## Call\n\nFirst.\n\n::: local hub\nSecondly.\n:::\n\nThird paragraph.\n"
    world.publish("call", number="1.1", body=body)

    [slot], [after] = ask("secondly").hits, ask("third").hits

    assert slot.entry and after.entry
    assert (slot.entry.heading, after.entry.heading) == ("Call", "Call")
    assert after.entry.anchor.startswith("p-")


def test_a_heading_with_only_a_heading_under_it_is_found_with_that(region: dict, ask: Ask) -> None:
    world.publish("call", number="1.1", body="## Telephoning\n\n### By night\n\nRing the bell.\n")

    assert [hit.entry.heading for hit in ask("telephone").hits if hit.entry] == ["By night"]


def test_a_heading_at_the_end_is_found(region: dict, ask: Ask) -> None:
    world.publish("call", number="1.1", body="Text.\n\n## Telephoning\n")

    assert [hit.entry.heading for hit in ask("telephone").hits if hit.entry] == ["Telephoning"]


def test_a_section_without_words_is_found_by_its_title(region: dict, ask: Ask) -> None:
    world.publish("part", number="3", title="Working together", body="---")

    [hit] = ask("working").hits

    assert hit.entry and (hit.entry.heading, hit.entry.body) == ("", "")


# --- Phrases, and words left out --------------------------------------------------------------------------------------


@pytest.fixture
def discussions(region: dict) -> None:
    world.publish("whole", number="1.1", title="First", body="Hold a strategy discussion at once.")
    world.publish("apart", number="1.2", title="Second", body="The discussions of the strategy.")
    world.publish("plural", number="1.3", title="Third", body="All strategy discussions are minuted by the dogs.")
    world.publish("title", number="1.4", title="Strategy discussion", body="Who comes, and when.")
    world.publish("border", number="1.5", title="The strategy", body="Discussion begins.")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('"strategy discussion"', {"title", "whole"}),
        ("“Strategy  Discussion” who", {"title", "whole"}),
        ('"strategy discussions"', {"plural"}),
        ('"of the strategy"', {"apart"}),
        ('"strategy discussion" "at once"', {"whole"}),
        ("strategy -dogs", {"whole", "apart", "title", "border"}),
        ('strategy -"strategy discussion"', {"apart", "plural", "border"}),
        ("strategy -discussions", {"whole", "title", "border"}),
        ("strategy -dog", {"whole", "apart", "plural", "title", "border"}),
        ("strategy -strategy", set()),
    ],
)
def test_a_phrase_is_required_and_words_are_left_out(
    discussions: None, ask: Ask, query: str, expected: set[str]
) -> None:
    assert set(ask.sections(query)) == expected


def test_a_phrase_that_no_text_has_is_taken_as_words(discussions: None, ask: Ask) -> None:
    found = ask('"minuted strategy"')

    assert (found.dropped_quotes, slugs(found)[:1]) == (True, ["plural"])


def test_a_phrase_that_only_a_term_has_is_taken_as_words_too(discussions: None, ask: Ask) -> None:
    world.make_term("Sundry", definition="A minuted strategy.")

    found = ask('"minuted strategy"')

    assert (found.dropped_quotes, slugs(found)[:1]) == (True, ["plural"])


# --- What editors say -------------------------------------------------------------------------------------------------


@pytest.fixture
def sections(region: dict) -> None:
    """Three sections of which the third says most about dogs."""
    world.publish("cats", number="1.1", title="Cats", body="Cats, and once a dog.")
    world.publish("birds", number="1.2", title="Birds", body="Birds alone are in this one.")
    world.publish("dogs", number="2.1", title="About dogs", body="Dogs, dogs, dogs.")


def test_a_best_bet_stands_first_at_once_and_no_longer_when_it_is_gone(sections: None, ask: Ask) -> None:
    before = ask.sections("dog")
    bet = world.make_best_bet(["Dogs"], "birds")
    meanwhile = ask.sections("dog")
    bet.delete()

    assert (before, meanwhile, ask.sections("dog")) == (["dogs", "cats"], ["birds", "dogs", "cats"], ["dogs", "cats"])


def test_a_best_bet_is_for_the_whole_query_in_any_form(sections: None, ask: Ask) -> None:
    world.make_best_bet(["walking the dog"], "birds")

    first = {query: ask.sections(query)[:1] for query in ("Walking the dogs", "walking the dog now", "dog")}

    assert first == {"Walking the dogs": ["birds"], "walking the dog now": ["dogs"], "dog": ["dogs"]}


def test_a_best_bet_whose_section_is_not_in_force_is_passed_over(sections: None, ask: Ask) -> None:
    world.make_best_bet(["dog"], "fish")
    world.publish("fish", on=date(2027, 1, 1), number="1.3", title="Fish", body="Fish.")

    assert ask.sections("dog") == ["dogs", "cats"]
    assert ask.sections("dog", on=date(2027, 1, 1)) == ["fish", "dogs", "cats"]


def test_a_title_typed_whole_stands_first(sections: None, ask: Ask) -> None:
    world.publish("welfare", number="2.2", title="Dogs and cats", body="Nothing to say here at all, and at length.")

    assert ask.sections("dogs and cats")[0] == ask.sections("Dog and cat")[0] == "welfare"


def test_the_sections_that_the_glossary_names_are_lifted_the_main_one_most(sections: None, ask: Ask) -> None:
    fillers = [world.make_version(f"filler-{n}", number=f"3.{n}", body="Of something else.") for n in range(1, 21)]
    publish_imported(fillers)  # so that a word tells something
    world.publish("hamsters", number="1.4", title="Small ones", body="Nothing.")
    before = ask.sections("dogs")
    world.make_term("dogs", definition="Animals.", sections=("birds", "hamsters"))

    found = ask("dogs")

    assert before == ["dogs", "cats"]
    assert set(slugs(found)) == {"dogs", "birds", "hamsters", "cats"}
    assert slugs(found).index("birds") < slugs(found).index("hamsters")
    [birds] = [hit for hit in found.hits if hit.section.slug == "birds"]
    assert [reason for reason, _points in birds.reasons] == ["the glossary has it under “dogs”"]


def test_a_synonym_finds_at_once_what_was_not_found_before(sections: None, ask: Ask) -> None:
    before = ask.sections("hound")
    world.make_synonym(["hound"], ["dog"])

    assert (before, ask.sections("hounds")) == ([], ["dogs", "cats"])


def test_what_replaced_a_retired_word_is_found_by_it(sections: None, ask: Ask) -> None:
    world.make_term("whelp", is_retired=True, retired_note="since 2019", replaced_by=["dogs"])

    found = ask("whelp")

    assert slugs(found) == ["dogs", "cats"]
    assert [(meaning.name, meaning.is_retired) for meaning in found.meanings] == [("whelp", True)]


def test_a_result_tells_why_it_is_there(sections: None, ask: Ask) -> None:
    world.make_best_bet(["dog"], "dogs")

    hit = ask("dog").hits[0]

    assert {reason for reason, _points in hit.reasons} >= {"its best passage", "its title", "chosen by the editors"}
    assert hit.score == pytest.approx(sum(points for _reason, points in hit.reasons))
    assert [label for label, _points in hit.by_concept] == ["dog"]


# --- Numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "slug"),
    [("3.1", "sharing-information"), ("section 3.1", "sharing-information"), ("para 2.10.3", "consent"),
     ("§2.10", "consent")],
)  # fmt: skip
def test_a_number_leads_straight_to_its_section(manual: None, ask: Ask, query: str, slug: str) -> None:
    found = ask(query)

    assert found.straight and found.straight.slug == slug


def test_the_number_of_a_local_procedure_is_known_only_to_its_own_readers(manual: None, ask: Ask) -> None:
    straight = {partnership: ask("4.1", partnership).straight for partnership in ("", "northshire", "southmoor")}

    assert {partnership: named and named.slug for partnership, named in straight.items()} == {
        "": None,
        "northshire": None,
        "southmoor": "harbour-children",
    }


def test_a_number_among_other_words_finds_its_section_and_what_mentions_it(manual: None, ask: Ask) -> None:
    found = ask("advice of 3.1 or 2.10")

    assert (found.straight, slugs(found)) == (None, ["sharing-information", "consent"])  # 3.1 has the words as well
    assert [reason for reason, _points in found.hits[1].reasons] == ["its number"]


# --- What is in force -------------------------------------------------------------------------------------------------


def test_a_withdrawn_text_is_not_found(manual: None, ask: Ask) -> None:
    refer = world.CANARIES["heartland"]
    assert ask(refer).total == 2

    world.publish("making-a-referral", on=date(2024, 1, 1), number="1.5", body="Goneword.", withdrawn=True)

    assert (ask(refer).total, ask("goneword").total) == (1, 0)


def test_what_was_added_to_a_regional_text_is_not_found_once_that_is_withdrawn(manual: None, ask: Ask) -> None:
    northcanary = world.CANARIES["northshire"]
    before = ask.sections(northcanary, "northshire")

    world.publish("sharing-information", on=date(2025, 1, 1), number="3.1", body="Gone.", withdrawn=True)

    assert (before, ask.sections(northcanary, "northshire")) == (["sharing-information"], [])
    assert ask.sections(northcanary, "northshire", on=date(2024, 12, 31)) == ["sharing-information"]


def test_the_title_of_a_withdrawn_section_says_that_it_no_longer_applies(manual: None, ask: Ask) -> None:
    world.publish("making-a-referral", on=date(2024, 1, 1), number="1.5", body="Gone.", withdrawn=True)

    assert [named.slug for named in ask("make referrals").withdrawn] == ["making-a-referral"]
    assert ask("make referrals", on=date(2023, 12, 31)).withdrawn == ()


def test_a_withdrawn_local_addition_takes_nothing_from_the_regional_text(manual: None, ask: Ask) -> None:
    world.publish("sharing-information", on=date(2025, 1, 1), by="northshire", body="Gone.", withdrawn=True)

    assert ask.sections(world.CANARIES["northshire"], "northshire", as_typed=True) == []
    assert ask.sections("advice", "northshire") == ["sharing-information"]
    assert ask("switchboard", "northshire").total == 2  # nobody fills the slot any longer


# --- Narrowed ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, {"making-a-referral", "sharing-information"}),
        ({"part": "1"}, {"making-a-referral"}),
        ({"part": "9"}, set()),
        ({"whose": "local"}, {"sharing-information"}),
        ({"whose": "regional"}, {"making-a-referral", "sharing-information"}),
        ({"whose": "local", "part": "1"}, set()),
    ],
)
def test_a_search_is_narrowed_to_a_part_and_to_whose_text_it_is(
    manual: None, ask: Ask, filters: dict[str, str], expected: set[str]
) -> None:
    found = ask("call advice hub", "northshire", **filters)  # type: ignore[arg-type]

    assert (set(slugs(found)), found.total) == (expected, len(expected))


def test_local_text_is_the_groups_as_well(manual: None, ask: Ask) -> None:
    assert ask("forcewide", "northshire", whose="local").total == 1
    assert ask("forcewide", "northshire", whose="regional").total == 0


def test_parts_are_counted_whatever_part_is_chosen(manual: None, ask: Ask) -> None:
    every, one = ask("call advice hub", "northshire"), ask("call advice hub", "northshire", part="1")

    assert every.parts == one.parts == {"1": 1, "3": 1}


def test_what_is_pinned_stands_above_everything_that_words_can_score() -> None:
    assert folding.PINNED > 100
