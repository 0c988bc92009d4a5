"""The audit log: what is written, that nobody can change it, and that it shows when somebody did."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError

from partnerships import audit
from partnerships.audit import Action, AuditEntry, Unalterable, record
from partnerships.models import Contact, Partnership
from procedures import sealing
from tests.threads import in_threads, open_to_threads
from tests.world import make_contact, publish

ENTRIES = "partnerships_auditentry"
MOMENT = datetime(2025, 1, 15, 9, 30, tzinfo=UTC)
REFUSAL = "an entry of the audit log is never changed or deleted"


def run_sql(sql: str, *parameters: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, parameters)


@pytest.fixture
def entries(region, northshire_author) -> list[AuditEntry]:
    """Three entries of Northshire's log and one of Southmoor's."""
    return [
        record(region[slug], Action.DRAFT_SAVED, by=northshire_author, at=MOMENT + timedelta(minutes=n), about=f"2.{n}")
        for n, slug in enumerate(["northshire", "northshire", "southmoor", "northshire"])
    ]


@pytest.mark.django_db
def test_an_entry_says_who_did_what_when(region, northshire_author):
    northshire_author.first_name, northshire_author.last_name = "Nia", "Evans"

    record(
        region["northshire"], Action.SUBMITTED, by=northshire_author, at=MOMENT,
        about="3.1 Sharing information", section="sharing-information", version_id=7, detail="Please look at the list.",
    )  # fmt: skip

    assert AuditEntry.objects.values(
        "partnership__slug", "number", "at", "person_id", "person", "action", "about", "section", "version_id", "detail"
    ).get() == {
        "partnership__slug": "northshire",
        "number": 1,
        "at": MOMENT,
        "person_id": northshire_author.pk,
        "person": "Nia Evans",
        "action": "submitted",
        "about": "3.1 Sharing information",
        "section": "sharing-information",
        "version_id": 7,
        "detail": "Please look at the list.",
    }


@pytest.mark.parametrize(
    "by, expected",
    [
        (None, (None, "")),
        (AnonymousUser(), (None, "")),
        (User(pk=5, email="nia@example.org"), (5, "nia@example.org")),
    ],
)
@pytest.mark.django_db
def test_who_has_no_name_is_called_by_e_mail_address_and_the_site_by_nothing(region, by, expected):
    entry = record(region["northshire"], Action.PUBLISHED, by=by, at=MOMENT)

    assert (entry.person_id, entry.person) == expected


@pytest.mark.django_db
def test_the_entries_of_each_partnership_are_numbered_from_one(entries):
    assert [(entry.partnership.slug, entry.number, str(entry)) for entry in entries] == [
        ("northshire", 1, "Northshire Safeguarding Partnership, entry 1: Draft saved"),
        ("northshire", 2, "Northshire Safeguarding Partnership, entry 2: Draft saved"),
        ("southmoor", 1, "Southmoor Safeguarding Partnership, entry 1: Draft saved"),
        ("northshire", 3, "Northshire Safeguarding Partnership, entry 3: Draft saved"),
    ]


@pytest.mark.django_db
def test_what_is_too_long_is_cut_rather_than_refused(region):
    entry = record(
        region["northshire"],
        Action.PUBLISHED,
        by=User(first_name="N" * 400),
        at=MOMENT,
        about="A" * 400,
        detail="D" * 400,
    )

    assert (len(entry.person), len(entry.about), len(entry.detail)) == (320, 300, 400)
    assert list(audit.breaches()) == []


@pytest.mark.django_db
def test_the_entry_outlives_the_account(entries, northshire_author):
    northshire_author.delete()

    assert set(AuditEntry.objects.values_list("person", flat=True)) == {"northshire_author@example.org"}


@pytest.mark.django_db
def test_a_partnership_with_a_log_is_not_deleted(entries, region):
    with pytest.raises(ProtectedError):
        region["southmoor"].delete()


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction(region):
    with pytest.raises(transaction.TransactionManagementError, match="written inside a transaction"):
        record(region["northshire"], Action.PUBLISHED, by=None, at=MOMENT)

    assert not AuditEntry.objects.exists()


@pytest.mark.django_db
def test_what_is_rolled_back_is_not_recorded(region):
    with pytest.raises(RuntimeError), transaction.atomic():
        record(region["northshire"], Action.PUBLISHED, by=None, at=MOMENT)
        raise RuntimeError

    assert record(region["northshire"], Action.PUBLISHED, by=None, at=MOMENT).number == 1


@pytest.mark.django_db(transaction=True)
def test_entries_written_at_once_form_one_chain(region, tmp_path):
    northshire = region["northshire"]

    def write() -> None:
        for _ in range(5):
            with transaction.atomic():
                record(northshire, Action.DRAFT_SAVED, by=None, at=MOMENT)

    def read() -> tuple[list[int], list[str]]:
        return list(AuditEntry.objects.values_list("number", flat=True)), list(audit.breaches())

    with open_to_threads(tmp_path):
        written = in_threads(write, write, write)
        [found] = in_threads(read)

    assert (written, found) == ([None] * 3, (list(range(1, 16)), []))


@pytest.mark.django_db(transaction=True)
def test_whoever_changes_things_and_records_it_waits_for_nobody_who_waits_for_them(region, northshire_author, tmp_path):
    northshire, hub = region["northshire"], make_contact(region["northshire"])

    def change_settings(turn: int) -> None:
        stored = Partnership.objects.select_for_update(no_key=True).get(pk=northshire.pk)
        stored.drift_grace_days = turn
        stored.save()

    def change_roles(turn: int) -> None:
        northshire.set_roles(northshire_author, ["author", "approver"] if turn % 2 else ["author"])

    def change_contact(turn: int) -> None:
        Contact.objects.filter(pk=hub.pk).update(phone=f"01632 96000{turn}")

    def publish_text(turn: int) -> None:
        publish(f"procedure-{turn}", by="northshire", number=f"9.{turn + 1}")

    def repeatedly(change: Callable[[int], None]) -> Callable[[], None]:
        def act() -> None:
            for turn in range(6):
                with transaction.atomic():
                    change(turn)
                    record(northshire, Action.DRAFT_SAVED, by=None, at=MOMENT)

        return act

    with open_to_threads(tmp_path):
        changes = [change_settings, change_roles, change_contact, publish_text, lambda turn: None]
        done = in_threads(*(repeatedly(change) for change in changes))
        [found] = in_threads(lambda: (AuditEntry.objects.count(), list(audit.breaches())))

    assert (done, found) == ([None] * 5, (30, []))


# --- The seal -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "sql",
    [
        f"UPDATE {ENTRIES} SET detail = 'Nothing happened.'",
        f"UPDATE {ENTRIES} SET number = number + 10",
        f"DELETE FROM {ENTRIES} WHERE number = 3",
    ],
)
@pytest.mark.django_db
def test_the_database_refuses_to_change_or_delete_an_entry(entries, sql):
    with pytest.raises(DatabaseError, match=REFUSAL):
        run_sql(sql)


@pytest.mark.parametrize("fresh", ["id", "number"])
@pytest.mark.django_db
def test_no_entry_is_slipped_in_over_another(entries, on_postgresql, fresh):
    if on_postgresql:
        pytest.skip("INSERT OR REPLACE is SQLite's")
    columns = [field.column for field in AuditEntry._meta.concrete_fields]
    values = ["1000" if column == fresh else column for column in columns]

    with pytest.raises(DatabaseError, match=REFUSAL):
        run_sql(
            f"INSERT OR REPLACE INTO {ENTRIES} ({', '.join(columns)}) SELECT {', '.join(values)} FROM {ENTRIES} "
            "WHERE id = %s",
            entries[0].pk,
        )


@pytest.mark.django_db
def test_the_log_is_not_truncated(entries, on_postgresql):
    if not on_postgresql:
        pytest.skip("TRUNCATE is PostgreSQL's")

    with pytest.raises(DatabaseError, match=REFUSAL):
        run_sql(f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {ENTRIES} CASCADE")


@pytest.mark.django_db
def test_python_refuses_too(entries):
    entry = AuditEntry.objects.get(pk=entries[0].pk)

    for attempt in (
        entries[0].save,
        entry.save,
        entry.delete,
        lambda: AuditEntry.objects.update(detail=""),
        lambda: AuditEntry.objects.all().delete(),
        lambda: AuditEntry.objects.bulk_update([entry], ["detail"]),
    ):
        with pytest.raises(Unalterable):
            attempt()


@pytest.mark.django_db
def test_a_log_that_nobody_touched_has_no_breach_and_a_fingerprint(entries, capsys):
    call_command("verify_history")

    assert capsys.readouterr().out.splitlines()[-2:] == [
        "4 entries in the audit logs, every digest holds.",
        f"Fingerprint of the audit logs: {audit.fingerprint()}",
    ]


@pytest.mark.parametrize(
    "sql, found",
    [
        (f"UPDATE {ENTRIES} SET detail = 'Nothing.' WHERE about = '2.1'", 2),
        (f"UPDATE {ENTRIES} SET person = 'Somebody else' WHERE about = '2.0'", 1),
        (f"UPDATE {ENTRIES} SET at = '2024-01-01 00:00:00' WHERE about = '2.3'", 3),
        (f"DELETE FROM {ENTRIES} WHERE about = '2.0'", 2),
        (f"DELETE FROM {ENTRIES} WHERE about = '2.1'", 3),
    ],
)
@pytest.mark.django_db
def test_what_is_done_behind_the_seal_is_found_and_named(entries, capsys, sql, found):
    sealing.remove()
    run_sql(sql)
    sealing.install()

    with pytest.raises(SystemExit) as stopped:
        call_command("verify_history")

    assert stopped.value.code == 1
    assert capsys.readouterr().err.splitlines() == [
        f"Entry {found} of the audit log of northshire: its digest does not match. "
        "It was changed after it was written, or one before it was changed, removed or added."
    ]


@pytest.mark.django_db
def test_an_entry_slipped_in_is_found(entries, region):
    copy = AuditEntry.objects.get(pk=entries[1].pk)
    copy.pk, copy.number, copy._state.adding = None, 4, True
    copy.save()

    assert [breach.split(":")[0] for breach in audit.breaches()] == ["Entry 4 of the audit log of northshire"]


@pytest.mark.django_db
def test_an_entry_moved_to_another_partnership_is_found_there(entries, region):
    sealing.remove()

    run_sql(f"UPDATE {ENTRIES} SET partnership_id = %s WHERE about = '2.3'", region["eastvale"].pk)

    assert [breach.split(":")[0] for breach in audit.breaches()] == ["Entry 3 of the audit log of eastvale"]


@pytest.mark.django_db
def test_a_newest_entry_removed_changes_the_fingerprint(entries):
    before = audit.fingerprint()
    sealing.remove()

    run_sql(f"DELETE FROM {ENTRIES} WHERE about = '2.3'")

    assert (list(audit.breaches()), audit.fingerprint() == before) == ([], False)


@pytest.mark.parametrize("name", ["audit_entry_sealed_update", "audit_entry_sealed_replace", "audit_entry_sealed"])
@pytest.mark.django_db
def test_a_missing_trigger_of_the_log_is_told(region, on_postgresql, name):
    if on_postgresql != (name == "audit_entry_sealed"):
        pytest.skip("Each database has triggers of its own")
    run_sql(f"DROP TRIGGER {name}" + (f" ON {ENTRIES}" if on_postgresql else ""))

    assert sealing.missing_triggers() == [name]


@pytest.mark.django_db
def test_a_new_partnership_wants_two_people_and_grants_28_days(region):
    northshire = Partnership.objects.get(slug="northshire")

    assert (northshire.requires_two_people, northshire.drift_grace_days) == (True, 28)
