"""One section, `/sections/<slug>/`."""

from datetime import date

import pytest

from partnerships.models import Contact, GroupMembership, Service
from tests.reader import has
from tests.world import draft, publish

BLOCKS = f"//div[{has('text-block')}]"
PROSE = f"{BLOCKS}/div[{has('prose')}]"
OWNERS = f"//p[{has('text-block__owner')}]"
FACTS = f"//div[{has('facts__fact')}]"
URGENT = f"//aside[{has('urgent')}]//li"
REFERRED_BY = "//h2[text()='Referred to by']/following-sibling::ul[1]"
STEPS = f"//nav[{has('steps')}]"
CONTENTS = f"//nav[{has('page-contents')}]//li"


def test_regional_text_alone_shows_what_stands_in_its_slots(manual, today, reader):
    page = reader.read("/sections/sharing-information/")

    assert page.heading == "3.1 Sharing information"
    assert page.title == "3.1 Sharing information – Heartland procedures"
    assert page.texts(PROSE) == [
        "The rules Follow the advice of May 2024. See Section 2.10. Share what is needed.",
        "Ask the council’s switchboard.",
    ]


def test_a_partnership_fills_the_slots_and_its_groups_text_stands_before_its_own(manual, today, reader):
    page = reader.read("/in/northshire/sections/sharing-information/")

    assert page.texts(PROSE) == [
        "The rules Follow the advice of May 2024. See Section 2.10. Share what is needed.",
        "Call northcanary hub.",
        "Here Also forcewide.",
        "Here Also northcanary.",
    ]
    assert page.texts(OWNERS) == [
        "Regional text, in force since 3 June 2024",
        "Northshire – local text, in force since 30 September 2019",
        "Northern Force – text for this group of partnerships, in force since 30 September 2019",
        "Northshire – local text, in force since 30 September 2019",
    ]


def test_a_group_is_a_viewpoint_too(manual, today, reader):
    page = reader.read("/in/northern-force/sections/sharing-information/")

    assert page.texts(PROSE)[1:] == ["Ask the council’s switchboard.", "Here Also forcewide."]


def test_what_would_fill_a_slot_that_is_gone_stands_after_the_regional_text(manual, today, reader):
    publish("sharing-information", number="3.1", title="Sharing information", on=date(2025, 1, 1), body="All new.")

    page = reader.read("/in/southmoor/sections/sharing-information/")

    assert page.texts(PROSE) == ["All new.", "Call southcanary hub.", "Here Also southcanary."]


@pytest.mark.parametrize(
    "day, forcewide",
    [("2021-05-31", True), ("2021-06-30", True), ("2021-07-01", False), ("2022-12-31", False), ("2023-01-01", True)],
)
def test_a_groups_text_is_shown_on_the_days_of_membership(manual, region, today, reader, day, forcewide):
    joined = GroupMembership.objects.get(member=region["eastvale"])
    joined.left = date(2021, 6, 30)
    joined.save()
    GroupMembership.objects.create(group=region["northern-force"], member=region["eastvale"], joined=date(2023, 1, 1))

    page = reader.read(f"/in/eastvale/on/{day}/sections/sharing-information/")

    assert ("Here Also forcewide." in page.texts(PROSE)) is forcewide


@pytest.mark.parametrize(
    "day, prose",
    [
        ("2018-11-25", "Follow the advice of March 2015."),
        ("2018-11-26", "Follow the advice of July 2018."),
        ("2018-11-27", "Follow the advice of July 2018."),
        ("2024-06-02", "Follow the advice of July 2018."),
        ("2024-06-03", "Follow the advice of May 2024."),
        ("9999-12-31", "Follow the advice of May 2024."),
    ],
)
def test_a_superseded_version_is_shown_on_its_own_days(manual, today, reader, day, prose):
    page = reader.read(f"/on/{day}/sections/sharing-information/")

    assert page.texts(f"{PROSE}/p")[0] == f"{prose} See Section 2.10."


def test_of_two_versions_of_one_day_the_later_published_is_shown(region, today, reader):
    publish("neglect", number="2.1", on=date(2020, 5, 6), body="The hasty text.")
    publish("neglect", number="2.1", on=date(2020, 5, 6), body="The corrected text.")

    assert reader.read("/on/2020-05-06/sections/neglect/").texts(PROSE) == ["The corrected text."]


