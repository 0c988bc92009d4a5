"""What stands on top of every page of a partnership's workspace."""

import pytest
from django.test import Client

from partnerships.workspace_nav import navigation
from tests.reader import Page

MANAGERS_PAGES = ["contacts", "people", "audit", "settings"]


@pytest.mark.django_db
def test_each_finds_what_they_may_open(
    region, northshire_author, northshire_approver, northshire_manager, southmoor_manager, administrator
):
    people = [northshire_author, northshire_approver, northshire_manager, southmoor_manager, administrator]

    found = {
        person.username: [link.label for link in navigation(person, region["northshire"], "people")]
        for person in people
    }

    writers, managers = (
        ["Texts", "Regional changes", "Documents", "Search words", "Releases", "Renumbering"],
        ["Contacts", "People", "Audit log", "Settings"],
    )
    assert found == {
        "northshire_author": writers,
        "northshire_approver": writers,
        "northshire_manager": managers,
        "southmoor_manager": [],
        "administrator": writers + managers,
    }


@pytest.mark.django_db
def test_it_takes_one_query(region, northshire_manager, django_assert_num_queries):
    with django_assert_num_queries(1):
        navigation(northshire_manager, region["northshire"], "people")


@pytest.mark.parametrize("page", MANAGERS_PAGES)
def test_every_page_links_to_the_others_and_marks_its_own(northshire_manager, page):
    client = Client()
    client.force_login(northshire_manager)

    shown = Page(client.get(f"/workspace/northshire/{page}/"))

    addresses = [address for _, address in shown.links("//nav[@aria-label='Northshire']")]
    assert addresses == [f"/workspace/northshire/{name}/" for name in MANAGERS_PAGES]
    assert shown.elements("//nav[@aria-label='Northshire']//a[@aria-current='page']/@href") == [
        f"/workspace/northshire/{page}/"
    ]
