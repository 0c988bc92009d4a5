"""What a renumbering takes: a version of every section that moves, and of every text that names one by number."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from partnerships.directory import read_directory
from partnerships.models import Partnership
from procedures.checks import Fault
from procedures.drift import last_checked
from procedures.models import CrossReference, Version
from procedures.numbering import candidates, sort_key
from procedures.publishing import faults_of
from procedures.register import Register, Stream
from procedures.rendering import parse
from procedures.renumbering.moving import Counting, Moves, NotMovable, counting_from
from procedures.renumbering.plans import Change, Plan
from procedures.renumbering.rewriting import NotRewritable, Rewritten, rewrite


def plan(
    wanted: Mapping[str, str],
    *,
    partnership: Partnership,
    effective_date: date,
    note: str,
    make_room: bool,
    today: date,
) -> Plan:
    """What it takes to give the partnership's sections other numbers, by slug, from a day on. Nothing is written.

    What stands under a section moves with it, other partnerships' local procedures too; with `make_room`, sections in
    the way move up by one. Every text of every partnership that is in force on the day, or scheduled after it, and
    names a moved number gets a consequential version on that day, a scheduled one on its own. Sections that move only
    because others do are consequential as well; the note of those that were asked for names them. What would keep any
    of it from being published is in the plan.
    """
    if effective_date < today:
        message = f"The day, {effective_date}, lies in the past. The earliest possible day is today, {today}."
        return Plan(partnership, effective_date, objections=(message,))
    planning = _Planning(partnership, effective_date, note, today)
    try:
        planning.move(wanted, make_room=make_room)
    except NotMovable as objection:
        return Plan(partnership, effective_date, objections=(str(objection),))
    changes, faults = planning.changes()
    if not faults:
        faults = faults_of([change.version for change in changes], today=today)
    return Plan(partnership, effective_date, tuple(changes), tuple(faults), (), planning.moves.new)


def mentioned(version: Version, planned: Plan) -> list[str]:
    """The numbers that a draft's text names and that the plan gives to other sections, in order of appearance."""
    moving = {number for _, number in planned.new_numbers}
    named = dict.fromkeys(link.number for link in parse(version.body).links if link.number)
    return [number for number in named if any(candidate in moving for candidate in candidates(number))]


