"""manage.py export_content DIR"""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from procedures.exchange.exporting import ExportRefused, export_content


class Command(BaseCommand):
    help = "Write everything published to a new folder, from which import_content makes the same again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        def progress(items: Any, label: str) -> Any:
            return tqdm(items, desc=label, unit="×500", disable=None if options["verbosity"] else True)

        try:
            count = export_content(options["folder"], progress=progress)
        except ExportRefused as refused:
            raise CommandError(str(refused)) from None
        self.stdout.write(f"{count} versions written to {options['folder']}.")
