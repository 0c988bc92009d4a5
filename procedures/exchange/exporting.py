"""The database out to a content folder, without loss: imported again, every version has the same digest."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from django.db import transaction

from procedures.exchange.exporting_documents import documents_missing, write_documents_to
from procedures.exchange.glossary_files import GLOSSARY, glossary_text
from procedures.exchange.importing import no_progress
from procedures.exchange.registers import AUTHORITIES, PARTNERSHIPS, authorities_text, partnerships_text
from procedures.exchange.search_words import SEARCH_WORDS, search_words_text
from procedures.exchange.version_files import VersionFile, stem, text_of
from procedures.models import Version


class ExportRefused(Exception):
    """Nothing was written; the sentence says why."""


def export_content(folder: Path, *, progress: Callable[[Sequence, str], Iterable] = no_progress) -> int:
    """Write everything published to a new or empty folder; gives the number of versions.

    Raises ExportRefused when the folder holds anything: an export is a whole, never a mixture of two.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ExportRefused(f"{folder} is there already and not an empty folder. Name a new one.")
    if missing := documents_missing():
        raise ExportRefused(f"The content of {', '.join(missing)} is not in MEDIA_DIR. Put it back from a backup.")
    try:
        (folder / "sections").mkdir(parents=True)
    except OSError as error:
        raise ExportRefused(f"{folder} cannot be made: {error.strerror}.") from error
    with transaction.atomic():
        stems = _stems()
        ids = sorted(stems)
        (folder / PARTNERSHIPS).write_text(partnerships_text(), encoding="utf-8")
        (folder / AUTHORITIES).write_text(authorities_text(), encoding="utf-8")
        write_documents_to(folder)
        for name, text in ((GLOSSARY, glossary_text()), (SEARCH_WORDS, search_words_text())):
            if text:
                (folder / name).write_text(text, encoding="utf-8", newline="\n")
        rows = Version.objects.select_related("section", "partnership")
        for start in progress(range(0, len(ids), 500), "Writing"):
            for version in rows.filter(pk__in=ids[start : start + 500]):
                _write(folder, version, stems)
    return len(ids)


def _stems() -> dict[int, tuple[str, int]]:
    """Each published version's file stem and its ordinal on its day, by id."""
    stems: dict[int, tuple[str, int]] = {}
    counted: dict[tuple, int] = {}
    fields = ("pk", "section_id", "partnership_id", "effective_date")
    for pk, *key in Version.objects.published().in_order_of_publication().values_list(*fields):
        counted[tuple(key)] = counted.get(tuple(key), 0) + 1
        stems[pk] = stem(key[2], counted[tuple(key)]), counted[tuple(key)]
    return stems


def _write(folder: Path, version: Version, stems: dict[int, tuple[str, int]]) -> None:
    assert version.effective_date
    file = VersionFile(
        section=version.section.slug,
        partnership=version.partnership.slug,
        day=version.effective_date,
        ordinal=stems[version.pk][1],
        number=version.number,
        title=version.title,
        change_kind=version.change_kind,
        change_note=version.change_note,
        review_date=version.review_date,
        author_name=version.author_name,
        approver_name=version.approver_name,
        withdrawn=version.withdrawn,
        written_against=stems[version.written_against_id][0] if version.written_against_id else "",
        published_at=version.published_at,
        body=version.body,
    )
    path = folder / file.name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text_of(file), encoding="utf-8", newline="\n")
