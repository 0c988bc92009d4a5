import pytest

from procedures.rendering import Link, parse

SECTIONS = {"2": "part-two", "2.3": "thresholds", "2.5": "assessment", "2.10": "sharing-information"}


def html(body: str) -> str:
    source = parse(body)
    rendered = source.render(heading_ids=["x"] * len(source.headings), resolve=SECTIONS.get)
    return "".join(block.html for block in rendered.blocks)


def link(href: str, words: str) -> str:
    return f'<a href="{href}" class="govuk-link">{words}</a>'


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("See Section 2.10.", f"See {link('section:sharing-information', 'Section 2.10')}."),
        ("Section\n2.10", link("section:sharing-information", "Section\n2.10")),
        ("Section&nbsp;2.10", link("section:sharing-information", "Section&nbsp;2.10")),
        ("**Section 2.10**", f"<strong>{link('section:sharing-information', 'Section 2.10')}</strong>"),
        (
            "sections 2.3, 2.4 and 2.5",
            f"{link('section:thresholds', 'sections 2.3')}, 2.4 and {link('section:assessment', '2.5')}",
        ),
        ("paragraph 2.10.3", link("section:sharing-information", "paragraph 2.10.3")),
        ("paragraph 2.9.3", "paragraph 2.9.3"),
        ("Part 2", link("section:part-two", "Part 2")),
        ("Part 9", "Part 9"),
        (
            "Section 2.10[^1] (2.3 to 2.5)",
            f"(link) ({link('section:thresholds', '2.3')} to {link('section:assessment', '2.5')})",
        ),
    ],
)
def test_a_reference_links_the_section_that_bears_the_number(body, expected):
    expected = expected.replace("(link)", link("section:sharing-information", "Section 2.10") + "[^1]")

    assert expected in html(body)


@pytest.mark.parametrize(
    "body",
    [
        "Section 2\\.10",
        "Part 2\\.10",
        "2\\.3 to 2.5",
        "`Section 2.10`",
        "Section `2.10`",
        "Section **2.10**",
        "    Section 2.10",
        "```\nSection 2.10\n```",
        "Section  \n2.10",
        "![Section 2.10](x.png)",
        "section 2.3 of the *Data Protection Act 2018*",
    ],
)
def test_what_is_escaped_code_or_across_markup_is_no_reference(body):
    assert "<a" not in html(body)
    assert parse(body).links == ()


def test_a_law_that_is_itself_a_link_keeps_its_section():
    body = "section 2.3 of the [Data Protection Act 2018](authority:dpa)"

    assert html(body).count("<a") == 1


def test_a_reference_inside_a_link_stays_the_links_words():
    assert link("section:other", "see Section 2.10 here") in html("[see Section 2.10 here](section:other)")


def test_links_and_references_are_listed_in_order_with_their_lines():
    body = (
        "See [sharing](section:sharing-information#why) and\n**Section 2.10**, Part 2 or\n2.3 to 2.5.\n\n"
        "| a |\n|---|\n| [the Act](authority:children-act) |\n\n"
        "- Call the [hub](contact:front-door) or\n  <https://example.org/a?b=c>\n"
        "- [Form](document:referral-form), ![a *chart*](document:chart), "
        "[mail](mailto:a@example.org), [01632 960000](tel:01632960000)\n"
    )

    assert parse(body).links == (
        Link("section", "sharing-information", "why", "sharing", 1, "", True),
        Link("section", "", "", "Section 2.10", 2, "2.10", True),
        Link("part", "", "", "Part 2", 2, "2", False),
        Link("section", "", "", "2.3", 3, "2.3", False),
        Link("section", "", "", "2.5", 3, "2.5", False),
        Link("authority", "children-act", "", "the Act", 7, "", True),
        Link("contact", "front-door", "", "hub", 9, "", True),
        Link("web", "https://example.org/a?b=c", "", "https://example.org/a?b=c", 10, "", True),
        Link("document", "referral-form", "", "Form", 11, "", True),
        Link("image", "chart", "", "a chart", 11, "", True),
        Link("mailto", "mailto:a@example.org", "", "mail", 11, "", True),
        Link("tel", "tel:01632960000", "", "01632 960000", 11, "", True),
    )


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("section:sharing-information", "section:sharing-information"),
        ("section:sharing-information#p-abc-2", "section:sharing-information#p-abc-2"),
        ("authority:working-together", "authority:working-together"),
        ("contact:front-door", "contact:front-door"),
        ("document:form-1", "document:form-1"),
        ("mailto:a@example.org", "mailto:a@example.org"),
        ("tel:+441632960000", "tel:+441632960000"),
    ],
)
def test_our_own_schemes_mail_and_telephone_stay_as_they_are(address, href):
    assert link(href, "words") in html(f"[words]({address})")


def test_a_link_to_the_web_tells_it_nothing_about_the_reader():
    assert html("[gov](https://www.gov.uk/?a=1&b=2 'a title')").endswith(
        '<a href="https://www.gov.uk/?a=1&amp;b=2" class="govuk-link" rel="noopener noreferrer">gov</a></p>\n'
    )


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "&#106;avascript:alert(1)",
        "java%0ascript:alert(1)",
        "data:text/html,hello",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        "vbscript:x",
        "//example.org/",
        "/sections/a/",
        "other.html",
        "?q=1",
        "#fragment",
        "",
        "ftp://example.org/",
        "http:///path",
        "https:",
        "mailto:nobody",
        "tel:abc",
        "section:",
        "section:Sharing",
        "section:a--b",
        "section:a#",
        "section:a/b",
        "contact:a?b=c",
        "SECTION:a",
    ],
)
def test_any_other_address_is_a_fault_and_its_words_stay_text(address):
    source = parse(f"[these words]({address})")

    assert html(f"[these words]({address})").endswith(">these words</p>\n")
    assert source.links == ()
    assert [fault.line for fault in source.faults] == [1]


def test_an_address_inside_a_links_words_is_not_a_second_link():
    assert html("[a <https://example.org> b](section:s)").count("<a ") == 1
