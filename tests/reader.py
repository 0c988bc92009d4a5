"""A reader: fetches pages as a stranger does, on a day of the test's choosing, and reads what stands on them."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from importlib import import_module
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils.timezone import localdate as real_localdate
from lxml import html

OURS = ("portal.", "partnerships.", "procedures.")


def make_it(day: date, monkeypatch: pytest.MonkeyPatch) -> date:
    """From here on it is `day` on the site, wherever a view asks; given back for the test's own use."""

    def localdate(value: datetime | None = None, timezone: Any = None) -> date:
        return day if value is None else real_localdate(value, timezone)

    for module in _that_ask_the_day(len(sys.modules)):
        monkeypatch.setattr(module, "localdate", localdate)
    return day


@cache
def _that_ask_the_day(_how_many: int) -> list[Any]:
    """Our modules that have `localdate`, looked for again whenever another has been imported."""
    import_module("portal.urls")  # brings in every view
    ours = [module for name, module in list(sys.modules.items()) if name.startswith(OURS)]
    return [module for module in ours if getattr(module, "localdate", None) is not None]


BLOCKS = {"p", "div", "li", "ul", "ol", "dt", "dd", "h1", "h2", "h3", "h4", "tr", "td", "th", "section"}


def words_of(element: Any) -> str:
    """An element's words as they are read: with single spaces, and one wherever a block begins or ends."""
    words = "".join(_runs(element))
    return re.sub(r"\s+", " ", words).strip()


def _runs(element: Any) -> Iterator[str]:
    edge = " " if element.tag in BLOCKS else ""
    yield edge + (element.text or "")
    for child in element:
        yield from _runs(child)
        yield child.tail or ""
    yield edge


@dataclass
class Page:
    """A response, and what a reader finds on it; selectors are XPath, relative to the whole page."""

    response: Any

    @property
    def status(self) -> int:
        return self.response.status_code

    @cached_property
    def tree(self) -> html.HtmlElement:
        return html.fromstring(self.response.content.decode())

    def elements(self, xpath: str) -> list[Any]:
        return self.tree.xpath(xpath)

    def texts(self, xpath: str) -> list[str]:
        """The words of each element, with single spaces."""
        return [words_of(element) for element in self.elements(xpath)]

    def links(self, xpath: str) -> list[tuple[str, str]]:
        """The words and the address of each link inside the elements."""
        return [
            (words_of(link), link.get("href"))
            for element in self.elements(xpath)
            for link in element.xpath("descendant-or-self::a")
        ]

    @property
    def heading(self) -> str:
        [heading] = self.texts("//h1")
        return heading

    @property
    def title(self) -> str:
        return self.texts("//title")[0]

    @property
    def notices(self) -> list[str]:
        """The notices' sentences, without their links."""
        return self.texts(f"//main//div[{has('notice')}]/p[1]")

    @property
    def lead(self) -> str:
        return self.texts(f"//main/p[{has('lead')}]")[0]

    @property
    def main(self) -> str:
        return self.texts("//main")[0]

    @property
    def robots(self) -> list[str]:
        return self.elements("//meta[@name='robots']/@content")


def has(name: str) -> str:
    """The XPath condition that an element bears a class."""
    return f"contains(concat(' ', @class, ' '), ' {name} ')"


@dataclass
class Reader:
    """Somebody who reads the site, by default without any cookie."""

    client: Client = field(default_factory=Client)

    def get(self, url: str, **headers: str) -> HttpResponse:
        return self.client.get(url, headers=headers or None)

    def read(self, url: str) -> Page:
        return Page(self.get(url))
