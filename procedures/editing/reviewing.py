"""What a reviewer sees of a draft: what it changes, its faults, who refers to it and what stands beside it."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.safestring import SafeString

from partnerships.directory import Directory, Listed, read_directory
from procedures.checks import Fault
from procedures.comparison import Comparison, compare_html, compare_words
from procedures.composing import rendered
from procedures.editing import workflow
from procedures.editing.beginning import Stream
from procedures.editing.models import Comment, Draft
from procedures.models import CrossReference, Version
from procedures.numbering import sort_key
from procedures.publishing import preview_of
from procedures.rendering import point_links, safe
from procedures.viewpoint import Viewpoint


@dataclass(frozen=True)
class Referrer:
    """A text in force that refers to the section: its name, whose it is, and the words of its references."""

    name: str
    owner: str
    url: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Paragraph:
    """One paragraph of the draft, with what has been said about it."""

    anchor: str
    words: str
    comments: tuple[Comment, ...]
    is_chosen: bool  # its comment form is open


@dataclass
class Reviewed:
    """A draft as its review page shows it, on the day on which it is to take effect."""

    draft: Draft
    today: date
    anchor: str = ""

    def __post_init__(self) -> None:
        self.version = self.draft.version
        self.day = max(self.version.effective_date or self.today, self.today)
        self.stream = Stream(self.version.section, self.version.partnership)
        self.directory: Directory = read_directory()
        self.owner: Listed = self.directory.by_id(self.version.partnership_id)
        self.viewpoint = Viewpoint(self.directory, self.today).seen_by(self.owner)
        self._blocks = preview_of(self.version, today=self.today).blocks

    @cached_property
    def before(self) -> Version | None:
        """What the draft would supersede, in force before it on its day; a published draft's own forerunner."""
        versions = self.stream.versions.filter(effective_date__lte=self.day).exclude(pk=self.version.pk)
        if self.version.published_at:
            versions = versions.filter(published_at__lt=self.version.published_at)
        before = versions.newest_first().select_related("kept_rendering", "partnership").first()
        return None if before is None or before.withdrawn else before

    @cached_property
    def comparison(self) -> Comparison:
        """The draft with what it inserts and deletes, word by word."""
        before = self._html(self.before) if self.before else ""
        blocks = "".join(block.html for block in self._blocks)
        return compare_html(before, point_links(blocks, self.viewpoint.target_url))

    @cached_property
    def title_comparison(self) -> Comparison:
        before = self.before
        old = f"{before.number} {before.title}".strip() if before else ""
        return compare_words(old, f"{self.version.number} {self.version.title}".strip())

    def _html(self, version: Version) -> SafeString:
        kept = getattr(version, "kept_rendering", None)
        blocks = rendered(version.pk, kept and kept.renderer, kept and kept.content).blocks
        return safe(point_links("".join(block.html for block in blocks), self.viewpoint.target_url))

    @cached_property
    def faults(self) -> list[Fault]:
        if not self.draft.is_open:
            return []
        return workflow.faults(self.draft, today=self.today)

    @cached_property
    def has_moved_on(self) -> bool:
        """Whether somebody published another version of this text since the draft was begun."""
        return self.draft.is_open and self.stream.has_moved_on(self.version)

    @cached_property
    def later(self) -> list[Version]:
        """What is scheduled after the draft's day, and will then take its place."""
        return [version for version in self.stream.scheduled(self.today) if version.effective_date > self.day]  # type: ignore[operator]

    @cached_property
    def referrers(self) -> list[Referrer]:
        """The texts in force that refer to the section and stand with this text before some reader; two queries.

        For the region, that is every partnership's.
        """
        seen_with = [
            listed.id
            for listed in self.directory.partnerships
            if self.directory.seen_together(self.owner.id, listed.id, self.today)
        ]
        references = CrossReference.objects.in_force(self.today, seen_with).filter(to_section=self.version.section_id)
        rows = references.values_list(
            "from_version__section__slug",
            "from_version__section_id",
            "from_version__partnership_id",
            "from_version__number",
            "from_version__title",
            "words",
        ).order_by("from_version__partnership__position", "from_version__section__slug", "pk")
        names = self._regional_names([row[1] for row in rows])
        found: dict[tuple[str, int], list[str]] = {}
        places: dict[tuple[str, int], tuple[str, str]] = {}
        for slug, section_id, owner_id, number, title, words in rows:
            places[slug, owner_id] = (number, title) if title else names.get(section_id, ("", slug))
            found.setdefault((slug, owner_id), []).append(words)
        in_order = sorted(found, key=lambda key: sort_key(places[key][0]) if places[key][0] else ())
        return [
            Referrer(
                " ".join(places[slug, owner_id]).strip(),
                (owner := self.directory.by_id(owner_id)).short_name,
                self.viewpoint.seen_by(owner).section_url(slug),
                tuple(dict.fromkeys(found[slug, owner_id])),
            )
            for slug, owner_id in in_order
        ]

    def _regional_names(self, section_ids: list[int]) -> dict[int, tuple[str, str]]:
        """The number and title of each of these sections in the regional text in force."""
        regional = Version.objects.filter(section__in=set(section_ids)).in_force(self.today).exclude(number="")
        return {pk: (number, title) for pk, number, title in regional.values_list("section", "number", "title")}

    @cached_property
    def additions(self) -> list[tuple[str, str, date | None]]:
        """The local additions that stand beside a regional text: whose, where to read it, in force since when."""
        if not self.owner.is_region:
            return []
        slug = self.version.section.slug
        beside = Version.objects.filter(section=self.version.section_id).in_force(self.today)
        local = beside.exclude(partnership=self.owner.id).order_by("partnership__position")
        owners = [(self.directory.by_id(pk), since) for pk, since in local.values_list("partnership", "effective_date")]
        return [(owner.short_name, self.viewpoint.seen_by(owner).section_url(slug), since) for owner, since in owners]

    @cached_property
    def comments(self) -> list[Comment]:
        return list(self.draft.comments.select_related("person", "settled_by"))

    @cached_property
    def paragraphs(self) -> list[Paragraph]:
        """Every paragraph of the draft with the comments on it."""
        return [
            Paragraph(anchor, words, tuple(c for c in self.comments if c.anchor == anchor), anchor == self.anchor)
            for block in self._blocks
            for anchor, words in block.anchors
        ]

    @property
    def other_comments(self) -> list[Comment]:
        """Those on the whole draft, and on paragraphs that have changed since."""
        here = {paragraph.anchor for paragraph in self.paragraphs}
        return [comment for comment in self.comments if comment.anchor not in here]

    def words_of(self, anchor: str) -> str:
        """The words of the paragraph with this anchor, "" where the draft has none."""
        return next((paragraph.words for paragraph in self.paragraphs if paragraph.anchor == anchor), "")


def reviewed(draft: Draft, *, today: date, anchor: str = "") -> Reviewed:
    """`draft` as its reviewer sees it `today`; `anchor` is the paragraph that is to be commented on."""
    return Reviewed(draft, today, anchor)
