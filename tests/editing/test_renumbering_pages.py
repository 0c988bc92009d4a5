"""The pages of renumbering: worked out, proposed, published by a second person, or discarded."""

from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from partnerships.audit import AuditEntry
from partnerships.models import Membership, Partnership
from procedures import sealing
from procedures.editing import proposing
from procedures.editing.models import Renumbering
from procedures.models import Version
from tests.editing.drafts import begun, errors, give, signed_in
from tests.reader import Page, make_it
from tests.world import make_renumbering, publish

PLACE = "/workspace/heartland/renumbering/"
DAY = date(2025, 3, 1)
SENT = {
    "kind": "move",
    "move-section": "consent",
    "move-number": "2.11",
    "move-makes_room": "on",
    "move-effective_date_0": "1",
    "move-effective_date_1": "3",
    "move-effective_date_2": "2025",
    "move-note": "A better order.",
}


@pytest.fixture
def author(manual, today, regional_author) -> Client:
    return signed_in(regional_author)


@pytest.fixture
def approver(manual, today, regional_approver) -> Client:
    return signed_in(regional_approver)


@pytest.fixture
def proposal(author) -> Renumbering:
    """2.10 Consent to 2.11, proposed by the region's author."""
    author.post(f"{PLACE}preview/", SENT)
    return Renumbering.objects.get()


def read(client: Client, url: str, **query: Any) -> Page:
    return Page(client.get(url, query))


def publish_it(client: Client, proposal: Renumbering, **sent: Any) -> Page:
    """Press the button of the proposal's page as it stands now."""
    [digest] = read(client, f"{PLACE}{proposal.pk}/").elements("//input[@name='digest']/@value") or [""]
    return Page(client.post(f"{PLACE}{proposal.pk}/publish/", {"digest": digest} | sent, follow=True))


def published() -> int:
    return Version.objects.published().count()


def log_of(slug: str) -> list[tuple[str, str, str]]:
    entries = AuditEntry.objects.filter(partnership__slug=slug).order_by("number")
    return list(entries.values_list("action", "about", "detail"))


def letters() -> list[tuple[str, str]]:
    return sorted((message.to[0], message.subject) for message in mail.outbox)


# --- Saying what is to move ---------------------------------------------------------------------------------------


def test_the_sections_to_choose_from_are_the_partnerships_own(author, southmoor_author):
    choices = "//select[@name='move-section']/option"

    assert read(author, f"{PLACE}new/").texts(choices) == [
        "Choose a section",
        "1 Child protection",
        "1.5 Making a referral",
        "2 Guidance",
        "2.10 Consent",
        "3 Working together",
        "3.1 Sharing information",
    ]
    local = read(signed_in(southmoor_author), "/workspace/southmoor/renumbering/new/")
    assert local.texts(choices) == ["Choose a section", "4.1 Children of the southcanary harbour"]


def test_who_has_only_additions_has_nothing_to_renumber(manual, northshire_author):
    page = read(signed_in(northshire_author), "/workspace/northshire/renumbering/new/")

    assert page.lead == (
        "Northshire has no section with a number of its own. Its additions bear the numbers of the regional sections "
        "that they stand in."
    )


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (SENT | {"move-section": ""}, ["Choose the section that is to move."]),
        (SENT | {"move-number": "2.010"}, ["“2.010” is not a section number such as 3.7 or 2.10."]),
        (SENT | {"move-note": " "}, ["Say why the numbers change."]),
        (
            SENT | {"move-effective_date_2": "2024"},
            ["This day lies in the past. The earliest possible day is today."],
        ),
        ({"kind": "gaps"} | SENT, None),
        (
            {"kind": "gaps", "gaps-note": "A better order."},
            [
                "Choose where the gaps are to be closed.",
                "Enter a day, a month and a year in numbers, such as 5 4 2027.",
            ],
        ),
    ],
)
def test_what_is_wrong_with_the_form_is_said(author, sent, expected):
    page = read(author, f"{PLACE}preview/", **sent)

    if expected is None:
        assert page.heading == "What the renumbering would change"
    else:
        assert (page.heading, errors(page)) == ("Change numbers in Heartland", expected)


# --- What it would change -----------------------------------------------------------------------------------------


def test_everything_that_would_change_is_shown_first(author):
    before = published()

    page = read(author, f"{PLACE}preview/", **SENT)

    assert page.texts("//tbody/tr") == ["2.10 2.11 Consent"]
    assert page.texts("//main//h2") == [
        "Sections that get another number",
        "Heartland: 2 versions",
        "Drafts that name these numbers",
    ]
    assert page.texts("//main//h3") == ["2.10 Consent", "3.1 Sharing information"]
    [line] = page.texts("//ul[@class='renumbering-lines']/li")
    assert line == "Line 3: Follow the advice of May 2024. See Section 2.10 2.11."
    assert (published(), Renumbering.objects.count(), log_of("heartland")) == (before, 0, [])


