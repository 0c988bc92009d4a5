"""What keeps a text from being published, each as a sentence for the person who can mend it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from partnerships.directory import Directory, Listed
from partnerships.models import Service
from procedures.models import Authority, DocumentFile, Section, Version
from procedures.numbering import candidates, is_number
from procedures.register import Register, stream_of
from procedures.rendering import Link, Source
from procedures.uploads.kinds import KINDS

MAX_BODY = 200_000  # characters; the longest real procedures that we know have about 60,000
# Characters that no text holds: controls, halves of characters, and those that turn the direction of what follows.
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
EARLIEST = date(1800, 1, 1)  # no manual is older, and a slip such as the year 0001 could never be taken back
LONGEST = {"title": 200, "author_name": 120, "approver_name": 120}  # characters


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a version: in which of its fields, on which line of the body (None elsewhere)."""

    version: Version
    field: str
    message: str
    line: int | None = None


@dataclass(frozen=True)
class KnownDocument:
    """Whose a document is, from which day on it exists, and whether it is a picture."""

    partnership_id: int
    since: date
    is_image: bool


@dataclass(frozen=True)
class Known:
    """What a reference may lead to, by slug: read once for all the versions that are checked together."""

    sections: dict[str, int]
    authorities: frozenset[str]
    services: frozenset[str]
    documents: Mapping[str, KnownDocument] = field(default_factory=dict)


