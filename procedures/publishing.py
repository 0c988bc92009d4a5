"""The one door through which text becomes public.

`publish` takes one draft; `publish_imported` takes many versions that come with their own dates. Both check
everything, and in one transaction seal the versions and write their cross-references and their HTML. The database's
triggers renew the freshness stamp in that same transaction, and whatever else follows from a publication (search
index, caches) catches up by comparing that stamp, so nothing is half public if the process dies.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from partnerships.directory import read_directory
from partnerships.models import Partnership
from procedures.checks import LONGEST, MAX_BODY, Checks, Fault, NumberedReference, known_targets, stale_numbers
from procedures.models import CrossReference, KeptRendering, Version
from procedures.register import Entry, Register, Stream
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


def publish(draft: Version, *, by: AbstractBaseUser, effective_date: date, today: date) -> Version:
    """Publish a saved draft from `effective_date` on, approved by `by`, and give the sealed version.

    `today` is the day in the site's time zone. Raises Refused, with nothing written, when the date lies in the past,
    when somebody published another version since the draft was begun, or for any fault of `procedures.checks`.
    """
    with transaction.atomic():
        lock_the_manual()
        draft = Version.objects.select_related("section", "partnership", "author").get(pk=draft.pk)
        newest = _published_last(draft)
        _refuse_what_has_moved_on(draft, newest, effective_date, today)
        draft.effective_date = effective_date
        draft.approver, draft.approver_name = by, _name_of(by)  # type: ignore[assignment]
        draft.author_name = draft.author_name or _name_of(draft.author)
        draft.published_at = _moment_after(newest)
        draft.tidy()
        Batch([draft]).publish(store=_store_draft)
    return Version.objects.get(pk=draft.pk)


def publish_imported(versions: Sequence[Version], *, progress: Progress = iter) -> None:
    """Publish unsaved versions that carry their own effective dates and moments of publication, past ones included.

    They come in order of publication and are marked as imported. A local addition whose `written_against` is None is
    taken to be written against the regional text of its day. `progress` wraps the versions as they are worked on.
    Raises Refused with every fault of every version, and has then written nothing.
    """
    for version in versions:
        version.imported = True
        version.tidy()
    with transaction.atomic():
        lock_the_manual()
        Batch(versions).publish(store=_store_new, progress=progress)


def rendering_of(version: Version, slug_of_number: Callable[[str], str | None]) -> Rendered:
    """A version's text as safe HTML; `slug_of_number` says which section a number in it means."""
    return _render(version, parse(version.body), slug_of_number)


def numbered_slugs(version: Version) -> dict[str, str]:
    """The numbers that a published version's text names, each with the slug of the section that it means."""
    references = version.references.exclude(number="")
    return dict(references.values_list("number", "to_section__slug"))


def remake_rendering(version: Version) -> Rendered:
    """Render a published version again from its text and its stored cross-references, keep the result and give it."""
    rendered = rendering_of(version, numbered_slugs(version).get)
    KeptRendering.objects.update_or_create(
        version=version, defaults={"renderer": RENDERER, "content": rendered.to_json()}
    )
    return rendered


def _render(version: Version, source: Source, slug_of_number: Callable[[str], str | None]) -> Rendered:
    # Local headings and paragraphs stand on one page with the region's: their ids begin with their owner.
    prefix = "" if version.partnership.kind == Partnership.Kind.REGION else f"{version.partnership.slug}-"
    return source.render(heading_ids=version.heading_ids, resolve=slug_of_number, prefix=prefix)


def lock_the_manual() -> None:
    """One publication at a time: numbers and references are the whole manual's, not one section's.

    SQLite locks the whole database anyway when a transaction begins.
    """
    region = Partnership.objects.filter(kind=Partnership.Kind.REGION).order_by("pk")
    list(region.select_for_update(no_key=True).values_list("pk"))


def _refuse_what_has_moved_on(draft: Version, newest: Version | None, effective_date: date, today: date) -> None:
    if draft.is_published:
        raise Refused([Fault(draft, "", "This draft has been published already.")])
    if effective_date < today:
        message = (
            f"The effective date, {effective_date}, lies in the past. The earliest possible day is today, {today}."
        )
        raise Refused([Fault(draft, "effective_date", message)])
    if (newest.pk if newest else None) != draft.based_on_id:
        message = (
            "Somebody published another version of this text since this draft was begun. "
            "Compare the two and begin again from the newest."
        )
        raise Refused([Fault(draft, "based_on", message)])


def _published_last(version: Version) -> Version | None:
    """The version of the same stream that was published last."""
    stream = Version.objects.published().filter(section=version.section_id, partnership=version.partnership_id)
    return stream.order_by("-published_at").first()


