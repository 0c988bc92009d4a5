"""A term of the glossary in the workspace: made, changed, deleted, and by two people at once."""

from datetime import date

import pytest
from django.contrib.auth.models import User
from django.test import Client

from partnerships.models import AuditEntry
from procedures.glossary import ListedSense
from procedures.models import FreshnessStamp, Section, Term
from tests.editing.editors import client_of
from tests.editing.wording import HUB, WORDS, as_read_by, errors, seen_on, sent_term
from tests.reader import Page, has
from tests.world import make_term, publish

TERMS = f"{WORDS}terms/"
WHOLE = {
    "meaning": f" {HUB} ",
    "definition": "The team that\nreceives referrals.",
    "other_names": "Front  door\n\nfront door\nHub",
    "sections": "3.1 Sharing information\nconsent\n1.5",
    "is_retired": "on",
    "retired_note": "since September 2019",
    "replaced_by": "CASS",
}


@pytest.fixture
def author(manual: None, today: date, northshire_author: User) -> Client:
    return client_of(northshire_author)


def log() -> list[tuple[str, str, str, str]]:
    return list(AuditEntry.objects.order_by("number").values_list("partnership__slug", "action", "about", "detail"))


def test_a_new_term_is_in_effect_at_once(author, region):
    before = FreshnessStamp.now()

    answer = author.post(f"{TERMS}new/", sent_term("  M A S H ", WHOLE))

    term = Term.objects.get()
    assert answer["Location"] == f"{TERMS}{term.pk}/"
    assert FreshnessStamp.now() != before
    [listed] = as_read_by(region["heartland"], region["northshire"]).terms
    assert (listed.name, listed.slug, listed.partnership_id) == ("M A S H", "m-a-s-h", region["northshire"].pk)
    assert listed.senses == (
        ListedSense(
            HUB, "The team that receives referrals.", ("Front door", "Hub"), True, "since September 2019", ("CASS",),
            ("sharing-information", "consent", "making-a-referral"),
        ),
    )  # fmt: skip
    assert as_read_by(region["heartland"], region["southmoor"]).terms == ()
    assert log() == [
        (
            "northshire",
            "term-added",
            "M A S H",
            "Term: “M A S H”.\n"
            f"Sense 1, stands for: “{HUB}”.\n"
            "Sense 1, definition: “The team that receives referrals.”.\n"
            "Sense 1, other names: “Front door, Hub”.\n"
            "Sense 1, sections about it: “sharing-information, consent, making-a-referral”.\n"
            "Sense 1, no longer used: “yes”.\n"
            "Sense 1, since when: “since September 2019”.\n"
            "Sense 1, what replaced it: “CASS”.",
        )
    ]


def test_the_page_of_a_term_shows_what_it_says_and_where_readers_see_it(author):
    term = make_term("A&E", by="northshire", meaning="x", other_names=["a", "b"], sections=("consent",)).term

    page = Page(author.get(f"{TERMS}{term.pk}/"))

    assert page.heading == "Change the term “A&E”"
    assert [page.elements(f"//*[@name='senses-0-{name}']")[0].text.strip() for name in ("other_names", "sections")] == [
        "a\nb",
        "2.10 Consent",
    ]
    assert ("See what readers get for “A&E”", "/in/northshire/search/?q=A%26E") in page.links("//main")


def opened(page: Page) -> list[bool]:
    """Of each fold on the page, whether it is open."""
    return ["open" in fold.attrib for fold in page.elements("//main//details")]


def test_the_fold_about_words_no_longer_used_is_open_where_it_says_something(author):
    used = make_term("MASH", by="northshire").term
    retired = make_term("CAF", by="northshire", is_retired=True).term
    faulty = sent_term("CIN", {"definition": "x", "retired_note": "since 2019"})

    pages = [Page(author.get(f"{TERMS}{term.pk}/")) for term in (used, retired)]
    refused = Page(author.post(f"{TERMS}new/", faulty))

    # That of the term's sense, that of adding another sense, and within it again the first.
    assert [opened(page) for page in (*pages, refused)] == [
        [False, False, False],
        [True, False, False],
        [True, False, False],
    ]


