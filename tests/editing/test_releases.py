"""The pages of releases: several drafts that are published on one day with one note."""

import pytest

from procedures.editing import beginning, workflow
from procedures.editing.models import Draft, Release
from procedures.models import Version
from tests.editing.drafts import (
    ELSEWHERE,
    NOW,
    PLACE,
    SOON,
    TODAY,
    actions,
    approved,
    begun,
    errors,
    published,
    signed_in,
    state_of,
)
from tests.reader import Page, has

RELEASES = f"{PLACE}/releases/"
SPRING = {
    "name": "Spring", "note": "The hubs have moved.",
    "effective_date_0": "1", "effective_date_1": "3", "effective_date_2": "2025",
}  # fmt: skip


@pytest.fixture
def people(manual, today, northshire_author, northshire_approver):
    return {"by": northshire_author, "approver": northshire_approver}


@pytest.fixture
def author(people, northshire_author):
    return signed_in(northshire_author)


@pytest.fixture
def approver(people, northshire_approver):
    return signed_in(northshire_approver)


@pytest.fixture
def spring(author) -> Release:
    author.post(RELEASES + "new/", SPRING)
    return Release.objects.get()


def url_of(release: Release, page: str = "") -> str:
    return f"{RELEASES}{release.pk}/{page}"


def put_in(client, release: Release, *drafts: Draft) -> None:
    for draft in drafts:
        client.post(url_of(release, "contents/"), {"draft": draft.pk, "action": "add"})
    release.refresh_from_db()


def publish(client, release: Release):
    release.refresh_from_db()
    return client.post(url_of(release, "publish/"), {"revision": release.revision}, follow=True)


def rows(page: Page) -> list[str]:
    return page.texts(f"//p[{has('rows__title')}]")


# --- Making one ---------------------------------------------------------------------------------------------------


def test_an_editor_makes_a_release(author, northshire_author):
    answer = author.post(RELEASES + "new/", SPRING)

    release = Release.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, url_of(release))
    assert (release.name, release.note, release.effective_date, release.made_by) == (
        "Spring", "The hubs have moved.", SOON, northshire_author,
    )  # fmt: skip
    assert (rows(Page(author.get(RELEASES))), actions()) == (["Spring"], ["release-made"])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"name": ""}, "This field is required."),
        ({"note": " "}, "This field is required."),
        (
            {"effective_date_0": "14", "effective_date_1": "1"},
            "This day lies in the past. The earliest possible day is today.",
        ),
        ({"effective_date_0": "x"}, "Enter a day, a month and a year in numbers, such as 5 4 2027."),
    ],
)  # fmt: skip
def test_a_release_without_name_note_or_day_is_asked_for_again(author, values, message):
    answer = author.post(RELEASES + "new/", SPRING | values)

    assert (answer.status_code, errors(Page(answer)), Release.objects.count()) == (200, [message], 0)


def test_a_release_may_take_effect_today(author):
    author.post(RELEASES + "new/", SPRING | {"effective_date_0": "15", "effective_date_1": "1"})

    assert Release.objects.get().effective_date == TODAY


def test_name_note_and_day_can_be_changed_until_it_is_published(author, approver, spring, people):
    author.post(url_of(spring, "change/"), SPRING | {"name": "Summer"})
    put_in(author, spring, approved(**people))
    publish(approver, spring)
    late = Page(author.post(url_of(spring, "change/"), SPRING | {"name": "Autumn"}, follow=True))

    spring.refresh_from_db()
    assert (spring.name, late.notices) == ("Summer", ["This release has been published meanwhile."])


# --- What is in it ------------------------------------------------------------------------------------------------


def test_drafts_are_put_in_and_taken_out(author, spring, people):
    draft = begun(by=people["by"])

    put_in(author, spring, draft)
    inside = rows(Page(author.get(url_of(spring))))
    author.post(url_of(spring, "contents/"), {"draft": draft.pk, "action": "remove"})

    assert (inside, spring.drafts.count()) == (["3.1 Sharing information"], 0)
    assert actions()[-2:] == ["release-changed", "release-changed"]


