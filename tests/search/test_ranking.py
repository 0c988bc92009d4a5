"""What is found first, what counts as a word, and what is shown of it."""

from collections import Counter
from datetime import date
from math import log

import pytest

from procedures.models import Version
from procedures.search import index, opened
from procedures.search.ranking import scores
from procedures.search.words import Terms, number_in, terms_of, tidy_query
from tests import world
from tests.search.conftest import Ask


def _sections(found: index.Found) -> list[str]:
    return [Version.objects.get(pk=hit.version_id).section.slug for hit in found.hits]


def test_scores_are_those_of_bm25_with_robertsons_idf(region: dict, ask: Ask) -> None:
    bodies = ["bruise baby baby", "baby referral call parents", "strategy meeting"]
    for place, body in enumerate(bodies, 1):
        world.publish(f"s{place}", number=f"1.{place}", title=f"Name{place}", body=body)
    ask("baby")
    searched = opened.OpenedIndex(index.folder().current())

    found = scores(searched.searcher, terms_of("baby baby bruise name1"), set(searched.living))

    lengths = [len(body.split()) + 1 for body in bodies]  # the title is part of the text
    mean = sum(lengths) / 3

    def bm25(times: int, holding: int, length: int) -> float:
        idf = log(1 + (3 - holding + 0.5) / (holding + 0.5))
        return idf * times * 2.5 / (times + 1.5 * (0.25 + 0.75 * length / mean))

    expected = [
        2 * bm25(2, 2, lengths[0]) + 2 * bm25(1, 1, lengths[0]) + 0.35 * bm25(1, 1, mean),  # titles have one length
        2 * bm25(1, 2, lengths[1]),
    ]
    assert sorted(found.values(), reverse=True) == pytest.approx(expected)
    searched.close()


def test_a_title_counts_a_little_more_than_the_text(region: dict, ask: Ask) -> None:
    world.publish("titled", number="1.1", title="Neglect", body="What to do about it, and when.")
    world.publish("mentioned", number="1.2", title="Other", body="What to do about neglect, and when.")

    assert _sections(ask("neglect")) == ["titled", "mentioned"]


def test_a_section_is_found_once_by_its_best_passage(region: dict, ask: Ask) -> None:
    body = "## One\n\nBruising and much else that is said at some length.\n\n## Two\n\nBruising, bruises.\n"
    world.publish("injuries", number="1.1", body=body)

    found = ask("bruise")

    assert found.total == 1
    assert [(hit.heading, hit.anchor) for hit in found.hits] == [("Two", "two")]


def test_a_section_is_found_once_whoever_of_the_readers_partnerships_adds_to_it(manual: None, ask: Ask) -> None:
    found = ask("hub also advice", "northshire")

    assert found.total == 1


def test_pages_of_results_hold_each_section_once(region: dict, ask: Ask) -> None:
    for place in range(1, 26):
        world.publish(f"s{place}", number=f"1.{place}", title=f"Place {place}", body="The same words in each.")

    pages = [_sections(ask("words", offset=offset)) for offset in (0, 10, 20, 30)]

    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert len({slug for page in pages for slug in page}) == 25


@pytest.mark.parametrize(
    ("body", "query"),
    [
        ("Take the child to A&E at once.", "A&E"),
        ("Ask IT to help.", "it"),
        ("The DO decides.", "DO"),
        ("Enquiries under s.47 begin.", "s.47"),
        ("As Section 2\\.10 says.", "2.10 says"),
        ("Bruising on babies.", "BRUISES on a baby"),
        ("Ask for Zoë.", "zoe\u0308"),
        ("The child’s voice.", "child's"),
    ],
)
def test_a_text_is_found_by(region: dict, ask: Ask, body: str, query: str) -> None:
    world.publish("found", number="1.1", title="Heading", body=body)

    assert _sections(ask(query)) == ["found"]


def test_stop_words_beside_other_words_find_nothing_of_themselves(region: dict, ask: Ask) -> None:
    world.publish("other", number="1.1", title="Other", body="It is for the best that you may.")

    assert ask("it is for bruising").total == 0


