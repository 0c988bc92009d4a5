"""What is PostgreSQL's own: words as lexemes, tables that are lost, transactions that fail, writers who wait."""

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
from procedures.search.on_postgresql import evidence, planning, tables, writing
from procedures.search.on_postgresql.failing import Moved
from procedures.search.on_postgresql.lexemes import any_of, is_long, vector
from procedures.search.on_postgresql.opened import PostgresIndex
from procedures.search.on_postgresql.writing import LOCK, PostgresStore
from tests import world
from tests.search.conftest import IS_POSTGRESQL, TODAY, Ask

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
def test_a_word_is_found_whatever_stands_in_it(db: None, word: str) -> None:
    [(kept, found)] = _ask_sql(
        "SELECT tsvector_to_array(%s::tsvector), %s::tsvector @@ %s::tsquery",
        vector([], [word]), vector(["other"], [word]), any_of([Term((word,), exact=True)]),
    )  # fmt: skip

    assert (kept, found) == ([word], True)


@pytest.mark.parametrize(
    ("title", "body", "phrase", "found"),
    [
        ([], ["duty", "of", "care"], ("duty", "of", "care"), True),
        ([], ["care", "of", "duty"], ("duty", "of", "care"), False),
        (["duty"], ["of", "care"], ("duty", "of", "care"), False),
        ([], ["it's", "back\\slash"], ("it's", "back\\slash"), True),
    ],
)
def test_the_words_of_a_phrase_stand_together(
    db: None, title: list[str], body: list[str], phrase: tuple[str, ...], found: bool
) -> None:
    query = any_of([Term(phrase, exact=True)])

    assert _ask_sql("SELECT %s::tsvector @@ %s::tsquery", vector(title, body), query) == [(found,)]


def test_a_text_of_more_different_words_than_postgresql_takes_is_kept(db: None) -> None:
    words = [f"{number:060}" for number in range(30_000)]

    [(kept,)] = _ask_sql("SELECT length(%s::tsvector)", vector([], words))

    assert kept > 10_000


def test_a_text_is_long_when_its_places_are_not_all_kept() -> None:
    assert [is_long([], ["a"] * 255), is_long([], ["a"] * 256), is_long([], [str(n) for n in range(17_000)])] == [
        False,
        True,
        True,
    ]


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
    "no passages": "DROP TABLE {passage}",
    "no texts": "DROP TABLE {text}",
    "no words": "DROP TABLE {word}",
    "emptied passages": "TRUNCATE {passage}",
    "emptied texts": "TRUNCATE {text}",
    "passages deleted": "DELETE FROM {passage}",
    "texts deleted": "DELETE FROM {text}",
    "no column of words": "ALTER TABLE {passage} DROP COLUMN found",
    "no column of texts": "ALTER TABLE {text} DROP COLUMN stems",
    "a column that is null": "ALTER TABLE {text} ALTER body DROP NOT NULL; UPDATE {text} SET body = NULL",
    "no indexes": "DROP INDEX {passage}_found_facets_idx; DROP INDEX {passage}_raw_facets_idx",
}


def _damage(statement: str) -> None:
    generation = _generation()
    _ask_sql(statement.format(passage=generation.passage, text=generation.text, word=generation.word))


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


@pytest.mark.parametrize("damage", ["no passages", "passages deleted", "no column of words", "no column of texts"])
def test_a_damaged_index_is_noticed_when_something_is_published(manual: None, ask: Ask, damage: str) -> None:
    ask("advice")
    _damage(DAMAGES[damage])

    world.publish("new", number="1.6", body="A newword.")

    assert ask("newword").total == 1
    assert ask("advice").total == 1


def test_a_failed_search_leaves_the_readers_transaction_as_it_was(manual: None, ask: Ask, store: PostgresStore) -> None:
    ask("advice")
    index = store.open()
    _damage("ALTER TABLE {passage} DROP COLUMN found")

    with transaction.atomic():
        with pytest.raises(Unavailable):
            index.evidence(_seen(Partnership.objects.get(slug="heartland")), [Term(("advic",))], [])
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


def test_an_index_of_another_format_is_thrown_away_when_nobody_has_used_it_for_a_day(manual: None, ask: Ask) -> None:
    ask("advice")
    before = _generation()
    _ask_sql("UPDATE search_index SET format = 'old', reached = now() - interval '25 hours'")

    ask("advice")
    call_command("rebuild_search_index", verbosity=0)

    assert _ask_sql("SELECT to_regclass(%s)", before.passage) == [(None,)]
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
        with pytest.raises(Unavailable), index._reading() as cursor:
            cursor.execute("SELECT pg_sleep(1)")
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

    assert _generation() != index.generation
    assert index.holding(_seen(region["heartland"]), ["advice"]) == {"advice": 1}


def test_what_is_no_longer_used_is_thrown_away_with_the_next_writing(
    manual: None, ask: Ask, store: PostgresStore
) -> None:
    for _ in range(3):
        store.rebuild(progress=lambda entries, total: entries)

    kept = _ask_sql("SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relname LIKE 'search_passage_%%'")
    assert kept == [(2,)]


def test_a_passage_is_shown_as_it_was_found_though_it_has_been_taken_out(
    manual: None, ask: Ask, store: PostgresStore, region: dict[str, Partnership]
) -> None:
    ask("advice")
    index = store.open()
    found = index.evidence(_seen(region["heartland"]), [Term(("consent",))], [])
    numbers = found.columns.numbers[found.text[Term(("consent",))].rows].tolist()
    _damage("DELETE FROM {passage}; DELETE FROM {text}")

    assert {entry.title.split()[0] for entry in index.entries(numbers)} == {"Consent"}
    with pytest.raises(Moved):
        store.open().entries(numbers)


# --- What is not lost -------------------------------------------------------------------------------------------------


@pytest.fixture
def many(manual: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty sections with one word, the last of them with a rare one, to an index that reads two passages whole."""
    monkeypatch.setattr(planning, "READ", 2)
    monkeypatch.setattr(evidence, "LIKELIEST", 2)
    monkeypatch.setattr(evidence, "ENOUGH", 2)
    for number in range(30):
        rare = "The xylophone plays here." if number == 29 else ""
        body = f"Sparrow sparrow sparrow. {rare}" if number < 29 else f"One sparrow among {'words ' * 80}. {rare}"
        world.publish(f"bird-{number}", number=f"5.{number + 1}", title=f"Bird {number}", body=body)


def test_a_rare_word_finds_its_passage_however_many_have_the_others(many: None, ask: Ask) -> None:
    assert ask.sections("sparrow xylophone", as_typed=True)[0] == "bird-29"


def test_a_quoted_phrase_finds_its_passage_however_many_have_its_words(many: None, ask: Ask) -> None:
    assert ask.sections('sparrow "one sparrow"', as_typed=True) == ["bird-29"]


def test_sections_that_were_not_read_are_counted_and_listed(many: None, ask: Ask) -> None:
    found = ask("sparrow", as_typed=True, limit=40)

    assert (found.total, len({hit.section.slug for hit in found.hits})) == (30, 30)


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
    assert [words for name, words in after.items() if name not in before] == [frozenset({"new", "newword"})]
