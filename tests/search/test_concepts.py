"""What a query is about: its words, with all that the glossary and the synonyms say of them."""

import pytest

from procedures.glossary import ListedSense, ListedSynonym, ListedTerm, Wording
from procedures.search.concepts import AS_WRITTEN, FOR_EVERYDAY, OTHER_NAME, QUOTED, Understood, understand
from procedures.search.interface import Term
from procedures.search.lexicon import Lexicon, make_lexicon
from procedures.search.query import parse
from procedures.search.words import stems


def sense(meaning: str = "", *, other: tuple[str, ...] = (), instead: tuple[str, ...] = (), **fields) -> ListedSense:
    retired = bool(instead) or "retired_note" in fields
    values = {"definition": "", "retired_note": "", "sections": ()} | fields
    return ListedSense(meaning=meaning, other_names=other, replaced_by=instead, is_retired=retired, **values)


def lexicon(*synonyms: ListedSynonym, **terms: tuple[ListedSense, ...]) -> Lexicon:
    """The lexicon of some terms by name ("_" for a space) and synonyms."""
    listed = [
        ListedTerm(place, name.lower(), name.replace("_", " "), 1, senses)
        for place, (name, senses) in enumerate(terms.items())
    ]
    return make_lexicon(Wording(tuple(listed), synonyms, ()))


MASH = {"MASH": (sense("multi-agency safeguarding hub"),)}
NOTHING = lexicon()


def sought(understood: Understood) -> dict[str, dict[str, float]]:
    """What is sought for each concept, as label -> words -> weight; words sought as written stand in brackets."""
    return {
        concept.label: {
            f"[{' '.join(one.term.words)}]" if one.term.exact else " ".join(one.term.words): one.weight
            for one in concept.alternatives
        }
        for concept in understood.concepts
    }


def labels(query: str, words: Lexicon) -> list[str]:
    return list(sought(understand(parse(query), words)))


def test_a_word_is_sought_by_its_stem_and_a_little_as_it_is_written() -> None:
    found = understand(parse("bruises"), NOTHING)

    assert sought(found) == {"bruises": {"bruis": 1.0, "[bruises]": AS_WRITTEN}}
    assert (found.meanings, found.required, found.is_one_name) == ((), (), False)


def test_words_that_tell_nothing_are_not_sought_beside_others() -> None:
    assert labels("what should I do for the baby", NOTHING) == ["baby"]


@pytest.mark.parametrize(("query", "word"), [("DO", "do"), ("it", "it"), ("A&E", "a&e"), ("s.47", "s47"), ("of", "of")])
def test_a_word_alone_is_sought_whatever_it_is(query: str, word: str) -> None:
    [[concept]] = [understand(parse(query), NOTHING).concepts]

    assert word in {term.words[0] for term in (one.term for one in concept.alternatives)}


def test_a_quoted_phrase_is_required_as_it_is_written() -> None:
    found = understand(parse('who calls a "strategy discussion"'), NOTHING)

    phrase = Term(("strategy", "discussion"), exact=True)
    assert found.required == (phrase,)
    assert sought(found)["strategy discussion"] == {"[strategy discussion]": QUOTED}


# --- Terms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query", ["MASH", "mash", "Mash", "multi-agency safeguarding hub", "Multi agency safeguarding hubs"]
)
def test_an_acronym_and_what_it_stands_for_find_each_other(query: str) -> None:
    found = understand(parse(query), lexicon(**MASH))

    [words] = sought(found).values()
    assert words.get("mash", 0) >= OTHER_NAME
    assert words.get("multi agenc safeguard hub", 0) >= OTHER_NAME
    assert found.is_one_name
    assert {meaning.term.name for meaning in found.meanings} == {"MASH"}


def test_what_a_term_stands_for_is_found_among_other_words() -> None:
    found = understand(parse("who is in the multi-agency safeguarding hub today"), lexicon(**MASH))

    assert list(sought(found)) == ["multi agency safeguarding hub", "today"]
    assert not found.is_one_name


def test_the_plural_of_an_acronym_names_it() -> None:
    found = understand(parse("LADOs"), lexicon(LADO=(sense("local authority designated officer"),)))

    assert [meaning.term.name for meaning in found.meanings] == ["LADO"]


def test_a_name_of_several_words_is_named_with_or_without_its_small_words() -> None:
    words = lexicon(DoLS=(sense("deprivation of liberty safeguards"),))

    named = [understand(parse(query), words).meanings for query in ("deprivation of liberty safeguards", "deprivation liberty safeguards")]  # fmt: skip  # noqa: E501

    assert [[meaning.term.name for meaning in meanings] for meanings in named] == [["DoLS"], ["DoLS"]]


def test_the_longest_name_is_taken() -> None:
    words = lexicon(conference=(sense(),), child_protection_conference=(sense(),))

    found = understand(parse("child protection conference"), words)

    assert [meaning.term.name for meaning in found.meanings] == ["child protection conference"]


def test_other_names_are_sought_as_well() -> None:
    words = lexicon(FII=(sense("fabricated or induced illness", other=("Munchausen’s by proxy",)),))

    [found] = sought(understand(parse("FII"), words)).values()

    names = ["FII", "fabricated or induced illness", "Munchausen’s by proxy"]
    assert {" ".join(stems(name)) for name in names} <= found.keys()


def test_of_a_term_with_several_senses_all_are_meant() -> None:
    words = lexicon(ICO=(sense("interim care order"), sense("Information Commissioner’s Office")))

    found = understand(parse("ICO"), words)

    assert [meaning.sense.meaning for meaning in found.meanings] == [
        "interim care order",
        "Information Commissioner’s Office",
    ]
    assert {"interim care order", "inform commission s offic"} <= sought(found)["ICO"].keys()


