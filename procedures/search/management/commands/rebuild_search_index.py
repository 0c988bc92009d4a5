"""manage.py rebuild_search_index"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from procedures.search.folder import Damaged
from procedures.search.index import folder
from procedures.search.writing import Documents, Unwritable, rebuild


class Command(BaseCommand):
    help = "Make the search index anew from what is published. Searching goes on with the one there is meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        def progress(items: Documents, total: int) -> Documents:
            return tqdm(
                items, total=total, desc="Indexing", unit="version", disable=None if options["verbosity"] else True
            )

        try:
            count = rebuild(folder(), progress=progress)
        except (Unwritable, Damaged) as error:
            raise CommandError(f"The search index was not made, and stays as it was. {error}") from error
        self.stdout.write(f"{count} versions are in the search index.")
