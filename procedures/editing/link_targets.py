"""What a text can link to, found by a few typed characters."""

from collections.abc import Iterable, Iterator
from typing import TypedDict

from partnerships.models import Service
from procedures.models import Authority, Document
from procedures.numbering import sort_key
from procedures.viewpoint import Viewpoint

AT_MOST = 20
KINDS = ("section", "document", "authority", "contact")


class Target(TypedDict):
    """`words` name it in a list; `address` is what a link to it holds; `text` is what stands for it in running text."""

    words: str
    address: str
    text: str


def find(kind: str, typed: str, viewpoint: Viewpoint) -> list[Target]:
    """The targets of one of KINDS that the viewpoint sees and whose words hold all that was typed; at most 20.

    Of sections those come first whose number begins with it. An unknown kind finds nothing.
    """
    wanted = typed.casefold().split()
    matching = [target for target in _all(kind, viewpoint) if _holds(target["words"], wanted)]
    begins = " ".join(wanted)
    matching.sort(key=lambda target: not target["words"].casefold().startswith(begins))
    return matching[:AT_MOST]


def _holds(words: str, wanted: Iterable[str]) -> bool:
    return all(word in words.casefold() for word in wanted)


def _all(kind: str, viewpoint: Viewpoint) -> Iterator[Target]:
    if kind == "section":
        rows = viewpoint.versions().exclude(number="").values_list("number", "title", "section__slug")
        for number, title, slug in sorted(set(rows), key=lambda row: sort_key(row[0])):
            reference = f"Section {number}" if "." in number else f"Part {number}"
            yield Target(words=f"{number} {title}", address=f"section:{slug}", text=reference)
    elif kind == "document":
        for slug, title in Document.objects.of(viewpoint.scope).order_by("title").values_list("slug", "title"):
            yield _named(kind, slug, title)
    elif kind == "authority":
        for slug, title in Authority.objects.order_by("title").values_list("slug", "title"):
            yield _named(kind, slug, title)
    elif kind == "contact":
        for slug, name in Service.objects.order_by("name").values_list("slug", "name"):
            yield _named(kind, slug, name)


def _named(kind: str, slug: str, title: str) -> Target:
    return Target(words=title, address=f"{kind}:{slug}", text=f"[{title}]({kind}:{slug})")
