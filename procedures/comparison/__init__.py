"""What changed between two versions, word by word: the later text with `<ins>` and `<del>` inside it.

`blocks` reads HTML into paragraphs, list items, rows and their words; `matching` says which block was which;
`words` finds the words that changed within a pair; `writing` and `merging` write both into one tree. The two
texts can be read out of the result again: without what is deleted it is the later one, without what is
inserted the earlier one.

No library was found to do this. lxml's own `htmldiff` leaves rows outside tables and rewrites a whole list for
one new item; html-diff puts `<ins>` around `<li>` and `<tr>`; htmldiff2 pairs list items and paragraphs by
their place, not by their words.
"""

import re
from dataclasses import dataclass

from django.utils.safestring import SafeString
from lxml import etree

from procedures.comparison.blocks import Block, Element, read_html, read_text
from procedures.comparison.merging import merge
from procedures.rendering import safe

_WORD = re.compile(r"\w+(?:[.,:/'’@&-]\w+)*")


@dataclass(frozen=True)
class Comparison:
    """The later text as safe HTML with its changes marked, and how many words were inserted and deleted.

    A change of punctuation, spacing or line breaks alone counts as one word.
    """

    html: SafeString
    inserted: int
    deleted: int

    @property
    def unchanged(self) -> bool:
        """Whether every word stands as it stood; emphasis and the addresses of links may differ."""
        return not self.inserted and not self.deleted


def compare_html(before: str, after: str) -> Comparison:
    """Compare two texts that `procedures.rendering` has made; never any other HTML, for the result is safe.

    `ins` and `del` stand only around words. A paragraph, item, row, cell or larger thing that is new or gone
    is an element of its own, of class "inserted-block" or "deleted-block". What was moved is deleted in one place
    and inserted in the other. The ids are the later text's.
    """
    return _comparison(read_html(before, for_deletion=True), read_html(after))


def compare_words(before: str, after: str) -> Comparison:
    """Compare two plain texts, such as titles; the result is escaped."""
    return _comparison(read_text(before), read_text(after))


def _comparison(old: Block, new: Block) -> Comparison:
    tree = merge(old, new)
    html = etree.tostring(tree, method="html", encoding="unicode")
    inside = html.removeprefix("<div>").removesuffix("</div>")
    return Comparison(safe(inside), _words_in(tree, "ins"), _words_in(tree, "del"))


def _words_in(tree: Element, mark: str) -> int:
    marked = list(tree.iter(mark))
    words = sum(len(_WORD.findall(str(element.xpath("string()")))) for element in marked)
    return words or int(bool(marked))
