"""The page on which a draft is reviewed, and the steps that are taken there."""

import pytest

from procedures.editing import releasing, workflow
from procedures.editing.models import Comment, Draft, Release
from procedures.models import Version
from procedures.publishing import publish_imported
from tests import world
from tests.editing.drafts import (
    ELSEWHERE,
    NOW,
    SHARING,
    SOON,
    TODAY,
    actions,
    approved,
    begun,
    errors,
    faults_shown,
    give,
    in_state,
    published,
    queries_for,
    signed_in,
    state_of,
    submitted,
    url_of,
)
from tests.reader import Page, has

HUB = "::: fill front-door\nCall the new hub.\n:::\n\n## Here\n\nAlso northcanary.\n"


@pytest.fixture
def people(manual, today, northshire_author, northshire_approver):
    return {"by": northshire_author, "approver": northshire_approver}


@pytest.fixture
def author(people, northshire_author):
    return signed_in(northshire_author)


@pytest.fixture
def approver(people, northshire_approver):
    return signed_in(northshire_approver)


def read(client, draft: Draft, query: str = "") -> Page:
    return Page(client.get(url_of(draft) + query))


def post(client, draft: Draft, page: str, **values) -> Page:
    """What follows a step: its own page, or the one that it leads to."""
    return Page(client.post(url_of(draft, page), values, follow=True))


def buttons(page: Page) -> list[str]:
    """What the page lets somebody do with the draft."""
    return page.texts(f"//div[{has('review-steps')}]//button | //div[{has('review-steps')}]//a[{has('govuk-button')}]")


# --- What a reviewer sees -----------------------------------------------------------------------------------------


def test_the_draft_stands_against_what_is_in_force_word_by_word(people, approver):
    page = read(approver, submitted(body=HUB, **{"by": people["by"]}))

    assert (page.heading, page.texts("//h2")[1]) == (
        "3.1 Sharing information", "What changes against the text in force since 30 September 2019",
    )  # fmt: skip
    assert (page.texts("//article//ins"), page.texts("//article//del")) == (["the new"], ["northcanary"])
    assert "2 words inserted, 1 deleted." in page.texts(f"//p[{has('lead')}]")


def test_the_facts_of_a_draft_stand_on_top(people, approver, northshire_author):
    page = read(approver, approved(**people))

    facts = dict(zip(page.texts("//dl//dt"), page.texts("//dl//dd"), strict=True))
    assert (facts["Whose text"], facts["Written by"], facts["Kind of change"]) == (
        "Northshire", "northshire_author@example.org", "Major change",
    )  # fmt: skip
    assert facts["Approved by"] == "northshire_approver@example.org, 15 January 2025, 10:00"


def test_all_of_a_first_text_is_new(people, approver, northshire_author):
    page = read(approver, begun("consent", by=northshire_author, body="All of it.\n"))

    assert "There is no text before this one: all of it is new." in page.texts(f"//p[{has('lead')}]")
    assert page.texts("//article//ins") == ["All of it."]


def test_the_faults_stand_with_their_lines(people, author, northshire_author):
    page = read(author, begun(by=northshire_author, body="One.\n\nSee Section 9.9.", change_note=""))

    assert [fault[:52] for fault in faults_shown(page)] == [
        "Say what changed and why: only a minor change may go",
        "Line 3: “Section 9.9” leads nowhere: no section bear",
    ]


def test_who_refers_to_a_regional_section_and_which_additions_stand_beside_it(people, region, regional_author):
    consent = begun("consent", by=regional_author, of="heartland")
    sharing = begun(by=regional_author, of="heartland")
    client = signed_in(regional_author)

    assert read(client, consent).links(f"//ul[{has('link-list')}]") == [
        ("3.1 Sharing information, Heartland", "/sections/sharing-information/")
    ]
    assert read(client, sharing).links(f"//ul[{has('link-list')}]") == [
        (name, f"/in/{slug}/sections/sharing-information/")
        for name, slug in (
            ("Northern Force", "northern-force"),
            ("Northshire", "northshire"),
            ("Eastvale", "eastvale"),
            ("Southmoor", "southmoor"),
        )
    ]


