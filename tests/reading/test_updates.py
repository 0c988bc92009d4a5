"""What changed: `/updates/`, and the same as Atom: `/updates/feed/`."""

from datetime import date, timedelta

import pytest
from lxml import etree

from procedures.publishing import publish_imported
from tests.reader import has
from tests.world import draft, make_version, noon, publish

CHANGES = f"//li[{has('change')}]"
COMING = "//section[@aria-labelledby='coming']//li"
COMPARE = f"{CHANGES}/p[{has('no-print')}]"

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def rows(page):
    """Each change as its title, whose it is and of what kind, and its note."""
    return [
        tuple(page.texts(f"({CHANGES})[{n}]/p[not({has('no-print')})]"))
        for n in range(1, len(page.elements(CHANGES)) + 1)
    ]


def test_changes_are_listed_by_year_and_day_newest_first(manual, today, reader):
    page = reader.read("/in/southmoor/updates/")

    assert page.texts("//h2[starts-with(@id, 'year-')]") == ["2024", "2022", "2019", "2018", "2017"]
    assert page.texts(f"//h3[{has('subhead--small')}]") == [
        "3 June 2024",
        "7 March 2022",
        "30 September 2019",
        "26 November 2018",
        "31 March 2017",
    ]
    assert rows(page)[:3] == [
        ("3.1 Sharing information", "Regional text, major change", "Follows the advice of May 2024."),
        ("4.1 Children of the southcanary harbour", "Southmoor, major change", "First published."),
        ("3.1 Sharing information", "Southmoor, major change", "First published."),
    ]


@pytest.mark.parametrize(
    "place, count", [("", 8), ("/in/northern-force", 9), ("/in/northshire", 10), ("/in/southmoor", 10)]
)
def test_a_reader_is_told_of_the_changes_that_they_see(manual, today, reader, place, count):
    assert len(rows(reader.read(f"{place}/updates/"))) == count


@pytest.mark.parametrize(
    "day, count", [("2018-11-25", 1), ("2018-11-26", 2), ("2018-11-27", 2), ("2024-06-03", 3), ("0001-01-01", 0)]
)
def test_on_a_past_day_the_updates_end_with_that_day(manual, today, reader, day, count):
    page = reader.read(f"/on/{day}/updates/")

    assert sum("Sharing" in row[0] for row in rows(page)) == count


def test_before_the_first_version_nothing_had_changed(manual, today, reader):
    page = reader.read("/on/2017-03-30/updates/")

    assert (page.status, page.texts(f"//main/p[{has('lead')}]")[1]) == (
        200,
        "No changes had been published by this day.",
    )


def test_drafts_and_consequential_versions_are_no_changes(region, today, reader):
    publish("neglect", number="2.1", on=date(2020, 1, 1))
    publish("neglect", number="2.1", on=date(2021, 1, 1), change_kind="consequential")
    publish("neglect", number="2.1", on=date(2022, 1, 1), change_kind="minor", change_note="")
    draft("neglect", number="2.1")

    assert rows(reader.read("/updates/")) == [
        ("2.1 Neglect", "Regional text, minor change"),
        ("2.1 Neglect", "Regional text, major change", "First published."),
    ]


def test_a_withdrawal_is_told_under_the_sections_title(region, today, reader):
    publish("fax", number="2.1", title="Sending a fax", on=date(2020, 1, 1))
    publish("fax", withdrawn=True, body="", on=date(2023, 1, 1), change_note="Nobody does.")

    assert rows(reader.read("/updates/"))[0] == ("2.1 Sending a fax", "Regional text, withdrawn", "Nobody does.")


@pytest.mark.parametrize(
    "url, coming",
    [
        (
            "/updates/",
            [("2.1 Neglect", "/on/2025-01-16/sections/neglect/"), ("2.1 Neglect", "/on/2025-03-01/sections/neglect/")],
        ),
        ("/on/2025-01-16/updates/", [("2.1 Neglect", "/on/2025-03-01/sections/neglect/")]),
        ("/on/2025-01-14/updates/", []),
        ("/on/2025-03-01/updates/", []),
    ],
)
def test_what_is_coming_stands_first_soonest_first(region, today, reader, url, coming):
    for day in (date(2025, 3, 1), date(2025, 1, 15), date(2025, 1, 16)):
        publish("neglect", number="2.1", on=day)

    assert reader.read(url).links(f"{COMING}/p[{has('change__title')}]") == coming


