"""Whom to call, `/contacts/`."""

from datetime import date

import pytest

from partnerships.models import Contact, Service
from tests.reader import has

SECTIONS = f"//main/section/h2[{has('subhead')}]"
IDS = f"//li[{has('contact')}]/@id"
CHECKED = f"//p[{has('contact__checked')}]"


@pytest.fixture
def contact(region):
    """Makes a contact: contact("northshire", "front-door", …)."""

    def make(owner, service, **fields):
        found, _ = Service.objects.get_or_create(
            slug=service, defaults={"name": service.replace("-", " ").capitalize()}
        )
        values = {
            "name": f"{owner} {service}", "phone": "0121 496 0001", "availability": "in-hours",
            "checked_on": date(2025, 1, 1), "checked_by": "The manager",
        }  # fmt: skip
        return Contact.objects.create(partnership=region[owner], service=found, **(values | fields))

    return make


@pytest.fixture
def front_doors(contact):
    for owner in ("heartland", "northern-force", "northshire", "southmoor"):
        contact(owner, "front-door")


def test_without_a_partnership_all_are_listed_local_ones_first(front_doors, today, reader):
    page = reader.read("/contacts/")

    assert page.texts(SECTIONS) == [
        "Northshire Safeguarding Partnership",
        "Southmoor Safeguarding Partnership",
        "Heartland Safeguarding Partnership",
        "Northern Force Safeguarding Partnership",
    ]
    assert page.elements(IDS) == [
        f"{owner}-front-door" for owner in ("northshire", "southmoor", "heartland", "northern-force")
    ]


def test_a_partnerships_own_contacts_come_first_and_have_the_plain_anchor(front_doors, today, reader):
    page = reader.read("/in/northshire/contacts/")

    assert page.heading == "Contacts for Northshire"
    assert page.texts(SECTIONS) == [
        "Northshire Safeguarding Partnership",
        "Northern Force Safeguarding Partnership",
        "Heartland Safeguarding Partnership",
    ]
    # [the front door](contact:front-door) leads to #front-door: the reader's own.
    assert page.elements(IDS) == ["front-door", "front-door-2", "front-door-3"]
    assert page.texts("//li[@id='front-door']/p")[0] == "northshire front-door"


def test_two_contacts_of_one_service_have_an_anchor_each(contact, today, reader):
    contact("northshire", "front-door", availability="out-of-hours")
    contact("northshire", "front-door", availability="in-hours")

    page = reader.read("/in/northshire/contacts/")

    assert page.elements(IDS) == ["front-door", "front-door-2"]


def test_a_contact_is_shown_whole_and_can_be_dialled(contact, today, reader):
    contact(
        "northshire", "front-door", name="The <Hub>", phone="(0121) 496-0001", email="hub@example.org",
        hours="Mon to Fri, 9 to 5",
        note="Ask for the duty worker.",
    )  # fmt: skip

    page = reader.read("/in/northshire/contacts/")

    assert page.texts("//li[@id='front-door']/p") == [
        "The <Hub>", "(0121) 496-0001", "hub@example.org", "Mon to Fri, 9 to 5",
        "Ask for the duty worker.",
        "Checked on 1 January 2025 by The manager",
    ]  # fmt: skip
    assert page.links("//li[@id='front-door']") == [
        ("(0121) 496-0001", "tel:01214960001"),
        ("hub@example.org", "mailto:hub@example.org"),
    ]


@pytest.mark.parametrize(
    "checked, stale", [(date(2024, 1, 15), True), (date(2024, 1, 16), False), (date(2025, 1, 15), False)]
)
def test_a_contact_is_due_to_be_checked_after_a_year(contact, today, reader, checked, stale):
    contact("northshire", "front-door", checked_on=checked)

    [told] = reader.read("/in/northshire/contacts/").texts(CHECKED)

    assert told.endswith("Due to be checked again: tell the partnership if it is wrong.") is stale


@pytest.mark.parametrize("day", ["0001-01-01", "2019-06-01", "9999-12-31"])
def test_contacts_are_always_todays(front_doors, today, reader, day):
    page = reader.read(f"/in/northshire/on/{day}/contacts/")

    assert page.texts(SECTIONS) == reader.read("/in/northshire/contacts/").texts(SECTIONS)
    assert page.notices[0].startswith("These are today’s contacts. You are reading the manual as at ")


def test_another_partnerships_contacts_are_not_listed(front_doors, today, reader):
    assert "southmoor" not in reader.read("/in/northshire/contacts/").main


@pytest.mark.django_db
def test_without_contacts_the_page_says_so(today, reader):
    assert reader.read("/contacts/").lead == "No contacts have been given yet."


def test_the_urgent_contacts_are_the_front_door_by_day_and_night(contact, today, reader):
    contact("northshire", "front-door")
    contact("northshire", "front-door", name="The night desk", availability="out-of-hours")
    contact("northshire", "out-of-hours", availability="out-of-hours")
    contact("northshire", "lado")
    contact("northern-force", "front-door", name="The police")

    assert reader.read("/in/northshire/").texts(f"//ul[{has('urgent__list')}]/li") == [
        "Front door 0121 496 0001 northshire front-door",
        "Front door 0121 496 0001 The night desk",
        "Out of hours 0121 496 0001 northshire out-of-hours",
    ]


def test_a_contact_that_changes_is_changed_on_the_next_page(contact, today, reader):
    hub = contact("northshire", "front-door")
    before = reader.read("/in/northshire/contacts/").links("//li[@id='front-door']")

    hub.phone = "0121 496 0002"
    hub.save()

    assert before == [("0121 496 0001", "tel:01214960001")]
    assert reader.read("/in/northshire/contacts/").links("//li[@id='front-door']") == [
        ("0121 496 0002", "tel:01214960002")
    ]


def test_a_contact_without_hours_says_at_least_whether_it_is_for_the_night(contact, today, reader):
    contact("northshire", "front-door", availability="always")

    assert "Day and night" in reader.read("/in/northshire/contacts/").texts("//li[@id='front-door']/p")


def test_a_groups_contacts_lead_to_those_of_its_members(front_doors, today, reader):
    page = reader.read("/in/northern-force/contacts/")

    assert page.links(f"//main/ul[{has('link-list')}]") == [
        ("Contacts for Northshire", "/in/northshire/contacts/"),
        ("Contacts for Eastvale", "/in/eastvale/contacts/"),
    ]
    assert reader.read("/in/northshire/contacts/").elements(f"//main/ul[{has('link-list')}]") == []


def test_a_group_has_no_front_door_and_its_pages_say_where_to_find_one(contact, today, reader):
    contact("northshire", "front-door")

    page = reader.read("/in/northern-force/")

    assert page.texts(f"//aside[{has('urgent')}]/p") == [
        "If a child is in immediate danger, call 999",
        "Each partnership has a front door of its own. Ring that of the area where the child lives or is found.",
        "All contacts for Northern Force",
    ]


def test_on_a_past_day_the_urgent_contacts_say_of_which_day_they_are(front_doors, today, reader):
    told = f"//aside[{has('urgent')}]/p[2]"

    assert reader.read("/in/northshire/on/2019-06-01/").texts(told) == ["These are the numbers of 15 January 2025."]
    assert reader.read("/in/northshire/").texts(told) == ["All contacts for Northshire"]
