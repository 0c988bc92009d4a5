"""Documents: a partnership's library of files, linked from texts by slug, each with every file that it ever was."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.urls import reverse

from partnerships.models import Partnership
from procedures.models.in_force import Sealed
from procedures.uploads.kinds import KINDS, Kind


class DocumentQuerySet(models.QuerySet["Document"]):
    def of(self, partnership_ids: Iterable[int]) -> "DocumentQuerySet":
        """Those that belong to the given partnerships."""
        return self.filter(partnership_id__in=list(partnership_ids))

    def overdue(self, day: date) -> "DocumentQuerySet":
        """Those whose review date has passed by `day`."""
        return self.filter(review_date__lt=day)


class Document(models.Model):
    """A form, a chart or a leaflet under a name that outlives its files. What readers open is its file of the day."""

    slug = models.SlugField(max_length=100, unique=True, help_text="Permanent: texts link the document by it.")
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="documents")
    title = models.CharField(max_length=200)
    owner = models.CharField(max_length=120, blank=True, help_text="Who keeps it up to date: a role, not a name.")
    review_date = models.DateField(null=True, blank=True, help_text="The day by which it is next due to be looked at.")

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["title", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(title=""),
                name="document_has_title",
                violation_error_message="Give the document a title.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def is_overdue(self, day: date) -> bool:
        """Whether its review date has passed by `day`."""
        return self.review_date is not None and self.review_date < day


SEALED_FILE = (
    "A file of a document is never changed and never deleted: texts of its days lead to it. "
    "Replace it by a newer file instead."
)


class DocumentFileQuerySet(models.QuerySet["DocumentFile"]):
    """The file of a document on a day is the newest by (day added, number) that was there by then."""

    def on(self, day: date) -> "DocumentFileQuerySet":
        """The file of each document on `day`; none of a document that was added later."""
        of_document = DocumentFile.objects.filter(document=OuterRef("document"), added_on__lte=day)
        return self.filter(pk=Subquery(of_document.newest_first().values("pk")[:1]))

    def newest_first(self) -> "DocumentFileQuerySet":
        return self.order_by("-added_on", "-number")

    def update(self, **fields: Any) -> int:
        raise Sealed(SEALED_FILE)

    def delete(self) -> tuple[int, dict[str, int]]:
        raise Sealed(SEALED_FILE)

    delete.queryset_only = True  # type: ignore[attr-defined]  # as Django marks its own


class DocumentFile(models.Model):
    """One file of a document. Its content is kept by its digest (`procedures.uploads.storage`); the row is sealed."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveSmallIntegerField(help_text="Counts the document's files as they came, from 1.")
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField(help_text="In bytes.")
    content_type = models.CharField(
        max_length=100, choices=[(kind.content_type, kind.label) for kind in KINDS.values()]
    )
    file_name = models.CharField(max_length=150)
    note = models.TextField(blank=True, help_text="What changed, for readers; empty in a document's first file.")
    added_on = models.DateField(help_text="The first day on which the document is this file.")
    uploaded_at = models.DateTimeField()
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    uploaded_by_name = models.CharField(max_length=120, blank=True)

    objects = DocumentFileQuerySet.as_manager()

    class Meta:
        ordering = ["document", "added_on", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "number"],
                name="document_file_numbered_once",
                violation_error_message="Somebody replaced this document at that very moment.",
            ),
            models.CheckConstraint(
                condition=Q(content_type__in=list(KINDS)),
                name="document_file_known_kind",
                violation_error_message="A document is a PDF, a Word or Excel file, or an image.",
            ),
        ]
        indexes = [models.Index(fields=["document", "-added_on", "-number"], name="document_file_of_day")]

    def __str__(self) -> str:
        return f"{self.document}, file {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Sealed(SEALED_FILE)
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        """Where it is served, for ever and to everybody."""
        return reverse("file", args=[self.pk, self.file_name])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise Sealed(SEALED_FILE)

    @property
    def kind(self) -> Kind:
        return KINDS[self.content_type]
