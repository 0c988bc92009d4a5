"""The audit log as managers read it and take it away."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client

from partnerships.audit import Action, AuditEntry, record
from tests.reader import Page, has
from tests.world import make_contact

URL = "/workspace/northshire/audit/"
CSV = "/workspace/northshire/audit.csv"
NEW_YEAR = datetime(2025, 1, 1, 9, 30, tzinfo=UTC)
NIA = User(pk=901, first_name="Nia", last_name="Evans")
OWEN = User(pk=902, email="owen@example.org")


@pytest.fixture
def manager(northshire_manager) -> Client:
    client = Client()
    client.force_login(northshire_manager)
    return client


@pytest.fixture
def log(region) -> None:
    """Four entries, on 1, 2, 3 and 4 January 2025, and one of Southmoor's."""
    done = [
        (Action.DRAFT_BEGUN, NIA, "3.1 Sharing information", ""),
        (Action.PUBLISHED, OWEN, "3.1 Sharing information", "In force from 2 January 2025.\nFollows the 2024 advice."),
        (Action.DRAFT_BEGUN, OWEN, "2.10 Consent", ""),
        (Action.SCHEDULED, None, "2.10 Consent", ""),
    ]
    for day, (action, person, about, detail) in enumerate(done):
        at = NEW_YEAR + timedelta(days=day)
        record(region["northshire"], action, by=person, at=at, about=about, detail=detail, section="x", version_id=7)
    record(region["southmoor"], Action.DRAFT_BEGUN, by=NIA, at=NEW_YEAR, about="southcanary")


def entries(page: Page) -> list[str]:
    return page.texts(f"//ol[{has('log')}]/li")


def rows(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.getvalue().decode("utf-8-sig"), newline="")))


def test_the_page_has_every_entry_of_the_partnership_newest_first(manager, log):
    page = Page(manager.get(URL))

    assert entries(page) == [
        "Scheduled for a later day: 2.10 Consent 4 January 2025, 09:30, by the site itself",
        "Draft begun: 2.10 Consent 3 January 2025, 09:30, owen@example.org",
        "Published: 3.1 Sharing information 2 January 2025, 09:30, owen@example.org "
        "In force from 2 January 2025. Follows the 2024 advice.",
        "Draft begun: 3.1 Sharing information 1 January 2025, 09:30, Nia Evans",
    ]
    assert page.texts("//p[@role='status']") == ["4 entries. Download them as CSV for a spreadsheet"]


@pytest.mark.parametrize(
    "choice, days",
    [
        ("", [4, 3, 2, 1]),
        ("person=902", [3, 2]),
        ("action=draft-begun", [3, 1]),
        ("person=902&action=draft-begun", [3]),
        ("first_day=2025-01-02", [4, 3, 2]),
        ("last_day=2025-01-02", [2, 1]),
        ("first_day=2025-01-03&last_day=2025-01-03", [3]),
        ("first_day=2026-01-01", []),
        ("last_day=9999-12-31", [4, 3, 2, 1]),
    ],
)
def test_the_entries_of_a_person_an_action_and_a_period_are_chosen(manager, log, choice, days):
    page = Page(manager.get(f"{URL}?{choice}"))
    chosen = rows(manager.get(f"{CSV}?{choice}"))

    assert [entry.split(" January")[0].split()[-1] for entry in entries(page)] == [str(day) for day in days]
    assert [row[0] for row in chosen[1:]] == [str(day) for day in days]


def test_a_day_begins_at_midnight_as_people_count_it(manager, region):
    for hour in (22, 23):  # 11pm and midnight in British Summer Time
        record(region["northshire"], Action.PUBLISHED, by=NIA, at=datetime(2025, 7, 1, hour, tzinfo=UTC))

    page = Page(manager.get(f"{URL}?first_day=2025-07-02"))

    assert entries(page) == ["Published 2 July 2025, 00:00, Nia Evans"]


@pytest.mark.parametrize(
    "choice, message",
    [
        ("first_day=2025-01-03&last_day=2025-01-02", "This day lies before the one that the period begins with."),
        ("first_day=soon", "Enter a valid date."),
        ("person=77", "Select a valid choice. 77 is not one of the available choices."),
        ("action=dancing", "Select a valid choice. dancing is not one of the available choices."),
    ],
)
def test_a_choice_that_makes_no_sense_is_said_and_no_file_is_made_of_it(manager, log, choice, message):
    page, file = Page(manager.get(f"{URL}?{choice}")), manager.get(f"{CSV}?{choice}")

    assert page.texts(f"//div[{has('govuk-error-summary')}]//li") == [message]
    assert (file.status_code, file["Location"]) == (302, f"{URL}?{choice}")


