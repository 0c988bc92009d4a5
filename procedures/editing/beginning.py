"""How a draft begins: from the text in force, from any older version, as a withdrawal, or as a new section.

What is begun here is a saved, unpublished `Version` with a `Draft` beside it; nothing public changes.
"""

from datetime import date, datetime

from django.contrib.auth.models import User
from django.db import IntegrityError, transaction

from partnerships.audit import Action
from partnerships.models import Partnership
from procedures.editing import workflow
from procedures.editing.models import Draft
from procedures.editing.refusing import NotPossible
from procedures.models import Section, Version


class Stream:
    """What one partnership has published of one section, as far as a new draft asks."""

    def __init__(self, section: Section, partnership: Partnership) -> None:
        self.section, self.partnership = section, partnership
        self.versions = Version.objects.published().filter(section=section, partnership=partnership)

    def newest(self) -> Version | None:
        """The version that was published last, be it scheduled: what a draft must know of."""
        return self.versions.order_by("-published_at").first()

    def has_moved_on(self, draft: Version) -> bool:
        """Whether somebody published another version of the text since `draft`, which is one of it, was begun."""
        newest = self.newest()
        return (newest.pk if newest else None) != draft.based_on_id

    def latest_on(self, day: date) -> Version | None:
        """The version that counts on `day`, a withdrawal included."""
        return self.versions.filter(effective_date__lte=day).newest_first().first()

    def scheduled(self, today: date) -> list[Version]:
        """What takes effect after `today`, soonest first; neither what was called back nor what calls it back."""
        later = self.versions.filter(effective_date__gt=today).that_take_effect().that_change_something()
        return list(later.order_by("effective_date", "published_at"))

    def current_words(self, today: date) -> Version | None:
        """The version with whose words a new draft begins: in force, else to come, else the last that was in force."""
        current = self.latest_on(today)
        if current and not current.withdrawn:
            return current
        words = [*self.scheduled(today), *self.versions.filter(withdrawn=False).newest_first()[:1]]
        return next((version for version in words if not version.withdrawn), None)


def regional_text(section: Section, day: date) -> Version | None:
    """The regional text of a section in force on `day`, beside which a local addition stands."""
    in_force = Version.objects.in_force(day).filter(section=section, partnership__kind=Partnership.Kind.REGION)
    return in_force.first()


def begin(
    section: Section, partnership: Partnership, *, by: User, now: datetime, today: date, source: Version | None = None
) -> Draft:
    """A draft of the partnership's text of a section.

    It begins with the text of `source`, a published version of the same text; without one with what is in force
    `today`, else with what is scheduled first, else with what was in force last, else empty. Either way it knows the
    newest publication, so that whatever is published after this moment is noticed.
    """
    texts = Stream(section, partnership)
    newest = texts.newest()
    from_text = source or texts.current_words(today)
    version = _version(section, partnership, by, today, from_text)
    version.based_on = newest
    action = Action.RESTORED if source and source != texts.latest_on(today) else Action.DRAFT_BEGUN
    return _save(version, from_text, by=by, now=now, action=action)


def begin_withdrawal(section: Section, partnership: Partnership, *, by: User, now: datetime, today: date) -> Draft:
    """A draft that withdraws the partnership's text of a section. NotPossible where none is in force or to come."""
    texts = Stream(section, partnership)
    current = texts.latest_on(today)
    if all(text is None or text.withdrawn for text in [current, *texts.scheduled(today)]):
        raise NotPossible("There is no text to withdraw: none is in force or scheduled.")
    version = _version(section, partnership, by, today, None)
    version.withdrawn, version.based_on = True, texts.newest()
    return _save(version, current, by=by, now=now)


@transaction.atomic
def begin_new_section(
    slug: str, number: str, title: str, partnership: Partnership, *, by: User, now: datetime, today: date
) -> Draft:
    """A draft of a section that the manual does not have yet: the region's, or a local procedure.

    NotPossible when the slug, which stands in the section's address for ever, is another section's.
    """
    try:
        with transaction.atomic():
            section = Section.objects.create(slug=slug)
    except IntegrityError:
        raise NotPossible(f"There is a section “{slug}” already. Choose another name for its address.") from None
    version = _version(section, partnership, by, today, None)
    version.number, version.title = number, title
    return _save(version, None, by=by, now=now)


def _version(section: Section, partnership: Partnership, by: User, today: date, from_text: Version | None) -> Version:
    """An unsaved draft with the words of `from_text`, written against the regional text of `today` beside it."""
    version = Version(section=section, partnership=partnership, author=by)
    if from_text:
        for name in ("number", "title", "body"):
            setattr(version, name, getattr(from_text, name))
        if from_text.review_date and from_text.review_date > today:
            version.review_date = from_text.review_date
    if partnership.kind != Partnership.Kind.REGION:
        version.written_against = regional_text(section, today)
    return version


@transaction.atomic
def _save(
    version: Version, began_with: Version | None, *, by: User, now: datetime, action: Action = Action.DRAFT_BEGUN
) -> Draft:
    version.save()
    draft = Draft.objects.create(version=version, began_with=began_with, begun_at=now, saved_at=now, saved_by=by)
    draft.writers.add(by)
    detail = f"From the version of {began_with.effective_date}." if began_with else ""
    if version.withdrawn:
        detail = "To withdraw the section."
    workflow.log(draft, action, by=by, now=now, detail=detail)
    return draft
