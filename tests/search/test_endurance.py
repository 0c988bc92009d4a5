"""A short trial of what `python -m tests.endurance` tries at length: several processes publish while others search."""

import pytest

from procedures.search import keeping_up
from tests.endurance import region
from tests.endurance.searching import check, publish_and_search
from tests.threads import open_to_threads


@pytest.mark.django_db(transaction=True)
def test_what_several_processes_publish_is_found_and_what_it_supersedes_is_not(back_end, settings, tmp_path):
    region.make()
    keeping_up.catch_up()

    with open_to_threads(tmp_path):
        url = region.url_of_this_database()
        searched = publish_and_search(12, url, settings.SEARCH_URL, publishers=2, searchers=1, sections=3)

    check(searched, versions=12, within=30)
