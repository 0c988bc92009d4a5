"""Who may do what. Every decision about access is made here, and nowhere else.

Reading is for everybody and asks nothing. What is written belongs to a partnership, and a person's roles there
(`Membership`) decide; a site's administrator (Django's superuser) may do all of it. A role in the region is one in the
regional text, a role in a group one in the group's: neither reaches into the partnerships below.

A view of the workspace stands behind `signed_in` and begins with `partnership_where`: a stranger to the partnership is
told that there is no such page (404), somebody with another role there that it is not theirs to do (403).
"""

from collections.abc import Callable, Collection
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect

from partnerships.models import Membership, Partnership, PartnershipQuerySet

Person = AbstractBaseUser | AnonymousUser
Role = Membership.Role
View = Callable[..., HttpResponseBase]

SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)  # recovery codes only stand in for one


def partnerships_with_role(person: Person, *roles: Membership.Role) -> PartnershipQuerySet:
    """The partnerships in which `person` has one of `roles`; all of them for an administrator, none for a stranger."""
    if not person.is_active:
        return Partnership.objects.none()
    if getattr(person, "is_superuser", False):
        return Partnership.objects.all()
    return Partnership.objects.filter(memberships__user_id=person.pk, memberships__role__in=roles).distinct()


def has_role(person: Person, partnership: Partnership, *roles: Membership.Role) -> bool:
    """Whether `person` has one of `roles` in the partnership."""
    return partnerships_with_role(person, *roles).filter(pk=partnership.pk).exists()


def may_draft(person: Person, partnership: Partnership) -> bool:
    """Whether `person` may write drafts of the partnership's text: the region's for the regional text."""
    return has_role(person, partnership, Role.AUTHOR)


def may_approve(person: Person, partnership: Partnership) -> bool:
    """Whether `person` may approve and publish the partnership's drafts."""
    return has_role(person, partnership, Role.APPROVER)


def may_agree(person: Person, partnership: Partnership, writer_ids: Collection[int]) -> bool:
    """Whether `person` may approve or publish a draft of the partnership that these people have written.

    Where a partnership wants two people, nobody agrees to their own words, whatever else they may do.
    """
    return may_approve(person, partnership) and not (partnership.requires_two_people and person.pk in writer_ids)


def may_call_back(person: Person, partnerships: Collection[Partnership]) -> bool:
    """Whether `person` may call back what was published together for these partnerships: all of it is theirs to
    approve, or it is the region's, whose renumbering brings texts of others along.
    """
    own = set(partnerships_with_role(person, Role.APPROVER))
    return set(partnerships) <= own or any(partnership.is_region and partnership in own for partnership in partnerships)


def refuse_own_words(person: Person, partnership: Partnership, writer_ids: Collection[int]) -> None:
    """PermissionDenied unless `may_agree`; for a view that has found the person to be an approver."""
    if not may_agree(person, partnership, writer_ids):
        raise PermissionDenied(
            "You have written in this text yourself. "
            f"{partnership.short_name} wants a second person to approve and publish it."
        )


def may_manage(person: Person, partnership: Partnership) -> bool:
    """Whether `person` may change the partnership's contacts, members and settings."""
    return has_role(person, partnership, Role.MANAGER)


def partnership_where(person: Person, slug: str, *roles: Membership.Role) -> Partnership:
    """The partnership `slug`, in which `person` has one of `roles`.

    Http404 when there is none or the person has no role there at all; PermissionDenied when only other roles.
    """
    partnership = partnerships_with_role(person, *Role).filter(slug=slug).first()
    if partnership is None:
        raise Http404("There is no such partnership, or you have no role in it.")
    if not has_role(person, partnership, *roles):
        raise PermissionDenied("Your role in this partnership does not cover this.")
    return partnership


def must_set_up_second_factor(person: Person) -> bool:
    """Whether a partnership in which `person` has a role requires a second factor, and they have none."""
    required = partnerships_with_role(person, *Role).filter(requires_second_factor=True)
    return required.exists() and not _second_factors(person).exists()


def may_remove_second_factor(person: Person, authenticator: Authenticator) -> bool:
    """Whether `person` may do without this authenticator: not without their last where one is required."""
    if authenticator.type not in SECOND_FACTORS or _second_factors(person).exclude(pk=authenticator.pk).exists():
        return True
    return not partnerships_with_role(person, *Role).filter(requires_second_factor=True).exists()


def _second_factors(person: Person) -> Any:
    return Authenticator.objects.filter(user_id=person.pk, type__in=SECOND_FACTORS)


def may_enter_admin(person: Person) -> bool:
    """Whether the Django admin opens for `person`."""
    return bool(person.is_active and getattr(person, "is_staff", False)) and not must_set_up_second_factor(person)


def signed_in(view: View) -> View:
    """Sends strangers to the sign-in page, and whoever must have a second factor first to where it is set up.

    A script, which asks for no page and says so by X-Requested-With, is told so (401) instead of being led elsewhere.
    """

    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
        if is_script and (not request.user.is_authenticated or must_set_up_second_factor(request.user)):
            return HttpResponse("You are not signed in any more.", status=401, content_type="text/plain")
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "", settings.LOGIN_URL)
        if must_set_up_second_factor(request.user):
            return redirect("mfa_index")
        return view(request, *args, **kwargs)

    return page
