"""glossary.yaml and search-words.yaml: what is taken in, what is refused and where, and what comes out."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from procedures.exchange.exporting import export_content
from procedures.exchange.importing import ImportRefused, import_content
from procedures.models import BestBet, Sense, Synonym, Term, Version
from tests.exchange.folders import files, put, version
from tests.exchange.test_export import out_and_in_and_out
from tests.world import draft, make_best_bet, make_partnerships, make_synonym, make_term
from tests.world import publish as publish_from_file

GLOSSARY = """\
- term: ICO
  senses:
  - meaning: interim care order
    definition: An order
      for the time being.
    other-names: [interim  order, Interim order, '']
    sections: [neglect, consent, neglect]
  - meaning: Information Commissioner's Office
    definition: The regulator.
- term: A&E
  slug: casualty
  partnership: northshire
  senses:
  - definition: Where accidents go.
    retired: yes
    retired-note: since 2010
    replaced-by:
    - emergency department
"""
SEARCH_WORDS = """\
synonyms:
- typed: [gang, county line]
  sought: [exploitation]
  both-ways: yes
- partnership: northshire
  typed: [drugs]
  sought: [exploitation]
  note: Asked for by schools.
best-bets:
- queries: [refer, front door]
  section: neglect
  note: What most people come for.
"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def words(folder: Path) -> Path:
    """A content folder with two sections, a glossary and search words."""
    version(folder, "neglect/heartland/2019-06-01")
    version(folder, "consent/heartland/2019-06-01", number="2.2")
    put(folder, "glossary.yaml", GLOSSARY)
    put(folder, "search-words.yaml", SEARCH_WORDS)
    return folder


def faults(folder: Path) -> list[str]:
    with pytest.raises(ImportRefused) as refused:
        import_content(folder)
    assert [model.objects.count() for model in (Term, Synonym, BestBet, Version)] == [0, 0, 0, 0]
    return [str(fault) for fault in refused.value.faults]


def senses_of(slug: str) -> list[tuple]:
    fields = ("meaning", "definition", "other_names", "is_retired", "retired_note", "replaced_by")
    return list(Sense.objects.filter(term__slug=slug).values_list(*fields))


# --- In -----------------------------------------------------------------------------------------------------------


def test_terms_come_in_with_their_senses(words):
    import_content(words)

    assert list(Term.objects.order_by("name").values_list("partnership__slug", "slug", "name")) == [
        ("northshire", "casualty", "A&E"),
        ("heartland", "ico", "ICO"),
    ]
    assert senses_of("ico") == [
        ("interim care order", "An order for the time being.", ["interim order"], False, "", []),
        ("Information Commissioner's Office", "The regulator.", [], False, "", []),
    ]
    assert senses_of("casualty") == [("", "Where accidents go.", [], True, "since 2010", ["emergency department"])]
    assert [sense.section_slugs() for sense in Sense.objects.order_by("term__name", "position")] == [
        [], ["neglect", "consent"], [],
    ]  # fmt: skip


def test_search_words_come_in(words):
    import_content(words)

    fields = ("partnership__slug", "typed", "sought", "both_ways", "note")
    assert list(Synonym.objects.order_by("pk").values_list(*fields)) == [
        ("heartland", ["gang", "county line"], ["exploitation"], True, ""),
        ("northshire", ["drugs"], ["exploitation"], False, "Asked for by schools."),
    ]
    assert list(BestBet.objects.values_list("partnership__slug", "queries", "section__slug", "note")) == [
        ("heartland", ["refer", "front door"], "neglect", "What most people come for.")
    ]


def test_importing_twice_changes_nothing(words):
    first = import_content(words)

    second = import_content(words)

    assert (first.registers_made, first.registers_changed) == (10 + 8, 0)  # partnerships and their like, and words
    assert (second.registers_made, second.registers_changed) == (0, 0)


