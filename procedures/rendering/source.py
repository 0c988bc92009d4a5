"""From a body in Markdown to its links, faults and headings, and to HTML as often as is wanted."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from procedures.rendering.anchors import give_anchors
from procedures.rendering.footnotes import Footnotes, footnotes_plugin
from procedures.rendering.headings import SourceHeading, gather_headings, headings_plugin
from procedures.rendering.html import ManualRenderer, clean, header_words, heading_tag
from procedures.rendering.links import links_plugin
from procedures.rendering.plain_text import inline_text, passages, tidy
from procedures.rendering.rendered import Block, Fault, Heading, Link, Rendered
from procedures.rendering.slots import Slots, Stretch, slots_plugin, stretches

RENDERER = 2
"""Goes up with every change to the HTML that is made here, so that HTML which was kept is made again."""

_SURROGATES = re.compile("[\ud800-\udfff]")


def markdown_parser() -> MarkdownIt:
    """The one parser, which keeps nothing between texts: what a parse finds is in its own `env`."""
    markdown = MarkdownIt("commonmark", {"html": False, "xhtmlOut": False}).enable("table")
    for plugin in (footnotes_plugin, slots_plugin, headings_plugin, links_plugin):
        plugin(markdown)
    return markdown


_MARKDOWN = markdown_parser()
_RENDERER = ManualRenderer()
_DEEPEST = int(_MARKDOWN.options["maxNesting"]) - 1


@dataclass(frozen=True)
class Source:
    """A parsed text.

    `links` are its cross-references and links, in order; `faults` what its author must mend, by line;
    `headings` are (level, plain words, fixed id or "", line); `slots` and `fills` the names of its local
    slots and of those it fills.
    """

    links: tuple[Link, ...]
    faults: tuple[Fault, ...]
    headings: tuple[SourceHeading, ...]
    slots: tuple[str, ...]
    fills: tuple[str, ...]
    _stretches: tuple[Stretch, ...]

    def render(self, *, heading_ids: Sequence[str], resolve: Callable[[str], str | None], prefix: str = "") -> Rendered:
        """The text as safe HTML.

        `heading_ids` are those of `headings`, in order (see `carry_heading_ids`); `prefix` is put before
        every id, so that two texts can stand on one page; `resolve` gives the slug of the section that bears
        a number, or None, where the words then stay plain. Links to our own schemes keep them: see
        `point_links`.
        """
        if len(heading_ids) != len(self.headings):
            raise ValueError(f"The text has {len(self.headings)} headings, not {len(heading_ids)}.")
        env = {"heading_ids": heading_ids, "prefix": prefix, "resolve": cache(resolve)}
        return Rendered(tuple(_block(stretch, env) for stretch in self._stretches))


def new_env(faults: list[Fault], links: list[Link], slots: Slots) -> dict[str, Any]:
    """What the parser's plugins write into while they go through one text."""
    return {"faults": faults, "links": links, "slots": slots, "notes": Footnotes()}


def parse(body: str) -> Source:
    """Parse a body, whatever is in it: what is wrong is among the faults, and the rest of the text still
    renders.
    """
    faults: list[Fault] = []
    links: list[Link] = []
    slots = Slots()
    env = new_env(faults, links, slots)
    tokens = _MARKDOWN.parse(_SURROGATES.sub("\ufffd", body), env)
    give_anchors(tokens)
    parts = stretches(tokens)
    headings = gather_headings(parts, faults)
    faults += [*_table_faults(tokens), *_depth_faults(tokens)]
    return Source(
        links=tuple(links),
        faults=tuple(sorted(set(faults))),
        headings=headings,
        slots=tuple(slots.names["slot"]),
        fills=tuple(slots.names["fill"]),
        _stretches=tuple(parts),
    )


def _table_faults(tokens: Sequence[Token]) -> Iterator[Fault]:
    for place, token in enumerate(tokens):
        if token.type == "table_open" and not header_words(tokens, place):
            line = (token.map or [0])[0] + 1
            yield Fault(line, "This table’s first row is empty: write in it what each column holds.")


def _depth_faults(tokens: Sequence[Token]) -> Iterator[Fault]:
    """The parser leaves out what is nested deeper than it goes."""
    for token in tokens:
        if token.nesting == 1 and token.level >= _DEEPEST:
            line = (token.map or [0])[0] + 1
            yield Fault(line, "Lists or quotations are nested so deeply here that text is lost: use fewer levels.")


def _block(stretch: Stretch, env: dict[str, Any]) -> Block:
    headings = tuple(_headings(stretch.tokens, env))
    ids = {token.meta["heading"]: heading.id for token, heading in headings}
    return Block(
        kind=stretch.kind,
        slot=stretch.slot,
        html=clean(_RENDERER.render(stretch.tokens, _MARKDOWN.options, env)),
        headings=tuple(heading for _token, heading in headings),
        anchors=tuple(
            (env["prefix"] + token.meta["anchor"], token.meta["text"])
            for token in stretch.tokens
            if "anchor" in token.meta
        ),
        passages=passages(stretch.tokens, ids),
    )


def _headings(tokens: Sequence[Token], env: dict[str, Any]) -> Iterator[tuple[Token, Heading]]:
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            text = tidy(inline_text(tokens[place + 1].children or []))
            heading_id = env["prefix"] + env["heading_ids"][token.meta["heading"]]
            yield token, Heading(int(heading_tag(token)[1]), heading_id, text, (token.map or [0])[0] + 1)
