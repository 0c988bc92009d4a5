"""What a workspace address names, fetched for somebody who may see it: a draft, a section, a published version."""

from django.contrib.auth.models import User
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from partnerships.access import Role, partnership_where
from partnerships.models import Partnership
from procedures.editing.models import Draft
from procedures.models import Section, Version

EDITORS = (Role.AUTHOR, Role.APPROVER)


def int_of(sent: str) -> int:
    """The whole number that a form sent, 0 where it sent something else."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 18 else 0


def editor_of(request: HttpRequest) -> User:
    """Who is signed in; for a view behind `signed_in`."""
    assert request.user.is_authenticated
    return request.user


def draft_where(request: HttpRequest, slug: str, draft_id: int, *roles: Role) -> Draft:
    """The partnership's draft; Http404 for a stranger or another partnership's, PermissionDenied for a wrong role."""
    partnership = partnership_where(request.user, slug, *(roles or EDITORS))
    return get_object_or_404(Draft.objects.with_texts(), pk=draft_id, version__partnership=partnership)


def text_where(request: HttpRequest, slug: str, section_slug: str, *roles: Role) -> tuple[Partnership, Section]:
    """The partnership and a section, of which it may or may not have a text yet; as `draft_where`.

    A section in which neither the region nor this partnership has ever had a text or draft is not found: another
    partnership's local procedures are none of its business.
    """
    partnership = partnership_where(request.user, slug, *(roles or EDITORS))
    own = Version.objects.filter(partnership=partnership)
    regional = Version.objects.published().filter(partnership__kind=Partnership.Kind.REGION)
    known = (own | regional).values("section")
    return partnership, get_object_or_404(Section, slug=section_slug, pk__in=known)


def published_where(request: HttpRequest, slug: str, version_id: int, *roles: Role) -> Version:
    """A published version of the partnership's; as `draft_where`."""
    partnership = partnership_where(request.user, slug, *(roles or EDITORS))
    published = Version.objects.published().select_related("section", "partnership")
    return get_object_or_404(published, pk=version_id, partnership=partnership)
