"""The one door: what publication seals and carries on, and everything that it refuses."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from partnerships.models import GroupMembership, Service
from procedures import kept_html, publishing, sealing
from procedures.models import Authority, CrossReference, KeptRendering, Version
from procedures.publishing import Refused, publish_imported
from tests import world
from tests.threads import in_threads, open_to_threads
from tests.world import draft, make_version

TODAY = date(2025, 1, 15)
YESTERDAY = date(2025, 1, 14)
TOMORROW = date(2025, 1, 16)
SOON = date(2025, 3, 1)
LATER = date(2025, 6, 1)


@pytest.fixture
def approver(regional_approver: User) -> User:
    return regional_approver


def put_out(slug: str, *, by: User, on: date = TODAY, today: date = TODAY, **fields: Any) -> Version:
    """Draft a text on the newest one of its stream, and publish it."""
    of = fields.pop("of", "heartland")
    stream = Version.objects.published().filter(section__slug=slug, partnership__slug=of)
    made = draft(slug, by=of, based_on=stream.order_by("published_at").last(), **fields)
    return publishing.publish(made, by=by, effective_date=on, today=today)


def faults_of(attempt: Callable[[], object]) -> list[tuple[str, int | None, str]]:
    """What an attempt is refused for, as (field, line, message); nothing may have been published by it."""
    before = Version.objects.published().count()
    with pytest.raises(Refused) as refused:
        attempt()
    assert Version.objects.published().count() == before
    return [(fault.field, fault.line, fault.message) for fault in refused.value.faults]


# --- What publication does ----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_published_draft_is_sealed_with_its_date_names_and_digest(region, approver, northshire_author):
    approver.first_name, approver.last_name = "Ann", "Approver"
    approver.save()
    made = draft("neglect", number="2.1", author=northshire_author, author_name="")

    version = publishing.publish(made, by=approver, effective_date=SOON, today=TODAY)

    assert (version.pk, version.effective_date, version.imported) == (made.pk, SOON, False)
    assert (version.author_name, version.approver_name) == ("northshire_author", "Ann Approver")
    assert version.approver == approver
    assert len(version.digest) == 64
    assert list(sealing.breaches()) == []


@pytest.mark.django_db
def test_a_very_long_name_of_a_person_is_cut_to_what_is_kept(region, approver):
    approver.first_name, approver.last_name = "A" * 100, "B" * 100
    approver.save()

    assert put_out("neglect", number="2.1", by=approver).approver_name == "A" * 100 + " " + "B" * 19


@pytest.mark.django_db
def test_a_text_is_published_in_the_one_form_in_which_it_is_exchanged(region, approver):
    version = put_out(
        "neglect",
        number=" 2.1 ",
        title="  Neglect \r\n and more ",
        change_note="One.\r\nTwo. ",
        body="\r\n\r\nFirst.\r\nSecond.  \r\n\r\n",
        by=approver,
    )

    texts = (version.number, version.title, version.change_note, version.body)
    assert texts == ("2.1", "Neglect and more", "One. Two.", "First.\nSecond.\n")
    assert list(sealing.breaches()) == []


@pytest.mark.django_db
def test_a_second_publication_the_same_day_takes_the_firsts_place_and_both_stay(region, approver):
    first = put_out("neglect", number="2.1", by=approver)
    second = put_out("neglect", number="2.1", by=approver, change_note="Corrected.")

    assert [v.pk for v in Version.objects.in_force(TODAY)] == [second.pk]
    record = Version.objects.published().order_by("published_at")
    assert list(record.values_list("pk", flat=True)) == [first.pk, second.pk]


@pytest.mark.django_db
def test_digests_are_chained_in_the_order_of_publication(region, approver):
    first = put_out("neglect", number="2.1", by=approver, on=LATER)
    second = put_out("neglect", number="2.1", by=approver, on=SOON)

    rows = Version.objects.in_order_of_publication().values(*sealing.SEALED_FIELDS)
    digest_of_first = sealing.digest_of(rows[0], [], "")
    assert first.digest == digest_of_first
    assert second.digest == sealing.digest_of(rows[1], [], digest_of_first)


@pytest.mark.django_db
def test_the_chain_goes_on_when_the_clock_was_set_back(region, approver):
    ahead = datetime(2090, 1, 1, tzinfo=UTC)
    world.publish("neglect", number="2.1", on=YESTERDAY, published_at=ahead)

    version = put_out("neglect", number="2.1", by=approver)

    assert version.published_at == ahead + timedelta(microseconds=1)
    assert list(sealing.breaches()) == []


@pytest.mark.django_db
def test_a_heading_keeps_its_id_when_others_are_put_before_it(region, approver):
    put_out("neglect", number="2.1", body="## Call\n\nA.\n", by=approver)

    version = put_out("neglect", number="2.1", body="## Call\n\nB.\n\n## Call\n\nA.\n", by=approver, on=SOON)

    assert version.heading_ids == ["call", "call-2"]


@pytest.mark.django_db
def test_a_reworded_heading_keeps_its_id(region, approver):
    put_out("neglect", number="2.1", body="## Who to call\n\nA.\n\n## What next\n\nB.\n", by=approver)

    version = put_out("neglect", number="2.1", body="## Whom to call\n\nA.\n\n## What next\n\nB.\n", by=approver)

    assert version.heading_ids == ["who-to-call", "what-next"]


@pytest.mark.django_db
def test_cross_references_and_html_are_stored_with_the_version(region, approver):
    world.publish("consent", number="2.10")

    version = put_out("neglect", number="2.1", body="See Section 2.10 and [consent](section:consent).", by=approver)

    rows = CrossReference.objects.values_list("from_version", "to_section__slug", "words", "number")
    assert list(rows) == [(version.pk, "consent", "Section 2.10", "2.10"), (version.pk, "consent", "consent", "")]
    assert "section:consent" in str(KeptRendering.objects.get(version=version).content)


@pytest.mark.django_db
def test_html_that_was_thrown_away_is_made_again_just_so(region, approver):
    world.publish("consent", number="2.10")
    version = put_out("neglect", number="2.1", body="## Here\n\nSee Section 2.10.", by=approver)
    kept = KeptRendering.objects.get(version=version).content
    KeptRendering.objects.all().delete()

    kept_html.remake_rendering(Version.objects.get(pk=version.pk))

    assert KeptRendering.objects.get(version=version).content == kept


@pytest.mark.django_db
def test_a_local_addition_is_written_against_the_regional_text_of_its_day(region, approver):
    now = world.publish("neglect", number="2.1")
    planned = put_out("neglect", number="2.1", by=approver, on=SOON)

    today = put_out("neglect", of="northshire", by=approver)
    on_that_day = put_out("neglect", of="northshire", by=approver, on=SOON)

    assert (today.written_against, on_that_day.written_against) == (now, planned)


@pytest.mark.django_db
def test_an_imported_addition_is_not_written_against_what_was_published_after_it(region):
    old = world.publish("neglect", number="2.1")
    addition = make_version("neglect", by="northshire", on=SOON)
    newer = make_version("neglect", number="2.1", on=TODAY)

    publish_imported([addition, newer])

    assert Version.objects.get(pk=addition.pk).written_against == old
    assert list(sealing.breaches()) == []


@pytest.mark.django_db
def test_texts_published_together_may_refer_to_each_other(region):
    publish_imported(
        [
            make_version("sharing", number="3.1", body="See Section 2.10."),
            make_version("consent", number="2.10", body="See Section 3.1."),
        ]
    )

    assert set(CrossReference.objects.values_list("to_section__slug", flat=True)) == {"sharing", "consent"}


@pytest.mark.django_db
def test_publishing_nothing_is_no_fault(region):
    publish_imported([])

    assert not Version.objects.exists()


# --- What has moved on --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "accepted"), [(YESTERDAY, False), (TODAY, True), (TOMORROW, True), (date.max, True)])
@pytest.mark.django_db
def test_a_text_takes_effect_today_or_later(region, approver, day, accepted):
    made = draft("neglect", number="2.1")

    if accepted:
        assert publishing.publish(made, by=approver, effective_date=day, today=TODAY).effective_date == day
    else:
        assert faults_of(lambda: publishing.publish(made, by=approver, effective_date=day, today=TODAY)) == [
            (
                "effective_date",
                None,
                "The effective date, 2025-01-14, lies in the past. The earliest possible day is today, 2025-01-15.",
            )
        ]


MEANWHILE = [
    (
        "based_on",
        None,
        "Somebody published another version of this text since this draft was begun. "
        "Compare the two and begin again from the newest.",
    )
]


@pytest.mark.django_db
def test_a_draft_is_refused_when_somebody_published_meanwhile(region, approver):
    basis = world.publish("neglect", number="2.1")
    mine = draft("neglect", number="2.1", based_on=basis)
    put_out("neglect", number="2.1", by=approver, on=LATER)

    assert faults_of(lambda: publishing.publish(mine, by=approver, effective_date=TODAY, today=TODAY)) == MEANWHILE


@pytest.mark.django_db
def test_of_two_first_drafts_of_a_section_the_second_is_refused(region, approver):
    mine, theirs = draft("neglect", number="2.1"), draft("neglect", number="2.1")
    publishing.publish(theirs, by=approver, effective_date=TODAY, today=TODAY)

    assert faults_of(lambda: publishing.publish(mine, by=approver, effective_date=TODAY, today=TODAY)) == MEANWHILE


@pytest.mark.django_db
def test_another_partnerships_publication_is_no_hindrance(region, approver):
    world.publish("neglect", number="2.1")
    mine = draft("neglect", by="northshire")
    put_out("neglect", number="2.1", by=approver)
    put_out("neglect", of="southmoor", by=approver)

    assert publishing.publish(mine, by=approver, effective_date=TODAY, today=TODAY).is_published


@pytest.mark.django_db
def test_a_draft_is_published_once(region, approver):
    version = put_out("neglect", number="2.1", by=approver)

    assert faults_of(lambda: publishing.publish(version, by=approver, effective_date=TODAY, today=TODAY)) == [
        ("", None, "This draft has been published already.")
    ]


@pytest.mark.django_db
def test_the_record_grows_only_at_its_end(region):
    newer = world.publish("neglect", number="2.1")
    older = make_version("neglect", number="2.1", on=SOON, published_at=newer.published_at - timedelta(days=1))
    same = make_version("neglect", number="2.1", on=LATER, published_at=newer.published_at)

    for version in (older, same):
        assert faults_of(lambda version=version: publish_imported([version])) == [
            (
                "published_at",
                None,
                f"It says that it was published at {version.published_at.isoformat()}, but a version of the same text "
                f"was published after that, at {newer.published_at.isoformat()}. The record only grows at its end.",
            )
        ]


# --- What is wrong with a text ------------------------------------------------------------------------------------

NO_NOTE = "Say what changed and why: only a minor change may go without a change note."
REFUSED: list[tuple[dict[str, Any], list[tuple[str, int | None, str]]]] = [
    ({"change_note": ""}, [("change_note", None, NO_NOTE)]),
    ({"change_note": " \n\t"}, [("change_note", None, NO_NOTE)]),
    ({"change_note": "", "change_kind": "consequential"}, [("change_note", None, NO_NOTE)]),
    (
        {"body": " \n"},
        [("body", None, "The text is empty. To say that a section no longer applies, publish a withdrawal.")],
    ),
    ({"number": ""}, [("number", None, "A regional text has a number, such as 3.1.")]),
    ({"number": "2.01"}, [("number", None, "“2.01” is not a section number such as 3.1 or 2.10.")]),
    (
        {"review_date": YESTERDAY},
        [("review_date", None, "The review date, 2025-01-14, lies before the effective date, 2025-01-15.")],
    ),
    ({"body": "x" * 200_001}, [("body", 1, "The text has 200,002 characters; the most is 200,000.")]),
    (
        {"body": "One.\n\nSee Section 9.9.\n"},
        [
            (
                "body",
                3,
                "“Section 9.9” leads nowhere: no section bears the number 9.9 on 2025-01-15. "
                "If the number is not one of this manual's, write 9\\.9.",
            )
        ],
    ),
    (
        {"body": "See [that](section:nowhere)."},
        [("body", 1, "“that” leads nowhere: there is no section “nowhere”.")],
    ),
    (
        {"body": "See [the law](authority:no-act) and [call us](contact:nobody)."},
        [
            ("body", 1, "“the law” leads nowhere: there is no authority “no-act”."),
            ("body", 1, "“call us” leads nowhere: there is no service “nobody”."),
        ],
    ),
    (
        {"body": "::: fill front-door\nText.\n:::\n"},
        [
            (
                "body",
                None,
                "Regional text does not fill slots: “::: fill front-door” belongs in a local addition.",
            )
        ],
    ),
]


@pytest.mark.parametrize(("fields", "faults"), REFUSED, ids=[", ".join(fields) for fields, _ in REFUSED])
@pytest.mark.django_db
def test_a_text_with_a_fault_is_refused_with_a_sentence(region, approver, fields, faults):
    fields = {"number": "2.1", "title": "Neglect"} | fields

    assert faults_of(lambda: put_out("neglect", by=approver, **fields)) == faults


@pytest.mark.django_db
def test_a_numbered_text_has_a_title(region):
    version = make_version("neglect", number="2.1", title=" ")

    assert faults_of(lambda: publish_imported([version])) == [("title", None, "Section 2.1 has no title.")]


@pytest.mark.parametrize(("name", "most"), [("title", 200), ("author_name", 120), ("approver_name", 120)])
@pytest.mark.django_db
def test_what_is_longer_than_its_column_is_refused_before_the_database_sees_it(region, name, most):
    fields = {"number": "2.1", "title": "Neglect"}
    too_long = make_version("neglect", **(fields | {name: "x" * (most + 1)}))

    assert faults_of(lambda: publish_imported([too_long])) == [
        (name, None, f"The {name.replace('_', ' ')} is longer than {most} characters.")
    ]
    assert len(getattr(world.publish("neglect", **(fields | {name: "x" * most})), name)) == most


@pytest.mark.parametrize("character", ["\x01", "\x0c", "\x1b", "\x7f", "\x85", "\x9f"])
@pytest.mark.django_db
def test_a_control_character_is_refused_where_it_stands(region, character):
    version = make_version("neglect", number="2.1", body=f"One.\n\nTwo{character}three.\n")

    assert faults_of(lambda: publish_imported([version])) == [
        ("body", 3, f"The control character U+{ord(character):04X} stands in the text. Delete it.")
    ]


@pytest.mark.django_db
def test_a_nul_byte_and_a_lone_surrogate_are_refused_and_not_handed_to_the_database(region):
    for field, text in (("body", "a\x00b"), ("change_note", "a\x00b"), ("title", "a\x00b"), ("body", "a\ud800b")):
        version = make_version("neglect", **({"number": "2.1", "title": "Neglect"} | {field: text}))

        [(where, _, message)] = faults_of(lambda version=version: publish_imported([version]))

        assert (where, message[:21]) == (field, "The control character")


@pytest.mark.django_db
def test_links_that_lead_somewhere_are_accepted(region, approver):
    Authority.objects.create(slug="an-act", title="An Act", kind="statute")
    Service.objects.create(slug="front-door", name="Front door")
    world.publish("consent", number="2.10")
    body = "[An Act](authority:an-act), [front door](contact:front-door), [consent](section:consent), paragraph 2.10.3."

    assert put_out("neglect", number="2.1", body=body, by=approver).is_published


@pytest.mark.django_db
def test_all_faults_of_all_versions_are_told_together(region):
    versions = [
        make_version("neglect", number="2.1", body="See Section 8.8.", change_note=""),
        make_version("consent", number="2.2", body="See Section 9.9."),
    ]

    faults = faults_of(lambda: publish_imported(versions))

    assert [field for field, _, _ in faults] == ["change_note", "body", "body"]


# --- References in force, and withdrawals -------------------------------------------------------------------------


@pytest.mark.parametrize(("day", "accepted"), [(date(2025, 2, 28), True), (SOON, False), (date(2025, 3, 2), False)])
@pytest.mark.django_db
def test_a_reference_leads_to_a_section_in_force_on_the_texts_own_day(region, approver, day, accepted):
    world.publish("consent", number="2.10")
    put_out("consent", number="2.10", withdrawn=True, body="", by=approver, on=SOON)
    body = "See Section 2.10 and [consent](section:consent)."

    if accepted:
        assert put_out("neglect", number="2.1", body=body, by=approver, on=day).is_published
        return
    assert faults_of(lambda: put_out("neglect", number="2.1", body=body, by=approver, on=day)) == [
        (
            "body",
            1,
            f"“Section 2.10” leads nowhere: no section bears the number 2.10 on {day}. "
            "If the number is not one of this manual's, write 2\\.10.",
        ),
        ("body", 1, f"“consent” leads nowhere: section “consent” is not in force on {day}."),
    ]


@pytest.mark.django_db
def test_regional_text_does_not_refer_to_one_partnerships_procedure_and_that_partnership_may(region, approver):
    world.publish("harbour", number="4.1", by="southmoor")
    world.publish("neglect", number="2.1")

    assert put_out("neglect", of="southmoor", body="See Section 4.1.", by=approver).is_published
    for slug in ("heartland", "northshire"):
        number = "2.1" if slug == "heartland" else ""
        attempt = lambda slug=slug, number=number: put_out(  # noqa: E731
            "neglect", of=slug, number=number, body="See Section 4.1.", by=approver
        )
        assert [message[:35] for _, _, message in faults_of(attempt)] == ["“Section 4.1” leads nowhere: no sec"]


@pytest.mark.django_db
def test_a_withdrawal_needs_no_text_and_the_section_may_come_back(region, approver):
    put_out("neglect", number="2.1", by=approver)
    withdrawal = put_out("neglect", withdrawn=True, body="", by=approver, on=SOON)
    again = put_out("neglect", number="2.1", by=approver, on=LATER)

    assert (withdrawal.number, withdrawal.body) == ("", "")
    assert [[v.pk for v in Version.objects.in_force(day)] for day in (SOON, LATER)] == [[], [again.pk]]


@pytest.mark.django_db
def test_a_section_is_not_withdrawn_under_a_text_that_is_still_to_take_effect(region, approver):
    put_out("consent", number="2.10", by=approver)
    put_out("neglect", number="2.1", body="See Section 2.10.", by=approver, on=LATER)

    faults = faults_of(lambda: put_out("consent", number="2.10", withdrawn=True, body="", by=approver, on=SOON))

    assert faults == [
        (
            "body",
            1,
            "With this, neglect for heartland, from 2025-06-01, which is published already, would be wrong: "
            "“Section 2.10” leads nowhere: no section bears the number 2.10 on 2025-06-01. "
            "If the number is not one of this manual's, write 2\\.10.",
        )
    ]


@pytest.mark.django_db
def test_a_section_is_withdrawn_when_the_text_that_referred_to_it_takes_effect_the_day_before(region, approver):
    put_out("consent", number="2.10", by=approver)
    put_out("neglect", number="2.1", body="See Section 2.10.", by=approver, on=SOON - timedelta(days=1))

    assert put_out("consent", number="2.10", withdrawn=True, body="", by=approver, on=SOON).is_published


@pytest.mark.django_db
def test_a_text_that_was_replaced_the_same_day_hinders_nothing(region, approver):
    put_out("consent", number="2.10", by=approver)
    put_out("neglect", number="2.1", body="See Section 2.10.", by=approver, on=LATER)
    put_out("neglect", number="2.1", body="See nothing.", by=approver, on=LATER)

    assert put_out("consent", number="2.10", withdrawn=True, body="", by=approver, on=SOON).is_published


# --- Slots and local texts ----------------------------------------------------------------------------------------

SLOT = "::: local front-door\nCall.\n:::\n"
FILL = "::: fill front-door\nCall us.\n:::\n"


@pytest.mark.django_db
def test_a_slot_is_filled_where_the_regional_text_of_that_day_has_it(region, approver):
    world.publish("neglect", number="2.1", body="No slot.")
    put_out("neglect", number="2.1", body=f"Now with one.\n\n{SLOT}", by=approver, on=SOON)

    for day, there in ((SOON - timedelta(days=1), "none"), (SOON, None), (SOON + timedelta(days=1), None)):
        if there is None:
            assert put_out("neglect", of="northshire", body=FILL, by=approver, on=day).is_published
        else:
            message = f"The regional text has no slot “front-door” on {day} (it has: {there})."
            assert faults_of(lambda day=day: put_out("neglect", of="northshire", body=FILL, by=approver, on=day)) == [
                ("body", None, message)
            ]


@pytest.mark.django_db
def test_a_slot_is_not_taken_away_from_an_addition_that_is_still_to_take_effect(region, approver):
    world.publish("neglect", number="2.1", body=SLOT)
    put_out("neglect", of="northshire", body=FILL, by=approver, on=LATER)

    assert faults_of(lambda: put_out("neglect", number="2.1", body="No slot.", by=approver, on=SOON)) == [
        (
            "body",
            None,
            "With this, neglect for northshire, from 2025-06-01, which is published already, would be wrong: "
            "The regional text has no slot “front-door” on 2025-06-01 (it has: none).",
        )
    ]


@pytest.mark.django_db
def test_a_local_addition_has_neither_slots_nor_a_number(region, approver):
    world.publish("neglect", number="2.1", body=SLOT)

    assert faults_of(lambda: put_out("neglect", of="northshire", number="2.1", body=SLOT, by=approver)) == [
        (
            "number",
            None,
            "A local addition has no number of its own: it stands in the regional section of that number. "
            "Leave the number out.",
        ),
        ("body", None, "Only regional text has slots: “::: local front-door” has no effect here."),
    ]


@pytest.mark.parametrize(("day", "accepted"), [(date(2025, 2, 28), False), (SOON, True), (date(2025, 3, 2), True)])
@pytest.mark.django_db
def test_an_addition_needs_a_regional_text_on_its_day(region, approver, day, accepted):
    put_out("neglect", number="2.1", by=approver, on=SOON)

    if accepted:
        assert put_out("neglect", of="northshire", by=approver, on=day).is_published
        return
    assert faults_of(lambda: put_out("neglect", of="northshire", by=approver, on=day)) == [
        (
            "number",
            None,
            f"There is no regional text of “neglect” on {day} for this to be added to. "
            "Give it a number and a title to make it a local procedure, or choose another day.",
        )
    ]


@pytest.mark.django_db
def test_only_an_addition_is_written_against_a_text_and_that_is_its_sections_regional_one(region, approver):
    neglect, consent = world.publish("neglect", number="2.1"), world.publish("consent", number="2.10")
    local = world.publish("neglect", by="southmoor")
    message = "Only a local addition is written against a text: the regional text of its section."

    for fields in (
        {"number": "2.1", "written_against": neglect},
        {"of": "northshire", "written_against": consent},
        {"of": "northshire", "written_against": local},
    ):
        assert faults_of(lambda fields=fields: put_out("neglect", by=approver, **fields)) == [
            ("written_against", None, message)
        ]


@pytest.mark.django_db
def test_an_addition_is_not_written_against_what_comes_after_it(region):
    addition = make_version("neglect", by="northshire")
    regional = make_version("neglect", number="2.1")
    addition.written_against = regional

    assert faults_of(lambda: publish_imported([addition, regional])) == [
        (
            "written_against",
            None,
            "It is written against a text (neglect for heartland, from 2017-03-31) that was not published before it.",
        )
    ]


# --- Numbers ------------------------------------------------------------------------------------------------------


def taken(number: str, day: date, slug: str) -> list[tuple[str, None, str]]:
    return [("number", None, f"Number {number} is taken: from {day} it is the number of “{slug}” as well.")]


@pytest.mark.django_db
def test_a_number_that_a_section_bears_today_is_taken(region, approver):
    world.publish("neglect", number="2.1")

    assert faults_of(lambda: put_out("consent", number="2.1", by=approver)) == taken("2.1", TODAY, "neglect")


@pytest.mark.django_db
def test_a_number_that_a_section_will_bear_is_taken(region, approver):
    put_out("neglect", number="2.1", by=approver, on=SOON)

    assert faults_of(lambda: put_out("consent", number="2.1", by=approver)) == taken("2.1", SOON, "neglect")


@pytest.mark.django_db
def test_a_number_is_free_for_as_long_as_its_bearer_is_withdrawn(region, approver):
    put_out("neglect", number="2.1", by=approver)
    put_out("neglect", number="2.1", withdrawn=True, body="", by=approver, on=SOON)

    day_before = SOON - timedelta(days=1)
    assert faults_of(lambda: put_out("consent", number="2.1", by=approver, on=day_before)) == taken(
        "2.1", day_before, "neglect"
    )
    assert put_out("consent", number="2.1", by=approver, on=SOON).is_published
    assert faults_of(lambda: put_out("neglect", number="2.1", by=approver, on=LATER)) == taken("2.1", LATER, "consent")


@pytest.mark.django_db
def test_a_number_is_free_from_the_day_its_bearer_is_renumbered(region, approver):
    put_out("neglect", number="2.1", by=approver)
    put_out("neglect", number="2.2", by=approver, on=SOON)

    assert put_out("consent", number="2.1", by=approver, on=SOON).is_published


@pytest.mark.django_db
def test_two_sections_may_change_numbers_in_one_import(region):
    world.publish("neglect", number="2.1")
    world.publish("consent", number="2.2")

    publish_imported([make_version("neglect", number="2.2", on=SOON), make_version("consent", number="2.1", on=SOON)])

    numbers = Version.objects.in_force(SOON).order_by("number").values_list("number", "section__slug")
    assert list(numbers) == [("2.1", "consent"), ("2.2", "neglect")]


@pytest.mark.django_db
def test_a_number_that_was_corrected_the_same_day_is_free(region, approver):
    put_out("neglect", number="2.9", by=approver)
    put_out("neglect", number="2.1", by=approver)

    assert put_out("consent", number="2.9", by=approver).is_published


@pytest.mark.django_db
def test_what_was_replaced_the_same_day_is_in_nobodys_way_when_a_record_is_imported(region):
    publish_imported(
        [
            make_version("neglect", number="2.9", body="See Section 9.9."),
            make_version("neglect", number="2.1"),
            make_version("consent", number="2.9"),
        ]
    )

    assert [v.number for v in Version.objects.in_force(TODAY).order_by("number")] == ["2.1", "2.9"]


@pytest.mark.django_db
def test_what_was_replaced_the_same_day_has_a_sound_number_and_title_all_the_same(region):
    versions = [
        make_version("neglect", number="2.01", title="Neglect"),
        make_version("neglect", number="2.1", title=""),
        make_version("neglect", number="2.1"),
    ]

    assert faults_of(lambda: publish_imported(versions)) == [
        ("number", None, "“2.01” is not a section number such as 3.1 or 2.10."),
        ("title", None, "Section 2.1 has no title."),
    ]


@pytest.mark.parametrize(
    ("one", "other", "clashes"),
    [
        ("heartland", "northshire", True),
        ("northshire", "heartland", True),
        ("northern-force", "northshire", True),
        ("northshire", "northern-force", True),
        ("northshire", "northshire", True),
        ("northshire", "eastvale", False),
        ("northshire", "southmoor", False),
        ("northern-force", "southmoor", False),
    ],
)
@pytest.mark.django_db
def test_a_number_is_taken_for_those_who_would_see_both(region, approver, one, other, clashes):
    world.publish("neglect", number="2.1", by=one)

    if clashes:
        attempt = lambda: put_out("consent", of=other, number="2.1", by=approver)  # noqa: E731
        assert faults_of(attempt) == taken("2.1", TODAY, "neglect")
    else:
        assert put_out("consent", of=other, number="2.1", by=approver).is_published


@pytest.mark.django_db
def test_a_number_is_taken_from_the_day_a_member_joins_the_group_that_bears_it(region, approver):
    world.publish("neglect", number="2.1", by="northern-force")
    GroupMembership.objects.create(group=region["northern-force"], member=region["southmoor"], joined=SOON)

    assert faults_of(lambda: put_out("consent", of="southmoor", number="2.1", by=approver)) == taken(
        "2.1", SOON, "neglect"
    )


@pytest.mark.parametrize(("day", "clashes"), [(date(2025, 2, 27), True), (date(2025, 2, 28), True), (SOON, False)])
@pytest.mark.django_db
def test_a_number_is_free_once_the_member_has_left_the_group(region, approver, day, clashes):
    world.publish("neglect", number="2.1", by="northern-force")
    GroupMembership.objects.filter(member=region["eastvale"]).update(left=date(2025, 2, 28))

    attempt = lambda: put_out("consent", of="eastvale", number="2.1", by=approver, on=day)  # noqa: E731
    if clashes:
        assert faults_of(attempt) == taken("2.1", day, "neglect")
    else:
        assert attempt().is_published


# --- Numbers that go stale ----------------------------------------------------------------------------------------


def stale(words: str, day: date, number: str, text: str) -> tuple[str, None, str]:
    message = (
        f"“{words}” goes stale: from {day} that section's number is {number}, and this text ({text}) is still in force "
        "then. Publish a consequential version of it on that day."
    )
    return ("body", None, message)


@pytest.mark.parametrize("words", ["Section 3.6", "paragraph 3.6.2"])
@pytest.mark.django_db
def test_a_section_is_not_renumbered_under_a_text_that_names_its_number(region, approver, words):
    world.publish("retention", number="3.6")
    world.publish("recording", number="3.2", body=f"See {words}.")

    assert faults_of(lambda: put_out("retention", number="3.5", by=approver, on=SOON)) == [
        stale(words, SOON, "3.5", "recording for heartland, from 2017-03-31")
    ]


@pytest.mark.django_db
def test_a_section_is_renumbered_together_with_the_texts_that_name_it(region):
    world.publish("retention", number="3.6")
    world.publish("recording", number="3.2", body="See Section 3.6.")
    moved = make_version("retention", number="3.5", on=SOON)

    publish_imported(
        [moved, make_version("recording", number="3.2", body="See Section 3.5.", on=SOON, change_kind="consequential")]
    )

    references = CrossReference.objects.filter(number="3.5").values_list("to_section__slug", flat=True)
    assert list(references) == ["retention"]


@pytest.mark.parametrize(
    ("day", "accepted"), [(SOON - timedelta(days=1), True), (SOON, True), (SOON + timedelta(days=1), False)]
)
@pytest.mark.django_db
def test_a_consequential_version_comes_no_later_than_the_renumbering(region, approver, day, accepted):
    world.publish("retention", number="3.6")
    world.publish("recording", number="3.2", body="See Section 3.6.")
    put_out("recording", number="3.2", body="See [retention](section:retention).", by=approver, on=day)

    attempt = lambda: put_out("retention", number="3.5", by=approver, on=SOON)  # noqa: E731
    if accepted:
        assert attempt().is_published
    else:
        assert faults_of(attempt) == [stale("Section 3.6", SOON, "3.5", "recording for heartland, from 2017-03-31")]


@pytest.mark.django_db
def test_a_new_text_does_not_name_a_number_that_is_about_to_change(region, approver):
    world.publish("retention", number="3.6")
    put_out("retention", number="3.5", by=approver, on=SOON)

    [(field, line, message)] = faults_of(
        lambda: put_out("recording", number="3.2", body="One.\n\nSee Section 3.6.", by=approver)
    )

    assert (field, line, message[:60]) == ("body", 3, "“Section 3.6” goes stale: from 2025-03-01 that section's num")


@pytest.mark.django_db
def test_a_renumbering_that_was_taken_back_the_same_day_makes_nothing_stale(region, approver):
    world.publish("retention", number="3.6")
    put_out("retention", number="3.5", by=approver, on=SOON)
    put_out("retention", number="3.6", by=approver, on=SOON)

    assert put_out("recording", number="3.2", body="See Section 3.6.", by=approver).is_published


@pytest.mark.django_db
def test_a_section_is_not_renumbered_under_a_text_that_is_still_to_take_effect(region, approver):
    world.publish("retention", number="3.6")
    put_out("recording", number="3.2", body="See Section 3.6.", by=approver, on=LATER)

    [(field, line, message)] = faults_of(lambda: put_out("retention", number="3.5", by=approver, on=SOON))

    assert (field, line) == ("body", 1)
    assert message == (
        "With this, recording for heartland, from 2025-06-01, which is published already, would be wrong: "
        "“Section 3.6” leads nowhere: no section bears the number 3.6 on 2025-06-01. "
        "If the number is not one of this manual's, write 3\\.6."
    )


# --- Two at once --------------------------------------------------------------------------------------------------


def publish_at_once(drafts: list[Version], by: User) -> tuple[list[Version], list[Refused]]:
    """The drafts published by a thread each: which were, and what was refused."""
    results = in_threads(
        *(lambda made=made: publishing.publish(made, by=by, effective_date=TODAY, today=TODAY) for made in drafts)
    )
    for result in results:
        assert isinstance(result, Version | Refused), result
    published = [result for result in results if isinstance(result, Version)]
    return published, [result for result in results if isinstance(result, Refused)]


@pytest.mark.django_db(transaction=True)
def test_of_two_drafts_of_one_section_published_at_once_one_is_refused(tmp_path, regional_approver):
    basis = world.publish("neglect", number="2.1")
    drafts = [draft("neglect", number="2.1", based_on=basis, title=title) for title in ("Mine", "Theirs")]
    record = Version.objects.published().order_by("published_at").values_list("title", flat=True)

    with open_to_threads(tmp_path):
        [published], [refused] = publish_at_once(drafts, regional_approver)
        [titles] = in_threads(lambda: list(record))

    assert [fault.field for fault in refused.faults] == ["based_on"]
    assert titles == ["Neglect", published.title]


@pytest.mark.django_db(transaction=True)
def test_of_two_sections_that_take_one_number_at_once_one_is_refused(tmp_path, regional_approver):
    drafts = [draft(slug, number="2.1") for slug in ("neglect", "consent")]
    slug_of = {made.pk: made.section.slug for made in drafts}

    with open_to_threads(tmp_path):
        [published], [refused] = publish_at_once(drafts, regional_approver)

    assert [fault.message for fault in refused.faults] == [
        f"Number 2.1 is taken: from 2025-01-15 it is the number of “{slug_of[published.pk]}” as well."
    ]


# --- Several drafts together --------------------------------------------------------------------------------------


def drafted(slug: str, *, on: date = TODAY, by: str = "heartland", **fields: Any) -> Version:
    """A saved draft on the newest of its stream, with its day."""
    stream = Version.objects.published().filter(section__slug=slug, partnership__slug=by)
    made = draft(slug, by=by, based_on=stream.order_by("published_at").last(), **fields)
    made.effective_date = on
    return made


def together(*drafts: Version, by: User) -> list[Version]:
    return publishing.publish_together(drafts, by=by, today=TODAY)


@pytest.mark.django_db
def test_drafts_published_together_each_have_their_own_day_and_come_back_in_their_order(region, approver):
    drafts = [drafted("neglect", number="2.1", on=SOON), drafted("consent", number="2.10", on=TODAY)]

    versions = together(*drafts, by=approver)

    assert [(v.pk, v.effective_date) for v in versions] == [(drafts[0].pk, SOON), (drafts[1].pk, TODAY)]
    assert list(sealing.breaches()) == []


@pytest.mark.django_db
def test_all_drafts_are_published_or_none(region, approver):
    drafts = [drafted("neglect", number="2.1"), drafted("consent", number="2.10", body="See Section 9.9.")]

    assert [(field, line) for field, line, _ in faults_of(lambda: together(*drafts, by=approver))] == [("body", 1)]
    assert not CrossReference.objects.exists() and not KeptRendering.objects.exists()


@pytest.mark.django_db
def test_drafts_published_together_may_refer_to_each_other_and_change_numbers(region, approver):
    world.publish("neglect", number="2.1")
    world.publish("consent", number="2.2")

    versions = together(
        drafted("neglect", number="2.2", body="See Section 2.1."),
        drafted("consent", number="2.1", body="See Section 2.2."),
        by=approver,
    )

    references = CrossReference.objects.filter(from_version__in=versions).order_by("pk")
    assert set(references.values_list("from_version__section__slug", "to_section__slug")) == {
        ("neglect", "consent"), ("consent", "neglect"),
    }  # fmt: skip


@pytest.mark.django_db
def test_a_local_addition_is_written_against_the_regional_text_published_with_it(region, approver):
    addition, regional = drafted("neglect", by="northshire"), drafted("neglect", number="2.1")

    published = together(addition, regional, by=approver)

    assert published[0].written_against == published[1]
    assert published[1].published_at < published[0].published_at


@pytest.mark.django_db
def test_one_text_may_come_with_several_days_but_not_twice_for_one(region, approver):
    now, later = drafted("neglect", number="2.1"), drafted("neglect", number="2.1", on=SOON)
    again = drafted("neglect", number="2.1", on=SOON)
    message = "Two drafts of this text are to be published together for 2025-03-01. Take one of them out."

    assert faults_of(lambda: together(now, later, again, by=approver)) == [("", None, message)] * 2
    assert [v.effective_date for v in together(now, later, by=approver)] == [TODAY, SOON]


@pytest.mark.django_db
def test_who_approved_a_draft_before_stays_its_approver(region, approver, northshire_approver):
    made = drafted("neglect", number="2.1", approver=northshire_approver)

    assert [v.approver_name for v in together(made, by=approver)] == ["northshire_approver"]


@pytest.mark.parametrize(
    "fields",
    [{}, {"body": "See Section 9.9."}, {"change_note": ""}, {"number": ""}, {"number": "2.10"}, {"body": ""}],
)
@pytest.mark.django_db
def test_what_would_keep_a_draft_from_being_published_is_told_without_publishing_it(region, approver, fields):
    world.publish("consent", number="2.10")
    made = drafted("neglect", **({"number": "2.1"} | fields))
    as_it_was = {name: value for name, value in vars(made).items() if name != "_state"}

    told = [(fault.field, fault.line, fault.message) for fault in publishing.faults_of([made], today=TODAY)]

    assert {name: value for name, value in vars(made).items() if name != "_state"} == as_it_was
    assert Version.objects.published().count() == 1
    if fields:
        assert told == faults_of(lambda: together(made, by=approver))
    else:
        assert (told, together(made, by=approver)[0].is_published) == ([], True)


@pytest.mark.django_db
def test_faults_name_the_very_draft_that_was_asked_about(region):
    sound, faulty = drafted("neglect", number="2.1"), drafted("consent", number="2.10", change_note="")

    [fault] = publishing.faults_of([sound, faulty], today=TODAY)

    assert fault.version is faulty