class Checks:
    """The questions asked of every version before it may be published.

    `register` holds what is published and all that is about to be, so texts published together may refer to each other.
    """

    def __init__(self, register: Register, known: Known) -> None:
        self.register = register
        self.directory: Directory = register.directory
        self.known = known

    def faults(self, version: Version, source: Source, regional_slots: tuple[str, ...] | None) -> list[Fault]:
        """All faults of one version.

        `source` is its parsed body; `regional_slots` the slots of the regional text in force beside it on its day,
        None where there is none.
        """
        owner = self.directory.by_id(version.partnership_id)
        faults = [
            *self._of_fields(version),
            *(Fault(version, "body", fault.message, fault.line) for fault in source.faults),
        ]
        if self.register.is_replaced_at_once(version):
            return faults  # it is in force on no day, so nothing in it can be out of place
        return [
            *faults,
            *self._of_numbers(version, owner, regional_slots is not None),
            *self._of_slots(version, owner, source, regional_slots),
            *self._of_links(version, owner, source),
            *self._of_written_against(version, owner),
        ]

    def _of_fields(self, version: Version) -> list[Fault]:
        faults = []
        if version.change_kind != Version.ChangeKind.MINOR and not version.change_note.strip():
            message = "Say what changed and why: only a minor change may go without a change note."
            faults.append(Fault(version, "change_note", message))
        for name, most in LONGEST.items():
            if len(getattr(version, name)) > most:
                faults.append(Fault(version, name, f"The {name.replace('_', ' ')} is longer than {most} characters."))
        for name, what, day in (
            ("effective_date", "effective date", version.effective_date),
            ("published_at", "publication on", version.published_at and version.published_at.date()),
        ):
            if day and day < EARLIEST:
                message = f"The {what} {day} cannot be right: no manual is older than {EARLIEST}."
                faults.append(Fault(version, name, message))
        for name in (*LONGEST, "change_note", "body"):
            faults += _of_characters(version, name)
        if version.number and not is_number(version.number):
            message = f"“{version.number}” is not a section number such as 3.1 or 2.10."
            faults.append(Fault(version, "number", message))
        elif version.number and not version.title:
            faults.append(Fault(version, "title", f"Section {version.number} has no title."))
        if len(version.body) > MAX_BODY:
            message = f"The text has {len(version.body):,} characters; the most is {MAX_BODY:,}."
            faults.append(Fault(version, "body", message, line=1))
        if not version.body.strip() and not version.withdrawn:
            message = "The text is empty. To say that a section no longer applies, publish a withdrawal."
            faults.append(Fault(version, "body", message))
        if version.review_date and version.effective_date and version.review_date < version.effective_date:
            message = (
                f"The review date, {version.review_date}, lies before the effective date, {version.effective_date}."
            )
            faults.append(Fault(version, "review_date", message))
        return faults

    def _of_numbers(self, version: Version, owner: Listed, stands_beside_regional_text: bool) -> list[Fault]:
        if not owner.is_region and stands_beside_regional_text:
            if version.number:
                message = (
                    "A local addition has no number of its own: it stands in the regional section of that number. "
                    "Leave the number out."
                )
                return [Fault(version, "number", message)]
            return []
        if version.withdrawn and not version.number:
            return []
        if not version.number:
            message = (
                "A regional text has a number, such as 3.1."
                if owner.is_region
                else f"There is no regional text of “{version.section.slug}” on {version.effective_date} for this to "
                "be added to. Give it a number and a title to make it a local procedure, or choose another day."
            )
            return [Fault(version, "number", message)]
        return self._of_taken_number(version)

    def _of_taken_number(self, version: Version) -> list[Fault]:
        clash = self.register.clash(stream_of(version), version)
        if clash is None:
            return []
        other = next(slug for slug, pk in self.known.sections.items() if pk == clash[0])
        message = f"Number {version.number} is taken: from {clash[1]} it is the number of “{other}” as well."
        return [Fault(version, "number", message)]

    def _of_slots(
        self, version: Version, owner: Listed, source: Source, regional_slots: tuple[str, ...] | None
    ) -> list[Fault]:
        if owner.is_region:
            return [
                Fault(
                    version,
                    "body",
                    f"Regional text does not fill slots: “::: fill {slot}” belongs in a local addition.",
                )
                for slot in source.fills
            ]
        faults = [
            Fault(version, "body", f"Only regional text has slots: “::: local {slot}” has no effect here.")
            for slot in source.slots
        ]
        there = ", ".join(regional_slots or ()) or "none"
        for slot in source.fills:
            if slot not in (regional_slots or ()):
                message = f"The regional text has no slot “{slot}” on {version.effective_date} (it has: {there})."
                faults.append(Fault(version, "body", message))
        return faults

    def _of_links(self, version: Version, owner: Listed, source: Source) -> list[Fault]:
        assert version.effective_date
        scope = self.directory.scope(owner, version.effective_date)
        faults = []
        for link in source.links:
            message = self._fault_of_link(link, version.effective_date, scope)
            if message:
                faults.append(Fault(version, "body", message, link.line))
        return faults

    def _of_written_against(self, version: Version, owner: Listed) -> list[Fault]:
        against = version.written_against
        if against is None:
            return []
        is_regional = self.directory.by_id(against.partnership_id).is_region
        if owner.is_region or not is_regional or against.section_id != version.section_id:
            message = "Only a local addition is written against a text: the regional text of its section."
            return [Fault(version, "written_against", message)]
        if not (against.published_at and version.published_at and against.published_at < version.published_at):
            message = f"It is written against a text ({against}) that was not published before it."
            return [Fault(version, "written_against", message)]
        return []

    def _fault_of_link(self, link: Link, day: date, scope: tuple[int, ...]) -> str:
        if link.number:
            if link.certain and self.register.bearer(link.number, day, scope) is None:
                escaped = link.number.replace(".", "\\.", 1)
                return (
                    f"“{link.words}” leads nowhere: no section bears the number {link.number} on {day}. "
                    f"If the number is not one of this manual's, write {escaped}."
                )
        elif link.scheme == "section":
            section_id = self.known.sections.get(link.target)
            if section_id is None:
                return f"“{link.words}” leads nowhere: there is no section “{link.target}”."
            if not self.register.is_in_force(section_id, day, scope):
                return f"“{link.words}” leads nowhere: section “{link.target}” is not in force on {day}."
        elif link.scheme in ("document", "image"):
            return self._fault_of_document(link, day, scope)
        elif link.scheme in ("authority", "contact"):
            known = {"authority": self.known.authorities, "contact": self.known.services}[link.scheme]
            if link.target not in known:
                kind = "service" if link.scheme == "contact" else link.scheme
                return f"“{link.words}” leads nowhere: there is no {kind} “{link.target}”."
        return ""

    def _fault_of_document(self, link: Link, day: date, scope: tuple[int, ...]) -> str:
        document = self.known.documents.get(link.target)
        leads_nowhere = f"“{link.words}” {'shows nothing' if link.scheme == 'image' else 'leads nowhere'}:"
        named = f"the document “{link.target}”"
        if document is None:
            return f"{leads_nowhere} there is no document “{link.target}”."
        if document.partnership_id not in scope:
            owner = self.directory.by_id(document.partnership_id)
            return f"{leads_nowhere} {named} is {owner.name}’s, and not all readers of this text see it."
        if day < document.since:
            return f"{leads_nowhere} {named} was added on {document.since}, which is after {day}."
        if link.scheme == "image" and not document.is_image:
            return f"{leads_nowhere} {named} is no picture. Link it: [{link.words}](document:{link.target})."
        return ""