def test_a_draft_is_never_shown(manual, today, reader):
    draft("consent", number="2.10", title="Consent", body="Not for readers yet.")
    draft("unborn", number="2.11", body="Not for readers yet.")

    assert reader.read("/sections/consent/").texts(PROSE) == ["Consent and confidentiality."]
    assert reader.read("/sections/unborn/").lead == "This manual has no section “unborn”."


def test_a_cross_reference_keeps_partnership_and_day(manual, today, reader):
    page = reader.read("/in/southmoor/on/2019-10-01/sections/sharing-information/")

    assert page.links(PROSE) == [("Section 2.10", "/in/southmoor/on/2019-10-01/sections/consent/")]


def test_the_facts_say_since_when_why_and_when_it_is_looked_at_again(manual, today, reader):
    publish(
        "consent",
        number="2.10",
        title="Consent",
        on=date(2024, 2, 5),
        change_note="After <a> review.",
        review_date=date(2026, 2, 5),
    )

    page = reader.read("/sections/consent/")

    assert page.texts(FACTS) == [
        "In force since 5 February 2024",
        "Last changed After <a> review.",
        "Next review 5 February 2026",
    ]


@pytest.mark.parametrize(
    "review, told",
    [
        ("2025-01-14", "14 January 2025, now overdue"),
        ("2025-01-15", "15 January 2025"),
        ("2025-01-16", "16 January 2025"),
    ],
)
def test_a_review_is_overdue_from_the_day_after_it_was_due(region, today, reader, review, told):
    publish("neglect", number="2.1", review_date=date.fromisoformat(review))

    assert reader.read("/sections/neglect/").texts(FACTS)[-1] == f"Next review {told}"


def test_a_section_lists_the_sections_that_refer_to_it(manual, today, reader):
    publish(
        "harbour-notes", by="southmoor", number="4.2", on=date(2022, 3, 7), body="See Section 2.10 and Section 4.2."
    )

    assert reader.read("/sections/consent/").links(REFERRED_BY) == [
        ("3.1 Sharing information", "/sections/sharing-information/")
    ]
    assert reader.read("/in/southmoor/sections/consent/").links(REFERRED_BY) == [
        ("3.1 Sharing information", "/in/southmoor/sections/sharing-information/"),
        ("4.2 Harbour notes", "/in/southmoor/sections/harbour-notes/"),
    ]
    assert reader.read("/in/southmoor/sections/harbour-notes/").links(REFERRED_BY) == []


@pytest.mark.parametrize("day, refers", [("2019-12-31", True), ("2020-01-01", False), ("2020-01-02", False)])
def test_a_reference_counts_while_its_text_is_in_force(region, today, reader, day, refers):
    publish("consent", number="2.10")
    publish("sharing", number="3.1", body="See Section 2.10.")
    publish("sharing", number="3.1", on=date(2020, 1, 1), body="See nothing.")

    assert bool(reader.read(f"/on/{day}/sections/consent/").links(REFERRED_BY)) is refers


def test_previous_and_next_follow_the_numbers_that_the_reader_sees(manual, today, reader):
    assert reader.read("/sections/sharing-information/").links(STEPS) == [
        ("Previous 3 Working together", "/sections/working-together/")
    ]
    assert reader.read("/in/southmoor/sections/sharing-information/").links(STEPS) == [
        ("Previous 3 Working together", "/in/southmoor/sections/working-together/"),
        ("Next 4.1 Children of the southcanary harbour", "/in/southmoor/sections/harbour-children/"),
    ]


def test_the_headings_of_the_page_are_listed_with_their_owners(manual, today, reader):
    page = reader.read("/in/eastvale/sections/sharing-information/")

    assert page.links(CONTENTS) == [
        ("The rules", "#the-rules"),
        ("Here (Northern Force)", "#northern-force-here"),
        ("Here (Eastvale)", "#eastvale-here"),
    ]
    assert all(page.elements(f"//*[@id='{address[1:]}']") for _, address in page.links(CONTENTS))


def test_no_id_stands_twice_on_a_composed_page(manual, today, reader):
    ids = reader.read("/in/northshire/sections/sharing-information/").elements("//@id")

    assert sorted(ids) == sorted(set(ids))


def test_the_way_back_leads_over_the_part(manual, today, reader):
    trail = f"//nav[{has('breadcrumbs')}]"

    assert reader.read("/in/eastvale/sections/consent/").links(trail) == [
        ("Home", "/in/eastvale/"),
        ("Contents", "/in/eastvale/contents/"),
        ("2 Guidance", "/in/eastvale/sections/guidance/"),
    ]
    assert reader.read("/sections/guidance/").links(trail) == [("Home", "/"), ("Contents", "/contents/")]


