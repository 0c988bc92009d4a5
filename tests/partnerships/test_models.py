"""What the rows of partnerships, memberships and contacts must keep, each rule by its sentence."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import ProtectedError

from partnerships.models import Contact, GroupMembership, Membership, Partnership, Service
from procedures.models import Authority, Edition
from tests.world import LAUNCH, publish

REGION_AGAIN = "There is a region already: a site publishes one region's manual."
Fields = dict[str, Any]


def partnership(**fields: Any) -> Partnership:
    return Partnership(**({"slug": "new", "kind": "local", "name": "New", "short_name": "N"} | fields))


def group_membership(region: dict[str, Partnership], **fields: Any) -> GroupMembership:
    values: Fields = {"group": region["northern-force"], "member": region["southmoor"], "joined": LAUNCH}
    return GroupMembership(**(values | fields))


def contact(region: dict[str, Partnership], **fields: Any) -> Contact:
    service, _ = Service.objects.get_or_create(slug="front-door", name="Front door")
    values: Fields = {
        "partnership": region["northshire"],
        "service": service,
        "name": "Hub",
        "phone": "01632 960001",
        "availability": "always",
        "checked_on": LAUNCH,
        "checked_by": "Manager",
    }
    return Contact(**(values | fields))


def membership(region: dict[str, Partnership], **fields: Any) -> Membership:
    user, _ = User.objects.get_or_create(username="somebody")
    return Membership(**({"user": user, "partnership": region["northshire"], "role": "author"} | fields))


def edition(**fields: Any) -> Edition:
    authority, _ = Authority.objects.get_or_create(slug="an-act", title="An Act", kind="statute")
    return Edition(**({"authority": authority, "name": "2018", "title": "An Act 2018", "began": LAUNCH} | fields))


Make = Callable[[dict[str, Partnership]], models.Model]
REFUSED: dict[str, tuple[Make, str]] = {
    "partnership_one_region": (lambda region: partnership(kind="region"), REGION_AGAIN),
    "partnership_known_kind": (
        lambda region: partnership(kind="parish"),
        "A partnership is a region, a group or a local partnership.",
    ),
    "partnership_drift_grace_within_a_year": (
        lambda region: partnership(drift_grace_days=366),
        "Readers are told after 365 days at the latest.",
    ),
    "group_membership_once_a_day": (
        lambda region: group_membership(region, member=region["northshire"]),
        "This partnership joined this group on that day already.",
    ),
    "group_membership_ends_after_it_begins": (
        lambda region: group_membership(region, left=LAUNCH - timedelta(days=1)),
        "The last day of a membership lies before its first.",
    ),
    "membership_once_a_role": (
        lambda region: (membership(region).save(), membership(region))[1],
        "This person has that role in this partnership already.",
    ),
    "membership_known_role": (
        lambda region: membership(region, role="king"),
        "A role is author, approver or manager.",
    ),
    "contact_once": (
        lambda region: (contact(region).save(), contact(region, phone="01632 960002"))[1],
        "This partnership lists that contact already.",
    ),
    "contact_can_be_reached": (
        lambda region: contact(region, phone="", email=""),
        "A contact needs a telephone number or an e-mail address.",
    ),
    "contact_known_availability": (
        lambda region: contact(region, availability="never"),
        "A contact is reached in office hours, out of hours or always.",
    ),
    "authority_known_kind": (
        lambda region: Authority(slug="a", title="A", kind="rumour"),
        "An authority is a statute, guidance or a protocol.",
    ),
    "edition_named_once": (
        lambda region: (edition().save(), edition())[1],
        "This authority has an edition of that name already.",
    ),
    "edition_ends_after_it_begins": (
        lambda region: edition(ceased=LAUNCH - timedelta(days=1)),
        "The last day of an edition lies before its first.",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
@pytest.mark.django_db
def test_a_named_constraint_speaks_and_the_database_keeps_it(region, name):
    make, message = REFUSED[name]
    thing = make(region)

    with pytest.raises(ValidationError) as told:
        thing.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        thing.save()

    assert told.value.messages == [message]
    assert name in [constraint.name for constraint in thing._meta.constraints]


@pytest.mark.parametrize("model", [Partnership, GroupMembership, Membership, Contact, Authority, Edition])
def test_no_constraint_of_these_models_goes_without_a_case_above(model):
    assert {constraint.name for constraint in model._meta.constraints} <= set(REFUSED)


@pytest.mark.django_db
def test_a_membership_and_an_edition_may_last_one_day(region):
    group_membership(region, left=LAUNCH).save()
    edition(ceased=LAUNCH).save()

    assert GroupMembership.objects.on(LAUNCH).count() == 3
    assert [Edition.objects.get().applied_on(LAUNCH + timedelta(days=n)) for n in (-1, 0, 1)] == [False, True, False]


@pytest.mark.django_db
def test_an_edition_without_an_end_goes_on_applying(region):
    made = edition()

    assert [made.applied_on(day) for day in (date.min, LAUNCH - timedelta(days=1), LAUNCH, date.max)] == [
        False,
        False,
        True,
        True,
    ]


@pytest.mark.django_db
def test_only_local_partnerships_join_and_only_groups_are_joined(region):
    for fields, message in (
        ({"group": region["northshire"]}, {"group": ["Northshire Safeguarding Partnership is not a group."]}),
        (
            {"member": region["heartland"]},
            {
                "member": [
                    "Heartland Safeguarding Partnership is not a local partnership; only those join groups.",
                ]
            },
        ),
        (
            {"member": region["northern-force"]},
            {
                "member": [
                    "Northern Force Safeguarding Partnership is not a local partnership; only those join groups.",
                ]
            },
        ),
    ):
        with pytest.raises(ValidationError) as told:
            group_membership(region, **fields).clean()
        assert told.value.message_dict == message


@pytest.mark.django_db
def test_a_partnership_with_published_text_cannot_be_deleted(region):
    publish("neglect", number="2.1", by="southmoor")

    with pytest.raises(ProtectedError):
        region["southmoor"].delete()


@pytest.mark.django_db
def test_the_region_is_found_and_its_absence_is_told(region):
    assert Partnership.objects.region() == region["heartland"]
    GroupMembership.objects.all().delete()
    Partnership.objects.all().delete()
    with pytest.raises(Partnership.DoesNotExist):
        Partnership.objects.region()


@pytest.mark.django_db
def test_rows_say_what_they_are(region):
    made = (region["northshire"], group_membership(region), membership(region), contact(region), edition())

    assert [str(thing) for thing in made] == [
        "Northshire Safeguarding Partnership",
        "Southmoor Safeguarding Partnership in Northern Force Safeguarding Partnership",
        "somebody, Author: drafts, Northshire Safeguarding Partnership",
        "Northshire: Hub",
        "An Act 2018",
    ]
