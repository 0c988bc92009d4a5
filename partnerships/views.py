"""The workspace's first page, and the people of a partnership: who has which role, invited by whom."""

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships import invitations
from partnerships.access import Role, partnership_where, partnerships_with_role, signed_in
from partnerships.forms import InviteForm, RolesForm, SecondFactorForm
from partnerships.models import Partnership

require_form = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def workspace(request: HttpRequest) -> HttpResponse:
    """The signed-in person's partnerships, and what they may do in each."""
    assert request.user.is_authenticated
    held = request.user.memberships.all()
    names: dict[int, list[str]] = {}
    for membership in held:
        names.setdefault(membership.partnership_id, []).append(membership.get_role_display())
    managed = set(partnerships_with_role(request.user, Role.MANAGER).values_list("pk", flat=True))
    return render(
        request,
        "partnerships/workspace.html",
        {
            "partnerships": [
                (partnership, names.get(partnership.pk, ["Administrator of this site"]), partnership.pk in managed)
                for partnership in partnerships_with_role(request.user, *Role)
            ],
        },
    )


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
            "members": _members(partnership),
            "invitations": [
                (invitation, invitation.has_expired(moment))
                for invitation in partnership.invitations.pending().select_related("invited_by")
            ],
            "second_factor_form": SecondFactorForm(initial={"required": partnership.requires_second_factor}),
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
    return render(request, "partnerships/invite.html", {"partnership": partnership, "form": form})


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
            partnership.set_roles(person, form.cleaned_data["roles"])
        except ValidationError as error:
            form.add_error("roles", error)
        else:
            messages.success(request, f"The roles of {person.get_full_name() or person.email} have been changed.")
            return _onwards(request, partnership)
    return render(request, "partnerships/roles.html", {"partnership": partnership, "person": person, "form": form})


@require_form
@signed_in
def remove(request: HttpRequest, slug: str, person_id: int) -> HttpResponse:
    """Take all roles in the partnership from a member. Their account stays, and so do the texts they wrote."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    person = _member(partnership, person_id)
    refusal = ""
    if request.method == "POST":
        try:
            partnership.set_roles(person, [])
        except ValidationError as error:
            [refusal] = error.messages
        else:
            name = person.get_full_name() or person.email
            messages.success(request, f"{name} has no role in {partnership.short_name} any more.")
            return _onwards(request, partnership)
    context = {"partnership": partnership, "person": person, "refusal": refusal}
    return render(request, "partnerships/remove.html", context, status=409 if refusal else 200)


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
def second_factor(request: HttpRequest, slug: str) -> HttpResponse:
    """Set whether everybody with a role here must use a second factor."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    form = SecondFactorForm(request.POST)
    form.full_clean()
    partnership.requires_second_factor = form.cleaned_data["required"]
    partnership.save(update_fields=["requires_second_factor"])
    is_now = "must now use" if partnership.requires_second_factor else "need no longer use"
    messages.success(request, f"People with a role in {partnership.short_name} {is_now} a second factor.")
    return redirect("people", slug)


@require_POST
@signed_in
def resend(request: HttpRequest, slug: str, invitation_id: int) -> HttpResponse:
    """Send an invitation again, with a new link for another 14 days; the old link stops working."""
    partnership = partnership_where(request.user, slug, Role.MANAGER)
    waiting = get_object_or_404(partnership.invitations.pending(), pk=invitation_id)
    try:
        invitations.send_again(waiting, at=now())
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
    waiting.delete()
    messages.success(request, f"The invitation to {waiting.email} has been withdrawn.")
    return redirect("people", slug)
