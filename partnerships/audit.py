"""The audit log of each partnership: who did what, when. Written once, read by managers, changed by nobody.

Triggers (`procedures.sealing`) make the database refuse to change or remove an entry. Whoever owns the database can
drop triggers, so the entries of a partnership are numbered without gaps and each one's digest covers the digest
before it: an entry that was altered, removed or slipped in is found by `manage.py verify_history`.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connections, models, router, transaction
from django.utils.timezone import make_aware

from partnerships.digests import digest_of_values

if TYPE_CHECKING:
    from partnerships.access import Person
    from partnerships.models import Partnership


class Unalterable(Exception):
    """Somebody tried to change or delete an entry of the audit log through Python."""

    def __init__(self) -> None:
        super().__init__("An entry of the audit log is never changed or deleted: write another one.")


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def newest_first(self) -> "AuditEntryQuerySet":
        return self.order_by("partnership", "-number")

    def where(
        self,
        *,
        person: int | None = None,
        action: str = "",
        first_day: date | None = None,
        last_day: date | None = None,
    ) -> "AuditEntryQuerySet":
        """Those of the person with this id, of this action, from the first day to the last in the site's time zone."""
        chosen: dict[str, Any] = {}
        if person is not None:
            chosen["person_id"] = person
        if action:
            chosen["action"] = action
        if first_day:
            chosen["at__gte"] = _midnight(first_day)
        if last_day and last_day < date.max:
            chosen["at__lt"] = _midnight(last_day + timedelta(days=1))
        return self.filter(**chosen)

    def people(self) -> dict[int, str]:
        """Everybody who did something, by id: what they were called last, in the order of names."""
        named = self.filter(person_id__isnull=False).values("person_id", "person").annotate(last=models.Max("number"))
        called = {row["person_id"]: row["person"] for row in named.order_by("last")}
        return dict(sorted(called.items(), key=lambda pair: pair[1].lower()))

    def update(self, **fields: Any) -> int:
        raise Unalterable

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Unalterable

    delete.queryset_only = True  # type: ignore[attr-defined]  # as Django marks its own


class AuditEntry(models.Model):
    """That somebody did something in a partnership's workspace; made by `record` alone.

    It names people, sections and versions by value: it outlives the account, and says what was true at that moment.
    """

    class Action(models.TextChoices):
        DRAFT_BEGUN = "draft-begun", "Draft begun"
        DRAFT_SAVED = "draft-saved", "Draft saved"
        SUBMITTED = "submitted", "Draft submitted for review"
        TAKEN_BACK = "taken-back", "Draft taken back from review"
        COMMENTED = "commented", "Comment made"
        COMMENT_SETTLED = "comment-settled", "Comment settled"
        CHANGES_ASKED_FOR = "changes-asked-for", "Changes asked for"
        APPROVED = "approved", "Draft approved"
        PUBLISHED = "published", "Published"
        SCHEDULED = "scheduled", "Scheduled for a later day"
        CALLED_BACK = "called-back", "Called back before its day"
        DISCARDED = "discarded", "Draft discarded"
        BROUGHT_BACK = "brought-back", "Draft brought back"
        MERGED = "merged", "Draft merged with what was published meanwhile"
        RESTORED = "restored", "Draft begun from an old version"
        WITHDRAWN = "withdrawn", "Withdrawn"
        RELEASE_MADE = "release-made", "Release made"
        RELEASE_CHANGED = "release-changed", "Release changed"
        RELEASE_DISCARDED = "release-discarded", "Release discarded"
        RELEASE_PUBLISHED = "release-published", "Release published"
        RENUMBERING_PROPOSED = "renumbering-proposed", "Renumbering proposed"
        RENUMBERING_DISCARDED = "renumbering-discarded", "Renumbering discarded"
        RENUMBERED = "renumbered", "Renumbered"
        CONFIRMED = "confirmed", "Confirmed against changed regional text"
        DOCUMENT_ADDED = "document-added", "Document added"
        DOCUMENT_REPLACED = "document-replaced", "Document replaced by a new file"
        DOCUMENT_CHANGED = "document-changed", "Document’s details changed"
        TERM_ADDED = "term-added", "Term added to the glossary"
        TERM_CHANGED = "term-changed", "Term of the glossary changed"
        TERM_DELETED = "term-deleted", "Term of the glossary deleted"
        SYNONYM_ADDED = "synonym-added", "Synonym added"
        SYNONYM_CHANGED = "synonym-changed", "Synonym changed"
        SYNONYM_DELETED = "synonym-deleted", "Synonym deleted"
        BEST_BET_ADDED = "best-bet-added", "Best bet added"
        BEST_BET_CHANGED = "best-bet-changed", "Best bet changed"
        BEST_BET_DELETED = "best-bet-deleted", "Best bet deleted"
        INVITED = "invited", "Somebody invited"
        INVITED_AGAIN = "invited-again", "Invitation sent again"
        INVITATION_WITHDRAWN = "invitation-withdrawn", "Invitation withdrawn"
        JOINED = "joined", "Invitation accepted"
        ROLES_CHANGED = "roles-changed", "Roles changed"
        PERSON_REMOVED = "person-removed", "Person removed"
        SETTINGS_CHANGED = "settings-changed", "Settings changed"
        CONTACT_ADDED = "contact-added", "Contact added"
        CONTACT_CHANGED = "contact-changed", "Contact changed"
        CONTACT_CHECKED = "contact-checked", "Contact checked"
        CONTACT_DELETED = "contact-deleted", "Contact deleted"

    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.PROTECT, related_name="audit_entries", db_index=False
    )
    number = models.PositiveIntegerField(help_text="Its place among the partnership’s entries, counted from 1.")
    at = models.DateTimeField()
    person_id = models.BigIntegerField(null=True, help_text="The account’s id; no link, so that the entry outlives it.")
    person = models.CharField(max_length=320, help_text="What the person was called then; empty for the site itself.")
    action = models.CharField(max_length=30, choices=Action)  # no constraint: entries outlive the list of actions
    about = models.CharField(max_length=300, help_text="What it was done to: “3.1 Sharing information”.")
    section = models.CharField(max_length=100, help_text="The section’s slug, where it is about one.")
    version_id = models.BigIntegerField(null=True, help_text="The version’s id, where it is about one.")
    detail = models.TextField(help_text="What else there is to say: the old and the new value, a note.")
    digest = models.CharField(max_length=64)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["partnership", "number"]
        verbose_name_plural = "audit entries"
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "number"],
                name="audit_entry_numbered_once",
                violation_error_message="This partnership’s log has an entry with that number already.",
            ),
        ]
        indexes = [models.Index(fields=["partnership", "at"], name="audit_entry_at")]

    def __str__(self) -> str:
        return f"{self.partnership}, entry {self.number}: {self.get_action_display()}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Unalterable
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Unalterable


