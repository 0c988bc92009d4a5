"""A release: several drafts of one partnership that are published on one day with one note."""

from django.conf import settings
from django.db import models

from partnerships.models import Partnership


class Release(models.Model):
    """Drafts that belong together. They keep their own review; the day is the release's."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="releases")
    name = models.CharField(max_length=120, help_text="For the desk: readers see the note.")
    note = models.TextField(help_text="What changed and why, for readers. Stands in every version of the release.")
    effective_date = models.DateField()
    revision = models.PositiveIntegerField(default=1, help_text="Counts its changes: what was seen is published.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.name}, {self.effective_date}"
