"""manage.py import_content DIR [--check]"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from procedures.exchange.importing import ImportRefused, import_content


class Command(BaseCommand):
    help = "Publish the texts of a content folder. All faults are reported together, and then nothing is written."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--check", action="store_true", help="Look for faults only and write nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        folder: Path = options["folder"]
        if not folder.is_dir():
            raise CommandError(f"{folder} is not a folder.")

        def progress(items: Any, label: str) -> Any:
            return tqdm(items, desc=label, unit="version", disable=None if options["verbosity"] else True)

        try:
            done = import_content(folder, check_only=options["check"], progress=progress)
        except ImportRefused as refused:
            for fault in refused.faults:
                self.stderr.write(f"{folder}/{fault}")
            count = len(refused.faults)
            raise CommandError(f"{count} fault{'s' if count != 1 else ''}; nothing was written.") from None
        verb = "would be published" if options["check"] else "published"
        self.stdout.write(
            f"{done.published} versions {verb}, {done.unchanged} were there already; "
            f"partnerships, contacts, authorities, documents and search words: {done.registers_made} new, "
            f"{done.registers_changed} changed; files of documents: {done.files_added} new."
        )