def test_the_texts_of_other_partnerships_are_shown_under_their_names(author):
    publish("consent", by="southmoor", body="As in Section 2.10.\n\n- And paragraph 2.10.3.\n")

    page = read(author, f"{PLACE}preview/", **SENT)

    assert page.texts("//main//h2")[1:3] == ["Heartland: 2 versions", "Southmoor: 1 version"]
    assert page.texts("//main//h3")[-1] == "2.10 Consent"
    assert page.texts("//ul[@class='renumbering-lines']/li")[-2:] == [
        "Line 1: As in Section 2.10 2.11.",
        "Line 3: - And paragraph 2.10.3 2.11.3.",
    ]


def test_gaps_are_closed(author):
    page = read(author, f"{PLACE}new/")
    assert page.texts("//input[@name='gaps-under']/following-sibling::label") == [
        "Part 1: from 1.5 on, 1 section moves up",
        "Part 2: from 2.10 on, 1 section moves up",
    ]
    sent = {name.replace("move", "gaps"): value for name, value in SENT.items()}

    page = read(author, f"{PLACE}preview/", **(sent | {"kind": "gaps", "gaps-under": "2"}))

    assert page.texts("//tbody/tr") == ["2.10 2.1 Consent"]


def test_what_is_in_the_way_is_told_and_nothing_can_be_proposed(author):
    sent = SENT | {"move-number": "1.5"}
    del sent["move-makes_room"]

    page = read(author, f"{PLACE}preview/", **sent)
    author.post(f"{PLACE}preview/", sent)

    assert page.texts("//div[@role='alert']//li") == [
        "1.5 Consent (Heartland): Number 1.5 is taken: from 2025-03-01 it is the number of “making-a-referral” as well."
    ]
    assert page.elements("//main//button") == []
    assert Renumbering.objects.count() == 0


def test_a_region_that_has_no_section_of_that_name_is_asked_again(author):
    page = read(author, f"{PLACE}preview/", **(SENT | {"move-section": "harbour-children"}))

    assert errors(page) == ["Select a valid choice. harbour-children is not one of the available choices."]


def test_a_draft_that_names_the_number_is_listed(author, regional_author, northshire_author):
    begun("sharing-information", by=regional_author, of="heartland")
    begun("sharing-information", by=northshire_author, body="See Section 2.10.\n")

    page = read(author, f"{PLACE}preview/", **SENT)

    assert page.texts("//h2[.='Drafts that name these numbers']/following-sibling::ul/li") == [
        "3.1 Sharing information Heartland: names 2.10",
        "3.1 Sharing information Northshire: names 2.10",
    ]


# --- Proposing ----------------------------------------------------------------------------------------------------


def test_a_renumbering_is_proposed(author, regional_author, regional_approver, django_capture_on_commit_callbacks):
    before = published()

    with django_capture_on_commit_callbacks(execute=True):
        page = Page(author.post(f"{PLACE}preview/", SENT, follow=True))

    made = Renumbering.objects.get()
    assert (made.moves, made.makes_room, made.effective_date, made.note, made.proposed_by) == (
        {"consent": "2.11"}, True, DAY, "A better order.", regional_author,
    )  # fmt: skip
    assert page.heading == "Renumbering: 2.10 to 2.11, Consent"
    assert published() == before
    assert letters() == [("regional_approver@example.org", "To approve: renumbering 2.10 to 2.11, Consent")]
    assert log_of("heartland") == [
        (
            "renumbering-proposed",
            "2.10 to 2.11, Consent",
            "2.10 to 2.11, from 1 March 2025: 2 texts. A better order.",
        )
    ]


def test_proposals_and_what_became_of_them_are_listed(author, regional_author, regional_approver):
    region = Partnership.objects.region()
    moment = make_renumbering(region, by=regional_author, name="First").proposed_at
    make_renumbering(region, by=regional_author, name="Second", published_at=moment, published_by=regional_approver)
    make_renumbering(region, by=regional_author, name="Third", discarded_at=moment)
    make_renumbering(Partnership.objects.get(slug="southmoor"), by=regional_author, name="Elsewhere")

    page = read(author, PLACE)

    assert page.texts("//main//h2 | //main//li//a") == [
        "Proposed",
        "First",
        "Published",
        "Second",
        "Discarded",
        "Third",
    ]


# --- Publishing ---------------------------------------------------------------------------------------------------


