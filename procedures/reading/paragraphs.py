"""Links to a single paragraph: `?paragraph=p-k3x9…`, and what has become of it.

A paragraph's anchor is made from its words, so a link finds it again whatever changes around it; when the paragraph
itself has changed, the link's anchor is gone from the page, and the section's older versions tell what it said.
"""

import re
from collections.abc import Sequence

from procedures.composing import Piece
from procedures.models import KeptRendering
from procedures.pages import in_words
from procedures.reading.notices import Notice, notice
from procedures.rendering import Rendered
from procedures.viewpoint import Viewpoint

ANCHOR = re.compile(r"(?:[a-z0-9-]+-)?p-[a-z0-9]{4,16}(?:-[0-9]{1,4})?")


def notices(anchor: str, viewpoint: Viewpoint, slug: str, pieces: Sequence[Piece]) -> list[Notice]:
    """What to tell a reader who followed a link to a paragraph that is not on this page; nothing when it is."""
    if not anchor or any(anchor == here for piece in pieces for here, _ in piece.block.anchors):
        return []
    if not ANCHOR.fullmatch(anchor):
        return [notice("paragraph_unknown", "The link that you followed names no paragraph of this section.")]
    kept = KeptRendering.objects.filter(
        version__section__slug=slug, version__partnership_id__in=viewpoint.scope, version__published_at__isnull=False
    ).order_by("-version__effective_date", "-version__published_at")
    fields = ("version_id", "version__partnership_id", "version__effective_date", "content")
    for version_id, partnership_id, since, content in kept.values_list(*fields):
        words = next((w for b in Rendered.from_json(content).blocks for a, w in b.anchors if a == anchor), None)
        if words is not None:
            here = next((piece.text.id for piece in pieces if piece.text.partnership_id == partnership_id), None)
            sentence = (
                "The paragraph that you were sent to reads differently on this page. "
                f"In the version of {in_words(since)} it said:"
            )
            url = viewpoint.url("compare", slug, version_id, here) if here else f"/versions/{version_id}/"
            return [notice("paragraph_changed", sentence, url, "What has changed", quote=words)]
    return [notice("paragraph_unknown", "The paragraph that you were sent to is in no version of this section.")]
