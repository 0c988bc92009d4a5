"""A synonym and a best bet in the workspace: made, changed, deleted, and in effect at once."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.test import Client

from partnerships.models import AuditEntry
from procedures.glossary import ListedBestBet, ListedSynonym
from procedures.models import BestBet, FreshnessStamp, Synonym
from tests.editing.editors import client_of
from tests.editing.wording import WORDS, as_read_by, errors, seen_on
from tests.reader import Page
from tests.world import make_best_bet, make_synonym

SYNONYMS, BEST_BETS = f"{WORDS}synonyms/", f"{WORDS}best-bets/"


@pytest.fixture
def author(manual: None, today: date, northshire_author: User) -> Client:
    return client_of(northshire_author)


def log() -> list[tuple[str, ...]]:
    return list(AuditEntry.objects.order_by("number").values_list("action", "about", "section", "detail"))


def test_a_new_synonym_is_in_effect_at_once(author, region):
    before = FreshnessStamp.now()
    sent = {"typed": " hit \r\nbeaten\r\nHIT", "sought": "physical  abuse", "both_ways": "on", "note": "From the log."}

    answer = author.post(f"{SYNONYMS}new/", sent)

    assert answer["Location"] == f"{SYNONYMS}{Synonym.objects.get().pk}/"
    assert FreshnessStamp.now() != before
    assert as_read_by(region["northshire"]).synonyms == (ListedSynonym(("hit", "beaten"), ("physical abuse",), True),)
    assert as_read_by(region["heartland"]).synonyms == ()
    assert log() == [
        (
            "synonym-added",
            "hit, beaten → physical abuse",
            "",
            "When somebody searches for: “hit, beaten”.\nAlso look for: “physical abuse”.\n"
            "And the other way round: “yes”.\nWhy: “From the log.”.",
        )
    ]


def test_a_synonym_is_changed_and_deleted(author, region):
    row = make_synonym(["hit"], ["abuse"], by="northshire", both_ways=True)
    url = f"{SYNONYMS}{row.pk}/"
    page = Page(author.get(url))

    author.post(url, {"typed": "hit\nbeaten", "sought": "abuse", "seen": seen_on(author, url)})
    changed = as_read_by(region["northshire"]).synonyms
    author.post(f"{url}delete/", {"seen": seen_on(author, f"{url}delete/")})

    assert ("See what readers get for “hit”", "/in/northshire/search/?q=hit") in page.links("//main")
    assert changed == (ListedSynonym(("hit", "beaten"), ("abuse",), False),)
    assert as_read_by(region["northshire"]).synonyms == ()
    assert [(action, detail) for action, _, _, detail in log()] == [
        (
            "synonym-changed",
            "When somebody searches for: “hit”, now “hit, beaten”.\nAnd the other way round: “yes”, now nothing.",
        ),
        ("synonym-deleted", "When somebody searches for: “hit, beaten”.\nAlso look for: “abuse”."),
    ]


@pytest.mark.parametrize(
    "sent, expected",
    [
        (
            {},
            [
                ("Enter what people type, one word or phrase on each line.", "#id_typed"),
                ("Enter what is to be looked for as well, one word or phrase on each line.", "#id_sought"),
            ],
        ),
        ({"typed": " \n ", "sought": "x"}, [("Enter what people type, one word or phrase on each line.", "#id_typed")]),
        ({"typed": "x", "sought": "X"}, [("“X” stands on both sides. Take it away on one of them.", "#id_sought")]),
        (
            {"typed": "HUB", "sought": "x"},
            [("There is an entry for just these words already. Change that one.", "#id_typed")],
        ),
        (
            {"typed": "a\u202eb", "sought": "x"},
            [("The control character U+202E stands in the text. Delete it.", "#id_typed")],
        ),
        (
            {"typed": "x" * 10_001, "sought": "x"},
            [("Ensure this value has at most 10000 characters (it has 10001).", "#id_typed")],
        ),
    ],
)  # fmt: skip
def test_a_synonym_that_cannot_be_is_refused_at_its_field(author, sent, expected):
    make_synonym(["hub"], ["front door"], by="northshire")

    page = Page(author.post(f"{SYNONYMS}new/", sent))

    assert (page.status, errors(page)) == (200, expected)
    assert (Synonym.objects.count(), log()) == (1, [])


def test_the_second_of_two_editors_of_a_synonym_is_told(author, northshire_approver):
    row = make_synonym(["hit"], ["abuse"], by="northshire")
    url, other = f"{SYNONYMS}{row.pk}/", client_of(northshire_approver)
    seen = seen_on(author, url)
    other.post(url, {"typed": "hit", "sought": "theirs", "seen": seen_on(other, url)})

    page = Page(author.post(url, {"typed": "hit", "sought": "mine", "seen": seen}))

    row.refresh_from_db()
    assert (page.status, row.sought) == (409, ["theirs"])
    assert "Somebody else changed this synonym meanwhile." in page.main
    assert page.elements("//*[@name='sought']")[0].text.strip() == "mine"


def test_a_new_best_bet_is_in_effect_at_once(author, region):
    answer = author.post(
        f"{BEST_BETS}new/", {"queries": "records\nkeeping", "section": "sharing INFORMATION", "note": "Often."}
    )

    made = BestBet.objects.get()
    assert answer["Location"] == f"{BEST_BETS}{made.pk}/"
    assert as_read_by(region["northshire"]).best_bets == (
        ListedBestBet(("records", "keeping"), "sharing-information", "Often."),
    )
    assert log() == [
        (
            "best-bet-added",
            "records, keeping: sharing-information",
            "sharing-information",
            "For these searches: “records, keeping”.\nShown first: “sharing-information”.\nWhy: “Often.”.",
        )
    ]


def test_a_best_bet_is_changed_and_deleted(author, region):
    row = make_best_bet(["records"], "consent", by="northshire")
    url = f"{BEST_BETS}{row.pk}/"
    shown = Page(author.get(url)).elements("//input[@name='section']/@value")

    author.post(url, {"queries": "records", "section": "3.1", "seen": seen_on(author, url)})
    changed = as_read_by(region["northshire"]).best_bets
    author.post(f"{url}delete/", {"seen": seen_on(author, f"{url}delete/")})

    assert shown == ["2.10 Consent"]
    assert changed == (ListedBestBet(("records",), "sharing-information", ""),)
    assert as_read_by(region["northshire"]).best_bets == ()
    assert [(action, section) for action, _, section, _ in log()] == [
        ("best-bet-changed", "sharing-information"),
        ("best-bet-deleted", "sharing-information"),
    ]


@pytest.mark.parametrize(
    "sent, expected",
    [
        (
            {},
            [
                ("Enter what people search for, one search on each line.", "#id_queries"),
                ("Name the section that is to stand first.", "#id_section"),
            ],
        ),
        (
            {"queries": "x", "section": "4.1"},
            [("No section is called “4.1”. Give a number such as 3.1, or the title.", "#id_section")],
        ),
        (
            {"queries": "x", "section": "2.10"},
            [("This section is a best bet already. Add the words there.", "#id_section")],
        ),
    ],
)
def test_a_best_bet_that_cannot_be_is_refused_at_its_field(author, sent, expected):
    make_best_bet(["y"], "consent", by="northshire")

    page = Page(author.post(f"{BEST_BETS}new/", sent))

    assert (page.status, errors(page)) == (200, expected)
    assert (BestBet.objects.count(), log()) == (1, [])


def test_the_regions_words_are_the_regions(manual, today, northshire_author, regional_approver, region):
    sent = {"typed": "hit", "sought": "abuse"}

    statuses = [
        client_of(person).post("/workspace/heartland/words/synonyms/new/", sent).status_code
        for person in (northshire_author, regional_approver)
    ]

    assert statuses == [404, 302]
    assert len(as_read_by(region["heartland"], region["northshire"]).synonyms) == 1
