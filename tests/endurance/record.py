"""What a whole record is: everything of a publication is there, or nothing of it."""

from collections import Counter
from collections.abc import Iterator
from io import StringIO

from django.core.management import call_command

from partnerships.models import AuditEntry
from procedures.editing.models import Draft, Release
from procedures.models import CrossReference, KeptRendering, Version
from tests.endurance.region import REFERENCE

PUBLISHED = (AuditEntry.Action.PUBLISHED, AuditEntry.Action.SCHEDULED)


def faults() -> list[str]:
    """A sentence for everything that is half there, and for what `verify_history` finds."""
    return [*_of_the_chains(), *_of_versions(), *_of_releases()]


def _of_the_chains() -> Iterator[str]:
    complaints = StringIO()
    try:
        call_command("verify_history", stdout=StringIO(), stderr=complaints)
    except SystemExit:
        yield f"verify_history fails: {complaints.getvalue()}"


def _of_versions() -> Iterator[str]:
    references = Counter(CrossReference.objects.values_list("from_version", flat=True))
    renderings = dict(KeptRendering.objects.values_list("version", "content"))
    entries = Counter(AuditEntry.objects.filter(action__in=PUBLISHED).values_list("version_id", flat=True))
    for draft in Draft.objects.with_texts():
        version: Version = draft.version
        word = version.body.split(" ")[0]
        found = {
            "published": version.is_published,
            "sealed": bool(version.digest),
            "approved": draft.approved_at is not None and bool(version.approver_name),
            "references": references[version.pk] == version.body.count(REFERENCE) == 1,
            "rendering": word in str(renderings.get(version.pk, "")) and bool(word),
            "audit entry": entries[version.pk] == 1,
        }
        if version.is_published and not all(found.values()):
            yield f"Version {version.pk} is half published: {found}"
        if not version.is_published and (references[version.pk] or version.pk in renderings or entries[version.pk]):
            yield f"Version {version.pk} is half published although it is a draft: {found}"


def _of_releases() -> Iterator[str]:
    for release in Release.objects.prefetch_related("drafts__version"):
        states = {draft.version.is_published for draft in release.drafts.all()}
        if release.published_at and states != {True} or not release.published_at and True in states:
            yield f"Release {release.pk} is half published."
