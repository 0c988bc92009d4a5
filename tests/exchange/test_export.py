"""Out and in again: the same digests, the same bytes, whatever the texts hold."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from partnerships.models import Contact, Service
from procedures import sealing
from procedures.checks import CONTROL
from procedures.exchange.exporting import ExportRefused, export_content
from procedures.exchange.importing import import_content
from procedures.exchange.version_files import VersionFile, read_version_file, text_of
from procedures.models import Version
from procedures.publishing import Refused, publish
from tests.exchange.folders import files
from tests.world import draft, make_partnerships
from tests.world import publish as publish_from_file


class Undone(Exception):
    """Leaves a transaction without its effects."""


def in_an_empty_database(work: Callable[[], Any]) -> Any:
    """What `work` gives; all that it writes is undone."""
    result = None
    try:
        with transaction.atomic():
            result = work()
            raise Undone
    except Undone:
        return result


def out_and_in_and_out(folder: Path, fill: Callable[[], object]) -> tuple[tuple[str, dict], tuple[str, dict]]:
    """The fingerprint and files of a database that `fill` fills, and those of an empty one that imports these files."""

    def first() -> tuple[str, dict]:
        fill()
        export_content(folder / "one")
        return sealing.fingerprint(), files(folder / "one")

    def second() -> tuple[str, dict]:
        import_content(folder / "one")
        assert list(sealing.breaches()) == []
        export_content(folder / "two")
        return sealing.fingerprint(), files(folder / "two")

    return in_an_empty_database(first), in_an_empty_database(second)


# --- A whole record -----------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_record_of_every_kind_comes_back_with_the_same_digests_and_bytes(tmp_path, django_user_model):
    def fill() -> None:
        partnerships = make_partnerships()
        by = django_user_model.objects.create_user("editor")
        partnerships["northshire"].notice = "One line.\n\nAnother  one."
        partnerships["northshire"].save()
        service = Service.objects.create(slug="front-door", name="Front door")
        for name in ("é Hub", "Z: hub", "a hub"):
            Contact.objects.create(
                partnership=partnerships["northshire"],
                service=service,
                name=name,
                email="hub@example.org",
                availability="always",
                checked_on=date(2024, 1, 1),
                checked_by="Manager",
                note="1. One\n2. Two",
            )
        body = "## Here\n\n::: local front-door\nCall.\n:::\n"
        first = publish_from_file("neglect", number="2.1", body=body)
        publish_from_file("neglect", number="2.1", body=body + "\nMore.")
        publish_from_file("neglect", by="eastvale", written_against=first)
        publish_from_file("neglect", by="northshire", body="::: fill front-door\nCall us.\n:::\n\n  Text  ")
        publish_from_file("harbour", by="southmoor", number="4.1")
        publish_from_file("neglect", on=date(2019, 1, 1), withdrawn=True, body="", number="2.1")
        newest = Version.objects.filter(section__slug="neglect", partnership__slug="heartland").last()
        made = draft("neglect", number="2.1", based_on=newest, body="\r\n## There\r\n\r\nText.\r\n")
        publish(made, by=by, effective_date=date(2090, 1, 1), today=date(2025, 1, 1))
        draft("consent", number="2.2")

    first, second = out_and_in_and_out(tmp_path, fill)

    assert second == first
    assert len(first[1]) == 9


@pytest.mark.django_db
def test_the_sample_manual_comes_back_with_the_same_digests_and_bytes(tmp_path, kept_sample):
    first, second = out_and_in_and_out(tmp_path, lambda: kept_sample.put_back("sample"))

    assert second == first


@pytest.mark.django_db
def test_a_file_says_all_that_the_version_holds(tmp_path, region):
    publish_from_file("neglect", number="2.1", title="Neglect", body="Text: one.\n")
    export_content(tmp_path / "out")

    [moment] = Version.objects.values_list("published_at", flat=True)
    assert (tmp_path / "out/sections/neglect/heartland/2017-03-31.md").read_text() == (
        "---\n"
        "number: '2.1'\n"
        "title: Neglect\n"
        "change: major\n"
        "note: First published.\n"
        "author: An author\n"
        "approver: An approver\n"
        f"published: '{moment.isoformat(timespec='microseconds')}'\n"
        "---\n"
        "Text: one.\n"
    )


@pytest.mark.django_db
def test_importing_an_export_into_its_own_database_changes_nothing(tmp_path, region):
    publish_from_file("neglect", number="2.1", body="No line end, and blanks.  ")
    publish_from_file("neglect", by="northshire")
    publish_from_file("neglect", by="northshire")
    export_content(tmp_path / "out")

    done = import_content(tmp_path / "out")

    assert (done.published, done.unchanged, done.registers_made, done.registers_changed) == (0, 3, 0, 0)


@pytest.mark.django_db
def test_an_empty_database_gives_empty_registers(tmp_path):
    assert export_content(tmp_path / "out") == 0
    assert files(tmp_path / "out") == {"partnerships.yaml": b"{}\n", "authorities.yaml": b"[]\n"}


@pytest.mark.django_db
def test_a_draft_is_not_exported(tmp_path, region):
    draft("neglect", number="2.1", body="secret")

    assert export_content(tmp_path / "out") == 0
    assert sorted(files(tmp_path / "out")) == ["authorities.yaml", "partnerships.yaml"]


@pytest.mark.django_db
def test_an_export_goes_to_a_folder_of_its_own(tmp_path, region, capsys):
    publish_from_file("neglect", number="2.1")
    (tmp_path / "file").write_text("")

    for taken in (tmp_path, tmp_path / "file"):
        with pytest.raises(CommandError) as stopped:
            call_command("export_content", str(taken), verbosity=0)
        assert str(stopped.value) == f"{taken} is there already and not an empty folder. Name a new one."
    (tmp_path / "empty").mkdir()
    call_command("export_content", str(tmp_path / "empty"), verbosity=0)

    assert capsys.readouterr().out == f"1 versions written to {tmp_path / 'empty'}.\n"
    assert files(tmp_path)["file"] == b""


@pytest.mark.django_db
def test_ten_versions_of_one_day_keep_their_order(tmp_path):
    def fill() -> None:
        make_partnerships()
        for n in range(1, 12):
            publish_from_file("neglect", number="2.1", body=f"Text {n}.")

    first, second = out_and_in_and_out(tmp_path, fill)

    assert second == first
    assert first[1]["sections/neglect/heartland/2017-03-31.11.md"].endswith(b"Text 11.\n")


# --- Odd texts ----------------------------------------------------------------------------------------------------

# Whatever Unicode has but control characters and surrogates, which no text holds; and what has a meaning in YAML.
CHARACTERS = st.characters(exclude_categories=["Cc", "Cs"]).filter(lambda character: not CONTROL.match(character))
MARKS = st.sampled_from([": ", " #", "---", "- ", "'", '"', "\\", "|", ">", "&a", "*a", "!!", "%", "@", "`", "?", "{"])
ODD = st.lists(st.one_of(CHARACTERS, MARKS, st.sampled_from([" ", "\t", "yes", "null", "1.0", "~"])), max_size=20)
LINE = ODD.map("".join)
DASHES = st.sampled_from(["---", "--- ", "- one", "...", "", "  ", "\t", "---\nnumber: 9\n---"])
BODY = st.lists(st.one_of(LINE, DASHES), max_size=8)


@given(number=st.sampled_from(["", "2.10", "3"]), texts=st.tuples(LINE, LINE, LINE, LINE), body=BODY.map("\n".join))
@settings(max_examples=100, deadline=None)
def test_a_version_file_is_read_as_it_was_written(number, texts, body):
    version = Version(number=number, title=texts[0], change_note=texts[1], body=body)
    version.author_name, version.approver_name = texts[2], texts[3]
    version.tidy()
    names = ("number", "title", "change_note", "author_name", "approver_name", "body")
    file = VersionFile("neglect", "heartland", date(2019, 6, 1), **{name: getattr(version, name) for name in names})

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / file.name
        path.parent.mkdir(parents=True)
        path.write_text(text_of(file), encoding="utf-8", newline="\n")
        read, faults = read_version_file(path, Path(folder))

    assert faults == []
    assert read == file
    assert text_of(read) == text_of(file)


@given(texts=st.tuples(LINE, LINE, LINE), body=BODY.map("\n".join), local=BODY.map("\n".join))
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.django_db
def test_odd_texts_come_back_with_the_same_digests_and_bytes(texts, body, local):
    def fill() -> None:
        make_partnerships()
        title, note, author = texts
        fields = {"number": "2.1", "title": f"T{title}", "change_note": f"N{note}", "author_name": author}
        publish_from_file("neglect", body="x" + body, **fields)
        publish_from_file("neglect", by="northshire", title=title, body=local + "x")

    folder = Path(tempfile.mkdtemp())
    try:
        first, second = out_and_in_and_out(folder, fill)
    except Refused:
        reject()  # a text may well be at fault, say by a heading of the wrong level
    finally:
        shutil.rmtree(folder)

    assert second == first


@pytest.mark.parametrize(
    "body",
    [
        "---\n",
        "---\nnumber: 9.9\n---\nText.\n",
        "- a list first\n",
        "...\n",
        "    code first\n",
        "Blanks at the end  \nof a line\n",
        "tab\there\n",
        "“Quotes” – dashes — 漢字 🙂 e\u0301\n",
        "\u2028\u00a0\u3000 odd spaces\n",
        "\ufeffa mark first\n",
    ],
)
@pytest.mark.django_db
def test_an_odd_body_comes_back_as_it_was(tmp_path, body):
    def fill() -> None:
        make_partnerships()
        publish_from_file("neglect", number="2.1", body=body)

    first, second = out_and_in_and_out(tmp_path, fill)

    assert second == first
    assert first[1]["sections/neglect/heartland/2017-03-31.md"].endswith(b"---\n" + body.encode())


def test_an_export_to_where_no_folder_can_be_made_is_refused(db, tmp_path):
    (tmp_path / "file").touch()

    with pytest.raises(ExportRefused, match="/file/new cannot be made: Not a directory"):
        export_content(tmp_path / "file" / "new")
