"""What tests of the search words' pages have in common: their addresses, and what their forms send."""

from typing import Any

from django.test import Client

from procedures.glossary import Wording, wording
from procedures.models import FreshnessStamp
from tests.reader import Page, has

WORDS = "/workspace/northshire/words/"
HUB = "multi-agency safeguarding hub"


def seen_on(client: Client, url: str) -> str:
    """The mark of what the page shows, which its form sends back."""
    [seen] = Page(client.get(url)).elements("//main//input[@name='seen']/@value")
    return seen


def sent_term(name: str, *senses: dict[str, Any], had: int = 0, seen: str = "", empty: int = 1) -> dict[str, Any]:
    """What the form of a term sends that had `had` senses; `empty` senses are left as they are at the end."""
    fields = {"name": name, "seen": seen, "senses-TOTAL_FORMS": len(senses) + empty, "senses-INITIAL_FORMS": had}
    for place, sense in enumerate([*senses, *([{}] * empty)]):
        texts = ("meaning", "definition", "other_names", "sections", "retired_note", "replaced_by")
        fields |= {f"senses-{place}-{key}": value for key, value in (dict.fromkeys(texts, "") | sense).items()}
    return fields


def errors(page: Page) -> list[tuple[str, str]]:
    """What the summary of errors says, with where each leads."""
    items = page.elements(f"//div[{has('govuk-error-summary')}]//li")
    links = dict(page.links(f"//div[{has('govuk-error-summary')}]"))
    return [(text := " ".join(item.text_content().split()), links.get(text, "")) for item in items]


def as_read_by(*partnerships: Any) -> Wording:
    """The words as readers have them at this moment."""
    return wording(FreshnessStamp.now(), tuple(partnership.pk for partnership in partnerships))