class _Planning:
    """The register as it stands, and the numbers that are to move in it."""

    def __init__(self, partnership: Partnership, day: date, note: str, today: date) -> None:
        self.partnership, self.day, self.note, self.today = partnership, day, note, today
        self.directory = read_directory()
        self.register = Register.read(self.directory)
        self.counting = {counting.entry.version: counting for counting in counting_from(self.register, day)}
        numbers = [c for c in self.counting.values() if c.entry.number and not c.entry.withdrawn]
        self.moves = Moves(
            own={(c.stream, c.entry.number) for c in numbers if c.stream[1] == partnership.pk},
            below={(c.stream, c.entry.number) for c in numbers if self._stands_below(c)},
        )

    def _stands_below(self, counting: Counting) -> bool:
        """Whether it is another partnership's, whose readers see the renumbering one's sections too."""
        owner = self.directory.by_id(counting.stream[1])
        return owner.id != self.partnership.pk and self.partnership.pk in self.directory.scope(owner, counting.since)

    def move(self, wanted: Mapping[str, str], *, make_room: bool) -> None:
        ids = dict(Version.objects.filter(section__slug__in=wanted).values_list("section__slug", "section_id"))
        moves = {}
        if not wanted:
            raise NotMovable("No section is to get another number.")
        for slug, new in wanted.items():
            stream = (ids.get(slug, 0), self.partnership.pk)
            entry = self.register.in_force(stream, self.day)
            if entry is None or not entry.number:
                message = f"{self.partnership.short_name} has no section “{slug}” with a number on {self.day}."
                raise NotMovable(message)
            moves[stream, entry.number] = new
        self.moves.move(moves, make_room=make_room)

    def changes(self) -> tuple[list[Change], list[Fault]]:
        """The new versions, each stream's in the order of their days, and the texts that cannot be rewritten."""
        renumbered = self._renumbered_references()
        own = {pk for pk, c in self.counting.items() if (c.stream, c.entry.number) in self.moves.new}
        stored = Version.objects.select_related("section", "partnership", "written_against")
        versions = stored.in_bulk([pk for pk in own | set(renumbered) if isinstance(pk, int)])
        self.checked = last_checked(versions.values())
        found: list[Change] = []
        faults: list[Fault] = []
        for version in sorted(versions.values(), key=self._place):
            counting, numbers = self.counting[version.pk], renumbered.get(version.pk, {})
            try:
                rewritten = rewrite(version.body, _function_of(numbers))
            except NotRewritable as error:
                faults.append(Fault(version, "body", str(error), error.line))
                continue
            found.append(self._change(version, counting, numbers, rewritten))
        return found, faults

    def _place(self, version: Version) -> tuple[bool, int, int, date]:
        region = self.directory.region
        since = self.counting[version.pk].since
        return version.partnership_id != (region and region.id), version.partnership_id, version.section_id, since

    def _published_last(self, stream: Stream) -> int:
        newest = max(self.register.streams[stream], key=lambda entry: entry.published_at)
        assert isinstance(newest.version, int)
        return newest.version

    def _renumbered_references(self) -> dict[int, dict[str, str]]:
        """For every text that counts and names a moved section: each number in it, and its new one."""
        moving = {stream[0] for stream, _ in self.moves.new}
        rows = CrossReference.objects.filter(to_section__in=moving).exclude(number="")
        found: dict[int, dict[str, str]] = defaultdict(dict)
        for version_id, number, section_id in rows.values_list("from_version", "number", "to_section"):
            if counting := self.counting.get(version_id):
                new = self._new_number(counting, number, section_id)
                if new != number:
                    found[version_id][number] = new
        return dict(found)

    def _new_number(self, counting: Counting, number: str, section_id: int) -> str:
        """What a number in a text becomes that means the given section."""
        owner = self.directory.by_id(counting.stream[1])
        scope = self.directory.scope(owner, counting.since)
        for candidate in candidates(number):
            for stream in self.register.streams_by_section[section_id]:
                entry = self.register.in_force(stream, counting.since) if stream[1] in scope else None
                if entry and entry.number == candidate:
                    return self.moves.new.get((stream, candidate), candidate) + number.removeprefix(candidate)
        return number

    def _change(self, version: Version, counting: Counting, numbers: Mapping[str, str], rewritten: Rewritten) -> Change:
        numbered = (counting.stream, version.number)
        new = self.moves.new.get(numbered, version.number)
        moves_from = version.number if new != version.number else ""
        is_asked_for = bool(moves_from) and numbered in self.moves.asked
        kind, note = (
            Version.ChangeKind.CONSEQUENTIAL,
            self._note(numbers, moves_from, new, counting.since, is_asked_for),
        )
        if is_asked_for and counting.since == self.day:
            kind = Version.ChangeKind.MAJOR
        if counting.since == version.effective_date and counting.since > self.today:
            # It takes the place of a text that so will never be in force: what readers are told of that is told here.
            kind = kind if kind == Version.ChangeKind.MAJOR else Version.ChangeKind(version.change_kind)
            note = f"{version.change_note} {note}"
        restated = Version(
            section=version.section,
            partnership=version.partnership,
            based_on_id=self._published_last(counting.stream),
            number=new,
            title=version.title,
            body=rewritten.body,
            change_kind=kind,
            change_note=note.strip(),
            effective_date=counting.since,
            # A review that is overdue stays due, from the day on.
            review_date=version.review_date and max(version.review_date, counting.since),
            withdrawn=version.withdrawn,
            written_against=self.checked.get(version.pk),
        )
        return Change(restated, version, rewritten.replacements, moves_from, is_asked_for)

    def _note(self, numbers: Mapping[str, str], moves_from: str, new: str, since: date, is_asked_for: bool) -> str:
        """The change note: of the move itself with why, and with what else moves for it; else what the text follows."""
        if not moves_from or since != self.day:
            return _following({**numbers, moves_from: new} if moves_from else numbers)
        note = f"Renumbered from {moves_from} to {new}. {self.note}"
        others = {(old, to) for (stream, old), to in self.moves.new.items() if (stream, old) not in self.moves.asked}
        return f"{note} Renumbered with it: {_listed(others)}." if is_asked_for and others else note


def _function_of(numbers: Mapping[str, str]) -> Callable[[str], str]:
    return lambda number: numbers.get(number, number)


def _following(numbers: Mapping[str, str]) -> str:
    """The change note of a text that only follows: which numbers in it have changed."""
    what = "Section" if len(numbers) == 1 else "Sections"
    return f"Follows the renumbering of {what} {_listed(numbers.items())}."


def _listed(moves: Iterable[tuple[str, str]]) -> str:
    """Old numbers with their new ones, in order: "2.10 to 2.11, 2.11 to 2.12"."""
    return ", ".join(f"{old} to {new}" for old, new in sorted(moves, key=lambda move: sort_key(move[0])))