def test_the_readers_own_front_door_stands_on_the_page(manual, region, today, reader):
    for slug, name in (("front-door", "Front door"), ("lado", "Designated officer")):
        service = Service.objects.create(slug=slug, name=name)
        for owner in ("northshire", "southmoor", "northern-force"):
            Contact.objects.create(
                partnership=region[owner],
                service=service,
                name=f"{owner} {slug}",
                phone="0121 496 0001",
                hours="Mon to Fri",
                availability="in-hours",
                checked_on=today,
                checked_by="The manager",
            )

    assert reader.read("/in/northshire/sections/consent/").texts(URGENT) == [
        "Front door 0121 496 0001 northshire front-door Mon to Fri"
    ]
    assert reader.read("/sections/consent/").texts(URGENT) == []


def test_a_link_at_every_paragraph_can_be_shown_and_hidden(manual, today, reader):
    plain = reader.read("/in/southmoor/sections/sharing-information/")
    shown = reader.read("/in/southmoor/sections/sharing-information/?links=show")

    paragraphs = plain.elements(f"{PROSE}//*[self::p or self::li]/@id")
    assert plain.links(f"//a[{has('paragraph-link')}]") == []
    assert shown.links(f"//a[{has('paragraph-link')}]") == [
        ("¶", f"?paragraph={anchor}#{anchor}") for anchor in paragraphs
    ]
    assert ("Hide the links to paragraphs", "/in/southmoor/sections/sharing-information/") in shown.links("//main")


def test_search_engines_are_sent_to_todays_page(manual, today, reader):
    now, then = (
        reader.read("/in/southmoor/sections/consent/"),
        reader.read("/in/southmoor/on/2019-06-01/sections/consent/"),
    )

    canonical = "//link[@rel='canonical']/@href"
    assert (now.robots, now.elements(canonical)) == ([], ["http://localhost:8000/in/southmoor/sections/consent/"])
    assert (then.robots, then.elements(canonical)) == (
        ["noindex"],
        ["http://localhost:8000/in/southmoor/sections/consent/"],
    )


def test_the_printed_page_says_for_which_day_it_is_valid(manual, today, reader):
    line = f"//p[{has('print-line')}]"

    assert reader.read("/sections/consent/").texts(line) == [
        "Regional text only. Valid as at 15 January 2025, the day it was printed: a later version may apply. "
        "http://localhost:8000/sections/consent/"
    ]
    assert reader.read("/in/southmoor/on/2019-06-01/sections/consent/").texts(line) == [
        "Southmoor Safeguarding Partnership. Valid as at 1 June 2019: a later version may apply. "
        "http://localhost:8000/in/southmoor/on/2019-06-01/sections/consent/"
    ]


# --- Where there is nothing to read -------------------------------------------------------------------------------


def test_an_unknown_section_is_not_found(manual, today, reader):
    page = reader.read("/in/northshire/sections/nothing/")

    assert (page.status, page.lead) == (404, "This manual has no section “nothing”.")
    assert ("Contents of the manual", "/in/northshire/contents/") in page.links("//main")


def test_another_partnerships_procedure_is_not_found_but_led_to(manual, today, reader):
    page = reader.read("/in/northshire/on/2023-01-01/sections/harbour-children/")

    assert (page.status, page.lead) == (
        404,
        "This section is a local procedure of Southmoor Safeguarding Partnership, "
        "and is no part of what you are reading.",
    )
    assert ("Read it for Southmoor", "/in/southmoor/on/2023-01-01/sections/harbour-children/") in page.links("//main")


@pytest.mark.parametrize(
    "day, told",
    [
        ("2024-12-01", "This section was not in force on 1 December 2024. It first takes effect on 1 March 2025."),
        ("", "This section is not in force yet. It first takes effect on 1 March 2025."),
        ("2025-02-28", "This section is not in force yet. It first takes effect on 1 March 2025."),
        ("2025-03-01", "Not yet in force: this is the regional text from 1 March 2025 on."),
    ],
)
def test_a_section_to_come_says_from_when(region, today, reader, day, told):
    publish("neglect", number="2.1", on=date(2025, 3, 1))

    page = reader.read(f"/on/{day}/sections/neglect/" if day else "/sections/neglect/")

    assert (page.status, page.heading.endswith("Neglect"), page.notices) == (200, True, [told])


