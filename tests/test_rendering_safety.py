import threading

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from procedures.rendering import Rendered, carry_heading_ids, parse

TAGS = {
    *(
        "a",
        "blockquote",
        "br",
        "code",
        "div",
        "em",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "section",
    ),
    *("strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
ATTRIBUTES = {"alt", "aria-label", "class", "href", "id", "rel", "role", "scope", "src", "start", "tabindex"}
ADDRESSES = (
    "section:",
    "authority:",
    "contact:",
    "document:",
    "http://",
    "https://",
    "mailto:",
    "tel:",
    "#x-fn",
)
PIECES = st.sampled_from(
    [
        "# ",
        "## ",
        "\n",
        "\n\n",
        "- ",
        "1. ",
        "> ",
        "    ",
        "\t",
        "*",
        "**",
        "_",
        "`",
        "```\n",
        "~~~",
        "|",
        "\n|---|---|\n",
        "\\",
    ]
    + [
        "[",
        "](",
        ")",
        "![",
        "](document:a)",
        "[^a]",
        "[^a]: ",
        "^[",
        "<",
        ">",
        "<b onclick=x()>",
        "<script>",
        "</script>",
        "<!--",
        "&lt;",
        "&#0;",
    ]
    + [
        "javascript:alert(1)",
        "data:text/html,",
        "section:a",
        "https://example.org/",
        '"',
        "'",
        " onload=",
        "{#a}",
        "{#",
        "}",
    ]
    + [
        "::: local a\n",
        "::: fill b\n",
        ":::\n",
        "Section 2.10",
        " and 2.3",
        "Part 2",
        "word",
        "é",
        "\x00",
        "\ufffc",
        "\r",
        "\xa0",
    ]
    + ["\ud800", "\u2028", "[a]: b\n", "---\n", "===\n", "<http://a>", "<javascript:x>"]
)


def render(body: str) -> Rendered:
    source = parse(body)
    ids = carry_heading_ids(source.headings)
    return source.render(heading_ids=ids, resolve=lambda number: "a-section", prefix="x-")


def assert_safe(written: str) -> None:
    """Nothing but the allowed tags, attributes and addresses, as an HTML parser reads them."""
    for element in lxml_html.fragment_fromstring(written, create_parent="div").iterdescendants():
        assert element.tag in TAGS
        assert set(element.attrib) <= ATTRIBUTES
        assert element.attrib.get("href", "#x-fn").startswith(ADDRESSES)
        assert element.attrib.get("src", "document:").startswith("document:")


@given(st.lists(PIECES, max_size=25).map("".join) | st.text())
@settings(max_examples=500, deadline=None)
def test_any_text_renders_to_safe_html(body):
    for block in render(body).blocks:
        assert "<script" not in block.html
        assert_safe(block.html)


@given(st.lists(PIECES, max_size=25).map("".join))
@settings(max_examples=200, deadline=None)
def test_every_id_on_a_page_is_its_own(body):
    written = "".join(block.html for block in render(body).blocks)

    ids = lxml_html.fragment_fromstring(written, create_parent="div").xpath(".//@id")
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize(
    "body",
    [
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        '[a](https://example.org/"onmouseover="alert(1))',
        "[a](<https://example.org/ onclick=alert(1)>)",
        '[a](section:a "x\\" onclick=alert(1)")',
        "<javascript:alert(1)>",
        "[a](javascript&colon;alert(1))",
        "[a](\x01javascript:alert(1))",
        "[a]: javascript:alert(1)\n\n[a]",
        "| <script> |\n|---|\n| <b onclick=alert(1)> |",
        '| "><script>alert(1)</script> |\n|---|\n| a |',
        "```<script>\n</code></pre><script>alert(1)</script>\n```",
        "a[^1]\n\n[^1]: <script>alert(1)</script>",
        "## <script>alert(1)</script> {#a}",
        "![<script>alert(1)</script>](x)",
        "![<script>alert(1)</script>](document:x)",
        '![" onerror="alert(1)](document:x)',
        "![a](javascript:alert(1))",
        "![a](document:x#'onerror=alert(1))",
    ],
)
def test_known_attacks_are_only_text(body):
    for block in render(body).blocks:
        assert_safe(block.html)


@pytest.mark.parametrize("given_text", ['"><script>', "x' onclick='a", '" onclick="a'])
def test_ids_and_slugs_that_are_given_are_escaped_too(given_text):
    source = parse("## A\n\nSection 2.10[^1]\n\n[^1]: B")

    rendered = source.render(heading_ids=[given_text], resolve=lambda number: given_text, prefix="x-")
    prefixed = source.render(heading_ids=["a"], resolve=lambda number: None, prefix=given_text)

    for block in (*rendered.blocks, *prefixed.blocks):
        tree = lxml_html.fragment_fromstring(block.html, create_parent="div")
        assert "govuk" not in tree.text_content()
        assert {element.tag for element in tree.iterdescendants()} <= TAGS
        assert {name for element in tree.iterdescendants() for name in element.attrib} <= ATTRIBUTES


@pytest.mark.parametrize(
    "piece", [">", "> ", "- ", "[", "![", "[a](", "**a ", "`", "[^a]: ", "::: local a\n", "&", "<", "|"]
)
def test_deep_or_endless_markup_is_survived(piece):
    assert render(piece * 3_000).blocks is not None


def test_one_parser_serves_many_threads():
    bodies = [
        f"## Heading {number}\n\nText {number}[^a], Section 1.{number}\n\n[^a]: Note {number}" for number in range(1, 9)
    ]
    alone = [render(body) for body in bodies]
    together: list[Rendered | None] = [None] * len(bodies)

    def work(place: int) -> None:
        for _ in range(20):
            together[place] = render(bodies[place])

    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(bodies))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert together == alone
