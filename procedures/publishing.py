"""The one door through which text becomes public.

`publish` takes one draft, `publish_together` several; `publish_imported` takes many versions that come with their own
dates. All check everything, and in one transaction seal the versions and write their cross-references and their HTML.
The database's triggers renew the freshness stamp in that same transaction, and whatever else follows from a publication
(search index, caches) catches up by comparing that stamp, so nothing is half public if the process dies.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
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
Publication = tuple[int, datetime]  # a version's id, and when it was published

CHUNK = 500  # versions stored at a time


class Refused(Exception):
    """Nothing was published. `faults` says why, each with a sentence for the person who can mend it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(fault.message for fault in faults))
        self.faults = faults


def publish(draft: Version, *, by: AbstractBaseUser, effective_date: date, today: date) -> Version:
    """Publish a saved draft from `effective_date` on, and give the sealed version. `by` counts as its approver if it
    has none yet.

    `today` is the day in the site's time zone. Raises Refused, with nothing written, when the date lies in the past,
    when somebody published another version since the draft was begun, or for any fault of `procedures.checks`.
    """
    draft.effective_date = effective_date
    [version] = publish_together([draft], by=by, today=today)
    return version


def publish_together(drafts: Sequence[Version], *, by: AbstractBaseUser, today: date) -> list[Version]:
    """Publish saved drafts in one transaction, each from its own `effective_date` on; all of them or none.

    They are checked as one whole, so they may refer to each other and take each other's numbers. The region's come
    first in the record, so that a local addition is written against the regional text published with it; a text may
    come with several days. Gives the sealed versions in the order of `drafts`; raises Refused as `publish` does, with
    the faults of all of them.
    """
    days = {draft.pk: draft.effective_date for draft in drafts}
    with transaction.atomic():
        lock_the_manual()
        stored = Version.objects.select_related("section", "partnership", "author", "approver", "written_against")
        for version in (versions := list(stored.filter(pk__in=days))):
            version.effective_date = days[version.pk]
        versions.sort(key=_in_order_of_publication)
        newest = _published_last(versions)
        _refuse_what_has_moved_on(versions, newest, today)
        moments = _moments(versions, _moment_after(moment for _, moment in newest.values()))
        for version, moment in zip(versions, moments, strict=True):
            version.approver = version.approver or by  # type: ignore[assignment]
            version.approver_name = _name_of(version.approver)
            version.author_name = version.author_name or _name_of(version.author)
            version.published_at = moment
            version.tidy()
        Batch(versions).publish(store=_store_drafts)
    published = Version.objects.in_bulk(days)
    return [published[draft.pk] for draft in drafts]


def faults_of(drafts: Sequence[Version], *, today: date) -> list[Fault]:
    """All that would keep these drafts from being published now, as far as it can be told without publishing them.

    They may be unsaved, and stay as they are. One without an effective date is looked at as if it took effect on
    `today`. Nothing is locked and nothing written.
    """
    copies = [copy(draft) for draft in drafts]
    originals = {id(looked_at): draft for looked_at, draft in zip(copies, drafts, strict=True)}
    for looked_at in copies:
        looked_at.effective_date = looked_at.effective_date or today
    copies.sort(key=_in_order_of_publication)
    for looked_at, moment in zip(copies, _moments(copies, datetime.now(UTC)), strict=True):
        looked_at.published_at = moment
    faults = Batch(copies).check()
    return [replace(fault, version=originals.get(id(fault.version), fault.version)) for fault in faults]


def preview_of(draft: Version, *, today: date) -> Rendered:
    """A draft's text as the HTML that it would get if it were published now.

    The draft may be unsaved, and stays as it is. One without an effective date is looked at as if it took effect on
    `today`. Nothing is locked and nothing written.
    """
    looked_at = copy(draft)
    looked_at.effective_date, looked_at.published_at = draft.effective_date or today, datetime.now(UTC)
    return Batch([looked_at]).preview()


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
    prefix = "" if _is_regional(version) else f"{version.partnership.slug}-"
    return source.render(heading_ids=version.heading_ids, resolve=slug_of_number, prefix=prefix)


def lock_the_manual() -> None:
    """One publication at a time: numbers and references are the whole manual's, not one section's.

    SQLite locks the whole database anyway when a transaction begins.
    """
    region = Partnership.objects.filter(kind=Partnership.Kind.REGION).order_by("pk")
    list(region.select_for_update(no_key=True).values_list("pk"))