def test_a_renumbering_is_published_by_a_second_person(
    proposal, approver, regional_author, regional_approver, reader, monkeypatch
):
    page = publish_it(approver, proposal)

    assert page.texts("//div[@role='status']") == [
        "The renumbering has been published. Everybody whose texts it changes has been told."
    ]
    proposal.refresh_from_db()
    assert proposal.published_by == regional_approver
    made = Version.objects.filter(effective_date=DAY)
    assert set(made.values_list("author", "approver")) == {(regional_author.pk, regional_approver.pk)}
    assert list(sealing.breaches()) == []

    make_it(DAY, monkeypatch)
    cache.clear()
    assert "See Section 2.11." in reader.read("/sections/sharing-information/").main
    assert "See Section 2.10." in reader.read("/on/2025-02-28/sections/sharing-information/").main
    assert reader.get("/2.11").url == "/sections/consent/"
    assert reader.get("/2.10").url == "/sections/consent/?formerly=2.10"
    assert reader.get("/on/2025-02-28/2.10").url == "/on/2025-02-28/sections/consent/"
    updates = reader.read("/updates/")
    assert "Renumbered from 2.10 to 2.11. A better order." in updates.main
    assert "Follows the renumbering" not in updates.main


def test_everybody_whose_texts_change_is_told(
    proposal, approver, northshire_author, southmoor_author, southmoor_manager, django_capture_on_commit_callbacks
):
    publish("consent", by="southmoor", body="As in Section 2.10.\n")

    with django_capture_on_commit_callbacks(execute=True):
        publish_it(approver, proposal)

    assert letters() == [
        ("regional_author@example.org", "Renumbered: 2.10 to 2.11, Consent"),
        ("southmoor_author@example.org", "Renumbered: 2.10 to 2.11, Consent"),
        ("southmoor_manager@example.org", "Renumbered: 2.10 to 2.11, Consent"),
    ]
    assert "2.10 becomes 2.11: Consent" in mail.outbox[-1].body
    assert "Texts of Southmoor that have been changed to follow: 1." in mail.outbox[-1].body
    assert [log_of(slug)[-1:] for slug in ("heartland", "southmoor", "northshire")] == [
        [("renumbered", proposal.name, "2.10 to 2.11, from 1 March 2025: 2 texts. A better order.")],
        [("renumbered", proposal.name, "2.10 to 2.11, from 1 March 2025: 1 text. A better order.")],
        [],
    ]


def test_the_writer_of_a_draft_is_told_of_the_numbers_in_it(
    proposal, approver, northshire_author, django_capture_on_commit_callbacks
):
    draft = begun("sharing-information", by=northshire_author, body="See Section 2.10.\n")

    with django_capture_on_commit_callbacks(execute=True):
        publish_it(approver, proposal)

    [message] = [message for message in mail.outbox if message.to == ["northshire_author@example.org"]]
    assert message.subject == "Numbers in your draft change"
    assert "3.1 Sharing information, where it names 2.10" in message.body
    assert f"/workspace/northshire/drafts/{draft.pk}/review/" in message.body


def test_whoever_proposed_it_leaves_it_to_somebody_else(proposal, author, regional_author):
    give(regional_author, "approver", of="heartland")

    page = read(author, f"{PLACE}{proposal.pk}/")
    response = author.post(f"{PLACE}{proposal.pk}/publish/", {"digest": "x"})

    assert "You proposed this renumbering, so somebody else has to publish it: an approver of Heartland." in page.main
    assert page.texts("//main//button") == ["Discard the renumbering"]
    assert response.status_code == 403


def test_where_one_person_is_enough_the_proposer_publishes(proposal, author, regional_author):
    give(regional_author, "approver", of="heartland")
    Partnership.objects.filter(slug="heartland").update(requires_two_people=False)

    publish_it(author, proposal)

    proposal.refresh_from_db()
    assert proposal.published_by == regional_author


def test_an_author_is_told_who_can_publish(proposal, author):
    page = read(author, f"{PLACE}{proposal.pk}/")

    assert "An approver of Heartland can publish this renumbering." in page.main
    assert page.texts("//main//button") == ["Discard the renumbering"]


def test_a_plan_that_has_become_another_is_shown_again(proposal, approver):
    page = read(approver, f"{PLACE}{proposal.pk}/")
    [digest] = page.elements("//input[@name='digest']/@value")
    publish("newcomer", number="3.2", body="See Section 2.10.\n")
    before = published()

    page = Page(approver.post(f"{PLACE}{proposal.pk}/publish/", {"digest": digest}))

    assert (page.status, page.texts("//div[@role='alert']")) == (
        409,
        [
            "Texts have been published since you opened this page, and the renumbering would now change others. "
            "Nothing has been published. Look through it again."
        ],
    )
    assert "3.2 Newcomer" in page.texts("//main//h3")
    assert published() == before


