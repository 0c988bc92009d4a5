"""What the read API answers about the small manual, whole."""

from datetime import date

import pytest

from procedures.models import Version
from tests.world import draft, publish

SITE = "http://localhost:8000"
SECTION = "/api/v1/sections/sharing-information"


def ids(slug: str, owner: str = "heartland") -> list[int]:
    """The ids of the published versions of a stream, in the order of their days."""
    found = Version.objects.published().filter(section__slug=slug, partnership__slug=owner)
    return list(found.order_by("effective_date", "published_at").values_list("pk", flat=True))


# --- Partnerships -------------------------------------------------------------------------------------------------


def test_partnerships_come_in_the_order_of_lists_with_who_belongs_to_whom(manual, today, reader):
    answer = reader.get("/api/v1/partnerships").json()

    assert answer["on"] == "2025-01-15"
    assert answer["partnerships"][:3] == [
        {
            "slug": "heartland",
            "name": "Heartland Safeguarding Partnership",
            "short_name": "Heartland",
            "kind": "region",
            "groups": [],
            "members": [],
            "url": f"{SITE}/",
        },
        {
            "slug": "northern-force",
            "name": "Northern Force Safeguarding Partnership",
            "short_name": "Northern Force",
            "kind": "group",
            "groups": [],
            "members": ["northshire", "eastvale"],
            "url": f"{SITE}/in/northern-force/",
        },
        {
            "slug": "northshire",
            "name": "Northshire Safeguarding Partnership",
            "short_name": "Northshire",
            "kind": "local",
            "groups": ["northern-force"],
            "members": [],
            "url": f"{SITE}/in/northshire/",
        },
    ]
    assert [listed["slug"] for listed in answer["partnerships"][3:]] == ["eastvale", "southmoor"]


@pytest.mark.parametrize("day, members", [("2017-03-30", []), ("2017-03-31", ["northshire", "eastvale"])])
def test_who_belongs_to_a_group_is_told_for_the_day(manual, today, reader, day, members):
    answer = reader.get(f"/api/v1/partnerships?on={day}").json()

    assert (answer["on"], answer["partnerships"][1]["members"]) == (day, members)
    assert answer["partnerships"][1]["url"] == f"{SITE}/in/northern-force/on/{day}/"


# --- Contents -----------------------------------------------------------------------------------------------------


def test_contents_are_the_parts_and_their_sections(manual, today, reader):
    answer = reader.get("/api/v1/contents?partnership=southmoor").json()

    parts = answer.pop("parts")
    assert answer == {
        "partnership": "southmoor",
        "on": "2025-01-15",
        "manual": "Heartland procedures",
        "url": f"{SITE}/in/southmoor/contents/",
    }
    assert [(part["number"], part["title"], part["slug"]) for part in parts] == [
        ("1", "Child protection", "child-protection"),
        ("2", "Guidance", "guidance"),
        ("3", "Working together", "working-together"),
        ("4", "Local procedures", None),
    ]
    assert [section for part in parts[2:] for section in part["sections"]] == [
        {
            "slug": "sharing-information",
            "number": "3.1",
            "title": "Sharing information",
            "url": f"{SITE}/in/southmoor/sections/sharing-information/",
            "owner": "heartland",
            "additions": ["southmoor"],
            "effective_date": "2024-06-03",
        },
        {
            "slug": "harbour-children",
            "number": "4.1",
            "title": "Children of the southcanary harbour",
            "url": f"{SITE}/in/southmoor/sections/harbour-children/",
            "owner": "southmoor",
            "additions": [],
            "effective_date": "2022-03-07",
        },
    ]


def test_the_region_itself_is_nobody_in_particular(manual, today, reader):
    assert (
        reader.get("/api/v1/contents?partnership=heartland").json()
        == reader.get("/api/v1/contents").json()
        == reader.get("/api/v1/contents?partnership=&on=").json()
    )


def test_before_the_first_day_there_is_nothing(manual, today, reader):
    answer = reader.get("/api/v1/contents?on=2017-03-30").json()

    assert (answer["on"], answer["parts"]) == ("2017-03-30", [])


# --- A section ----------------------------------------------------------------------------------------------------


