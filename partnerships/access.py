"""Who may do what. Every decision about access is made here, and nowhere else.

Reading is for everybody and asks nothing. What is written belongs to a partnership, and a person's roles there
(`Membership`) decide; a site's administrator (Django's superuser) may do all of it.
"""

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser

from partnerships.models import Membership, Partnership, PartnershipQuerySet

Person = AbstractBaseUser | AnonymousUser


def partnerships_with_role(person: Person, *roles: Membership.Role) -> PartnershipQuerySet:
    """The partnerships in which `person` has one of `roles`; all of them for an administrator, none for a stranger."""
    if not person.is_active:
        return Partnership.objects.none()
    if getattr(person, "is_superuser", False):
        return Partnership.objects.all()
    return Partnership.objects.filter(memberships__user_id=person.pk, memberships__role__in=roles).distinct()


def may_manage(person: Person, partnership: Partnership) -> bool:
    """Whether `person` may change the partnership's contacts, members and settings."""
    return partnerships_with_role(person, Membership.Role.MANAGER).filter(pk=partnership.pk).exists()
