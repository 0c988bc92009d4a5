"""What is PostgreSQL's own: where words stand, tables that are lost, transactions that fail, writers who wait."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection, connections, transaction
from pytest_django import Settings

from partnerships.models import Partnership
from procedures.models import FreshnessStamp
from procedures.search import keeping_up, passages
from procedures.search.interface import Busy, Seen, Term, Unavailable
from procedures.search.on_postgresql import filling, packing, segments, tables, writing
from procedures.search.on_postgresql.failing import Moved
from procedures.search.on_postgresql.opened import PostgresIndex
from procedures.search.on_postgresql.writing import LOCK, PostgresStore
from procedures.search.words import Token
from tests import world
from tests.search.conftest import IS_POSTGRESQL, TODAY, Ask, slugs

pytestmark = pytest.mark.skipif(not IS_POSTGRESQL, reason="needs PostgreSQL")

ODD_WORDS = ["it's", "'", "''", "back\\slash", "\\", "two words", "co:1A", "a&b", "!no", "(x)", "x" * 60, "naïve", "%s"]


@pytest.fixture
def store(settings: Settings, db: None) -> PostgresStore:
    settings.SEARCH_URL = "postgres:"
    store = keeping_up.store()
    assert isinstance(store, PostgresStore)
    return store


@pytest.fixture
def ask(store: PostgresStore) -> Ask:
    return Ask()


def _ask_sql(statement: str, *values: object) -> list:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall() if cursor.description else []


def _generation() -> tables.Generation:
    with connection.cursor() as cursor:
        state = tables.read_state(cursor)
    assert state is not None
    return state.generation


def _seen(*partnerships: Partnership) -> Seen:
    scope = frozenset(one.id for one in partnerships)
    return Seen(scope, TODAY, scope)


# --- Words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ODD_WORDS)
def test_a_word_is_found_whatever_stands_in_it(
    manual: None, store: PostgresStore, region: dict[str, Partnership], word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "tokens", lambda text: [Token("", word, 0, 1)])

    store.rebuild(progress=lambda made, total: made)

    assert store.open().holding(_seen(region["heartland"]), [word, "other"]).keys() == {word}


@pytest.mark.parametrize(
    ("title", "body", "phrase", "found"),
    [
        ("Of duties", "A duty of care.", "duty of care", True),
        ("Of duties", "Care of duty.", "duty of care", False),
        ("The duty", "Of care.", "duty of care", False),
        ("Duty of care", "Other words.", "duty of care", True),
        ("Other", "Duty, of course. Of care.", "duty of care", False),
        ("Other", "Care care care.", "care care", True),
    ],
)
def test_the_words_of_a_phrase_stand_together(
    manual: None, ask: Ask, title: str, body: str, phrase: str, found: bool
) -> None:
    world.publish("phrase", number="1.7", title=title, body=body)

    answer = ask(f'"{phrase}"', as_typed=True)

    assert ("phrase" in slugs(answer) and not answer.dropped_quotes) == found


def test_no_phrase_goes_from_one_passage_to_the_next(manual: None, ask: Ask) -> None:
    world.publish("apart", number="1.7", title="Apart", body="## One\n\nThe last is red\n\n## Two\n\nherring.\n")

    answer = ask('"red two"', as_typed=True)

    assert (slugs(answer), answer.dropped_quotes) == (["apart"], True)


def test_a_phrase_far_down_in_a_long_text_is_found(manual: None, ask: Ask) -> None:
    world.publish("long", number="1.7", title="Long", body="red herring. " * 300 + "\n\nThe red canoe.")

    assert ask.sections('"red canoe"') == ["long"]


def test_minus_eight_is_not_a_word_to_leave_out(manual: None, ask: Ask) -> None:
    world.publish("eight", number="1.8", title="Eight", body="Form 8 of the council.")

    assert ask.sections("form -8", as_typed=True) == ["eight"]


def test_what_looks_like_a_query_to_postgresql_is_words(manual: None, ask: Ask) -> None:
    for hostile in (
        "advice & !consent | (",
        "advice:* <-> \\",
        "advice'; DROP TABLE search_index; --",
        "%s %(day)s advice",
    ):
        assert "sharing-information" in ask.sections(hostile, as_typed=True)


def test_text_in_a_snippet_is_escaped_once(manual: None, ask: Ask) -> None:
    world.publish("hostile", number="1.9", title="Hostile", body="Fish & chips `<script>` zebras.")

    [hit] = ask("zebras").hits

    assert hit.entry is not None
    assert hit.entry.body == "Fish & chips <script> zebras."


# --- Damage -----------------------------------------------------------------------------------------------------------

DAMAGES = {
    "no pointer": "DROP TABLE search_index",
    "an empty pointer": "TRUNCATE search_index",
    "a pointer of another kind": "DROP TABLE search_index; CREATE TABLE search_index (x int)",
    "a pointer to nothing": "UPDATE search_index SET generation = '0123456789abcdef'",
    "a pointer to elsewhere": "UPDATE search_index SET generation = 'x; DROP TABLE procedures_version'",
    "another format": "UPDATE search_index SET format = '0.0'",
    "no segments": "DROP TABLE {segment}",
    "no texts": "DROP TABLE {text}",
    "no words": "DROP TABLE {posting}",
    "emptied segments": "TRUNCATE {segment}",
    "emptied texts": "TRUNCATE {text}",
    "emptied words": "TRUNCATE {posting}",
    "segments deleted": "DELETE FROM {segment}",
    "texts deleted": "DELETE FROM {text}",
    "words deleted": "DELETE FROM {posting} WHERE word = 'advice'",
    "no column of columns": "ALTER TABLE {segment} DROP COLUMN columns",
    "no column of places": "ALTER TABLE {posting} DROP COLUMN places",
    "no column of texts": "ALTER TABLE {text} DROP COLUMN body",
    "columns cut short": "UPDATE {segment} SET columns = substr(columns, 1, 100)",
    "a column that is null": "ALTER TABLE {text} ALTER body DROP NOT NULL; UPDATE {text} SET body = NULL",
    "no index of words": "ALTER TABLE {posting} DROP CONSTRAINT {posting}_pkey",
}


def _damage(statement: str) -> None:
    generation = _generation()
    _ask_sql(statement.format(segment=generation.segment, text=generation.text, posting=generation.posting))


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
@pytest.mark.parametrize("is_known", [True, False], ids=["in use", "to a process that begins"])
def test_a_damaged_index_is_made_anew(
    manual: None, ask: Ask, monkeypatch: pytest.MonkeyPatch, damage: str, is_known: bool
) -> None:
    monkeypatch.setattr(writing, "COUNTED_FOR", 0)  # rows that were deleted are noticed after a while
    ask("advice")
    if not is_known:
        keeping_up._store.cache_clear()

    _damage(damage)

    found = ask("advice", "northshire")
    assert (found.total, found.is_complete) == (1, True)


def test_the_first_index_of_a_database_is_nothing_to_warn_of(
    manual: None, store: PostgresStore, caplog: pytest.LogCaptureFixture
) -> None:
    assert _ask_sql("SELECT to_regclass('search_index')") == [(None,)]

    store.catch_up(FreshnessStamp.now())

    assert (store.is_up_to_date(FreshnessStamp.now()), caplog.messages) == (True, [])


@pytest.mark.parametrize("damage", ["no segments", "segments deleted", "words deleted", "no column of texts"])
def test_a_damaged_index_is_noticed_when_something_is_published(manual: None, ask: Ask, damage: str) -> None:
    ask("advice")
    _damage(DAMAGES[damage])

    world.publish("new", number="1.6", body="A newword.")

    assert ask("newword").total == 1
    assert ask("advice").total == 1


BYTES = {
    "a place cut in two": "UPDATE {posting} SET places = substr(places, 1, 3)",
    "places out of order": "UPDATE {posting} SET places = places || substr(places, 1, 4)",
    "places behind the last": r"UPDATE {posting} SET places = '\xffffff7f'",
    "places before the first": r"UPDATE {posting} SET places = '\xffffffff'",
    "a kind that there is not": r"UPDATE {segment} SET columns = overlay(columns PLACING '\x09' FROM 1)",
    "a length less than none": r"UPDATE {segment} SET columns = overlay(columns PLACING '\xffffffffffffffff' FROM 97)",
    "fewer words than none": r"UPDATE {segment} SET columns = overlay(columns PLACING '\xffffffffffffffff' FROM 73)",
    "a row gone behind the last": "UPDATE {segment} SET gone = ARRAY[99999]",
    "rows gone before the first": "UPDATE {segment} SET gone = ARRAY(SELECT generate_series(-20, -1))",
}


@pytest.mark.parametrize("damage", BYTES.values(), ids=BYTES.keys())
def test_bytes_that_cannot_be_are_noticed(manual: None, ask: Ask, damage: str) -> None:
    ask("advice")
    before = _generation()
    _damage(damage)
    keeping_up._store.cache_clear()

    found = ask("advice", "northshire")

    assert (found.total, _generation() == before) == (1, False)


@pytest.mark.parametrize("query", ["advice", "sharing information", '"consent advice"'])
def test_places_out_of_order_are_no_error_to_a_reader(manual: None, ask: Ask, query: str) -> None:
    found = ask(query, as_typed=True)
    before = _generation()
    for word in ("share", "inform", "advic", "consent"):
        _damage(f"UPDATE {{posting}} SET places = substr(places, 5) || substr(places, 1, 4) WHERE word = '{word}'")
    keeping_up._store.cache_clear()

    again = ask(query, as_typed=True)

    assert [(hit.section, hit.score) for hit in again.hits] == [(hit.section, hit.score) for hit in found.hits]
    assert _generation() != before


def test_an_entry_of_no_kind_keeps_nothing_from_being_published(manual: None, ask: Ask) -> None:
    ask("advice")
    _damage(BYTES["a kind that there is not"])
    keeping_up._store.cache_clear()

    world.publish("new", number="1.6", body="A newword.")

    assert ask("newword").total == 1


def test_a_segment_of_a_restored_database_is_not_taken_for_another(
    manual: None, ask: Ask, store: PostgresStore
) -> None:
    ask("advice")
    backup = transaction.savepoint()
    world.publish("lost", number="1.6", body="A lostword.")
    ask("lostword")
    transaction.savepoint_rollback(backup)
    _ask_sql(f"ALTER TABLE {_generation().segment} ALTER number RESTART WITH 2")

    world.publish("new", number="1.7", body="A newword.")
    PostgresStore().catch_up(FreshnessStamp.now())  # another process, before this one searches again

    assert ask("newword").total == 1


def test_a_failed_search_leaves_the_readers_transaction_as_it_was(manual: None, ask: Ask, store: PostgresStore) -> None:
    ask("advice")
    index = store.open()
    _damage("ALTER TABLE {posting} DROP COLUMN places")

    with transaction.atomic():
        with pytest.raises(Unavailable):
            index.evidence(_seen(Partnership.objects.get(slug="heartland")), [Term(("neverasked",))], [])
        assert FreshnessStamp.now()


def test_releases_of_two_formats_each_keep_an_index(
    manual: None, ask: Ask, store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("advice")
    ours, stamp = _generation(), FreshnessStamp.now()
    monkeypatch.setattr(passages, "FORMAT", "another")
    ask("advice")
    theirs = _generation()
    monkeypatch.undo()

    assert (_generation(), ours == theirs) == (ours, False)
    assert store.is_up_to_date(stamp)


def test_the_pointer_of_an_earlier_release_stays(manual: None, ask: Ask) -> None:
    ask("advice")
    ours = _generation()
    _ask_sql("ALTER TABLE search_index DROP COLUMN edition")
    _ask_sql("INSERT INTO search_index SELECT '5.0', %s, 'a stamp', 1, now()", ours.name)

    ask("advice")
    _ask_sql("INSERT INTO search_index SELECT '5.1', %s, 'a stamp', 1, now()", ours.name)  # as that release writes

    kept = {row for (row,) in _ask_sql("SELECT format FROM search_index")}
    assert {"5.0", "5.1", tables.format_read()} == kept


def test_an_index_of_another_format_is_thrown_away_when_nobody_has_used_it_for_a_day(manual: None, ask: Ask) -> None:
    ask("advice")
    before = _generation()
    _ask_sql("UPDATE search_index SET format = 'old', reached = now() - interval '25 hours'")

    ask("advice")
    call_command("rebuild_search_index", verbosity=0)

    assert _ask_sql("SELECT to_regclass(%s)", before.posting) == [(None,)]
    assert [row for row in _ask_sql("SELECT format FROM search_index") if row == ("old",)] == []


def test_a_database_that_cannot_be_written_to_answers_from_what_is_there(manual: None, ask: Ask) -> None:
    ask("advice")
    world.publish("new", number="1.6", body="A newword.")

    with transaction.atomic():
        _ask_sql("SET TRANSACTION READ ONLY")
        found = ask("newword advice")

    assert (found.total, found.is_complete) == (1, False)


def test_an_unreachable_database_is_no_reason_to_make_the_index_anew(
    manual: None, ask: Ask, store: PostgresStore
) -> None:
    ask("advice")
    before, index = _generation(), store.open()
    with transaction.atomic():
        _ask_sql("SET LOCAL statement_timeout = 1; SELECT 1")
        with pytest.raises(Unavailable), index._guarded():
            index._of_segments("SELECT pg_sleep(1)", [])
        _ask_sql("SET LOCAL statement_timeout = 0")
    store.give_up()

    ask("advice")

    assert _generation() == before


# --- Writers ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def another_writer(store: PostgresStore) -> Iterator[None]:
    """Somebody else who is writing to the index."""
    other = connections.create_connection("default")
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    yield
    other.close()


def test_who_comes_second_leaves_the_work_to_the_first(
    manual: None, store: PostgresStore, another_writer: None
) -> None:
    with pytest.raises(Busy, match=r"^Somebody else is writing to the search index in the database\.$"):
        store.catch_up(FreshnessStamp.now())


def test_a_rebuild_waits_for_the_other_writer(
    manual: None, store: PostgresStore, another_writer: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "REBUILD_WAITS", "20ms")

    with pytest.raises(Busy):
        store.rebuild(progress=lambda entries, total: entries)
    assert FreshnessStamp.now()


def test_writing_the_index_changes_nothing_that_readers_see(manual: None, store: PostgresStore) -> None:
    before = FreshnessStamp.now()

    store.rebuild(progress=lambda entries, total: entries)

    assert (FreshnessStamp.now(), store.open().position) == (before, before)


def test_the_index_in_use_goes_on_being_read_while_another_takes_its_place(
    manual: None, ask: Ask, store: PostgresStore, region: dict[str, Partnership]
) -> None:
    ask("advice")
    index = store.open()

    store.rebuild(progress=lambda entries, total: entries)

    assert _generation() != index.state.generation
    assert index.holding(_seen(region["heartland"]), ["advice"]) == {"advice": 1}


def test_what_is_no_longer_used_is_thrown_away_with_the_next_writing(
    manual: None, ask: Ask, store: PostgresStore
) -> None:
    for _ in range(3):
        store.rebuild(progress=lambda entries, total: entries)

    kept = _ask_sql("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname LIKE 'search_segment_%%'")
    assert kept == [(2,)]


def test_a_passage_is_shown_as_it_was_found_though_it_has_been_taken_out(
    manual: None, ask: Ask, store: PostgresStore, region: dict[str, Partnership]
) -> None:
    ask("advice")
    index = store.open()
    numbers = _found(index, region["heartland"], "consent")
    world.publish("consent", number="2.10", title="Asking", body="Nothing of it.", on=TODAY)
    ask("advice")

    assert {entry.title.split()[0] for entry in index.entries(numbers)} == {"Consent"}


def _found(index: PostgresIndex, owner: Partnership, word: str) -> list[int]:
    found = index.evidence(_seen(owner), [Term((word,))], [])
    numbers: list[int] = found.text[Term((word,))].rows.tolist()
    return numbers


# --- Segments ---------------------------------------------------------------------------------------------------------


def _segments() -> list[tuple[int, int]]:
    """The passages of each segment, and how many of them have been taken out."""
    generation = _generation()
    return _ask_sql(
        f"SELECT passages, cardinality(gone) FROM {generation.segment} WHERE replaced IS NULL ORDER BY number"
    )


def test_what_is_published_becomes_a_segment_and_what_it_replaces_is_taken_out(manual: None, ask: Ask) -> None:
    ask("advice")
    [(whole, gone)] = _segments()
    assert gone == 0

    world.publish("new", number="1.6", body="A newword.")
    ask("newword")
    world.publish("new", number="1.6", body="A newerword.", on=TODAY)
    ask("newword")

    assert _segments()[0] == (whole, 0)
    assert _segments()[1] == (1, 1)  # its span of days is another now, so it stands in the third beside the newer
    assert _segments()[2] == (2, 0)


def test_what_is_taken_out_again_and_again_is_noted_once(
    manual: None, ask: Ask, region: dict[str, Partnership]
) -> None:
    contact = world.make_contact(region["northshire"])
    ask("advice")

    for number in range(3):
        contact.name = f"Hub {number}"
        contact.save()
        ask("advice")

    assert [gone for _passages, gone in _segments()] == [1, 1, 1, 0]


def test_small_segments_are_made_one_and_nothing_is_lost(manual: None, ask: Ask, store: PostgresStore) -> None:
    ask("advice")
    before = store.open()
    for number in range(2 * filling.MANY):
        world.publish(f"bird-{number}", number=f"5.{number + 1}", title=f"Bird {number}", body="A sparrow.")
        assert ask("sparrow", as_typed=True).total == number + 1

    assert len(_segments()) < filling.MANY + 2
    assert ask("advice").total == 1
    assert len(store.open().seals()) == len(before.seals()) + 2 * filling.MANY
    with connection.cursor() as cursor:
        assert filling.is_complete(cursor, _generation())


@pytest.fixture
def opened_before(manual: None, ask: Ask, store: PostgresStore) -> PostgresIndex:
    """The index as somebody opened it before some of its segments were made one."""
    ask("advice")
    world.publish("bird", number="5.20", title="Bird", body="A sparrow.")
    ask("sparrow")
    index = store.open()
    _publish_birds(ask)
    assert not {segment.number for segment in index.segments} <= {segment.number for segment in store.open().segments}
    return index


def _publish_birds(ask: Ask, first: int = 1) -> None:
    for number in range(first, first + filling.MANY):
        world.publish(f"bird-{number}", number=f"6.{number}", title=f"Bird {number}", body="A wren.")
        ask("wren")


def test_who_still_reads_segments_that_were_made_one_finds_what_was_there(
    opened_before: PostgresIndex, region: dict[str, Partnership]
) -> None:
    numbers = _found(opened_before, region["heartland"], "sparrow")

    assert [entry.title for entry in opened_before.entries(numbers)] == ["Bird"]


def test_segments_that_were_made_one_are_thrown_away_in_the_end(
    opened_before: PostgresIndex, ask: Ask, region: dict[str, Partnership], monkeypatch: pytest.MonkeyPatch
) -> None:
    _publish_birds(ask, first=20)
    _ask_sql(f"UPDATE {_generation().segment} SET replaced = replaced - interval '1 hour'")
    _publish_birds(ask, first=40)

    with pytest.raises(Moved):
        opened_before.evidence(_seen(region["heartland"]), [Term(("neverasked",))], [])
    [(are_recent,)] = _ask_sql(f"SELECT bool_and(replaced > now() - interval '1 minute') FROM {_generation().segment}")
    assert are_recent
    with connection.cursor() as cursor:
        assert filling.is_complete(cursor, _generation())


def test_a_large_manual_is_kept_in_several_segments(
    manual: None, ask: Ask, store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "LARGEST", 3)
    found = ask("advice consent hub", "northshire", as_typed=True)

    store.rebuild(progress=lambda made, total: made)

    assert len(_segments()) > 2
    again = ask("advice consent hub", "northshire", as_typed=True)
    assert [(hit.section.slug, hit.score) for hit in again.hits] == [
        (hit.section.slug, hit.score) for hit in found.hits
    ]


def test_only_so_many_places_of_words_are_kept_in_memory(
    manual: None, ask: Ask, store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "MOST_PLACES", 3)
    first = ask("advice consent", as_typed=True)

    second = ask("hub advice consent", as_typed=True)  # two of which are in memory, and are not to make room
    third = ask("lado", as_typed=True)
    [segment] = store.open().segments

    assert {hit.section.slug for hit in first.hits} <= {hit.section.slug for hit in second.hits}
    assert third.total == 0
    assert sum(map(len, segment._places.values())) <= 3


def test_only_so_many_words_that_stand_nowhere_are_kept_in_memory(
    manual: None, ask: Ask, store: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(segments, "MOST_PLACES", 10 * segments.ITSELF)
    ask("advice")

    for number in range(30):
        ask(f"nowhere{number}", as_typed=True)

    assert len(store.open().segments[0]._places) <= 10  # type: ignore[attr-defined]


def test_a_reader_who_may_see_nothing_sees_nothing(manual: None, ask: Ask, store: PostgresStore) -> None:
    ask("advice")
    nothing = Seen(frozenset(), date(2025, 1, 1), frozenset())
    index: PostgresIndex = store.open()

    assert index.evidence(nothing, [Term(("advic",))], []).passages == 0
    assert len(index.evidence(nothing, [Term(("advic",))], []).text[Term(("advic",))]) == 0
    assert (index.holding(nothing, ["advice"]), index.beginning_with(nothing, "ad", 5)) == ({}, {})


def test_words_come_in_portions_that_never_change(manual: None, ask: Ask, store: PostgresStore) -> None:
    ask("advice")
    before = dict(store.open().vocabulary())

    world.publish("new", number="1.6", body="A newword.")
    ask("advice")

    after = dict(store.open().vocabulary())
    assert {name: after[name] for name in before} == before
    assert [words for name, words in after.items() if name not in before] == [frozenset({"a", "new", "newword"})]
