"""Invitations from both ends: sending one, and the page that its link opens."""

from datetime import datetime
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.models import User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.core.mail import send_mail
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from partnerships.access import Person
from partnerships.audit import Action, record
from partnerships.forms import NewPersonForm
from partnerships.models import Invitation, Partnership


class NotSent(Exception):
    """The e-mail could not be sent, and nothing has been kept."""

    def __init__(self, email: str) -> None:
        super().__init__(f"The e-mail to {email} could not be sent. Try again in a few minutes.")


@transaction.atomic
def send(partnership: Partnership, email: str, role: str, *, by: Person, at: datetime) -> Invitation:
    """Invite the owner of an e-mail address to a role. ValidationError when that has been done; NotSent."""
    invitation = Invitation(partnership=partnership, email=email, role=role, invited_by_id=by.pk, created_at=at)
    token = invitation.renew(at=at)
    invitation.full_clean()
    invitation.save()
    _send(invitation, token)
    _record(invitation, Action.INVITED, by=by, at=at)
    return invitation


@transaction.atomic
def send_again(invitation: Invitation, *, by: Person, at: datetime) -> None:
    """Send a new link in place of the one before; NotSent."""
    token = invitation.renew(at=at)
    invitation.save(update_fields=["token_digest", "expires_at"])
    _send(invitation, token)
    _record(invitation, Action.INVITED_AGAIN, by=by, at=at)


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Person, at: datetime) -> None:
    """Make the link worth nothing, unless it has been accepted meanwhile."""
    deleted, _ = Invitation.objects.pending().filter(pk=invitation.pk).delete()
    if deleted:
        _record(invitation, Action.INVITATION_WITHDRAWN, by=by, at=at)


def _record(invitation: Invitation, action: Action, *, by: Person, at: datetime) -> None:
    role = invitation.get_role_display()
    record(invitation.partnership, action, by=by, at=at, about=invitation.email, detail=role)


def _send(invitation: Invitation, token: str) -> None:
    by = invitation.invited_by
    context = {
        "invitation": invitation,
        "inviter": (by and (by.get_full_name() or by.email)) or "A manager",
        "url": settings.SITE_URL + reverse("invitation", args=[token]),
        "site_url": settings.SITE_URL,
    }
    subject = f"Invitation to edit the safeguarding procedures of {invitation.partnership.short_name}"
    try:
        send_mail(subject, render_to_string("partnerships/email/invitation.txt", context), None, [invitation.email])
    except (SMTPException, OSError) as error:
        raise NotSent(invitation.email) from error


@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What an invitation's link opens: a form for somebody new, a sign-in or one button for somebody known."""
    waiting = Invitation.objects.with_token(token).select_related("partnership").first()
    if waiting is None:
        sentence = "This link is not one of ours, or the invitation has been withdrawn or sent again since."
        return _told(request, sentence, 404)
    if waiting.accepted_at is not None:
        return _told(request, "This invitation has been used already.", 410)
    if waiting.has_expired(now()):
        return _told(request, "This invitation has expired. It worked for 14 days.", 410)
    if request.user.is_authenticated:
        return _for_somebody_signed_in(request, waiting)
    if _somebody_has(waiting.email):
        return redirect_to_login(request.path, settings.LOGIN_URL)
    return _for_somebody_new(request, waiting)


def _told(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    return render(request, "partnerships/invitation_refused.html", {"sentence": sentence}, status=status)


def _somebody_has(email: str) -> bool:
    return User.objects.filter(Q(email__iexact=email) | Q(emailaddress__email__iexact=email)).exists()


def _for_somebody_signed_in(request: HttpRequest, waiting: Invitation) -> HttpResponse:
    own = EmailAddress.objects.filter(user_id=request.user.pk, verified=True, email__iexact=waiting.email)
    if not own.exists():
        sentence = (
            f"This invitation is for {waiting.email}. You are signed in with another address: "
            "sign out, then open the link again."
        )
        return _told(request, sentence, 403)
    if request.method != "POST":
        return render(request, "partnerships/invitation_known.html", {"invitation": waiting})
    assert request.user.is_authenticated
    try:
        waiting.accept(request.user, at=now())
    except ValidationError as error:
        return _told(request, error.messages[0], 410)
    return _welcome(request, waiting)


def _for_somebody_new(request: HttpRequest, waiting: Invitation) -> HttpResponse:
    form = NewPersonForm(request.POST if request.method == "POST" else None, email=waiting.email)
    if request.method == "POST":
        if not ratelimit.consume(request, action="signup"):
            return ratelimit.respond_429(request)
        if form.is_valid():
            try:
                person = _join(request, waiting, form.cleaned_data)
            except (ValidationError, IntegrityError):  # the same form was sent twice at one moment
                return _told(request, "This invitation has been used already.", 410)
            login(request, person)
            return _welcome(request, waiting)
    return render(request, "partnerships/invitation_new.html", {"invitation": waiting, "form": form})


@transaction.atomic
def _join(request: HttpRequest, waiting: Invitation, values: dict[str, Any]) -> User:
    """Make the person and give them their role, or neither."""
    person = _make_person(request, waiting.email, values)
    waiting.accept(person, at=now())
    return person


def _make_person(request: HttpRequest, email: str, values: dict[str, Any]) -> User:
    """Somebody new; the address is theirs, since they have opened the link that was sent to it."""
    person = User(email=email, first_name=values["first_name"], last_name=values["last_name"])
    get_adapter().populate_username(request, person)
    person.set_password(values["password"])
    person.save()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    return person


def _welcome(request: HttpRequest, accepted: Invitation) -> HttpResponse:
    messages.success(request, f"Your role in {accepted.partnership.name}: {accepted.get_role_display()}.")
    return redirect("workspace")
