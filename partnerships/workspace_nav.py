"""The pages of one partnership's workspace, and which of them a person finds linked on top of each."""

from dataclasses import dataclass

from django.urls import reverse

from partnerships.access import Person, Role
from partnerships.models import Membership, Partnership

WRITERS = frozenset({Role.AUTHOR, Role.APPROVER})
MANAGERS = frozenset({Role.MANAGER})

# The name of a page's URL, which takes the partnership's slug; what its link says; whose roles open it.
PAGES = (
    ("texts", "Texts", WRITERS),
    ("drift", "Regional changes", WRITERS),
    ("documents", "Documents", WRITERS),
    ("words", "Search words", WRITERS),
    ("releases", "Releases", WRITERS),
    ("renumbering", "Renumbering", WRITERS),
    ("workspace_contacts", "Contacts", MANAGERS),
    ("people", "People", MANAGERS),
    ("audit", "Audit log", MANAGERS),
    ("settings", "Settings", MANAGERS),
)


@dataclass(frozen=True)
class NavigationLink:
    """One link; `is_current` says that the page stands under it."""

    label: str
    url: str
    is_current: bool


def navigation(person: Person, partnership: Partnership, current: str) -> list[NavigationLink]:
    """What `person` may open in the partnership's workspace, in order; `current` is the name of a URL of PAGES.

    It takes one query, and shows links alone: each page decides for itself who gets in.
    """
    if getattr(person, "is_superuser", False):
        held = set(Role)
    else:
        mine = Membership.objects.filter(user__in=[person.pk], partnership=partnership)
        held = {Role(role) for role in mine.values_list("role", flat=True)}
    return [
        NavigationLink(label, reverse(name, args=[partnership.slug]), name == current)
        for name, label, roles in PAGES
        if held & roles
    ]
