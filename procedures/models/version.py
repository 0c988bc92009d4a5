"""Versions: the texts of a section for one partnership, and the point-in-time questions asked of them."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from partnerships.models import Partnership
from procedures.models.section import Section


class Sealed(Exception):
    """Somebody tried to change or delete a published version through Python."""


class VersionQuerySet(models.QuerySet["Version"]):
    """Dates in force. A *stream* is all that one partnership has published of one section."""

    def published(self) -> "VersionQuerySet":
        return self.filter(published_at__isnull=False)

    def of(self, partnership_ids: Iterable[int]) -> "VersionQuerySet":
        """Those that belong to the given partnerships."""
        return self.filter(partnership_id__in=list(partnership_ids))

    def latest_on(self, day: date) -> "VersionQuerySet":
        """The newest version of each stream that had taken effect by `day`, withdrawals included.

        "Newest" is by effective date, then by the moment of publication: of two versions that take effect on one
        day, the one published later counts.
        """
        newest = newest_of_stream(day, OuterRef("section"), OuterRef("partnership"))
        return self.published().filter(effective_date__lte=day, pk=Subquery(newest))

    def in_force(self, day: date) -> "VersionQuerySet":
        """The versions in force on `day`: the newest of each stream, unless that withdraws the section."""
        return self.latest_on(day).filter(withdrawn=False)

    def with_successor(self) -> "VersionQuerySet":
        """Adds `successor_id` and `superseded_on`: the next version of the stream and its effective date, or None."""
        later = (
            Version.objects.published()
            .filter(section=OuterRef("section"), partnership=OuterRef("partnership"))
            .filter(
                Q(effective_date__gt=OuterRef("effective_date"))
                | Q(effective_date=OuterRef("effective_date"), published_at__gt=OuterRef("published_at"))
            )
            .order_by("effective_date", "published_at")
        )
        return self.annotate(
            successor_id=Subquery(later.values("pk")[:1]),
            superseded_on=Subquery(later.values("effective_date")[:1]),
        )

    def newest_first(self) -> "VersionQuerySet":
        return self.order_by("-effective_date", "-published_at")

    def in_order_of_publication(self) -> "VersionQuerySet":
        """The order of the digest chain: by stream, then by the moment of publication."""
        return self.order_by("section", "partnership", "published_at", "pk")

    def update(self, **fields: Any) -> int:
        if self.published().exists():
            raise Sealed(SEALED)
        return super().update(**fields)

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.published().exists():
            raise Sealed(SEALED)
        return super().delete()

    delete.queryset_only = True  # type: ignore[attr-defined]  # as Django marks its own


def newest_of_stream(day: date, section: OuterRef, partnership: OuterRef) -> VersionQuerySet:
    """The id of the newest version, by `day`, of the stream that an outer query names; for a Subquery."""
    stream = Version.objects.published().filter(section=section, partnership=partnership, effective_date__lte=day)
    return stream.newest_first().values("pk")[:1]  # type: ignore[return-value]


SEALED = (
    "A published version is never changed and never deleted. "
    "Publish another version of the section to mend what is wrong in this one."
)


class Version(models.Model):
    """One text of a section for one partnership: a draft until it is published, and unchangeable from then on."""

    class ChangeKind(models.TextChoices):
        MAJOR = "major", "Major change"
        MINOR = "minor", "Minor change"
        CONSEQUENTIAL = "consequential", "Consequential change"

    section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="versions")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="versions")
    number = models.CharField(max_length=15, blank=True, help_text="Empty in a local addition.")
    title = models.CharField(max_length=200, blank=True)
    body = models.TextField(blank=True, help_text="Markdown; see content/README.md.")
    change_kind = models.CharField(max_length=13, choices=ChangeKind, default=ChangeKind.MAJOR)
    change_note = models.TextField(blank=True, help_text="What changed and why, for readers.")
    effective_date = models.DateField(null=True, blank=True)
    review_date = models.DateField(null=True, blank=True)
    withdrawn = models.BooleanField(default=False, help_text="The section no longer applies from the effective date.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    author_name = models.CharField(max_length=120, blank=True)
    approver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    approver_name = models.CharField(max_length=120, blank=True)
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    written_against = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(null=True, blank=True)
    imported = models.BooleanField(
        default=False, help_text="Came in with its own dates instead of being published here."
    )
    heading_ids = models.JSONField(default=list, blank=True, help_text="The ids of its headings, in order.")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256; see procedures.sealing.")

    objects = VersionQuerySet.as_manager()

    class Meta:
        ordering = ["section", "partnership", "effective_date", "published_at"]
        indexes = [
            # Every point-in-time question walks this index backwards from a day.
            models.Index(
                fields=["section", "partnership", "-effective_date", "-published_at"],
                name="version_in_force",
                condition=Q(published_at__isnull=False),
            ),
            # Contents: one partnership's streams. Updates: one partnership's changes, newest first.
            models.Index(
                fields=["partnership", "-effective_date", "-published_at"],
                name="version_by_partnership",
                condition=Q(published_at__isnull=False),
            ),
            models.Index(
                fields=["number", "partnership"],
                name="version_by_number",
                condition=Q(published_at__isnull=False),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["section", "partnership", "published_at"],
                name="version_one_publication_at_a_time",
                violation_error_message="Another version of this section was published at that very moment.",
            ),
            models.UniqueConstraint(
                fields=["digest"],
                condition=~Q(digest=""),
                name="version_unique_digest",
                violation_error_message="A version with this digest is published already.",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | (Q(effective_date__isnull=False) & ~Q(digest="")),
                name="version_published_whole",
                violation_error_message="A published version has an effective date and a digest.",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=False) | Q(digest=""),
                name="version_draft_unsealed",
                violation_error_message="A draft has no digest.",
            ),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True) | Q(change_kind="minor") | ~Q(change_note=""),
                name="version_change_note",
                violation_error_message="Say what changed and why: only a minor change may go without a change note.",
            ),
            models.CheckConstraint(
                condition=Q(change_kind__in=["major", "minor", "consequential"]),
                name="version_known_change_kind",
                violation_error_message="A change is major, minor or consequential.",
            ),
            models.CheckConstraint(
                condition=Q(review_date__isnull=True)
                | Q(effective_date__isnull=True)
                | Q(review_date__gte=F("effective_date")),
                name="version_reviewed_after_it_begins",
                violation_error_message="The review date lies before the day on which the text takes effect.",
            ),
            models.CheckConstraint(
                condition=Q(number="") | ~Q(title=""),
                name="version_numbered_has_title",
                violation_error_message="A numbered section has a title.",
            ),
        ]

    def __str__(self) -> str:
        when = f"from {self.effective_date}" if self.is_published else "draft"
        return f"{self.section} for {self.partnership.slug}, {when}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Saves a draft. Publishing is for `procedures.publishing` alone; a published version is never saved again."""
        if self.is_published:
            raise Sealed(SEALED)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.is_published or Version.objects.published().filter(pk=self.pk).exists():
            raise Sealed(SEALED)
        return super().delete(*args, **kwargs)

    def clean(self) -> None:
        from procedures.numbering import is_number

        if self.number and not is_number(self.number):
            raise ValidationError({"number": f"“{self.number}” is not a section number such as 3.1 or 2.10."})

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def tidy(self) -> None:
        """Bring its texts into the one form in which they are published, written to files and read from them."""
        for name in ("number", "title", "change_note", "author_name", "approver_name"):
            setattr(self, name, tidy_line(getattr(self, name)))
        self.body = tidy_body(self.body)


def tidy_line(text: str) -> str:
    """A short text with its white space folded, in one line."""
    return " ".join(text.split())


def tidy_body(text: str) -> str:
    """A body with lines that end in a line feed, no empty line before it and nothing after its last line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\n").rstrip()
    return text + "\n" if text else ""


def last_day(superseded_on: date | None) -> date | None:
    """The last day of a version that was superseded on the given day; None while nothing follows it."""
    return superseded_on - timedelta(days=1) if superseded_on else None


class KeptRendering(models.Model):
    """A version's HTML, kept so that no page has to make it. May be thrown away and remade at will."""

    version = models.OneToOneField(Version, on_delete=models.CASCADE, primary_key=True, related_name="kept_rendering")
    renderer = models.PositiveIntegerField(help_text="procedures.rendering.RENDERER when it was made.")
    content = models.JSONField()

    def __str__(self) -> str:
        return f"HTML of {self.version_id}"
