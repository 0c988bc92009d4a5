"""Drift: a partnership's texts beside which regional text has changed, and what to do about each of them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_POST, require_safe

from partnerships.access import may_draft, partnership_where, signed_in
from partnerships.workspace_nav import navigation
from procedures.drift import changes_since, drifted, drifting
from procedures.editing import checking
from procedures.editing.finding import EDITORS, text_where
from procedures.editing.models import Draft
from procedures.editing.refusing import NotPossible
from procedures.pages import in_words


@require_safe
@signed_in
def drift(request: HttpRequest, slug: str) -> HttpResponse:
    """The texts that have drifted, those that will, and when readers are told."""
    partnership = partnership_where(request.user, slug, *EDITORS)
    today = localdate()
    found = drifted([partnership.pk], day=today)
    changes = changes_since(found, until=today)
    return render(
        request,
        "editing/drift.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "drift"),
            "drifted": [(item, changes[item.addition.pk]) for item in found],
            "drifting": drifting([partnership.pk], day=today),
            "today": today,
        },
    )


@require_safe
@signed_in
def drift_of(request: HttpRequest, slug: str, section_slug: str) -> HttpResponse:
    """What changed in the regional text since somebody checked the addition, word by word, beside the addition."""
    partnership, section = text_where(request, slug, section_slug)
    drafts = Draft.objects.open().of([partnership.pk]).filter(version__section=section)
    return render(
        request,
        "editing/drift_of.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "drift"),
            "section": section,
            "check": checking.check_of(section, partnership, today=localdate()),
            "drafts": drafts.with_texts(),
            "may_write": may_draft(request.user, partnership),
            "today": localdate(),
        },
    )


@require_POST
@signed_in
def confirm_text(request: HttpRequest, slug: str, section_slug: str) -> HttpResponse:
    """Say that the addition is still right beside the regional text that was shown; then on to the list."""
    partnership, section = text_where(request, slug, section_slug)
    assert request.user.is_authenticated
    shown = (request.POST.get("addition", ""), request.POST.get("against", ""))
    try:
        check = checking.confirm(section, partnership, shown, by=request.user, now=now(), today=localdate())
    except NotPossible as refusal:
        messages.error(request, str(refusal))
        return redirect("drift_of", slug, section_slug)
    assert check.against.effective_date
    messages.success(
        request,
        f"{check.drift.changed_by.name}: {partnership.short_name}’s text is confirmed beside the regional text of "
        f"{in_words(check.against.effective_date)}.",
    )
    return redirect("drift", slug)
