"""What an import publishes, what it leaves alone, and what it does in a database that has texts already."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from partnerships.models import Contact, GroupMembership, Partnership, Service
from procedures import sealing
from procedures.exchange.importing import Imported, ImportRefused, import_content
from procedures.models import Authority, Edition, FreshnessStamp, Version
from procedures.publishing import publish
from tests.exchange.folders import AUTHORITIES, PARTNERSHIPS, put, version
from tests.threads import in_threads, open_to_threads
from tests.world import draft

NOW = datetime(2024, 5, 1, 9, tzinfo=UTC)


def faults(folder: Path) -> list[str]:
    before = Version.objects.count(), FreshnessStamp.now()
    with pytest.raises(ImportRefused) as refused:
        import_content(folder)
    assert (Version.objects.count(), FreshnessStamp.now()) == before
    return [str(fault) for fault in refused.value.faults]


@pytest.fixture
def manual(folder: Path) -> Path:
    """A region's section with two versions and one to come, an addition, and a local procedure."""
    version(folder, "neglect/heartland/2017-03-31", "See [An Act](authority:an-act).\n")
    version(folder, "neglect/heartland/2019-06-01", "See Section 2.1.\n", note="Changed.", review="2021-06-01")
    version(folder, "neglect/heartland/2090-01-01", note="To come.")
    version(folder, "neglect/northshire/2018-01-01")
    version(folder, "harbour/eastvale/2018-01-01", number="4.1", title="Harbour", author="A", approver="B")
    return folder


@pytest.mark.django_db
def test_everything_in_a_folder_is_published_as_imported(manual):
    done = import_content(manual, now=NOW)

    assert done == Imported(published=5, unchanged=0, registers_made=10, registers_changed=0)
    fields = ("section__slug", "partnership__slug", "effective_date", "number", "change_note", "review_date")
    assert list(Version.objects.order_by("section__slug", "effective_date").values_list(*fields)) == [
        ("harbour", "eastvale", date(2018, 1, 1), "4.1", "First published.", None),
        ("neglect", "heartland", date(2017, 3, 31), "2.1", "First published.", None),
        ("neglect", "northshire", date(2018, 1, 1), "", "First published.", None),
        ("neglect", "heartland", date(2019, 6, 1), "2.1", "Changed.", date(2021, 6, 1)),
        ("neglect", "heartland", date(2090, 1, 1), "2.1", "To come.", None),
    ]
    assert Version.objects.filter(imported=True).count() == 5
    assert list(sealing.breaches()) == []


@pytest.mark.django_db
def test_what_has_no_moment_counts_as_published_now_in_the_order_of_days(manual):
    import_content(manual, now=NOW)

    moments = Version.objects.order_by("published_at").values_list("effective_date", "published_at")
    assert [day.year for day, _ in moments] == [2017, 2018, 2018, 2019, 2090]
    assert [moment - NOW for _, moment in moments] == [timedelta(microseconds=n) for n in range(5)]


@pytest.mark.django_db
def test_the_registers_are_read_whole(manual):
    import_content(manual)

    partnerships = Partnership.objects.values_list("slug", "kind", "short_name", "position")
    assert list(partnerships) == [
        ("heartland", "region", "Heartland", 0),
        ("northern-force", "group", "Northern Force", 1),
        ("northshire", "local", "Northshire", 2),
        ("eastvale", "local", "Eastvale", 3),
    ]
    memberships = GroupMembership.objects.order_by("member__slug").values_list("member__slug", "joined", "left")
    assert list(memberships) == [
        ("eastvale", date(2017, 3, 31), date(2020, 3, 31)),
        ("northshire", date(2017, 3, 31), None),
    ]
    contact = Contact.objects.values_list("partnership__slug", "service__slug", "phone", "availability", "checked_on")
    assert list(contact) == [("northshire", "front-door", "01632 960001", "always", date(2024, 1, 1))]
    assert list(Edition.objects.values_list("authority__slug", "name", "began")) == [
        ("an-act", "2004", date(2004, 11, 15))
    ]