def test_a_text_that_goes_on_after_a_slot_stands_under_its_heading(region: dict, ask: Ask) -> None:
    body = "## Call\n\nFirst.\n\n::: local hub\nSecond.\n:::\n\nThird paragraph.\n"
    world.publish("call", number="1.1", body=body)

    [slot], [after] = ask("second").hits, ask("third").hits

    assert (slot.heading, after.heading) == ("Call", "Call")
    assert after.anchor.startswith("p-")


def test_a_heading_with_only_a_heading_under_it_is_found_with_that(region: dict, ask: Ask) -> None:
    world.publish("call", number="1.1", body="## Telephoning\n\n### By night\n\nRing the bell.\n")

    assert [hit.heading for hit in ask("telephone").hits] == ["By night"]


def test_a_heading_at_the_end_is_found(region: dict, ask: Ask) -> None:
    world.publish("call", number="1.1", body="Text.\n\n## Telephoning\n")

    assert [hit.heading for hit in ask("telephone").hits] == ["Telephoning"]


def test_a_section_without_words_is_found_by_its_title(region: dict, ask: Ask) -> None:
    world.publish("part", number="3", title="Working together", body="---")

    assert [(hit.heading, hit.snippet) for hit in ask("working").hits] == [("", "")]


# --- Snippets ---------------------------------------------------------------------------------------------------------


def test_a_snippet_marks_the_words_found_and_escapes_the_rest(region: dict, ask: Ask) -> None:
    world.publish("risky", number="1.1", title="Risky", body="A `<script>alert(1)</script>` & a bruise <b>here</b>.")

    [hit] = ask("bruising script").hits

    assert hit.snippet == (
        "A &lt;<mark>script</mark>&gt;alert(1)&lt;/<mark>script</mark>&gt; &amp; a <mark>bruise</mark> "
        "&lt;b&gt;here&lt;/b&gt;."
    )


def test_a_snippet_shows_the_stretch_with_most_of_the_words(region: dict, ask: Ask) -> None:
    padding = "Nothing that matters here at all. " * 20
    world.publish("long", number="1.1", title="Long", body=f"A bruise. {padding}A bruise on a baby. {padding}")

    [hit] = ask("bruised baby").hits

    assert hit.snippet.startswith("… ")
    assert "A <mark>bruise</mark> on a <mark>baby</mark>." in hit.snippet
    assert hit.snippet.endswith(" …")
    assert len(hit.snippet) < 300


def test_a_snippet_of_a_very_long_word_is_cut(region: dict, ask: Ask) -> None:
    world.publish("long", number="1.1", title="Endless", body="x" * 5000)

    [hit] = ask("endless").hits

    assert hit.snippet == "x" * 240 + " …"


# --- Queries ----------------------------------------------------------------------------------------------------------


def test_terms_are_weighted_by_how_often_they_stand_in_the_query() -> None:
    assert terms_of("baby babies, bruise") == Terms("text", Counter({"babi": 2, "bruis": 1}))


def test_a_query_of_stop_words_alone_is_taken_as_it_is() -> None:
    assert terms_of("A&E to be") == Terms("left_out", Counter({"a": 1, "e": 1, "to": 1, "be": 1}))


def test_control_characters_invisible_marks_and_lone_surrogates_are_taken_out() -> None:
    assert tidy_query(" a\x00b\tc\u202e\ud800d\r\n ") == "a b cd"


@pytest.mark.parametrize(
    ("query", "number"),
    [
        ("3.1", "3.1"),
        ("section 3.1", "3.1"),
        ("Section  2.10", "2.10"),
        ("SECTION 2.10.", "2.10"),
        ("3", "3"),
        ("section 47", ""),
        ("s 3.1", ""),
        ("3.1 to 3.4", ""),
        ("sharing 3.1", ""),
        ("٣.١", ""),
        ("", ""),
    ],
)
def test_a_section_number_is_told_from_other_queries(query: str, number: str) -> None:
    assert number_in(query) == number


def test_a_version_scheduled_for_later_is_found_from_its_first_day(manual: None, ask: Ask) -> None:
    world.publish("consent", on=date(2027, 1, 1), number="2.10", title="Consent", body="Tomorrowword.")

    assert ask("tomorrowword").total == 0
    assert ask("tomorrowword", on=date(2027, 1, 1)).total == 1
