"""From where and when a reader looks: the scope of a viewpoint, its addresses, and the forms that choose another."""

from datetime import date

import pytest

from partnerships.directory import read_directory
from partnerships.models import GroupMembership
from procedures.viewpoint import Viewpoint
from tests.world import publish

TODAY = date(2025, 1, 15)


@pytest.fixture
def viewpoint(region):
    """Makes a viewpoint: viewpoint("northshire", "2019-06-01"); neither for the region's today."""

    def make(partnership="", day=""):
        known = read_directory()
        return Viewpoint(known, TODAY, known.find(partnership), date.fromisoformat(day) if day else None)

    return make


def slugs(region, viewpoint):
    by_id = {partnership.pk: slug for slug, partnership in region.items()}
    return [by_id[partnership_id] for partnership_id in viewpoint.scope]


@pytest.mark.parametrize(
    "partnership, scope",
    [
        ("", ["heartland"]),
        ("heartland", ["heartland"]),
        ("northern-force", ["heartland", "northern-force"]),
        ("northshire", ["heartland", "northern-force", "northshire"]),
        ("southmoor", ["heartland", "southmoor"]),
    ],
)
def test_a_reader_sees_the_region_their_groups_and_their_own(region, viewpoint, partnership, scope):
    assert slugs(region, viewpoint(partnership)) == scope


@pytest.mark.parametrize(
    "day, groups",
    [
        ("2017-03-30", []),
        ("2017-03-31", ["northern-force"]),
        ("2020-12-31", ["northern-force"]),
        ("2021-01-01", []),
        ("2021-12-31", []),
        ("2022-01-01", ["northern-force"]),
        ("9999-12-31", ["northern-force"]),
        ("0001-01-01", []),
    ],
)
def test_a_group_is_seen_from_the_day_it_was_joined_to_the_day_it_was_left(region, viewpoint, day, groups):
    GroupMembership.objects.filter(member=region["northshire"]).update(left=date(2020, 12, 31))
    GroupMembership.objects.create(group=region["northern-force"], member=region["northshire"], joined=date(2022, 1, 1))

    assert slugs(region, viewpoint("northshire", day)) == ["heartland", *groups, "northshire"]


@pytest.mark.django_db
def test_before_there_is_a_region_nothing_is_seen():
    assert Viewpoint(read_directory(), TODAY).scope == ()


@pytest.mark.parametrize(
    "day, past, future", [("2025-01-14", True, False), ("2025-01-15", False, False), ("2025-01-16", False, True)]
)
def test_a_day_is_past_or_to_come(viewpoint, day, past, future):
    seen = viewpoint("", day)

    assert (seen.is_past, seen.is_future) == (past, future)


@pytest.mark.parametrize(
    "day, numbers",
    [
        ("2019-12-31", []),
        ("2020-01-01", ["2.1"]),
        ("2022-12-31", ["2.1"]),
        ("2023-01-01", ["2.2"]),
        ("2024-01-01", []),
        ("", []),
    ],
)
def test_the_versions_of_a_viewpoint_are_those_in_force(viewpoint, day, numbers):
    publish("neglect", number="2.1", on=date(2020, 1, 1))
    publish("neglect", number="2.2", on=date(2023, 1, 1))
    publish("neglect", withdrawn=True, body="", on=date(2024, 1, 1))

    assert [version.number for version in viewpoint("northshire", day).versions()] == numbers


@pytest.mark.parametrize(
    "partnership, day, prefix",
    [
        ("", "", ""),
        ("northshire", "", "/in/northshire"),
        ("", "2019-06-01", "/on/2019-06-01"),
        ("northshire", "0001-01-01", "/in/northshire/on/0001-01-01"),
    ],
)
def test_every_address_begins_with_the_viewpoint(viewpoint, partnership, day, prefix):
    seen = viewpoint(partnership, day)

    assert [seen.home_url, seen.section_url("neglect", "a b"), seen.url("compare", "neglect", 1, 2)] == [
        f"{prefix}/",
        f"{prefix}/sections/neglect/#a%20b",
        f"{prefix}/sections/neglect/compare/1...2/",
    ]


def test_links_in_texts_lead_to_their_pages(viewpoint):
    seen = viewpoint("northshire", "2019-06-01")

    there = "/in/northshire/on/2019-06-01"
    assert seen.target_url("section", "neglect", "x") == f"{there}/sections/neglect/#x"
    assert seen.target_url("authority", "act") == f"{there}/authorities/act/"
    assert seen.target_url("contact", "front-door") == f"{there}/contacts/#front-door"
    assert seen.target_url("document", "form") == f"{there}/documents/form/"
    assert seen.target_url("image", "chart") == f"{there}/documents/chart/file/"
    with pytest.raises(ValueError, match="^A text links to gopher:form, and there is no page for a gopher.$"):
        seen.target_url("gopher", "form")


