"""The seal on published versions: triggers that refuse to change them, digests that show if somebody did.

The triggers make SQLite and PostgreSQL refuse any UPDATE or DELETE of a published version, by whatever route; others
renew the freshness stamp whenever something changes that readers can see. Whoever owns the database can drop
triggers, so each digest also covers the digest before it in the same stream (one partnership's versions of one
section, in order of publication): a changed, removed or inserted version breaks the chain at that place.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db import connections

from partnerships.digests import digest_of_values
from partnerships.models import AuditEntry
from procedures.models import Confirmation, CrossReference, DocumentFile, FreshnessStamp, Version

Reference = list[str]  # a number as a text has it, and the slug of the section that it means

SEALED_FIELDS = (
    "section__slug",
    "partnership__slug",
    "number",
    "title",
    "body",
    "change_kind",
    "change_note",
    "effective_date",
    "review_date",
    "withdrawn",
    "author_name",
    "approver_name",
    "written_against__digest",
    "published_at",
    "heading_ids",
)  # not `imported`: a record that was exported and imported elsewhere has the same digests there


def digest_of(fields: dict[str, object], references: Sequence[Reference], previous: str) -> str:
    """The SHA-256 (hexadecimal) of a version's sealed fields and of the digest before it in its stream.

    `fields` has a value for each of SEALED_FIELDS; `references` are the numbers that its text names, each with the
    slug of the section that it means; `previous` is "" for a stream's first version.
    """
    sealed = {name: fields[name] for name in SEALED_FIELDS}
    return digest_of_values(sealed | {"previous": previous, "references": references})


@dataclass(frozen=True)
class Breach:
    """A version whose digest does not hold."""

    version_id: int
    section: str
    partnership: str
    effective_date: date

    def __str__(self) -> str:
        return (
            f"Version {self.version_id} ({self.section} for {self.partnership}, effective {self.effective_date}): "
            "its digest does not match. It was changed after publication, "
            "or one before it was changed, removed or added."
        )


def breaches() -> Iterator[Breach]:
    """Every version whose digest does not follow from its own fields and the digest before it.

    A breach is told once: the chain goes on from the digest as stored.
    """
    stream, previous = None, ""
    misread = _misread()
    for row, references in _sealed_rows():
        if stream != (row["section_id"], row["partnership_id"]):
            stream, previous = (row["section_id"], row["partnership_id"]), ""
        if row["pk"] in misread or digest_of(row, references, previous) != row["digest"]:
            yield Breach(row["pk"], row["section__slug"], row["partnership__slug"], row["effective_date"])
        previous = row["digest"]


def _sealed_rows() -> Iterator[tuple[dict[str, Any], list[Reference]]]:
    """Every published version's sealed fields and references, in the order of the chains."""
    versions = Version.objects.published().in_order_of_publication()
    rows = versions.values("pk", "section_id", "partnership_id", "digest", *SEALED_FIELDS).iterator(chunk_size=500)
    while chunk := list(islice(rows, 500)):
        references: dict[int, list[Reference]] = {}
        numbered = CrossReference.objects.filter(from_version__in=[row["pk"] for row in chunk]).exclude(number="")
        for version_id, *reference in numbered.values_list("from_version_id", "number", "to_section__slug"):
            references.setdefault(version_id, []).append(reference)
        yield from ((row, references.get(row["pk"], [])) for row in chunk)


def _misread() -> set[int]:
    """The ids of versions with a value that SQLite compares otherwise than Python reads it.

    SQLite keeps whatever it is given: 2 is no to Python and yes in a query, and 2017-3-31 comes after December. Such a
    value would move a text in time, or withdraw it, under a digest that holds. PostgreSQL's types leave no such room.
    """
    if connections["default"].vendor != "sqlite":
        return set()
    with connections["default"].cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {VERSIONS} WHERE published_at IS NOT NULL AND (withdrawn NOT IN (0, 1) "  # noqa: S608
            "OR effective_date IS NOT date(effective_date) OR review_date IS NOT date(review_date) "
            "OR substr(published_at, 1, 19) IS NOT datetime(published_at) OR length(published_at) NOT IN (19, 26))"
        )
        return {row[0] for row in cursor.fetchall()}


def fingerprint() -> str:
    """One SHA-256 over every digest, in order of section, partnership and publication.

    Written down elsewhere, it also shows what no chain can: that the newest versions of a stream were removed.
    """
    whole = hashlib.sha256()
    fields = ("section__slug", "partnership__slug", "published_at", "digest")
    for *_, digest in sorted(Version.objects.published().values_list(*fields)):  # databases sort slugs differently
        whole.update(digest.encode())
    return whole.hexdigest()


