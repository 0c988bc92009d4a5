"""What the words mean, `/glossary/`."""

from datetime import date

import pytest

from procedures.glossary import ListedTerm
from procedures.models import Term
from procedures.reading.glossary import entries_of
from tests.reader import has
from tests.world import make_term, publish

NAMES = f"//h3[{has('term__name')}]"


def term(anchor):
    return f"//div[{has('term')}][@id='{anchor}']"


@pytest.fixture
def words(manual):
    """A few terms of the region's, and one of each other's."""
    make_term("MASH", meaning="safeguarding hub", other_names=["front door", "hub"], sections=("making-a-referral",))
    make_term("LSCB", meaning="board", is_retired=True, retired_note="since 2019", replaced_by=["lscp", "the partners"])
    make_term("LSCP", meaning="partnership")
    for owner in ("northern-force", "northshire", "eastvale", "southmoor"):
        make_term(f"{owner} hub", by=owner)


def test_terms_stand_from_a_to_z_under_their_letters(words, today, reader):
    make_term("élan")
    make_term("16LA")

    page = reader.read("/glossary/")

    assert page.heading == "Glossary"
    assert page.texts(f"//h2[{has('glossary__letter')}]") == ["0–9", "E", "L", "M"]
    assert page.texts(NAMES) == ["16LA", "élan", "LSCB", "LSCP", "MASH"]
    letters = page.links(f"//nav[{has('glossary-letters')}]")
    assert letters == [("0–9", "#letter-other"), ("E", "#letter-e"), ("L", "#letter-l"), ("M", "#letter-m")]
    assert len(page.texts(f"//nav[{has('glossary-letters')}]//li")) == 27


def test_a_letter_without_terms_is_no_link(words, today, reader):
    page = reader.read("/glossary/")

    assert page.texts(f"//nav[{has('glossary-letters')}]//li")[:2] == ["A: no terms", "B: no terms"]


def test_a_term_says_what_it_stands_for_and_where_to_read_on(words, today, reader):
    page = reader.read("/glossary/")

    assert page.texts(term("mash")) == [
        "MASH safeguarding hub What MASH is. Also called: front door, hub. 1.5 Making a referral Search for “MASH”"
    ]
    assert page.links(term("mash")) == [
        ("1.5 Making a referral", "/sections/making-a-referral/"),
        ("Search for “MASH”", "/search/?q=MASH"),
    ]


def test_a_retired_word_leads_to_what_replaced_it(words, today, reader):
    page = reader.read("/glossary/")

    assert page.texts(f"{term('lscb')}//p[{has('term__retired')}]") == [
        "No longer used (since 2019). Now: lscp, the partners."
    ]
    assert page.links(f"{term('lscb')}//p[{has('term__retired')}]") == [("lscp", "#lscp")]


def test_a_retired_word_that_nothing_replaced_says_so_alone(manual, today, reader):
    make_term("Contact point", is_retired=True)

    page = reader.read("/glossary/")

    assert page.texts(f"//p[{has('term__retired')}]") == ["No longer used."]


def test_each_sense_of_a_term_stands_for_itself(manual, today, reader):
    make_term("ICO", meaning="interim care order", sections=("consent",))
    make_term("ICO", meaning="Information Commissioner’s Office")

    page = reader.read("/glossary/")

    assert page.texts(f"{term('ico')}//ol/li") == [
        "interim care order What ICO is. 2.10 Consent",
        "Information Commissioner’s Office What ICO is.",
    ]


@pytest.mark.parametrize(
    "place, names",
    [
        ("", ["LSCB", "LSCP", "MASH"]),
        ("/in/heartland", ["LSCB", "LSCP", "MASH"]),
        ("/in/northern-force", ["LSCB", "LSCP", "MASH", "northern-force hub"]),
        ("/in/northshire", ["LSCB", "LSCP", "MASH", "northern-force hub", "northshire hub"]),
        ("/in/southmoor", ["LSCB", "LSCP", "MASH", "southmoor hub"]),
    ],
)
def test_a_local_word_is_not_shown_to_others(words, today, reader, place, names):
    for on in ("", "/on/2019-06-01"):
        response = reader.client.get(f"{place}{on}/glossary/", follow=True)

        assert [name for name in names if f">{name}<" not in response.content.decode()] == []
        others = {f"{owner} hub" for owner in ("northern-force", "northshire", "eastvale", "southmoor")} - {*names}
        assert [name for name in others if name in response.content.decode()] == []


