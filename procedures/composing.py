"""One section's page put together: the region's text, what groups and partnerships add to it, and whose is whose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import Any

from partnerships.directory import Listed
from procedures.kept_html import remake_rendering
from procedures.models import Version, VersionQuerySet
from procedures.models.in_force import last_day
from procedures.rendering import RENDERER, Block, Rendered, point_links, safe, with_paragraph_links
from procedures.viewpoint import Viewpoint


@dataclass(frozen=True)
class Text:
    """One version as a page needs it, as plain values."""

    id: int
    section_id: int
    partnership_id: int
    number: str
    title: str
    change_note: str
    effective_date: date
    review_date: date | None
    withdrawn: bool
    renderer: int | None
    content: Any
    successor_id: int | None
    superseded_on: date | None
    successor_note: str | None

    @property
    def last_day(self) -> date | None:
        return last_day(self.superseded_on)

    @cached_property
    def rendered(self) -> Rendered:
        """The text's HTML as kept, or made again where none is kept or an older release made it."""
        return rendered(self.id, self.renderer, self.content)


def rendered(version_id: int, renderer: int | None, content: Any) -> Rendered:
    """A version's HTML as kept, or made again where none is kept (None) or an earlier release made it."""
    if content is None or renderer != RENDERER:
        return remake_rendering(Version.objects.select_related("partnership").get(pk=version_id))
    return Rendered.from_json(content)


def texts(viewpoint: Viewpoint, slug: str) -> list[Text]:
    """The newest text of a section in each stream that the viewpoint sees, withdrawals included; one query.

    They come in the order of the viewpoint's scope: region, groups, partnership.
    """
    seen = Version.objects.of(viewpoint.scope).latest_on(viewpoint.effective_day).filter(section__slug=slug)
    return sorted(_read(seen), key=lambda text: viewpoint.scope.index(text.partnership_id))


def text_of(version_id: int) -> Text:
    """The text of a version that is published, whatever the day."""
    [text] = _read(Version.objects.published().filter(pk=version_id))
    return text


def text_of_draft(draft: Version, rendered: Rendered, day: date) -> Text:
    """A draft as the text that it would be from `day` on; its id is 0, for it has no page of its own."""
    return Text(
        id=0,
        section_id=draft.section_id,
        partnership_id=draft.partnership_id,
        number=draft.number,
        title=draft.title,
        change_note=draft.change_note,
        effective_date=day,
        review_date=draft.review_date,
        withdrawn=draft.withdrawn,
        renderer=RENDERER,
        content=rendered.to_json(),
        successor_id=None,
        superseded_on=None,
        successor_note=None,
    )


def _read(versions: VersionQuerySet) -> list[Text]:
    rows = versions.with_note_of_successor().values_list(  # type: ignore[misc]
        "pk",
        "section_id",
        "partnership_id",
        "number",
        "title",
        "change_note",
        "effective_date",
        "review_date",
        "withdrawn",
        "kept_rendering__renderer",
        "kept_rendering__content",
        "successor",
    )
    return [_text(*row) for row in rows]


def _text(*columns: Any) -> Text:
    *values, successor = columns
    if successor is None:
        values += [None, None, None]
    else:
        values += [successor["id"], date.fromisoformat(successor["day"]), successor["note"]]
    return Text(*values)


@dataclass(frozen=True)
class Piece:
    """A run of HTML on a composed page, and the text that it comes from."""

    text: Text
    block: Block


def compose(main: Text, additions: Sequence[Text]) -> list[Piece]:
    """The pieces of a page in reading order.

    A slot shows what additions fill it with, or what the main text says there; what else an addition holds, and what
    would fill a slot that the main text no longer has, stands after the main text.
    """
    slots = {block.slot for block in main.rendered.blocks if block.kind == "slot"}
    pieces: list[Piece] = []
    for block in main.rendered.blocks:
        fills = _fills(block.slot, additions) if block.kind == "slot" else []
        pieces += fills or [Piece(main, block)]
    for addition in additions:
        pieces += [
            Piece(addition, block)
            for block in addition.rendered.blocks
            if block.kind != "fill" or block.slot not in slots
        ]
    return pieces


def _fills(slot: str, additions: Sequence[Text]) -> list[Piece]:
    return [
        Piece(addition, block)
        for addition in additions
        for block in addition.rendered.blocks
        if block.kind == "fill" and block.slot == slot
    ]


def main_text(viewpoint: Viewpoint, found: Sequence[Text]) -> Text | None:
    """The text that others add to: the region's, or a local procedure's own (partnership before groups)."""
    region = viewpoint.directory.region
    regional = [text for text in found if region and text.partnership_id == region.id]
    own = [text for text in reversed(found) if text.number or text.withdrawn]
    return next(iter(regional + own), None)


def blocks(
    viewpoint: Viewpoint,
    pieces: Sequence[Piece],
    *,
    links_shown: bool = False,
    drifted: Mapping[int, date] = MappingProxyType({}),
) -> list[dict[str, Any]]:
    """The pieces as the page's template shows them, their links pointed from the viewpoint.

    `drifted` are the additions, by id, that were not checked against changed regional text, and since when.
    """
    shown = []
    before: int | None = None
    for piece in pieces:
        owner = viewpoint.directory.by_id(piece.text.partnership_id)
        html = point_links(piece.block.html, viewpoint.target_url)
        if links_shown:
            html = with_paragraph_links(html)
        shown.append(
            {
                "owner": None if owner.is_region else owner,
                "owner_label": owner_label(owner),
                "html": safe(html),
                "new_owner": piece.text.partnership_id != before,
                "version_url": f"/versions/{piece.text.id}/" if piece.text.id else "",
                "in_force_since": piece.text.effective_date,
                "is_coming": piece.text.effective_date > viewpoint.today,
                "unchecked_since": _unchecked_since(drifted.get(piece.text.id), owner, viewpoint.today),
            }
        )
        before = piece.text.partnership_id
    return shown


def _unchecked_since(drifted_since: date | None, owner: Listed, today: date) -> date | None:
    """Since when a text has drifted, where its owner's days of grace are over and readers are told."""
    if drifted_since is None or today < drifted_since + owner.drift_grace:
        return None
    return drifted_since


def last_heading(viewpoint: Viewpoint, slug: str) -> tuple[str, str]:
    """The number and title that a section was last given in what the viewpoint sees; its slug where it has no title."""
    titled = Version.objects.published().of(viewpoint.scope).filter(section__slug=slug).exclude(title="")
    return titled.newest_first().values_list("number", "title").first() or ("", slug)


def owner_label(owner: Listed) -> str:
    """What readers are told about whose text it is."""
    return "Regional text" if owner.is_region else owner.short_name