# --- Triggers -----------------------------------------------------------------------------------------------------

VERSIONS = Version._meta.db_table
STAMP = FreshnessStamp._meta.db_table
REFUSAL = "a published version is never changed or deleted"


@dataclass(frozen=True)
class SealedTable:
    """A table whose rows are never changed or deleted, and with what words the database refuses it."""

    table: str
    refusal: str
    taken: str  # of a row `sealed` in the table: that NEW bears its key, so that INSERT OR REPLACE would delete it


# Each by what its triggers' names begin with. Versions are not among them: a draft may be changed.
SEALED_TABLES = {
    "reference": SealedTable(CrossReference._meta.db_table, REFUSAL, "sealed.id = NEW.id"),
    "audit_entry": SealedTable(
        AuditEntry._meta.db_table,
        "an entry of the audit log is never changed or deleted",
        "sealed.id = NEW.id OR (sealed.partnership_id = NEW.partnership_id AND sealed.number = NEW.number)",
    ),
    "document_file": SealedTable(
        DocumentFile._meta.db_table,
        "a file of a document is never changed or deleted",
        "sealed.id = NEW.id OR (sealed.document_id = NEW.document_id AND sealed.number = NEW.number)",
    ),
    "confirmation": SealedTable(
        Confirmation._meta.db_table,
        "a confirmation is never changed or deleted",
        "sealed.id = NEW.id OR (sealed.addition_id = NEW.addition_id AND sealed.against_id = NEW.against_id)",
    ),
}

# What readers see, beside published versions.
SEEN_BY_READERS = (
    "partnerships_partnership",
    "partnerships_groupmembership",
    "partnerships_service",
    "partnerships_contact",
    "procedures_authority",
    "procedures_edition",
    "procedures_document",
    "procedures_documentfile",
    "procedures_confirmation",
    "procedures_term",
    "procedures_sense",
    "procedures_sensesection",
    "procedures_synonym",
    "procedures_bestbet",
)

SQLITE_RENEW = (
    f"INSERT INTO {STAMP} (id, value) VALUES ({FreshnessStamp.ROW}, lower(hex(randomblob(12)))) "
    "ON CONFLICT (id) DO UPDATE SET value = excluded.value;"
)


def sqlite_triggers() -> dict[str, str]:
    """Each trigger's name and what creates it. INSERT is guarded too: INSERT OR REPLACE deletes without a word."""
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    triggers = {
        "version_sealed_update": f"BEFORE UPDATE ON {VERSIONS} WHEN OLD.published_at IS NOT NULL {refuse}",
        "version_sealed_delete": f"BEFORE DELETE ON {VERSIONS} WHEN OLD.published_at IS NOT NULL {refuse}",
        "version_sealed_replace": (
            f"BEFORE INSERT ON {VERSIONS} WHEN EXISTS (SELECT 1 FROM {VERSIONS} AS sealed WHERE "
            # The digest's condition stands as in its index, word for word: otherwise SQLite reads the whole table.
            f"sealed.published_at IS NOT NULL AND (sealed.id = NEW.id "
            f"OR (NOT (sealed.digest = '') AND sealed.digest = NEW.digest) "
            f"OR (sealed.section_id = NEW.section_id AND sealed.partnership_id = NEW.partnership_id "
            f"AND sealed.published_at = NEW.published_at))) {refuse}"
        ),
        "version_renews_stamp_insert": (
            f"AFTER INSERT ON {VERSIONS} WHEN NEW.published_at IS NOT NULL BEGIN {SQLITE_RENEW} END"
        ),
        "version_renews_stamp_update": (
            f"AFTER UPDATE ON {VERSIONS} WHEN NEW.published_at IS NOT NULL BEGIN {SQLITE_RENEW} END"
        ),
    }
    for name, sealed in SEALED_TABLES.items():
        refuse = f"BEGIN SELECT RAISE(ABORT, '{sealed.refusal}'); END"
        taken = f"WHEN EXISTS (SELECT 1 FROM {sealed.table} AS sealed WHERE {sealed.taken})"
        triggers[f"{name}_sealed_update"] = f"BEFORE UPDATE ON {sealed.table} {refuse}"
        triggers[f"{name}_sealed_delete"] = f"BEFORE DELETE ON {sealed.table} {refuse}"
        triggers[f"{name}_sealed_replace"] = f"BEFORE INSERT ON {sealed.table} {taken} {refuse}"
    for table in SEEN_BY_READERS:
        for event in ("INSERT", "UPDATE", "DELETE"):
            triggers[f"{table}_renews_stamp_{event.lower()}"] = f"AFTER {event} ON {table} BEGIN {SQLITE_RENEW} END"
    return triggers


