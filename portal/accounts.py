"""What signing in means here: who may come in, and what follows. django-allauth does the rest.

Nobody signs up. A person is made from an invitation, by its link or by single sign-on under the invited address.
"""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid_connect.views import login as openid_connect_login
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, User
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.timezone import now

from partnerships import access
from partnerships.models import Invitation


def name_of(person: User) -> str:
    """What a person is called on pages: their name, or their e-mail address while they have given none."""
    return person.get_full_name() or person.email


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: people are invited (`partnerships.views.invitation`)."""
        return False

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """Whoever has signed in gets the roles that their verified address was invited to."""
        addresses = EmailAddress.objects.filter(user_id=user.pk, verified=True).values_list("email", flat=True)
        for invitation in Invitation.objects.open_for(addresses, now()):
            invitation.accept(user, at=now())
        return super().post_login(request, user, **kwargs)


class SingleSignOnAdapter(DefaultSocialAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Only for an address that the provider has verified and somebody here has invited.

        (Whoever is known here already by a verified address does not sign up: see SOCIALACCOUNT_EMAIL_AUTHENTICATION.)
        """
        addresses = [address.email for address in sociallogin.email_addresses if address.verified]
        return Invitation.objects.open_for(addresses, now()).exists()


class SecondFactorAdapter(DefaultMFAAdapter):
    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """What a browser says a passkey is for."""
        return super().get_public_key_credential_rp_entity() | {"name": "Safeguarding procedures"}

    def get_totp_issuer(self) -> str:
        return "Safeguarding procedures"

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second factor of somebody who must have one stays."""
        return access.may_remove_second_factor(authenticator.user, authenticator)


def admin_login(request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
    """The Django admin has no sign-in of its own: one way in, with its rate limits and second factors."""
    target = request.GET.get("next", "/admin/")
    if not request.user.is_authenticated:
        return redirect_to_login(target, settings.LOGIN_URL)
    if access.must_set_up_second_factor(request.user):
        return redirect("mfa_index")
    if not access.may_enter_admin(request.user):
        raise PermissionDenied
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe and not target.startswith("/admin/login/") else "/admin/")


def single_sign_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """allauth's way to the provider, by a page that leads there in place of a redirect.

    Our policy has forms sent to this site alone (form-action), and Chromium holds a redirect after one to that too.
    """
    response = openid_connect_login(request, provider_id)
    if request.method != "POST" or response.status_code != 302:
        return response
    return render(request, "socialaccount/login_redirect.html", {"redirect_to": response["Location"]})
