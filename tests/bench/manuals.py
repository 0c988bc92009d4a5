"""The manuals that are compared, each in a database of its own, read through the site in this one process."""

import uuid
from dataclasses import dataclass, field
from itertools import cycle

from django.core.cache import cache
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client

from procedures.models import FreshnessStamp
from tests.bench.content import number_of, places_to_read, slug_of


@dataclass
class Manual:
    """One manual, and the sections of it that are read in turn, all with equally much on their pages."""

    name: str
    sections: int
    client: Client = field(default_factory=lambda: Client(SERVER_NAME="localhost"))

    def __post_init__(self) -> None:
        self._connection: BaseDatabaseWrapper = connections.create_connection(self.name)
        self._places = cycle(places_to_read(self.sections, 20))
        self.next_section()

    def open(self) -> BaseDatabaseWrapper:
        """From here on the whole site reads this manual."""
        connections["default"] = self._connection
        return self._connection

    def close(self) -> None:
        self._connection.close()

    def next_section(self) -> None:
        place = next(self._places)
        self.slug, self.number = slug_of(place), number_of(place)

    def forget_pages(self) -> None:
        cache.clear()

    def forget_lists(self) -> None:
        """What a publication does to every kept list: the freshness stamp is another one from here on."""
        FreshnessStamp.objects.filter(pk=FreshnessStamp.ROW).update(value=uuid.uuid4().hex[:24])