def test_a_section_is_given_whole_as_it_reads(manual, today, reader):
    publish("consent", number="2.10", title="Consent", on=date(2018, 1, 1), body="See Section 3.1.")
    _, _, version = ids("sharing-information")
    [own] = ids("sharing-information", "southmoor")

    answer = reader.get(f"{SECTION}?partnership=southmoor").json()

    html = answer.pop("html")
    assert answer == {
        "partnership": "southmoor",
        "on": "2025-01-15",
        "slug": "sharing-information",
        "number": "3.1",
        "title": "Sharing information",
        "url": f"{SITE}/in/southmoor/sections/sharing-information/",
        "history_url": f"{SITE}/in/southmoor/sections/sharing-information/history/",
        "effective_date": "2024-06-03",
        "last_day": None,
        "review_date": None,
        "notices": [],
        "coming": None,
        "text": (
            "Regional text, in force since 3 June 2024\n\n"
            "The rules\nFollow the advice of May 2024. See Section 2.10.\nShare what is needed.\n\n"
            "Southmoor – local text, in force since 30 September 2019\n\n"
            "Call southcanary hub.\n\nHere\nAlso southcanary.\n"
        ),
        "texts": [
            {
                "version": version,
                "owner": "heartland",
                "owner_label": "Regional text",
                "effective_date": "2024-06-03",
                "last_day": None,
                "review_date": None,
                "change_note": "Follows the advice of May 2024.",
                "markdown": "## The rules\n\nFollow the advice of May 2024. See Section 2.10.\n\n"
                "- Share what is needed.\n\n\n::: local front-door\nAsk the council’s switchboard.\n:::\n",
                "permalink": f"{SITE}/versions/{version}/",
            },
            {
                "version": own,
                "owner": "southmoor",
                "owner_label": "Southmoor",
                "effective_date": "2019-09-30",
                "last_day": None,
                "review_date": None,
                "change_note": "First published.",
                "markdown": "::: fill front-door\nCall southcanary hub.\n:::\n\n## Here\n\nAlso southcanary.\n",
                "permalink": f"{SITE}/versions/{own}/",
            },
        ],
        "refers_to": [
            {
                "slug": "consent",
                "number": "2.10",
                "title": "Consent",
                "url": f"{SITE}/in/southmoor/sections/consent/",
            }
        ],
        "referred_to_by": [
            {
                "slug": "consent",
                "number": "2.10",
                "title": "Consent",
                "url": f"{SITE}/in/southmoor/sections/consent/",
            }
        ],
    }
    assert html in reader.get("/in/southmoor/sections/sharing-information/").content.decode()


def test_a_section_that_refers_to_itself_is_not_listed_beside_itself(manual, today, reader):
    publish("consent", number="2.10", on=date(2018, 1, 1), body="Section 2.10 goes with Section 3.1.")

    answer = reader.get("/api/v1/sections/consent").json()

    assert [one["slug"] for one in answer["refers_to"]] == ["sharing-information"]
    assert [one["slug"] for one in answer["referred_to_by"]] == ["sharing-information"]


def test_a_past_day_has_its_text_and_says_what_came_after(manual, today, reader):
    answer = reader.get(f"{SECTION}?on=2018-11-25").json()

    assert (answer["on"], answer["effective_date"], answer["last_day"]) == ("2018-11-25", "2017-03-31", "2018-11-25")
    assert answer["notices"] == [
        "This is the regional text as it was from 31 March 2017 to 25 November 2018. "
        "It was superseded on 26 November 2018: Follows the advice of July 2018."
    ]
    assert [text["version"] for text in answer["texts"]] == ids("sharing-information")[:1]


def test_what_is_scheduled_stands_beside_what_is_in_force(manual, today, reader):
    publish("consent", number="2.10", on=date(2025, 6, 1), change_note="New law.", review_date=date(2026, 6, 1))

    answer = reader.get("/api/v1/sections/consent").json()
    then = reader.get("/api/v1/sections/consent?on=2025-06-01").json()

    assert (answer["effective_date"], answer["last_day"]) == ("2017-03-31", "2025-05-31")
    assert answer["coming"] == {
        "effective_date": "2025-06-01",
        "change_note": "New law.",
        "url": f"{SITE}/on/2025-06-01/sections/consent/",
    }
    assert (then["effective_date"], then["review_date"], then["coming"]) == ("2025-06-01", "2026-06-01", None)
    assert then["notices"] == ["Not yet in force: this is the regional text from 1 June 2025 on."]


def test_words_are_given_as_they_are_written(manual, today, reader):
    publish("consent", number="2.10", title="A & B", on=date(2018, 1, 1), body='Say “no” & <b>why</b>, *not* "if".')

    answer = reader.get("/api/v1/sections/consent").json()

    assert answer["title"] == "A & B"
    assert answer["text"].split("\n")[2] == 'Say “no” & <b>why</b>, not "if".'


# --- History ------------------------------------------------------------------------------------------------------


