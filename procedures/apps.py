from django.apps import AppConfig
from django.db.models.signals import post_migrate


def put_seals_in_place(using: str, **_: object) -> None:
    """Create the triggers after every migration: remaking a table, as SQLite's migrations do, drops its triggers."""
    from procedures import sealing

    sealing.install(using)


class ProceduresConfig(AppConfig):
    name = "procedures"

    def ready(self) -> None:
        post_migrate.connect(put_seals_in_place, sender=self)
