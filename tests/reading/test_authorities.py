"""What texts rely on, `/authorities/` and `/authorities/<slug>/`."""

from datetime import date

import pytest

from procedures.models import Authority, Edition
from tests.reader import has
from tests.world import publish


@pytest.fixture
def guidance(region):
    """An authority with two editions: 2018's applied to 14 December 2023, 2023's has since."""
    found = Authority.objects.create(
        slug="working-together",
        title="Working Together",
        kind="guidance",
        issued_by="The department",
        url="https://example.org/wt",
    )
    Edition.objects.create(
        authority=found, name="2018", title="Working Together 2018", began=date(2018, 7, 4), ceased=date(2023, 12, 14)
    )
    Edition.objects.create(authority=found, name="2023", title="Working Together 2023", began=date(2023, 12, 15))
    return found


EDITIONS = f"//li[{has('edition')}]"


@pytest.mark.parametrize(
    "day, applies",
    [
        ("2018-07-03", ""),
        ("2018-07-04", "2018"),
        ("2023-12-14", "2018"),
        ("2023-12-15", "2023"),
        ("0001-01-01", ""),
        ("9999-12-31", "2023"),
    ],
)
def test_the_edition_that_applied_on_the_day_is_marked(guidance, today, reader, day, applies):
    listed = reader.read(f"/on/{day}/authorities/").texts(f"//ul[{has('link-list')}]/li")
    marked = reader.read(f"/on/{day}/authorities/working-together/").texts(f"{EDITIONS}[.//span[{has('tag')}]]/p[1]")

    assert listed == [f"Working Together {applies} edition" if applies else "Working Together"]
    assert [edition.split()[0] for edition in marked] == [applies] * bool(applies)


def test_an_authority_is_shown_with_its_editions_newest_first(guidance, today, reader):
    page = reader.read("/in/northshire/authorities/working-together/")

    assert page.heading == "Guidance Working Together"
    assert page.lead == "Issued by The department."
    assert page.texts(EDITIONS) == [
        "2023 Applies today Working Together 2023 From 15 December 2023",
        "2018 Working Together 2018 From 4 July 2018 until 14 December 2023",
    ]
    assert ("Read Working Together where it is published", "https://example.org/wt") in page.links("//main")
    assert ("All authorities", "/in/northshire/authorities/") in page.links("//main")


def test_authorities_are_listed_by_kind(guidance, today, reader):
    Authority.objects.create(slug="act", title="An Act", kind="statute")

    page = reader.read("/authorities/")

    assert page.texts("//main//h2") == ["Statute", "Guidance"]
    assert page.links("//main//section") == [
        ("An Act", "/authorities/act/"),
        ("Working Together", "/authorities/working-together/"),
    ]


def test_a_text_leads_to_its_authority_from_its_viewpoint(guidance, today, reader):
    publish("neglect", number="2.1", body="See [Working Together](authority:working-together).")

    page = reader.read("/in/southmoor/on/2019-01-01/sections/neglect/")

    assert page.links("//article//p[contains(., 'See')]") == [
        ("Working Together", "/in/southmoor/on/2019-01-01/authorities/working-together/")
    ]


def test_an_unknown_authority_is_not_found(guidance, today, reader):
    page = reader.read("/in/northshire/authorities/nothing/")

    assert (page.status, page.lead) == (404, "This manual lists no authority “nothing”.")
    assert ("All authorities", "/in/northshire/authorities/") in page.links("//main")


@pytest.mark.django_db
def test_without_authorities_the_page_says_so(today, reader):
    assert reader.read("/authorities/").texts(f"//main/p[{has('lead')}]")[1] == "No authorities have been entered yet."


def test_an_edition_is_named_where_the_title_does_not_name_it(guidance, today, reader):
    act = Authority.objects.create(slug="act", title="Children Act 1989", kind="statute")
    Edition.objects.create(authority=act, name="1989", title="Children Act 1989", began=date(1989, 11, 16))

    assert reader.read("/authorities/").texts(f"//ul[{has('link-list')}]/li") == [
        "Children Act 1989",
        "Working Together 2023 edition",
    ]
