"""Authorities: the statutes, guidance and protocols that texts rely on, and their editions."""

from datetime import date

from django.db import models
from django.db.models import F, Q


class Authority(models.Model):
    """A statute, guidance document or protocol, under a name that outlives its editions."""

    class Kind(models.TextChoices):
        STATUTE = "statute", "Statute"
        GUIDANCE = "guidance", "Guidance"
        PROTOCOL = "protocol", "Protocol"

    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    issued_by = models.CharField(max_length=200, blank=True)
    url = models.URLField(blank=True, help_text="Where its publisher keeps it.")

    class Meta:
        ordering = ["title"]
        verbose_name_plural = "authorities"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["statute", "guidance", "protocol"]),
                name="authority_known_kind",
                violation_error_message="An authority is a statute, guidance or a protocol.",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Edition(models.Model):
    """One edition of an authority, and the days on which it began and ceased to apply."""

    authority = models.ForeignKey(Authority, on_delete=models.CASCADE, related_name="editions")
    name = models.CharField(max_length=60, help_text="Short: 2018, or July 2018.")
    title = models.CharField(max_length=300)
    began = models.DateField()
    ceased = models.DateField(null=True, blank=True, help_text="The last day it applied; empty while it applies.")

    class Meta:
        ordering = ["authority", "-began"]
        constraints = [
            models.UniqueConstraint(
                fields=["authority", "name"],
                name="edition_named_once",
                violation_error_message="This authority has an edition of that name already.",
            ),
            models.CheckConstraint(
                condition=Q(ceased__isnull=True) | Q(ceased__gte=F("began")),
                name="edition_ends_after_it_begins",
                violation_error_message="The last day of an edition lies before its first.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def applied_on(self, day: date) -> bool:
        """Whether this edition applied on `day`."""
        return self.began <= day and (self.ceased is None or day <= self.ceased)
