"""The point-in-time questions: which version of a stream counts on which day, what followed it, what never counted.

A *stream* is all that one partnership has published of one section. A version counts from its effective date until
another of its stream takes effect. Two may take effect on one day; then the one published later counts. If it was
published before that day, the other is *never in force*; if on the day itself, an urgent correction took its place.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

if TYPE_CHECKING:
    from procedures.models.version import Version  # noqa: F401 - the name in quotes below

SEALED = (
    "A published version is never changed and never deleted. "
    "Publish another version of the section to mend what is wrong in this one."
)
SOON = timedelta(days=30)  # how long before its review date a text is called due for review

_SAME_STREAM = {"section": OuterRef("section"), "partnership": OuterRef("partnership")}
_AS_AN_OUTER_ONE = {name: OuterRef(name) for name in ("number", "title", "body", "withdrawn")}
# That a version reads as the one of an outer query does: the same words, or both withdraw the section.
_READS_THE_SAME = Q(**_AS_AN_OUTER_ONE) | Q(Q(withdrawn=OuterRef("withdrawn")), withdrawn=True)


class Sealed(Exception):
    """Somebody tried to change or delete a published version through Python."""


class VersionQuerySet(models.QuerySet["Version"]):
    """Versions of many streams, asked about days."""

    def published(self) -> "VersionQuerySet":
        return self.filter(published_at__isnull=False)

    def of(self, partnership_ids: Iterable[int]) -> "VersionQuerySet":
        """Those that belong to the given partnerships."""
        return self.filter(partnership_id__in=list(partnership_ids))

    def latest_on(self, day: date) -> "VersionQuerySet":
        """The newest version of each stream that had taken effect by `day`, withdrawals included.

        "Newest" is by effective date, then by the moment of publication: of two versions that take effect on one
        day, the one published later counts.
        """
        newest = self.newest_of_stream(day, OuterRef("section"), OuterRef("partnership"))
        return self.published().filter(effective_date__lte=day, pk=Subquery(newest))

    def newest_of_stream(self, day: date, section: OuterRef, partnership: OuterRef) -> "VersionQuerySet":
        """The id of the newest version, by `day`, of the stream that an outer query names; for a Subquery."""
        stream = self._anew().filter(section=section, partnership=partnership, effective_date__lte=day)
        return stream.newest_first().values("pk")[:1]  # type: ignore[return-value]

    def in_force(self, day: date) -> "VersionQuerySet":
        """The versions in force on `day`: the newest of each stream, unless that withdraws the section."""
        return self.latest_on(day).filter(withdrawn=False)

    def last_to_bear(self, number: str, day: date) -> "VersionQuerySet":
        """Those that bore a number on `day` or before, the one that bore it last first."""
        return self.published().that_take_effect().filter(number=number, effective_date__lte=day).newest_first()

    def due_for_review(self, day: date) -> "VersionQuerySet":
        """Those in force on `day` that are to be reviewed within 30 days, or should have been, most pressing first."""
        return self.in_force(day).filter(review_date__lte=day + SOON).order_by("review_date", "section", "partnership")

    def that_take_effect(self) -> "VersionQuerySet":
        """Less those that are never in force: another of their stream replaced them before their own first day."""
        replacing = self._anew().filter(
            **_SAME_STREAM,
            effective_date=OuterRef("effective_date"),
            published_at__gt=OuterRef("published_at"),
            published_at__date__lt=OuterRef("effective_date"),  # in the site's time zone
        )
        # Not as Exists: PostgreSQL would make a join of it that reads the whole table.
        return self.alias(called_off_by=Subquery(replacing.values("pk")[:1])).filter(called_off_by=None)

    def that_change_something(self) -> "VersionQuerySet":
        """Less those that only call another back: before its day they replaced it with what is in force anyway."""
        called_back = self._anew().filter(
            **_SAME_STREAM, effective_date=OuterRef("effective_date"), published_at__lt=OuterRef("published_at")
        )
        before = self._anew().filter(**_SAME_STREAM, effective_date__lt=OuterRef("effective_date")).newest_first()
        as_before = self._anew().filter(_READS_THE_SAME, pk=OuterRef("id_before"))
        changes_nothing = Q(Q(id_before__isnull=True), withdrawn=True) | Exists(as_before)
        calls_back = Q(published_at__date__lt=F("effective_date")) & Exists(called_back)
        return self.alias(id_before=Subquery(before.values("pk")[:1])).exclude(calls_back & changes_nothing)

    def with_successor(self) -> "VersionQuerySet":
        """Adds `successor_id` and `superseded_on`: what took over from each and when, or will; None while nothing does.

        Versions that are never in force take over from nobody.
        """
        later = self._what_follows()
        return self.annotate(
            successor_id=Subquery(later.values("pk")[:1]),
            superseded_on=Subquery(later.values("effective_date")[:1]),
        )

    def with_note_of_successor(self) -> "VersionQuerySet":
        """Adds `successor`: of what took over from each, or will, the `id`, the `day` (ISO 8601) and the change `note`.

        None while nothing does; what says the same again, such as what calls another back, takes over from nobody.
        """
        told = JSONObject(id="pk", day="effective_date", note="change_note")
        later = self._what_follows().exclude(_READS_THE_SAME)
        return self.annotate(successor=Subquery(later.values(told=told)[:1]))

    def _what_follows(self) -> "VersionQuerySet":
        """What took over from each version of an outer query, first what does so first."""
        later = self._anew().that_take_effect().filter(**_SAME_STREAM)
        later = later.filter(
            Q(effective_date__gt=OuterRef("effective_date"))
            | Q(effective_date=OuterRef("effective_date"), published_at__gt=OuterRef("published_at"))
        )
        return later.order_by("effective_date", "published_at")

    def newest_first(self) -> "VersionQuerySet":
        return self.order_by("-effective_date", "-published_at")

    def in_order_of_publication(self) -> "VersionQuerySet":
        """The order of the digest chain: by stream, then by the moment of publication."""
        return self.order_by("section", "partnership", "published_at", "pk")

    def update(self, **fields: Any) -> int:
        if self.published().exists():
            raise Sealed(SEALED)
        return super().update(**fields)

    def delete(self) -> tuple[int, dict[str, int]]:
        if self.published().exists():
            raise Sealed(SEALED)
        return super().delete()

    delete.queryset_only = True  # type: ignore[attr-defined]  # as Django marks its own

    def _anew(self) -> "VersionQuerySet":
        """All that is published, whatever this queryset has been narrowed to."""
        return self.model.objects.published()


def last_day(superseded_on: date | None) -> date | None:
    """The last day of a version that was superseded on the given day; None while nothing follows it."""
    return superseded_on - timedelta(days=1) if superseded_on else None
