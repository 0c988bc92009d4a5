"""What an index keeps in memory of what was asked for, and what it lets go of."""

import pytest

from procedures.search import keeping_up
from procedures.search.interface import Seen, Term, no_counts
from procedures.search.on_whoosh import segments
from procedures.search.on_whoosh.opened import OpenedIndex
from procedures.search.segmented import held
from tests.search.conftest import TODAY, Ask


def test_only_so_many_terms_that_stand_nowhere_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(held, "MOST_COUNTS", 10 * held.ITSELF)
    kept, seen = held.Kept(), Seen(frozenset({1}), TODAY, frozenset({1}))

    for number in range(30):
        kept.of(seen, Term((f"nowhere{number}",)), lambda: held.Held(no_counts(), no_counts()))

    assert len(kept._held) == 10


def test_only_so_many_words_that_stand_nowhere_are_kept_of_a_segment(
    manual: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "MOST_POSTINGS", 10 * segments.ITSELF)

    for number in range(30):
        Ask()(f"nowhere{number}", as_typed=True)

    index = keeping_up.store().open()
    assert isinstance(index, OpenedIndex)
    assert len(index.segments[0]._kept) <= 10
