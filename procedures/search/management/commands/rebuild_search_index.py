"""manage.py rebuild_search_index"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from procedures.search.interface import Progress, Unavailable, Unwritable
from procedures.search.keeping_up import learn, store


class Command(BaseCommand):
    help = "Make the search index anew from what is published. Searching goes on with the one there is meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        def progress(description: str, unit: str) -> Progress:
            quiet = None if options["verbosity"] else True  # None: where nobody looks on

            def shown(items: Iterable, total: int) -> Iterable:
                return tqdm(items, total=total, desc=description, unit=unit, disable=quiet)

            return shown

        try:
            count = store().rebuild(progress=progress("Indexing", "text"))
        except (Unwritable, Unavailable) as error:
            raise CommandError(f"The search index was not made, and stays as it was. {error}") from error
        self.stdout.write(f"{count} texts, documents, contacts and terms are in the search index.")
        if settings.SEARCH_MODEL:
            is_whole = learn(progress=progress("Meaning", "passage"))
            self.stdout.write(
                "Every passage has its vector."
                if is_whole
                else "Some passages have no vector yet: what is missing is made in the background."
            )