POSTGRESQL_FUNCTIONS = f"""
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION USING MESSAGE = TG_ARGV[0], ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE OR REPLACE FUNCTION renew_freshness_stamp() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO {STAMP} (id, value)
  VALUES ({FreshnessStamp.ROW}, substr(md5(random()::text || clock_timestamp()::text), 1, 24))
  ON CONFLICT (id) DO UPDATE SET value = excluded.value;
  RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION renew_freshness_stamp_for_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM written WHERE published_at IS NOT NULL) THEN
    INSERT INTO {STAMP} (id, value)
    VALUES ({FreshnessStamp.ROW}, substr(md5(random()::text || clock_timestamp()::text), 1, 24))
    ON CONFLICT (id) DO UPDATE SET value = excluded.value;
  END IF;
  RETURN NULL;
END $$;
"""


def postgresql_triggers() -> dict[str, str]:
    """Each trigger's name and what creates it, after "CREATE TRIGGER name"."""
    refuse = f"EXECUTE FUNCTION refuse_change('{REFUSAL}')"
    renew = "EXECUTE FUNCTION renew_freshness_stamp()"
    published = "FOR EACH ROW WHEN (OLD.published_at IS NOT NULL)"
    # Once a statement: each renewal in a transaction walks past those before it, so one a row grows with the square.
    renew_for_published = (
        "REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION renew_freshness_stamp_for_published()"
    )
    triggers = {
        "version_sealed_update": f"BEFORE UPDATE ON {VERSIONS} {published} {refuse}",
        "version_sealed_delete": f"BEFORE DELETE ON {VERSIONS} {published} {refuse}",
        "version_sealed_truncate": f"BEFORE TRUNCATE ON {VERSIONS} FOR EACH STATEMENT {refuse}",
        "version_renews_stamp_insert": f"AFTER INSERT ON {VERSIONS} {renew_for_published}",
        "version_renews_stamp_update": f"AFTER UPDATE ON {VERSIONS} {renew_for_published}",
    }
    for name, sealed in SEALED_TABLES.items():
        triggers[f"{name}_sealed"] = (
            f"BEFORE UPDATE OR DELETE OR TRUNCATE ON {sealed.table} FOR EACH STATEMENT "
            f"EXECUTE FUNCTION refuse_change('{sealed.refusal}')"
        )
    for table in SEEN_BY_READERS:
        triggers[f"{table}_renews_stamp"] = (
            f"AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} FOR EACH STATEMENT {renew}"
        )
    return triggers


def triggers(vendor: str) -> dict[str, str]:
    """The triggers of a database of the given vendor ("sqlite" or "postgresql")."""
    return postgresql_triggers() if vendor == "postgresql" else sqlite_triggers()


def table_of(definition: str) -> str:
    """The table that a trigger's definition names."""
    return definition.split(" ON ", 1)[1].split(" ", 1)[0]


def remove(using: str = "default") -> None:
    """Drop the triggers, which only tests and `install` do."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for name, definition in triggers(connection.vendor).items():
            where = f" ON {table_of(definition)}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}{where}")


def install(using: str = "default") -> None:
    """Put every trigger in place. Repeating it does no harm."""
    connection = connections[using]
    remove(using)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTIONS)
        for name, definition in triggers(connection.vendor).items():
            cursor.execute(f"CREATE TRIGGER {name} {definition}")


def missing_triggers(using: str = "default") -> list[str]:
    """The names of triggers that ought to be there and are not, or are switched off or altered, in order.

    PostgreSQL writes a trigger's definition in its own words, so there only its presence is looked at, and whether it
    is switched on; SQLite keeps the words.
    """
    connection = connections[using]
    catalogue = (
        "SELECT tgname, '' FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
        if connection.vendor == "postgresql"
        else "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(catalogue)
        present = dict(cursor.fetchall())
    wanted = triggers(connection.vendor).items()
    return sorted(
        name for name, definition in wanted if present.get(name) not in ("", f"CREATE TRIGGER {name} {definition}")
    )
