"""E-mails to editors, kept until they have gone out."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q

CLAIM_LASTS = timedelta(minutes=10)


class LetterQuerySet(models.QuerySet["Letter"]):
    def waiting(self, moment: datetime) -> "LetterQuerySet":
        """Those not sent that nobody is sending at `moment`: a claim counts for ten minutes."""
        free = Q(claimed_at__isnull=True) | Q(claimed_at__lt=moment - CLAIM_LASTS)
        return self.filter(free, sent_at__isnull=True).order_by("pk")


class Letter(models.Model):
    """One e-mail, written in the transaction of what it tells of and sent after it.

    So none is lost, and none tells of what did not happen.
    """

    to = models.EmailField()
    subject = models.CharField(max_length=200)
    text = models.TextField()
    written_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True, help_text="When somebody last began to send it.")
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
