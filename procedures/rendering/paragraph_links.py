"""A visible link at each paragraph, for whoever wants to send a colleague to the exact place."""

import re

# As this package writes them: the id is the last or only attribute that ends in p-<anchor>.
_OPENING = re.compile(
    r'<(?:p|li|tr)\b[^>]*? ?id="(?P<id>(?:[a-z0-9-]+-)?p-[a-z0-9]+(?:-[0-9]+)?)"[^>]*>(?P<cell>\s*<t[hd]\b[^>]*>)?'
)


def with_paragraph_links(html: str) -> str:
    """`html` as rendered here with a link at the beginning of every paragraph, list item and table row.

    The address carries the anchor twice: as the fragment that the browser jumps to, and as a parameter by which the
    server can tell what became of a paragraph that is no longer there.
    """
    return _OPENING.sub(_with_link, html)


def _with_link(match: re.Match[str]) -> str:
    anchor = match["id"]
    link = f'<a class="paragraph-link" href="?paragraph={anchor}#{anchor}" aria-label="Link to this paragraph">¶</a> '
    return match[0] + link
