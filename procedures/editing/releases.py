"""Releases in the workspace: several drafts of a partnership that are published on one day with one note."""

from django.contrib import messages
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships import access
from partnerships.access import Role, partnership_where, signed_in
from partnerships.audit import Action, record
from partnerships.models import Partnership
from partnerships.workspace_nav import navigation
from procedures.checks import Fault
from procedures.editing import releasing, workflow
from procedures.editing.finding import EDITORS, editor_of, int_of
from procedures.editing.forms import ReleaseForm
from procedures.editing.models import Draft, Release
from procedures.editing.refusing import NotPossible
from procedures.publishing import Refused

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def releases(request: HttpRequest, slug: str) -> HttpResponse:
    """The partnership's releases, those to come first."""
    partnership = partnership_where(request.user, slug, *EDITORS)
    own = Release.objects.filter(partnership=partnership).prefetch_related("drafts__version__section")
    return render(
        request,
        "editing/releases.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "releases"),
            "waiting": own.filter(published_at__isnull=True),
            "published": own.filter(published_at__isnull=False),
        },
    )


@require_form
@signed_in
def new_release(request: HttpRequest, slug: str) -> HttpResponse:
    """Make a release; drafts are put into it on its own page."""
    partnership = partnership_where(request.user, slug, *EDITORS)
    form = ReleaseForm(request.POST or None, today=localdate())
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            release = Release.objects.create(
                partnership=partnership, made_by=editor_of(request), made_at=now(), **form.cleaned_data
            )
            _log(request, release, Action.RELEASE_MADE)
        return redirect("release", slug, release.pk)
    return _form_page(request, partnership, form, "New release")


@require_form
@signed_in
def change_release(request: HttpRequest, slug: str, release_id: int) -> HttpResponse:
    """Change the name, note or day of a release that is not published yet."""
    release = _release(request, slug, release_id)
    fields = ("name", "note", "effective_date")
    initial = {name: getattr(release, name) for name in fields}
    form = ReleaseForm(request.POST or None, today=localdate(), initial=initial)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            own = Release.objects.filter(pk=release.pk, published_at__isnull=True)
            if own.update(**form.cleaned_data, revision=F("revision") + 1):
                _log(request, release, Action.RELEASE_CHANGED)
            else:
                messages.error(request, "This release has been published meanwhile.")
        return redirect("release", slug, release.pk)
    return _form_page(request, release.partnership, form, f"Change {release.name}")


def _form_page(request: HttpRequest, partnership: Partnership, form: ReleaseForm, heading: str) -> HttpResponse:
    return render(
        request,
        "editing/release_form.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "releases"),
            "form": form,
            "heading": heading,
        },
    )


@require_safe
@signed_in
def release(request: HttpRequest, slug: str, release_id: int) -> HttpResponse:
    """One release: its drafts and how far each is, and the drafts that could be put into it."""
    return _release_page(request, _release(request, slug, release_id))


def _release_page(
    request: HttpRequest, release: Release, faults: list[Fault] | None = None, status: int = 200
) -> HttpResponse:
    partnership = release.partnership
    inside = list(release.drafts.with_texts())
    others = Draft.objects.open().of([partnership.pk]).filter(release=None).with_texts()
    return render(
        request,
        "editing/release.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "releases"),
            "release": release,
            "drafts": inside,
            "others": others if release.published_at is None else [],
            "refused": [(fault, _name_of(fault, inside)) for fault in faults or []],
            "is_ready": bool(inside) and all(draft.state == Draft.State.APPROVED for draft in inside),
            "is_approver": access.may_approve(request.user, partnership),
        },
        status=status,
    )


def _name_of(fault: Fault, inside: list[Draft]) -> str:
    """Which text a fault is in: a draft of the release, or a published text that would be wrong with it."""
    names = {draft.pk: draft.name for draft in inside}
    version = fault.version
    return names.get(version.pk) or f"{version.number} {version.title}".strip() or version.section.slug


@require_POST
@signed_in
def change_contents(request: HttpRequest, slug: str, release_id: int) -> HttpResponse:
    """Put a draft into the release, or take one out."""
    release = _release(request, slug, release_id)
    waiting = Draft.objects.open().of([release.partnership_id])
    draft = get_object_or_404(waiting, pk=int_of(request.POST.get("draft", "")))
    is_put_in = request.POST.get("action") == "add"
    with transaction.atomic():
        if Release.objects.select_for_update().get(pk=release.pk).published_at is not None:
            messages.error(request, "This release has been published: nothing can be changed in it.")
            return redirect("release", slug, release.pk)
        if not workflow.locked(draft).is_open:
            messages.error(request, f"“{draft.name}” has been published or discarded meanwhile.")
            return redirect("release", slug, release.pk)
        others = Draft.objects.filter(pk=draft.pk, release=None if is_put_in else release)
        if others.update(release=release if is_put_in else None):
            Release.objects.filter(pk=release.pk).update(revision=F("revision") + 1)
            _log(request, release, Action.RELEASE_CHANGED, f"{'Put in' if is_put_in else 'Taken out'}: {draft.name}")
    return redirect("release", slug, release.pk)


@require_POST
@signed_in
def publish_release(request: HttpRequest, slug: str, release_id: int) -> HttpResponse:
    """Publish all drafts of a release together."""
    release = _release(request, slug, release_id, Role.APPROVER)
    try:
        revision = int_of(request.POST.get("revision", ""))
        versions = releasing.publish_release(
            release, revision=revision, by=editor_of(request), now=now(), today=localdate()
        )
    except NotPossible as refusal:
        messages.error(request, str(refusal))
    except Refused as refusal:
        return _release_page(request, release, refusal.faults, status=409)
    else:
        messages.success(request, f"The release is published with {len(versions)} texts.")
    return redirect("release", slug, release.pk)


@require_POST
@signed_in
def discard_release(request: HttpRequest, slug: str, release_id: int) -> HttpResponse:
    """Do without a release. Its drafts stay."""
    release = _release(request, slug, release_id)
    with transaction.atomic():
        if Release.objects.select_for_update().get(pk=release.pk).published_at is not None:
            messages.error(request, "This release has been published: it stays on record.")
            return redirect("release", slug, release.pk)
        Release.objects.filter(pk=release.pk).delete()
        _log(request, release, Action.RELEASE_DISCARDED)
    messages.success(request, f"The release “{release.name}” is discarded. Its drafts stay.")
    return redirect("releases", slug)


def _release(request: HttpRequest, slug: str, release_id: int, *roles: Role) -> Release:
    partnership = partnership_where(request.user, slug, *(roles or EDITORS))
    return get_object_or_404(Release.objects.select_related("partnership"), pk=release_id, partnership=partnership)


def _log(request: HttpRequest, release: Release, action: Action, detail: str = "") -> None:
    record(release.partnership, action, by=editor_of(request), at=now(), about=release.name, detail=detail)