def test_other_partnerships_references_are_told_to_the_region_alone(people, region, northshire_author, regional_author):
    world.publish(
        "harbour-children",
        by="southmoor",
        number="4.1",
        title="The southcanary harbour",
        body="See Section 2.10.",
        on=SOON.replace(year=2023),
    )
    own = begun("consent", by=northshire_author, body="Ours.")
    regional = begun("consent", by=regional_author, of="heartland")

    assert "southcanary" not in read(signed_in(northshire_author), own).main
    assert "4.1 The southcanary harbour, Southmoor" in read(signed_in(regional_author), regional).main


def test_a_draft_that_was_overtaken_says_so(people, author, northshire_author):
    overtaken = begun(by=northshire_author)
    published(body="Newer.", **people)

    page = read(author, overtaken)

    assert page.notices[0][:71] == "Somebody has published another version of this text since this draft wa"


def test_a_draft_says_what_will_take_its_place(people, author, northshire_author):
    published(body="From March.", on=SOON, **people)

    page = read(author, begun(by=northshire_author))

    assert [notice[:70] for notice in page.notices] == [
        "Another version is scheduled for 1 March 2025 and will then take the p"
    ]


# --- Who may do what ----------------------------------------------------------------------------------------------

WRITING = ["Go on writing", "Submit for review"]
TAKE_BACK = "Take it back and go on writing"


@pytest.mark.parametrize(
    ("state", "authors", "approvers"),
    [
        ("draft", WRITING, []),
        ("changes asked for", WRITING, []),
        ("in review", [TAKE_BACK], ["Approve", "Send it back to its writers"]),
        ("approved", [TAKE_BACK], ["Publish", "Send it back to its writers"]),
        ("published", [], []),
        ("discarded", ["Bring it back"], []),
    ],
)
def test_each_role_is_offered_what_it_can_do_in_each_state(people, author, approver, state, authors, approvers):
    draft = in_state(state, **people)

    assert (buttons(read(author, draft)), buttons(read(approver, draft))) == (authors, approvers)


def test_who_wrote_a_text_is_told_that_a_second_person_approves_it(people, northshire_author):
    give(northshire_author, "approver")

    page = read(signed_in(northshire_author), submitted(by=northshire_author))

    assert "You have written in this text yourself: Northshire wants a second person to approve it." in page.main
    assert "Approve" not in buttons(page)


OWN_WORDS = "You have written in this text yourself. Northshire wants a second person to approve and publish it."


@pytest.mark.parametrize("who", ["northshire_author", "administrator"])
@pytest.mark.parametrize(("state", "page"), [("in review", "approve"), ("approved", "publish")])
def test_nobody_approves_or_publishes_their_own_words(people, request, northshire_approver, who, state, page):
    writer = request.getfixturevalue(who)
    if who == "northshire_author":
        give(writer, "approver")
    draft = in_state(state, by=writer, approver=northshire_approver)

    answer = signed_in(writer).post(url_of(draft, page), {"revision": draft.revision, "when": "today"})

    assert (answer.status_code, state_of(draft)) == (403, state)


def test_a_second_author_who_wrote_does_not_approve(people, northshire_author, southmoor_approver):
    second = give(give(southmoor_approver, "author"), "approver")
    draft = begun(by=northshire_author)
    workflow.save(draft, {"body": "Ours."}, by=second, revision=2, now=NOW)
    workflow.submit(draft, by=northshire_author, now=NOW, today=TODAY)

    answer = signed_in(second).post(url_of(draft, "approve"), {"revision": 3})

    assert (answer.status_code, state_of(draft)) == (403, "in review")


def test_where_one_person_is_enough_they_go_the_whole_way(people, region, northshire_author):
    region["northshire"].requires_two_people = False
    region["northshire"].save()
    draft = submitted(by=give(northshire_author, "approver"))
    client = signed_in(northshire_author)

    post(client, draft, "approve", revision=draft.revision)
    post(client, draft, "publish", when="today")

    assert state_of(draft) == "published"


