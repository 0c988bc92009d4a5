"""The pages of a partnership's texts: the list, one section, and how a draft is begun there."""

from datetime import date

import pytest

from procedures.editing import workflow
from procedures.editing.models import Draft
from procedures.models import Section, Version
from procedures.publishing import publish_imported
from tests import world
from tests.editing.drafts import (
    NOW,
    PLACE,
    SHARING,
    SOON,
    actions,
    begun,
    errors,
    give,
    published,
    queries_for,
    signed_in,
)
from tests.reader import Page, has

SECTION = f"{PLACE}/sections/{SHARING}/"
HARBOUR = "harbour-children"  # Southmoor's own


@pytest.fixture
def people(manual, today, northshire_author, northshire_approver):
    return {"by": northshire_author, "approver": northshire_approver}


@pytest.fixture
def author(people, northshire_author):
    return signed_in(northshire_author)


@pytest.fixture
def approver(people, northshire_approver):
    return signed_in(northshire_approver)


def rows(page: Page) -> list[str]:
    return page.texts(f"//p[{has('rows__title')}]")


# --- The list -----------------------------------------------------------------------------------------------------


def test_the_list_tells_own_texts_from_those_that_can_be_added_to(author):
    page = Page(author.get(f"{PLACE}/"))

    assert (page.heading, page.texts("//h2")[-2:]) == (
        "Texts of Northshire", ["Sections with text of Northshire", "Other sections of the regional manual"],
    )  # fmt: skip
    assert rows(page)[:2] == ["3.1 Sharing information", "1 Child protection"]
    assert "In force since 30 September 2019" in page.main


@pytest.mark.parametrize(
    ("sought", "found"), [("2", ["2 Guidance", "2.10 Consent"]), ("consent", ["2.10 Consent"]), ("harbour", [])]
)
def test_a_section_is_found_by_number_or_title(author, sought, found):
    page = Page(author.get(f"{PLACE}/", {"q": sought}))

    assert (rows(page), page.elements("//input[@name='q']/@value")) == (found, [sought])


def test_what_is_not_found_is_named(author):
    assert "None is called “<b>”." in Page(author.get(f"{PLACE}/?q=<b>")).main


def test_only_authors_are_offered_to_begin_a_section(author, approver):
    offer = "Begin a local procedure: a section that only Northshire has"

    assert [offer in Page(client.get(f"{PLACE}/")).main for client in (author, approver)] == [True, False]


# --- One section --------------------------------------------------------------------------------------------------


def test_the_page_of_a_section_shows_all_that_is_going_on_there(people, author):
    published(body="From March.", on=SOON, **people)
    begun(by=people["by"])
    workflow.discard(begun(by=people["by"]), by=people["by"], now=NOW)

    page = Page(author.get(SECTION))

    assert page.heading == "3.1 Sharing information"
    assert rows(page) == [
        "Draft of northshire_author@example.org", "Text of 1 March 2025", "1 March 2025", "30 September 2019",
    ]  # fmt: skip
    assert page.texts("//summary") == ["All 2 versions of this text", "1 discarded draft"]


def test_an_approver_can_call_back_and_an_author_can_write(people, author, approver):
    published(body="From March.", on=SOON, **people)
    offers = ("Call it back", "Begin a draft from it", "Edit this text", "Withdraw this text", "Restore")

    texts = [Page(client.get(SECTION)).main for client in (author, approver)]

    assert [[offer for offer in offers if offer in text] for text in texts] == [list(offers[1:]), ["Call it back"]]


def test_a_section_without_own_text_says_what_one_would_be(author):
    page = Page(author.get(f"{PLACE}/sections/consent/"))

    assert page.lead[:40] == "Northshire has no text of its own here. "
    assert "Write a text" in page.texts("//button")


def test_another_partnerships_own_section_is_not_found(author, southmoor_author):
    begun(HARBOUR, by=southmoor_author, of="southmoor")

    for page in ("", "begin/", "withdraw/"):
        url = f"{PLACE}/sections/{HARBOUR}/{page}"
        statuses = (author.get(url).status_code, author.post(url).status_code)
        assert statuses == {"": (404, 405), "begin/": (405, 404)}.get(page, (404, 404))
    assert Draft.objects.count() == 1


# --- Beginning a draft --------------------------------------------------------------------------------------------


def test_a_draft_is_begun_and_opened(author, northshire_author):
    answer = author.post(SECTION + "begin/")

    draft = Draft.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"{PLACE}/drafts/{draft.pk}/")
    assert (draft.saved_by, actions()) == (northshire_author, ["draft-begun"])


def test_an_old_version_is_restored(people, author):
    old = Version.objects.get(partnership__slug="northshire", section__slug=SHARING)
    published(body="Newer.", **people)

    author.post(SECTION + "begin/", {"source": old.pk})

    draft = Draft.objects.latest("pk")
    assert (draft.version.body, draft.began_with, actions()[-1]) == (old.body, old, "restored")


def test_only_a_published_version_of_this_text_can_be_restored(people, author):
    own_draft = begun(by=people["by"])
    others = {
        "southmoor’s": Version.objects.get(partnership__slug="southmoor", section__slug=SHARING).pk,
        "the region’s": Version.objects.filter(partnership__slug="heartland", section__slug=SHARING)[0].pk,
        "another section’s": published("consent", body="Ours.", **people).pk,
        "a draft": own_draft.pk,
    }
    before = Draft.objects.count()

    for source in [*others.values(), 0, "x", "-1", "9" * 30, "9" * 5000, "²"]:
        assert author.post(SECTION + "begin/", {"source": source}).status_code == 404, source
    assert Draft.objects.count() == before


