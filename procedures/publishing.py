"""The one door through which text becomes public.

`publish` takes one draft, `publish_together` several; `publish_imported` takes many versions that come with their own
dates. All check everything, and in one transaction seal the versions and write their cross-references and their HTML.
The database's triggers renew the freshness stamp in that same transaction, and whatever else follows from a publication
(search index, caches) catches up by comparing that stamp, so nothing is half public if the process dies.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from partnerships.models import Partnership
from procedures.batch import CHUNK, Batch, Candidate, Progress, Refused
from procedures.checks import LONGEST, Fault
from procedures.models import Version
from procedures.register import Stream, stream_of
from procedures.rendering import Rendered

__all__ = [
    "Refused",
    "faults_of",
    "lock_the_manual",
    "preview_of",
    "publish",
    "publish_imported",
    "publish_together",
]

Publication = tuple[int, datetime]  # a version's id, and when it was published


def publish(draft: Version, *, by: AbstractBaseUser, effective_date: date, today: date) -> Version:
    """Publish a saved draft from `effective_date` on, and give the sealed version. `by` counts as its approver if it
    has none yet.

    `today` is the day in the site's time zone. Raises Refused, with nothing written, when the date lies in the past,
    when somebody published another version since the draft was begun, or for any fault of `procedures.checks`.
    """
    draft.effective_date = effective_date
    [version] = publish_together([draft], by=by, today=today)
    return version


def publish_together(drafts: Sequence[Version], *, by: AbstractBaseUser, today: date) -> list[Version]:
    """Publish saved drafts in one transaction, each from its own `effective_date` on; all of them or none.

    They are checked as one whole, so they may refer to each other and take each other's numbers. The region's come
    first in the record, so that a local addition is written against the regional text published with it; a text may
    come with several days. Gives the sealed versions in the order of `drafts`; raises Refused as `publish` does, with
    the faults of all of them.
    """
    days = {draft.pk: draft.effective_date for draft in drafts}
    with transaction.atomic():
        lock_the_manual()
        stored = Version.objects.select_related("section", "partnership", "author", "approver", "written_against")
        for version in (versions := list(stored.filter(pk__in=days))):
            version.effective_date = days[version.pk]
        versions.sort(key=_in_order_of_publication)
        newest = _published_last(versions)
        _refuse_what_has_moved_on(versions, newest, today)
        moments = _moments(versions, _moment_after(moment for _, moment in newest.values()))
        for version, moment in zip(versions, moments, strict=True):
            version.approver = version.approver or by  # type: ignore[assignment]
            version.approver_name = _name_of(version.approver)
            version.author_name = version.author_name or _name_of(version.author)
            version.published_at = moment
            version.tidy()
        Batch(versions).publish(store=_store_drafts)
    published = Version.objects.in_bulk(days)
    return [published[draft.pk] for draft in drafts]


def faults_of(drafts: Sequence[Version], *, today: date) -> list[Fault]:
    """All that would keep these drafts from being published now, as far as it can be told without publishing them.

    They may be unsaved, and stay as they are. One without an effective date is looked at as if it took effect on
    `today`. Nothing is locked and nothing written.
    """
    copies = [copy(draft) for draft in drafts]
    originals = {id(looked_at): draft for looked_at, draft in zip(copies, drafts, strict=True)}
    for looked_at in copies:
        looked_at.effective_date = looked_at.effective_date or today
    copies.sort(key=_in_order_of_publication)
    for looked_at, moment in zip(copies, _moments(copies, datetime.now(UTC)), strict=True):
        looked_at.published_at = moment
    faults = Batch(copies).check()
    return [replace(fault, version=originals.get(id(fault.version), fault.version)) for fault in faults]


def preview_of(draft: Version, *, today: date) -> Rendered:
    """A draft's text as the HTML that it would get if it were published now.

    The draft may be unsaved, and stays as it is. One without an effective date is looked at as if it took effect on
    `today`. Nothing is locked and nothing written.
    """
    looked_at = copy(draft)
    looked_at.effective_date, looked_at.published_at = draft.effective_date or today, datetime.now(UTC)
    return Batch([looked_at]).preview()


def publish_imported(versions: Sequence[Version], *, progress: Progress = iter) -> None:
    """Publish unsaved versions that carry their own effective dates and moments of publication, past ones included.

    They come in order of publication and are marked as imported. A local addition whose `written_against` is None is
    taken to be written against the regional text of its day. `progress` wraps the versions as they are worked on.
    Raises Refused with every fault of every version, and has then written nothing.
    """
    for version in versions:
        version.imported = True
        version.tidy()
    with transaction.atomic():
        lock_the_manual()
        Batch(versions).publish(store=_store_new, progress=progress)


def lock_the_manual() -> None:
    """One publication at a time: numbers and references are the whole manual's, not one section's.

    SQLite locks the whole database anyway when a transaction begins.
    """
    region = Partnership.objects.filter(kind=Partnership.Kind.REGION).order_by("pk")
    list(region.select_for_update(no_key=True).values_list("pk"))


def _refuse_what_has_moved_on(drafts: Sequence[Version], newest: Mapping[Stream, Publication], today: date) -> None:
    """Refused for every draft that is published already, has a day in the past or did not begin with the newest."""
    faults = []
    days_of_streams = Counter((draft.section_id, draft.partnership_id, draft.effective_date) for draft in drafts)
    for draft in drafts:
        day, (last, _) = draft.effective_date, newest.get(stream_of(draft), (None, None))
        if draft.is_published:
            faults.append(Fault(draft, "", "This draft has been published already."))
        elif day is None:
            faults.append(Fault(draft, "effective_date", "Say from which day on it is in force."))
        elif day < today:
            message = f"The effective date, {day}, lies in the past. The earliest possible day is today, {today}."
            faults.append(Fault(draft, "effective_date", message))
        elif days_of_streams[draft.section_id, draft.partnership_id, day] > 1:
            message = f"Two drafts of this text are to be published together for {day}. Take one of them out."
            faults.append(Fault(draft, "", message))
        elif last != draft.based_on_id:
            message = (
                "Somebody published another version of this text since this draft was begun. "
                "Compare the two and begin again from the newest."
            )
            faults.append(Fault(draft, "based_on", message))
    if faults:
        raise Refused(faults)


def _in_order_of_publication(version: Version) -> tuple[bool, date, int]:
    return not version.partnership.is_region, version.effective_date or date.max, version.pk or 0


def _moments(versions: Sequence[Version], first: datetime) -> list[datetime]:
    """A moment of publication for each of `versions`, which stand in their order: no stream has one moment twice.

    The region's all come before the others'. What is published together so lies a few microseconds apart.
    """
    places: Counter[Stream] = Counter()
    regional_moments = 0
    moments = []
    for version in versions:
        stream = stream_of(version)
        place = places[stream] if version.partnership.is_region else regional_moments + places[stream]
        places[stream] += 1
        regional_moments = max(regional_moments, places[stream]) if version.partnership.is_region else regional_moments
        moments.append(first + timedelta(microseconds=place))
    return moments


def _published_last(versions: Iterable[Version]) -> dict[Stream, Publication]:
    """What was published last in each stream of these versions, as far as anything was."""
    streams = [stream_of(version) for version in versions]
    rows = Version.objects.published().filter(
        section__in={section for section, _ in streams}, partnership__in={partnership for _, partnership in streams}
    )
    fields = ("section_id", "partnership_id", "pk", "published_at")
    return {
        (section, partnership): (pk, moment)
        for section, partnership, pk, moment in rows.order_by("published_at").values_list(*fields)
    }


def _moment_after(moments: Iterable[datetime]) -> datetime:
    """Now, or a microsecond after the last of these moments should the clock have been set back."""
    return max([datetime.now(UTC), *(moment + timedelta(microseconds=1) for moment in moments)])


def _name_of(person: Any) -> str:
    return (person.get_full_name() or person.get_username())[: LONGEST["author_name"]] if person else ""


def _store_new(candidates: list[Candidate]) -> None:
    """Insert versions; those written against another of the same chunk after it."""
    versions = [candidate.version for candidate in candidates]
    dependent = {id(v) for v in versions if v.written_against is not None and v.written_against.pk is None}
    Version.objects.bulk_create([v for v in versions if id(v) not in dependent], CHUNK)
    Version.objects.bulk_create([v for v in versions if id(v) in dependent], CHUNK)


PUBLISHED_FIELDS = (
    "number",
    "title",
    "body",
    "change_note",
    "effective_date",
    "approver",
    "approver_name",
    "author_name",
    "published_at",
    "heading_ids",
    "digest",
    "written_against",
)


def _store_drafts(candidates: list[Candidate]) -> None:
    """Turn drafts into published versions, the region's first: others may be written against those."""
    for version in (candidate.version for candidate in candidates):
        draft = Version.objects.filter(pk=version.pk, published_at__isnull=True)
        draft.update(**{name: getattr(version, name) for name in PUBLISHED_FIELDS})
