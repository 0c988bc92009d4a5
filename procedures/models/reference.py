"""Cross-references: links from a version to another section, never to a version."""

from collections.abc import Iterable
from datetime import date

from django.db import models
from django.db.models import OuterRef, Subquery

from procedures.models.section import Section
from procedures.models.version import Version


class CrossReferenceQuerySet(models.QuerySet["CrossReference"]):
    def in_force(self, day: date, partnership_ids: Iterable[int]) -> "CrossReferenceQuerySet":
        """Those in the versions in force on `day` of the given partnerships."""
        newest = Version.objects.newest_of_stream(
            day, OuterRef("from_version__section"), OuterRef("from_version__partnership")
        )
        return self.filter(
            from_version__partnership_id__in=list(partnership_ids),
            from_version__effective_date__lte=day,
            from_version__withdrawn=False,
            from_version=Subquery(newest),
        )


class CrossReference(models.Model):
    """One reference in a version's text, bound when the text was published to the section that it meant.

    Rows rather than links in HTML, so that "what refers to this section" is a query.
    """

    from_version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="references")
    to_section = models.ForeignKey(Section, on_delete=models.PROTECT, related_name="references_here")
    words = models.CharField(max_length=300, help_text="The words of the link, as written.")
    number = models.CharField(max_length=15, blank=True, help_text="The number as written; empty in a link by slug.")

    objects = CrossReferenceQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["to_section", "number"], name="reference_to_section")]

    def __str__(self) -> str:
        return f"{self.words} -> {self.to_section}"
