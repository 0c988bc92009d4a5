"""A partnership's texts in the workspace: the list, one section with all that waits there, and how a draft begins."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import Role, partnership_where, partnerships_with_role, signed_in
from partnerships.models import Partnership
from partnerships.workspace_nav import navigation
from procedures.editing import beginning
from procedures.editing.finding import EDITORS, editor_of, int_of, published_where, text_where
from procedures.editing.forms import NewSectionForm
from procedures.editing.models import Draft
from procedures.editing.overview import overview
from procedures.editing.refusing import NotPossible
from procedures.models import Section

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def texts(request: HttpRequest, slug: str) -> HttpResponse:
    """Every section that the partnership has a text of or may add to, with what is going on there."""
    partnership = partnership_where(request.user, slug, *EDITORS)
    rows = overview(partnership, localdate())
    sought = request.GET.get("q", "").strip()[:100]
    return render(
        request,
        "editing/texts.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "texts"),
            "sought": sought,
            "own": [row for row in rows if row.is_own and row.matches(sought)],
            "others": [row for row in rows if not row.is_own and row.matches(sought)],
            "may_write": _may_write(request, partnership),
        },
    )


@require_form
@signed_in
def new_section(request: HttpRequest, slug: str) -> HttpResponse:
    """Begin a section that the manual does not have: the region's, or a local procedure of this partnership."""
    partnership = partnership_where(request.user, slug, Role.AUTHOR)
    form = NewSectionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        names = (values["slug"], values["number"], values["title"])
        try:
            draft = beginning.begin_new_section(
                *names, partnership, by=editor_of(request), now=now(), today=localdate()
            )
        except NotPossible as refusal:
            form.add_error("slug", str(refusal))
        else:
            return redirect("draft", slug, draft.pk)
    return render(
        request,
        "editing/new_section.html",
        {"partnership": partnership, "navigation": navigation(request.user, partnership, "texts"), "form": form},
    )


@require_safe
@signed_in
def text(request: HttpRequest, slug: str, section_slug: str) -> HttpResponse:
    """One section: what is in force, what is scheduled, the drafts, the history, and what can be done."""
    partnership, section = text_where(request, slug, section_slug)
    today = localdate()
    stream = beginning.Stream(section, partnership)
    regional = None if partnership.is_region else beginning.regional_text(section, today)
    current = stream.latest_on(today)
    history = list(stream.versions.newest_first().defer("body"))
    titled = next((version for version in [current, regional, *history] if version and version.title), None)
    drafts = Draft.objects.of([partnership.pk]).filter(version__section=section).with_texts()
    return render(
        request,
        "editing/text.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "texts"),
            "section": section,
            "name": f"{titled.number} {titled.title}".strip() if titled else section.slug,
            "current": current,
            "regional": regional,
            "scheduled": stream.scheduled(today),
            "drafts": drafts.open(),
            "discarded": drafts.filter(discarded_at__isnull=False),
            "history": history,
            "may_write": _may_write(request, partnership),
            "may_approve": partnerships_with_role(request.user, Role.APPROVER).filter(pk=partnership.pk).exists(),
        },
    )


def _may_write(request: HttpRequest, partnership: Partnership) -> bool:
    return partnerships_with_role(request.user, Role.AUTHOR).filter(pk=partnership.pk).exists()


@require_POST
@signed_in
def begin_draft(request: HttpRequest, slug: str, section_slug: str) -> HttpResponse:
    """Begin a draft with the text in force, or with that of the version that `source` names; then to the editor."""
    partnership, section = text_where(request, slug, section_slug, Role.AUTHOR)
    sent = request.POST.get("source", "")
    source = published_where(request, slug, int_of(sent)) if sent else None
    if source and source.section_id != section.pk:
        raise Http404("This version is another section’s.")
    draft = beginning.begin(section, partnership, by=editor_of(request), now=now(), today=localdate(), source=source)
    return redirect("draft", slug, draft.pk)


@require_form
@signed_in
def withdraw_text(request: HttpRequest, slug: str, section_slug: str) -> HttpResponse:
    """Begin a draft that withdraws the text. It is reviewed and published like any other."""
    partnership, section = text_where(request, slug, section_slug, Role.AUTHOR)
    if request.method == "POST":
        try:
            draft = beginning.begin_withdrawal(
                section, partnership, by=editor_of(request), now=now(), today=localdate()
            )
        except NotPossible as refusal:
            messages.error(request, str(refusal))
            return redirect("text", slug, section_slug)
        return redirect("draft", slug, draft.pk)
    return render(
        request,
        "editing/withdraw.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "texts"),
            "section": section,
            "current": beginning.Stream(section, partnership).latest_on(localdate()),
            "regional": None if partnership.is_region else beginning.regional_text(section, localdate()),
        },
    )


@require_safe
@signed_in
def edit_section(request: HttpRequest, section_slug: str) -> HttpResponse:
    """Where “Edit this section” leads: to the one text of the section that this person may write, or to a choice."""
    section = get_object_or_404(Section, slug=section_slug)
    own = partnerships_with_role(request.user, *EDITORS)
    wanted = own.filter(slug=request.GET.get("partnership", ""))
    choices = [partnership for partnership in own if _has_text(partnership, section)]
    [target] = wanted if wanted and wanted[0] in choices else choices if len(choices) == 1 else [None]
    if target:
        return redirect("text", target.slug, section_slug)
    return render(request, "editing/edit_section.html", {"section": section, "choices": choices})


def _has_text(partnership: Partnership, section: Section) -> bool:
    """Whether the partnership can have a text of the section: it has one, or the region has."""
    owners: dict[str, Any] = {"partnership__in": [partnership, *Partnership.objects.filter(kind="region")]}
    return section.versions.published().filter(**owners).exists()
