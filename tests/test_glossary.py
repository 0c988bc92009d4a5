"""The words of the search: what rows must keep, and what readers have of them."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from procedures.glossary import ListedBestBet, ListedSense, ListedSynonym, wording
from procedures.models import BestBet, FreshnessStamp, Section, Sense, Synonym, Term
from procedures.models.word_list import tidy_words
from tests.world import make_term

HUB = "multi-agency safeguarding hub"


def refusal(thing):
    with pytest.raises(ValidationError) as refused:
        thing.full_clean()
    return refused.value.message_dict


def listed(region, *slugs):
    return wording(FreshnessStamp.now(), tuple(region[slug].pk for slug in slugs))


@pytest.fixture
def sections(db):
    return [Section.objects.create(slug=slug) for slug in ("referral", "neglect", "conferences")]


# --- Rows ---------------------------------------------------------------------------------------------------------


def test_a_term_is_tidied_and_gets_a_slug_of_its_own(region):
    first = make_term("  A&E  liaison ").term
    second = make_term("AE liaison").term
    local = make_term("A&E liaison", by="northshire").term

    assert [(term.name, term.slug) for term in (first, second, local)] == [
        ("A&E liaison", "ae-liaison"),
        ("AE liaison", "ae-liaison-2"),
        ("A&E liaison", "ae-liaison"),
    ]


def test_a_partnership_has_a_term_once_whatever_its_case(region):
    make_term("MASH")

    assert refusal(Term(partnership=region["heartland"], name="mash")) == {
        "__all__": ["This partnership’s glossary has that term already. Give it a further sense."]
    }
    Term(partnership=region["northshire"], name="mash").full_clean()
    with pytest.raises(IntegrityError), transaction.atomic():
        Term.objects.create(partnership=region["heartland"], name="Mash", slug="mash-3")


def test_a_slug_is_a_partnerships_once(region):
    make_term("MASH")

    assert refusal(Term(partnership=region["heartland"], name="Hub", slug="mash")) == {
        "__all__": ["Another term of this partnership has that slug already. Choose another."]
    }


def test_a_term_of_spaces_is_none(region):
    assert refusal(Term(partnership=region["heartland"], name="  ")) == {"__all__": ["Give the term."]}


def test_a_sense_says_what_the_term_means_and_each_means_something_else(region):
    sense = make_term("MASH", meaning=HUB)

    assert refusal(Sense(term=sense.term, meaning=HUB.upper(), definition=" ")) == {
        "__all__": [
            "Two senses of a term stand for different things. Change what one stands for.",
            "Say in a sentence or two what the term means.",
        ]
    }


def test_a_definition_is_no_chapter(region):
    term = make_term("MASH").term

    assert refusal(Sense(term=term, meaning="x", definition="y" * 1001)) == {
        "definition": ["The definition has 1001 characters; it can have 1000."]
    }


def test_only_a_retired_word_says_since_when_and_what_replaced_it(region):
    term = make_term("LSCB").term

    assert refusal(Sense(term=term, meaning="board", definition="x", retired_note="since 2019")) == {
        "__all__": ["Only a retired word says since when it is one."]
    }
    assert refusal(Sense(term=term, meaning="board", definition="x", replaced_by=["LSCP"])) == {
        "replaced_by": ["Only a retired word is replaced by another. Mark it as retired, or take this away."]
    }


def test_a_list_of_words_is_tidied(region):
    assert tidy_words([" front  door", "", "Front door", "hub"]) == ["front door", "hub"]
    assert make_term("MASH", other_names=["front\n door ", "FRONT DOOR"]).other_names == ["front door"]


@pytest.mark.parametrize(
    "words, message",
    [
        ([str(number) for number in range(31)], "These are 31 entries; it can be 30."),
        (["x" * 101], f"“{'x' * 30}…” has 101 characters; an entry can have 100."),
        ([1], "This is a list of texts."),
        ("front door", "This is a list of texts."),
        ({"a": 1}, "This is a list of texts."),
    ],
)
def test_a_list_of_words_has_its_limits(region, words, message):
    sense = make_term("MASH")
    sense.other_names = words
    synonym = Synonym(partnership=region["heartland"], typed=words, sought=["hub"])

    assert refusal(sense) == {"other_names": [message]}
    assert refusal(synonym) == {"typed": [message]}


def test_a_sense_keeps_its_sections_in_order(region, sections):
    sense = make_term("MASH", sections=("neglect", "referral", "neglect"))
    before = sense.section_slugs()

    sense.set_sections(["conferences", "neglect"])

    assert (before, sense.section_slugs()) == (["neglect", "referral"], ["conferences", "neglect"])


def test_a_section_that_is_not_there_is_refused_and_nothing_changes(region, sections):
    sense = make_term("MASH", sections=("neglect",))

    with pytest.raises(ValidationError) as refused:
        sense.set_sections(["referral", "nowhere", "nothing"])

    assert refused.value.messages == [
        "There is no section “nowhere” in this manual.",
        "There is no section “nothing” in this manual.",
    ]
    assert sense.section_slugs() == ["neglect"]


def test_a_sense_has_twenty_sections_at_most(region):
    slugs = [Section.objects.create(slug=f"section-{number}").slug for number in range(21)]

    with pytest.raises(ValidationError) as refused:
        make_term("MASH").set_sections(slugs)

    assert refused.value.messages == ["These are 21 sections; it can be 20. Name the main ones."]


def test_synonyms_have_words_on_both_sides_and_none_on_both(region):
    heartland = region["heartland"]

    assert refusal(Synonym(partnership=heartland, typed=[" "], sought=[])) == {
        "typed": ["Give at least one."],
        "sought": ["Give at least one."],
    }
    assert refusal(Synonym(partnership=heartland, typed=["Hub", "door"], sought=["MASH", "hub"])) == {
        "sought": ["“hub” stands on both sides. Take it away on one of them."]
    }


def test_the_same_words_have_one_entry(region):
    Synonym.objects.create(partnership=region["heartland"], typed=["drugs", "gang"], sought=["county lines"])

    assert refusal(Synonym(partnership=region["heartland"], typed=["Gang", "drugs"], sought=["exploitation"])) == {
        "typed": ["There is an entry for just these words already. Change that one."]
    }
    Synonym(partnership=region["northshire"], typed=["gang", "drugs"], sought=["exploitation"]).full_clean()


@pytest.mark.parametrize("typed, sought", [([], ["hub"]), (["hub"], [])])
def test_the_database_has_no_empty_synonyms_either(region, typed, sought):
    with pytest.raises(IntegrityError), transaction.atomic():
        Synonym.objects.create(partnership=region["heartland"], typed=typed, sought=sought)


def test_a_section_is_a_partnerships_best_bet_once(region, sections):
    BestBet.objects.create(partnership=region["heartland"], queries=["refer"], section=sections[0])

    assert refusal(BestBet(partnership=region["heartland"], queries=["front door"], section=sections[0])) == {
        "__all__": ["This section is a best bet already. Add the words there."]
    }
    with pytest.raises(IntegrityError), transaction.atomic():
        BestBet.objects.create(partnership=region["northshire"], queries=[], section=sections[0])


# --- What readers have --------------------------------------------------------------------------------------------


def test_a_term_is_read_whole(region, sections):
    make_term(
        "ICO",
        meaning="interim care order",
        definition="An order for the time being.",
        other_names=["interim order"],
        sections=("neglect", "conferences"),
    )
    make_term("ICO", meaning="Old office", is_retired=True, retired_note="since 2019", replaced_by=["LSCP"])

    [term] = listed(region, "heartland").terms

    assert (term.slug, term.name, term.partnership_id) == ("ico", "ICO", region["heartland"].pk)
    assert term.senses == (
        ListedSense(
            "interim care order", "An order for the time being.", ("interim order",), False, "", (),
            ("neglect", "conferences"),
        ),
        ListedSense("Old office", "What ICO is.", (), True, "since 2019", ("LSCP",), ()),
    )  # fmt: skip


def test_terms_stand_in_the_order_of_the_scope_and_then_by_name(region):
    for name, owner in (
        ("zeta", "heartland"),
        ("Beta", "heartland"),
        ("alpha", "heartland"),
        ("Aardvark", "northshire"),
        ("Aa", "southmoor"),
        ("Ab", "northern-force"),
    ):
        make_term(name, by=owner)

    names = [term.name for term in listed(region, "heartland", "northern-force", "northshire").terms]

    assert names == ["alpha", "Beta", "zeta", "Ab", "Aardvark"]


def test_synonyms_and_best_bets_are_read_in_the_order_of_the_scope(region, sections):
    for owner in ("northshire", "southmoor", "heartland"):
        Synonym.objects.create(partnership=region[owner], typed=[f"{owner} gang"], sought=["lines"], both_ways=True)
        BestBet.objects.create(partnership=region[owner], queries=[owner, "door"], section=sections[0], note="Why.")

    found = listed(region, "heartland", "northshire")

    assert found.synonyms == (
        ListedSynonym(("heartland gang",), ("lines",), True),
        ListedSynonym(("northshire gang",), ("lines",), True),
    )
    assert found.best_bets == (
        ListedBestBet(("heartland", "door"), "referral", "Why."),
        ListedBestBet(("northshire", "door"), "referral", "Why."),
    )


def test_nobody_in_particular_has_the_regions_words_alone(region):
    make_term("local", by="southmoor")

    assert [listed(region, *scope).terms for scope in ((), ("heartland",), ("northshire",))] == [()] * 3


def test_every_change_is_seen_at_once(region, sections):
    sense = make_term("MASH", sections=("neglect",))
    synonym = Synonym.objects.create(partnership=region["heartland"], typed=["a"], sought=["b"])
    best_bet = BestBet.objects.create(partnership=region["heartland"], queries=["a"], section=sections[0])
    stamps = [FreshnessStamp.now()]

    for change in (
        lambda: Term.objects.update(name="Hub"),
        lambda: Sense.objects.update(definition="Another."),
        lambda: sense.set_sections(["referral"]),
        lambda: Synonym.objects.filter(pk=synonym.pk).update(both_ways=True),
        lambda: BestBet.objects.filter(pk=best_bet.pk).delete(),
    ):
        change()
        stamps.append(FreshnessStamp.now())

    [term] = listed(region, "heartland").terms
    assert len(set(stamps)) == 6
    assert (term.name, term.senses[0].definition, term.senses[0].sections) == ("Hub", "Another.", ("referral",))


def test_the_words_take_three_queries_however_many_there_are_and_none_while_kept(
    region, sections, django_assert_num_queries
):
    for number in range(20):
        sense = make_term(f"Term {number % 10}", meaning=str(number), sections=("neglect", "referral"))
        Synonym.objects.create(partnership=sense.term.partnership, typed=[str(number)], sought=["b"])
    stamp = FreshnessStamp.now()

    with django_assert_num_queries(3):
        wording(stamp, (region["heartland"].pk,))
    with django_assert_num_queries(0):
        wording(stamp, (region["heartland"].pk,))
        wording(stamp, (region["heartland"].pk, region["northshire"].pk))
