"""Checking a local addition against changed regional text: what there is to compare, and how it is confirmed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.safestring import SafeString

from partnerships.audit import Action, record
from partnerships.directory import read_directory
from partnerships.models import Partnership
from procedures.comparison import Comparison, compare_html, compare_words
from procedures.composing import rendered
from procedures.drift import Drift, changes_since, drifted, drifting, last_checked
from procedures.editing.refusing import NotPossible
from procedures.models import Confirmation, Section, Version
from procedures.pages import in_words
from procedures.publishing import lock_the_manual
from procedures.rendering import point_links, safe
from procedures.viewpoint import Viewpoint

CHANGED_AGAIN = (
    "This text or the regional text beside it has changed since you opened the page. Look at it again first."
)


@dataclass(frozen=True)
class Check:
    """One addition that has drifted, or will once a scheduled regional text takes effect, and what it stands beside."""

    drift: Drift
    today: date

    @property
    def addition(self) -> Version:
        return self.drift.addition

    @property
    def is_coming(self) -> bool:
        return self.day > self.today

    @cached_property
    def day(self) -> date:
        """The day whose regional text it is to be checked against: today, or when that and the addition take effect."""
        assert self.addition.effective_date
        return max(self.today, self.drift.since, self.addition.effective_date)

    @cached_property
    def against(self) -> Version:
        """The regional text of that day, or the withdrawal of it."""
        regional = Version.objects.filter(partnership__kind=Partnership.Kind.REGION, section=self.addition.section_id)
        return regional.latest_on(self.day).select_related("kept_rendering", "section").get()

    @cached_property
    def checked(self) -> Version | None:
        """The regional text that the addition was last checked against; None where there was none."""
        return last_checked([self.addition], by_day=self.day).get(self.addition.pk)

    @cached_property
    def changes(self) -> list[Version]:
        """The changes since, oldest first."""
        return changes_since([self.drift], until=self.day)[self.addition.pk]

    @property
    def comparison(self) -> Comparison:
        """The regional text with its changes, word by word."""
        return compare_html(self._html(self.checked) if self.checked else "", self._html(self.against))

    @property
    def title_comparison(self) -> Comparison:
        before = f"{self.checked.number} {self.checked.title}".strip() if self.checked else ""
        return compare_words(before, f"{self.against.number} {self.against.title}".strip())

    @property
    def own_html(self) -> SafeString:
        return self._html(self.addition)

    @cached_property
    def _viewpoint(self) -> Viewpoint:
        known = read_directory()
        return Viewpoint(known, self.today).seen_by(known.by_id(self.addition.partnership_id)).at(self.day)

    def _html(self, version: Version) -> SafeString:
        kept = getattr(version, "kept_rendering", None)
        blocks = rendered(version.pk, kept and kept.renderer, kept and kept.content).blocks
        return safe(point_links("".join(block.html for block in blocks), self._viewpoint.target_url))


def check_of(section: Section, partnership: Partnership, *, today: date) -> Check | None:
    """What is to be checked in a section now, else what will be; None when nothing is."""
    found = [*drifted([partnership.pk], day=today), *drifting([partnership.pk], day=today)]
    return next((Check(drift, today) for drift in found if drift.addition.section_id == section.pk), None)


@transaction.atomic
def confirm(
    section: Section, partnership: Partnership, shown: tuple[str, str], *, by: User, now: datetime, today: date
) -> Check:
    """Say that a text needs no change; whoever wrote it may say so, for no word changes.

    `shown` are the ids, as a form sends them, of the addition and of the regional text that the person has compared.
    NotPossible when there is nothing to check, or something else than what they saw.
    """
    lock_the_manual()
    check = check_of(section, partnership, today=today)
    if check is None:
        raise NotPossible("There is nothing to check in this section: it has been dealt with already.")
    if shown != (str(check.addition.pk), str(check.against.pk)):
        raise NotPossible(CHANGED_AGAIN)
    for addition in [check.addition, *_restating(check.addition)]:
        Confirmation.objects.get_or_create(addition=addition, against=check.against, defaults={"person": by, "at": now})
    assert check.against.effective_date
    record(
        partnership,
        Action.CONFIRMED,
        by=by,
        at=now,
        about=check.drift.changed_by.name,
        section=section.slug,
        version_id=check.addition.pk,
        detail=f"Against the regional text of {in_words(check.against.effective_date)}.",
    )
    return check


def _restating(addition: Version) -> Iterable[Version]:
    """What is scheduled to say the same again, such as what calls another back: it is checked with the addition."""
    stream = Version.objects.published().filter(section=addition.section_id, partnership=addition.partnership_id)
    later = stream.filter(effective_date__gt=addition.effective_date, withdrawn=False)
    return later.filter(number=addition.number, title=addition.title, body=addition.body)
