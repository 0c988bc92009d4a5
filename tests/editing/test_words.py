"""The list of a partnership's search words."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.editing.editors import client_of
from tests.editing.wording import HUB, WORDS
from tests.reader import Page, has
from tests.world import make_best_bet, make_synonym, make_term, publish


@pytest.fixture
def author(manual: None, today: date, northshire_author: User) -> Client:
    return client_of(northshire_author)


def rows(page: Page) -> list[str]:
    return page.texts(f"//main//li[{has('rows__row')}]")


def counts(page: Page) -> list[str]:
    return page.texts(f"//main//span[{has('count')}]")


def test_it_lists_the_partnerships_own_words_by_letter(author):
    make_term("MASH", by="northshire", meaning=HUB)
    make_term("mind of one’s own", by="northshire")
    make_term("Éclair", by="northshire", is_retired=True, definition="A plan, formerly.")
    make_term("1001 days", by="northshire")
    make_term("Theirs", by="southmoor")
    make_term("Regional", by="heartland")
    make_synonym(["beaten", "hit"], ["physical abuse"], by="northshire", both_ways=True, note="From the log.")
    make_synonym(["theirs"], ["others"], by="southmoor")
    make_best_bet(["records"], "sharing-information", by="northshire", note="Asked often.")

    page = Page(author.get(WORDS))

    assert page.texts("//main//h3") == ["0–9 and others", "E", "M"]
    assert rows(page) == [
        "1001 days What 1001 days is.",
        "Éclair No longer used A plan, formerly.",
        "MASH multi-agency safeguarding hub",
        "mind of one’s own What mind of one’s own is.",
        "beaten, hit Also looks for physical abuse, and the other way round Why: From the log.",
        "records Shows 3.1 Sharing information first Why: Asked often.",
    ]
    assert counts(page) == ["4", "1", "1"]
    assert page.links("//nav[@aria-label='Terms by letter']") == [
        ("0–9 and others", "#terms-other"), ("E", "#terms-E"), ("M", "#terms-M"),
    ]  # fmt: skip
    fragments = [address[1:] for _, address in page.links("//main") if address.startswith("#")]
    assert [fragment for fragment in fragments if not page.elements(f"//*[@id='{fragment}']")] == []


def test_the_find_box_looks_through_all_that_a_row_says(author):
    make_term("MASH", by="northshire", meaning=HUB, other_names=["front door"])
    make_term("CIN", by="northshire")
    make_synonym(["hub"], ["front door"], by="northshire")
    make_best_bet(["doors"], "consent", by="northshire", note="The front door is asked for.")

    page = Page(author.get(f"{WORDS}?q=+front++DOOR"))

    assert [row.split()[0] for row in rows(page)] == ["MASH", "hub", "doors"]
    assert counts(page) == ["1", "1", "1"]
    assert ("See what readers get for “front DOOR”", "/in/northshire/search/?q=front+DOOR") in page.links("//main")


def test_it_says_where_nothing_is_and_where_nothing_was_found(author):
    empty, unmet = Page(author.get(WORDS)), Page(author.get(f"{WORDS}?q=xyz"))

    assert empty.main.count("There are none yet.") == 3
    assert [f"No {kind} holds “xyz”." in unmet.main for kind in ("term", "synonym", "best bet")] == [True] * 3


def test_a_local_partnership_is_told_of_the_regions_words_and_the_region_is_not(author, regional_author):
    local = Page(author.get(WORDS))
    regional = Page(client_of(regional_author).get("/workspace/heartland/words/"))

    assert "For readers of Northshire the region’s words apply as well." in local.main
    assert ("glossary as they have it", "/in/northshire/glossary/") in local.links("//main")
    assert "apply as well" not in regional.main


@pytest.mark.parametrize(
    "section, by, is_told",
    [
        ("sharing-information", "northshire", False),
        ("harbour-children", "northshire", True),  # Southmoor's own
        ("gone", "northshire", True),
        ("to-come", "northshire", True),
        ("never-published", "northshire", True),
        ("harbour-children", "southmoor", False),
        ("harbour-children", "heartland", True),
    ],
)
def test_a_best_bet_that_readers_do_not_have_today_is_warned_of(manual, today, administrator, section, by, is_told):
    publish("gone", number="2.11")
    publish("gone", withdrawn=True, body="", on=today)
    publish("to-come", number="2.12", on=date(2025, 1, 16))
    row = make_best_bet(["x"], section, by=by)
    client, place = client_of(administrator), f"/workspace/{by}/words/"

    pages = [Page(client.get(place)), Page(client.get(f"{place}best-bets/{row.pk}/"))]

    name = {"heartland": "Heartland", "northshire": "Northshire", "southmoor": "Southmoor"}[by]
    sentence = (
        f"The section “{section}” is not in force today for readers of {name}, so this best bet shows nothing. "
        "Choose another section, or delete it."
    )
    assert [sentence in page.main for page in pages] == [is_told] * 2


def test_the_list_takes_the_same_number_of_queries_for_many(author):
    counts = []
    for more in (range(1), range(1, 15)):
        for number in more:
            make_term(f"Term {number}", by="northshire", sections=("consent", "sharing-information"))
            make_term(f"Term {number}", by="northshire", meaning="another")
            make_synonym([f"typed {number}"], ["sought"], by="northshire")
            publish(f"more-{number}", number=f"6.{number + 1}")
            make_best_bet([f"query {number}"], f"more-{number}", by="northshire")
        with CaptureQueriesContext(connection) as queries:
            author.get(WORDS)
        counts.append(len(queries))

    assert counts == [14, 14]


def test_no_other_partnerships_words_or_sections_stand_on_any_page(author, region, manual):
    term = make_term("southcanary", by="southmoor").term
    synonym = make_synonym(["southcanary"], ["southcanary"], by="southmoor")
    best_bet = make_best_bet(["southcanary"], "harbour-children", by="southmoor")
    mine = [("terms", term), ("synonyms", synonym), ("best-bets", best_bet)]

    pages = [author.get(f"{WORDS}{kind}/{row.pk}/{end}") for kind, row in mine for end in ("", "delete/")]
    listed = author.get(f"{WORDS}?q=south")
    guessed = author.post(f"{WORDS}best-bets/new/", {"queries": "x", "section": "harbour-children"})

    assert {page.status_code for page in pages} == {404}
    assert "southcanary" not in listed.content.decode()
    assert "No section is called “harbour-children”." in guessed.content.decode()
