import json

import pytest

from procedures.rendering import (
    Block,
    Heading,
    Passage,
    Rendered,
    carry_heading_ids,
    parse,
    point_links,
    safe,
)

SECTIONS = {"2": "part-two", "2.3": "thresholds", "2.10": "sharing-information"}


def render(body: str, prefix: str = "") -> Rendered:
    source = parse(body)
    return source.render(heading_ids=carry_heading_ids(source.headings), resolve=SECTIONS.get, prefix=prefix)


def html(body: str, prefix: str = "") -> str:
    return "".join(block.html for block in render(body, prefix).blocks)


def without_ids(text: str) -> str:
    """`text` rendered, with paragraph anchors taken out so that the rest can be compared whole."""
    rendered = render(text)
    written = "".join(block.html for block in rendered.blocks)
    for block in rendered.blocks:
        for anchor, _text in block.anchors:
            written = written.replace(f' id="{anchor}"', "")
    return written


def test_an_empty_text_has_no_blocks():
    assert render("") == Rendered(blocks=())


def test_a_text_becomes_a_block_with_all_that_pages_and_search_need():
    rendered = render("Before.\n\n## Who to *call*\n\nCall the\n**front door**.\n\n- Now\n", prefix="x-")

    assert rendered == Rendered(
        blocks=(
            Block(
                kind="text",
                slot="",
                html=(
                    '<p class="govuk-body" id="x-p-32l7znrv">Before.</p>\n'
                    '<h2 class="govuk-heading-m" id="x-who-to-call">Who to <em>call</em></h2>\n'
                    '<p class="govuk-body" id="x-p-srokslaz">Call the\n<strong>front door</strong>.</p>\n'
                    '<ul class="govuk-list govuk-list--bullet">\n<li id="x-p-5vplti36">Now</li>\n</ul>\n'
                ),
                headings=(Heading(2, "x-who-to-call", "Who to call", 3),),
                anchors=(
                    ("x-p-32l7znrv", "Before."),
                    ("x-p-srokslaz", "Call the front door."),
                    ("x-p-5vplti36", "Now"),
                ),
                passages=(
                    Passage("", "", "Before."),
                    Passage("Who to call", "x-who-to-call", "Call the front door.\nNow"),
                ),
            ),
        )
    )


def test_what_is_rendered_can_be_kept_as_json():
    rendered = render("Text.\n\n## A\n\n::: local front-door\nCall.\n:::\n\n| a | b |\n|---|---|\n| c | d |\n")

    assert Rendered.from_json(json.loads(json.dumps(rendered.to_json()))) == rendered
    assert json.loads(json.dumps(rendered.to_json())) == rendered.to_json()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("One\\\ntwo", '<p class="govuk-body">One<br>\ntwo</p>\n'),
        (
            "> Quoted",
            '<blockquote class="govuk-inset-text"><p class="govuk-body">Quoted</p>\n</blockquote>\n',
        ),
        (
            "3. c\n4. d",
            '<ol class="govuk-list govuk-list--number" start="3">\n<li>c</li>\n<li>d</li>\n</ol>\n',
        ),
        ("1. c", '<ol class="govuk-list govuk-list--number">\n<li>c</li>\n</ol>\n'),
        ("```py\na < b\n```", "<pre><code>a &lt; b\n</code></pre>\n"),
        ("    a & b", "<pre><code>a &amp; b\n</code></pre>\n"),
        ("`a<b`", '<p class="govuk-body"><code>a&lt;b</code></p>\n'),
        ("***", '<hr class="govuk-section-break govuk-section-break--m govuk-section-break--visible">\n'),
        ("~~old~~", '<p class="govuk-body">~~old~~</p>\n'),
        ("<b>raw</b>", '<p class="govuk-body">&lt;b&gt;raw&lt;/b&gt;</p>\n'),
        ("<script>a()</script>", '<p class="govuk-body">&lt;script&gt;a()&lt;/script&gt;</p>\n'),
        ("![a *plan*](x.png)", '<p class="govuk-body">a plan</p>\n'),
        ('![a *"b"*\nc](document:d)', '<p class="govuk-body"><img src="document:d" alt="a &quot;b&quot; c"></p>\n'),
    ],
)
def test_markdown_is_written_in_the_classes_of_govuk_frontend(body, expected):
    assert without_ids(body) == expected


@pytest.mark.parametrize(
    ("hashes", "opening"),
    [
        ("#", '<h2 class="govuk-heading-m" id="title">'),
        ("##", '<h2 class="govuk-heading-m" id="title">'),
        ("###", '<h3 class="govuk-heading-s" id="title">'),
        ("####", '<h4 class="govuk-heading-s" id="title">'),
        ("######", '<h6 class="govuk-heading-s" id="title">'),
    ],
)
def test_headings_begin_below_the_title(hashes, opening):
    assert html(f"{hashes} Title").startswith(opening)


