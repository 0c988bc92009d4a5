"""A draft as its readers would get it: composed with what stands beside it, from a viewpoint on the draft's day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from partnerships.directory import Directory, Listed
from procedures.checks import Fault
from procedures.composing import Text, blocks, compose, main_text, owner_label, text_of_draft, texts
from procedures.editing import workflow
from procedures.editing.models import Draft
from procedures.models import Version
from procedures.pages import partnerships_by_kind
from procedures.publishing import preview_of
from procedures.rendering import carry_heading_ids, parse
from procedures.viewpoint import Viewpoint

FIELDS = ("number", "title", "change_note", "effective_date", "review_date", "body")
Choices = list[tuple[str, list[tuple[str, str, bool]]]]  # groups of (slug, name, whether it is chosen)


@dataclass(frozen=True)
class FaultLine:
    """One fault as an editor meets it: where to go, and the words of the line it is on."""

    message: str
    line: int | None
    words: str
    field: str  # "" where it is in no field that this draft's editor fills in

    @property
    def label(self) -> str:
        """What the field is called on pages."""
        return self.field.replace("_", " ").capitalize()


@dataclass(frozen=True)
class Preview:
    """What readers would see, and what is wrong."""

    viewpoint: Viewpoint
    number: str
    title: str
    blocks: list[dict[str, Any]]
    faults: list[FaultLine]
    choices: Choices
    slots: list[tuple[str, bool]]  # those of the regional text beside it, and whether the draft fills them
    is_regional: bool

    @property
    def seen_by(self) -> str:
        """With whose eyes it is seen, in words."""
        partnership = self.viewpoint.partnership
        return f"readers of {partnership.short_name}" if partnership else "readers who have chosen no partnership"

    @property
    def chosen(self) -> str:
        """The slug of the partnership that was chosen, or ""."""
        return self.viewpoint.partnership.slug if self.viewpoint.partnership else ""


def preview(version: Version, known: Directory, *, seen_by: str = "", today: date) -> Preview:
    """The page that readers would get of an unpublished version, with the eyes of the partnership `seen_by`.

    A slug that names none of those who see the text counts as none. The version may hold what is not saved.
    """
    owner = known.by_id(version.partnership_id)
    readers = _readers(known, owner, version.effective_date or today)
    chosen = next((listed for listed in readers if listed.slug == seen_by), None if owner.is_region else owner)
    day = version.effective_date if version.effective_date and version.effective_date > today else None
    viewpoint = Viewpoint(known, today, chosen, day)
    draft = text_of_draft(version, preview_of(version, today=viewpoint.effective_day), viewpoint.effective_day)
    main, additions = _beside(draft, viewpoint, version.section.slug)
    faults = workflow.faults(Draft(version=version), today=today)
    slots = [block.slot for block in main.rendered.blocks if block.kind == "slot"] if main is not draft else []
    filled = {block.slot for block in draft.rendered.blocks if block.kind == "fill"}
    return Preview(
        viewpoint=viewpoint,
        number=main.number,
        title=main.title,
        blocks=blocks(viewpoint, compose(main, additions)),
        faults=sorted(_fault_lines(version, faults), key=lambda fault: fault.line or 0),
        choices=_choices(known, readers, chosen) if len(readers) > 1 else [],
        slots=[(slot, slot in filled) for slot in slots],
        is_regional=owner.is_region,
    )


def _readers(known: Directory, owner: Listed, day: date) -> list[Listed]:
    """The partnerships whose readers see the text of `owner`."""
    if owner.is_region:
        return [listed for listed in known.partnerships if not listed.is_region]
    return [owner, *known.members_of(owner.id, day)]


def _beside(draft: Text, viewpoint: Viewpoint, slug: str) -> tuple[Text, list[Text]]:
    """The text that others add to, and what is added, with the draft in the place of its own stream's text."""
    others = [text for text in texts(viewpoint, slug) if text.partnership_id != draft.partnership_id]
    seen = sorted([*others, draft], key=lambda text: viewpoint.scope.index(text.partnership_id))
    main = main_text(viewpoint, seen)
    if main is None or (main is not draft and main.withdrawn):
        main = draft
    return main, [text for text in seen if text is not main and not text.withdrawn]


def _choices(known: Directory, readers: list[Listed], chosen: Listed | None) -> Choices:
    by_kind = partnerships_by_kind(known)
    return [
        (label, [(listed.slug, owner_label(listed), listed == chosen) for listed in of_kind if listed in readers])
        for label, of_kind in by_kind
        if any(listed in readers for listed in of_kind)
    ]


def _fault_lines(version: Version, faults: Iterable[Fault]) -> Iterable[FaultLine]:
    lines = version.body.splitlines()
    for fault in faults:
        is_own = fault.version is version
        line = fault.line if is_own else None
        words = lines[line - 1].strip() if line and line <= len(lines) else ""
        yield FaultLine(fault.message, line, words[:120], fault.field if is_own and fault.field in FIELDS else "")


def markdownify(body: str) -> str:
    """A body alone as safe HTML: what django-markdownx is given in the place of its own unchecked conversion."""
    source = parse(body)
    ids = carry_heading_ids(source.headings, (), ())
    return "".join(block.html for block in source.render(heading_ids=ids, resolve=lambda number: None).blocks)
