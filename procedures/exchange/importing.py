"""A content folder into the database: everything is checked, then everything is written, or nothing."""

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from django.db import transaction

from partnerships.models import Partnership
from procedures.checks import Fault
from procedures.exchange.documents import Library, read_documents
from procedures.exchange.files import FileFault
from procedures.exchange.glossary_files import Owners, read_glossary, write_glossary
from procedures.exchange.registers import read_registers, write_registers
from procedures.exchange.search_words import read_search_words, write_search_words
from procedures.exchange.version_files import VersionFile, read_version_file, stem
from procedures.models import Section, Version
from procedures.publishing import Refused, lock_the_manual, publish_imported

Item = TypeVar("Item")
A_DAY = timedelta(days=1)  # by which the clocks of two machines may differ
KIND_ORDER = {"region": 0, "group": 1, "local": 2}


class ImportRefused(Exception):
    """Nothing was written. `faults` holds everything that is wrong, by file and line."""

    def __init__(self, faults: list[FileFault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))


@dataclass
class Imported:
    """What an import did."""

    published: int = 0
    unchanged: int = 0
    registers_made: int = 0
    registers_changed: int = 0
    files_added: int = 0


def no_progress(items: Sequence[Item], label: str) -> Iterable[Item]:
    return items


@contextmanager
def _without_full_collections() -> Iterator[None]:
    """Only young garbage is collected meanwhile.

    A full collection looks at everything that the process holds, and with a large manual in memory that is most of
    what an import would spend its time on.
    """
    young, middle, old = gc.get_threshold()
    gc.set_threshold(young, middle, 1_000_000)
    try:
        yield
    finally:
        gc.set_threshold(young, middle, old)


@_without_full_collections()
def import_content(
    folder: Path,
    *,
    check_only: bool = False,
    now: datetime | None = None,
    progress: Callable[[Sequence, str], Iterable] = no_progress,
) -> Imported:
    """Publish what the folder's files hold and the database does not; running it twice changes nothing.

    `check_only` finds all faults and writes nothing. `now` (default: the present moment, UTC) is when files that do
    not say so count as published. `progress` wraps what is worked through, with a label. Raises ImportRefused with
    all faults together.
    """
    registers, faults = read_registers(folder)
    documents, document_faults = read_documents(folder)
    terms, term_faults = read_glossary(folder)
    search_words, word_faults = read_search_words(folder)
    faults += document_faults + term_faults + word_faults
    files, file_faults = _read_files(folder, progress)
    if faults:  # without partnerships and authorities every file would seem to be at fault
        raise ImportRefused(faults + file_faults)
    faults = file_faults
    with transaction.atomic():
        lock_the_manual()
        keeper, register_faults = write_registers(registers)
        library = Library(folder, documents, keeper, now or datetime.now(UTC))
        library.write()
        faults += register_faults + library.faults
        work = _Work(files, now or datetime.now(UTC), faults)
        versions = work.versions()
        try:
            publish_imported(versions, progress=lambda items: progress(items, "Publishing"))
        except Refused as refused:
            faults += [work.file_fault(fault) for fault in refused.faults]
        owners = Owners.read()  # with the sections that the files have brought
        faults += write_glossary(terms, owners, keeper)
        faults += write_search_words(search_words, owners, keeper)
        if faults:
            raise ImportRefused(faults)
        if check_only:
            transaction.set_rollback(True)
        else:
            library.keep()
    return Imported(len(versions), work.unchanged, keeper.made, keeper.changed, library.added)


def _read_files(folder: Path, progress: Callable) -> tuple[list[VersionFile], list[FileFault]]:
    """Every version file below sections/, and what is wrong with each."""
    paths, faults = _paths(folder)
    if not paths and not faults:
        return [], [FileFault("sections", 1, f"There are no version files in {folder}/sections.")]
    files = []
    for path in progress(paths, "Reading"):
        file, file_faults = read_version_file(path, folder)
        faults += file_faults
        if file is not None:
            files.append(file)
    return files, faults