def _moment_after(newest: Version | None) -> datetime:
    """Now, or a microsecond after the stream's newest publication should the clock have been set back."""
    now = datetime.now(UTC)
    if newest is None or newest.published_at is None:
        return now
    return max(now, newest.published_at + timedelta(microseconds=1))


def _name_of(person: Any) -> str:
    return (person.get_full_name() or person.get_username())[: LONGEST["author_name"]] if person else ""


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
                self.tails[version.section_id, version.partnership_id] = Tail(version.published_at)
            else:
                self._seal(candidate)
                waiting.append(candidate)
            if len(waiting) == CHUNK:
                self._store(waiting, store)
                waiting = []
        faults += stale_numbers(self.register, [*self.numbered, *self._references_to_what_moves()])
        faults += [fault for version in following for fault in self._faults_brought_on(version)]
        if faults:
            raise Refused(faults)
        self._store(waiting, store)

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
        tail = self._tail(version)
        if tail.published_at and version.published_at and version.published_at <= tail.published_at:
            message = (
                f"It says that it was published at {version.published_at.isoformat()}, but a version of the same text "
                f"was published after that, at {tail.published_at.isoformat()}. The record only grows at its end."
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
        rows = Version.objects.published().filter(effective_date__gte=min(earliest.values()))
        beside = rows.filter(section_id__in=earliest).values_list("pk", "section_id", "effective_date")
        refer = rows.filter(references__to_section_id__in=earliest).values_list(
            "pk", "references__to_section_id", "effective_date"
        )
        ids = {pk for pk, section_id, day in [*beside, *refer] if day and day >= earliest[section_id]}
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

    def _tail(self, version: Version) -> Tail:
        stream = (version.section_id, version.partnership_id)
        if stream not in self.tails:
            is_new = all(isinstance(entry.version, Version) for entry in self.register.streams[stream])
            newest = None if is_new else _published_last(version)
            self.tails[stream] = Tail() if newest is None else _tail_of(newest)
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
        self.tails[version.section_id, version.partnership_id] = _tail_after(
            version, candidate.source, tail.heading_ids
        )

    def _store(self, candidates: list[Candidate], store: Callable[[list[Candidate]], None]) -> None:
        """Store versions, then the references and the HTML that belong to them."""
        store(candidates)
        references, renderings = [], []
        for candidate in candidates:
            version = candidate.version
            slugs = {link.number: self.slugs[section_id] for link, section_id in candidate.bound if link.number}
            rendered = _render(version, candidate.source, slugs.get)
            renderings.append(KeptRendering(version_id=version.pk, renderer=RENDERER, content=rendered.to_json()))
            references += [
                CrossReference(from_version=version, to_section_id=to, words=link.words[:300], number=link.number)
                for link, to in candidate.bound
            ]
        CrossReference.objects.bulk_create(references, batch_size=CHUNK)
        KeptRendering.objects.bulk_create(renderings, batch_size=CHUNK)

    def _references_to_what_moves(self) -> Iterable[NumberedReference]:
        """The published references by number to the sections that get another number here."""
        moving = {version.section_id for version in self.versions if version.number and self._tail_number(version)}
        rows = CrossReference.objects.filter(to_section_id__in=moving).exclude(number="")
        for row in rows.select_related("from_version__section", "from_version__partnership"):
            yield NumberedReference(row.from_version, row.number, row.words, row.to_section_id)

    def _tail_number(self, version: Version) -> str:
        """Another number that the version's stream bears at some time; "" when it has always been the same."""
        entries = self.register.streams[version.section_id, version.partnership_id]
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


def _store_new(candidates: list[Candidate]) -> None:
    """Insert versions; those written against another of the same chunk after it."""
    versions = [candidate.version for candidate in candidates]
    dependent = {id(v) for v in versions if v.written_against is not None and v.written_against.pk is None}
    Version.objects.bulk_create([v for v in versions if id(v) not in dependent], CHUNK)
    Version.objects.bulk_create([v for v in versions if id(v) in dependent], CHUNK)


def _store_draft(candidates: list[Candidate]) -> None:
    """Turn the one draft into a published version."""
    [candidate] = candidates
    version = candidate.version
    names = (
        "number",
        "title",
        "body",
        "change_note",
        "effective_date",
        "approver",
        "approver_name",
        "author_name",
        "published_at",
        "heading_ids",
        "digest",
        "written_against",
    )
    draft = Version.objects.filter(pk=version.pk, published_at__isnull=True)
    draft.update(**{name: getattr(version, name) for name in names})