def test_the_people_to_choose_from_are_those_of_the_log_under_their_latest_name(manager, log, region):
    record(region["northshire"], Action.PUBLISHED, by=User(pk=902, first_name="Owen", last_name="Adams"), at=NEW_YEAR)
    record(region["southmoor"], Action.PUBLISHED, by=User(pk=903, first_name="Somebody"), at=NEW_YEAR)

    page = Page(manager.get(URL))

    assert page.texts("//select[@name='person']/option") == ["Everybody", "Nia Evans", "Owen Adams"]


def test_a_page_holds_fifty_and_leads_on_with_the_same_choice(manager, region):
    for number in range(51):
        record(region["northshire"], Action.DRAFT_SAVED, by=NIA, at=NEW_YEAR, about=str(number))

    first, second = (Page(manager.get(f"{URL}?person=901&page={page}")) for page in (1, 2))

    assert [len(entries(page)) for page in (first, second)] == [50, 1]
    assert first.links(f"//nav[{has('pagination')}]") == [("Next page", "?person=901&page=2")]
    assert second.links(f"//nav[{has('pagination')}]") == [("Previous page", "?person=901&page=1")]
    assert first.links("//p[@role='status']")[0][1] == f"{CSV}?person=901"


def test_an_empty_log_says_so(manager):
    assert "0 entries." in Page(manager.get(URL)).main


def test_the_file_opens_in_a_spreadsheet(manager, log):
    response = manager.get(CSV)
    whole = response.getvalue()

    assert whole.startswith(b"\xef\xbb\xbfEntry,When (Europe/London),Who,")
    assert (response["Content-Type"], response["Content-Disposition"], response["Cache-Control"]) == (
        "text/csv; charset=utf-8",
        'attachment; filename="audit-log-northshire.csv"',
        "private, no-store",
    )


def test_the_file_has_every_column_of_an_entry(manager, log):
    published = rows(manager.get(CSV))[3]

    assert published[:-1] == [
        "2", "2025-01-02 09:30:00", "owen@example.org", "902", "Published", "3.1 Sharing information", "x", "7",
        "In force from 2 January 2025.\nFollows the 2024 advice.",
    ]  # fmt: skip
    assert len(published[-1]) == 64


@pytest.mark.parametrize("text", ["=1+1", "+44", "-2", "@SUM(A1)", "\tx", "\rx", "＝1"])
def test_no_cell_is_a_formula(manager, region, text):
    record(region["northshire"], Action.COMMENTED, by=NIA, at=NEW_YEAR, about=text, detail=text)

    [_, row] = rows(manager.get(CSV))

    assert (row[5], row[8]) == (f"'{text}", f"'{text}")


def test_log_and_file_take_the_same_number_of_queries_for_many(manager, region, django_assert_num_queries):
    for number in range(120):
        record(region["northshire"], Action.DRAFT_SAVED, by=User(pk=number + 1000, email=str(number)), at=NEW_YEAR)

    with django_assert_num_queries(9):
        manager.get(URL)
    with django_assert_num_queries(7):
        manager.get(CSV).getvalue()


# --- The Django admin ---------------------------------------------------------------------------------------------


def test_what_is_done_in_the_django_admin_is_recorded_too(region, administrator, northshire_author):
    hub, membership = make_contact(region["northshire"]), northshire_author.memberships.get()
    client = Client()
    client.force_login(administrator)
    values = {name: getattr(hub, name) for name in ("name", "email", "hours", "availability", "checked_by", "note")}
    ids = {"partnership": region["northshire"].pk, "service": hub.service_id, "checked_on": "2017-03-31"}

    client.post(f"/admin/partnerships/contact/{hub.pk}/change/", values | ids | {"phone": "01632 960002"})
    client.post(f"/admin/partnerships/contact/{hub.pk}/delete/", {"post": "yes"})
    client.post(
        "/admin/partnerships/membership/",
        {"action": "delete_selected", "_selected_action": membership.pk, "post": "yes"},
    )

    assert list(AuditEntry.objects.values_list("partnership__slug", "action", "about", "detail")) == [
        ("northshire", "contact-changed", "Northshire: Hub", "In the Django admin, changed: phone."),
        ("northshire", "contact-deleted", "Northshire: Hub", "In the Django admin, deleted."),
        (
            "northshire",
            "roles-changed",
            "northshire_author, Author: drafts, Northshire Safeguarding Partnership",
            "In the Django admin, deleted.",
        ),
    ]