def test_a_change_leads_to_what_it_superseded(region, today, reader):
    first = publish("neglect", number="2.1", on=date(2020, 1, 1))
    second = publish("neglect", number="2.1", on=date(2022, 1, 1))
    third = publish("neglect", number="2.1", on=date(2022, 1, 1), published_at=noon(date(2022, 1, 1)))

    page = reader.read("/in/southmoor/updates/")

    there = "/in/southmoor/sections/neglect/compare"
    assert page.links(COMPARE) == [
        ("What changed in 2.1 Neglect", f"{there}/{second.pk}...{third.pk}/"),
        ("What changed in 2.1 Neglect", f"{there}/{first.pk}...{second.pk}/"),
    ]
    assert [reader.get(url).status_code for _, url in page.links(COMPARE)] == [200, 200]


@pytest.fixture
def called_back(region):
    """Neglect's version of 1 March 2025, called back on 10 January; another comes on 1 May instead."""
    publish("neglect", number="2.1", on=date(2020, 1, 1), change_note="First published.")
    publish("neglect", number="2.1", on=date(2025, 3, 1), body="Another text.", change_note="Called back.")
    for on, published, fields in (
        (date(2025, 3, 1), date(2025, 1, 10), {"change_note": "Calls it back."}),
        (date(2025, 5, 1), date(2025, 1, 11), {"body": "A third text.", "change_note": "In its place."}),
    ):
        publish("neglect", number="2.1", on=on, published_at=noon(published), **fields)


@pytest.mark.parametrize(
    "url, told",
    [
        ("/updates/", ["In its place.", "First published."]),
        ("/", ["First published.", "In its place."]),
        ("/on/2025-03-01/updates/", ["In its place.", "First published."]),
        ("/on/2025-04-30/", ["First published.", "In its place."]),
        ("/on/2025-05-01/updates/", ["In its place.", "First published."]),
    ],
)
def test_what_was_called_back_is_no_news_and_neither_is_calling_it_back(called_back, today, reader, url, told):
    page = reader.read(url)

    assert [row[-1] for row in rows(page)] == told


def test_the_change_after_a_call_back_is_compared_with_what_was_in_force(called_back, today, reader):
    [(_, url)] = reader.read("/on/2025-05-01/updates/").links(COMPARE)

    page = reader.read(url)

    assert page.texts("//article//del") == ["Text about neglect."]
    assert page.texts("//article//ins") == ["A third text."]


def test_the_feed_does_not_tell_of_what_was_called_back(called_back, today, reader):
    notes = found(feed(reader, "/on/2025-05-01/updates/feed/"), "a:entry/a:summary/text()")

    assert notes == ["In its place.", "First published."]


@pytest.fixture
def many(region):
    """65 versions of one section, one a day from 1 January 2020: three pages of updates."""
    days = [date(2020, 1, 1) + timedelta(days=n) for n in range(65)]
    publish_imported([make_version("neglect", number="2.1", on=day, change_note=f"Change of {day}.") for day in days])


def test_the_updates_come_a_page_at_a_time(many, today, reader):
    pages = [reader.read(f"/updates/?page={number}") for number in (1, 2, 3)]

    assert [len(rows(page)) for page in pages] == [30, 30, 5]
    assert [page.links("//nav[@class='pagination']") for page in pages] == [
        [("Next page", "/updates/?page=2")],
        [("Previous page", "/updates/?page=1"), ("Next page", "/updates/?page=3")],
        [("Previous page", "/updates/?page=2")],
    ]
    assert len({row for page in pages for row in rows(page)}) == 65


@pytest.mark.parametrize("number", ["0", "-1", "4", "x", "", "1.5", "%00", "9" * 5000, "%F0%9F%98%80"])
def test_a_page_that_there_is_not_is_a_404_that_leads_back(many, today, reader, number):
    page = reader.read(f"/in/southmoor/updates/?page={number}")

    assert (page.status, page.lead[:25]) == (404, "The updates have no page ")
    assert ("The newest updates", "/in/southmoor/updates/") in page.links("//main")


# --- The feed -----------------------------------------------------------------------------------------------------


def feed(reader, url="/updates/feed/"):
    response = reader.get(url)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return etree.fromstring(response.content)


def found(element, path):
    return element.xpath(path, namespaces=ATOM)