STEPS = {
    "submit": "draft", "take-back": "in review", "ask-for-changes": "in review", "approve": "in review",
    "publish": "approved", "comment": "draft", "discard": "draft", "bring-back": "discarded",
}  # fmt: skip
FILLED_IN = {"text": "Why?", "ask-text": "Shorter.", "when": "today", "revision": "2"}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("who", ["southmoor_author", "southmoor_approver", "regional_approver", "outsider"])
def test_another_partnerships_people_find_no_draft_here_and_change_nothing(people, request, who, step):
    draft = in_state(STEPS[step], **people)
    client = signed_in(request.getfixturevalue(who))
    before = actions()

    statuses = [
        client.post(url_of(draft, step), FILLED_IN).status_code,
        client.post(url_of(draft, step).replace("northshire", "southmoor"), FILLED_IN).status_code,
        client.get(url_of(draft)).status_code,
    ]

    assert set(statuses[:2]) <= {403, 404} and (statuses[0], statuses[2]) == (404, 404)
    assert (state_of(draft), actions(), Comment.objects.count()) == (STEPS[step], before, 0)


@pytest.mark.parametrize("step", ["ask-for-changes", "approve", "publish"])
def test_an_author_agrees_to_nothing(people, author, step):
    draft = in_state(STEPS[step], **people)

    assert (author.post(url_of(draft, step), FILLED_IN).status_code, state_of(draft)) == (403, STEPS[step])


@pytest.mark.parametrize("step", ["submit", "discard", "bring-back"])
def test_an_approver_writes_nothing(people, approver, step):
    draft = in_state(STEPS[step], **people)

    assert (approver.post(url_of(draft, step), FILLED_IN).status_code, state_of(draft)) == (403, STEPS[step])


@pytest.mark.parametrize("step", ["take-back", "ask-for-changes", "approve", "publish", "comment", "bring-back"])
def test_a_step_is_not_taken_by_following_a_link(people, administrator, step):
    draft = in_state(STEPS[step], **people)

    assert signed_in(administrator).get(url_of(draft, step)).status_code == 405


# --- The steps ----------------------------------------------------------------------------------------------------


def test_submitting_says_that_the_approvers_were_told(people, author, northshire_author):
    page = post(author, begun(by=northshire_author), "submit")

    assert page.notices == ["The draft is submitted. The approvers have been told by e-mail."]


def test_a_last_look_before_submitting_changes_nothing(people, author, northshire_author):
    draft = begun(by=northshire_author)

    assert (author.get(url_of(draft, "submit")).status_code, state_of(draft)) == (200, "draft")


def test_submitting_with_faults_lists_them_and_submits_nothing(people, author, northshire_author):
    draft = begun(by=northshire_author, change_note="")

    answer = author.post(url_of(draft, "submit"))

    page = Page(answer)
    assert (answer.status_code, state_of(draft)) == (409, "draft")
    assert page.texts("//section[@aria-labelledby='faults_title']/h2") == ["Nothing was done: this stands in the way"]
    assert len(faults_shown(page)) == 1


def test_approving_needs_the_revision_that_was_read(people, approver, northshire_author):
    draft = submitted(by=northshire_author)

    for sent in ("", "1", "x", "9" * 5000, "³"):
        page = post(approver, draft, "approve", revision=sent)
        assert page.notices == ["This draft has changed since you opened it. Read it again before you approve it."]
    assert state_of(draft) == "in review"
    assert post(approver, draft, "approve", revision="2").notices == ["The draft is approved. It can be published now."]


def test_asking_for_changes_wants_words(people, approver, northshire_author):
    draft = submitted(by=northshire_author)

    answer = approver.post(url_of(draft, "ask-for-changes"), {"ask-text": " "})

    assert (answer.status_code, errors(Page(answer)), state_of(draft)) == (
        400,
        ["Write a sentence or two."],
        "in review",
    )


