"""The seal: what the database refuses, and what verify_history finds where it was broken."""

from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from procedures import sealing
from procedures.models import Confirmation, FreshnessStamp, KeptRendering, Version
from procedures.models.in_force import Sealed
from tests.world import draft, publish

VERSIONS = "procedures_version"
REFERENCES = "procedures_crossreference"
CONFIRMATIONS = "procedures_confirmation"


def run_sql(sql: str, *parameters: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


COLUMNS = [
    "number = '9.9'",
    "title = 'Another'",
    "body = 'Another text'",
    "change_note = 'Another note'",
    "effective_date = '2001-01-01'",
    "review_date = '2031-01-01'",
    "author_name = 'Somebody else'",
    "approver_name = 'Somebody else'",
    "published_at = NULL",
    "digest = 'abc'",
    "withdrawn = NOT withdrawn",
]


@pytest.mark.parametrize("change", COLUMNS)
@pytest.mark.django_db
def test_the_database_refuses_to_change_a_published_version(region, change):
    version = publish("neglect", number="2.1")

    with pytest.raises(DatabaseError, match="a published version is never changed or deleted"):
        run_sql(f"UPDATE {VERSIONS} SET {change} WHERE id = %s", version.pk)


@pytest.mark.django_db
def test_the_database_refuses_to_delete_a_published_version(region):
    version = publish("neglect", number="2.1")

    with pytest.raises(DatabaseError, match="a published version is never changed or deleted"):
        run_sql(f"DELETE FROM {VERSIONS} WHERE id = %s", version.pk)


@pytest.mark.django_db
def test_a_row_cannot_be_slipped_in_over_a_published_version(region, on_postgresql):
    version = publish("neglect", number="2.1")
    if on_postgresql:
        pytest.skip("INSERT OR REPLACE is SQLite's")

    with pytest.raises(DatabaseError, match="a published version is never changed or deleted"):
        run_sql(f"INSERT OR REPLACE INTO {VERSIONS} SELECT * FROM {VERSIONS} WHERE id = %s", version.pk)


@pytest.mark.django_db
def test_a_table_with_published_versions_cannot_be_truncated(region, on_postgresql):
    publish("neglect", number="2.1")
    if not on_postgresql:
        pytest.skip("TRUNCATE is PostgreSQL's")

    with pytest.raises(DatabaseError, match="a published version is never changed or deleted"):
        run_sql(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {VERSIONS} CASCADE")


@pytest.fixture
def confirmation(region) -> Confirmation:
    """That somebody has checked Northshire's addition against a regional text."""
    publish("neglect", number="2.1")
    addition = publish("neglect", by="northshire")
    changed = publish("neglect", number="2.1", on=date(2020, 1, 1))
    person = User.objects.create_user("checker")
    moment = datetime(2020, 1, 2, tzinfo=UTC)
    return Confirmation.objects.create(addition=addition, against=changed, person=person, at=moment)


@pytest.mark.parametrize(
    "sql",
    [
        f"UPDATE {CONFIRMATIONS} SET against_id = addition_id WHERE id = %s",
        f"UPDATE {CONFIRMATIONS} SET at = '2001-01-01' WHERE id = %s",
        f"DELETE FROM {CONFIRMATIONS} WHERE id = %s",
    ],
)
@pytest.mark.django_db
def test_the_database_refuses_to_change_or_delete_a_confirmation(confirmation, sql):
    with pytest.raises(DatabaseError, match="a confirmation is never changed or deleted"):
        run_sql(sql, confirmation.pk)


@pytest.mark.parametrize(
    "columns", ["id, at, addition_id, against_id, person_id", "NULL, at, addition_id, against_id, person_id"]
)
@pytest.mark.django_db
def test_no_row_can_be_slipped_in_over_a_confirmation(confirmation, on_postgresql, columns):
    if on_postgresql:
        pytest.skip("INSERT OR REPLACE is SQLite's")

    with pytest.raises(DatabaseError, match="a confirmation is never changed or deleted"):
        run_sql(
            f"INSERT OR REPLACE INTO {CONFIRMATIONS} (id, at, addition_id, against_id, person_id) "
            f"SELECT {columns} FROM {CONFIRMATIONS} WHERE id = %s",
            confirmation.pk,
        )


@pytest.mark.django_db
def test_a_confirmation_renews_the_freshness_stamp(confirmation):
    before = FreshnessStamp.now()

    Confirmation.objects.create(
        addition=confirmation.addition,
        against=Version.objects.get(effective_date=date(2017, 3, 31), number="2.1"),
        person=confirmation.person,
        at=confirmation.at,
    )

    assert FreshnessStamp.now() != before


@pytest.mark.django_db
def test_a_confirmation_says_what_it_is(confirmation):
    assert str(confirmation) == (
        "neglect for northshire, from 2017-03-31 checked against neglect for heartland, from 2020-01-01"
    )


@pytest.mark.django_db
def test_python_refuses_to_save_update_or_delete_a_published_version(region):
    version = publish("neglect", number="2.1")

    for attempt in (
        version.save,
        version.delete,
        lambda: Version.objects.filter(pk=version.pk).update(title="Another"),
        lambda: Version.objects.filter(pk=version.pk).delete(),
    ):
        with pytest.raises(Sealed):
            attempt()


@pytest.mark.django_db
def test_a_draft_may_be_changed_and_deleted(region):
    version = draft("neglect", number="2.1")

    version.title = "Another title"
    version.save()
    version.delete()

    assert not Version.objects.exists()


@pytest.mark.django_db
def test_a_history_that_nobody_touched_has_no_breach(region):
    for day in (date(2017, 3, 31), date(2018, 10, 1), date(2024, 2, 5)):
        publish("neglect", number="2.1", on=day)

    assert list(sealing.breaches()) == []


@pytest.mark.django_db
@pytest.mark.parametrize("change", ["title = 'Another'", "effective_date = '2001-01-01'", "author_name = 'Nobody'"])
def test_a_change_behind_the_seal_is_found_and_named(region, change, capsys):
    publish("neglect", number="2.1")
    version = publish("neglect", number="2.1", on=date(2020, 1, 1))
    sealing.remove()

    run_sql(f"UPDATE {VERSIONS} SET {change} WHERE id = %s", version.pk)
    sealing.install()

    assert [breach.version_id for breach in sealing.breaches()] == [version.pk]
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_history")
    assert stopped.value.code == 1
    assert f"Version {version.pk} (neglect for heartland" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_version_removed_from_the_middle_breaks_the_chain_at_the_next_one(region):
    publish("neglect", number="2.1")
    middle = publish("neglect", number="2.1", on=date(2019, 1, 1))
    last = publish("neglect", number="2.1", on=date(2020, 1, 1))
    sealing.remove()

    run_sql("DELETE FROM procedures_keptrendering WHERE version_id = %s", middle.pk)
    run_sql(f"DELETE FROM {VERSIONS} WHERE id = %s", middle.pk)

    assert [breach.version_id for breach in sealing.breaches()] == [last.pk]


@pytest.mark.django_db
def test_a_removed_newest_version_changes_the_fingerprint(region):
    publish("neglect", number="2.1")
    last = publish("neglect", number="2.1", on=date(2020, 1, 1))
    before = sealing.fingerprint()
    sealing.remove()

    run_sql("DELETE FROM procedures_keptrendering WHERE version_id = %s", last.pk)
    run_sql(f"DELETE FROM {VERSIONS} WHERE id = %s", last.pk)

    assert list(sealing.breaches()) == []
    assert sealing.fingerprint() != before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "withdrawn = 2",  # Python reads it as no, SQL as yes
        "effective_date = '2017-3-31'",  # the same day to Python, and after December to SQL
        "effective_date = '20170331'",
        "published_at = published_at || '+05:00'",
        "body = CAST(body AS BLOB)",
        "number = CAST(number AS BLOB)",
    ],
)
def test_a_value_that_sqlite_reads_otherwise_than_python_is_found(region, on_postgresql, change):
    version = publish("neglect", number="2.1", on=date(2017, 3, 31))
    if on_postgresql:
        pytest.skip("PostgreSQL's columns hold nothing but what their type allows")
    sealing.remove()

    run_sql(f"UPDATE {VERSIONS} SET {change} WHERE id = %s", version.pk)

    assert [breach.version_id for breach in sealing.breaches()] == [version.pk]


