"""The desk, /workspace/: what a person sees on signing in, all of it one click from being dealt with."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_safe

from partnerships.access import Person, Role, partnerships_with_role, signed_in
from partnerships.models import Membership, Partnership
from procedures import drift
from procedures.editing.models import Draft, DraftQuerySet, Release, Renumbering
from procedures.models import Version

NAMED = ("section", "partnership", "written_against")  # what `Version.name` reads


@dataclass(frozen=True)
class Place:
    """One partnership that the person has a role in."""

    partnership: Partnership
    roles: tuple[str, ...]  # what they are called
    writes: bool
    approves: bool
    manages: bool


def places(person: Person) -> list[Place]:
    """The person's partnerships and roles; two queries. An administrator has every role everywhere."""
    held: dict[int, set[str]] = defaultdict(set)
    for partnership_id, role in Membership.objects.filter(user=person.pk).values_list("partnership", "role"):
        held[partnership_id].add(role)
    everything = set(Role.values) if getattr(person, "is_superuser", False) else set()
    found = []
    for partnership in partnerships_with_role(person, *Role):
        roles = held[partnership.pk] | everything
        names = tuple(role.label for role in Role if role in held[partnership.pk]) or ("Administrator of this site",)
        found.append(Place(partnership, names, Role.AUTHOR in roles, Role.APPROVER in roles, Role.MANAGER in roles))
    return found


@dataclass(frozen=True)
class Desk:
    """All that waits for one person; each list one query."""

    person: Person
    places: Sequence[Place]
    today: date

    def _ids(self, *, approves: bool = False) -> list[int]:
        return [place.partnership.pk for place in self.places if place.approves or (place.writes and not approves)]

    def own_drafts(self) -> list[Draft]:
        """What the person is writing: sent back first, then the last saved."""
        own = Draft.objects.being_written().of(self._ids()).written_by(self.person).with_texts()
        return sorted(own, key=lambda draft: draft.changes_asked_at is None)

    def own_in_review(self) -> list[Draft]:
        """What the person has written and somebody else is to agree to or publish."""
        own = Draft.objects.open().filter(submitted_at__isnull=False).of(self._ids())
        return list(own.written_by(self.person).with_texts())

    def to_approve(self) -> list[Draft]:
        return self._for_an_approver(Draft.objects.in_review())

    def to_publish(self) -> list[Draft]:
        """What is approved and in no release, which is published as one."""
        return self._for_an_approver(Draft.objects.approved().filter(release=None))

    def _for_an_approver(self, drafts: DraftQuerySet) -> list[Draft]:
        """Those that the person may agree to: not their own where two people are required."""
        found = drafts.of(self._ids(approves=True)).with_texts().prefetch_related("writers")
        return [
            draft
            for draft in found
            if not draft.version.partnership.requires_two_people
            or self.person.pk not in {writer.pk for writer in draft.writers.all()}
        ]

    def releases(self) -> list[Release]:
        waiting = Release.objects.filter(partnership__in=self._ids(), published_at__isnull=True)
        return list(waiting.select_related("partnership").prefetch_related("drafts__version"))

    def renumberings(self) -> list[Renumbering]:
        waiting = Renumbering.objects.filter(
            partnership__in=self._ids(), published_at__isnull=True, discarded_at__isnull=True
        )
        return list(waiting.select_related("partnership", "proposed_by"))

    def scheduled(self) -> list[Version]:
        """What takes effect on a later day, soonest first; neither what was called back nor what calls it back."""
        later = Version.objects.published().of(self._ids()).filter(effective_date__gt=self.today)
        standing = later.that_take_effect().that_change_something().order_by("effective_date", "published_at")
        return list(standing.select_related(*NAMED).defer("body"))

    def drifted(self) -> list[drift.Drift]:
        """The additions beside which regional text has changed since somebody checked them."""
        return drift.drifted(self._ids(), day=self.today)

    def due(self) -> list[Version]:
        """The texts in force that are to be looked at within a month, or should have been."""
        due = Version.objects.of(self._ids()).due_for_review(self.today)
        return list(due.select_related(*NAMED).defer("body"))


@require_safe
@signed_in
def desk(request: HttpRequest) -> HttpResponse:
    """What waits for the signed-in person in all their partnerships, and the way into each of them."""
    today = localdate()
    mine = Desk(request.user, places(request.user), today)
    return render(
        request,
        "editing/desk.html",
        {
            "places": mine.places,
            "edits": any(place.writes or place.approves for place in mine.places),
            "own_drafts": mine.own_drafts(),
            "own_in_review": mine.own_in_review(),
            "to_approve": mine.to_approve(),
            "to_publish": mine.to_publish(),
            "releases": mine.releases(),
            "renumberings": mine.renumberings(),
            "scheduled": mine.scheduled(),
            "drifted": mine.drifted(),
            "due": mine.due(),
            "today": today,
        },
    )
