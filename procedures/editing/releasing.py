"""From an approved draft to a published version: alone, or several as one release. And the way back before the day.

Each is one transaction with `procedures.publishing` at its heart: either all of it happens or none. Locks are always
taken in the order manual, drafts, audit log.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from partnerships import access
from partnerships.audit import Action, record
from partnerships.models import Membership
from procedures.drift import last_checked
from procedures.editing import letters
from procedures.editing.models import Draft, Release
from procedures.editing.refusing import NotPossible
from procedures.editing.workflow import locked, log
from procedures.models import Version
from procedures.pages import in_words
from procedures.publishing import lock_the_manual, publish_together

AT_ONCE = timedelta(microseconds=200)


@transaction.atomic
def publish(draft: Draft, *, by: User, effective_date: date, now: datetime, today: date) -> Version:
    """Publish an approved draft from `effective_date` on.

    NotPossible while nobody has approved it, or it is to be published with a release; Refused for its faults.
    """
    lock_the_manual()
    draft = locked(draft)
    if draft.release and draft.is_open:
        raise NotPossible(
            f"“{draft.name}” is part of the release “{draft.release.name}” and will be published with it. "
            "To publish it alone, take it out of the release first."
        )
    [version] = _publish([draft], by=by, effective_date=effective_date, today=today)
    _record_published([version], by=by, now=now, today=today)
    return version


@transaction.atomic
def publish_release(release: Release, *, revision: int, by: User, now: datetime, today: date) -> list[Version]:
    """Publish all drafts of a release, as `revision` of it stands, on its day and with its note; or none of them.

    NotPossible when it has become another one, while it is empty, and while one of its drafts is not approved; Refused
    for the faults of all of them.
    """
    lock_the_manual()
    release = Release.objects.select_for_update(of=("self",)).select_related("partnership").get(pk=release.pk)
    if release.published_at is not None:
        raise NotPossible("This release has been published already.")
    if release.revision != revision:
        raise NotPossible("This release has changed since you opened it. Look at it again before you publish it.")
    drafts = [locked(draft) for draft in release.drafts.order_by("pk")]
    if not drafts:
        raise NotPossible("There is no draft in this release yet.")
    for draft in drafts:
        draft.version.change_note = release.note
    versions = _publish(drafts, by=by, effective_date=release.effective_date, today=today)
    release.published_at, release.published_by = now, by
    release.save(update_fields=["published_at", "published_by"])
    _record_published(versions, by=by, now=now, today=today)
    about, detail = release.name, f"{len(versions)} texts, effective {in_words(release.effective_date)}. {release.note}"
    record(release.partnership, Action.RELEASE_PUBLISHED, by=by, at=now, about=about, detail=detail)
    return versions


def _publish(drafts: Sequence[Draft], *, by: User, effective_date: date, today: date) -> list[Version]:
    """Publish drafts that are locked and must be approved, by somebody who may agree to each of them."""
    for draft in drafts:
        version = draft.version
        if draft.approved_at is None or not draft.is_open:
            state = draft.get_state_display().lower()
            raise NotPossible(f"“{draft.name}” is not ready to be published: it is {state}.")
        if not access.may_agree(by, version.partnership, set(draft.writers.values_list("pk", flat=True))):
            raise NotPossible(f"“{draft.name}” has to be published by somebody who did not write it.")
        version.effective_date, version.approver = effective_date, draft.approved_by
        version.save(update_fields=["approver", "change_note"])  # its day is not stored before it has been checked
    return publish_together([draft.version for draft in drafts], by=by, today=today)


def _record_published(versions: Iterable[Version], *, by: User, now: datetime, today: date) -> None:
    """Tell the writers and the owners of what stands beside, and write the log, of drafts published a moment ago."""
    drafts = [Draft.objects.with_texts().get(pk=version.pk) for version in versions]
    for draft in drafts:
        day = _day_of(draft.version)
        writers = draft.writers.filter(is_active=True).exclude(pk=by.pk)
        context = {"draft": draft, "by": by, "is_scheduled": day > today}
        letters.write(writers, f"Published: {draft.name}", "published", context)
        if draft.version.partnership.is_region and draft.version.change_kind != Version.ChangeKind.CONSEQUENTIAL:
            _tell_owners_beside(draft)
    for draft in drafts:
        day = _day_of(draft.version)
        action = Action.SCHEDULED if day > today else Action.WITHDRAWN if draft.version.withdrawn else Action.PUBLISHED
        log(draft, action, by=by, now=now, detail=f"Effective {in_words(day)}. {draft.version.change_note}".strip())


def _day_of(version: Version) -> date:
    """The effective date of a published version, which has one."""
    assert version.effective_date
    return version.effective_date


def _tell_owners_beside(draft: Draft) -> None:
    """Ask the partnerships with an addition to this regional text to check it against the change."""
    beside = Version.objects.filter(section=draft.version.section_id).in_force(_day_of(draft.version))
    for addition in beside.exclude(partnership=draft.version.partnership_id).select_related("partnership"):
        people = letters.members(addition.partnership, Membership.Role.AUTHOR, Membership.Role.APPROVER)
        context = {"draft": draft, "owner": addition.partnership, "slug": draft.version.section.slug}
        letters.write(people, f"To check: the regional text of {draft.name}", "regional_text_changes", context)


# --- Before the day -------------------------------------------------------------------------------------------------


def published_together(version: Version, today: date) -> list[Version]:
    """The versions that can be called back and were published in one go with `version`, itself included.

    What is published together lies a few microseconds apart (`procedures.publishing`); no two publications do.
    """
    if version.imported or version.published_at is None:
        return [version]
    around = (version.published_at - AT_ONCE, version.published_at + AT_ONCE)
    together = Version.objects.published().filter(published_at__range=around, effective_date__gt=today, imported=False)
    ordered = together.select_related("section", "partnership").order_by("published_at", "pk")
    return [other for other in ordered if may_be_called_back(other, today)]


def may_be_called_back(version: Version, today: date) -> bool:
    """Whether a published version waits for its day, and nothing published later has taken that day from it."""
    if version.published_at is None or version.effective_date is None or version.effective_date <= today:
        return False
    of_that_day = Version.objects.published().filter(
        section=version.section_id, partnership=version.partnership_id, effective_date=version.effective_date
    )
    return not of_that_day.filter(published_at__gt=version.published_at).exists()


@transaction.atomic
def call_back(versions: Sequence[Version], reason: str, *, by: User, now: datetime, today: date) -> list[Version]:
    """Keep scheduled versions from ever taking effect: what is in force before them is published again for their day.

    The record stays: each was published, and each was called back, by whom and why. NotPossible when one has taken
    effect or has been replaced already; Refused when what would then stand does not hold together.
    """
    lock_the_manual()
    versions = list(Version.objects.select_related("section", "partnership").filter(pk__in=[v.pk for v in versions]))
    for version in versions:
        if not may_be_called_back(version, today):
            raise NotPossible(f"“{version}” can no longer be called back: it has taken effect or been replaced.")
    restating = [_restating(version, versions, reason, by) for version in versions]
    for version in restating:
        version.save()
    published = publish_together(restating, by=by, today=today)
    for version, called_back in zip(published, versions, strict=True):
        record(
            version.partnership,
            Action.CALLED_BACK,
            by=by,
            at=now,
            about=called_back.name,
            section=version.section.slug,
            version_id=called_back.pk,
            detail=f"It would have taken effect on {in_words(_day_of(called_back))}. {reason}",
        )
    return published


def _restating(version: Version, called_back: Sequence[Version], reason: str, by: User) -> Version:
    """A draft that says for the day of `version` what would be in force then without those that are called back."""
    stream = Version.objects.published().filter(section=version.section_id, partnership=version.partnership_id)
    others = stream.exclude(pk__in=[other.pk for other in called_back])
    before = others.filter(effective_date__lte=version.effective_date).newest_first().first()
    draft = Version(
        section=version.section,
        partnership=version.partnership,
        effective_date=version.effective_date,
        based_on=stream.order_by("-published_at").first(),
        author=by,
        change_kind=Version.ChangeKind.MINOR,
        change_note=f"Calls back the text that was to take effect on this day: {reason}",
        withdrawn=before is None or before.withdrawn,
    )
    if before is not None:
        for name in ("number", "title", "body"):
            setattr(draft, name, getattr(before, name))
        draft.written_against = last_checked([before]).get(before.pk)
        if before.review_date:
            draft.review_date = max(before.review_date, version.effective_date)  # type: ignore[type-var]
    return draft
