"""A draft's way to publication: who wrote it, what it began from, who agreed. The text itself is its version's."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.db.models import Q

from procedures.editing.models.release import Release
from procedures.models import Version


class DraftQuerySet(models.QuerySet["Draft"]):
    def open(self) -> "DraftQuerySet":
        """Those that are neither published nor discarded."""
        return self.filter(version__published_at__isnull=True, discarded_at__isnull=True)

    def of(self, partnership_ids: Iterable[int]) -> "DraftQuerySet":
        """Those of the given partnerships' texts."""
        return self.filter(version__partnership_id__in=list(partnership_ids))

    def being_written(self) -> "DraftQuerySet":
        return self.open().filter(submitted_at__isnull=True)

    def in_review(self) -> "DraftQuerySet":
        """Those that wait for an approver's word."""
        return self.open().filter(submitted_at__isnull=False, approved_at__isnull=True)

    def approved(self) -> "DraftQuerySet":
        """Those that are agreed and wait for publication."""
        return self.open().filter(approved_at__isnull=False)

    def written_by(self, person: Any) -> "DraftQuerySet":
        return self.filter(writers=person.pk)

    def not_written_by(self, person: Any) -> "DraftQuerySet":
        return self.exclude(writers=person.pk)

    def with_texts(self) -> "DraftQuerySet":
        """With all that a list of drafts names, so that it costs one query."""
        return self.select_related(
            "version__section",
            "version__partnership",
            "version__author",
            "version__written_against",
            "began_with",
            "release",
        )


class Draft(models.Model):
    """The work on one version before it is published.

    A draft is written, then submitted, then approved or sent back; each of these is a moment, and the state follows
    from them. While it is submitted nobody changes it. Published or discarded, the row stays as the record of how the
    text came about.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        CHANGES_ASKED = "changes asked for", "Changes asked for"
        IN_REVIEW = "in review", "In review"
        APPROVED = "approved", "Approved"
        PUBLISHED = "published", "Published"
        DISCARDED = "discarded", "Discarded"

    version = models.OneToOneField(Version, on_delete=models.PROTECT, primary_key=True, related_name="draft")
    began_with = models.ForeignKey(
        Version,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="The published version whose text it began with; empty in a new section.",
    )
    revision = models.PositiveIntegerField(default=1, help_text="Counts its saves: who saves over another is told.")
    begun_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    writers = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="+", help_text="Everybody who has put words into it."
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    changes_asked_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    discarded_at = models.DateTimeField(null=True, blank=True)
    release = models.ForeignKey(Release, on_delete=models.SET_NULL, null=True, blank=True, related_name="drafts")

    objects = DraftQuerySet.as_manager()

    class Meta:
        ordering = ["-saved_at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_at__isnull=True) | Q(submitted_at__isnull=False),
                name="draft_submitted_before_approved",
                violation_error_message="A draft is approved after it was submitted.",
            ),
            models.CheckConstraint(
                condition=Q(changes_asked_at__isnull=True) | Q(submitted_at__isnull=True),
                name="draft_changes_asked_or_submitted",
                violation_error_message="A draft that was sent back is no longer submitted.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version} ({self.get_state_display()})"

    @property
    def state(self) -> "Draft.State":
        if self.version.is_published:
            return Draft.State.PUBLISHED
        if self.discarded_at:
            return Draft.State.DISCARDED
        if self.approved_at:
            return Draft.State.APPROVED
        if self.submitted_at:
            return Draft.State.IN_REVIEW
        return Draft.State.CHANGES_ASKED if self.changes_asked_at else Draft.State.DRAFT

    @property
    def name(self) -> str:
        """What it is called on pages: the number and title it is to have, or those of what it adds to."""
        version = self.version
        return version.name if version.title or version.written_against or not self.began_with else self.began_with.name

    def get_state_display(self) -> str:
        return self.state.label

    @property
    def is_open(self) -> bool:
        return not self.version.is_published and self.discarded_at is None

    @property
    def may_be_written(self) -> bool:
        """Whether its text may be changed: not while somebody is asked to agree to it."""
        return self.is_open and self.submitted_at is None

    def has_written(self, person: AbstractBaseUser) -> bool:
        return self.writers.filter(pk=person.pk).exists()