def test_a_draft_is_in_one_release_at_most(author, spring, people):
    draft = begun(by=people["by"])
    put_in(author, spring, draft)
    author.post(RELEASES + "new/", SPRING | {"name": "Other"})
    other = Release.objects.get(name="Other")

    put_in(author, other, draft)

    assert (spring.drafts.count(), other.drafts.count()) == (1, 0)
    assert "Put it in" not in Page(author.get(url_of(other))).main


def test_only_open_drafts_of_the_partnership_can_be_put_in(author, spring, people, southmoor_author):
    elsewhere = begun(by=southmoor_author, of="southmoor")
    gone = published(**people)
    discarded = workflow.discard(begun(by=people["by"]), by=people["by"], now=NOW)

    statuses = [
        author.post(url_of(spring, "contents/"), {"draft": pk, "action": "add"}).status_code
        for pk in (elsewhere.pk, gone.pk, discarded.pk, 0, "x", "9" * 5000, "")
    ]

    assert (statuses, Draft.objects.filter(release=spring).count()) == ([404] * 7, 0)


def test_a_discarded_draft_leaves_its_release(author, spring, people):
    draft = begun(by=people["by"])
    put_in(author, spring, draft)

    workflow.discard(draft, by=people["by"], now=NOW)

    assert spring.drafts.count() == 0


def test_a_release_that_is_discarded_keeps_its_drafts(author, spring, people):
    draft = begun(by=people["by"])
    put_in(author, spring, draft)

    page = Page(author.post(url_of(spring, "discard/"), follow=True))

    assert page.notices == ["The release “Spring” is discarded. Its drafts stay."]
    assert (Release.objects.count(), state_of(draft), actions()[-1]) == (0, "draft", "release-discarded")


# --- Publishing it ------------------------------------------------------------------------------------------------


def test_a_release_is_published_whole_by_an_approver_with_its_note_and_day(author, approver, spring, people, reader):
    put_in(author, spring, approved(**people), approved("consent", body="Our consent.", **people))

    page = Page(publish(approver, spring))

    assert page.notices == ["The release is published with 2 texts."]
    assert set(Version.objects.filter(draft__release=spring).values_list("effective_date", "change_note")) == {
        (SOON, "The hubs have moved.")
    }
    consent = "/in/northshire/on/{}/sections/consent/"
    assert "Our consent." not in reader.read(consent.format("2025-02-28")).main
    assert "Our consent." in reader.read(consent.format("2025-03-01")).main


def test_the_button_appears_for_approvers_once_everything_is_approved(author, approver, spring, people):
    put_in(author, spring, approved(**people), waiting := begun("consent", by=people["by"], body="Ours."))
    before = Page(approver.get(url_of(spring)))
    workflow.submit(waiting, by=people["by"], now=NOW, today=TODAY)
    workflow.approve(waiting, by=people["approver"], revision=2, now=NOW, today=TODAY)

    ready = Page(approver.get(url_of(spring)))

    assert "The release can be published once each of its texts is approved." in before.main
    assert ["Publish the release" in page.main for page in (before, ready, Page(author.get(url_of(spring))))] == [
        False, True, False,
    ]  # fmt: skip


def test_a_release_with_a_draft_that_is_not_approved_is_not_published(author, approver, spring, people):
    put_in(author, spring, approved(**people), begun("consent", by=people["by"], body="Ours."))

    page = Page(publish(approver, spring))

    assert page.notices == ["“2.10 Consent” is not ready to be published: it is draft."]
    assert {state_of(draft) for draft in spring.drafts.all()} == {"approved", "draft"}


def test_a_release_that_changed_meanwhile_is_looked_at_again(author, approver, spring, people):
    put_in(author, spring, approved(**people))
    read = spring.revision
    put_in(author, spring, approved("consent", body="Ours.", **people))

    page = Page(approver.post(url_of(spring, "publish/"), {"revision": read}, follow=True))

    assert page.notices == ["This release has changed since you opened it. Look at it again before you publish it."]
    assert {state_of(draft) for draft in spring.drafts.all()} == {"approved"}


