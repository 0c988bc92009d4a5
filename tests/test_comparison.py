"""What changed between two texts: as examples, and as what holds for any two texts."""

from collections import Counter
from collections.abc import Iterator

import nh3
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree, html

from procedures.comparison import Comparison, compare_html, compare_words

INLINE = {"a", "br", "code", "del", "em", "ins", "strong", "sup"}
HOLD_ONLY_BLOCKS = {"ul", "ol", "table", "thead", "tbody", "tr", "section"}


def table(*rows: str) -> str:
    """A table whose first row is its head; cells are separated by "|"."""
    head, *body = (row.split("|") for row in rows)
    headers = "".join(f"<th>{cell}</th>" for cell in head)
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in body)
    return f"<table><thead><tr>{headers}</tr></thead><tbody>{lines}</tbody></table>"


EXAMPLES = {
    "the same text": ("<p>One two.</p>", "<p>One two.</p>", "<p>One two.</p>"),
    "a word in a paragraph": (
        "<p>Tell them within 5 days of it.</p>",
        "<p>Tell them within 10 working days of it.</p>",
        "<p>Tell them within <del>5</del> <ins>10 working</ins> days of it.</p>",
    ),
    "punctuation": (
        "<p>Tell the police.</p>",
        "<p>Tell the police, now.</p>",
        "<p>Tell the police<ins>, now</ins>.</p>",
    ),
    "a word that stays between larger changes goes with them": (
        "<p>Always send the form within a day of the visit.</p>",
        "<p>Always keep copy the letter also within a day of the visit.</p>",
        "<p>Always <del>send the form</del> <ins>keep copy the letter also</ins> within a day of the visit.</p>",
    ),
    "more than three words that stay are shown as such": (
        "<p>One two three four five, stop and think again, six seven eight nine ten, then write down why you did.</p>",
        "<p>A b c d e, stop and think again, f g h i j, then write down why you did.</p>",
        "<p><del>One two three four five</del><ins>A b c d e</ins>, stop and think again,"
        " <del>six seven eight nine ten</del><ins>f g h i j</ins>, then write down why you did.</p>",
    ),
    "a new paragraph": (
        "<p>Call the front door.</p>",
        '<p>Write everything down.</p><p id="p-1">Call the front door.</p>',
        '<p class="inserted-block"><ins>Write everything down.</ins></p><p id="p-1">Call the front door.</p>',
    ),
    "a paragraph that is gone gives its id up": (
        '<p class="govuk-body" id="p-1">Use the fax.</p><p id="p-2">Call the front door.</p>',
        '<p id="p-2">Call the front door.</p>',
        '<p class="govuk-body deleted-block"><del>Use the fax.</del></p><p id="p-2">Call the front door.</p>',
    ),
    "a paragraph that was moved": (
        "<p>Call the front door.</p><p>Write everything down today.</p>",
        "<p>Write everything down today.</p><p>Call the front door.</p>",
        '<p class="inserted-block"><ins>Write everything down today.</ins></p><p>Call the front door.</p>'
        '<p class="deleted-block"><del>Write everything down today.</del></p>',
    ),
    "a heading of another level": ("<h2>Act</h2>", "<h3>Act now</h3>", "<h3>Act <ins>now</ins></h3>"),
    "a list item that is gone keeps its number": (
        '<ol start="3"><li>Call.</li><li>Fax the form.</li><li>Write it down.</li></ol>',
        '<ol start="3"><li>Call.</li><li>Write it all down.</li></ol>',
        '<ol start="3"><li value="3">Call.</li><li class="deleted-block" value="4"><del>Fax the form.</del></li>'
        '<li value="4">Write it <ins>all</ins> down.</li></ol>',
    ),
    "a new list item with a list in it": (
        "<ul><li>Call.</li></ul>",
        "<ul><li>Call.</li><li>Ask:<ul><li>who</li></ul></li></ul>",
        '<ul><li>Call.</li><li class="inserted-block"><ins>Ask:</ins><ul><li><ins>who</ins></li></ul></li></ul>',
    ),
    "a list that now has paragraphs": (
        "<ul><li>Call.</li></ul>",
        "<ul><li><p>Call.</p><p>Then wait.</p></li></ul>",
        '<ul><li><p>Call.</p><p class="inserted-block"><ins>Then wait.</ins></p></li></ul>',
    ),
    "a table row": (
        table("Who|When", "Police|At once", "School|Next day"),
        table("Who|When", "Police|At once", "Health|Same day", "School|The next day"),
        table("Who|When", "Police|At once", "NEW", "School|<del>Next</del> <ins>The next</ins> day").replace(
            "<tr><td>NEW</td></tr>",
            '<tr class="inserted-block"><td><ins>Health</ins></td><td><ins>Same day</ins></td></tr>',
        ),
    ),
    "a table column, with empty cells for it in a row that is gone": (
        table("Who|When", "Police|At once", "Library|Never"),
        table("Who|How|When", "Police|By telephone|At once"),
        '<table><thead><tr><th>Who</th><th class="inserted-block"><ins>How</ins></th><th>When</th></tr></thead>'
        '<tbody><tr><td>Police</td><td class="inserted-block"><ins>By telephone</ins></td><td>At once</td></tr>'
        '<tr class="deleted-block"><td><del>Library</del></td><td></td><td><del>Never</del></td></tr>'
        "</tbody></table>",
    ),
    "words of a link": (
        '<p>See <a href="/a">the old guide</a> now.</p>',
        '<p>See <a href="/b">the new guide</a> now.</p>',
        '<p>See <a href="/b">the <del>old</del> <ins>new</ins> guide</a> now.</p>',
    ),
    "the last word of a link": (
        '<p>See <a href="/a">the old guide</a> now.</p>',
        '<p>See <a href="/b">the old manual</a> now.</p>',
        '<p>See <a href="/b">the old <del>guide</del> <ins>manual</ins></a> now.</p>',
    ),
    "a new link": (
        "<p>See now.</p>",
        '<p>See <a href="/b">the guide</a> now.</p>',
        '<p>See <ins><a href="/b">the guide</a></ins> now.</p>',
    ),
    "a link that is gone": (
        '<p>See <a href="/b">the guide</a> now.</p>',
        "<p>See now.</p>",
        '<p>See <del><a href="/b">the guide</a></del> now.</p>',
    ),
    "a footnote mark that is gone leads nowhere": (
        '<p>Call<sup><a href="#fn_1" id="fnref_1" aria-label="Footnote 1">[1]</a></sup> them.</p>',
        "<p>Call them.</p>",
        "<p>Call<del><sup><a>[1]</a></sup></del> them.</p>",
    ),
    "another picture": (
        '<p>Look. <img src="document:a" alt="A chart"></p>',
        '<p>Look. <img src="document:b" alt="A chart"></p>',
        '<p>Look. <del><img src="document:a" alt="A chart"></del> <ins><img src="document:b" alt="A chart"></ins></p>',
    ),
    "emphasis alone": ("<p>Call now.</p>", "<p>Call <em>now</em>.</p>", "<p>Call <em>now</em>.</p>"),
    "an address alone": ('<a href="/a">Guide</a>', '<a href="/b">Guide</a>', '<a href="/b">Guide</a>'),
    "lines of code": (
        "<pre><code>  one two\nthree\nfour</code></pre>",
        "<pre><code>  one two\nfour</code></pre>",
        "<pre><code>  one two\n<del>three</del>\nfour</code></pre>",
    ),
}


