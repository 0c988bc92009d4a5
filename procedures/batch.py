"""Versions on their way through the one door: checked together, sealed, and stored with what belongs to them.

`procedures.publishing` decides what is published and when, and holds the transaction in which this works.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from partnerships.directory import read_directory
from procedures.checks import MAX_BODY, Checks, Fault, NumberedReference, known_targets, stale_numbers
from procedures.kept_html import render_source
from procedures.models import CrossReference, KeptRendering, Version
from procedures.register import Entry, Register, Stream, stream_of
from procedures.rendering import RENDERER, Link, Rendered, Source, carry_heading_ids, parse
from procedures.rendering.headings import SourceHeading
from procedures.sealing import SEALED_FIELDS, digest_of

Progress = Callable[[Sequence[Version]], Iterable[Version]]

CHUNK = 500  # versions stored at a time


class Refused(Exception):
    """Nothing was published. `faults` says why, each with a sentence for the person who can mend it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults


@dataclass(frozen=True)
class Tail:
    """Where a stream stands: what its next version follows.

    `heading_ids` are those of `headings`, then every other that the stream ever used: none of them is given again.
    """

    published_at: datetime | None = None
    digest: str = ""
    headings: tuple[SourceHeading, ...] = ()
    heading_ids: tuple[str, ...] = ()


@dataclass(frozen=True)
class Candidate:
    """A version that is about to be published, its parsed text, and its references with the section each means."""

    version: Version
    source: Source
    bound: tuple[tuple[Link, int], ...]


