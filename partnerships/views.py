"""The people of a partnership: who has which role, invited by whom."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships import invitations
from partnerships.access import Person, Role, partnership_where, partnerships_with_role, signed_in
from partnerships.audit import Action, record
from partnerships.forms import InviteForm, RolesForm
from partnerships.models import Partnership
from partnerships.workspace_nav import navigation

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Everybody with a role in the partnership, and the invitations that wait."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    moment = now()
    return render(
        request,
        "partnerships/people.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "people"),
            "members": _members(partnership),
            "invitations": [
                (invitation, invitation.has_expired(moment))
                for invitation in partnership.invitations.pending().select_related("invited_by")
            ],
        },
    )


def _members(partnership: Partnership) -> list[tuple[User, list[str]]]:
    """Each person with a role, by name, and what the roles are called."""
    roles: dict[User, list[str]] = {}
    held = partnership.memberships.select_related("user").order_by("user__last_name", "user__email", "user", "pk")
    for membership in held:
        roles.setdefault(membership.user, []).append(membership.get_role_display())
    return list(roles.items())


@require_form
@signed_in
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """Invite somebody to a role, by e-mail."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    form = InviteForm(request.POST or None, partnership=partnership)
    if request.method == "POST" and form.is_valid():
        email, role = form.cleaned_data["email"], form.cleaned_data["role"]
        try:
            invitations.send(partnership, email, role, by=request.user, at=now())
        except (invitations.NotSent, ValidationError) as error:
            form.add_error("email", str(error) if isinstance(error, invitations.NotSent) else error.messages)
        else:
            messages.success(request, f"We have sent an invitation to {email}.")
            return redirect("people", slug)
    return render(
        request,
        "partnerships/invite.html",
        {"partnership": partnership, "navigation": navigation(request.user, partnership, "people"), "form": form},
    )


@require_form
@signed_in
def roles(request: HttpRequest, slug: str, person_id: int) -> HttpResponse:
    """Change what a member may do."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    person = _member(partnership, person_id)
    held = list(partnership.memberships.filter(user=person).values_list("role", flat=True))
    form = RolesForm(request.POST if request.method == "POST" else None, initial={"roles": held})
    if request.method == "POST" and form.is_valid():
        try:
            _give_roles(partnership, person, form.cleaned_data["roles"], by=request.user)
        except ValidationError as error:
            form.add_error("roles", error)
        else:
            messages.success(request, f"The roles of {person.get_full_name() or person.email} have been changed.")
            return _onwards(request, partnership)
    return render(
        request,
        "partnerships/roles.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "people"),
            "person": person,
            "form": form,
        },
    )


@require_form
@signed_in
def remove(request: HttpRequest, slug: str, person_id: int) -> HttpResponse:
    """Take all roles in the partnership from a member. Their account stays, and so do the texts they wrote."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    person = _member(partnership, person_id)
    refusal = ""
    if request.method == "POST":
        try:
            _give_roles(partnership, person, [], by=request.user)
        except ValidationError as error:
            [refusal] = error.messages
        else:
            name = person.get_full_name() or person.email
            messages.success(request, f"{name} has no role in {partnership.short_name} any more.")
            return _onwards(request, partnership)
    return render(
        request,
        "partnerships/remove.html",
        {
            "partnership": partnership,
            "navigation": navigation(request.user, partnership, "people"),
            "person": person,
            "refusal": refusal,
        },
        status=409 if refusal else 200,
    )


@transaction.atomic
def _give_roles(partnership: Partnership, person: User, roles: list[str], *, by: Person) -> None:
    """Set the roles and record it. ValidationError when nobody would be left to manage the partnership."""
    before, now_held = partnership.set_roles(person, roles), sorted(roles)
    if before != now_held:
        action = Action.ROLES_CHANGED if roles else Action.PERSON_REMOVED
        detail = f"Before: {', '.join(before) or 'none'}. Now: {', '.join(now_held) or 'none'}."
        record(partnership, action, by=by, at=now(), about=person.get_full_name() or person.email, detail=detail)


def _member(partnership: Partnership, person_id: int) -> User:
    return get_object_or_404(User.objects.filter(memberships__partnership=partnership).distinct(), pk=person_id)


def _onwards(request: HttpRequest, partnership: Partnership) -> HttpResponse:
    """Back to the people, or to the workspace for somebody who has just given up managing them."""
    managed = partnerships_with_role(request.user, Role.MANAGER)
    if managed.filter(pk=partnership.pk).exists():
        return redirect("people", partnership.slug)
    return redirect("workspace")


@require_POST
@signed_in
def resend(request: HttpRequest, slug: str, invitation_id: int) -> HttpResponse:
    """Send an invitation again, with a new link for another 14 days; the old link stops working."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    waiting = get_object_or_404(partnership.invitations.pending(), pk=invitation_id)
    try:
        invitations.send_again(waiting, by=request.user, at=now())
    except invitations.NotSent as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"We have sent the invitation to {waiting.email} again.")
    return redirect("people", slug)


@require_POST
@signed_in
def withdraw(request: HttpRequest, slug: str, invitation_id: int) -> HttpResponse:
    """Withdraw an invitation: its link stops working."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    waiting = get_object_or_404(partnership.invitations.pending(), pk=invitation_id)
    invitations.withdraw(waiting, by=request.user, at=now())
    messages.success(request, f"The invitation to {waiting.email} has been withdrawn.")
    return redirect("people", slug)