def test_who_writes_out_one_of_the_senses_means_that_one() -> None:
    words = lexicon(ICO=(sense("interim care order"), sense("Information Commissioner’s Office")))

    found = understand(parse("interim care order"), words)

    assert [meaning.sense.meaning for meaning in found.meanings] == ["interim care order"]
    assert "inform commission s offic" not in sought(found)["interim care order"]


def test_a_retired_word_leads_to_what_replaced_it_and_not_the_other_way_round() -> None:
    words = lexicon(SCR=(sense("serious case review", instead=("child safeguarding practice review",)),))

    retired, current = (
        understand(parse(q), words) for q in ("serious case review", "child safeguarding practice review")
    )

    assert "child safeguard practic review" in sought(retired)["serious case review"]
    assert [meaning.is_retired for meaning in retired.meanings] == [True]
    assert current.meanings == ()


def test_another_name_of_a_retired_word_is_not_called_retired_itself() -> None:
    words = lexicon(SCR=(sense("serious case review", other=("case review",), instead=("practice review",)),))

    found = understand(parse("case review"), words)

    assert [(meaning.name, meaning.is_retired) for meaning in found.meanings] == [("case review", False)]


ENGLISH_WORDS = {
    "DO": (sense("designated officer"),),
    "IT": (sense("information technology"),),
    "CAPE": (sense("a project"),),
}


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("who is the DO", ["DO"]),
        ("ask IT about it", ["IT"]),
        ("DO", ["DO"]),
        ("do", ["DO"]),
        ("it", ["IT"]),
        ("what to do about bruising", []),
        ("is it neglect", []),
        ("a cape for the baby", []),
        ("the CAPE for babies", ["CAPE"]),
    ],
)
def test_an_english_word_is_a_term_only_in_capitals_or_alone(query: str, named: list[str]) -> None:
    found = understand(parse(query), lexicon(**ENGLISH_WORDS))

    assert [meaning.term.name for meaning in found.meanings] == named


# --- Synonyms ---------------------------------------------------------------------------------------------------------

ONE_WAY = ListedSynonym(("granny", "nan"), ("grandparent",), both_ways=False)
BOTH_WAYS = ListedSynonym(("runaway",), ("missing child",), both_ways=True)


def test_a_synonym_is_sought_beside_what_was_typed() -> None:
    [found] = sought(understand(parse("nan"), lexicon(ONE_WAY))).values()

    assert found == {"nan": 1.0, "[nan]": AS_WRITTEN, "grandpar": OTHER_NAME}


def test_a_synonym_one_way_goes_one_way() -> None:
    [found] = sought(understand(parse("grandparent"), lexicon(ONE_WAY))).values()

    assert {"granni", "nan"} & found.keys() == set()


@pytest.mark.parametrize(("query", "other"), [("runaways", "missing child"), ("missing child", "runaway")])
def test_a_synonym_both_ways_goes_both_ways(query: str, other: str) -> None:
    [found] = sought(understand(parse(query), lexicon(BOTH_WAYS))).values()

    assert found[" ".join(stems(other))] == OTHER_NAME


@pytest.mark.parametrize(
    ("query", "is_sought"),
    [
        ("drugs that a boy carries for a gang", True),
        ("gang gives drugs to boy", False),  # another order may mean something else
        ("boy carrying drugs", False),
    ],
)
def test_the_words_of_a_synonym_may_stand_apart_in_their_order(query: str, is_sought: bool) -> None:
    synonym = ListedSynonym(("drugs gang",), ("county lines",), both_ways=False)

    found = sought(understand(parse(query), lexicon(synonym)))

    assert [words for words in found.values() if "counti line" in words] == [{"counti line": OTHER_NAME}] * is_sought


def test_what_two_entries_say_is_sought_once() -> None:
    words = lexicon(ONE_WAY, ListedSynonym(("nan",), ("grandparent", "nan"), both_ways=False))

    [concept] = understand(parse("nan"), words).concepts

    assert sorted(" ".join(one.term.words) for one in concept.alternatives) == ["grandpar", "nan", "nan"]


def test_every_reason_says_where_it_is_from() -> None:
    words = lexicon(ONE_WAY, **MASH)

    [mash], [nan] = (understand(parse(query), words).concepts for query in ("MASH", "nan"))

    assert {one.why for one in mash.alternatives} >= {"typed", "MASH in the glossary"}
    assert {one.why for one in nan.alternatives} >= {"typed", "as written", "synonym of “nan”"}


def test_a_hostile_query_is_taken_apart_into_as_many_concepts_as_it_has_words() -> None:
    query = parse(" ".join(f"w{number}" for number in range(500)))

    found = understand(query, lexicon(ONE_WAY, BOTH_WAYS, **MASH))

    assert len(found.concepts) == len(query.words) <= 100


@pytest.mark.parametrize(("query", "weights"), [("dad keeps shouting", [1.0, FOR_EVERYDAY, 1.0]), ("keeps", [1.0])])
def test_an_everyday_word_counts_less_beside_others(query: str, weights: list[float]) -> None:
    concepts = understand(parse(query), lexicon()).concepts

    assert [concept.alternatives[0].weight for concept in concepts] == weights


def test_a_bare_number_may_be_a_section_of_an_act() -> None:
    [concept] = understand(parse("47"), lexicon()).concepts

    assert [(" ".join(one.term.words), one.why) for one in concept.alternatives] == [
        ("47", "typed"),
        ("47", "as written"),
        ("s47", "a section of an act"),
    ]