@pytest.mark.django_db
def test_a_missing_trigger_is_a_failure(region, capsys):
    sealing.remove()

    with pytest.raises(SystemExit):
        call_command("verify_history")

    assert "The trigger version_sealed_update is missing or altered: run migrate." in capsys.readouterr().err


@pytest.mark.django_db
def test_the_stamp_changes_with_a_publication_and_not_with_a_draft(region):
    before = FreshnessStamp.now()

    draft("consent", number="2.2")
    after_draft = FreshnessStamp.now()
    publish("neglect", number="2.1")

    assert after_draft == before
    assert FreshnessStamp.now() != before


@pytest.mark.django_db
def test_the_stamp_changes_with_a_partnership_by_any_route(region):
    before = FreshnessStamp.now()

    run_sql("UPDATE partnerships_partnership SET short_name = 'North' WHERE slug = 'northshire'")

    assert FreshnessStamp.now() != before


@pytest.mark.django_db
def test_a_trigger_that_refuses_nothing_is_a_failure(region, on_postgresql):
    if on_postgresql:
        pytest.skip("PostgreSQL keeps a trigger's definition in its own words")
    run_sql("DROP TRIGGER version_sealed_update")
    run_sql(f"CREATE TRIGGER version_sealed_update BEFORE UPDATE ON {VERSIONS} WHEN 0 BEGIN SELECT 1; END")

    assert sealing.missing_triggers() == ["version_sealed_update"]