def test_the_feed_says_what_it_is_and_where(manual, today, reader):
    atom = feed(reader, "/in/southmoor/updates/feed/")

    assert atom.tag == "{http://www.w3.org/2005/Atom}feed"
    assert found(atom, "a:title/text()") == ["Updates to Heartland procedures, with the local text of Southmoor"]
    assert found(atom, "a:link/@href") == [
        "http://localhost:8000/in/southmoor/updates/",
        "http://localhost:8000/in/southmoor/updates/feed/",
    ]
    assert found(atom, "a:updated/text()") == ["2024-06-03T00:00:00+01:00"]


def test_each_change_is_an_entry_with_a_lasting_id(region, today, reader):
    first = publish("neglect", number="2.1", on=date(2020, 1, 1), change_note="Begun.")
    second = publish("neglect", number="2.1", on=date(2024, 7, 1), change_note="Mended.", change_kind="minor")

    entries = found(feed(reader), "a:entry")

    site = "http://localhost:8000"
    parts = ("id/text()", "title/text()", "summary/text()", "published/text()", "link/@href", "category/@term")
    assert [[found(entry, f"a:{part}")[0] for part in parts] for entry in entries] == [
        [f"{site}/versions/{second.pk}/", "2.1 Neglect (Regional text)", "Mended.", "2024-07-01T00:00:00+01:00",
         f"{site}/sections/neglect/compare/{first.pk}...{second.pk}/", "minor"],
        [f"{site}/versions/{first.pk}/", "2.1 Neglect (Regional text)", "Begun.", "2020-01-01T00:00:00+00:00",
         f"{site}/sections/neglect/", "major"],
    ]  # fmt: skip


def test_the_ids_are_the_same_from_every_viewpoint(manual, today, reader):
    plain, local = (
        found(feed(reader, f"{place}/updates/feed/"), "a:entry/a:id/text()") for place in ("", "/in/southmoor")
    )

    assert set(plain) < set(local) and len(local) == len(set(local))


def test_words_that_look_like_markup_stay_words(region, today, reader):
    publish("neglect", number="2.1", title="Under < 5 & over", change_note="For children <b>under</b> 5 & “more”.")

    [entry] = found(feed(reader), "a:entry")

    assert found(entry, "a:title/text()") == ["2.1 Under < 5 & over (Regional text)"]
    # The summary is HTML, so what was plain text is escaped once more inside it.
    assert found(entry, "a:summary/@type | a:summary/text()") == [
        "html",
        "For children &lt;b&gt;under&lt;/b&gt; 5 &amp; “more”.",
    ]


def test_a_change_without_a_note_is_told_by_its_kind_and_day(region, today, reader):
    publish("neglect", number="2.1", on=date(2020, 1, 1), change_kind="minor", change_note="")

    assert found(feed(reader), "a:entry/a:summary/text()") == ["A minor change, in force from 1 January 2020."]


@pytest.mark.parametrize("day, entries", [("2025-03-01", 2), ("2025-02-28", 1), ("2019-12-31", 0)])
def test_the_feed_of_a_day_ends_with_that_day(region, today, reader, day, entries):
    publish("neglect", number="2.1", on=date(2020, 1, 1))
    publish("neglect", number="2.1", on=date(2025, 3, 1))

    assert len(found(feed(reader, f"/on/{day}/updates/feed/"), "a:entry")) == entries
    assert len(found(feed(reader), "a:entry")) == 1  # what is scheduled is no news yet


def test_the_feed_holds_the_forty_newest_changes(many, today, reader):
    notes = found(feed(reader), "a:entry/a:summary/text()")

    assert (len(notes), notes[0], notes[-1]) == (40, "Change of 2020-03-05.", "Change of 2020-01-26.")


@pytest.mark.django_db
def test_an_empty_site_has_an_empty_feed(today, reader):
    assert found(feed(reader), "a:entry") == []


def test_a_kept_feed_is_still_a_feed(manual, today, reader):
    first, second = (reader.get("/updates/feed/") for _ in range(2))

    assert (first.content, first["Content-Type"]) == (second.content, second["Content-Type"])


def test_the_page_says_whose_changes_it_lists(manual, today, reader):
    assert [reader.read(url).lead for url in ("/updates/", "/in/southmoor/on/2019-06-01/updates/")] == [
        "What has changed in the regional text, newest first.",
        "What has changed in the regional text and in the local text for Southmoor, newest first, up to 1 June 2019.",
    ]