def test_before_its_first_version_a_section_says_when_it_took_effect(manual, today, reader):
    page = reader.read("/on/2017-03-30/sections/consent/")

    assert (page.status, page.robots) == (200, ["noindex"])
    assert page.notices == ["This section was not in force on 30 March 2017. It first took effect on 31 March 2017."]
    assert ("Read it as at 31 March 2017", "/on/2017-03-31/sections/consent/") in page.links("//main")


@pytest.mark.parametrize(
    "day, told",
    [
        ("2022-12-31", ["This is the regional text as it was from 1 January 2020 to 31 December 2022. "
                        "It was superseded on 1 January 2023: Nobody sends faxes."]),
        ("2023-01-01", ["This section was withdrawn on 1 January 2023 and no longer applies: Nobody sends faxes."]),
        ("2023-01-02", ["This section was withdrawn on 1 January 2023 and no longer applies: Nobody sends faxes."]),
        (
            "2024-01-01",
            ["You are reading this section as at 1 January 2024. No text on this page has been superseded since."],
        ),
    ],
)  # fmt: skip
def test_a_withdrawn_section_says_since_when_and_why_until_it_comes_back(region, today, reader, day, told):
    publish("fax", number="2.1", title="Sending a fax", on=date(2020, 1, 1))
    publish("fax", withdrawn=True, body="", on=date(2023, 1, 1), change_note="Nobody sends faxes.")
    publish("fax", number="2.1", title="Sending a fax", on=date(2024, 1, 1), change_note="Somebody does.")

    page = reader.read(f"/on/{day}/sections/fax/")

    assert (page.status, page.notices) == (200, told)
    assert page.heading in ("Sending a fax", "2.1 Sending a fax")


def test_a_withdrawn_section_leads_to_its_last_text_and_shows_what_is_said_instead(region, today, reader):
    last = publish("fax", number="2.1", title="Sending a fax", on=date(2020, 1, 1))
    publish("fax", withdrawn=True, on=date(2023, 1, 1), body="Send an e-mail.", change_note="Over.")

    page = reader.read("/sections/fax/")

    assert ("The last text before that", f"/versions/{last.pk}/") in page.links("//main")
    assert (page.texts(PROSE), page.robots) == (["Send an e-mail."], ["noindex"])


def test_a_withdrawn_addition_is_no_longer_shown_and_the_regional_text_is(manual, today, reader):
    publish("sharing-information", by="southmoor", on=date(2024, 12, 1), withdrawn=True, body="", change_note="Over.")

    page = reader.read("/in/southmoor/sections/sharing-information/")

    assert page.texts(PROSE)[1:] == ["Ask the council’s switchboard."]


@pytest.mark.parametrize("day", ["2020-01-02", "2030-01-01"])
def test_on_another_day_a_review_was_overdue_by_then_and_not_now(region, today, reader, day):
    publish("neglect", number="2.1", on=date(2019, 1, 1), review_date=date(2020, 1, 1))

    page = reader.read(f"/on/{day}/sections/neglect/")

    assert page.texts(FACTS)[-1] == "Next review 1 January 2020, overdue by then"


def test_a_text_of_the_future_is_in_force_from_a_day_and_not_since(region, today, reader):
    publish("neglect", number="2.1", on=date(2025, 6, 1))

    page = reader.read("/on/2025-06-01/sections/neglect/")

    assert page.texts(f"//p[{has('text-block__owner')}]") == ["Regional text, in force from 1 June 2025"]


def test_the_page_with_links_to_paragraphs_says_how_to_use_them(manual, today, reader):
    url = "/sections/sharing-information/"

    assert reader.read(url).notices == []
    assert reader.read(f"{url}?links=show").notices == [
        "A ¶ now stands at each paragraph. Follow it, and send the address that your browser shows then."
    ]


def test_the_printed_page_names_the_manual_first(manual, today, reader):
    assert reader.read("/in/northshire/sections/consent/").texts(f"//p[{has('print-only')}]")[0] == (
        "Heartland procedures"
    )


@pytest.mark.parametrize("place, where", [("", ""), ("/in/northshire", "?partnership=northshire")])
def test_the_way_to_edit_a_section_is_the_same_for_everybody_and_hidden_at_its_title(
    manual, today, reader, northshire_author, place, where
):
    url = f"{place}/sections/sharing-information/"
    stranger = reader.get(url)
    reader.client.force_login(northshire_author)

    page = reader.read(url)

    assert page.response.content == stranger.content
    assert len(page.elements("//p[@id='edit-link'][@hidden]")) == 1
    addresses = page.elements("//a[starts-with(text(), 'Edit this section')]/@href")
    assert addresses == [f"/workspace/edit/sharing-information/{where}"] * 2