def test_senses_are_added_ordered_and_removed_with_the_form_alone(author, region):
    term = make_term("ICO", by="northshire", meaning="first").term
    make_term("ICO", by="northshire", meaning="second", sections=("consent",))
    make_term("ICO", by="northshire", meaning="third")
    url = f"{TERMS}{term.pk}/"
    senses = [
        {"meaning": "first", "definition": "One.", "ORDER": "3"},
        {"meaning": "second", "definition": "Two.", "ORDER": "1", "sections": "2.10"},
        {"meaning": "third", "definition": "", "ORDER": "2", "DELETE": "on"},
        {"meaning": "fourth", "definition": "Four."},
    ]

    author.post(url, sent_term("ICO", *senses, had=3, seen=seen_on(author, url), empty=0))

    [listed] = as_read_by(region["northshire"]).terms
    assert [(sense.meaning, sense.definition, sense.sections) for sense in listed.senses] == [
        ("second", "Two.", ("consent",)),
        ("first", "One.", ()),
        ("fourth", "Four.", ()),
    ]


def test_two_senses_may_change_places_in_what_they_stand_for(author, region):
    term = make_term("DO", by="northshire", meaning="first").term
    make_term("DO", by="northshire", meaning="second")
    url = f"{TERMS}{term.pk}/"
    senses = [{"meaning": "second", "definition": "One."}, {"meaning": "FIRST", "definition": "Two."}]

    author.post(url, sent_term("DO", *senses, had=2, seen=seen_on(author, url)))

    [listed] = as_read_by(region["northshire"]).terms
    assert [sense.meaning for sense in listed.senses] == ["second", "FIRST"]


def test_a_change_is_logged_with_the_old_and_the_new_and_none_is_not(author):
    term = make_term("MASH", by="northshire", meaning=HUB, definition="A team.").term
    url = f"{TERMS}{term.pk}/"
    same = {"meaning": HUB, "definition": "A team."}

    author.post(url, sent_term("MASH", same, had=1, seen=seen_on(author, url)))
    unchanged = log()
    changed = {"meaning": "", "definition": "A hub.", "other_names": "Hub"}
    author.post(url, sent_term("Mash", changed, had=1, seen=seen_on(author, url)))

    assert unchanged == []
    assert log() == [
        (
            "northshire",
            "term-changed",
            "Mash",
            "Term: “MASH”, now “Mash”.\n"
            f"Sense 1, stands for: “{HUB}”, now nothing.\n"
            "Sense 1, definition: “A team.”, now “A hub.”.\n"
            "Sense 1, other names: nothing, now “Hub”.",
        )
    ]
    assert (Term.objects.get().pk, Term.objects.get().slug) == (term.pk, "mash")


