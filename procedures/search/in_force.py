"""What is in force from a viewpoint, as the database says: every hit of a search is confirmed by it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache

import numpy as np

from procedures.models import Version
from procedures.numbering import sort_key
from procedures.search.interface import Whole
from procedures.search.words import stems

KEPT = 16  # viewpoints
NOWHERE = -1  # in place of a section's place


@dataclass(frozen=True)
class Named:
    """A section as it is called on the day: by the region's version, or else by a local procedure's."""

    id: int
    slug: str
    number: str
    title: str
    owner: int  # whose text gives it its number and title, or its first

    @cached_property
    def part(self) -> str:
        return self.number.split(".")[0]

    @property
    def name(self) -> str:
        """Its number and title, as lists have it."""
        return f"{self.number} {self.title}".strip()


@dataclass(frozen=True)
class InForce:
    """The versions in force, each with its owner, and the sections that they are of, by number.

    `withdrawn` are sections that were in force before, as they were called last.
    """

    owners: dict[int, int]
    sections: dict[int, Named]
    withdrawn: tuple[Named, ...]

    @cached_property
    def by_number(self) -> dict[str, Named]:
        return {named.number: named for named in self.sections.values() if named.number}

    @cached_property
    def parts(self) -> dict[str, str]:
        """The titles of the manual's parts, by their numbers."""
        return {named.number: named.title for named in self.sections.values() if named.number.isdigit()}

    @cached_property
    def by_slug(self) -> dict[str, Named]:
        return {named.slug: named for named in self.sections.values()}

    @cached_property
    def by_title(self) -> dict[tuple[str, ...], list[Named]]:
        """The sections by the stems of their titles."""
        found: dict[tuple[str, ...], list[Named]] = {}
        for named in self.sections.values():
            found.setdefault(stems(named.title), []).append(named)
        return found

    @cached_property
    def in_order(self) -> tuple[Named, ...]:
        """The sections in the order of their numbers."""
        return tuple(self.sections.values())

    @cached_property
    def order(self) -> dict[int, int]:
        """The place of each section, by its id, in the order of their numbers."""
        return {section: place for place, section in enumerate(self.sections)}

    @cached_property
    def words_of_titles(self) -> tuple[str, ...]:
        """The stems of each title, a space before and after each, in the order of the sections' numbers."""
        return tuple(f" {' '.join(stems(named.title))} " for named in self.in_order)

    @cached_property
    def by_word_of_title(self) -> dict[str, Whole]:
        """The places of the sections that have a word in their title, by its stem."""
        found: dict[str, list[int]] = {}
        for place, title in enumerate(self.words_of_titles):
            for word in set(title.split()):
                found.setdefault(word, []).append(place)
        return {word: np.array(places) for word, places in found.items()}

    @cached_property
    def part_of_each(self) -> tuple[tuple[str, ...], Whole]:
        """The parts that sections are in, "" for those without a number, and for each section the place of its part."""
        parts = tuple(dict.fromkeys(named.part for named in self.in_order))
        place = {part: number for number, part in enumerate(parts)}
        return parts, np.array([place[named.part] for named in self.in_order], np.int64)

    def places_of(self, versions: Whole, sections: Whole) -> Whole:
        """Of each version the place of its section in the order of their numbers, or NOWHERE if it is not in force."""
        places = _looked_up(sections, self._places)
        is_in_force = _looked_up(versions, self._versions) != NOWHERE
        return np.where(is_in_force, places, NOWHERE)

    @cached_property
    def _places(self) -> tuple[Whole, Whole]:
        return _sorted(self.sections)

    @cached_property
    def _versions(self) -> tuple[Whole, Whole]:
        return _sorted(self.owners)


def _sorted(keys: Iterable[int]) -> tuple[Whole, Whole]:
    """The keys in ascending order, and the place of each before."""
    given = np.fromiter(keys, np.int64)
    order = np.argsort(given)
    return given[order], order


def _looked_up(keys: Whole, among: tuple[Whole, Whole]) -> Whole:
    """The place of each key among some that are sorted; NOWHERE where it is not one of them."""
    known, places = among
    if not len(known):
        return np.full(len(keys), NOWHERE)
    found = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.where(known[found] == keys, places[found], NOWHERE)


@lru_cache(maxsize=KEPT)
def in_force(stamp: str, scope: tuple[int, ...], region: int, day: date) -> InForce:
    """What these partnerships have in force on the day; one or two queries, kept while the freshness stamp stays.

    A section whose regional text is withdrawn is not in force, whatever stands in additions to it.
    """
    fields = ("pk", "partnership_id", "section_id", "section__slug", "number", "title", "withdrawn")
    rows = list(Version.objects.of(scope).latest_on(day).values_list(*fields))
    withdrawn = {row[2] for row in rows if row[6] and row[1] == region}
    standing = [row for row in rows if not row[6] and row[2] not in withdrawn]
    sections = _sections(standing, scope)
    gone = {row[2] for row in rows if row[6]} - sections.keys()
    return InForce({row[0]: row[1] for row in standing}, sections, _last_called(gone, scope, day) if gone else ())


def _sections(rows: Iterable[tuple], scope: tuple[int, ...]) -> dict[int, Named]:
    found: dict[int, Named] = {}
    place = {partnership: position for position, partnership in enumerate(scope)}
    for _key, owner, section, slug, number, title, _withdrawn in sorted(rows, key=lambda row: place[row[1]]):
        if section not in found or (number and not found[section].number):
            found[section] = Named(section, slug, number, title or slug.replace("-", " ").capitalize(), owner)
    return dict(sorted(found.items(), key=lambda item: _order(item[1])))


def _last_called(sections: Collection[int], scope: tuple[int, ...], day: date) -> tuple[Named, ...]:
    """Sections that are no longer in force by the last version that had words; one query."""
    fields = ("section_id", "section__slug", "number", "title", "partnership_id")
    had = Version.objects.published().of(scope).filter(section__in=sections, effective_date__lte=day, withdrawn=False)
    rows = had.that_take_effect().exclude(title="").order_by("effective_date", "published_at").values_list(*fields)
    return tuple({row[0]: Named(*row) for row in rows}.values())


def formerly(number: str, scope: tuple[int, ...], day: date) -> int | None:
    """The id of the section that bore a number last by the day; one query."""
    return Version.objects.of(scope).last_to_bear(number, day).values_list("section_id", flat=True).first()


def _order(named: Named) -> tuple:
    return (0, sort_key(named.number)) if named.number else (1, named.title)
