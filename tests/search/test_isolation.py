"""The index holds the texts of all partnerships and all days; a search shows those of its viewpoint alone."""

from datetime import date

import pytest

from procedures.models import Version
from procedures.search.index import search
from tests import world
from tests.search.conftest import Ask

SEEN = {
    "": {"heartland"},
    "northshire": {"heartland", "northern-force", "northshire"},
    "eastvale": {"heartland", "northern-force", "eastvale"},
    "southmoor": {"heartland", "southmoor"},
    "northern-force": {"heartland", "northern-force"},
}


@pytest.mark.parametrize("partnership", SEEN)
@pytest.mark.parametrize("owner", world.CANARIES)
def test_a_word_is_found_only_by_those_who_see_its_text(manual: None, ask: Ask, partnership: str, owner: str) -> None:
    found = ask(world.CANARIES[owner], partnership)

    assert (found.total > 0) == (owner in SEEN[partnership])


@pytest.mark.parametrize("partnership", SEEN)
def test_no_snippet_shows_a_word_of_anothers_text(manual: None, ask: Ask, partnership: str) -> None:
    hidden = [word for owner, word in world.CANARIES.items() if owner not in SEEN[partnership]]

    shown = " ".join(hit.snippet for hit in ask("also call hub advice of the harbour", partnership, limit=100).hits)

    assert shown
    assert [word for word in hidden if word in shown] == []


@pytest.mark.parametrize(
    ("day", "is_found"),
    [(date(2018, 11, 25), True), (date(2018, 11, 26), False), (date(2017, 3, 30), False), (date(2017, 3, 31), True)],
)
def test_a_superseded_text_is_found_on_its_own_days(manual: None, ask: Ask, day: date, is_found: bool) -> None:
    assert (ask("2015", on=day).total == 1) is is_found


@pytest.mark.parametrize(("day", "is_found"), [(date(2019, 9, 29), False), (date(2019, 9, 30), True)])
def test_a_local_addition_is_found_from_its_first_day(manual: None, ask: Ask, day: date, is_found: bool) -> None:
    assert (ask("northcanary", "northshire", on=day).total == 1) is is_found


def test_a_withdrawn_text_is_not_found(manual: None, ask: Ask) -> None:
    refer = world.CANARIES["heartland"]
    assert ask(refer).total == 2

    world.publish("making-a-referral", on=date(2024, 1, 1), number="1.5", body="Goneword.", withdrawn=True)

    assert (ask(refer).total, ask("goneword").total) == (1, 0)


def test_who_may_see_nothing_finds_nothing(manual: None, ask: Ask) -> None:
    assert ask("advice").total == 1

    assert search("advice", frozenset(), limit=10).total == 0


def test_who_sees_only_what_is_not_indexed_finds_nothing(manual: None, ask: Ask) -> None:
    assert ask("advice").total == 1

    assert search("advice", frozenset({10**9}), limit=10).total == 0


def test_what_stands_in_a_slot_is_not_found_where_the_slot_is_filled(manual: None, ask: Ask) -> None:
    assert ask("switchboard", limit=1).total == 2
    assert ask("switchboard", "northshire").total == 1  # in 1.5, where nobody has filled it

    [hit] = ask("switchboard", "northshire").hits
    assert Version.objects.get(pk=hit.version_id).section.slug == "making-a-referral"