def test_a_table_scrolls_and_says_what_it_is():
    body = "| Who | *When* | £ | D |\n|---|:-:|--:|---|\n| Hub | Now | 5 | |\n"

    assert without_ids(body) == (
        '<div class="table-scroll" tabindex="0" role="region" aria-label="Table: Who, When, £">\n'
        '<table class="govuk-table">\n'
        '<thead class="govuk-table__head"><tr class="govuk-table__row">'
        '<th scope="col" class="govuk-table__header">Who</th>\n'
        '<th scope="col" class="govuk-table__header"><em>When</em></th>\n'
        '<th scope="col" class="govuk-table__header govuk-table__header--numeric">£</th>\n'
        '<th scope="col" class="govuk-table__header">D</th>\n</tr>\n</thead>\n'
        '<tbody class="govuk-table__body"><tr class="govuk-table__row">'
        '<td class="govuk-table__cell">Hub</td>\n'
        '<td class="govuk-table__cell">Now</td>\n'
        '<td class="govuk-table__cell govuk-table__cell--numeric">5</td>\n'
        '<td class="govuk-table__cell"></td>\n</tr>\n</tbody>\n</table>\n</div>\n'
    )


def test_slots_and_fills_are_blocks_of_their_own_between_the_text():
    body = (
        "Before.\n::: local front-door\nUnfilled.\n:::\nBetween.\n\n::: fill hours\n:::\n- a list\n"
        "::: local out-of-hours\nLast.\n\n:::"
    )

    blocks = [(block.kind, block.slot, [text for _anchor, text in block.anchors]) for block in render(body).blocks]

    assert blocks == [
        ("text", "", ["Before."]),
        ("slot", "front-door", ["Unfilled."]),
        ("text", "", ["Between."]),
        ("fill", "hours", []),
        ("text", "", ["a list"]),
        ("slot", "out-of-hours", ["Last."]),
    ]
    assert parse(body).slots == ("front-door", "out-of-hours")
    assert parse(body).fills == ("hours",)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("A\n::: note\nB\n:::\nC", [("text", "", ["A", "B", "C"])]),
        (
            "::: local a\nA\n::: local b\nB\n:::\nC\n:::\nD",
            [("slot", "a", ["A", "B", "C"]), ("text", "", ["D"])],
        ),
        ("::: local a\nA\n\n- B\n\n  :::\n", [("slot", "a", ["A", "B"])]),
    ],
)
def test_a_faulty_slot_line_cuts_nothing_and_its_text_still_shows(body, expected):
    blocks = render(body).blocks

    assert [(block.kind, block.slot, [text for _anchor, text in block.anchors]) for block in blocks] == expected


def test_colons_in_code_are_no_slot():
    assert parse("```\n::: local a\n```\n\n    ::: local b\n").slots == ()


def test_footnotes_come_last_and_lead_back():
    body = "One[^a] and two[^a].\n\n::: local hub\nThree[^b].\n:::\n\n[^a]: See *Section 2.10*.\n\n[^b]: Bee."

    blocks = render(body, prefix="hub-").blocks

    assert [(block.kind, block.slot) for block in blocks] == [("text", ""), ("slot", "hub"), ("text", "")]
    assert (
        '>One<sup class="footnote-mark"><a href="#hub-fn_1" class="govuk-link" id="hub-fnref_1" '
        'aria-label="Footnote 1">[1]</a></sup> and two<sup class="footnote-mark"><a href="#hub-fn_1" '
        'class="govuk-link" id="hub-fnref_1_2" aria-label="Footnote 1">[1]</a></sup>.</p>'
    ) in blocks[0].html
    assert '<a href="#hub-fn_2" class="govuk-link" id="hub-fnref_2"' in blocks[1].html
    back = 'class="govuk-link footnote-back" aria-label="Back to footnote'
    assert blocks[2].html == (
        '<section class="footnotes" aria-label="Footnotes">\n<ol class="govuk-list govuk-list--number">\n'
        '<li id="hub-fn_1"><p class="govuk-body">See <em>'
        '<a href="section:sharing-information" class="govuk-link">Section 2.10</a></em>. '
        f'<a href="#hub-fnref_1" {back} 1 in the text">↩︎</a> '
        f'<a href="#hub-fnref_1_2" {back} 1 in the text">↩︎</a></p>\n</li>\n'
        '<li id="hub-fn_2"><p class="govuk-body">Bee. '
        f'<a href="#hub-fnref_2" {back} 2 in the text">↩︎</a></p>\n</li>\n</ol>\n</section>\n'
    )
    assert blocks[2].passages == (Passage("", "", "See Section 2.10.\nBee."),)


def test_footnotes_are_running_text_even_after_a_slot_that_is_never_closed():
    blocks = render("::: local hub\nOne[^a].\n\n[^a]: Note.").blocks

    assert [(block.kind, block.passages) for block in blocks] == [
        ("slot", (Passage("", "", "One."),)),
        ("text", (Passage("", "", "Note."),)),
    ]