@pytest.mark.django_db
def test_an_addition_is_written_against_the_text_that_the_file_names_or_that_of_its_day(manual):
    version(manual, "neglect/northshire/2020-01-01")
    version(manual, "neglect/northshire/2021-01-01", written_against="2017-03-31")

    import_content(manual)

    additions = Version.objects.filter(partnership__slug="northshire").order_by("effective_date")
    assert [str(addition.written_against.effective_date) for addition in additions] == [
        "2017-03-31",
        "2019-06-01",
        "2017-03-31",
    ]


@pytest.mark.django_db
def test_importing_twice_changes_nothing(manual):
    import_content(manual)
    stamp, fingerprint = FreshnessStamp.now(), sealing.fingerprint()

    again = import_content(manual)

    assert again == Imported(published=0, unchanged=5, registers_made=0, registers_changed=0)
    assert (FreshnessStamp.now(), sealing.fingerprint()) == (stamp, fingerprint)


@pytest.mark.django_db
def test_a_check_writes_nothing(manual):
    done = import_content(manual, check_only=True)

    assert done == Imported(published=5, unchanged=0, registers_made=10, registers_changed=0)
    assert not Version.objects.exists()
    assert not Partnership.objects.exists()
    assert FreshnessStamp.now() == ""


@pytest.mark.django_db
def test_files_that_were_added_are_published_beside_what_is_there(manual):
    import_content(manual)
    version(manual, "neglect/heartland/2022-01-01", note="Added.")
    version(manual, "neglect/northshire/2018-01-01.2", note="Corrected.")

    done = import_content(manual)

    assert (done.published, done.unchanged) == (2, 5)
    in_force = Version.objects.filter(section__slug="neglect").in_force(date(2022, 1, 1))
    assert set(in_force.values_list("change_note", flat=True)) == {"Added.", "Corrected."}
    assert list(sealing.breaches()) == []


@pytest.mark.parametrize(
    ("change", "names", "line"),
    [
        ({"body": "Another text.\n"}, "body", 1),
        ({"note": "Another note."}, "change note", 3),
        ({"title": "Another title", "number": "2.2"}, "number, title", 4),
        ({"change": "minor"}, "change kind", 2),
        ({"review": "2030-01-01"}, "review date", 6),
        ({"author": "Another"}, "author name", 6),
        ({"approver": "Another"}, "approver name", 6),
        ({"withdrawn": "yes"}, "withdrawn", 6),
        ({"published": "'2019-06-01T09:00:00+00:00'"}, "published at", 6),
    ],
)
@pytest.mark.django_db
def test_a_file_that_differs_from_its_published_version_is_refused(folder, change, names, line):
    version(folder, "neglect/heartland/2019-06-01")
    import_content(folder)
    version(folder, "neglect/heartland/2019-06-01", **change)

    assert faults(folder) == [
        f"sections/neglect/heartland/2019-06-01.md:{line}: This version is published already, with another {names}, "
        "and a published version is never changed. To mend it, add a file of a later day, or 2019-06-01.2.md."
    ]


@pytest.mark.django_db
def test_a_file_that_says_it_was_written_against_another_text_is_refused(manual):
    version(manual, "neglect/northshire/2020-01-01")
    import_content(manual)
    version(manual, "neglect/northshire/2020-01-01", written_against="2017-03-31")

    assert faults(manual) == [
        "sections/neglect/northshire/2020-01-01.md:4: This version is published already, with another written against, "
        "and a published version is never changed. To mend it, add a file of a later day, or 2020-01-01.2.md."
    ]


@pytest.mark.django_db
def test_an_older_moment_than_the_record_has_is_refused(folder):
    version(folder, "neglect/heartland/2019-06-01", published="'2019-06-01T09:00:00+00:00'")
    import_content(folder)
    version(folder, "neglect/heartland/2018-06-01", published="'2018-06-01T09:00:00+00:00'")

    assert faults(folder) == [
        "sections/neglect/heartland/2018-06-01.md:6: It says that it was published at 2018-06-01T09:00:00+00:00, but a "
        "version of the same text was published after that, at 2019-06-01T09:00:00+00:00. "
        "The record only grows at its end."
    ]


@pytest.mark.django_db
def test_an_older_day_is_accepted_when_it_is_published_now(folder):
    version(folder, "neglect/heartland/2019-06-01")
    import_content(folder)
    version(folder, "neglect/heartland/2018-06-01", note="Found in a drawer.")

    import_content(folder)

    assert Version.objects.in_force(date(2019, 5, 31)).get().change_note == "Found in a drawer."
    assert list(sealing.breaches()) == []


