"""Typing errors are mended by the words of what the reader may see, and by nothing else."""

import pytest

from procedures.search import answering, spelling
from tests import world
from tests.search.conftest import Ask


@pytest.mark.parametrize(
    ("query", "mended"),
    [
        ("confidentialty", "confidentiality"),  # a letter missing
        ("confidentialitty", "confidentiality"),  # one too many
        ("confidentailty", "confidentiality"),  # two wrong
        ("confidentaility", "confidentiality"),  # two letters changed round
        ("Confidentialty", "confidentiality"),
        ("who keeps confidentialty?", "who keeps confidentiality?"),
        ("confidentialty  and\tconcent", "confidentiality and consent"),
        ("“sharing informaton” confidentialty", "“sharing informaton” confidentiality"),
    ],
)
def test_a_typing_error_is_mended(manual: None, ask: Ask, query: str, mended: str) -> None:
    found = ask(query)

    assert found.mended == mended


def test_what_is_mended_is_found(manual: None, ask: Ask) -> None:
    assert ask.sections("confidentialty") == ask.sections("confidentiality") == ["consent"]


def test_as_typed_nothing_is_mended(manual: None, ask: Ask) -> None:
    found = ask("confidentialty", as_typed=True)

    assert (found.mended, found.total) == ("", 0)


@pytest.mark.parametrize(
    "query",
    [
        "confidentiality",
        "confidential",  # its stem stands there
        "football",  # English, and in no text
        "advise",  # English, one letter from a word that is there
        "zzzqqq",
        "cal",  # too short to say
        "3.2",
        "s48",
        "consent2",
        "-confidentialty consent",
        '"confidentialty"',
    ],
)
def test_what_is_no_typing_error_is_left_alone(manual: None, ask: Ask, query: str) -> None:
    assert ask(query).mended == ""


def test_two_words_typed_as_one_are_taken_apart(manual: None, ask: Ask) -> None:
    found = ask("sharinginformation")

    assert (found.mended, [hit.section.slug for hit in found.hits]) == ("sharing information", ["sharing-information"])


def test_a_short_word_may_have_one_error_and_a_longer_one_two(region: dict, ask: Ask) -> None:
    world.publish("s1", number="1.1", title="Xylop", body="Quixotrel.")

    assert [ask(query).mended for query in ("xylof", "xyluf", "quixatrol", "quyxatrol")] == [
        "xylop",
        "",
        "quixotrel",
        "",
    ]


def test_the_nearest_word_is_meant_and_of_those_the_one_in_most_texts(region: dict, ask: Ask) -> None:
    world.publish("s1", number="1.1", body="Zorbing and zorbins, zorbinx.")
    world.publish("s2", number="1.2", body="Again zorbins.")

    assert ask("zorbinz").mended == "zorbins"


def test_a_word_of_the_glossary_is_no_error_and_mends_one(region: dict, ask: Ask) -> None:
    world.publish("s1", number="1.1", body="The text.")
    world.make_term("MASH", meaning="multiagency safeguardhub")

    found = [ask(query).mended for query in ("safeguardhub", "safegardhub")]

    assert found == ["", "safeguardhub"]


def test_the_reader_is_shown_a_whole_word_and_no_stem(region: dict, ask: Ask) -> None:
    """What the glossary alone has is compared by its stem."""
    world.publish("s1", number="1.1", body="The text.")
    world.make_term("Cuckooing", meaning="zimbabulating")

    assert ask("zimbabulatng").mended in ("", "zimbabulating")
    assert ask("zimbabulet").mended in ("", "zimbabulating")


def test_names_in_the_texts_are_words(region: dict, ask: Ask) -> None:
    world.publish("s1", number="1.1", title="Victoria Climbié", body="An inquiry by Lord Laming.")

    assert [ask(query).mended for query in ("Climbié", "Climbie", "Lamming")] == ["", "climbié", "laming"]


# --- Nobody learns another's words ------------------------------------------------------------------------------------

SEEN = {
    "": {"heartland"},
    "northshire": {"heartland", "northern-force", "northshire"},
    "southmoor": {"heartland", "southmoor"},
}
OTHERS = [(reader, owner) for reader in SEEN for owner in world.CANARIES if owner not in SEEN[reader]]


def misspelt(word: str) -> list[str]:
    """A word with one letter missing, changed, doubled, two of them changed round, and typed together with another."""
    return [word[:-2] + word[-1], word[:3] + "z" + word[4:], word + word[-1], word[:2] + word[3] + word[2] + word[4:],
            f"advice{word}"]  # fmt: skip


@pytest.mark.parametrize(("reader_of", "owner"), OTHERS)
def test_a_word_of_anothers_texts_is_never_proposed(manual: None, ask: Ask, reader_of: str, owner: str) -> None:
    canary = world.CANARIES[owner]
    ask(canary[:-1], owner)  # the process knows the word by now
    answering._speller.add([canary])

    found = [ask(query, reader_of) for query in misspelt(canary)]

    assert [(one.mended, one.total) for one in found] == [("", 0)] * len(found)


@pytest.mark.parametrize("owner", ["northshire", "eastvale", "southmoor"])
def test_its_own_readers_have_the_word_mended(manual: None, ask: Ask, owner: str) -> None:
    canary = world.CANARIES[owner]

    assert [ask(query, owner).mended for query in misspelt(canary)[:4]] == [canary] * 4


def test_a_word_of_another_partnerships_glossary_is_never_proposed(manual: None, ask: Ask) -> None:
    world.make_term("Zebrahub", by="southmoor")

    assert [ask("zebrahib", partnership).mended for partnership in ("southmoor", "northshire", "")] == [
        "zebrahub",
        "",
        "",
    ]


def test_a_word_of_another_day_is_never_proposed(manual: None, ask: Ask) -> None:
    world.publish("consent", on=world.date(2020, 1, 1), number="2.10", title="Consent", body="Only quixotrelling.")

    assert ask("quixotreling").mended == "quixotrelling"
    assert ask("quixotreling", on=world.date(2019, 12, 31)).mended == ""
    assert ask("confidentialty").mended == ""


def test_a_word_that_was_typed_is_not_learned(manual: None, ask: Ask) -> None:
    ask("Frabjousness")

    assert ask("Frabjousnes").mended == ""


def test_only_the_words_of_new_texts_are_learned_again(manual: None, ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    ask("confidentialty")
    learned = []
    add = spelling.Speller.add
    monkeypatch.setattr(spelling.Speller, "add", lambda self, words: (learned.extend(words), add(self, words))[1])

    ask("confidentialty")

    assert learned == []
