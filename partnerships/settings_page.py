"""What a partnership decides for itself: /workspace/<partnership>/settings/."""

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from partnerships.access import Person, Role, partnership_where, signed_in
from partnerships.audit import Action, record
from partnerships.forms import SettingsForm
from partnerships.models import Partnership
from partnerships.workspace_nav import navigation


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def settings(request: HttpRequest, slug: str) -> HttpResponse:
    """Change the partnership's settings."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    form = SettingsForm(instance=partnership)
    if request.method == "POST":
        form = _save(partnership, request.POST, by=request.user)
        if form.is_valid():
            messages.success(request, f"The settings of {partnership.short_name} have been saved.")
            return redirect("settings", slug)
    return render(
        request,
        "partnerships/settings.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "settings"),
            "form": form,
        },
    )


@transaction.atomic
def _save(partnership: Partnership, values: QueryDict, *, by: Person) -> SettingsForm:
    """The form, saved where nothing is wrong with it; each change recorded with the old and the new value."""
    stored = Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)  # two may change it at once
    form = SettingsForm(values, instance=stored)
    if form.is_valid() and (changes := form.changes()):
        form.save()
        for label, before, after in changes:
            detail = f"Before: {before}. Now: {after}."
            record(stored, Action.SETTINGS_CHANGED, by=by, at=now(), about=label, detail=detail)
    return form
