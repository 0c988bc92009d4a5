"""The pages on which one term, synonym or best bet is made, changed and deleted: /workspace/<partnership>/words/…"""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods

from partnerships.access import partnership_where, signed_in
from partnerships.directory import directory
from partnerships.models import Partnership
from partnerships.workspace_nav import navigation
from procedures.editing import word_saving
from procedures.editing.finding import EDITORS, editor_of
from procedures.editing.known_sections import KnownSections, known_sections
from procedures.editing.word_saving import BEST_BET, Attempt, Kind, mark_of
from procedures.pages import stamp_of
from procedures.viewpoint import Viewpoint

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_form
@signed_in
def new_words(request: HttpRequest, slug: str, kind: Kind) -> HttpResponse:
    """Add a term, a synonym or a best bet."""
    partnership = partnership_where(request.user, slug, *EDITORS)
    sections = known_sections(viewpoint_for(request, partnership))
    if request.method == "POST":
        return _save(request, partnership, kind, None, sections)
    form = kind.form(instance=kind.model(partnership=partnership), sections=sections)
    return _form_page(request, partnership, kind, Attempt(form), f"Add a {kind.noun}", "")


@require_form
@signed_in
def edit_words(request: HttpRequest, slug: str, kind: Kind, row_id: int) -> HttpResponse:
    """Change one. What is sent for one that somebody has deleted is not lost: the form offers it anew."""
    partnership = partnership_where(request.user, slug, *EDITORS)
    viewpoint = viewpoint_for(request, partnership)
    sections = known_sections(viewpoint)
    if request.method == "POST":
        return _save(request, partnership, kind, row_id, sections)
    stored = get_object_or_404(kind.model, partnership=partnership, pk=row_id)
    called = kind.called(stored)
    missing = kind is BEST_BET and not sections.is_in_force(stored.section.slug)
    return _form_page(
        request,
        partnership,
        kind,
        Attempt(kind.form(instance=stored, sections=sections)),
        f"Change the {kind.noun} “{called}”",
        mark_of(kind.facts(stored)),
        row_id=row_id,
        readers_url=f"{viewpoint.search_url}?{urlencode({'q': called})}",
        called=called,
        missing=stored.section.slug if missing else "",
    )


def _save(
    request: HttpRequest, partnership: Partnership, kind: Kind, row_id: int | None, sections: KnownSections
) -> HttpResponse:
    attempt = word_saving.save(
        kind, partnership, row_id, request.POST, sections=sections, by=editor_of(request), at=now()
    )
    if attempt.saved is None:
        heading = f"Change the {kind.noun}" if row_id else f"Add a {kind.noun}"
        is_overtaken = attempt.theirs is not None
        seen = mark_of(attempt.theirs) if attempt.theirs is not None else request.POST.get("seen", "")
        status = 409 if is_overtaken else 200
        return _form_page(request, partnership, kind, attempt, heading, seen, row_id=row_id, status=status)
    called = kind.called(attempt.saved)
    messages.success(request, f"The {kind.noun} “{called}” is saved. Readers’ searches heed it from now on.")
    return redirect(kind.name, partnership.slug, attempt.saved.pk)


def _form_page(
    request: HttpRequest,
    partnership: Partnership,
    kind: Kind,
    attempt: Attempt,
    heading: str,
    seen: str,
    *,
    row_id: int | None = None,
    status: int = 200,
    **context: Any,
) -> HttpResponse:
    return render(
        request,
        "editing/term.html" if hasattr(attempt.form, "senses") else "editing/word.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "words"),
            "heading": heading,
            "noun": kind.noun,
            "form": attempt.form,
            "seen": seen,
            "is_overtaken": attempt.theirs is not None,
            "theirs": attempt.theirs,
            "row_id": row_id,
            "delete_page": f"delete_{kind.name}",
            **context,
        },
        status=status,
    )


@require_form
@signed_in
def delete_words(request: HttpRequest, slug: str, kind: Kind, row_id: int) -> HttpResponse:
    """Ask whether one is to go, then delete it; ask again where somebody changed it meanwhile."""
    partnership = partnership_where(request.user, slug, *EDITORS)
    stored = get_object_or_404(kind.model, partnership=partnership, pk=row_id)
    called, is_overtaken = kind.called(stored), False
    if request.method == "POST":
        seen, by = request.POST.get("seen", ""), editor_of(request)
        if word_saving.delete(kind, partnership, row_id, seen=seen, by=by, at=now()):
            messages.success(request, f"The {kind.noun} “{called}” is deleted.")
            return redirect("words", slug)
        stored = get_object_or_404(kind.model, partnership=partnership, pk=row_id)
        is_overtaken = True
    facts = kind.facts(stored)
    return render(
        request,
        "editing/delete_word.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "words"),
            "kind": kind.name,
            "noun": kind.noun,
            "called": kind.called(stored),
            "row_id": row_id,
            "facts": facts,
            "seen": mark_of(facts),
            "is_overtaken": is_overtaken,
        },
        status=409 if is_overtaken else 200,
    )


def viewpoint_for(request: HttpRequest, partnership: Partnership) -> Viewpoint:
    """Where the partnership's readers look from today."""
    known = directory(stamp_of(request))
    return Viewpoint(known, localdate()).seen_by(known.by_id(partnership.pk))
