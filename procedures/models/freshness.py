"""The freshness stamp: one row that changes in the transaction of anything that readers can see."""

from django.db import models


class FreshnessStamp(models.Model):
    """The single row; triggers (`procedures.sealing`) give it a new random value, so no route can forget to.

    Random rather than counted, so that a database restored from a backup never repeats a value that caches elsewhere
    know with other content.
    """

    ROW = 1

    value = models.CharField(max_length=32)

    def __str__(self) -> str:
        return self.value

    @classmethod
    def now(cls) -> str:
        """The present stamp; "" before anything was ever published."""
        return cls.objects.filter(pk=cls.ROW).values_list("value", flat=True).first() or ""