@pytest.mark.parametrize(("before", "after", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_the_later_text_is_shown_with_its_changes(before: str, after: str, expected: str) -> None:
    assert compare_html(before, after).html == expected


def test_words_are_counted() -> None:
    compared = compare_html("<p>Tell them in 5 days.</p>", "<p>Tell them in 10 working days.</p><p>Stop.</p>")

    assert (compared.inserted, compared.deleted, compared.unchanged) == (3, 1, False)


def test_punctuation_alone_is_a_change() -> None:
    compared = compare_html("<p>Stop</p>", "<p>Stop!</p>")

    assert (compared.inserted, compared.deleted, compared.unchanged) == (1, 0, False)


def test_a_title_is_compared_and_escaped() -> None:
    assert compare_words("Fax & <post>", "Post & <post>") == Comparison(
        "<del>Fax</del> <ins>Post</ins> &amp; &lt;post&gt;", inserted=1, deleted=1
    )


def test_a_title_that_stayed_is_unchanged() -> None:
    assert compare_words("Fax & post", "Fax & post") == Comparison("Fax &amp; post", inserted=0, deleted=0)


def test_characters_that_no_page_may_hold_are_replaced() -> None:
    assert compare_words("a\x00b", "a\x01b").html == "a\ufffdb"


WORDS = st.lists(
    st.sampled_from(["call", "the", "police", "now,", "school.", "(or)", "nobody", "2.10", "&", "<b>"]), max_size=6
)


@st.composite
def phrases(draw: st.DrawFn, link: bool = True) -> str:
    """Words, some of them in inline elements, with or without white space between the elements."""
    pieces = []
    for tag in draw(st.lists(st.sampled_from(["", "", "em", "a", "code", "br", "note"]), max_size=4)):
        words = draw(st.sampled_from(["", " "])) + " ".join(draw(WORDS)) + draw(st.sampled_from(["", " "]))
        text = words.replace("&", "&amp;").replace("<", "&lt;")
        pieces.append(_wrapped(tag if link else tag.replace("a", "").replace("note", ""), text, draw))
    return "".join(pieces)


def _wrapped(tag: str, text: str, draw: st.DrawFn) -> str:
    if tag == "a":
        return f'<a href="/{draw(st.integers(1, 2))}">{draw(phrases(link=False))}{text}</a>'
    if tag == "note":
        return '<sup><a href="#fn_1">[1]</a></sup>'
    return {"": text, "br": "<br>"}.get(tag, f"<{tag}>{text}</{tag}>")


def _list_of(blocks: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    item = st.builds("<li>{}{}</li>".format, phrases(), st.one_of(st.just(""), blocks))
    return st.builds(
        lambda tag, items: f"<{tag}>{''.join(items)}</{tag}>",
        st.sampled_from(["ul", "ol"]),
        st.lists(item, min_size=1, max_size=4),
    )


@st.composite
def tables(draw: st.DrawFn) -> str:
    width, height = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    return table(*("|".join(draw(phrases()) for _cell in range(width)) for _row in range(height)))


LEAVES = st.one_of(
    st.builds("<p>{}</p>".format, phrases()),
    st.builds("<h2>{}</h2>".format, phrases()),
    st.builds("<pre><code>{}</code></pre>".format, phrases(link=False)),
    tables(),
    st.just("<hr>"),
)
BLOCKS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(_list_of(inner), st.builds("<blockquote>{}</blockquote>".format, inner)),
    max_leaves=5,
)


@st.composite
def two_texts(draw: st.DrawFn) -> tuple[str, str]:
    """Two texts made of much the same blocks, with an id for each paragraph, item and row."""
    pool = draw(st.lists(BLOCKS, min_size=1, max_size=5))
    before, after = (draw(st.lists(st.one_of(st.sampled_from(pool), BLOCKS), max_size=5)) for _ in range(2))
    return _with_ids("".join(before)), _with_ids("".join(after))


def _with_ids(source: str) -> str:
    root = html.fragment_fromstring(source, create_parent="div")
    for number, element in enumerate(root.iter("p", "li", "tr", "a", "h2")):
        element.set("id", f"p-{number}")
    return etree.tostring(root, method="html", encoding="unicode")[5:-6]


def as_browsers_read_it(source: str) -> etree._Element:
    """The tree of a fragment by the HTML standard's own rules, which nh3 follows."""
    attributes = {"*": {"class", "id", "value", "start"}, "a": {"href"}}
    cleaned = nh3.clean(source, tags=nh3.ALLOWED_TAGS | {"ins", "del", "section"}, attributes=attributes, link_rel=None)
    return html.fragment_fromstring(cleaned, create_parent="div")


def blocks_of(root: etree._Element) -> list[str]:
    """The text of every paragraph, heading, cell or item, white space tidied, without those that have none."""
    texts = (" ".join(text.split()) for text in "".join(_with_breaks(root)).split("\x1f"))
    return [text for text in texts if text]


def _with_breaks(element: etree._Element) -> Iterator[str]:
    edge = "" if element.tag in INLINE else "\x1f"
    yield edge + (element.text or "")
    for child in element:
        yield from _with_breaks(child)
        yield child.tail or ""
    yield edge


def read_out(source: str, without: str) -> list[str]:
    """The blocks of one of the two texts in a comparison: the one left `without` the "ins" or "del" in it."""
    root = as_browsers_read_it(source)
    gone = {"ins": "inserted-block", "del": "deleted-block"}[without]
    for element in [*root.iterdescendants()]:
        if element.tag == without or gone in element.get("class", "").split():
            html.HtmlElement.drop_tree(element)
    return blocks_of(root)


# Making up two texts takes ten times as long as comparing them, so all that holds of every comparison is asked at once.
@settings(max_examples=80, deadline=None)
@given(two_texts())
def test_any_comparison_is_sound_and_holds_both_texts_and_one_with_itself_no_change(texts: tuple[str, str]) -> None:
    before, after = texts

    compared = compare_html(before, after).html

    assert read_out(compared, without="del") == blocks_of(as_browsers_read_it(after))
    assert read_out(compared, without="ins") == blocks_of(as_browsers_read_it(before))
    assert_sound(compared)
    assert_unchanged(compare_html(after, after))


def assert_sound(compared: str) -> None:
    """Sound HTML, with changes only around words."""
    root = as_browsers_read_it(compared)
    for mark in root.iter("ins", "del"):
        assert mark.getparent().tag not in HOLD_ONLY_BLOCKS
        assert {element.tag for element in mark.iterdescendants()} <= INLINE - {"ins", "del"}
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    assert [repeated for repeated, times in ids.items() if times > 1] == []
    assert all(len({len(row) for row in found.iter("tr")}) == 1 for found in root.iter("table"))
    links = html.fragment_fromstring(compared, create_parent="div").iter("a")
    assert [link for link in links if any(link.iterancestors("a"))] == []


def assert_unchanged(compared: Comparison) -> None:
    assert compared.unchanged
    assert "<ins>" not in compared.html and "<del>" not in compared.html
    assert "inserted-block" not in compared.html and "deleted-block" not in compared.html


@settings(max_examples=100, deadline=None)
@given(*[st.text(alphabet="ab ,.<&\n", max_size=20)] * 2)
def test_both_titles_can_be_read_out_of_their_comparison(before: str, after: str) -> None:
    compared = compare_words(before, after).html

    assert read_out(compared, without="del") == [" ".join(after.split())][: bool(after.strip())]
    assert read_out(compared, without="ins") == [" ".join(before.split())][: bool(before.strip())]


PARAGRAPHS = "".join(f"<p>{' '.join(f'w{i * 7 % 900 + j}' for j in range(40))}</p>" for i in range(1_000))
ITEMS = f"<ul>{''.join(f'<li>w{i % 70} w{i % 9}</li>' for i in range(12_000))}</ul>"
MANY_WORDS = [f"w{i}" for i in range(30_000)]
LONG = {
    "paragraphs": (PARAGRAPHS, PARAGRAPHS.replace("w", "v")),
    "paragraphs that all changed": (PARAGRAPHS, PARAGRAPHS.replace("</p>", " end</p>")),
    "short items": (ITEMS, ITEMS.replace("w1", "v")),
    "one paragraph turned round": (f"<p>{' '.join(MANY_WORDS)}</p>", f"<p>{' '.join(MANY_WORDS[::-1])}</p>"),
}


@pytest.mark.parametrize(("before", "after"), LONG.values(), ids=LONG)
def test_a_very_long_text_is_compared_to_the_end(before: str, after: str) -> None:
    compared = compare_html(before, after)

    assert not compared.unchanged