Action = AuditEntry.Action

CHAINED_FIELDS = (
    "partnership__slug", "number", "at", "person_id", "person", "action", "about", "section", "version_id", "detail",
)  # fmt: skip


def record(
    partnership: "Partnership",
    action: AuditEntry.Action,
    *,
    by: "Person | None",
    at: datetime,
    about: str = "",
    section: str = "",
    version_id: int | None = None,
    detail: str = "",
) -> AuditEntry:
    """Write one entry into a partnership's log, inside the caller's transaction: what is rolled back is not recorded.

    `by` is None for what the site does by itself; `at` is a moment with its time zone; `about` says in words what was
    done to, `section` is a slug. What is too long for its column is cut.

    Call it last in a transaction, after everything else has been written. From here to the end of the transaction
    nobody else writes into this partnership's log; whoever then waited for another lock could wait for somebody who
    waits for the log.
    """
    _wait_for_other_writers(partnership)
    newest = AuditEntry.objects.filter(partnership=partnership).newest_first().values_list("number", "digest").first()
    number, previous = newest or (0, "")
    entry = AuditEntry(
        partnership=partnership,
        number=number + 1,
        at=at,
        person_id=by.pk if by else None,
        person=_name_of(by)[:320],
        action=action,
        about=about[:300],
        section=section,
        version_id=version_id,
        detail=detail,
    )
    fields = {name: getattr(entry, name) for name in CHAINED_FIELDS[1:]} | {"partnership__slug": partnership.slug}
    entry.digest = digest_of_values(fields | {"previous": previous})
    entry.save(force_insert=True)
    return entry


def _wait_for_other_writers(partnership: "Partnership") -> None:
    """Until this transaction ends, no other one writes into the partnership's log.

    A lock of its own rather than the partnership's row: publishing locks the freshness stamp before it comes here, and
    changing a partnership's settings locks the row before the stamp, so that each would wait for the other. SQLite
    locks the whole database when a transaction begins.
    """
    connection = connections[router.db_for_write(AuditEntry)]
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An entry of the audit log is written inside a transaction.")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            key: list[str | int] = [AuditEntry._meta.db_table, partnership.pk]
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", key)


def _name_of(person: "Person | None") -> str:
    if person is None or not person.is_authenticated:
        return ""
    return person.get_full_name() or getattr(person, "email", "")  # type: ignore[attr-defined]


def breaches() -> Iterator[str]:
    """A sentence for every entry that does not follow from the one before it; a breach is told once."""
    partnership, number, previous = None, 0, ""
    entries = AuditEntry.objects.order_by("partnership", "number", "pk")
    for row in entries.values("partnership_id", "digest", *CHAINED_FIELDS).iterator(chunk_size=500):
        if row["partnership_id"] != partnership:
            partnership, number, previous = row["partnership_id"], 0, ""
        fields = {name: row[name] for name in CHAINED_FIELDS} | {"previous": previous}
        if row["number"] != number + 1 or digest_of_values(fields) != row["digest"]:
            yield (
                f"Entry {row['number']} of the audit log of {row['partnership__slug']}: its digest does not match. "
                "It was changed after it was written, or one before it was changed, removed or added."
            )
        number, previous = row["number"], row["digest"]


def fingerprint() -> str:
    """One SHA-256 over the newest digest of every partnership's log.

    Written down elsewhere, it also shows what no chain can: that the newest entries were removed.
    """
    newest = AuditEntry.objects.order_by("partnership__slug", "number").values_list("partnership__slug", "digest")
    return digest_of_values(dict(newest))  # of each partnership's, the last one stays
