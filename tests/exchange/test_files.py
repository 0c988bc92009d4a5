"""Whatever cannot be imported is refused with file, line and reason, all together, and nothing is written."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import models

from partnerships.models import Contact, Partnership, Service
from procedures.exchange.importing import ImportRefused, import_content
from procedures.models import Authority, FreshnessStamp, Section, Version
from tests.exchange.folders import AUTHORITIES, PARTNERSHIPS, put, text, version

FILE = "sections/neglect/heartland/2019-06-01.md"
GOOD = {"number": "2.1", "title": "Neglect"}


def rows() -> list[int]:
    tables: list[type[models.Model]] = [Section, Version, Partnership, Contact, Service, Authority]
    return [table._default_manager.count() for table in tables]


def faults(folder: Path) -> list[str]:
    """What an import of the folder is refused for; nothing may have been written by it."""
    before = rows(), FreshnessStamp.now()
    with pytest.raises(ImportRefused) as refused:
        import_content(folder)
    assert (rows(), FreshnessStamp.now()) == before
    return [str(fault) for fault in refused.value.faults]


NO_YAML = "A line holds “key: value”; a value with a colon in it stands in quotes."
KNOWN = "approver, author, change, note, number, published, review, title, withdrawn, written-against"

BROKEN: dict[str, tuple[str | bytes, list[str]]] = {
    "an empty file": (b"", ["1: The file begins with a line of three dashes, then the header."]),
    "no header": ("Some text.\n", ["1: The file begins with a line of three dashes, then the header."]),
    "a header without an end": (
        "---\nnumber: 2.1\ntitle: Neglect\n\nSome text.\n",
        ["1: The header has no end: a second line of three dashes is missing."],
    ),
    "dashes with a blank after them": (
        "--- \nnumber: 2.1\n---\n",
        ["1: The file begins with a line of three dashes, then the header."],
    ),
    "an empty header": ("---\n---\nText.\n", ["2: Here stand keys with values, one a line: “key: value”."]),
    "a blank header": ("---\n\n---\nText.\n", ["2: Here stand keys with values, one a line: “key: value”."]),
    "a header that is a list": (
        "---\n- one\n---\nText.\n",
        ["2: Here stand keys with values, one a line: “key: value”."],
    ),
    "a colon in a value": (
        "---\nnumber: 2.1\ntitle: Neglect: the basics\n---\nText.\n",
        [f"3: This cannot be read: mapping values are not allowed in this context. {NO_YAML}"],
    ),
    "a quote that is never closed": (
        '---\nnumber: 2.1\ntitle: "Neglect\nnote: A note.\n---\nText.\n',
        [f"5: This cannot be read: found unexpected end of stream. {NO_YAML}"],
    ),
    "a tab": (
        "---\nnumber: 2.1\n\ttitle: Neglect\n---\nText.\n",
        [f"3: This cannot be read: found a tab character that violates indentation. {NO_YAML}"],
    ),
    "two documents": (
        "---\nnumber: 2.1\n--- \ntitle: X\n---\nText.\n",
        [f"3: This cannot be read: but found another document. {NO_YAML}"],
    ),
    "a key twice": (
        text(title="One", number="2.1").replace("---\nchange", "---\ntitle: Two\nchange"),
        ["5: “title” stands here a second time."],
    ),
    "an unknown key": (
        text(**GOOD, aprover="Somebody"),
        [f"6: “aprover” is not a key that is known here. Known are: {KNOWN}."],
    ),
    "a list in place of a text": (
        text(**GOOD, author="[one, two]"),
        ["6: “author” holds a list or further keys; here stands one text."],
    ),
    "keys in place of a text": (
        text(**GOOD, author="{a: b}"),
        ["6: “author” holds a list or further keys; here stands one text."],
    ),
    "values that refer to each other": (
        text(**GOOD, author="&a Somebody", approver="*a"),
        ["7: “*a” refers to another value. Write it out; a text like this stands in quotes."],
    ),
    "values nested without end": (
        text(**GOOD, author="[" * 50_000),
        ["6: Values are nested more than 10 levels deep here."],
    ),
    "keys nested without end": (
        text(**GOOD, author="{a: " * 900 + "1" + "}" * 900),
        ["6: Values are nested more than 10 levels deep here."],
    ),
    "a nul byte written as an escape": (
        text(**(GOOD | {"title": '"a\\0b"'})),
        ["5: The control character U+0000 stands in the text. Delete it."],
    ),
    "a nul byte": (
        b"---\nnumber: 2.1\ntitle: A\0B\n---\nText.\n",
        ["3: The control character U+0000 stands in the text. Delete it."],
    ),
    "a control character in the text": (
        text("One.\n\nTwo\x1b.\n", **GOOD),
        ["9: The control character U+001B stands in the text. Delete it."],
    ),
    "a character that turns the direction of reading": (
        text("One.\n\nTwo\u202e.\n", **GOOD),
        ["9: The control character U+202E stands in the text. Delete it."],
    ),
    "a character that YAML cannot hold": (
        text(**(GOOD | {"title": "a\uffffb"})),
        ["5: The character U+FFFF cannot stand here. Delete it."],
    ),
    "a byte that is not UTF-8": (
        text(**GOOD).encode() + b"One.\nCaf\xe9.\n",
        ["9: The byte 0xe9 is not UTF-8. Save the file with the encoding UTF-8."],
    ),
    "UTF-16": (
        text(**GOOD).encode("utf-16"),
        ["1: The byte 0xff is not UTF-8. Save the file with the encoding UTF-8."],
    ),
    "20 megabytes": (
        text("x" * 20_000_000, **GOOD),
        ["1: The file has 20.0 MB; the largest that is read has 1 MB. Split it."],
    ),
    "a text that is too long": (
        text("word " * 40_001, **GOOD),
        ["7: The text has 200,005 characters; the most is 200,000."],
    ),
    "a review on no day": (
        text(**GOOD, review="2021-02-29"),
        ["6: “review” is “2021-02-29”, which is not a day in the calendar. Write it as 2019-06-01."],
    ),
    "a review written in another way": (
        text(**GOOD, review="20210228"),
        ["6: “review” is “20210228”, which is not a day in the calendar. Write it as 2019-06-01."],
    ),
    "a review before the text takes effect": (
        text(**GOOD, review="2019-05-31"),
        ["6: The review date, 2019-05-31, lies before the effective date, 2019-06-01."],
    ),
    "an unknown kind of change": (
        text(**GOOD, change="enormous"),
        ["2: “change” is “enormous”; it can be major, minor or consequential."],
    ),
    "an unclear withdrawal": (text(**GOOD, withdrawn="maybe"), ["6: “withdrawn” is “maybe”; it can be yes or no."]),
    "a moment that is none": (
        text(**GOOD, published="yesterday"),
        ["6: “published” is “yesterday”, which is not a moment like 2019-06-01T09:30:00+00:00."],
    ),
    "a moment without its offset": (
        text(**GOOD, published="'2019-06-01T09:30:00'"),
        ["6: “published” is “2019-06-01T09:30:00”, which is not a moment like 2019-06-01T09:30:00+00:00."],
    ),
    "a moment before the first": (
        text(**GOOD, published="'0001-01-01T00:00:00+05:00'"),
        ["6: “published” is “0001-01-01T00:00:00+05:00”, which is not a moment like 2019-06-01T09:30:00+00:00."],
    ),
    "a moment that is older than any manual": (
        text(**GOOD, published="'1799-12-31T00:00:00+00:00'"),
        ["6: The publication on 1799-12-31 cannot be right: no manual is older than 1800-01-01."],
    ),
    "a moment in the future": (
        text(**GOOD, published="'2990-01-01T00:00:00+00:00'"),
        ["6: It says that it was published in the future."],
    ),
    "no note": (
        text(**GOOD, note=""),
        ["1: Say what changed and why: only a minor change may go without a change note."],
    ),
    "no number": (text(title="Neglect"), ["1: A regional text has a number, such as 3.1."]),
    "no number but words": (
        text(title="Neglect", number="two"),
        ["5: “two” is not a section number such as 3.1 or 2.10."],
    ),
    "no title": (text(number="2.1"), ["1: Section 2.1 has no title."]),
    "a long title": (text(number="2.1", title="x" * 201), ["5: The title is longer than 200 characters."]),
    "a long name": (text(**GOOD, approver="x" * 121), ["6: The approver name is longer than 120 characters."]),
    "no text": (
        text(" \n\n", **GOOD),
        ["1: The text is empty. To say that a section no longer applies, publish a withdrawal."],
    ),
    "a reference that leads nowhere": (
        text("\nOne.\n\nSee Section 9.9.\n", **GOOD),
        [
            "10: “Section 9.9” leads nowhere: no section bears the number 9.9 on 2019-06-01. "
            "If the number is not one of this manual's, write 9\\.9."
        ],
    ),
    "a link that leads nowhere": (
        text("See [that](section:nowhere).\n", **GOOD),
        ["7: “that” leads nowhere: there is no section “nowhere”."],
    ),
    "a link to what no page can show": (
        text("See [that](javascript:alert).\n", **GOOD),
        [
            "7: “javascript:alert” cannot be linked: write section:, authority:, contact: or document: and a slug, "
            "or an address that begins with https://, http://, mailto: or tel:."
        ],
    ),
    "an unknown authority": (
        text("See [an old law](authority:no-act).\n", **GOOD),
        ["7: “an old law” leads nowhere: there is no authority “no-act”."],
    ),
    "what a regional text is written against": (
        text(**GOOD, written_against="2019-06-01"),
        ["6: Only a local addition is written against a text: the regional text of its section."],
    ),
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.django_db
def test_a_broken_file_is_refused_with_its_line_and_a_reason(folder, name):
    content, expected = BROKEN[name]
    put(folder, FILE, content)

    assert faults(folder) == [f"{FILE}:{fault}" for fault in expected]


PLACE = "A version is a file sections/<section>/<partnership>/<day>.md, such as …/2019-06-01.md."
PLACES = {
    "sections/2019-06-01.md": PLACE,
    "sections/neglect/2019-06-01.md": PLACE,
    "sections/neglect/heartland/more/2019-06-01.md": PLACE,
    "sections/neglect/heartland/notes.txt": PLACE,
    "sections/neglect/heartland/2019-6-1.md": PLACE,
    "sections/neglect/heartland/20190601.md": PLACE,
    "sections/neglect/heartland/2019-06-01.1.md": PLACE,
    "sections/neglect/heartland/2019-06-01.02.md": PLACE,
    "sections/neglect/heartland/2019-06-01.MD": PLACE,
    "sections/neglect/heartland/٢٠١٩-٠٦-٠١.md": PLACE,
    "sections/neglect/heartland/2019-02-30.md": "“2019-02-30” is not a day in the calendar.",
    "sections/neglect/heartland/0000-01-01.md": "“0000-01-01” is not a day in the calendar.",
    "sections/Neglect/heartland/2019-06-01.md": (
        "“Neglect” is not a folder name for a section or partnership: use small letters, digits and hyphens."
    ),
    f"sections/{'x' * 101}/heartland/2019-06-01.md": (
        f"“{'x' * 101}” is not a folder name for a section or partnership: use small letters, digits and hyphens."
    ),
    "sections/neglect/atlantis/2019-06-01.md": "There is no partnership “atlantis” in partnerships.yaml.",
}


@pytest.mark.parametrize("name", PLACES)
@pytest.mark.django_db
def test_a_file_in_the_wrong_place_is_refused(folder, name):
    put(folder, name, text(number="2.1", title="Neglect"))

    assert faults(folder) == [f"{name}:1: {PLACES[name]}"]


@pytest.mark.django_db
def test_hidden_files_are_left_alone(folder):
    version(folder, "neglect/heartland/2019-06-01")
    put(folder, "sections/neglect/.DS_Store", b"\xff")
    put(folder, "sections/.git/HEAD", b"\xff")

    assert import_content(folder).published == 1


@pytest.mark.django_db
def test_a_folder_without_texts_is_refused(folder):
    assert faults(folder) == [f"sections:1: There are no version files in {folder}/sections."]


@pytest.mark.django_db
def test_windows_line_ends_and_a_byte_order_mark_are_no_fault(folder):
    put(folder, FILE, b"\xef\xbb\xbf" + text("One.\n\nTwo.\n", **GOOD).replace("\n", "\r\n").encode())

    import_content(folder)

    assert Version.objects.get().body == "One.\n\nTwo.\n"


@pytest.mark.parametrize(("number", "expected"), [("2.10", "2.10"), ('"2.10"', "2.10"), ("3", "3"), ("'3'", "3")])
@pytest.mark.django_db
def test_a_number_is_read_as_text_quoted_or_not(folder, number, expected):
    version(folder, "neglect/heartland/2019-06-01", number=number)

    import_content(folder)

    assert Version.objects.get().number == expected


# --- One file and another -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_two_sections_with_one_number_on_a_day_are_both_told(folder):
    version(folder, "neglect/heartland/2019-06-01")
    version(folder, "consent/heartland/2019-07-01")

    assert faults(folder) == [
        "sections/consent/heartland/2019-07-01.md:4: "
        "Number 2.1 is taken: from 2019-07-01 it is the number of “neglect” as well.",
        "sections/neglect/heartland/2019-06-01.md:4: "
        "Number 2.1 is taken: from 2019-07-01 it is the number of “consent” as well.",
    ]


@pytest.mark.parametrize(
    ("names", "fault"),
    [
        (["2019-06-01.2"], "2019-06-01.2.md:1: There is no 2019-06-01.md, which this would follow on the same day."),
        (
            ["2019-06-01", "2019-06-01.3"],
            "2019-06-01.3.md:1: There is no 2019-06-01.2.md, which this would follow on the same day.",
        ),
        (
            ["2019-06-02", "2019-06-01.2"],
            "2019-06-01.2.md:1: There is no 2019-06-01.md, which this would follow on the same day.",
        ),
    ],
)
@pytest.mark.django_db
def test_a_second_file_of_a_day_needs_a_first(folder, names, fault):
    for name in names:
        version(folder, f"neglect/heartland/{name}")

    assert faults(folder) == [f"sections/neglect/heartland/{fault}"]


@pytest.mark.django_db
def test_the_files_of_a_day_are_numbered_in_the_order_of_publication(folder):
    version(folder, "neglect/heartland/2019-06-01", published="'2019-06-01T10:00:00+00:00'")
    version(folder, "neglect/heartland/2019-06-01.2", published="'2019-06-01T09:00:00+00:00'")

    assert faults(folder) == [
        "sections/neglect/heartland/2019-06-01.2.md:6: It was not published after 2019-06-01.md: "
        "a day's files are numbered in order of publication."
    ]


@pytest.mark.django_db
def test_two_texts_of_a_stream_were_not_published_at_one_moment(folder):
    for day in ("2019-06-01", "2019-06-02"):
        version(folder, f"neglect/heartland/{day}", published="'2019-06-01T09:00:00+00:00'")

    assert faults(folder) == [
        "sections/neglect/heartland/2019-06-02.md:6: It says that it was published at 2019-06-01T09:00:00+00:00, but a "
        "version of the same text was published after that, at 2019-06-01T09:00:00+00:00. "
        "The record only grows at its end."
    ]


@pytest.mark.parametrize(
    ("against", "fault"),
    [
        ("2019-06-02", "There is no regional version 2019-06-02.md of this section to be written against."),
        ("nonsense", "There is no regional version nonsense.md of this section to be written against."),
        (
            "2019-09-01",
            "It is written against a text (neglect for heartland, from 2019-09-01) that was not published before it.",
        ),
    ],
)
@pytest.mark.django_db
def test_an_addition_is_written_against_a_regional_text_that_came_before_it(folder, against, fault):
    version(folder, "neglect/heartland/2019-06-01")
    version(folder, "neglect/heartland/2019-09-01")
    version(folder, "neglect/northshire/2019-07-01", written_against=against)

    assert faults(folder) == [f"sections/neglect/northshire/2019-07-01.md:4: {fault}"]


@pytest.mark.django_db
def test_all_faults_of_all_files_are_told_together(folder):
    put(folder, "sections/a/heartland/2019-06-01.md", b"\xff")
    version(folder, "b/heartland/2019-06-01", "See Section 9.9.\n", review="never", number="2.2")
    version(folder, "c/atlantis/2019-06-01")
    version(folder, "d/heartland/2019-06-01", number="2.3", note="")

    assert [fault.split(": ", 1)[0] for fault in faults(folder)] == [
        "sections/a/heartland/2019-06-01.md:1",
        "sections/b/heartland/2019-06-01.md:6",
        "sections/b/heartland/2019-06-01.md:8",
        "sections/c/atlantis/2019-06-01.md:1",
        "sections/d/heartland/2019-06-01.md:1",
    ]


# --- The registers ------------------------------------------------------------------------------------------------


def edited(old: str, new: str) -> Callable[[], str]:
    assert PARTNERSHIPS.count(old) >= 1
    return lambda: PARTNERSHIPS.replace(old, new, 1)


REGISTERS: dict[str, tuple[Callable[[], str], list[str]]] = {
    "nothing": (lambda: "", ["1: Here stand keys with values, one a line: “key: value”."]),
    "a list": (lambda: "- one\n", ["1: Here stand keys with values, one a line: “key: value”."]),
    "no YAML": (
        lambda: "region: {\n",
        [f"2: This cannot be read: did not find expected node content. {NO_YAML}"],
    ),
    "an unknown key": (
        edited("region:", "regions:"),
        ["1: “regions” is not a key that is known here. Known are: contacts, groups, locals, region, services."],
    ),
    "a text in place of a list": (
        lambda: PARTNERSHIPS + "locals: all\n",
        ["33: “locals” stands here a second time."],
    ),
    "a word for the region": (
        lambda: PARTNERSHIPS.replace(PARTNERSHIPS[: PARTNERSHIPS.index("groups")], "region: heartland\n"),
        ["1: “region” holds a text; here stand keys with values."],
    ),
}


@pytest.mark.parametrize("name", REGISTERS)
@pytest.mark.django_db
def test_broken_partnerships_are_told_alone_without_a_fault_for_every_file(folder, name):
    make, expected = REGISTERS[name]
    put(folder, "partnerships.yaml", make())
    version(folder, "neglect/heartland/2019-06-01")

    assert faults(folder) == [f"partnerships.yaml:{fault}" for fault in expected]


ROWS: dict[str, tuple[Callable[[], str], list[str]]] = {
    "two regions": (
        lambda: PARTNERSHIPS.replace("region:\n  slug", "region:\n- slug").replace(
            "groups:\n", "- slug: another\n  name: Another\ngroups:\n", 1
        ),
        ["5: There is a region already: a site publishes one region's manual."],
    ),
    "a partnership twice": (
        edited("services:", "- slug: northshire\n  name: Again\nservices:"),
        ["22: This stands here a second time."],
    ),
    "a partnership without a slug": (
        edited("- slug: eastvale\n", "- nickname: x\n"),
        [
            "12: There is no partnership “eastvale”.",
            "19: This field cannot be blank.",
            "19: “nickname” is not a key that is known here. "
            "Known are: manual-title, members, name, notice, short-name, slug.",
            "19: “slug” is missing.",
        ],
    ),
    "an unknown member": (
        edited("partnership: eastvale", "partnership: atlantis"),
        ["12: There is no partnership “atlantis”."],
    ),
    "a membership that ends before it begins": (
        edited("left: '2020-03-31'", "left: '2017-03-30'"),
        ["12: The last day of a membership lies before its first."],
    ),
    "a group that joins a group": (
        edited("partnership: eastvale", "partnership: northern-force"),
        ["12: Northern Force Safeguarding Partnership is not a local partnership; only those join groups."],
    ),
    "a word for the members": (
        lambda: PARTNERSHIPS.replace(
            PARTNERSHIPS[PARTNERSHIPS.index("  members") : PARTNERSHIPS.index("locals")], "  members: everybody\n"
        ),
        ["9: “members” holds a text; here stand keys with values."],
    ),
    "a contact of nobody for nothing": (
        edited("- partnership: northshire\n  service: front-door", "- partnership: atlantis\n  service: back-door"),
        ["26: There is no partnership “atlantis”.", "27: There is no service “back-door”."],
    ),
    "a contact that cannot be reached": (
        edited("  phone: 01632 960001\n", ""),
        ["26: A contact needs a telephone number or an e-mail address."],
    ),
    "an e-mail address that is none": (
        edited("phone: 01632 960001", "email: nobody"),
        ["29: Enter a valid email address."],
    ),
    "a day that is none": (
        edited("checked-on: '2024-01-01'", "checked-on: lately"),
        [
            "31: This field cannot be null.",
            "31: “checked-on” is “lately”, which is not a day in the calendar. Write it as 2019-06-01.",
        ],
    ),
    "a contact twice": (
        lambda: PARTNERSHIPS + PARTNERSHIPS[PARTNERSHIPS.index("- partnership: northshire\n  service") :],
        ["33: This stands here a second time."],
    ),
}


@pytest.mark.parametrize("name", ROWS)
@pytest.mark.django_db
def test_a_wrong_row_is_refused_with_its_line(folder, name):
    make, expected = ROWS[name]
    put(folder, "partnerships.yaml", make())
    version(folder, "neglect/heartland/2019-06-01")

    assert faults(folder) == [f"partnerships.yaml:{fault}" for fault in expected]


AUTHORITY_KEYS = "editions, issued-by, kind, slug, title, url"
LIST = "1: Here stands a list of authorities: “- slug: …”, and further keys below."


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("region: x\n", [LIST]),
        ("words", [LIST]),
        (
            AUTHORITIES.replace("  kind: statute\n", "  kind: rumour\n"),
            [
                "3: This field cannot be blank.",
                "3: “kind” is “rumour”; it can be statute, guidance or protocol.",
            ],
        ),
        (
            AUTHORITIES.replace("began: '2004-11-15'", "began: '2004-11-15'\n    ceased: '2004-11-14'"),
            ["5: The last day of an edition lies before its first."],
        ),
        (
            AUTHORITIES.replace("  kind: statute\n", "  kind: statute\n  url: nowhere\n  colour: red\n"),
            ["4: Enter a valid URL.", f"5: “colour” is not a key that is known here. Known are: {AUTHORITY_KEYS}."],
        ),
        (AUTHORITIES + AUTHORITIES, ["8: This stands here a second time."]),
    ],
)
@pytest.mark.django_db
def test_wrong_authorities_are_refused_with_their_line(folder, content, expected):
    put(folder, "authorities.yaml", content)
    version(folder, "neglect/heartland/2019-06-01")

    assert faults(folder) == [f"authorities.yaml:{fault}" for fault in expected]


def test_a_day_older_than_any_manual_is_refused(db, folder):
    put(folder, "sections/neglect/heartland/0001-01-01.md", text(**GOOD))

    assert faults(folder) == [
        "sections/neglect/heartland/0001-01-01.md:1: "
        "The effective date 0001-01-01 cannot be right: no manual is older than 1800-01-01."
    ]


def test_nothing_that_looks_like_a_version_is_passed_over_in_silence(db, folder):
    put(folder, FILE, text(**GOOD))
    beside = folder / "sections/neglect/heartland"
    (beside / "2020-01-01.md").mkdir()
    (beside / "2021-01-01.md").symlink_to(folder / "gone.md")
    os.mkfifo(beside / "2022-01-01.md")
    (folder / "sections/linked").symlink_to(beside)

    assert faults(folder) == [
        "sections/linked:1: A version is a file sections/<section>/<partnership>/<day>.md, such as …/2019-06-01.md.",
        "sections/neglect/heartland/2020-01-01.md:1: This is no plain file. Put the file itself here.",
        "sections/neglect/heartland/2021-01-01.md:1: The file cannot be read: No such file or directory.",
        "sections/neglect/heartland/2022-01-01.md:1: This is no plain file. Put the file itself here.",
    ]


@pytest.mark.parametrize("name", ["partnerships.yaml", "authorities.yaml"])
def test_a_register_that_is_no_file_is_refused(db, folder, name):
    put(folder, FILE, text(**GOOD))
    (folder / name).unlink()
    (folder / name).mkdir()

    assert faults(folder) == [f"{name}:1: This is no plain file. Put the file itself here."]


def test_a_file_or_folder_that_may_not_be_read_is_refused(db, folder, monkeypatch):
    put(folder, FILE, text(**GOOD))
    put(folder, "sections/consent/heartland/2019-06-01.md", text(number="2.2", title="Consent"))
    look, read = os.scandir, Path.read_bytes

    def refuse(asked: str, answer: Callable):
        def answering(path):
            if asked in str(path):
                raise PermissionError(13, "Permission denied", str(path))
            return answer(path)

        return answering

    monkeypatch.setattr(os, "scandir", refuse("consent", look))
    monkeypatch.setattr(Path, "read_bytes", refuse("neglect", read))

    assert faults(folder) == [
        "sections/consent:1: The folder cannot be read: Permission denied.",
        f"{FILE}:1: The file cannot be read: Permission denied.",
    ]
