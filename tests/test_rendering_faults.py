import pytest

from procedures.rendering import Fault, parse

HOW = "Write “::: local front-door” or “::: fill front-door”, the text, and “:::” on a line of its own."
NO_ID = "begin it with a small letter, go on with small letters, digits and hyphens, and do not begin it with “p-”."


@pytest.mark.parametrize(
    ("body", "line", "message"),
    [
        (
            "Text\n\n# Top",
            3,
            "“Top” is a heading of the first level, which is the title’s: begin it with “##”.",
        ),
        ("### A", 1, "“A” skips a level of headings: begin it with “##”, not “###”."),
        ("## A\n#### B", 2, "“B” skips a level of headings: begin it with “###”, not “####”."),
        ("##", 1, "This heading has no words: write some, or take its “#” away."),
        (
            "## A {#Who}",
            1,
            f"“{{#Who}}” cannot be a heading’s id: {NO_ID}",
        ),
        (
            "## A {#p-a}",
            1,
            f"“{{#p-a}}” cannot be a heading’s id: {NO_ID}",
        ),
        ("## A {#}", 1, "“{#}” names no id: write one, as in “{#who-to-call}”."),
        ("## A {#a}\n\n## B {#a}", 3, "“{#a}” is already the id of another heading in this text: choose another."),
        (
            "|  | |\n|--|--|\n| a | b |",
            1,
            "This table’s first row is empty: write in it what each column holds.",
        ),
        (
            "A\n![b](c.png)",
            2,
            "“c.png” cannot be shown: add the picture as a document and write ![what it shows](document:its-slug). "
            "Until then its alternative text stands in its place.",
        ),
        (
            "A\n\nb ![ ](document:c)",
            3,
            "This image has no alternative text: write what it shows between the square brackets of ![](document:c), "
            "for those who cannot see it.",
        ),
        (
            "![b](document:C)",
            1,
            "“document:C” cannot be shown: add the picture as a document and write "
            "![what it shows](document:its-slug). Until then its alternative text stands in its place.",
        ),
        ("[](section:a)", 1, "The link to “section:a” has no words: write them between the square brackets."),
        (
            "a\nb [Click here.](section:a)",
            2,
            "“Click here.” does not say where the link leads: name the page or document that it opens.",
        ),
        (
            "[the\nform](form.docx)",
            2,
            "“form.docx” cannot be linked: write section:, authority:, contact: or document: and a slug, "
            "or an address that begins with https://, http://, mailto: or tel:.",
        ),
        (
            "[A](section:A)",
            1,
            "“section:A” is not an address: after “section:” write its slug, as in section:front-door.",
        ),
        ("[A](#a)", 1, "“#a” does not say in which section: write section:its-slug#a."),
        ("- a\n- b [^x]", 2, "Footnote “x” has no text: add a line that begins [^x]:"),
        ("a\n\n[^x]: b", 3, "Nothing refers to footnote “x”: write [^x] where it belongs."),
        ("a[^x]\n\n[^x]: b\n\n[^x]: c", 5, "Footnote “x” has another text further up: rename one of them."),
        (
            "a\n::: local hub\nb",
            2,
            "This “:::” is never closed: put “:::” on a line of its own where it ends.",
        ),
        ("a\n\n:::\n", 3, f"This “:::” closes nothing. {HOW}"),
        ("::: note\na\n:::", 1, f"“::: note” means nothing here. {HOW}"),
        (
            "::: local\na\n:::",
            1,
            f"“” is not the name of a slot: use small letters, digits and hyphens. {HOW}",
        ),
        (
            "::: local Front door\na\n:::",
            1,
            f"“Front door” is not the name of a slot: use small letters, digits and hyphens. {HOW}",
        ),
        (
            "::: local a\n::: local b\nx\n:::\n:::",
            2,
            "“::: local b” stands inside another one: close that one first, with “:::” on a line of its own.",
        ),
        (
            "::: local a\n:::\n\n::: local a\n:::",
            4,
            "“::: local a” stands twice in this text: give the second another name, or join the two.",
        ),
        ("- ::: local a", 1, "A “:::” line cannot stand inside a list, a quotation or a footnote."),
        ("> x\n> :::", 2, "A “:::” line cannot stand inside a list, a quotation or a footnote."),
    ],
)
def test_a_fault_says_what_is_wrong_and_on_which_line(body, line, message):
    assert parse(body).faults == (Fault(line, message),)


def test_a_footnotes_text_inside_a_list_is_a_fault():
    assert (
        Fault(1, "Footnote “x” has its text inside a list, a quotation or a footnote: move it out.")
        in parse("- [^x]: b").faults
    )


def test_text_lost_to_nesting_is_a_fault():
    (fault,) = parse("- " * 12 + "deep").faults

    assert fault.message == "Lists or quotations are nested so deeply here that text is lost: use fewer levels."


@pytest.mark.parametrize(
    "body",
    [
        "## A\n\n### B\n\n#### C\n\n## D\n\n### E",
        "## A {#a}\n\n## B {#b}",
        "## A\n\n::: local a\n### B\n:::\n\n### C",
        "::: fill a\n### Under the region’s heading\n:::\n\n## Own",
        "::: local a\n:::\n\n::: fill a\n:::",
        "a[^x]\n\n[^x]: b",
        "| | b |\n|--|--|\n| a | b |",
        "[Read more about thresholds](section:thresholds)",
        "\\[^x]",
        "- " * 9 + "deep",
        "Section 99.9",
    ],
)
def test_what_is_right_has_no_faults(body):
    assert parse(body).faults == ()


def test_faults_are_told_together_by_line():
    body = "# One\n\n[here](x)\n\n::: local a\n"

    assert [fault.line for fault in parse(body).faults] == [1, 3, 3, 5]
