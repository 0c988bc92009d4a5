"""How passages are ranked: BM25F as it ranked best on six collections with relevance judgements.

The configuration and its measurements are in docs/decisions; do not change a number here without measuring again.
"""

from math import log

from whoosh.query import Or, Term
from whoosh.scoring import BM25F
from whoosh.searching import Searcher

from procedures.search.words import Terms

TITLE_BOOST = 0.35  # scores of fields are added, each saturated: more, and a six-word title outvotes the body
K1 = 1.5
B = 0.75


class RobertsonBM25F(BM25F):
    """BM25F with Robertson's idf in the form that is never negative: log(1 + (N - n + 0.5) / (n + 0.5)).

    Robertson and Zaragoza, "The Probabilistic Relevance Framework: BM25 and Beyond" (2009), equation 3.3; the 1 is Lucene's.
    """

    def __init__(self) -> None:
        super().__init__(B=B, K1=K1)

    def idf(self, searcher: Searcher, fieldname: str, text: str | bytes) -> float:
        parent = searcher.get_parent()
        holding = parent.doc_frequency(fieldname, text)
        return log(1 + (parent.doc_count_all() - holding + 0.5) / (holding + 0.5))


def query_for(terms: Terms) -> Or:
    """Any of the terms, each weighted by how often it stands in the query."""
    wanted = [Term(terms.field, term, boost=count) for term, count in terms.counts.items()]
    if terms.field == "text":
        wanted += [Term("title", term, boost=TITLE_BOOST * count) for term, count in terms.counts.items()]
    return Or(wanted)
