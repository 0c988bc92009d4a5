"""HTML out of parsed Markdown, in GOV.UK Frontend's classes, and the allow-list that it must pass.

This is the only place where HTML is made from what people write, and `safe` the only place that marks any
safe.
"""

from collections.abc import Callable, Sequence
from html import escape
from itertools import takewhile

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

from procedures.numbering import candidates
from procedures.rendering.links import OUR_SCHEMES, WEB_SCHEMES
from procedures.rendering.plain_text import inline_text, tidy
from procedures.rendering.rendered import Link

Resolve = Callable[[str], str | None]

_CLASSES = {
    "a": {"govuk-link", "footnote-back"},
    "blockquote": {"govuk-inset-text"},
    "div": {"table-scroll"},
    "h2": {"govuk-heading-m"},
    "h3": {"govuk-heading-s"},
    "h4": {"govuk-heading-s"},
    "h5": {"govuk-heading-s"},
    "h6": {"govuk-heading-s"},
    "hr": {"govuk-section-break", "govuk-section-break--m", "govuk-section-break--visible"},
    "ol": {"govuk-list", "govuk-list--number"},
    "p": {"govuk-body"},
    "section": {"footnotes"},
    "sup": {"footnote-mark"},
    "table": {"govuk-table"},
    "tbody": {"govuk-table__body"},
    "td": {"govuk-table__cell", "govuk-table__cell--numeric"},
    "th": {"govuk-table__header", "govuk-table__header--numeric"},
    "thead": {"govuk-table__head"},
    "tr": {"govuk-table__row"},
    "ul": {"govuk-list", "govuk-list--bullet"},
}
_CLEANER = nh3.Cleaner(
    tags={*_CLASSES, "br", "code", "em", "img", "li", "pre", "strong"},
    attributes={
        "a": {"href", "id", "rel", "aria-label"},
        "div": {"aria-label"},
        "img": {"src", "alt"},
        "section": {"aria-label"},
        "ol": {"start"},
        **{tag: {"id"} for tag in ("h2", "h3", "h4", "h5", "h6", "p", "li", "tr")},
    },
    tag_attribute_values={"div": {"role": {"region"}, "tabindex": {"0"}}, "th": {"scope": {"col"}}},
    allowed_classes=_CLASSES,
    url_schemes={*OUR_SCHEMES, *WEB_SCHEMES},
    link_rel=None,
    url_relative=lambda address: address if address.startswith("#") else None,
)


def clean(html: str) -> str:
    """`html` with nothing left in it but what the allow-list names."""
    return _CLEANER.clean(html)


def safe(html: str) -> SafeString:
    """`html` that this package has rendered, for a template to show as it is. Never for any other string."""
    return mark_safe(html)  # noqa: S308