def test_the_footnotes_stand_under_no_heading():
    (block,) = render("## A\n\nOne[^a].\n\n[^a]: Note.").blocks

    assert block.passages == (Passage("A", "a", "One."), Passage("", "", "Note."))


def test_passages_are_plain_text_cut_at_headings():
    body = (
        "Intro [words](contact:hub) & `code`.\n\n## A {#aa}\n\n"
        "| Who | What |\n|---|---|\n| Hub | Help |\n| Police | |\n\n"
        "### B\n\n> Quoted\n> text\n\n- one\n  - two\n\n```\nlines of\n  code\n```\n\n## Empty\n"
    )

    (block,) = render(body).blocks

    assert block.passages == (
        Passage("", "", "Intro words & code."),
        Passage("A", "aa", "Who What\nHub Help\nPolice"),
        Passage("B", "b", "Quoted text\none\ntwo\nlines of\ncode"),
        Passage("Empty", "empty", ""),
    )


def anchors(body: str) -> dict[str, str]:
    return {text: anchor for block in render(body).blocks for anchor, text in block.anchors}


def test_paragraphs_items_and_body_rows_bear_anchors_but_nothing_inside_them():
    body = (
        "Paragraph\n\n- loose\n\n  more\n  1. inner\n\n- last\n\n> quoted\n\n| head |\n|---|\n| row |\n\n"
        "## Heading\n\nNote[^a]\n\n[^a]: not this\n"
    )

    assert list(anchors(body)) == ["Paragraph", "loose more", "inner", "last", "quoted", "row", "Note"]


def test_an_anchor_depends_only_on_the_words():
    before = anchors("Call the **front door**.\n\nOther.")["Call the front door."]

    after = anchors("New.\n\n> call  the\n> [FRONT](contact:hub) door.")["call the FRONT door."]

    assert after == before


def test_a_paragraph_with_other_words_has_another_anchor():
    assert anchors("Within 24 hours.")["Within 24 hours."] != anchors("Within 72 hours.")["Within 72 hours."]


def test_repeated_words_are_told_apart_across_blocks():
    blocks = render("Same.\n\n::: local a\nSame.\n:::\n\n- same.\n").blocks

    first = blocks[0].anchors[0][0]
    assert [block.anchors[0][0] for block in blocks] == [first, f"{first}-2", f"{first}-3"]


def test_every_anchor_and_heading_id_is_in_the_html():
    body = "A\n\n## B\n\n- c\n\n| d |\n|---|\n| e |\n"

    (block,) = render(body, prefix="x-").blocks

    heading_ids = [heading.id for heading in block.headings]
    for anchor in [*(anchor for anchor, _text in block.anchors), *heading_ids]:
        assert anchor.startswith("x-")
        assert block.html.count(f' id="{anchor}"') == 1


def test_a_source_renders_the_same_again_and_otherwise_with_other_ids():
    source = parse("## A\n\nSee Section 2.10.")

    first = source.render(heading_ids=["a"], resolve=SECTIONS.get)
    other = source.render(heading_ids=["b"], resolve=lambda number: None, prefix="x-")

    assert '<h2 class="govuk-heading-m" id="x-b">' in other.blocks[0].html
    assert "section:" not in other.blocks[0].html
    assert source.render(heading_ids=["a"], resolve=SECTIONS.get) == first


def test_each_number_is_resolved_once():
    asked: list[str] = []

    parse("Section 2.10, section 2.10 and paragraph 2.9.1").render(heading_ids=[], resolve=asked.append)

    assert asked == ["2.10", "2.9.1", "2.9"]


def test_rendering_refuses_a_wrong_number_of_heading_ids():
    with pytest.raises(ValueError, match=r"^The text has 1 headings, not 2\.$"):
        parse("## A").render(heading_ids=["a", "b"], resolve=SECTIONS.get)


def test_point_links_puts_addresses_into_tags_and_leaves_words_alone():
    body = 'Section 2.10, [S](section:s#part-a), [C](contact:hub), [W](https://a.org/) <a href="section:s">'
    body += """ ![a <img src="document:d">](document:d)"""
    written = html(body)

    pointed = point_links(written, lambda scheme, target, fragment: f"/{scheme}/{target}?a&b#{fragment}")

    assert pointed == (
        written.replace('href="section:sharing-information"', 'href="/section/sharing-information?a&amp;b#"')
        .replace('href="section:s#part-a"', 'href="/section/s?a&amp;b#part-a"')
        .replace('href="contact:hub"', 'href="/contact/hub?a&amp;b#"')
        .replace('<img src="document:d"', '<img src="/image/d?a&amp;b#"')
    )
    assert '&lt;a href="section:s"&gt;' in pointed


def test_rendered_html_is_handed_to_templates_as_safe():
    assert safe("<p>A</p>").__html__() == "<p>A</p>"