def _refuse_what_has_moved_on(drafts: Sequence[Version], newest: Mapping[Stream, Publication], today: date) -> None:
    """Refused for every draft that is published already, has a day in the past or did not begin with the newest."""
    faults = []
    days_of_streams = Counter((draft.section_id, draft.partnership_id, draft.effective_date) for draft in drafts)
    for draft in drafts:
        day, (last, _) = draft.effective_date, newest.get(_stream_of(draft), (None, None))
        if draft.is_published:
            faults.append(Fault(draft, "", "This draft has been published already."))
        elif day is None:
            faults.append(Fault(draft, "effective_date", "Say from which day on it is in force."))
        elif day < today:
            message = f"The effective date, {day}, lies in the past. The earliest possible day is today, {today}."
            faults.append(Fault(draft, "effective_date", message))
        elif days_of_streams[draft.section_id, draft.partnership_id, day] > 1:
            message = f"Two drafts of this text are to be published together for {day}. Take one of them out."
            faults.append(Fault(draft, "", message))
        elif last != draft.based_on_id:
            message = (
                "Somebody published another version of this text since this draft was begun. "
                "Compare the two and begin again from the newest."
            )
            faults.append(Fault(draft, "based_on", message))
    if faults:
        raise Refused(faults)


def _is_regional(version: Version) -> bool:
    return version.partnership.kind == Partnership.Kind.REGION


def _in_order_of_publication(version: Version) -> tuple[bool, date, int]:
    return not _is_regional(version), version.effective_date or date.max, version.pk or 0


def _moments(versions: Sequence[Version], first: datetime) -> list[datetime]:
    """A moment of publication for each of `versions`, which stand in their order: no stream has one moment twice.

    The region's all come before the others'. What is published together so lies a few microseconds apart.
    """
    places: Counter[Stream] = Counter()
    regional_moments = 0
    moments = []
    for version in versions:
        stream = (version.section_id, version.partnership_id)
        place = places[stream] if _is_regional(version) else regional_moments + places[stream]
        places[stream] += 1
        regional_moments = max(regional_moments, places[stream]) if _is_regional(version) else regional_moments
        moments.append(first + timedelta(microseconds=place))
    return moments


def _stream_of(version: Version) -> Stream:
    return version.section_id, version.partnership_id


def _published_last(versions: Iterable[Version]) -> dict[Stream, Publication]:
    """What was published last in each stream of these versions, as far as anything was."""
    streams = [_stream_of(version) for version in versions]
    rows = Version.objects.published().filter(
        section__in={section for section, _ in streams}, partnership__in={partnership for _, partnership in streams}
    )
    fields = ("section_id", "partnership_id", "pk", "published_at")
    return {
        (section, partnership): (pk, moment)
        for section, partnership, pk, moment in rows.order_by("published_at").values_list(*fields)
    }


def _moment_after(moments: Iterable[datetime]) -> datetime:
    """Now, or a microsecond after the last of these moments should the clock have been set back."""
    return max([datetime.now(UTC), *(moment + timedelta(microseconds=1) for moment in moments)])


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
        return _render(candidate.version, candidate.source, slugs.get)

    def _count_as_published(self, version: Version) -> None:
        self.tails[version.section_id, version.partnership_id] = Tail(version.published_at)

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

    def _published_before(self, version: Version) -> datetime | None:
        """When the version that this one follows in its stream was published."""
        if tail := self.tails.get(_stream_of(version)):
            return tail.published_at
        stored = self._stored(version)
        return stored.published_at if stored else None

    def _stored(self, version: Version) -> Entry | None:
        """The last publication of a version's stream that is in the database."""
        entries = self.register.streams[_stream_of(version)]
        stored = [entry for entry in entries if not isinstance(entry.version, Version)]
        return max(stored, key=lambda entry: entry.published_at, default=None)

    def _tail(self, version: Version) -> Tail:
        stream = _stream_of(version)
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
        self.tails[version.section_id, version.partnership_id] = _tail_after(
            version, candidate.source, tail.heading_ids
        )

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


PUBLISHED_FIELDS = (
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


def _store_drafts(candidates: list[Candidate]) -> None:
    """Turn drafts into published versions, the region's first: others may be written against those."""
    for version in (candidate.version for candidate in candidates):
        draft = Version.objects.filter(pk=version.pk, published_at__isnull=True)
        draft.update(**{name: getattr(version, name) for name in PUBLISHED_FIELDS})
