"""The sentence model that SEARCH_MODEL names, with the vectors that were made by it, once for each process."""

import logging
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from django.conf import settings

from procedures.search.meaning.model import Model, Unusable
from procedures.search.meaning.vectors import KnownVectors, VectorFile

logger = logging.getLogger(__name__)
_loading = Lock()
_loaded: dict[tuple[str, Path], "Meaning | None"] = {}


@dataclass(frozen=True)
class Meaning:
    """A model, the file with its vectors, and those of them that this process has read."""

    model: Model
    file: VectorFile
    known: KnownVectors


def load() -> Meaning | None:
    """The meaning of this site's texts, read when it is asked for first; None for a model that cannot be used."""
    with _loading:
        key = settings.SEARCH_MODEL, kept_in()
        if key not in _loaded:
            try:
                model = Model(Path(settings.SEARCH_MODEL))
                file = VectorFile(key[1], model.digest, model.width)
                _loaded[key] = Meaning(model, file, KnownVectors(file))
            except Unusable as error:
                logger.warning("Searching by words alone. %s", error)
                _loaded[key] = None
        return _loaded[key]


def loaded() -> Meaning | None:
    """The same for somebody who does not wait: None as well before it has been read."""
    return _loaded.get((settings.SEARCH_MODEL, kept_in()))


def kept_in() -> Path:
    """The folder of the vectors: the index's own, or for an index in the database one on each machine."""
    where = settings.SEARCH_URL
    return Path(where.removeprefix("whoosh:")) if where.startswith("whoosh:") else Path(settings.VAR_DIR) / "search"
