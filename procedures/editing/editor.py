"""The page on which a draft's text is written, its preview, and what its scripts ask: saving on the way, finding."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.timezone import localdate, localtime, now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import Role, may_draft, partnership_where, signed_in
from partnerships.directory import directory
from partnerships.workspace_nav import navigation
from procedures.comparison import compare_html
from procedures.editing import link_targets, workflow
from procedures.editing.beginning import Stream
from procedures.editing.finding import draft_where
from procedures.editing.models import Draft
from procedures.editing.preview import markdownify, preview
from procedures.editing.refusing import NotPossible, OutOfDate
from procedures.editing.text_form import TextForm
from procedures.pages import in_words, stamp_of
from procedures.viewpoint import Viewpoint

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_form
@signed_in
def draft(request: HttpRequest, partnership: str, draft_id: int) -> HttpResponse:
    """Write a draft; read it where it may not be written."""
    found = draft_where(request, partnership, draft_id, *([Role.AUTHOR] if request.method == "POST" else []))
    if request.method == "POST":
        return _save(request, found)
    if not found.may_be_written or not may_draft(request.user, found.version.partnership):
        return _show(request, found)
    return _write(request, found, TextForm(draft=found))


def _save(request: HttpRequest, found: Draft) -> HttpResponse:
    """Keep what was sent and go where its button leads; or show the form again and say why it could not be kept."""
    form = TextForm(request.POST, draft=found)
    if not form.is_valid():
        return _write(request, found, form, status=422)
    assert request.user.is_authenticated
    try:
        workflow.save(found, form.values, by=request.user, revision=form.cleaned_data["revision"], now=now())
    except OutOfDate as refusal:
        return _clash(request, refusal.draft, form)  # type: ignore[arg-type]
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return _show(request, draft_where(request, found.version.partnership.slug, found.pk), status=409)
    place = [found.version.partnership.slug, found.pk]
    seen_by = urlencode({"seen_by": seen}) if (seen := request.POST.get("seen_by", "")) else ""
    if "submit" in request.POST:
        return redirect("submit_draft", *place)
    if "preview" in request.POST:
        return redirect(reverse("preview_draft", args=place) + (seen_by and f"?{seen_by}"))
    messages.success(request, "The draft is saved.")
    return redirect(reverse("draft", args=place) + (seen_by and f"?{seen_by}"))


def _write(request: HttpRequest, found: Draft, form: TextForm, *, status: int = 200, **context: Any) -> HttpResponse:
    version = form.applied_to(found.version) if form.is_bound else found.version
    seen_by = request.POST.get("seen_by", request.GET.get("seen_by", ""))
    return render(
        request,
        "editing/draft.html",
        {
            **_frame(request, found),
            "form": form,
            "preview": preview(version, directory(stamp_of(request)), seen_by=seen_by, today=localdate()),
            "is_regional": version.partnership.kind == "region",
            "kinds": link_targets.KINDS,
            "has_moved_on": Stream(version.section, version.partnership).has_moved_on(version),
            "comments": found.comments.filter(settled_at=None).select_related("person"),
            **context,
        },
        status=status,
    )


def _clash(request: HttpRequest, newer: Draft, form: TextForm) -> HttpResponse:
    """Both texts, where somebody else has saved since the form was opened: the editor's in the form, theirs beside it.

    Saving again from here keeps the editor's in its place.
    """
    mine = form.applied_to(newer.version)
    again = request.POST.copy()
    again["revision"] = str(newer.revision)
    form = TextForm(again, draft=newer)
    form.is_valid()
    theirs = [
        (field.label, getattr(newer.version, field.name))
        for field in form.visible_fields()
        if field.name != "body" and getattr(newer.version, field.name) != getattr(mine, field.name)
    ]
    clash = {
        "draft": newer,
        "fields": theirs,
        "compared": compare_html(markdownify(newer.version.body), markdownify(mine.body)),
    }
    return _write(request, newer, form, status=409, clash=clash)


def _show(request: HttpRequest, found: Draft, *, status: int = 200) -> HttpResponse:
    seen_by = request.GET.get("seen_by", "")
    context = {
        **_frame(request, found),
        "preview": preview(found.version, directory(stamp_of(request)), seen_by=seen_by, today=localdate()),
        "may_draft": may_draft(request.user, found.version.partnership),
    }
    return render(request, "editing/draft_shown.html", context, status=status)


def _frame(request: HttpRequest, found: Draft) -> dict[str, Any]:
    partnership = found.version.partnership
    return {"draft": found, "partnership": partnership, "navigation": navigation(request.user, partnership, "texts")}


@require_form
@signed_in
def preview_draft(request: HttpRequest, partnership: str, draft_id: int) -> HttpResponse:
    """The draft as its readers would get it. Sent to it, the form's unsaved words come back as the page's middle.

    django-markdownx sends the body as `content` in the form, and our script the other fields in the query.
    """
    found = draft_where(request, partnership, draft_id, *([Role.AUTHOR] if request.method == "POST" else []))
    known, seen_by = directory(stamp_of(request)), request.GET.get("seen_by", "")
    if request.method != "POST":
        seen = preview(found.version, known, seen_by=seen_by, today=localdate())
        return render(request, "editing/preview.html", {**_frame(request, found), "preview": seen})
    form = TextForm(_unsaved(request), draft=found)
    form.is_valid()
    seen = preview(form.applied_to(found.version), known, seen_by=seen_by, today=localdate())
    context = {"preview": seen, "turn": request.GET.get("turn", ""), "is_editor": True}
    return render(request, "editing/_preview.html", context)


def _unsaved(request: HttpRequest) -> QueryDict:
    data = request.GET.copy()
    data["body"] = request.POST.get("content", "")
    return data


@require_POST
@signed_in
def autosave_draft(request: HttpRequest, partnership: str, draft_id: int) -> HttpResponse:
    """Keep what is valid of an editor's words while they write, and say when, and what was not kept.

    409 with a sentence where nothing was kept because somebody else saved meanwhile or the draft is not to be written.
    """
    found = draft_where(request, partnership, draft_id, Role.AUTHOR)
    assert request.user.is_authenticated
    form = TextForm(request.POST, draft=found)
    form.is_valid()
    if "revision" not in form.cleaned_data:
        return JsonResponse({"message": "Which revision is saved was not said. Open the draft again."}, status=400)
    revision, moment = form.cleaned_data["revision"], now()
    try:
        saved = workflow.save(found, form.values, by=request.user, revision=revision, now=moment)
    except OutOfDate as refusal:
        return JsonResponse({"message": _who_saved(refusal.draft)}, status=409)  # type: ignore[arg-type]
    except NotPossible as refusal:
        return JsonResponse({"message": str(refusal)}, status=409)
    left_out = [f"{form.fields[name].label}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()]
    saved_at = f"{localtime(moment):%H:%M}"
    return JsonResponse({"revision": saved.revision, "saved_at": saved_at, "left_out": left_out})


def _who_saved(newer: Draft) -> str:
    who = (newer.saved_by.get_full_name() or newer.saved_by.email) if newer.saved_by else "Somebody else"
    when = localtime(newer.saved_at)
    day = "" if when.date() == localdate() else f" on {in_words(when.date())}"
    return f"{who} saved this draft at {when:%H:%M}{day}. Press Save to see both texts: nothing of yours is lost."


@require_safe
@signed_in
def find_section(request: HttpRequest, partnership: str) -> HttpResponse:
    """What a link may lead to, for the editor's search boxes: sections by number or title, documents, and so on.

    `kind` is one of `link_targets.KINDS`, sections by default; `q` what was typed; `on` a day, today by default.
    """
    where = partnership_where(request.user, partnership, Role.AUTHOR, Role.APPROVER)
    known = directory(stamp_of(request))
    viewpoint = Viewpoint(known, localdate()).seen_by(known.by_id(where.pk))
    found = link_targets.find(request.GET.get("kind", "section"), request.GET.get("q", ""), viewpoint)
    return JsonResponse({"found": found})
