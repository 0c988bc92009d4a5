"""Calling a scheduled text back before its day: /workspace/<partnership>/versions/<id>/call-back/."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods

from partnerships import access
from partnerships.access import Role, signed_in
from partnerships.workspace_nav import navigation
from procedures.editing import releasing
from procedures.editing.finding import editor_of, published_where
from procedures.editing.forms import CallBackForm
from procedures.editing.refusing import NotPossible
from procedures.models import Version
from procedures.publishing import Refused


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def call_back(request: HttpRequest, slug: str, version_id: int) -> HttpResponse:
    """Keep a scheduled text, and if wanted all that was published with it, from taking effect."""
    version = published_where(request, slug, version_id, Role.APPROVER)
    if not releasing.may_be_called_back(version, localdate()):
        messages.error(request, "This text can no longer be called back: it has taken effect or been replaced.")
        return redirect("text", slug, version.section.slug)
    together = releasing.published_together(version, localdate())
    if not access.may_call_back(request.user, [other.partnership for other in together]):
        together = [version]
    is_one_of_several = len(together) > 1
    form = CallBackForm(request.POST or None, is_one_of_several=is_one_of_several)
    refused: list[Any] = []
    if request.method == "POST" and form.is_valid():
        chosen = together if form.cleaned_data.get("together") == "all" else [version]
        try:
            _call_back(request, chosen, form.cleaned_data["text"])
        except NotPossible as refusal:
            form.add_error(None, str(refusal))
        except Refused as refusal:
            refused = refusal.faults
        else:
            return redirect("text", slug, version.section.slug)
    return _page(request, version, together, form, refused)


def _call_back(request: HttpRequest, versions: list[Version], reason: str) -> None:
    releasing.call_back(versions, reason, by=editor_of(request), now=now(), today=localdate())
    messages.success(request, f"Called back: {len(versions)} text{'' if len(versions) == 1 else 's'}.")


def _page(
    request: HttpRequest, version: Version, together: list[Version], form: CallBackForm, refused: list[Any]
) -> HttpResponse:
    return render(
        request,
        "editing/call_back.html",
        {
            "partnership": version.partnership,
            "navigation": navigation(request.user, version.partnership, "texts"),
            "version": version,
            "together": together if len(together) > 1 else [],
            "form": form,
            "refused": refused,
        },
        status=409 if refused else 200,
    )
