"""Who is who, read once: every partnership and the groups that each belongs to."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from partnerships.models import Partnership


@dataclass(frozen=True)
class Listed:
    """One partnership, as plain values."""

    id: int
    slug: str
    kind: str
    name: str
    short_name: str
    manual_title: str
    notice: str
    drift_grace_days: int

    @property
    def drift_grace(self) -> timedelta:
        """How long readers are not yet told that a text was not checked against changed regional text."""
        return timedelta(days=self.drift_grace_days)

    @property
    def is_region(self) -> bool:
        return self.kind == Partnership.Kind.REGION

    @property
    def is_local(self) -> bool:
        return self.kind == Partnership.Kind.LOCAL


@dataclass(frozen=True)
class Joined:
    """That a member belongs to a group from `since` to `until` (None while it lasts), by their ids."""

    group: int
    member: int
    since: date
    until: date | None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Directory:
    """All partnerships in the order of lists, and all memberships of groups, past ones included."""

    partnerships: tuple[Listed, ...]
    memberships: tuple[Joined, ...]

    @property
    def region(self) -> Listed | None:
        """The region; None before any content is imported."""
        return next((listed for listed in self.partnerships if listed.is_region), None)

    def find(self, slug: str) -> Listed | None:
        return next((listed for listed in self.partnerships if listed.slug == slug), None)

    def by_id(self, partnership_id: int) -> Listed:
        return next(listed for listed in self.partnerships if listed.id == partnership_id)

    def groups_of(self, partnership_id: int, day: date) -> set[int]:
        """The ids of the groups that a partnership belongs to on `day`."""
        return {joined.group for joined in self.memberships if joined.member == partnership_id and joined.holds_on(day)}

    def members_of(self, group_id: int, day: date) -> list[Listed]:
        """The partnerships that belong to a group on `day`, in the order of lists."""
        members = {joined.member for joined in self.memberships if joined.group == group_id and joined.holds_on(day)}
        return [listed for listed in self.partnerships if listed.id in members]

    def scope(self, partnership: Listed | None, day: date) -> tuple[int, ...]:
        """The ids of the partnerships whose texts a reader sees: the region, then groups by order, then their own."""
        ids = [self.region.id] if self.region else []
        if partnership is not None and not partnership.is_region:
            groups = self.groups_of(partnership.id, day)
            ids += [listed.id for listed in self.partnerships if listed.id in groups]
            ids.append(partnership.id)
        return tuple(ids)

    def seen_together(self, one: int, other: int, day: date) -> bool:
        """Whether some reader sees the texts of both partnerships on `day`."""
        if one == other or (self.region and self.region.id in (one, other)):
            return True
        return any(
            {one, other} <= {listed.id, *self.groups_of(listed.id, day)}
            for listed in self.partnerships
            if listed.is_local
        )


def read_directory() -> Directory:
    """The directory as the database has it now; one query, with a row for each membership."""
    own = ("id", "slug", "kind", "name", "short_name", "manual_title", "notice", "drift_grace_days")
    joined = ("memberships_as_member__group", "memberships_as_member__joined", "memberships_as_member__left")
    rows = Partnership.objects.values_list(*own, *joined)
    listed = dict.fromkeys(Listed(*row[: len(own)]) for row in rows)
    memberships = [Joined(group, row[0], since, until) for *row, group, since, until in rows if group]
    return Directory(tuple(listed), tuple(memberships))


@lru_cache(maxsize=4)
def directory(stamp: str) -> Directory:
    """The directory, kept for as long as the freshness stamp stays the same."""
    return read_directory()