# --- Choosing another ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url, leads_to",
    [
        ("/?partnership=southmoor", "/in/southmoor/"),
        ("/in/northshire/?partnership=southmoor", "/in/southmoor/"),
        ("/in/northshire/?partnership=", "/"),
        ("/in/northshire/?partnership=heartland", "/"),
        (
            "/in/northshire/on/2019-06-01/sections/consent/?partnership=southmoor",
            "/in/southmoor/on/2019-06-01/sections/consent/",
        ),
        ("/sections/consent/?day=1&month=6&year=2019", "/on/2019-06-01/sections/consent/"),
        ("/in/northshire/on/2018-01-01/?day=29&month=02&year=2024", "/in/northshire/on/2024-02-29/"),
        ("/?day=%201&month=6%20&year=2019", "/on/2019-06-01/"),
        ("/?day=&month=&year=", "/"),
        ("/?partnership=southmoor&day=1&month=6&year=2019", "/in/southmoor/on/2019-06-01/"),
        ("/search/?q=a+%26+b&page=2&partnership=southmoor", "/in/southmoor/search/?q=a+%26+b&page=2"),
        ("/search/?q=a&q=b&day=1&month=6&year=2019", "/on/2019-06-01/search/?q=a&q=b"),
        ("/3.1?partnership=southmoor", "/in/southmoor/3.1"),
        ("/updates/feed/?partnership=southmoor", "/in/southmoor/updates/feed/"),
        ("/?day=1&month=1&year=0001", "/on/0001-01-01/"),
        ("/?day=31&month=12&year=9999", "/on/9999-12-31/"),
        # Who looks at the region alone looks from nowhere in particular.
        ("/in/heartland/", "/"),
        ("/in/heartland/on/2019-06-01/search/?q=a", "/on/2019-06-01/search/?q=a"),
    ],
)
def test_a_choice_leads_to_the_same_page_from_there(manual, today, reader, url, leads_to):
    response = reader.get(url)

    assert (response.status_code, response["Location"]) == (302, leads_to)


@pytest.mark.parametrize(
    "query, typed",
    [
        ("day=30&month=2&year=2019", "30 2 2019"),
        ("day=29&month=2&year=2023", "29 2 2023"),
        ("day=1&month=13&year=2019", "1 13 2019"),
        ("day=0&month=1&year=2019", "0 1 2019"),
        ("day=1&month=6&year=19", "1 6 19"),
        ("day=1&month=6&year=0000", "1 6 0000"),
        ("day=1&month=6&year=10000", "1 6 10000"),
        ("day=1&month=6", "1 6"),
        ("year=2019", "2019"),
        ("day=%D9%A1&month=6&year=2019", "١ 6 2019"),
        ("day=-1&month=6&year=2019", "-1 6 2019"),
        ("day=%3Cb%3E&month=6&year=2019", "<b> 6 2019"),
        ("day=1&month=6&year=" + "9" * 5000, "1 6 " + "9" * 5000),
    ],
)
def test_what_is_no_day_is_told_so(manual, today, reader, query, typed):
    page = reader.read(f"/in/northshire/sections/consent/?{query}")

    assert page.status == 400
    assert (
        page.lead
        == f"“{typed}” is not a day in the calendar. Enter a day, a month and a year in numbers, like 1 6 2019."
    )


@pytest.mark.parametrize(
    "day",
    [
        "2019-02-30",
        "2019-13-01",
        "0000-01-01",
        "10000-01-01",
        "20190601",
        "2019-W22-6",
        "2019-6-1",
        "yesterday",
        "2019-06-01T00:00",
        "٢٠١٩-٠٦-٠١",
    ],
)
def test_an_address_with_no_real_day_is_not_found(manual, today, reader, day):
    page = reader.read(f"/in/northshire/on/{day}/sections/consent/")

    assert page.status == 404
    assert page.lead == f"“{day}” is not a day in the calendar. A day in an address is written like 2019-06-01."
    assert ("Start page", "/in/northshire/") in page.links("//main")


@pytest.mark.parametrize(
    "url", ["/in/nowhere/", "/in/nowhere/on/2019-06-01/contents/", "/?partnership=nowhere", "/in/nowhere/3.1"]
)
def test_an_unknown_partnership_is_not_found(manual, today, reader, url):
    page = reader.read(url)

    assert (page.status, page.lead) == (404, "There is no partnership “nowhere” in this manual.")


@pytest.mark.parametrize("chosen", ["%00", "%3Cscript%3E", "x" * 5000, "NORTHSHIRE", "%F0%9F%98%80"])
def test_a_partnership_that_cannot_be_is_not_found(manual, today, reader, chosen):
    assert reader.get(f"/?partnership={chosen}").status_code == 404


def test_the_forms_on_a_page_carry_its_query_and_its_day(manual, today, reader):
    page = reader.read("/in/northshire/on/2019-06-01/search/?q=rules&page=1")

    assert page.elements("//form[.//select[@id='partnership']]/@action") == ["/in/northshire/on/2019-06-01/search/"]
    assert page.elements("//form[.//select[@id='partnership']]/input[@type='hidden']/@value") == ["rules", "1"]
    assert page.elements("//select[@id='partnership']//option[@selected]/@value") == ["northshire"]
    assert [page.elements(f"//input[@id='{name}']/@value")[0] for name in ("day", "month", "year")] == [
        "1",
        "6",
        "2019",
    ]
    assert ("Back to today", "/in/northshire/search/") in page.links("//body")


@pytest.mark.parametrize(
    "path", ["/", "/contents/", "/sections/sharing-information/", "/updates/", "/authorities/", "/contacts/"]
)
def test_every_link_of_a_page_keeps_the_viewpoint(manual, today, reader, path):
    viewpoint = "/in/northshire/on/2019-10-01/"
    elsewhere = ("#", "tel:", "/versions/", "/workspace/")

    page = reader.read(viewpoint.removesuffix("/") + path)

    links = [url for _, url in page.links("//header | //main | //footer") if not url.startswith(elsewhere)]
    ways_out = {url for _, url in page.links("//div[@class='home__partnerships']")} | {f"/in/northshire{path}"}  # today
    assert {url for url in links if not url.startswith(viewpoint)} <= ways_out
    assert len(links) > 8