def _of_characters(version: Version, name: str) -> list[Fault]:
    """The first character of a text that cannot be kept or exchanged."""
    text = getattr(version, name)
    found = CONTROL.search(text)
    if found is None:
        return []
    line = text.count("\n", 0, found.start()) + 1 if name == "body" else None
    return [Fault(version, name, control_message(found[0]), line)]


def control_message(character: str) -> str:
    return f"The control character U+{ord(character):04X} stands in the text. Delete it."


def known_targets() -> Known:
    """What references may lead to, as the database has it now."""
    return Known(
        sections=dict(Section.objects.values_list("slug", "pk")),
        authorities=frozenset(Authority.objects.values_list("slug", flat=True)),
        services=frozenset(Service.objects.values_list("slug", flat=True)),
        documents=known_documents(),
    )


def known_documents() -> dict[str, KnownDocument]:
    """Every document that has a file, by slug; whether it is a picture never changes."""
    rows = DocumentFile.objects.order_by("-added_on", "-number").values_list(
        "document__slug", "document__partnership_id", "added_on", "content_type"
    )
    # The last row of each slug, which stays, is that of its first file.
    return {slug: KnownDocument(owner, since, KINDS[kind].is_image) for slug, owner, since, kind in rows}


@dataclass(frozen=True)
class NumberedReference:
    """A reference by number, and the id of the section that it means."""

    version: Version
    number: str
    words: str
    section_id: int
    line: int | None = None


def stale_numbers(register: Register, references: Iterable[NumberedReference]) -> list[Fault]:
    """The references that go on calling a section by its old number while it bears another.

    A section that is renumbered needs a consequential version of every text that names it by number, on that day.
    """
    faults = []
    for reference in references:
        moved = _moved(register, reference)
        if moved:
            message = (
                f"“{reference.words}” goes stale: from {moved[0]} that section's number is {moved[1]}, and this text "
                f"({reference.version}) is still in force then. Publish a consequential version of it on that day."
            )
            faults.append(Fault(reference.version, "body", message, reference.line))
    return faults


def _moved(register: Register, reference: NumberedReference) -> tuple[date, str] | None:
    """When, while the reference's text is in force, the section first bears another number than it says, and which."""
    version = reference.version
    assert version.effective_date
    until = register.superseded_on(stream_of(version), version) or date.max
    scope = register.directory.scope(register.directory.by_id(version.partnership_id), version.effective_date)
    for stream in register.streams_by_section.get(reference.section_id, set()):
        bears = register.in_force(stream, version.effective_date)
        if stream[1] not in scope or bears is None or bears.number not in candidates(reference.number):
            continue
        for day in (entry.effective_date for entry in register.streams[stream]):
            then = register.in_force(stream, day)
            if version.effective_date < day < until and then and then.number not in ("", bears.number):
                return day, then.number
    return None
