"""The contacts of a partnership, as its managers keep them."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from partnerships.audit import AuditEntry
from partnerships.models import Contact, Service
from tests.reader import Page, has
from tests.world import make_contact

URL = "/workspace/northshire/contacts/"


@pytest.fixture
def manager(northshire_manager) -> Client:
    client = Client()
    client.force_login(northshire_manager)
    return client


@pytest.fixture
def hub(region) -> Contact:
    return make_contact(region["northshire"])


def values(**fields: object) -> dict[str, object]:
    """What the form sends for the contact of `hub`."""
    service, _ = Service.objects.get_or_create(slug="front-door", defaults={"name": "Front door"})
    return {
        "service": service.pk, "name": "Hub", "phone": "01632 960001", "email": "", "hours": "", "note": "",
        "availability": "always", "checked_on": "2017-03-31", "checked_by": "Manager",
    } | fields  # fmt: skip


def problems(response) -> list[str]:
    return Page(response).texts(f"//div[{has('govuk-error-summary')}]//li")


def recorded() -> list[tuple[str, str, str]]:
    return list(AuditEntry.objects.values_list("action", "about", "detail"))


def test_the_page_lists_the_partnerships_own_contacts_and_which_are_due(manager, region, hub):
    make_contact(region["southmoor"], name="Another hub")
    make_contact(region["northshire"], name="Night team", checked_on=localdate() - timedelta(days=365))

    page = Page(manager.get(URL))

    assert page.texts("//main//h2") == ["Front door: Hub", "Front door: Night team"]
    assert page.texts("//main//li/p[strong]") == [
        "Checked on 31 March 2017 by Manager. Due to be checked again.",
    ]


def test_a_contact_is_added(manager, region):
    answer = manager.post(URL + "new/", values(phone="", email="hub@example.org", hours="9 to 5"))

    assert (answer.status_code, answer["Location"]) == (302, URL)
    assert Page(manager.get(URL)).notices == ["The contact “Hub” has been saved."]
    assert Contact.objects.values_list("partnership__slug", "name", "email", "checked_on").get() == (
        "northshire", "Hub", "hub@example.org", date(2017, 3, 31),
    )  # fmt: skip
    assert recorded() == [
        (
            "contact-added",
            "Front door: Hub",
            "Service: “Front door”.\nName: “Hub”.\nE-mail address: “hub@example.org”.\nHours: “9 to 5”.\n"
            "When it can be reached: “Day and night”.\nLast checked on: 31 March 2017.\nChecked by: “Manager”.",
        )
    ]


def test_the_form_for_a_new_contact_offers_today_and_a_role(manager):
    page = Page(manager.get(URL + "new/"))

    assert page.heading == "Add a contact"
    assert page.elements("//input[@name='checked_on']/@value") == [localdate().isoformat()]
    assert page.elements("//input[@name='checked_by']/@value") == ["Partnership manager"]


def test_a_contact_is_changed(manager, hub):
    page = Page(manager.get(f"{URL}{hub.pk}/"))
    manager.post(f"{URL}{hub.pk}/", values(phone="01632 960002", note="By the\r\ngate."))

    hub.refresh_from_db()
    assert (page.heading, page.elements("//input[@name='phone']/@value")) == ("Change “Hub”", ["01632 960001"])
    assert (hub.phone, hub.note) == ("01632 960002", "By the gate.")
    assert recorded() == [
        (
            "contact-changed",
            "Front door: Hub",
            "Telephone number: “01632 960001”, now “01632 960002”.\nNote: nothing, now “By the gate.”.",
        )
    ]


def test_a_contact_saved_as_it_was_is_not_recorded(manager, hub):
    manager.post(f"{URL}{hub.pk}/", values())

    assert recorded() == []


@pytest.mark.parametrize(
    "fields, message",
    [
        ({"phone": ""}, "A contact needs a telephone number or an e-mail address."),
        ({"name": "Night team"}, "This partnership lists that contact already."),
        ({"service": ""}, "Choose a service."),
        ({"checked_on": "2917-03-31"}, "The day of the last check lies in the future."),
        ({"checked_on": "yesterday"}, "Enter a valid date."),
        ({"email": "nobody"}, "Enter a valid email address."),
    ],
)
def test_what_is_wrong_with_a_contact_is_said_and_nothing_is_kept(manager, region, hub, fields, message):
    make_contact(region["northshire"], name="Night team")

    told = problems(manager.post(f"{URL}{hub.pk}/", values(**fields)))

    hub.refresh_from_db()
    assert (told, hub.name, hub.phone, recorded()) == ([message], "Hub", "01632 960001", [])


@pytest.mark.parametrize("days, is_taken", [(-1, True), (0, True), (1, False)])
def test_a_check_may_have_been_made_up_to_today(manager, hub, days, is_taken):
    day = localdate() + timedelta(days=days)

    manager.post(f"{URL}{hub.pk}/", values(checked_on=day.isoformat()))

    hub.refresh_from_db()
    assert (hub.checked_on == day) is is_taken


def test_one_button_says_that_a_contact_was_checked_today(manager, hub):
    manager.post(f"{URL}{hub.pk}/checked/")

    hub.refresh_from_db()
    assert (hub.checked_on, hub.checked_by) == (localdate(), "Partnership manager")
    assert Page(manager.get(URL)).notices == ["“Hub” has been checked today."]
    assert recorded() == [("contact-checked", "Front door: Hub", "")]


def test_a_contact_is_deleted_after_a_question(manager, hub):
    page = Page(manager.get(f"{URL}{hub.pk}/delete/"))
    left = Contact.objects.count()

    manager.post(f"{URL}{hub.pk}/delete/")

    assert (page.heading, left, Contact.objects.count()) == ("Delete the contact “Hub”", 1, 0)
    assert recorded() == [("contact-deleted", "Front door: Hub", "01632 960001")]


def test_readers_see_a_change_at_once(manager, hub, reader):
    before = reader.read("/in/northshire/contacts/").main

    manager.post(f"{URL}{hub.pk}/", values(phone="01632 960002"))

    assert ("01632 960001" in before, "01632 960002" in reader.read("/in/northshire/contacts/").main) == (True, True)


def test_a_contact_of_another_partnership_is_not_found_here(manager, region):
    other = make_contact(region["southmoor"])

    answers = [manager.post(f"{URL}{other.pk}/{page}").status_code for page in ("", "checked/", "delete/")]

    other.refresh_from_db()
    assert (answers, other.checked_by) == ([404] * 3, "Manager")


def test_contacts_take_the_same_number_of_queries_for_many(manager, region, django_assert_num_queries):
    for number in range(20):
        make_contact(region["northshire"], name=f"Hub {number}")

    with django_assert_num_queries(7):
        manager.get(URL)