def test_a_withdrawal_asks_first(author):
    asked = Page(author.get(SECTION + "withdraw/"))
    before = Draft.objects.count()

    answer = author.post(SECTION + "withdraw/")

    draft = Draft.objects.get()
    assert (asked.heading, before) == ("Withdraw Northshire’s text of “Sharing information”", 0)
    assert (answer["Location"], draft.version.withdrawn) == (f"{PLACE}/drafts/{draft.pk}/", True)


def test_where_there_is_nothing_to_withdraw_the_page_says_so(author):
    page = Page(author.post(f"{PLACE}/sections/consent/withdraw/", follow=True))

    assert page.notices == ["There is no text to withdraw: none is in force or scheduled."]
    assert not Draft.objects.exists()


# --- A new section ------------------------------------------------------------------------------------------------

SEASIDE = {"title": "By the sea", "number": "5.1", "slug": "by-the-sea"}


def test_a_local_procedure_is_begun(author):
    answer = author.post(f"{PLACE}/sections/new/", SEASIDE)

    version = Draft.objects.get().version
    assert answer["Location"] == f"{PLACE}/drafts/{version.pk}/"
    assert (version.section.slug, version.number, version.title, version.partnership.slug) == (
        "by-the-sea", "5.1", "By the sea", "northshire",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"title": ""}, "This field is required."),
        ({"number": "5.01"}, "“5.01” is not a section number such as 3.7 or 2.10."),
        ({"number": "five"}, "“five” is not a section number such as 3.7 or 2.10."),
        ({"slug": "By the sea"}, "Use small letters, digits and single hyphens, such as bruising-in-babies."),
        ({"slug": "sea\n"}, None),
        ({"slug": "sea--side"}, "Use small letters, digits and single hyphens, such as bruising-in-babies."),
        ({"slug": "consent"}, "There is a section “consent” already. Choose another name."),
    ],
)
def test_a_section_without_sound_names_is_not_begun(author, values, message):
    answer = author.post(f"{PLACE}/sections/new/", SEASIDE | values)

    if message:
        assert (answer.status_code, errors(Page(answer)), Draft.objects.count()) == (200, [message], 0)
    else:  # white space around a name is nothing to complain of
        assert Section.objects.filter(slug="sea").exists()


# --- “Edit this section” ------------------------------------------------------------------------------------------


def test_whoever_edits_one_text_of_a_section_is_led_to_it(author):
    answer = author.get(f"/workspace/edit/{SHARING}/")

    assert (answer.status_code, answer["Location"]) == (302, SECTION)


def test_whoever_edits_several_chooses_or_comes_with_a_choice(people, author, northshire_author):
    give(northshire_author, "approver", of="heartland")

    page = Page(author.get(f"/workspace/edit/{SHARING}/"))
    chosen = author.get(f"/workspace/edit/{SHARING}/?partnership=northshire")

    assert page.links(f"//ul[{has('link-list')}]") == [
        ("The regional text", f"/workspace/heartland/sections/{SHARING}/"),
        ("The text of Northshire", SECTION),
    ]
    assert chosen["Location"] == SECTION


@pytest.mark.parametrize("partnership", ["southmoor", "nowhere", ""])
def test_a_choice_that_is_not_theirs_changes_nothing(author, partnership):
    assert author.get(f"/workspace/edit/{SHARING}/?partnership={partnership}")["Location"] == SECTION


def test_whoever_cannot_edit_a_section_is_told(author, outsider):
    headings = [
        Page(client.get(url)).heading
        for client, url in (
            (author, f"/workspace/edit/{HARBOUR}/"),
            (signed_in(outsider), f"/workspace/edit/{SHARING}/"),
        )
    ]

    assert headings == ["You cannot edit this section"] * 2
    assert author.get("/workspace/edit/nothing/").status_code == 404


# --- Who ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["southmoor_author", "southmoor_approver", "regional_author", "outsider"])
def test_another_partnerships_people_find_no_texts_here(people, request, who):
    client = signed_in(request.getfixturevalue(who))

    statuses = [client.get(f"{PLACE}/").status_code, client.get(SECTION).status_code]
    statuses += [client.post(SECTION + page).status_code for page in ("begin/", "withdraw/")]
    statuses.append(client.post(f"{PLACE}/sections/new/", SEASIDE).status_code)

    assert (statuses, Draft.objects.count()) == ([404] * 5, 0)


# --- What it costs ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["sections/sharing-information/", "drafts/{draft}/"])
def test_a_page_takes_as_many_queries_with_many_more_versions_and_drafts(people, author, page):
    draft = begun(by=people["by"])
    published("consent", body="Ours.", on=SOON, **people)
    url = f"{PLACE}/{page}".format(draft=draft.pk)
    queries_for(author, url)
    few = queries_for(author, url)

    publish_imported([world.make_version(SHARING, by="northshire", on=date(2020, 1, 1 + n % 28)) for n in range(40)])
    for _ in range(40):
        begun(by=people["by"])
        workflow.comment(draft, "Why?", by=people["approver"], now=NOW)
    queries_for(author, url)

    assert queries_for(author, url) == few
