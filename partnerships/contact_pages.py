"""The contacts that a partnership publishes, as its managers keep them: /workspace/<partnership>/contacts/."""

from datetime import date

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate, now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import Person, Role, partnership_where, signed_in
from partnerships.audit import Action, record
from partnerships.forms import ContactForm
from partnerships.models import Contact, Partnership
from partnerships.workspace_nav import navigation

require_form = require_http_methods(["GET", "HEAD", "POST"])

CHECKER = "Partnership manager"  # readers see a role, not a name


@require_safe
@signed_in
def contacts(request: HttpRequest, slug: str) -> HttpResponse:
    """Every contact of the partnership, with the day on which it was last checked."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    return render(
        request,
        "partnerships/contacts.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "workspace_contacts"),
            "contacts": [
                (contact, contact.is_stale(localdate()))
                for contact in partnership.contacts.select_related("service").order_by(
                    "service__position", "service", "availability", "name"
                )
            ],
        },
    )


@require_form
@signed_in
def new_contact(request: HttpRequest, slug: str) -> HttpResponse:
    """Add a contact."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    return _edited(request, partnership, Contact(partnership=partnership, checked_by=CHECKER), "Add a contact")


@require_form
@signed_in
def contact(request: HttpRequest, slug: str, contact_id: int) -> HttpResponse:
    """Change a contact."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    kept = get_object_or_404(partnership.contacts, pk=contact_id)
    return _edited(request, partnership, kept, f"Change “{kept.name}”")


def _edited(request: HttpRequest, partnership: Partnership, kept: Contact, heading: str) -> HttpResponse:
    form = ContactForm(instance=kept, today=localdate())
    if request.method == "POST":
        form = _save(kept, request.POST, by=request.user, today=localdate())
        if form.is_valid():
            messages.success(request, f"The contact “{form.instance.name}” has been saved.")
            return redirect("workspace_contacts", partnership.slug)
    return render(
        request,
        "partnerships/contact.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "workspace_contacts"),
            "heading": heading,
            "form": form,
        },
    )


@transaction.atomic
def _save(kept: Contact, values: QueryDict, *, by: Person, today: date) -> ContactForm:
    """The form, saved where nothing is wrong with it and recorded."""
    is_new = kept.pk is None
    form = ContactForm(values, instance=kept, today=today)
    if form.is_valid() and (changes := form.changes()):
        form.save()
        action = Action.CONTACT_ADDED if is_new else Action.CONTACT_CHANGED
        said = [
            f"{label}: {after}." if is_new else f"{label}: {before}, now {after}." for label, before, after in changes
        ]
        record(kept.partnership, action, by=by, at=now(), about=_called(kept), detail="\n".join(said))
    return form


def _called(kept: Contact) -> str:
    return f"{kept.service.name}: {kept.name}"


@require_POST
@signed_in
@transaction.atomic
def check_contact(request: HttpRequest, slug: str, contact_id: int) -> HttpResponse:
    """Keep that a contact was found right today."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    kept = get_object_or_404(partnership.contacts.select_related("service"), pk=contact_id)
    kept.checked_on, kept.checked_by = localdate(), CHECKER
    kept.save(update_fields=["checked_on", "checked_by"])
    record(partnership, Action.CONTACT_CHECKED, by=request.user, at=now(), about=_called(kept))
    messages.success(request, f"“{kept.name}” has been checked today.")
    return redirect("workspace_contacts", slug)


@require_form
@signed_in
def delete_contact(request: HttpRequest, slug: str, contact_id: int) -> HttpResponse:
    """Ask whether a contact is to go, then delete it."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    kept = get_object_or_404(partnership.contacts.select_related("service"), pk=contact_id)
    if request.method == "POST":
        _delete(kept, by=request.user)
        messages.success(request, f"The contact “{kept.name}” has been deleted.")
        return redirect("workspace_contacts", slug)
    return render(
        request,
        "partnerships/delete_contact.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "workspace_contacts"),
            "contact": kept,
        },
    )


@transaction.atomic
def _delete(kept: Contact, *, by: Person) -> None:
    held = "\n".join(filter(None, (kept.phone, kept.email, kept.hours, kept.note)))
    kept.delete()
    record(kept.partnership, Action.CONTACT_DELETED, by=by, at=now(), about=_called(kept), detail=held)