def test_a_check_writes_nothing(words):
    done = import_content(words, check_only=True)

    assert (done.registers_made > 0, Term.objects.count(), Synonym.objects.count(), BestBet.objects.count()) == (
        True, 0, 0, 0,
    )  # fmt: skip


def test_a_folder_without_these_files_has_none(folder):
    version(folder, "neglect/heartland/2019-06-01")

    import_content(folder)

    assert (Term.objects.count(), Synonym.objects.count(), BestBet.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize("content", ["", "# Nothing yet\n"])
def test_an_empty_file_has_none(folder, content):
    version(folder, "neglect/heartland/2019-06-01")
    put(folder, "glossary.yaml", content)
    put(folder, "search-words.yaml", content)

    import_content(folder)

    assert (Term.objects.count(), Synonym.objects.count(), BestBet.objects.count()) == (0, 0, 0)


@pytest.mark.parametrize(
    "name, before, after, change",
    [
        ("glossary", "term: ICO", "term: Ico\n  slug: ico", lambda: Term.objects.filter(name="Ico")),
        ("glossary", "The regulator", "A regulator", lambda: Sense.objects.filter(definition="A regulator.")),
        ("glossary", "meaning: interim", "meaning: Interim", lambda: Sense.objects.filter(meaning__startswith="Int")),
        ("glossary", "[neglect, consent, neglect]", "[consent]", lambda: Sense.objects.filter(sections__isnull=False)),
        ("search-words", "[gang, county line]", "[County line, gang]", lambda: Synonym.objects.filter(typed__1="gang")),
        ("search-words", "both-ways: yes", "both-ways: no", lambda: Synonym.objects.filter(both_ways=False, note="")),
        ("search-words", "[refer, front", "[front", lambda: BestBet.objects.filter(queries__0="front door")),
    ],
)  # fmt: skip
def test_what_differs_is_brought_up_to_date(words, name, before, after, change):
    import_content(words)
    text = GLOSSARY if name == "glossary" else SEARCH_WORDS
    put(words, f"{name}.yaml", text.replace(before, after))
    assert before in text

    done = import_content(words)

    assert (done.registers_made, done.registers_changed, change().distinct().count()) == (0, 1, 1)


def test_what_editors_have_added_stays(words):
    import_content(words)
    make_term("ICO", meaning="a third thing")
    make_term("MASH")
    make_synonym(["refuge"], ["domestic abuse"])

    done = import_content(words)

    assert (done.registers_made, done.registers_changed) == (0, 0)
    assert (Term.objects.count(), Sense.objects.count(), Synonym.objects.count()) == (3, 5, 3)


# --- What is refused ----------------------------------------------------------------------------------------------


TERM = "- term: MASH\n  senses:\n  - definition: A hub.\n"
WRONG = {
    "a text": ("hub\n", ["1: Here stands a list of terms: “- term: …”, and further keys below."]),
    "no YAML": (
        "- term: [\n",
        [
            "2: This cannot be read: did not find expected node content. "
            "A line holds “key: value”; a value with a colon in it stands in quotes."
        ],
    ),
    "a list of words": ("- hub\n", ["1: Here stand keys with values, one a line: “key: value”."]),
    "no term": (TERM.replace("MASH", ""), ["1: “term” is missing."]),
    "no senses": ("- term: MASH\n", ["1: A term has 1 to 10 senses: “senses:” and below it “- meaning: …”."]),
    "senses of words": (
        "- term: MASH\n  senses: [hub]\n",
        [
            "2: A term has 1 to 10 senses: “senses:” and below it “- meaning: …”.",
            "2: Here stand keys with values, one a line: “key: value”.",
        ],
    ),
    "an unknown key": (
        f"{TERM}    known-as: [hub]\n",
        [
            "4: “known-as” is not a key that is known here. Known are: "
            "definition, meaning, other-names, replaced-by, retired, retired-note, sections."
        ],
    ),
    "no definition": (TERM.replace("A hub.", ""), ["3: “definition” is missing."]),
    "an unknown partnership": (
        f"{TERM}  partnership: westshire\n",
        ["4: There is no partnership “westshire” in partnerships.yaml."],
    ),
    "an unknown section": (
        f"{TERM}    sections:\n    - neglect\n    - nowhere\n",
        ["6: There is no section “nowhere” in this manual."],
    ),
    "a text for a list": (
        f"{TERM}    other-names: hub, door\n",
        ["4: “other-names” holds no list of words. Write it as “[one, another]”."],
    ),
    "a list for a text": (
        TERM.replace("A hub.", "[A hub.]"),
        ["3: “definition” holds a list or further keys; here stands one text."],
    ),
    "rows for words": (
        f"{TERM}    other-names:\n    - name: hub\n",
        ["4: “other-names” holds no list of words. Write it as “[one, another]”."],
    ),
    "a long word": (
        f"{TERM}    other-names: [{'x' * 101}]\n",
        [f"4: “{'x' * 30}…” has 101 characters; an entry can have 100."],
    ),
    "many words": (
        f"{TERM}    other-names: {list(range(31))}\n",
        ["4: These are 31 entries; it can be 30."],
    ),
    "a control character": (
        f'{TERM}    other-names:\n    - hub\n    - "a\\x07b"\n',
        ["6: The control character U+0007 stands in the text. Delete it."],
    ),
    "neither yes nor no": (f"{TERM}    retired: 2019\n", ["4: “retired” is “2019”; it can be yes or no."]),
    "a note without being retired": (
        f"{TERM}    retired-note: since 2019\n",
        ["3: Only a retired word says since when it is one."],
    ),
    "replaced without being retired": (
        f"{TERM}    replaced-by: [hub]\n",
        ["4: Only a retired word is replaced by another. Mark it as retired, or take this away."],
    ),
    "the same term twice": (TERM + TERM, ["4: This stands here a second time."]),
    "the same term in another case": (
        TERM + TERM.replace("MASH", "mash\n  slug: hub"),
        ["4: This partnership’s glossary has that term already. Give it a further sense."],
    ),
    "the same sense twice": (f"{TERM}  - definition: Another.\n", ["4: This stands here a second time."]),
    "no slug to be made": (
        TERM.replace("MASH", "'?!'"),
        ["1: “?!” has no letter to make a slug of. Give it one: “slug: …”."],
    ),
    "a wrong slug": (
        TERM.replace("MASH", "MASH\n  slug: a hub"),
        ["2: Enter a valid “slug” consisting of letters, numbers, underscores or hyphens."],
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_glossary_is_refused_with_its_line(folder, name):
    content, expected = WRONG[name]
    version(folder, "neglect/heartland/2019-06-01")
    put(folder, "glossary.yaml", content)

    assert faults(folder) == [f"glossary.yaml:{fault}" for fault in expected]


WRONG_WORDS = {
    "a list": ("- typed: [a]\n", ["1: Here stand keys with values, one a line: “key: value”."]),
    "an unknown key": (
        "synonym:\n- typed: [a]\n",
        ["1: “synonym” is not a key that is known here. Known are: best-bets, synonyms."],
    ),
    "nothing typed": ("synonyms:\n- sought: [b]\n", ["2: Give at least one."]),
    "nothing sought": ("synonyms:\n- typed: [a]\n  sought: ['']\n", ["3: Give at least one."]),
    "a word on both sides": (
        "synonyms:\n- typed: [a, B]\n  sought: [b]\n",
        ["3: “b” stands on both sides. Take it away on one of them."],
    ),
    "the same words twice": (
        "synonyms:\n- typed: [a, b]\n  sought: [c]\n- typed: [B, A]\n  sought: [d]\n",
        ["4: This stands here a second time."],
    ),
    "another's words": (
        "synonyms:\n- typed: [a]\n  sought: [c]\n  partnership: westshire\n",
        ["4: There is no partnership “westshire” in partnerships.yaml."],
    ),
    "no section": ("best-bets:\n- queries: [a]\n", ["2: “section” is missing."]),
    "an unknown section": (
        "best-bets:\n- queries: [a]\n  section: nowhere\n",
        ["3: There is no section “nowhere” in this manual."],
    ),
    "no queries": ("best-bets:\n- section: neglect\n", ["2: Give at least one."]),
    "a section twice": (
        "best-bets:\n- queries: [a]\n  section: neglect\n- queries: [b]\n  section: neglect\n",
        ["4: This stands here a second time."],
    ),
}


@pytest.mark.parametrize("name", WRONG_WORDS)
def test_wrong_search_words_are_refused_with_their_line(folder, name):
    content, expected = WRONG_WORDS[name]
    version(folder, "neglect/heartland/2019-06-01")
    put(folder, "search-words.yaml", content)

    assert faults(folder) == [f"search-words.yaml:{fault}" for fault in expected]


def test_all_faults_of_all_files_are_told_together(words):
    version(words, "fax/heartland/2019-06-01", "See Section 9.9.\n", number="2.3")
    put(words, "glossary.yaml", GLOSSARY.replace("neglect, consent", "nowhere, consent"))
    put(words, "search-words.yaml", SEARCH_WORDS.replace("section: neglect", "section: nowhere"))

    assert [fault.split(": ")[0] for fault in faults(words)] == [
        "glossary.yaml:7",
        "search-words.yaml:11",
        "sections/fax/heartland/2019-06-01.md:7",
    ]


def test_the_command_checks_these_files_as_well(words, capsys):
    put(words, "glossary.yaml", GLOSSARY.replace("neglect, consent", "nowhere"))

    with pytest.raises(CommandError, match="1 fault; nothing was written"):
        call_command("import_content", words, "--check", verbosity=0)

    assert "glossary.yaml:7: There is no section “nowhere” in this manual." in capsys.readouterr().err


# --- Out ----------------------------------------------------------------------------------------------------------


def test_what_came_out_comes_in_again_without_loss(tmp_path):
    def fill() -> None:
        make_partnerships()
        publish_from_file("neglect", number="2.1")
        publish_from_file("consent", number="2.2")
        make_term("é: #hub", meaning="- a: b", other_names=["yes", "2019-01-01", "it's, so"], sections=("neglect",))
        make_term("MASH", meaning="b", sections=("consent", "neglect"))
        make_term("MASH", meaning="a", is_retired=True, retired_note="2019", replaced_by=["null"])
        make_term("AE liaison")
        make_term("A&E liaison")
        make_term("MASH", by="northshire", definition="Ours:\n\n  whole. ")
        make_synonym(["z", "no"], ["b"], both_ways=True)
        make_synonym(["a"], ["b"], note="Why: so.")
        make_synonym(["a"], ["b"], by="northshire")
        make_best_bet(["refer"], "neglect")
        make_best_bet(["Refer", "0123"], "consent", note="So.")
        make_best_bet(["refer"], "neglect", by="eastvale")

    first, second = out_and_in_and_out(tmp_path, fill)

    assert second == first
    assert b"A&E liaison\n  slug: ae-liaison-2" in first[1]["glossary.yaml"]
    assert first[1]["search-words.yaml"].count(b"typed") == 3


def test_an_export_without_words_has_no_files_for_them(region, tmp_path):
    publish_from_file("neglect", number="2.1")

    export_content(tmp_path / "out")

    assert [name for name in files(tmp_path / "out") if "glossary" in name or "search-words" in name] == []


def test_what_is_about_a_section_that_is_only_a_draft_is_left_out_as_the_draft_is(region, tmp_path):
    publish_from_file("neglect", number="2.1")
    draft("consent", number="2.2")
    make_term("MASH", sections=("consent", "neglect"))
    make_best_bet(["consent"], "consent")

    export_content(tmp_path / "out")

    out = files(tmp_path / "out")
    assert (b"consent" in out["glossary.yaml"], b"neglect" in out["glossary.yaml"]) == (False, True)
    assert "search-words.yaml" not in out
