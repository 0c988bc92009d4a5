"""Drift: regional text has changed since the local addition beside it was last checked against it.

An addition was checked against the regional text that it was written against, and against each that somebody has
confirmed it against (`Confirmation`). It has drifted from the day on which the first regional version after those took
effect that says something else than the one before: consequential versions, those never in force, those that only call
such a one back and those that only bear another number do not count. It has not drifted where no regional text stands
beside it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import Exists, F, OuterRef, Q, Subquery

from partnerships.models import Partnership
from procedures.models import Confirmation, Version, VersionQuerySet


@dataclass(frozen=True)
class Drift:
    """An addition, and the change of regional text that it was not checked against: the first of them."""

    addition: Version
    changed_by: Version

    @property
    def since(self) -> date:
        """The day on which the regional text changed."""
        assert self.changed_by.effective_date
        return self.changed_by.effective_date

    @property
    def readers_are_told_on(self) -> date:
        """The first day on which readers are told, should nobody have checked the addition by then."""
        return self.since + timedelta(days=self.addition.partnership.drift_grace_days)


def drifted(partnership_ids: Iterable[int], *, day: date) -> list[Drift]:
    """The additions of these partnerships in force on `day` that have drifted, longest first; three queries."""
    region_id = _region_id()
    return _drifts(_drifted(partnership_ids, region_id, day))


@lru_cache(maxsize=64)
def drifted_since(scope: tuple[int, ...], region_id: int, day: date, stamp: str) -> dict[int, date]:
    """By id, the additions of a viewpoint's scope that have drifted on `day`, and since when.

    One query, and none for the region alone. Kept for as long as the freshness stamp stays the same, so that a page
    pays nothing for it.
    """
    if scope == (region_id,):
        return {}
    found = _drifted(scope, region_id, day).exclude(drifted_by=None)  # type: ignore[misc]
    return dict(found.values_list("pk", "drifted_since"))  # type: ignore[misc]


def drifting(partnership_ids: Iterable[int], *, day: date) -> list[Drift]:
    """The additions beside which regional text will change after `day` without having been checked; three queries.

    Of each text the first such change, soonest first: an addition that takes effect only after it counts as well, one
    that another has replaced by then does not.
    """
    region_id = _region_id()
    texts = Version.objects.published().of(set(partnership_ids) - {region_id}).filter(withdrawn=False)
    standing = texts.that_take_effect().with_successor().filter(Q(superseded_on=None) | Q(superseded_on__gt=day))
    coming = _with_first(_unchecked_changes(region_id, after=day), standing)
    in_time = Q(superseded_on=None) | Q(superseded_on__gt=F("drifted_since"))
    return _drifts(coming.filter(in_time))


def last_checked(additions: Iterable[Version], *, by_day: date | None = None) -> dict[int, Version]:
    """By the id of each addition, the newest regional text that it was written or confirmed against; one query.

    Those that took effect only after `by_day` are left out, if it is given. Whoever publishes an addition's words again
    unchanged hands this on as what the new version is written against.
    """
    checked = {addition.pk: [addition.written_against] for addition in additions if addition.written_against}
    confirmations = Confirmation.objects.filter(addition__in=additions).select_related("against")
    for confirmation in confirmations:
        checked.setdefault(confirmation.addition_id, []).append(confirmation.against)
    for pk, texts in checked.items():
        checked[pk] = [text for text in texts if by_day is None or _moment(text)[0] <= by_day]
    return {pk: max(texts, key=_moment) for pk, texts in checked.items() if texts}


def changes_since(drifts: Iterable[Drift], *, until: date | None = None) -> dict[int, list[Version]]:
    """By the id of each addition, the regional versions by which its ground has changed, oldest first; two queries.

    Those that take effect after `until` are left out, if it is given.
    """
    drifts = list(drifts)
    sections = {drift.addition.section_id for drift in drifts}
    changes = _changes(_region_id()).filter(section__in=sections).order_by("effective_date", "published_at")
    if until:
        changes = changes.filter(effective_date__lte=until)
    found = list(changes.defer("body"))
    return {
        drift.addition.pk: [
            change
            for change in found
            if change.section_id == drift.addition.section_id and _moment(change) >= _moment(drift.changed_by)
        ]
        for drift in drifts
    }


def _region_id() -> int:
    """The region's id; 0 before there is one."""
    regions = Partnership.objects.filter(kind=Partnership.Kind.REGION)
    return regions.values_list("pk", flat=True).first() or 0


