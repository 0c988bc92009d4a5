"""Versions: the texts of a section for one partnership. The questions asked of their dates: in_force."""

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localdate

from partnerships.models import Partnership
from procedures.models.in_force import SEALED, Sealed, VersionQuerySet
from procedures.models.section import Section


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

    @property
    def name(self) -> str:
        """What editors call it: its number and title, those of the text that it was written against, or its slug."""
        titled = self if self.title else self.written_against
        return f"{titled.number} {titled.title}".strip() if titled else self.section.slug

    def is_called_off_by(self, following: "Version | None") -> bool:
        """Whether the next of its stream took its day from it before that day began: then it is never in force."""
        if following is None or following.effective_date != self.effective_date:
            return False
        assert following.published_at and self.effective_date
        return localdate(following.published_at) < self.effective_date

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


class KeptRendering(models.Model):
    """A version's HTML, kept so that no page has to make it. May be thrown away and remade at will."""

    version = models.OneToOneField(Version, on_delete=models.CASCADE, primary_key=True, related_name="kept_rendering")
    renderer = models.PositiveIntegerField(help_text="procedures.rendering.RENDERER when it was made.")
    content = models.JSONField()

    def __str__(self) -> str:
        return f"HTML of {self.version_id}"
