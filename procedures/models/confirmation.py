"""That somebody has checked a local addition against changed regional text and found it still right."""

from django.conf import settings
from django.db import models

from procedures.models.version import Version


class Confirmation(models.Model):
    """One check without a change: the addition stays as it is, and has not drifted from that regional text.

    It tells readers something, so it is never changed or deleted: `procedures.sealing` sees to it.
    """

    addition = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="confirmations")
    against = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["addition", "against"],
                name="confirmation_once",
                violation_error_message="This text has been checked against that regional text already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.addition} checked against {self.against}"