def _paths(folder: Path) -> tuple[list[Path], list[FileFault]]:
    """All that stands below sections/ where a version file may stand, and the folders that cannot be looked into.

    A link to a folder is not followed, and is listed like a file, as is a folder that is named like one: what is
    wrong with them is told when they are read.
    """
    paths: list[Path] = []
    faults: list[FileFault] = []

    def cannot_look_into(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            name = Path(error.filename).relative_to(folder).as_posix()
            faults.append(FileFault(name, 1, f"The folder cannot be read: {error.strerror}."))

    for place, folders, names in os.walk(folder / "sections", onerror=cannot_look_into):
        folders[:] = [name for name in folders if not name.startswith(".")]
        odd = [name for name in folders if name.endswith(".md") or Path(place, name).is_symlink()]
        paths += [Path(place, name) for name in [*names, *odd] if not name.startswith(".")]
    return sorted(paths), faults


@dataclass
class _Work:
    """Files turned into versions, beside what the database has already."""

    files: list[VersionFile]
    now: datetime
    faults: list[FileFault]
    unchanged: int = 0
    file_of: dict[int, VersionFile] = field(default_factory=dict)  # by the id() of the version

    def versions(self) -> list[Version]:
        """The versions that are not in the database yet, in order of publication."""
        self.partnerships = {partnership.slug: partnership for partnership in Partnership.objects.all()}
        self.sections = self._sections()
        self.stored = self._stored()
        self.fresh: dict[tuple[str, str, str], Version] = {}
        fresh = [file for file in self._in_order() if self._is_new(file)]
        versions = sorted((self._version(file, place) for place, file in enumerate(fresh)), key=_moment)
        for version in versions:
            file = self.file_of[id(version)]
            version.written_against = self._written_against(file)
            self._check_ordinal(file)
        return versions

    def _check_ordinal(self, file: VersionFile) -> None:
        """A second version of the same day has a first, which was published before it."""
        if file.ordinal == 1:
            return
        before = stem(file.day, file.ordinal - 1)
        key = (file.section, file.partnership)
        earlier = self.fresh.get((*key, before)) or self.stored.get((*key, before))
        if earlier is None:
            self.faults.append(file.fault(f"There is no {before}.md, which this would follow on the same day."))
        elif _moment(earlier) >= _moment(self.fresh[*key, file.stem]):
            message = f"It was not published after {before}.md: a day's files are numbered in order of publication."
            self.faults.append(file.fault(message, "published_at"))

    def file_fault(self, fault: Fault) -> FileFault:
        """A version's fault as one of its file; a version in the database may have none, and is named as if it had."""
        version = fault.version
        file = self.file_of.get(id(version))
        if file is None:
            key = next(key for key, stored in self.stored.items() if stored == version)
            file = next((f for f in self.files if (f.section, f.partnership, f.stem) == key), None)
        if file is None:
            assert version.effective_date
            file = VersionFile(version.section.slug, version.partnership.slug, version.effective_date)
        return file.fault(fault.message, fault.field, fault.line)

    def _in_order(self) -> list[VersionFile]:
        """By the day they take effect, the region's first: what a text was written against is published before it."""
        known = [file for file in self.files if self._has_partnership(file)]
        return sorted(
            known,
            key=lambda file: (
                file.day,
                KIND_ORDER[self.partnerships[file.partnership].kind],
                file.ordinal,
                file.section,
                file.partnership,
            ),
        )

    def _has_partnership(self, file: VersionFile) -> bool:
        if file.partnership in self.partnerships:
            return True
        self.faults.append(file.fault(f"There is no partnership “{file.partnership}” in partnerships.yaml."))
        return False

    def _sections(self) -> dict[str, Section]:
        """All sections by slug, new ones made."""
        there = set(Section.objects.values_list("slug", flat=True))
        new = sorted({file.section for file in self.files} - there)
        Section.objects.bulk_create([Section(slug=slug) for slug in new], batch_size=500)
        return {section.slug: section for section in Section.objects.all()}

    def _stored(self) -> dict[tuple[str, str, str], Version]:
        """The published versions by section, partnership and the name that their file would bear."""
        versions: dict[tuple[str, str, str], Version] = {}
        counted: dict[tuple, int] = {}
        rows = Version.objects.published().select_related("section", "partnership", "written_against")
        for version in rows.in_order_of_publication().iterator(chunk_size=2000):
            assert version.effective_date
            key = (version.section.slug, version.partnership.slug, version.effective_date)
            counted[key] = counted.get(key, 0) + 1
            versions[*key[:2], stem(version.effective_date, counted[key])] = version
        return versions

    def _is_new(self, file: VersionFile) -> bool:
        """Whether the database has no such version; a fault when it has one that says something else."""
        version = self.stored.get((file.section, file.partnership, file.stem))
        if version is None:
            return True
        differing = [name for name in COMPARED if getattr(version, name) != getattr(file, name)]
        if file.published_at and file.published_at != version.published_at:
            differing.append("published_at")
        if file.written_against and self._regional(file) != version.written_against:
            differing.append("written_against")
        if differing:
            names = ", ".join(name.replace("_", " ") for name in differing)
            message = (
                f"This version is published already, with another {names}, and a published version is never changed. "
                f"To mend it, add a file of a later day, or {stem(file.day, file.ordinal + 1)}.md."
            )
            self.faults.append(file.fault(message, differing[0]))
        else:
            self.unchanged += 1
        return False

    def _regional(self, file: VersionFile) -> Version | None:
        """The regional version that a file says it was written against."""
        region = next((slug for slug, p in self.partnerships.items() if p.kind == Partnership.Kind.REGION), "")
        key = (file.section, region, file.written_against)
        return self.fresh.get(key) or self.stored.get(key)

    def _version(self, file: VersionFile, place: int) -> Version:
        version = Version(
            section=self.sections[file.section],
            partnership=self.partnerships[file.partnership],
            effective_date=file.day,
            published_at=file.published_at or self.now + timedelta(microseconds=place),
            **{name: getattr(file, name) for name in COMPARED},
        )
        self.file_of[id(version)] = file
        self.fresh[file.section, file.partnership, file.stem] = version
        if _moment(version) > self.now + A_DAY:
            self.faults.append(file.fault("It says that it was published in the future.", "published_at"))
        return version

    def _written_against(self, file: VersionFile) -> Version | None:
        version = self._regional(file) if file.written_against else None
        if version is None and file.written_against:
            message = f"There is no regional version {file.written_against}.md of this section to be written against."
            self.faults.append(file.fault(message, "written-against"))
        return version


COMPARED = (
    "number",
    "title",
    "body",
    "change_kind",
    "change_note",
    "review_date",
    "author_name",
    "approver_name",
    "withdrawn",
)


def _moment(version: Version) -> datetime:
    assert version.published_at
    return version.published_at