@pytest.fixture
def edited_here(folder: Path, regional_approver) -> Version:
    """A database where 2.1 was published by an editor, effective on 1 June 2030; its folder knows nothing of it."""
    made = draft("neglect", number="2.1", title="A title", body="Written here.\n")
    return publish(made, by=regional_approver, effective_date=date(2030, 6, 1), today=date(2025, 1, 1))


@pytest.fixture
def folder_of_the_world(folder: Path) -> Path:
    """The folder without its registers: the partnerships are those of tests.world."""
    for name in ("partnerships.yaml", "authorities.yaml"):
        (folder / name).unlink()
    return folder


@pytest.mark.django_db
def test_a_file_of_a_day_that_an_editor_has_used_is_refused_and_a_second_one_follows(edited_here, folder_of_the_world):
    version(folder_of_the_world, "neglect/heartland/2030-06-01")
    told = faults(folder_of_the_world)
    (folder_of_the_world / "sections/neglect/heartland/2030-06-01.md").unlink()
    version(folder_of_the_world, "neglect/heartland/2030-06-01.2", note="From a file.")

    import_content(folder_of_the_world)

    assert [fault[:85] for fault in told] == [
        "sections/neglect/heartland/2030-06-01.md:1: This version is published already, with a"
    ]
    assert Version.objects.in_force(date(2030, 6, 1)).get().change_note == "From a file."


@pytest.mark.django_db
def test_numbers_and_references_meet_those_of_the_database(edited_here, folder_of_the_world):
    version(folder_of_the_world, "consent/heartland/2030-05-31", "See Section 2.1.\n", number="2.2")
    version(folder_of_the_world, "other/heartland/2030-06-02")

    assert faults(folder_of_the_world) == [
        "sections/consent/heartland/2030-05-31.md:7: “Section 2.1” leads nowhere: no section bears the number 2.1 on "
        "2030-05-31. If the number is not one of this manual's, write 2\\.1.",
        "sections/other/heartland/2030-06-02.md:4: "
        "Number 2.1 is taken: from 2030-06-02 it is the number of “neglect” as well.",
    ]


@pytest.mark.django_db
def test_a_text_of_the_database_that_would_go_stale_is_named_by_its_file(folder):
    version(folder, "retention/heartland/2019-06-01", number="3.6")
    version(folder, "recording/heartland/2019-06-01", "One.\n\nSee Section 3.6.\n", number="3.2")
    import_content(folder)
    version(folder, "retention/heartland/2020-04-01", number="3.5")

    assert faults(folder) == [
        "sections/recording/heartland/2019-06-01.md:1: “Section 3.6” goes stale: from 2020-04-01 that section's number "
        "is 3.5, and this text (recording for heartland, from 2019-06-01) is still in force then. "
        "Publish a consequential version of it on that day."
    ]


@pytest.mark.django_db
def test_a_text_of_the_database_without_a_file_that_would_go_stale_is_named_as_if_it_had_one(folder):
    version(folder, "retention/heartland/2019-06-01", number="3.6")
    recording = version(folder, "recording/heartland/2019-06-01", "See Section 3.6.\n", number="3.2")
    import_content(folder)
    recording.unlink()
    version(folder, "retention/heartland/2020-04-01", number="3.5")

    assert [fault.split(" ")[0] for fault in faults(folder)] == ["sections/recording/heartland/2019-06-01.md:1:"]


@pytest.mark.django_db
def test_a_text_of_the_database_that_would_lose_its_slot_is_named_by_its_file(folder):
    version(folder, "neglect/heartland/2019-06-01", "::: local front-door\nCall.\n:::\n")
    version(folder, "neglect/northshire/2020-06-01", "::: fill front-door\nCall us.\n:::\n")
    import_content(folder)
    version(folder, "neglect/heartland/2020-01-01", "No slot.\n")

    assert faults(folder) == [
        "sections/neglect/northshire/2020-06-01.md:1: With this, neglect for northshire, from 2020-06-01, which is "
        "published already, would be wrong: The regional text has no slot “front-door” on 2020-06-01 (it has: none)."
    ]


