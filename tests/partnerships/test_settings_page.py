"""A partnership's settings, as its managers change them."""

import pytest
from django.test import Client

from partnerships.audit import AuditEntry
from partnerships.models import Partnership
from tests.reader import Page, has

URL = "/workspace/northshire/settings/"
AS_THEY_ARE = {"requires_two_people": "on", "drift_grace_days": "28", "manual_title": "", "notice": ""}


@pytest.fixture
def manager(northshire_manager) -> Client:
    client = Client()
    client.force_login(northshire_manager)
    return client


def recorded() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.values_list("action", "about", "detail"))


def test_the_page_shows_what_holds_now(manager, region):
    region["northshire"].notice = "The hub has moved."
    region["northshire"].save()

    page = Page(manager.get(URL))

    assert page.heading == "Settings of Northshire"
    assert {field.get("name"): field.get("checked") for field in page.elements("//form//input[@type='checkbox']")} == {
        "requires_two_people": "checked",
        "requires_second_factor": None,
    }
    assert page.elements("//input[@name='drift_grace_days']/@value") == ["28"]
    assert page.texts("//textarea") == ["The hub has moved."]


def test_each_change_is_kept_and_recorded_with_what_held_before(manager, northshire_manager):
    answer = manager.post(
        URL,
        {
            "requires_second_factor": "",
            "drift_grace_days": "0",
            "manual_title": "Our manual",
            "notice": "Two\r\nlines.",
        },
    )

    assert (answer.status_code, answer["Location"]) == (302, URL)
    assert Page(manager.get(URL)).notices == ["The settings of Northshire have been saved."]
    assert Partnership.objects.values_list("requires_two_people", "drift_grace_days", "manual_title", "notice").get(
        slug="northshire"
    ) == (False, 0, "Our manual", "Two lines.")
    assert recorded() == [
        ("settings-changed", "Two people for every text", "Before: yes. Now: no."),
        ("settings-changed", "Days to check local text against changed regional text", "Before: 28. Now: 0."),
        ("settings-changed", "What the manual is called here", "Before: nothing. Now: “Our manual”."),
        ("settings-changed", "Notice", "Before: nothing. Now: “Two lines.”."),
    ]
    assert set(AuditEntry.objects.values_list("person_id", flat=True)) == {northshire_manager.pk}


def test_what_is_saved_as_it_was_is_not_recorded(manager, region):
    Partnership.objects.filter(slug="northshire").update(notice="The hub has moved.")

    manager.post(URL, AS_THEY_ARE | {"notice": "The hub has moved. "})

    assert recorded() == []


@pytest.mark.parametrize("days", ["", "-1", "366", "many"])
def test_a_number_of_days_that_makes_no_sense_is_refused(manager, days):
    page = Page(manager.post(URL, AS_THEY_ARE | {"drift_grace_days": days}))

    assert page.texts(f"//div[{has('govuk-error-summary')}]//li") == ["Enter a number of days, from 0 to 365."]
    assert (Partnership.objects.get(slug="northshire").drift_grace_days, recorded()) == (28, [])


@pytest.mark.parametrize("days", ["0", "365"])
def test_the_first_and_the_last_number_of_days_are_taken(manager, days):
    manager.post(URL, AS_THEY_ARE | {"drift_grace_days": days})

    assert Partnership.objects.get(slug="northshire").drift_grace_days == int(days)


def test_the_regions_title_and_notice_are_not_changed_here(region, regional_manager):
    client = Client()
    client.force_login(regional_manager)

    client.post("/workspace/heartland/settings/", AS_THEY_ARE | {"manual_title": "Another", "notice": "Another"})

    assert Partnership.objects.values_list("manual_title", "notice").get(slug="heartland") == (
        "Heartland procedures",
        "",
    )
