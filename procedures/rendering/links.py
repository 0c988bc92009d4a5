"""Links: which destinations are ours or safe, what their words must be, and where references in the text
become links.
"""

import re
from collections.abc import Callable, Sequence
from html import escape

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from procedures.rendering.cross_references import link_references
from procedures.rendering.plain_text import inline_text, tidy
from procedures.rendering.rendered import Fault, Link

OUR_SCHEMES = ("section", "authority", "contact", "document")
WEB_SCHEMES = ("http", "https", "mailto", "tel")

_SLUG = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_OURS = re.compile(rf"({'|'.join(OUR_SCHEMES)}):({_SLUG})(?:#([A-Za-z0-9_-]+))?")
_WEB = re.compile(r"https?://[^\s/?#]++\S*", re.IGNORECASE)
_MAIL_OR_TELEPHONE = re.compile(r"(mailto):[^\s@]+@[^\s@]+|(tel):[+0-9][0-9().%-]*", re.IGNORECASE)
_SAYS_NOTHING = {"click", "click here", "here", "link", "more", "read more", "this", "this link", "this page"}
_IMAGE = re.compile(rf"document:({_SLUG})")
# Text cannot look like this: its "<" is escaped, as is `"` in attributes. In the tags that we write, these come first.
_HREF = re.compile(rf'<a href="({"|".join(OUR_SCHEMES)}):({_SLUG})(?:#([A-Za-z0-9_-]+))?"')
_SRC = re.compile(rf'<img src="document:({_SLUG})"')


def point_links(html: str, url_of: Callable[[str, str, str], str]) -> str:
    """`html` as rendered here, with the addresses that `url_of(scheme, target, fragment)` gives for our own
    schemes, and for the "image" that a document is.
    """
    html = _SRC.sub(lambda match: f'<img src="{escape(url_of("image", match[1], ""))}"', html)
    return _HREF.sub(lambda match: f'<a href="{escape(url_of(match[1], match[2], match[3] or ""))}"', html)


def links_plugin(markdown: MarkdownIt) -> None:
    """Teach `markdown` to judge links and images and to find references. Parsing needs lists as `env["links"]`,
    `env["faults"]`.

    Afterwards an opening and a closing link token share `meta["link"]`, a Link, or None where nothing may be
    linked; an image has its own.
    """
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]  # judged below, and reported
    markdown.core.ruler.before("text_join", "links", _find_links)


def _find_links(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline" and token.children:
            line = _line(token)
            _judge_links(token.children, line, state.env["faults"])
            token.children = link_references(token.children, line)
            state.env["links"] += [
                child.meta["link"]
                for child in token.children
                if child.type in ("link_open", "image") and child.meta["link"]
            ]


def _line(token: Token) -> int:
    return (token.map or [0])[0] + 1


def _judge_links(tokens: Sequence[Token], line: int, faults: list[Fault]) -> None:
    """Set the `meta["link"]` of every link that an author has written; report what is wrong with it."""
    open_links: list[int] = []
    for place, token in enumerate(tokens):
        if token.type == "link_open":
            open_links.append(place)
        elif token.type == "link_close":
            opened = open_links.pop()
            words = tidy(inline_text(tokens[opened + 1 : place]))
            href = str(tokens[opened].attrs["href"])
            # An address inside a link's words would be a link in a link.
            token.meta["link"] = None if open_links else _link(href, words, line, faults)
            tokens[opened].meta["link"] = token.meta["link"]
        elif token.type in ("softbreak", "hardbreak"):
            line += 1
        elif token.type == "image":
            token.meta["link"] = _image(token, line, faults)


def _link(href: str, words: str, line: int, faults: list[Fault]) -> Link | None:
    """The link to `href`, or None with a fault where nothing may be linked."""
    objection = _objection_to_words(words, href)
    if objection:
        faults.append(Fault(line, objection))
    if match := _OURS.fullmatch(href):
        return Link(match[1], match[2], match[3] or "", words, line, number="", certain=True)
    if _WEB.fullmatch(href):
        return Link("web", href, "", words, line, number="", certain=True)
    if match := _MAIL_OR_TELEPHONE.fullmatch(href):
        return Link((match[1] or match[2]).lower(), href, "", words, line, number="", certain=True)
    faults.append(Fault(line, _objection_to_address(href)))
    return None


def _image(token: Token, line: int, faults: list[Fault]) -> Link | None:
    """The document that an image shows, or None with a fault where none can be shown."""
    src, words = str(token.attrs["src"]), tidy(inline_text(token.children or []))
    if not words:
        message = (
            f"This image has no alternative text: write what it shows between the square brackets of ![]({src}), for "
            "those who cannot see it."
        )
        faults.append(Fault(line, message))
    if match := _IMAGE.fullmatch(src):
        return Link("image", match[1], "", words, line, number="", certain=True)
    message = (
        f"“{src}” cannot be shown: add the picture as a document and write ![what it shows](document:its-slug). "
        "Until then its alternative text stands in its place."
    )
    faults.append(Fault(line, message))
    return None


def _objection_to_words(words: str, href: str) -> str:
    if not words:
        return f"The link to “{href}” has no words: write them between the square brackets."
    if words.casefold().strip(".,:;!›»> ") in _SAYS_NOTHING:
        return f"“{words}” does not say where the link leads: name the page or document that it opens."
    return ""


def _objection_to_address(href: str) -> str:
    scheme, colon, _rest = href.partition(":")
    if colon and scheme in OUR_SCHEMES:
        return f"“{href}” is not an address: after “{scheme}:” write its slug, as in {scheme}:front-door."
    if href.startswith("#"):
        return f"“{href}” does not say in which section: write section:its-slug{href}."
    return (
        f"“{href}” cannot be linked: write section:, authority:, contact: or document: and a slug, "
        "or an address that begins with https://, http://, mailto: or tel:."
    )