def test_what_is_published_at_the_last_moment_refuses_all_of_it(proposal, approver, monkeypatch):
    plan = proposing.plan_of(proposal, today=date(2025, 1, 15))
    publish("newcomer", number="3.2", body="See Section 2.10.\n")
    before = published()

    with monkeypatch.context() as patch:
        patch.setattr(proposing, "plan_of", lambda *_args, **_kwargs: plan)
        page = Page(approver.post(f"{PLACE}{proposal.pk}/publish/", {"digest": plan.digest}))

    assert (page.status, published()) == (409, before)
    [sentence] = page.texts("//div[@role='alert']//li")
    assert sentence.startswith("3.2 Newcomer (Heartland): “Section 2.10” goes stale: from 2025-03-01")
    proposal.refresh_from_db()
    assert proposal.is_waiting


def test_a_renumbering_is_published_once(proposal, approver):
    publish_it(approver, proposal)
    before = published()

    page = publish_it(approver, proposal)

    assert page.texts("//div[@role='status']") == ["This renumbering has been published or discarded meanwhile."]
    assert published() == before


def test_a_published_one_says_by_whom_and_leads_to_the_section(proposal, approver):
    publish_it(approver, proposal)

    page = read(approver, f"{PLACE}{proposal.pk}/")

    assert page.texts("//dl/div/dt") == ["From", "Proposed", "Published"]
    assert page.links("//main//ul[@class='link-list']") == [
        ("Consent, which becomes 2.11", "/workspace/heartland/sections/consent/")
    ]


def test_a_proposal_whose_day_has_passed_can_only_be_discarded(proposal, approver, monkeypatch):
    make_it(date(2025, 3, 2), monkeypatch)

    page = read(approver, f"{PLACE}{proposal.pk}/")

    assert page.texts("//div[@role='alert']//li") == [
        "The day, 2025-03-01, lies in the past. The earliest possible day is today, 2025-03-02."
    ]
    assert page.texts("//main//button") == ["Discard the renumbering"]


# --- Discarding ---------------------------------------------------------------------------------------------------


def test_a_proposal_is_discarded(proposal, author):
    page = Page(author.post(f"{PLACE}{proposal.pk}/discard/", follow=True))

    assert page.texts("//div[@role='status']")[-1] == "The renumbering has been discarded. No number changes."
    proposal.refresh_from_db()
    assert not proposal.is_waiting
    assert log_of("heartland")[-1] == ("renumbering-discarded", "2.10 to 2.11, Consent", "From 1 March 2025.")


@pytest.mark.parametrize("step", ["discard", "publish"])
def test_what_is_discarded_stays_so(proposal, author, approver, step):
    author.post(f"{PLACE}{proposal.pk}/discard/")
    before = published()

    page = Page(approver.post(f"{PLACE}{proposal.pk}/{step}/", {"digest": "x"}, follow=True))

    assert page.texts("//div[@role='status']")[-1].startswith("This renumbering has been published or discarded")
    assert published() == before


# --- Whose it is --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["", "publish/", "discard/"])
def test_another_partnerships_proposal_is_not_found(proposal, southmoor_author, page):
    give(southmoor_author, "approver", of="southmoor")
    client = signed_in(southmoor_author)
    address = f"/workspace/southmoor/renumbering/{proposal.pk}/{page}"

    statuses = client.get(address).status_code, client.post(address).status_code

    assert statuses == ((405, 404) if page else (404, 405))


def test_a_partnership_renumbers_its_own_procedure(manual, today, southmoor_author):
    client = signed_in(southmoor_author)
    place = "/workspace/southmoor/renumbering/"
    sent = SENT | {"move-section": "harbour-children", "move-number": "4.7"}
    page = Page(client.post(f"{place}preview/", sent, follow=True))
    assert page.heading == "Renumbering: 4.1 to 4.7, Children of the southcanary harbour"
    Membership.objects.create(
        user=User.objects.create_user("second", "second@example.org"),
        partnership=Partnership.objects.get(slug="southmoor"),
        role="approver",
    )
    proposal = Renumbering.objects.get()
    digest = proposing.plan_of(proposal, today=today).digest

    signed_in(User.objects.get(username="second")).post(f"{place}{proposal.pk}/publish/", {"digest": digest})

    assert Version.objects.in_force(DAY).get(section__slug="harbour-children").number == "4.7"


def test_the_pages_take_as_many_queries_for_many_texts_as_for_few(author, proposal):
    def queries(url: str) -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            assert author.get(url, SENT).status_code == 200
        return len(captured)

    publish("guidance", by="southmoor", body="See Section 2.10.\n")
    urls = [f"{PLACE}preview/", f"{PLACE}{proposal.pk}/"]
    few = [queries(url) for url in urls]
    for number in range(2, 8):
        publish(f"more-{number}", number=f"3.{number}", body="See Section 2.10.\n")
        publish(f"more-{number}-there", number=f"4.{number}", by="southmoor", body="See Section 2.10.\n")

    assert [queries(url) for url in urls] == few