def test_the_history_is_every_version_by_owner_newest_first(manual, today, reader):
    first, second, third = ids("sharing-information")
    [own] = ids("sharing-information", "southmoor")
    compare = f"{SITE}/in/southmoor/sections/sharing-information/compare/"

    answer = reader.get(f"{SECTION}/history?partnership=southmoor").json()

    regional, local = answer.pop("streams")
    assert answer == {
        "partnership": "southmoor",
        "on": "2025-01-15",
        "slug": "sharing-information",
        "number": "3.1",
        "title": "Sharing information",
        "url": f"{SITE}/in/southmoor/sections/sharing-information/",
    }
    assert (regional["owner"], regional["owner_label"]) == ("heartland", "Regional text")
    assert [
        (row["version"], row["effective_date"], row["last_day"], row["state"], row["compare_url"])
        for row in regional["versions"]
    ] == [
        (third, "2024-06-03", None, "in force", f"{compare}{second}...{third}/"),
        (second, "2018-11-26", "2024-06-02", "superseded", f"{compare}{first}...{second}/"),
        (first, "2017-03-31", "2018-11-25", "superseded", ""),
    ]
    published = local["versions"][0].pop("published_at")
    assert (published[:11], published[-1]) == ("2020-01-01T", "Z")
    assert local == {
        "owner": "southmoor",
        "owner_label": "Southmoor",
        "versions": [
            {
                "version": own,
                "number": "",
                "title": "",
                "effective_date": "2019-09-30",
                "last_day": None,
                "state": "in force",
                "change_kind": "major",
                "change_note": "First published.",
                "author": "An author",
                "approver": "An approver",
                "imported": True,
                "permalink": f"{SITE}/versions/{own}/",
                "compare_url": "",
            }
        ],
    }


def test_a_draft_is_in_no_answer(manual, today, reader):
    draft("consent", number="2.10", body="Unpublished.")
    draft("unheard-of", number="2.11", body="Unpublished.")

    answers = [
        reader.get(f"/api/v1/{path}").content.decode()
        for path in ("contents", "sections/consent", "sections/consent/history", "updates", "sections/unheard-of")
    ]

    assert not [text for text in answers if "Unpublished" in text or "2.11" in text]


# --- Updates ------------------------------------------------------------------------------------------------------


def test_updates_come_newest_first_with_what_is_to_come(manual, today, reader):
    coming = publish("consent", number="2.10", title="Consent", on=date(2025, 6, 1), change_note="New law.")
    [consent, _] = ids("consent")
    _, second, third = ids("sharing-information")

    answer = reader.get("/api/v1/updates?limit=1").json()

    published = [row.pop("published_at")[:10] for row in answer["updates"] + answer["coming"]]
    assert published == ["2020-01-01", "2020-01-01"]
    assert answer == {
        "partnership": None,
        "on": "2025-01-15",
        "page": 1,
        "pages": 8,
        "total": 8,
        "url": f"{SITE}/updates/",
        "updates": [
            {
                "version": third,
                "effective_date": "2024-06-03",
                "slug": "sharing-information",
                "number": "3.1",
                "title": "Sharing information",
                "owner": "heartland",
                "owner_label": "Regional text",
                "kind": "major",
                "change_note": "Follows the advice of May 2024.",
                "url": f"{SITE}/sections/sharing-information/",
                "permalink": f"{SITE}/versions/{third}/",
                "compare_url": f"{SITE}/sections/sharing-information/compare/{second}...{third}/",
            }
        ],
        "coming": [
            {
                "version": coming.pk,
                "effective_date": "2025-06-01",
                "slug": "consent",
                "number": "2.10",
                "title": "Consent",
                "owner": "heartland",
                "owner_label": "Regional text",
                "kind": "major",
                "change_note": "New law.",
                "url": f"{SITE}/on/2025-06-01/sections/consent/",
                "permalink": f"{SITE}/versions/{coming.pk}/",
                "compare_url": f"{SITE}/sections/consent/compare/{consent}...{coming.pk}/",
            }
        ],
    }


def test_pages_of_updates_follow_one_another_without_gap_or_overlap(manual, today, reader):
    pages = [reader.get(f"/api/v1/updates?partnership=northshire&limit=3&page={page}").json() for page in (1, 2, 3, 4)]

    whole = reader.get("/api/v1/updates?partnership=northshire").json()
    assert [row for page in pages for row in page["updates"]] == whole["updates"]
    assert [(page["page"], page["pages"], page["total"], len(page["updates"])) for page in pages] == [
        (1, 4, 10, 3),
        (2, 4, 10, 3),
        (3, 4, 10, 3),
        (4, 4, 10, 1),
    ]


def test_updates_are_those_up_to_the_day(manual, today, reader):
    publish("fax", number="2.11", on=date(2018, 1, 1))
    publish("fax", number="2.11", withdrawn=True, body="", on=date(2018, 11, 25))

    answer = reader.get("/api/v1/updates?on=2018-11-25&limit=2").json()

    assert [(row["slug"], row["kind"], row["effective_date"]) for row in answer["updates"]] == [
        ("fax", "withdrawn", "2018-11-25"),
        ("fax", "major", "2018-01-01"),
    ]
    assert answer["coming"] == []