def _drifted(partnership_ids: Iterable[int], region_id: int, day: date) -> VersionQuerySet:
    """The additions of these partnerships in force on `day` beside regional text, with the first change unchecked."""
    beside = Version.objects.of([region_id]).in_force(day).filter(section=OuterRef("section"))
    additions = Version.objects.of(set(partnership_ids) - {region_id}).in_force(day).filter(Exists(beside))
    return _with_first(_unchecked_changes(region_id, until=day), additions)


def _with_first(unchecked: VersionQuerySet, additions: VersionQuerySet) -> VersionQuerySet:
    """Adds `drifted_by` and `drifted_since`: the first of the unchecked changes, and its day; None without any."""
    return additions.annotate(
        drifted_by=Subquery(unchecked.values("pk")[:1]), drifted_since=Subquery(unchecked.values("effective_date")[:1])
    )


def _changes(region_id: int | None) -> VersionQuerySet:
    """The regional versions that say something else than the one before; another number alone is nothing else."""
    regional = Version.objects.published().filter(partnership=region_id)
    kinds = regional.exclude(change_kind=Version.ChangeKind.CONSEQUENTIAL)
    earlier = regional.filter(section=OuterRef("section"), effective_date__lt=OuterRef("effective_date"))
    words = {name: OuterRef(name) for name in ("title", "body", "withdrawn")}
    says_the_same = Version.objects.filter(pk=OuterRef("earlier"), **words)
    changes = kinds.that_take_effect().that_change_something()
    return changes.alias(earlier=Subquery(earlier.newest_first().values("pk")[:1])).filter(~Exists(says_the_same))


def _unchecked_changes(
    region_id: int | None, *, until: date | None = None, after: date | None = None
) -> VersionQuerySet:
    """For a Subquery about an addition: the changes beside it that it was not checked against, oldest first.

    Checked against a text, it was checked against all before it.
    """
    changes = _changes(region_id).filter(section=OuterRef("section"))
    as_new = Q(effective_date__gt=OuterRef("effective_date")) | Q(
        effective_date=OuterRef("effective_date"), published_at__gte=OuterRef("published_at")
    )
    written = Version.objects.filter(as_new, pk=OuterRef(OuterRef("written_against")))
    confirmed = Version.objects.filter(
        as_new, pk__in=Confirmation.objects.filter(addition=OuterRef(OuterRef(OuterRef("pk")))).values("against")
    )
    if until:
        written, confirmed = (texts.filter(effective_date__lte=until) for texts in (written, confirmed))
        changes = changes.filter(effective_date__lte=until)
    if after:
        changes = changes.filter(effective_date__gt=after)
    return changes.filter(~Exists(written), ~Exists(confirmed)).order_by("effective_date", "published_at")


def _drifts(additions: VersionQuerySet) -> list[Drift]:
    """Those of the additions that have drifted, with what they have drifted from; two queries."""
    ordered = additions.order_by("drifted_since", "section", "partnership", "pk")  # type: ignore[misc]
    drifted_ones = ordered.exclude(drifted_by=None)  # type: ignore[misc]
    found = list(drifted_ones.select_related("section", "partnership"))
    changed_by = Version.objects.in_bulk({addition.drifted_by for addition in found})  # type: ignore[attr-defined]
    return [Drift(addition, changed_by[addition.drifted_by]) for addition in found]  # type: ignore[attr-defined]


def _moment(version: Version) -> tuple[date, datetime]:
    """Where a published version stands in its stream."""
    assert version.effective_date and version.published_at
    return version.effective_date, version.published_at
