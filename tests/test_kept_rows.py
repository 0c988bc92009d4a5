"""Rows that are put back are sealed as they were, and until then they are in no table."""

import pytest
from django.contrib.auth.models import User

from partnerships.models import Partnership
from procedures import sealing
from procedures.models import CrossReference, FreshnessStamp, KeptRendering, Section, Version

COUNTED = (Partnership, Section, Version, CrossReference, KeptRendering, User)


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in COUNTED}


@pytest.mark.django_db
def test_what_is_kept_is_in_no_table_until_it_is_put_back(kept_rows):
    assert counts() == dict.fromkeys((model.__name__ for model in COUNTED), 0)


@pytest.mark.django_db
def test_what_is_put_back_is_whole_and_its_seal_holds(kept_rows):
    kept_rows.put_back("region", "manual", "northshire_author")

    assert counts() == {
        "Partnership": 5,
        "Section": 7,
        "Version": 13,
        "CrossReference": 4,
        "KeptRendering": 13,
        "User": 1,
    }
    assert list(sealing.breaches()) == []


@pytest.mark.django_db
def test_putting_back_renews_the_freshness_stamp_each_time(kept_rows):
    kept_rows.put_back("region")
    before = FreshnessStamp.now()

    kept_rows.put_back("manual")

    assert FreshnessStamp.now() not in ("", before)


@pytest.mark.django_db
def test_a_row_that_is_made_first_takes_no_key_of_one_that_is_put_back(kept_rows):
    own = [Section.objects.create(slug="own"), User.objects.create_user("own")]

    kept_rows.put_back("region", "manual", "outsider")

    assert [Section.objects.get(slug="own"), User.objects.get(username="own")] == own
    assert Section.objects.count() == 8