@pytest.mark.parametrize(
    "name, sense, expected",
    [
        ("", {"definition": "x"}, [("Enter the term.", "#id_name")]),
        ("x" * 101, {"definition": "x"}, [("Ensure this value has at most 100 characters (it has 101).", "#id_name")]),
        (
            "a\u202eb",
            {"definition": "x"},
            [("The control character U+202E stands in the text. Delete it.", "#id_name")],
        ),
        (
            "mash",
            {"definition": "x"},
            [("This partnership’s glossary has that term already. Give it a further sense.", "#id_name")],
        ),
        ("CIN", {"definition": " "}, [("Say in a sentence or two what the term means.", "#id_senses-0-definition")]),
        ("CIN", {}, [("Say in a sentence or two what the term means.", "#id_senses-0-definition")]),
        (
            "CIN",
            {"definition": "x" * 1001},
            [("The definition has 1001 characters; it can have 1000.", "#id_senses-0-definition")],
        ),
        (
            "CIN",
            {"definition": "a\x00b"},
            [("Null characters are not allowed.", "#id_senses-0-definition")],
        ),
        (
            "CIN",
            {"definition": "x", "other_names": "\n".join(map(str, range(31)))},
            [("These are 31 entries; it can be 30.", "#id_senses-0-other_names")],
        ),
        (
            "CIN",
            {"definition": "x", "other_names": "y" * 101},
            [(f"“{'y' * 30}…” has 101 characters; an entry can have 100.", "#id_senses-0-other_names")],
        ),
        (
            "CIN",
            {"definition": "x", "retired_note": "since 2019", "replaced_by": "y"},
            [
                (
                    "Only a word that is no longer used has this. Tick the box above, or take this away.",
                    "#id_senses-0-retired_note",
                ),
                (
                    "Only a retired word is replaced by another. Mark it as retired, or take this away.",
                    "#id_senses-0-replaced_by",
                ),
            ],
        ),
        (
            "CIN",
            {"definition": "x", "sections": "9.9\n3.1\nharbour-children\nChildren of the southcanary harbour"},
            [
                (
                    f"No section is called “{line}”. Give a number such as 3.1, or the title.",
                    "#id_senses-0-sections",
                )
                for line in ("9.9", "harbour-children", "Children of the southcanary harbour")
            ],
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_saved(author, region, name, sense, expected):
    make_term("MASH", by="northshire")

    page = Page(author.post(f"{TERMS}new/", sent_term(name, sense)))

    assert (page.status, errors(page)) == (200, expected)
    assert all(page.elements(f"//*[@id='{link[1:]}']") for _, link in expected)
    assert (Term.objects.count(), log()) == (1, [])
    assert page.elements("//input[@name='name']/@value") in ([name], [])


def test_a_title_that_two_sections_bear_is_asked_for_by_number(author, region):
    publish("consent-again", number="2.11", title="Consent")

    page = Page(author.post(f"{TERMS}new/", sent_term("CIN", {"definition": "x", "sections": "Consent"})))

    [(message, _)] = errors(page)
    assert message.startswith("More than one section is called “Consent”: 2.1")


def test_senses_that_stand_for_the_same_are_told_apart(author):
    senses = [{"meaning": "hub", "definition": "x"}, {"meaning": "HUB", "definition": "y"}]

    page = Page(author.post(f"{TERMS}new/", sent_term("CIN", *senses)))

    assert errors(page) == [
        ("Another sense stands for the same. Change what one of them stands for.", "#id_senses-1-meaning")
    ]


def test_a_term_keeps_at_least_one_sense_and_has_ten_at_most(author):
    term = make_term("CIN", by="northshire").term
    url = f"{TERMS}{term.pk}/"
    none = sent_term("CIN", {"definition": "x", "DELETE": "on"}, had=1, seen=seen_on(author, url))
    many = sent_term("CIN", *({"meaning": str(n), "definition": "x"} for n in range(11)), had=1, empty=0)

    found = [errors(Page(author.post(url, sent))) for sent in (none, many)]

    assert found == [
        [("A term has at least one sense. To be rid of the term, delete it.", "")],
        [("A term has at most 10 senses. Remove one first.", "")],
    ]
    assert term.senses.count() == 1


def test_a_form_cut_short_is_told_so(author):
    page = Page(author.post(f"{TERMS}new/", {"name": "CIN"}))

    assert errors(page) == [("Your browser did not send the whole form. Open the page again.", "")]


def test_a_section_that_is_named_already_may_stay_though_it_is_out_of_force(author, region):
    Section.objects.create(slug="never-published")
    term = make_term("CIN", by="northshire", definition="x", sections=("never-published",)).term
    url = f"{TERMS}{term.pk}/"
    shown = Page(author.get(url)).elements("//*[@name='senses-0-sections']")[0].text.strip()

    sent = {"definition": "y", "sections": shown}
    answer = author.post(url, sent_term("CIN", sent, had=1, seen=seen_on(author, url)))

    assert answer.status_code == 302
    assert as_read_by(region["northshire"]).terms[0].senses[0].sections == ("never-published",)


# --- Two people at once -------------------------------------------------------------------------------------------


def test_the_second_of_two_editors_is_told_and_nothing_is_lost(author, northshire_approver, region):
    term = make_term("MASH", by="northshire", meaning=HUB, definition="As it was.").term
    url, other = f"{TERMS}{term.pk}/", client_of(northshire_approver)
    seen = seen_on(author, url)
    theirs = [{"meaning": HUB, "definition": "Theirs."}, {"meaning": "mash", "definition": "Potato."}]
    other.post(url, sent_term("MASH", *theirs, had=1, seen=seen_on(other, url), empty=0))
    mine = {"meaning": HUB, "definition": "Mine."}

    page = Page(author.post(url, sent_term("MASH", mine, had=1, seen=seen)))

    assert page.status == 409
    assert page.texts(f"//div[{has('notice')}]/p[1]") == [
        "Somebody else changed this term meanwhile. They saved it after you had opened it. Nothing is lost: your words "
        "are in the form below and are not saved yet; theirs are here."
    ]
    assert page.texts(f"//div[{has('notice')}]//dd") == ["MASH", HUB, "Theirs.", "mash", "Potato."]
    assert page.elements("//*[@name='senses-0-definition']")[0].text.strip() == "Mine."
    assert [sense.definition for sense in as_read_by(region["northshire"]).terms[0].senses] == ["Theirs.", "Potato."]

    [again] = page.elements("//input[@name='seen']/@value")
    answer = author.post(url, sent_term("MASH", mine, had=1, seen=again))

    assert answer.status_code == 302
    assert [sense.definition for sense in as_read_by(region["northshire"]).terms[0].senses] == ["Mine."]


def test_what_was_written_for_a_term_that_somebody_deleted_can_be_made_anew(author, northshire_approver, region):
    term = make_term("MASH", by="northshire", definition="As it was.").term
    url = f"{TERMS}{term.pk}/"
    seen = seen_on(author, url)
    other = client_of(northshire_approver)
    other.post(f"{url}delete/", {"seen": seen_on(other, f"{url}delete/")})

    page = Page(author.post(url, sent_term("MASH", {"definition": "Mine."}, had=1, seen=seen)))

    assert page.status == 409
    assert page.texts(f"//div[{has('notice')}]/p") == [
        "Somebody else deleted this term meanwhile. Your words are in the form below. To make the term anew with them, "
        "choose “Save mine”."
    ]
    [again] = page.elements("//input[@name='seen']/@value")
    answer = author.post(url, sent_term("MASH", {"definition": "Mine."}, had=1, seen=again))
    assert answer["Location"] == f"{TERMS}{Term.objects.get().pk}/"
    assert as_read_by(region["northshire"]).terms[0].senses[0].definition == "Mine."
    assert [action for _, action, *_ in log()] == ["term-deleted", "term-added"]


def test_a_form_that_does_not_say_what_was_seen_changes_nothing(author):
    term = make_term("MASH", by="northshire", definition="As it was.").term

    answer = author.post(f"{TERMS}{term.pk}/", sent_term("MASH", {"definition": "Mine."}, had=1))

    assert (answer.status_code, term.senses.get().definition) == (409, "As it was.")


# --- Deleting -----------------------------------------------------------------------------------------------------


def test_a_term_is_deleted_after_a_question(author, region):
    term = make_term("MASH", by="northshire", definition="A team.", sections=("consent",)).term
    url = f"{TERMS}{term.pk}/delete/"

    page = Page(author.get(url))
    asked = Term.objects.count()
    answer = author.post(url, {"seen": seen_on(author, url)})

    assert (page.heading, page.texts("//main//dd"), asked) == (
        "Delete the term “MASH”",
        ["MASH", "A team.", "consent"],
        1,
    )
    assert (answer["Location"], Term.objects.count()) == (WORDS, 0)
    assert as_read_by(region["northshire"]).terms == ()
    assert Page(author.get(WORDS)).notices == ["The term “MASH” is deleted."]
    assert log() == [
        (
            "northshire",
            "term-deleted",
            "MASH",
            "Term: “MASH”.\nSense 1, definition: “A team.”.\nSense 1, sections about it: “consent”.",
        )
    ]


def test_a_term_that_was_changed_meanwhile_is_asked_about_again(author):
    sense = make_term("MASH", by="northshire", definition="As it was.")
    url = f"{TERMS}{sense.term.pk}/delete/"
    seen = seen_on(author, url)
    sense.definition = "Theirs."
    sense.save()

    page = Page(author.post(url, {"seen": seen}))

    assert (page.status, page.notices) == (
        409,
        ["Somebody else changed this term meanwhile. Nothing is deleted yet. This is what it says now:"],
    )
    assert page.texts("//main//dd") == ["MASH", "Theirs."]
    assert Term.objects.count() == 1
