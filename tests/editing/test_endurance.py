"""A short trial of what `python -m tests.endurance` tries at length: two at one moment, and a killed process."""

import pytest

from tests.endurance import region
from tests.endurance.at_once import in_a_thread, publish_at_once
from tests.endurance.killing import check, publish_and_kill
from tests.threads import open_to_threads


@pytest.mark.django_db(transaction=True)
def test_of_two_who_publish_at_once_one_is_told_each_time(tmp_path):
    region.make()

    with open_to_threads(tmp_path):
        told = publish_at_once(5)

    assert told == {
        "Somebody published another version of this text since this draft was begun. "
        "Compare the two and begin again from the newest.": 5
    }


@pytest.mark.django_db(transaction=True)
def test_what_was_answered_is_there_after_the_process_was_killed(tmp_path, settings):
    settings.SEARCH_URL = f"whoosh:{tmp_path / 'search'}"
    region.make()

    with open_to_threads(tmp_path):
        killed = publish_and_kill(6, region.url_of_this_database(), most=3, seed=1)
        in_a_thread(lambda: check(killed))

    assert len(killed.answered) >= 6
