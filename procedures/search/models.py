"""What the search room stores: past searches. The index is not in here, for it can be thrown away."""

from django.db import models
from django.db.models import Q


class PastSearch(models.Model):
    """A search that found something, in small letters: how often it was asked for, and on which day last."""

    query = models.CharField(max_length=60, unique=True)
    times = models.PositiveIntegerField()
    last_on = models.DateField()

    class Meta:
        verbose_name_plural = "past searches"
        constraints = [
            models.CheckConstraint(
                condition=~Q(query=""),
                name="past_search_has_words",
                violation_error_message="A past search has words.",
            ),
        ]

    def __str__(self) -> str:
        return self.query
