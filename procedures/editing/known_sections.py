"""The sections that a partnership's words can name: what each is called today, and which one a typed line means."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.core.exceptions import ValidationError

from procedures.models import Version
from procedures.viewpoint import Viewpoint


@dataclass(frozen=True)
class KnownSections:
    """What readers of one partnership have in force, and of what anything was ever published for them."""

    names: dict[str, tuple[str, str]]  # number and title of each section in force, by slug
    published: frozenset[str]  # slugs, in force or not

    def is_in_force(self, slug: str) -> bool:
        return slug in self.names

    def label(self, slug: str) -> str:
        """What a section is called: “3.1 Sharing information”; its slug where it is not in force."""
        return " ".join(self.names[slug]) if slug in self.names else slug

    def labels(self, slugs: Iterable[str]) -> list[str]:
        return [self.label(slug) for slug in slugs]

    def with_held(self, slugs: Iterable[str]) -> "KnownSections":
        """With what is named already, which may stay though readers of the partnership never had it."""
        return replace(self, published=self.published | set(slugs))

    def slug_of(self, line: str) -> str:
        """The slug of the section that a line names by its number, its title, both or its slug.

        ValidationError with a sentence when it names none, or more than one.
        """
        wanted = line.casefold()
        if line in self.published:
            return line
        found = [slug for slug in self.names if wanted in self._ways_to_name(slug)]
        if len(found) == 1:
            return found[0]
        if found:
            numbers = ", ".join(self.names[slug][0] for slug in found)
            raise ValidationError(f"More than one section is called “{line}”: {numbers}. Give the number.")
        raise ValidationError(f"No section is called “{line}”. Give a number such as 3.1, or the title.")

    def _ways_to_name(self, slug: str) -> set[str]:
        number, title = self.names[slug]
        return {number, title.casefold(), f"{number} {title}".casefold()}


def known_sections(viewpoint: Viewpoint) -> KnownSections:
    """The sections that are seen from the viewpoint; two queries."""
    of_scope = Version.objects.of(viewpoint.scope).published()
    in_force = viewpoint.versions().exclude(number="").values_list("section__slug", "number", "title")
    return KnownSections(
        names={slug: (number, title) for slug, number, title in in_force},
        published=frozenset(of_scope.order_by().values_list("section__slug", flat=True).distinct()),
    )
