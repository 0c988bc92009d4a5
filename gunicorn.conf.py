"""gunicorn reads this file by its name where the portal is started: each worker looks whether the index lags."""

from typing import Any


def post_worker_init(worker: Any) -> None:
    from procedures.search import keeping_up

    keeping_up.follow()
