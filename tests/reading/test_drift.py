"""What readers are told of drift: only today, only after the owner's days of grace, only while nobody has checked."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import User

from partnerships.models import Partnership
from procedures.models import Confirmation
from tests.reader import has, make_it
from tests.world import noon, publish

TOLD = f"//p[{has('text-block__unchecked')}]"
SENTENCE = "The regional text beside this changed on 3 June 2024. {} has not yet checked this text against it."
NORTHSHIRE = SENTENCE.format("Northshire Safeguarding Partnership")
FORCE = SENTENCE.format("Northern Force Safeguarding Partnership")


@pytest.fixture
def drifted(region):
    """Additions of Northshire and of its group to 2.1, whose regional text changed on 3 June 2024."""
    publish("neglect", number="2.1", on=date(2019, 1, 1), body="First.\n\n::: local hub\nRing somebody.\n:::\n")
    for owner in ("northern-force", "northshire"):
        publish("neglect", by=owner, on=date(2020, 1, 1), body=f"What {owner} adds.")
    return publish("neglect", number="2.1", on=date(2024, 6, 3), body="Second.\n\n::: local hub\nRing somebody.\n:::\n")


@pytest.mark.parametrize(
    "now, told",
    [
        (date(2024, 6, 2), []),
        (date(2024, 6, 3), []),
        (date(2024, 6, 30), []),
        (date(2024, 7, 1), [FORCE, NORTHSHIRE]),
        (date(2024, 7, 2), [FORCE, NORTHSHIRE]),
    ],
)
def test_readers_are_told_once_the_days_of_grace_are_over(drifted, reader, monkeypatch, now, told):
    make_it(now, monkeypatch)

    assert reader.read("/in/northshire/sections/neglect/").texts(TOLD) == told


@pytest.mark.parametrize(
    "grace, now, told",
    [
        (0, date(2024, 6, 2), []),
        (0, date(2024, 6, 3), [NORTHSHIRE]),
        (1, date(2024, 6, 3), []),
        (1, date(2024, 6, 4), [NORTHSHIRE]),
        (365, date(2025, 6, 2), [FORCE]),
        (365, date(2025, 6, 3), [FORCE, NORTHSHIRE]),
    ],
)
def test_each_owner_sets_its_own_days_of_grace(drifted, reader, monkeypatch, grace, now, told):
    Partnership.objects.filter(slug="northshire").update(drift_grace_days=grace)
    make_it(now, monkeypatch)

    assert reader.read("/in/northshire/sections/neglect/").texts(TOLD) == told


@pytest.mark.parametrize("place", ["", "/in/southmoor"])
def test_who_does_not_see_the_addition_is_told_nothing(drifted, today, reader, place):
    assert reader.read(f"{place}/sections/neglect/").texts(TOLD) == []


@pytest.mark.parametrize("day, count", [("2024-12-01", 0), ("2025-01-14", 0), ("2025-01-15", 2), ("2025-01-16", 0)])
def test_only_the_page_of_today_tells_it(drifted, today, reader, day, count):
    assert len(reader.read(f"/in/northshire/on/{day}/sections/neglect/").texts(TOLD)) == count


def test_every_frame_of_an_unchecked_text_says_so(region, today, reader):
    publish("neglect", number="2.1", on=date(2019, 1, 1), body="A.\n\n::: local hub\nRing.\n:::\n\nB.\n")
    publish("neglect", by="northshire", on=date(2020, 1, 1), body="::: fill hub\nRing us.\n:::\n\nMore.\n")
    publish("neglect", number="2.1", on=date(2024, 6, 3), body="A.\n\n::: local hub\nRing.\n:::\n\nC.\n")

    assert reader.read("/in/northshire/sections/neglect/").texts(TOLD) == [NORTHSHIRE, NORTHSHIRE]


def test_a_confirmation_takes_the_sentence_away_at_once(drifted, today, reader, region):
    url = "/in/northshire/sections/neglect/"
    assert reader.read(url).texts(TOLD) == [FORCE, NORTHSHIRE]

    addition = region["northshire"].versions.get()
    person = User.objects.create_user("checker")
    moment = datetime(2025, 1, 15, 9, tzinfo=UTC)
    Confirmation.objects.create(addition=addition, against=drifted, person=person, at=moment)

    assert reader.read(url).texts(TOLD) == [FORCE]


def test_a_change_that_was_called_back_or_only_follows_a_number_is_none(region, today, reader):
    publish("neglect", number="2.1", on=date(2019, 1, 1), body="First.")
    publish("neglect", by="northshire", on=date(2020, 1, 1), body="More.")
    fields = {"number": "2.1", "on": date(2024, 6, 3)}
    publish("neglect", body="Second.", **fields)
    publish("neglect", body="First.", published_at=noon(date(2024, 6, 1)), **fields)
    follows = {"change_kind": "consequential", "published_at": noon(date(2024, 6, 2))}
    publish("neglect", number="2.2", on=date(2024, 6, 4), body="First.", **follows)

    assert reader.read("/in/northshire/sections/neglect/").texts(TOLD) == []
