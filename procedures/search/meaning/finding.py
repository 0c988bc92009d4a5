"""The passages that are most like a query in what they say."""

from functools import lru_cache

import numpy as np

from procedures.search.interface import Digests
from procedures.search.meaning.model import Model
from procedures.search.meaning.using import Meaning

MOST = 10  # passages; with more, sections that merely say something akin gain as much as the one that is meant
LEAST = 0.3  # a cosine below which a passage says nothing of what is asked: the best for words of no sense are under it


def most_like(meaning: Meaning, query: str, among: Digests) -> dict[int, float]:
    """The numbers of the likest of some passages, each with how like it is beside the likest (1); may raise Unusable.

    Passages without a vector are left out.
    """
    meaning.known.refresh()
    rows, numbers = meaning.known.rows_of(among)
    if not len(rows):
        return {}
    likeness = meaning.known.alike(_vector(meaning.model, query))[rows]
    best = np.argsort(-likeness, kind="stable")[:MOST]
    return {int(numbers[one]): float(likeness[one] / likeness[best[0]]) for one in best if likeness[one] >= LEAST}


@lru_cache(maxsize=256)
def _vector(model: Model, query: str) -> np.ndarray:
    return model.encode([query])[0]
