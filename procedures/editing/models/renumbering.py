"""A renumbering that was worked out and waits for somebody to agree."""

from django.conf import settings
from django.db import models

from partnerships.models import Partnership
from procedures.numbering import sort_key


class Renumbering(models.Model):
    """Which sections get which numbers from which day on.

    What follows from it for other texts is worked out anew when it is published.
    """

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="renumberings")
    name = models.CharField(max_length=200, help_text="For the desk: the numbers and the section’s title.")
    moves = models.JSONField(help_text="The new number of each section, by slug.")
    makes_room = models.BooleanField(default=False, help_text="Sections that are in the way move up by one.")
    effective_date = models.DateField()
    note = models.TextField(help_text="Why, for readers.")
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    discarded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at"]

    def __str__(self) -> str:
        return f"{self.name}, from {self.effective_date}"

    @property
    def is_waiting(self) -> bool:
        """Whether it is neither published nor discarded."""
        return self.published_at is None and self.discarded_at is None

    @property
    def in_order(self) -> list[tuple[str, str]]:
        """Each section's slug and new number, by number."""
        return sorted(self.moves.items(), key=lambda move: sort_key(move[1]))