class Batch:
    """Versions that are published together, in order of publication; checked, sealed and stored chunk by chunk."""

    def __init__(self, versions: Sequence[Version]) -> None:
        self.versions = versions
        self.directory = read_directory()
        self.register = Register.read(self.directory)
        self.register.add(versions)
        self.known = known_targets()
        self.slugs = {pk: slug for slug, pk in self.known.sections.items()}
        self.checks = Checks(self.register, self.known)
        self.numbered: list[NumberedReference] = []
        self.tails: dict[Stream, Tail] = {}
        self.slots: dict[int, tuple[str, ...]] = {}  # of texts in this batch, by the id() of the version
        self.stored_slots: dict[int, tuple[str, ...]] = {}  # of published regional texts, by primary key

    def publish(self, *, store: Callable[[list[Candidate]], None], progress: Progress = iter) -> None:
        """Check, seal and store everything. Raises Refused for any fault; the caller's transaction undoes it all."""
        faults: list[Fault] = []
        waiting: list[Candidate] = []
        following = self._what_takes_effect_later()
        for version in progress(self.versions):
            candidate = self._candidate(version)
            faults += self._faults(candidate)
            if faults:
                self._count_as_published(version)
            else:
                self._seal(candidate)
                waiting.append(candidate)
            if len(waiting) == CHUNK:
                self._store(waiting, store)
                waiting = []
        faults += self._faults_of_the_whole(following)
        if faults:
            raise Refused(faults)
        self._store(waiting, store)

    def check(self) -> list[Fault]:
        """The faults for which `publish` would refuse; nothing is sealed or stored."""
        following = self._what_takes_effect_later()
        faults: list[Fault] = []
        for version in self.versions:
            faults += self._faults(self._candidate(version))
            self._count_as_published(version)
        return faults + self._faults_of_the_whole(following)

    def preview(self) -> Rendered:
        """The HTML that the one version would get; nothing is sealed or stored."""
        [version] = self.versions
        candidate, tail = self._candidate(version), self._tail(version)
        version.heading_ids = carry_heading_ids(candidate.source.headings, tail.headings, tail.heading_ids)
        return self._rendered(candidate)

    def _rendered(self, candidate: Candidate) -> Rendered:
        slugs = {link.number: self.slugs[section_id] for link, section_id in candidate.bound if link.number}
        return render_source(candidate.version, candidate.source, slugs.get)

    def _count_as_published(self, version: Version) -> None:
        self.tails[stream_of(version)] = Tail(version.published_at)

    def _faults_of_the_whole(self, following: list[Version]) -> list[Fault]:
        """What is wrong with none of the versions alone: references gone stale, and texts of later days put wrong."""
        faults = stale_numbers(self.register, [*self.numbered, *self._references_to_what_moves()])
        return faults + [fault for version in following for fault in self._faults_brought_on(version)]

    def _candidate(self, version: Version) -> Candidate:
        assert version.effective_date
        source = parse(version.body if len(version.body) <= MAX_BODY else "")  # too long is a fault of its own
        scope = self.directory.scope(self.directory.by_id(version.partnership_id), version.effective_date)
        bound = []
        for link in source.links:
            section_id = (
                self.register.bearer(link.number, version.effective_date, scope)
                if link.number
                else self.known.sections.get(link.target)
                if link.scheme == "section"
                else None
            )
            if section_id is not None:
                bound.append((link, section_id))
                if link.number:
                    self.numbered.append(NumberedReference(version, link.number, link.words, section_id, link.line))
        self.slots[id(version)] = source.slots
        return Candidate(version, source, tuple(bound))

    def _faults(self, candidate: Candidate) -> list[Fault]:
        version = candidate.version
        beside = self._regional_entry(version)
        faults = self.checks.faults(version, candidate.source, self._slots_of(beside) if beside else None)
        last = self._published_before(version)
        if last and version.published_at and version.published_at <= last:
            message = (
                f"It says that it was published at {version.published_at.isoformat()}, but a version of the same text "
                f"was published after that, at {last.isoformat()}. The record only grows at its end."
            )
            faults.append(Fault(version, "published_at", message))
        return faults

    def _what_takes_effect_later(self) -> list[Version]:
        """What is published, takes effect after one of these versions, and is beside it or refers to its section."""
        earliest: dict[int, date] = {}
        for version in self.versions:
            assert version.effective_date
            day = earliest.get(version.section_id, version.effective_date)
            earliest[version.section_id] = min(day, version.effective_date)
        if not earliest:
            return []
        rows = Version.objects.published().filter(effective_date__gte=min(earliest.values())).order_by()
        beside = rows.filter(section_id__in=earliest).values_list("pk", "section_id", "effective_date")
        refer = rows.filter(references__to_section_id__in=earliest).values_list(
            "pk", "references__to_section_id", "effective_date"
        )
        ids = {pk for pk, section_id, day in [*beside, *refer] if day and day >= earliest[section_id]}
        if not ids:
            return []
        return list(Version.objects.filter(pk__in=ids).select_related("section", "partnership", "written_against"))

    def _faults_brought_on(self, version: Version) -> list[Fault]:
        """What would be wrong with a published text on the day it takes effect, for what is published here."""
        if self.register.is_replaced_at_once(version):
            return []
        beside = self._regional_entry(version)
        found = self.checks.faults(version, parse(version.body), self._slots_of(beside) if beside else None)
        return [
            replace(fault, message=f"With this, {version}, which is published already, would be wrong: {fault.message}")
            for fault in found
        ]

    def _regional_entry(self, version: Version) -> Entry | None:
        """The regional text that stands beside a local version on its effective date; None for the region itself."""
        region = self.directory.region
        if region is None or version.partnership_id == region.id or version.effective_date is None:
            return None
        return self.register.in_force((version.section_id, region.id), version.effective_date)

    def _regional_text_known_to(self, version: Version) -> Entry | None:
        """The regional text that stood beside a local version when it was published."""
        region = self.directory.region
        if region is None or version.partnership_id == region.id:
            return None
        assert version.effective_date and version.published_at
        return self.register.known_at((version.section_id, region.id), version.effective_date, version.published_at)

    def _slots_of(self, entry: Entry) -> tuple[str, ...]:
        """The slots of a regional text, whether it is published or about to be."""
        version = entry.version
        if isinstance(version, Version):
            if id(version) not in self.slots:
                self.slots[id(version)] = parse(version.body).slots
            return self.slots[id(version)]
        if version not in self.stored_slots:
            body = Version.objects.values_list("body", flat=True).get(pk=version)
            self.stored_slots[version] = parse(body).slots
        return self.stored_slots[version]

    def _published_before(self, version: Version) -> datetime | None:
        """When the version that this one follows in its stream was published."""
        if tail := self.tails.get(stream_of(version)):
            return tail.published_at
        stored = self._stored(version)
        return stored.published_at if stored else None

    def _stored(self, version: Version) -> Entry | None:
        """The last publication of a version's stream that is in the database."""
        entries = self.register.streams[stream_of(version)]
        stored = [entry for entry in entries if not isinstance(entry.version, Version)]
        return max(stored, key=lambda entry: entry.published_at, default=None)

    def _tail(self, version: Version) -> Tail:
        stream = stream_of(version)
        if stream not in self.tails:
            stored = self._stored(version)
            self.tails[stream] = _tail_of(Version.objects.get(pk=stored.version)) if stored else Tail()  # type: ignore[misc]
        return self.tails[stream]

    def _seal(self, candidate: Candidate) -> None:
        """Give a version what only publication gives: heading ids, what it was written against, its digest."""
        version, tail = candidate.version, self._tail(candidate.version)
        version.heading_ids = carry_heading_ids(candidate.source.headings, tail.headings, tail.heading_ids)
        beside = self._regional_text_known_to(version)
        if beside and version.written_against is None:
            version.written_against = (
                beside.version if isinstance(beside.version, Version) else Version.objects.get(pk=beside.version)
            )
        references = [[link.number, self.slugs[section_id]] for link, section_id in candidate.bound if link.number]
        version.digest = digest_of(_sealed_fields(version), references, tail.digest)
        self.tails[stream_of(version)] = _tail_after(version, candidate.source, tail.heading_ids)

    def _store(self, candidates: list[Candidate], store: Callable[[list[Candidate]], None]) -> None:
        """Store versions, then the references and the HTML that belong to them."""
        store(candidates)
        references, renderings = [], []
        for candidate in candidates:
            version = candidate.version
            content = self._rendered(candidate).to_json()
            renderings.append(KeptRendering(version_id=version.pk, renderer=RENDERER, content=content))
            references += [
                CrossReference(from_version=version, to_section_id=to, words=link.words[:300], number=link.number)
                for link, to in candidate.bound
            ]
        CrossReference.objects.bulk_create(references, batch_size=CHUNK)
        KeptRendering.objects.bulk_create(renderings, batch_size=CHUNK)

    def _references_to_what_moves(self) -> Iterable[NumberedReference]:
        """The published references by number to the sections that get another number here."""
        moving = {version.section_id for version in self.versions if version.number and self._tail_number(version)}
        if not moving:
            return
        rows = CrossReference.objects.filter(to_section_id__in=moving).exclude(number="")
        for row in rows.select_related("from_version__section", "from_version__partnership"):
            yield NumberedReference(row.from_version, row.number, row.words, row.to_section_id)

    def _tail_number(self, version: Version) -> str:
        """Another number that the version's stream bears at some time; "" when it has always been the same."""
        entries = self.register.streams[stream_of(version)]
        return next((entry.number for entry in entries if entry.number not in ("", version.number)), "")


def _tail_of(newest: Version) -> Tail:
    """The tail of a stream whose newest publication is stored."""
    stream = Version.objects.published().filter(section=newest.section_id, partnership=newest.partnership_id)
    used = [heading_id for ids in stream.values_list("heading_ids", flat=True) for heading_id in ids]
    return _tail_after(newest, parse(newest.body), used)


def _tail_after(version: Version, source: Source, used_before: Iterable[str]) -> Tail:
    ids = dict.fromkeys([*version.heading_ids, *used_before])
    return Tail(version.published_at, version.digest, source.headings, tuple(ids))


def _sealed_fields(version: Version) -> dict[str, object]:
    related = {
        "section__slug": version.section.slug,
        "partnership__slug": version.partnership.slug,
        "written_against__digest": version.written_against.digest if version.written_against else None,
    }
    return {name: related[name] if name in related else getattr(version, name) for name in SEALED_FIELDS}