def test_a_fault_in_a_published_text_keeps_a_release_back_and_is_named(
    manual, today, regional_author, regional_approver
):
    """Renumbering 2.10 would leave 3.1, which was imported and never was a draft here, with a stale number."""
    place = "/workspace/heartland/releases/"
    author, approver = signed_in(regional_author), signed_in(regional_approver)
    author.post(place + "new/", SPRING)
    release = Release.objects.get()
    moved = begun("consent", by=regional_author, of="heartland", change_note="Moves.")
    workflow.submit(moved, by=regional_author, now=NOW, today=TODAY)
    workflow.approve(moved, by=regional_approver, revision=2, now=NOW, today=TODAY)
    Version.objects.filter(pk=moved.pk).update(number="2.11")
    release.drafts.add(moved)

    answer = approver.post(f"{place}{release.pk}/publish/", {"revision": release.revision})

    named = Page(answer).texts(f"//div[{has('faults')}]//li/strong")
    assert (answer.status_code, [name.split(":")[0][:23] for name in named]) == (409, ["3.1 Sharing information"])
    assert state_of(moved) == "approved"


def test_a_published_release_stays_on_record_and_is_not_changed(author, approver, spring, people):
    draft = approved(**people)
    put_in(author, spring, draft)
    publish(approver, spring)
    more = begun("consent", by=people["by"], body="Ours.")

    told = [
        Page(author.post(url_of(spring, "contents/"), {"draft": more.pk, "action": "add"}, follow=True)).notices,
        Page(author.post(url_of(spring, "discard/"), follow=True)).notices,
        Page(publish(approver, spring)).notices,
    ]

    assert told == [
        ["This release has been published: nothing can be changed in it."],
        ["This release has been published: it stays on record."],
        ["This release has been published already."],
    ]
    assert list(spring.drafts.values_list("pk", flat=True)) == [draft.pk]


def test_a_new_section_can_be_published_with_the_texts_that_refer_to_it(author, approver, spring, people, region):
    new = beginning.begin_new_section(
        "seaside", "5.1", "Seaside", region["northshire"], by=people["by"], now=NOW, today=TODAY
    )
    workflow.save(new, {"body": "By the sea.", "change_note": "New."}, by=people["by"], revision=1, now=NOW)
    refers = begun("consent", by=people["by"], body="See Section 5.1.")
    put_in(author, spring, new, refers)

    for draft in (new, refers):
        author.post(f"{PLACE}/drafts/{draft.pk}/submit/")
        approver.post(f"{PLACE}/drafts/{draft.pk}/approve/", {"revision": 2})
    page = Page(publish(approver, spring))

    assert page.notices[-1] == "The release is published with 2 texts."


# --- Who ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["", "change/", "contents/", "publish/", "discard/"])
def test_another_partnerships_people_find_no_release_here(author, spring, southmoor_author, southmoor_approver, page):
    for person in (southmoor_author, southmoor_approver):
        client = signed_in(person)
        for url in (url_of(spring, page), url_of(spring, page).replace(PLACE, ELSEWHERE)):
            assert client.get(url).status_code in ((405,) if page in ("contents/", "publish/", "discard/") else (404,))
            expected = (404, 403) if person == southmoor_author and page == "publish/" else (404,)
            assert client.post(url, SPRING).status_code in (expected if page else (405,))

    spring.refresh_from_db()
    assert (spring.name, spring.published_at) == ("Spring", None)


def test_an_author_publishes_no_release(author, spring, people):
    put_in(author, spring, approved(**people))

    assert publish(author, spring).status_code == 403


def test_the_list_counts_the_texts_of_each_release_in_a_constant_number_of_queries(author, spring, people):
    from tests.editing.drafts import queries_for

    put_in(author, spring, begun(by=people["by"]))
    queries_for(author, RELEASES)
    few = queries_for(author, RELEASES)
    for number in range(10):
        author.post(RELEASES + "new/", SPRING | {"name": f"Release {number}"})
        put_in(author, Release.objects.get(name=f"Release {number}"), begun(by=people["by"]))

    assert queries_for(author, RELEASES) == few