def _opening(tag: str) -> Callable[..., str]:
    """A rendering rule that opens `tag` with its one class, and with its anchor as id if it bears one."""
    classes = f' class="{next(iter(_CLASSES[tag]))}"' if tag in _CLASSES else ""

    def open_tag(self: RendererHTML, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        token = tokens[idx]
        if token.hidden:
            return ""
        anchor = token.meta.get("anchor")
        return f'<{tag}{classes} id="{escape(env["prefix"] + anchor)}">' if anchor else f"<{tag}{classes}>"

    return open_tag


class ManualRenderer(RendererHTML):
    """Writes the tokens of a text; one rule for each kind of token that CommonMark's own HTML does not suit.

    `env` brings what a rendering may vary: `heading_ids` in order, the `prefix` of every id, and `resolve`,
    which gives the slug of the section that bears a number, or None.
    """

    paragraph_open = _opening("p")
    list_item_open = _opening("li")
    blockquote_open = _opening("blockquote")
    thead_open = _opening("thead")
    tbody_open = _opening("tbody")
    tr_open = _opening("tr")

    def heading_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        tag = heading_tag(tokens[idx])
        size = "m" if tag == "h2" else "s"
        heading_id = env["prefix"] + env["heading_ids"][tokens[idx].meta["heading"]]
        return f'<{tag} class="govuk-heading-{size}" id="{escape(heading_id)}">'

    def heading_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f"</{heading_tag(tokens[idx])}>\n"

    def bullet_list_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return '<ul class="govuk-list govuk-list--bullet">\n'

    def ordered_list_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        start = tokens[idx].attrs.get("start")
        starts = "" if start is None else f' start="{start}"'
        return f'<ol class="govuk-list govuk-list--number"{starts}>\n'

    def hr(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return '<hr class="govuk-section-break govuk-section-break--m govuk-section-break--visible">\n'

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f"<pre><code>{escape(tokens[idx].content)}</code></pre>\n"

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        words, link = escape(tidy(inline_text(tokens[idx].children or []))), tokens[idx].meta["link"]
        return f'<img src="document:{link.target}" alt="{words}">' if link else words

    def table_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        label = escape("Table: " + ", ".join(header_words(tokens, idx)[:3]))
        return (
            f'<div class="table-scroll" tabindex="0" role="region" aria-label="{label}">\n<table class="govuk-table">\n'
        )

    def table_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</table>\n</div>\n"

    def th_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<th scope="col" class="{_cell_class("govuk-table__header", tokens[idx])}">'

    def td_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<td class="{_cell_class("govuk-table__cell", tokens[idx])}">'

    def link_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        link = tokens[idx].meta["link"]
        href = _href(link, env)
        if not href:
            return ""
        rel = ' rel="noopener noreferrer"' if link.scheme == "web" else ""
        return f'<a href="{escape(href)}" class="govuk-link"{rel}>'

    def link_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</a>" if _href(tokens[idx].meta["link"], env) else ""

    def footnote_ref(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        note, number = _note_id(tokens[idx], env), tokens[idx].meta["id"] + 1
        return (
            f'<sup class="footnote-mark"><a href="#{note}" class="govuk-link" '
            f'id="{_mark_id(tokens[idx], env)}" aria-label="Footnote {number}">[{number}]</a></sup>'
        )

    def footnote_block_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return '<section class="footnotes" aria-label="Footnotes">\n<ol class="govuk-list govuk-list--number">\n'

    def footnote_block_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</ol>\n</section>\n"

    def footnote_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return f'<li id="{_note_id(tokens[idx], env)}">'

    def footnote_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        return "</li>\n"

    def footnote_anchor(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: EnvType) -> str:
        label = f"Back to footnote {tokens[idx].meta['id'] + 1} in the text"
        mark = _mark_id(tokens[idx], env)
        return f' <a href="#{mark}" class="govuk-link footnote-back" aria-label="{label}">\u21a9\ufe0e</a>'


def heading_tag(token: Token) -> str:
    """The HTML tag of a heading; the page's title is its only h1."""
    return "h2" if token.tag == "h1" else token.tag


def header_words(tokens: Sequence[Token], table: int) -> list[str]:
    """The words of the header cells, those that have any, of the table that begins at `tokens[table]`."""
    places = takewhile(lambda place: tokens[place].type != "thead_close", range(table, len(tokens)))
    cells = (tidy(inline_text(tokens[place].children or [])) for place in places)
    return [words for words in cells if words]


def _cell_class(name: str, token: Token) -> str:
    """GOV.UK's class for a cell; a column that is aligned right holds figures."""
    return f"{name} {name}--numeric" if token.attrs.get("style") == "text-align:right" else name


def _href(link: Link | None, env: EnvType) -> str:
    """The address of `link` in our own schemes or the web's, or "" where it leads nowhere."""
    if link is None:
        return ""
    if link.number:
        resolve: Resolve = env["resolve"]
        slugs = (resolve(number) for number in candidates(link.number))
        slug = next((slug for slug in slugs if slug), "")
        return slug and f"section:{slug}"
    if link.scheme in OUR_SCHEMES:
        return f"{link.scheme}:{link.target}" + (f"#{link.fragment}" if link.fragment else "")
    return link.target


def _note_id(token: Token, env: EnvType) -> str:
    """The id of a footnote's text. No heading's id holds "_"."""
    return escape(f"{env['prefix']}fn_{token.meta['id'] + 1}")


def _mark_id(token: Token, env: EnvType) -> str:
    """The id of one of the places that refer to a footnote."""
    repetition = f"_{token.meta['subId'] + 1}" if token.meta["subId"] else ""
    return escape(f"{env['prefix']}fnref_{token.meta['id'] + 1}{repetition}")