def test_changes_that_were_asked_for_stand_on_the_page(people, approver, author, northshire_author):
    draft = submitted(by=northshire_author)

    page = post(approver, draft, "ask-for-changes", **{"ask-text": "Name the <b>hub</b>."})

    assert page.notices == ["The draft is back with its writers, who have been told by e-mail."]
    assert "Name the <b>hub</b>." in read(author, draft).main


@pytest.mark.parametrize(
    ("values", "told", "day"),
    [
        ({"when": "today"}, "Published: readers see it now.", TODAY),
        (
            {"when": "later", "day_0": "1", "day_1": "3", "day_2": "2025"},
            "Scheduled: readers will see it from its day on.",
            SOON,
        ),
    ],
)
def test_an_approved_draft_is_published_now_or_for_a_day(people, approver, values, told, day):
    draft = approved(**people)

    page = post(approver, draft, "publish", **values)

    assert (page.notices, Version.objects.get(pk=draft.pk).effective_date) == ([told], day)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "Say when it takes effect."),
        ({"when": "never"}, "Select a valid choice. never is not one of the available choices."),
        ({"when": "later"}, "Enter the day on which it takes effect."),
        (
            {"when": "later", "day_0": "15", "day_1": "1", "day_2": "2025"},
            "This is not a later day. To publish it now, choose “Today”.",
        ),
        ({"when": "later", "day_0": "30", "day_1": "2", "day_2": "2026"}, "There is no such day in the calendar."),
    ],
)  # fmt: skip
def test_a_day_that_makes_no_sense_is_asked_for_again(people, approver, values, message):
    draft = approved(**people)

    answer = approver.post(url_of(draft, "publish"), values)

    assert (answer.status_code, errors(Page(answer)), state_of(draft)) == (400, [message], "approved")


def test_whoever_publishes_second_is_shown_what_happened(people, approver):
    first, second = approved(**people), approved(body="Other words.", **people)
    post(approver, first, "publish", when="today")

    answer = approver.post(url_of(second, "publish"), {"when": "today"})

    assert (answer.status_code, state_of(second)) == (409, "approved")
    assert [fault[:56] for fault in faults_shown(Page(answer))] == [
        "Somebody published another version of this text since th"
    ]


def test_a_draft_of_a_release_leads_to_the_release(people, approver, region, northshire_author):
    draft = approved(**people)
    release = Release.objects.create(
        partnership=region["northshire"],
        name="Spring",
        note="N",
        effective_date=SOON,
        made_by=northshire_author,
        made_at=NOW,
    )
    release.drafts.add(draft)

    assert "Publish" not in buttons(read(approver, draft))
    assert post(approver, draft, "publish", when="today").notices[0].startswith("“3.1 Sharing information” is part of")
    assert state_of(draft) == "approved"


def test_discarding_asks_first_and_can_be_undone(people, author, northshire_author):
    draft = begun(by=northshire_author)

    asked = author.get(url_of(draft, "discard"))
    before = state_of(draft)
    page = post(author, draft, "discard")
    between = state_of(draft)
    post(author, draft, "bring-back")

    assert (asked.status_code, before, between, state_of(draft)) == (200, "draft", "discarded", "draft")
    assert page.notices == ["The draft is discarded. It can be brought back from the page of its section."]


# --- Comments -----------------------------------------------------------------------------------------------------


def anchors(page: Page) -> list[str]:
    return [element.get("id").removeprefix("c-") for element in page.elements(f"//li[{has('paragraphs__one')}]")]


def test_a_comment_stands_with_its_paragraph(people, author, approver, northshire_author):
    draft = submitted(by=northshire_author, body=HUB)
    first, *_ = anchors(read(approver, draft))

    page = post(approver, draft, "comment", anchor=first, text="Which hub?")

    assert page.notices == ["Your comment stands below, and the writers have been told by e-mail."]
    assert Comment.objects.values_list("anchor", "quote", "text").get() == (first, "Call the new hub.", "Which hub?")
    assert "Which hub?" in read(author, draft).texts(f"//li[@id='c-{first}']")[0]