def test_it_is_said_whose_a_word_is_when_it_is_not_the_regions(words, today, reader):
    make_term("Mash", by="northshire", meaning="Northshire’s own")

    page = reader.read("/in/northshire/glossary/")

    assert page.heading == "Glossary for Northshire"
    assert page.texts(f"{term('northshire-hub')}//p[{has('term__owner')}]") == ["Northshire"]
    assert page.texts(f"{term('northern-force-hub')}//p[{has('term__owner')}]") == ["Northern Force"]
    assert page.texts(f"{term('mash')}//ol/li") == [
        "safeguarding hub What MASH is. Also called: front door, hub. 1.5 Making a referral",
        "Northshire Northshire’s own What Mash is.",
    ]


@pytest.mark.parametrize(
    "place, links",
    [
        ("", [("2.10 Consent", "/sections/consent/")]),
        ("/on/2017-03-30", []),
        ("/on/2025-06-01", [("2.10 Consent and more", "/on/2025-06-01/sections/consent/")]),
        ("/in/northshire", [("2.10 Consent", "/in/northshire/sections/consent/")]),
        (
            "/in/southmoor",
            [
                ("4.1 Children of the southcanary harbour", "/in/southmoor/sections/harbour-children/"),
                ("2.10 Consent", "/in/southmoor/sections/consent/"),
            ],
        ),
    ],
)
def test_only_sections_in_force_from_the_viewpoint_are_linked(manual, today, reader, place, links):
    make_term("MASH", sections=("harbour-children", "consent"))
    publish("consent", number="2.10", title="Consent and more", on=date(2025, 6, 1))

    assert reader.read(f"{place}/glossary/").links(f"//ul[{has('term__sections')}]") == links


def test_on_another_day_it_is_said_that_the_glossary_is_todays(words, today, reader):
    page = reader.read("/on/2019-06-01/glossary/")

    assert page.notices == [
        "This is today’s glossary. You are reading the manual as at 1 June 2019, but the glossary is never shown as it "
        "was. The sections named here are those in force on that day."
    ]
    assert reader.read("/glossary/").notices == []


def test_an_empty_glossary_says_so(manual, today, reader):
    page = reader.read("/glossary/")

    assert (page.lead, page.texts(NAMES)) == ("No terms have been entered yet.", [])


def test_a_term_without_a_sense_is_none_yet(manual, region, today, reader):
    Term.objects.create(partnership=region["heartland"], name="MASH", slug="mash")

    assert reader.read("/glossary/").lead == "No terms have been entered yet."


def test_what_is_written_in_a_term_is_text(manual, today, reader):
    make_term("A&E <b>/?#", meaning="<i>one</i>", definition="<script>alert(1)</script>", other_names=["<u>"])

    page = reader.read("/glossary/")

    assert page.texts(NAMES) == ["A&E <b>/?#"]
    assert page.elements("//main//script | //main//i | //main//u") == []
    assert page.links(f"//p[{has('term__search')}]") == [
        ("Search for “A&E <b>/?#”", "/search/?q=A%26E%20%3Cb%3E%2F%3F%23")
    ]


def test_every_term_has_an_anchor_of_its_own():
    terms = [
        ListedTerm(1, "main", "Main", 1, ()),
        ListedTerm(2, "ae", "AE", 1, ()),
        ListedTerm(3, "letter-a", "Letter A", 1, ()),
        ListedTerm(4, "ae", "A&E", 2, ()),
        ListedTerm(5, "ae-2", "AE 2", 2, ()),
        ListedTerm(6, "ae-9", "ae", 2, ()),
    ]

    assert [(entry.name, entry.anchor, len(entry.terms)) for entry in entries_of(terms)] == [
        ("A&E", "ae-2", 1),
        ("AE", "ae", 2),
        ("AE 2", "ae-2-2", 1),
        ("Letter A", "letter-a-2", 1),
        ("Main", "main-2", 1),
    ]


def test_no_term_takes_an_address_that_the_page_has_already(manual, region, today, reader):
    frame = reader.read("/in/northshire/on/2019-06-01/glossary/").elements("//@id")
    for number, slug in enumerate(frame):
        term = Term.objects.create(partnership=region["heartland"], name=f"Term {number}", slug=slug)
        term.senses.create(definition="Something.")

    ids = reader.read("/in/northshire/on/2019-06-01/glossary/").elements("//@id")

    assert (len(frame) > 3, len(ids) - len(set(ids))) == (True, 0)


def test_every_page_leads_to_the_glossary(words, today, reader):
    page = reader.read("/in/northshire/on/2019-06-01/sections/consent/")

    links = [link for link in page.links("//nav | //footer") if link[0] == "Glossary"]

    assert links == [("Glossary", "/in/northshire/on/2019-06-01/glossary/")] * 2


def test_a_kept_glossary_follows_every_change(words, today, reader):
    reader.get("/glossary/")

    Term.objects.filter(name="MASH").update(name="Hub")

    assert reader.read("/glossary/").texts(NAMES) == ["Hub", "LSCB", "LSCP"]
