"""The viewpoint: from where and when a reader looks. It stands in front of every reading URL.

`/in/birmingham/on/2019-06-01/sections/neglect/` is read with Birmingham's eyes as at 1 June 2019; without `/in/…`
only regional text is seen, without `/on/…` the day is today.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from urllib.parse import quote

from django.urls import reverse

from partnerships.directory import Directory, Listed
from procedures.models import Version, VersionQuerySet


@dataclass(frozen=True)
class Viewpoint:
    """A partnership (None: regional text only) and a day (None: today).

    `today` is the day in the site's time zone when the page was asked for; `directory` says who belongs to whom.
    """

    directory: Directory
    today: date
    partnership: Listed | None = None
    day: date | None = None

    @property
    def effective_day(self) -> date:
        """The day whose texts are read."""
        return self.day or self.today

    @property
    def is_past(self) -> bool:
        return self.effective_day < self.today

    @property
    def is_future(self) -> bool:
        return self.effective_day > self.today

    @cached_property
    def scope(self) -> tuple[int, ...]:
        """The ids of the partnerships whose texts are seen: region, groups, own partnership, in this order."""
        return self.directory.scope(self.partnership, self.effective_day)

    def versions(self) -> VersionQuerySet:
        """The versions in force from this viewpoint."""
        return Version.objects.of(self.scope).in_force(self.effective_day)

    # --- Addresses ------------------------------------------------------------------------------------------------

    @property
    def prefix(self) -> str:
        """What stands in front of a page's path: "", "/in/birmingham", "/on/2019-06-01" or both."""
        place = f"/in/{self.partnership.slug}" if self.partnership else ""
        return place + (f"/on/{self.day.isoformat()}" if self.day else "")

    def url(self, page: str, *args: object) -> str:
        """The address of a reading page, such as "section", from this viewpoint."""
        return self.prefix + reverse(f"reading:{page}", args=args)

    def section_url(self, slug: str, fragment: str = "") -> str:
        """The address of a section from this viewpoint, at the given fragment where there is one."""
        return f"{self.prefix}/sections/{slug}/" + (f"#{quote(fragment)}" if fragment else "")

    def target_url(self, scheme: str, target: str, fragment: str = "") -> str:
        """Where a link such as `section:neglect` or `contact:front-door` in a text leads from this viewpoint.

        The scheme "image" stands for the file of a document that a text shows.
        """
        if scheme == "section":
            return self.section_url(target, fragment)
        if scheme == "authority":
            return self.url("authority", target)
        if scheme == "contact":
            return f"{self.url('contacts')}#{target}"
        if scheme == "document":
            return self.url("document", target)
        if scheme == "image":
            return self.url("document_file", target)
        raise ValueError(f"A text links to {scheme}:{target}, and there is no page for a {scheme}.")

    def at(self, day: date | None) -> "Viewpoint":
        """The same place on another day."""
        return replace(self, day=day)

    def seen_by(self, partnership: Listed | None) -> "Viewpoint":
        """The same day with another partnership's eyes; the region's are nobody's in particular."""
        return replace(self, partnership=None if partnership is None or partnership.is_region else partnership)

    @property
    def home_url(self) -> str:
        return self.url("home")

    @property
    def contents_url(self) -> str:
        return self.url("contents")

    @property
    def updates_url(self) -> str:
        return self.url("updates")

    @property
    def feed_url(self) -> str:
        return self.url("feed")

    @property
    def contacts_url(self) -> str:
        return self.url("contacts")

    @property
    def glossary_url(self) -> str:
        return self.url("glossary")

    @property
    def authorities_url(self) -> str:
        return self.url("authorities")

    @property
    def documents_url(self) -> str:
        return self.url("documents")

    @property
    def search_url(self) -> str:
        return self.url("search")