def test_a_comment_stays_with_its_words_when_the_paragraph_changes(people, author, approver, northshire_author):
    draft = begun(by=northshire_author, body=HUB)
    first, *_ = anchors(read(approver, draft))
    post(approver, draft, "comment", anchor=first, text="Which hub?")

    workflow.save(
        draft, {"body": HUB.replace("the new hub", "01632 960001")}, by=northshire_author, revision=2, now=NOW
    )

    page = read(author, draft)
    assert first not in anchors(page)
    assert "Call the new hub. Which hub?" in page.texts(f"//div[{has('comment')}]")[0]


def test_a_comment_on_a_paragraph_that_is_not_there_is_one_on_the_whole(people, approver, northshire_author):
    draft = submitted(by=northshire_author)

    post(approver, draft, "comment", anchor="p-nowhere", text="Why?")

    assert Comment.objects.values_list("anchor", "quote").get() == ("", "")


def test_an_empty_comment_is_none(people, approver, northshire_author):
    draft = submitted(by=northshire_author)

    answer = approver.post(url_of(draft, "comment"), {"text": ""})

    assert (answer.status_code, errors(Page(answer)), Comment.objects.count()) == (400, ["Write a sentence or two."], 0)


def test_a_comment_is_settled_by_an_editor_once(people, author, approver, northshire_author):
    draft = submitted(by=northshire_author)
    post(approver, draft, "comment", text="Why?")
    said = Comment.objects.get()

    told = [post(author, draft, f"comments/{said.pk}/settle").notices for _ in range(2)]

    assert told == [["The comment is settled."], ["This comment has been settled already."]]


def test_a_comment_is_settled_at_its_own_draft_alone(people, author, approver, northshire_author, southmoor_author):
    one, other = submitted(by=northshire_author), submitted("consent", by=northshire_author, body="Ours.")
    post(approver, one, "comment", text="Why?")
    said = Comment.objects.get()

    statuses = [
        author.post(url_of(other, f"comments/{said.pk}/settle")).status_code,
        signed_in(southmoor_author).post(url_of(one, f"comments/{said.pk}/settle")).status_code,
        signed_in(southmoor_author).post(f"{ELSEWHERE}/drafts/{one.pk}/comments/{said.pk}/settle/").status_code,
    ]

    assert (statuses, Comment.objects.get().settled_at) == ([404] * 3, None)


def test_a_published_draft_is_the_record_of_how_its_text_came_about(people, author, approver):
    draft = in_state("approved", **people)
    post(approver, draft, "comment", text="Well put.")
    releasing.publish(workflow.reread(draft), by=people["approver"], effective_date=TODAY, now=NOW, today=TODAY)

    page = read(author, draft)

    assert ("Well put." in page.main, buttons(page), "Comment on a paragraph" in page.main) == (True, [], False)
    assert approver.post(url_of(draft, "comment"), {"text": "Late."}).status_code == 302
    assert Comment.objects.count() == 1


# --- What it costs ------------------------------------------------------------------------------------------------


def test_the_review_takes_as_many_queries_with_many_more_versions_drafts_and_comments(
    people, author, northshire_author, northshire_approver
):
    draft = submitted(by=northshire_author)
    workflow.comment(draft, "Why?", by=northshire_approver, now=NOW)
    queries_for(author, url_of(draft))
    few = queries_for(author, url_of(draft))

    regional = {"number": "3.1", "title": "Sharing information", "body": "::: local front-door\nAsk.\n:::\n"}
    publish_imported(
        [
            world.make_version(SHARING, by=owner, on=world.date(2020, 1, 1) + world.timedelta(days=n), **names)
            for n in range(40)
            for owner, names in (("northshire", {}), ("heartland", regional))
        ]
    )
    for n in range(40):
        workflow.comment(draft, f"Comment {n}.", by=northshire_approver, now=NOW)
        begun(by=northshire_author)

    assert queries_for(author, url_of(draft)) == few
