"""Markdown to safe HTML: the one pipeline of preview, reading, search, feeds, Word and PDF, and the only
place that marks anything safe.

`parse(body)` gives a `Source`, which knows its links, faults and headings; `Source.render` gives `Rendered`,
blocks of safe HTML that can be kept as JSON; `point_links` puts real addresses into that HTML; `safe` hands
it to a template. The text's syntax is in content/README.md.
"""

from procedures.rendering.headings import carry_heading_ids
from procedures.rendering.html import safe
from procedures.rendering.links import point_links
from procedures.rendering.paragraph_links import with_paragraph_links
from procedures.rendering.places import Place, reference_places
from procedures.rendering.rendered import Block, Fault, Heading, Link, Passage, Rendered
from procedures.rendering.source import RENDERER, Source, parse

__all__ = [
    "RENDERER",
    "Block",
    "Fault",
    "Heading",
    "Link",
    "Passage",
    "Place",
    "Rendered",
    "Source",
    "carry_heading_ids",
    "parse",
    "point_links",
    "reference_places",
    "safe",
    "with_paragraph_links",
]