@pytest.mark.django_db
def test_registers_are_brought_up_to_date_and_nothing_is_deleted(manual):
    import_content(manual)
    text = PARTNERSHIPS.replace("short-name: Eastvale", "short-name: East Vale").replace("960001", "960002")
    put(manual, "partnerships.yaml", text.replace("services:\n- slug: front-door\n  name: Front door\n", ""))
    put(manual, "authorities.yaml", AUTHORITIES.replace("An Act 2004", "An Act of 2004"))

    done = import_content(manual)

    assert (done.published, done.registers_made, done.registers_changed) == (0, 0, 3)
    assert Partnership.objects.get(slug="eastvale").short_name == "East Vale"
    assert Contact.objects.get().phone == "01632 960002"
    assert Edition.objects.get().title == "An Act of 2004"
    assert Service.objects.count() == Authority.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_imports_of_one_folder_at_once_publish_it_once(manual, tmp_path):
    import_content(manual)
    version(manual, "neglect/heartland/2022-01-01", note="Added.")

    with open_to_threads(tmp_path):
        done = in_threads(lambda: import_content(manual), lambda: import_content(manual))
        [count] = in_threads(Version.objects.count)

    assert sorted(imported.published for imported in done) == [0, 1]
    assert count == 6


# --- The command --------------------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_command_says_what_it_did(manual, capsys):
    call_command("import_content", str(manual), check=True, verbosity=0)
    call_command("import_content", str(manual), verbosity=0)
    call_command("import_content", str(manual), verbosity=0)

    registers = "partnerships, contacts, authorities, documents and search words"
    files = "files of documents: 0 new."
    assert capsys.readouterr().out.splitlines() == [
        f"5 versions would be published, 0 were there already; {registers}: 10 new, 0 changed; {files}",
        f"5 versions published, 0 were there already; {registers}: 10 new, 0 changed; {files}",
        f"0 versions published, 5 were there already; {registers}: 0 new, 0 changed; {files}",
    ]


@pytest.mark.django_db
def test_the_command_shows_a_progress_bar(manual, capsys):
    call_command("import_content", str(manual), verbosity=1)

    assert capsys.readouterr().err == ""  # nobody is looking: the bar is for a terminal


@pytest.mark.django_db
def test_the_command_lists_every_fault_and_says_that_nothing_was_written(folder, capsys):
    put(folder, "sections/a/heartland/2019-06-01.md", b"\xff")
    put(folder, "sections/b/heartland/2019-06-01.md", "---\n")

    with pytest.raises(CommandError) as stopped:
        call_command("import_content", str(folder), verbosity=0)

    assert str(stopped.value) == "2 faults; nothing was written."
    assert capsys.readouterr().err.splitlines() == [
        f"{folder}/sections/a/heartland/2019-06-01.md:1: The byte 0xff is not UTF-8. "
        "Save the file with the encoding UTF-8.",
        f"{folder}/sections/b/heartland/2019-06-01.md:1: "
        "The header has no end: a second line of three dashes is missing.",
    ]


@pytest.mark.django_db
def test_the_command_wants_a_folder(tmp_path):
    for path in (tmp_path / "nowhere", Path(__file__)):
        with pytest.raises(CommandError) as stopped:
            call_command("import_content", str(path))
        assert str(stopped.value) == f"{path} is not a folder."


@pytest.mark.django_db
def test_a_partnerships_own_settings_are_neither_exported_nor_reset_by_an_import(manual, tmp_path):
    import_content(manual, now=NOW)
    Partnership.objects.filter(slug="northshire").update(
        requires_two_people=False, drift_grace_days=7, requires_second_factor=True
    )
    call_command("export_content", tmp_path / "exported")
    exported = (tmp_path / "exported/partnerships.yaml").read_text()
    put(manual, "partnerships.yaml", PARTNERSHIPS.replace("name: Northshire Safeg", "name: The Northshire Safeg"))

    import_content(manual, now=NOW)

    fields = ("name", "requires_two_people", "drift_grace_days", "requires_second_factor")
    assert Partnership.objects.values_list(*fields).get(slug="northshire") == (
        "The Northshire Safeguarding Partnership", False, 7, True,
    )  # fmt: skip
    assert not [word for word in ("two-people", "two_people", "drift", "factor") if word in exported]
