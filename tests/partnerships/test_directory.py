"""Who sees whose texts on which day."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partnerships.directory import Directory, directory, read_directory
from partnerships.models import GroupMembership, Partnership
from procedures.models import FreshnessStamp
from tests.world import LAUNCH

LEFT = date(2022, 6, 30)
BACK = date(2024, 1, 1)
BEFORE = LAUNCH - timedelta(days=1)


def slugs(known: Directory, ids: tuple[int, ...]) -> list[str]:
    return [known.by_id(partnership_id).slug for partnership_id in ids]


@pytest.fixture
def eastvale_left_and_came_back(region: dict[str, Partnership]) -> None:
    GroupMembership.objects.filter(member=region["eastvale"]).update(left=LEFT)
    GroupMembership.objects.create(group=region["northern-force"], member=region["eastvale"], joined=BACK)


DAYS = [
    (BEFORE, False),
    (LAUNCH, True),
    (LAUNCH + timedelta(days=1), True),
    (LEFT - timedelta(days=1), True),
    (LEFT, True),
    (LEFT + timedelta(days=1), False),
    (BACK - timedelta(days=1), False),
    (BACK, True),
    (date.max, True),
]


@pytest.mark.parametrize(("day", "is_member"), DAYS)
@pytest.mark.django_db
def test_a_member_sees_its_groups_texts_while_it_is_one(region, eastvale_left_and_came_back, day, is_member):
    known = read_directory()

    seen = slugs(known, known.scope(known.find("eastvale"), day))

    assert seen == (["heartland", "northern-force", "eastvale"] if is_member else ["heartland", "eastvale"])
    assert list(Partnership.objects.groups_of(region["eastvale"], day)) == (
        [region["northern-force"]] if is_member else []
    )


@pytest.mark.parametrize(
    ("slug", "seen"),
    [
        (None, ["heartland"]),
        ("heartland", ["heartland"]),
        ("northern-force", ["heartland", "northern-force"]),
        ("northshire", ["heartland", "northern-force", "northshire"]),
        ("southmoor", ["heartland", "southmoor"]),
    ],
)
@pytest.mark.django_db
def test_each_reader_sees_the_region_the_groups_and_their_own(region, slug, seen):
    known = read_directory()

    assert slugs(known, known.scope(known.find(slug) if slug else None, LAUNCH)) == seen


@pytest.mark.django_db
def test_groups_come_in_the_order_of_lists(region):
    first = Partnership.objects.create(slug="a", kind="group", name="Zebra", short_name="Z", position=1)
    GroupMembership.objects.create(group=first, member=region["northshire"], joined=LAUNCH)
    Partnership.objects.filter(slug="northern-force").update(position=9)
    known = read_directory()

    seen = slugs(known, known.scope(known.find("northshire"), LAUNCH))

    assert seen == ["heartland", "a", "northern-force", "northshire"]


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ("heartland", "southmoor", True),
        ("southmoor", "heartland", True),
        ("southmoor", "southmoor", True),
        ("northern-force", "northshire", True),
        ("northshire", "northern-force", True),
        ("northshire", "eastvale", False),
        ("northshire", "southmoor", False),
        ("northern-force", "southmoor", False),
    ],
)
@pytest.mark.django_db
def test_some_texts_are_seen_together_and_others_never(region, one, other, together):
    assert read_directory().seen_together(region[one].pk, region[other].pk, LAUNCH) is together


@pytest.mark.parametrize(("day", "is_member"), DAYS)
@pytest.mark.django_db
def test_a_groups_texts_are_seen_with_a_members_only_while_it_is_one(
    region, eastvale_left_and_came_back, day, is_member
):
    known = read_directory()

    assert known.seen_together(region["northern-force"].pk, region["eastvale"].pk, day) is is_member


@pytest.mark.django_db
def test_two_groups_are_seen_together_by_whoever_is_in_both(region):
    other = Partnership.objects.create(slug="other", kind="group", name="Other", short_name="Other", position=8)

    apart = read_directory().seen_together(other.pk, region["northern-force"].pk, LAUNCH)
    GroupMembership.objects.create(group=other, member=region["northshire"], joined=LAUNCH)

    assert (apart, read_directory().seen_together(other.pk, region["northern-force"].pk, LAUNCH)) == (False, True)


@pytest.mark.django_db
def test_an_empty_database_has_no_region_and_nothing_to_see():
    known = read_directory()

    assert (known.region, known.find("heartland"), known.scope(None, LAUNCH)) == (None, None, ())


@pytest.mark.django_db
def test_an_unknown_slug_is_nobodys(region):
    assert [read_directory().find(slug) for slug in ("", "atlantis", "NORTHSHIRE", "x" * 5000)] == [None] * 4


@pytest.mark.django_db
def test_each_partnership_is_listed_once_however_many_groups_it_was_in(region, eastvale_left_and_came_back):
    known = read_directory()

    assert [listed.slug for listed in known.partnerships] == [
        "heartland",
        "northern-force",
        "northshire",
        "eastvale",
        "southmoor",
    ]
    assert len(known.memberships) == 3


@pytest.mark.django_db
def test_the_directory_is_kept_until_the_stamp_changes(region):
    kept = directory(FreshnessStamp.now())
    with CaptureQueriesContext(connection) as queries:
        again = directory(FreshnessStamp.now())
    Partnership.objects.filter(slug="northshire").update(name="New name")

    assert again is kept
    assert len(queries) == 1  # the stamp's own
    assert directory(FreshnessStamp.now()).find("northshire").name == "New name"
