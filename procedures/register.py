"""The register of numbers: which section bears which number, where and on which day.

An in-memory picture of every stream's dates and numbers, read in one query. Publishing adds what is about to be
published and asks the same questions of the whole, so a text may refer to another that is published with it.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from partnerships.directory import Directory
from procedures.models import Version
from procedures.numbering import candidates

Stream = tuple[int, int]  # (section id, partnership id)


def stream_of(version: Version) -> Stream:
    """The stream that a version belongs to."""
    return version.section_id, version.partnership_id


@dataclass(frozen=True)
class Entry:
    """What one version says about its stream from its effective date on."""

    effective_date: date
    published_at: datetime
    number: str
    withdrawn: bool
    version: Version | int  # the version about to be published, or the id of one that is

    @property
    def when(self) -> tuple[date, datetime]:
        return self.effective_date, self.published_at


@dataclass
class Register:
    """Every stream's entries, oldest first, and the streams that ever bore a number."""

    directory: Directory
    streams: dict[Stream, list[Entry]] = field(default_factory=lambda: defaultdict(list))
    streams_by_number: dict[str, set[Stream]] = field(default_factory=lambda: defaultdict(set))
    streams_by_section: dict[int, set[Stream]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def read(cls, directory: Directory) -> "Register":
        """The register of all that is published; one query."""
        register = cls(directory)
        fields = ("section_id", "partnership_id", "effective_date", "published_at", "number", "withdrawn", "pk")
        rows = Version.objects.published().order_by("effective_date", "published_at").values_list(*fields)
        for section_id, partnership_id, *entry in rows.iterator(chunk_size=5000):
            register._place((section_id, partnership_id), Entry(*entry))
        return register

    def _place(self, stream: Stream, entry: Entry) -> None:
        self.streams[stream].append(entry)
        self.streams_by_section[stream[0]].add(stream)
        if entry.number:
            self.streams_by_number[entry.number].add(stream)

    def add(self, versions: Iterable[Version]) -> None:
        """Enter versions that are about to be published; they have an effective date and a moment of publication."""
        touched: set[Stream] = set()
        for version in versions:
            assert version.effective_date and version.published_at
            stream = stream_of(version)
            entry = Entry(version.effective_date, version.published_at, version.number, version.withdrawn, version)
            self._place(stream, entry)
            touched.add(stream)
        for stream in touched:
            self.streams[stream].sort(key=lambda entry: entry.when)

    def on(self, stream: Stream, day: date) -> Entry | None:
        """The stream's newest entry on `day`, which may be a withdrawal; None before its first."""
        entries = self.streams.get(stream, [])
        place = bisect_right(entries, day, key=lambda entry: entry.effective_date)
        return entries[place - 1] if place else None

    def in_force(self, stream: Stream, day: date) -> Entry | None:
        """The stream's entry in force on `day`."""
        entry = self.on(stream, day)
        return None if entry is None or entry.withdrawn else entry

    def known_at(self, stream: Stream, day: date, moment: datetime) -> Entry | None:
        """The stream's entry in force on `day` as far as it was published before `moment`."""
        entries = [e for e in self.streams.get(stream, []) if e.effective_date <= day and e.published_at < moment]
        return entries[-1] if entries and not entries[-1].withdrawn else None

    def superseded_on(self, stream: Stream, version: Version) -> date | None:
        """The day on which the stream's next version takes effect; None while none follows."""
        later = [entry for entry in self.streams[stream] if entry.when > (version.effective_date, version.published_at)]
        return later[0].effective_date if later else None

    def is_replaced_at_once(self, version: Version) -> bool:
        """Whether another version of its stream takes its place on the very day it takes effect."""
        return self.superseded_on(stream_of(version), version) == version.effective_date

    def is_in_force(self, section_id: int, day: date, scope: tuple[int, ...]) -> bool:
        """Whether readers who see the partnerships in `scope` find the section in force on `day`.

        A section with regional text is in force as long as that is, whatever local additions say.
        """
        streams = self.streams_by_section.get(section_id, set())
        region = self.directory.region
        if region and (section_id, region.id) in streams:
            return self.in_force((section_id, region.id), day) is not None
        return any(self.in_force(stream, day) for stream in streams if stream[1] in scope)

    def bearer(self, number: str, day: date, scope: tuple[int, ...]) -> int | None:
        """The id of the section that bears `number` on `day` for readers who see the partnerships in `scope`.

        A number that no section bears falls back to the sections that it stands under, parts excepted: "paragraph
        2.10.3" is found in section 2.10.
        """
        for candidate in candidates(number):
            for stream in self.streams_by_number.get(candidate, ()):
                entry = self.in_force(stream, day) if stream[1] in scope else None
                if entry and entry.number == candidate:
                    return stream[0]
        return None

    def clash(self, stream: Stream, version: Version) -> tuple[int, date] | None:
        """Another section that bears the version's number while it is in force, for some reader, and from when.

        Gives the other section's id and the first day of the clash, or None.
        """
        if not version.number or version.withdrawn:
            return None
        assert version.effective_date
        until = self.superseded_on(stream, version) or date.max
        for other in self.streams_by_number.get(version.number, set()):
            if other[0] == stream[0]:
                continue
            starts = {entry.effective_date for entry in self.streams[other]}
            starts |= {joined.since for joined in self.directory.memberships}
            for day in sorted({version.effective_date, *(s for s in starts if version.effective_date < s < until)}):
                entry = self.in_force(other, day)
                if entry and entry.number == version.number and self.directory.seen_together(other[1], stream[1], day):
                    return other[0], day
        return None