@pytest.mark.parametrize(
    "change", ["DELETE FROM procedures_crossreference", "UPDATE procedures_crossreference SET words = ''"]
)
@pytest.mark.django_db
def test_the_database_refuses_to_change_what_a_published_text_refers_to(region, change):
    publish("neglect", number="2.1")
    publish("consent", number="2.10", body="See Section 2.1.")

    with pytest.raises(DatabaseError, match="a published version is never changed or deleted"):
        run_sql(change)


@pytest.mark.parametrize(
    "change", ["DELETE FROM procedures_crossreference", "UPDATE procedures_crossreference SET number = '2.9'"]
)
@pytest.mark.django_db
def test_a_reference_changed_behind_the_seal_is_found(region, change):
    publish("neglect", number="2.1")
    version = publish("consent", number="2.10", body="See Section 2.1.")
    sealing.remove()

    run_sql(change)

    assert [breach.version_id for breach in sealing.breaches()] == [version.pk]


@pytest.mark.django_db
def test_kept_html_that_the_text_does_not_make_is_found(region, capsys):
    publish("neglect", number="2.1")
    version = publish("consent", number="2.10", body="Share. See Section 2.1.")
    kept = KeptRendering.objects.get(pk=version.pk)
    kept.content["blocks"][0]["html"] = kept.content["blocks"][0]["html"].replace("Share", "Never share")
    kept.save()

    with pytest.raises(SystemExit):
        call_command("verify_history")

    assert capsys.readouterr().err.startswith(
        f"Version {version.pk} (consent for heartland, from 2017-03-31): "
        "the HTML that readers get is not what its text makes."
    )


@pytest.mark.django_db
def test_the_sealed_record_and_its_pages_are_proven(region, capsys):
    publish("neglect", number="2.1")
    publish("consent", number="2.10", body="See Section 2.1 and paragraph 2.1.4.")

    call_command("verify_history")

    assert capsys.readouterr().out.startswith("2 published versions, every digest holds.")
