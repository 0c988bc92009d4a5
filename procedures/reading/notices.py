"""What a reader must be told about a text's dates: superseded, not yet in force, withdrawn, renumbered."""

from collections.abc import Sequence
from typing import Any

from procedures.composing import Text, owner_label
from procedures.models import Version
from procedures.numbering import is_number
from procedures.pages import in_words
from procedures.viewpoint import Viewpoint

Notice = dict[str, Any]


def notice(kind: str, text: str, link_url: str = "", link_text: str = "", quote: str = "") -> Notice:
    return {"kind": kind, "text": text, "html_quote": quote, "link_url": link_url, "link_text": link_text}


def of_dates(viewpoint: Viewpoint, slug: str, main: Text, additions: Sequence[Text]) -> list[Notice]:
    """On a past day: what has been superseded since, and by what; on a day to come: what is not yet in force."""
    if viewpoint.is_past:
        told = [_superseded(viewpoint, slug, text) for text in [main, *additions] if _is_superseded(viewpoint, text)]
        return told or [_still_in_force(viewpoint, slug)]
    if viewpoint.is_future:
        later = [text for text in [main, *additions] if text.effective_date > viewpoint.today]
        return [_not_yet(viewpoint, slug, text) for text in later]
    return []


def _is_superseded(viewpoint: Viewpoint, text: Text) -> bool:
    return text.superseded_on is not None and text.superseded_on <= viewpoint.today


def _whose(viewpoint: Viewpoint, text: Text) -> str:
    owner = viewpoint.directory.by_id(text.partnership_id)
    return "the regional text" if owner.is_region else f"the text of {owner_label(owner)}"


def _superseded(viewpoint: Viewpoint, slug: str, text: Text) -> Notice:
    assert text.superseded_on and text.last_day
    since = f"from {in_words(text.effective_date)} to {in_words(text.last_day)}"
    if text.last_day == text.effective_date:
        since = f"on {in_words(text.effective_date)}"
    sentence = (
        f"This is {_whose(viewpoint, text)} as it was {since}. It was superseded on {in_words(text.superseded_on)}"
    )
    sentence += f": {text.successor_note}" if text.successor_note else "."
    compare = viewpoint.url("compare", slug, text.id, text.successor_id)
    told = notice("superseded", sentence, compare, f"What changed on {in_words(text.superseded_on)}")
    return told | {"links": [(viewpoint.at(None).section_url(slug), "The text in force today")]}


def _still_in_force(viewpoint: Viewpoint, slug: str) -> Notice:
    day = in_words(viewpoint.effective_day)
    sentence = f"You are reading this section as at {day}. No text on this page has been superseded since."
    return notice("sample", sentence, viewpoint.at(None).section_url(slug), "Today’s page")


def _not_yet(viewpoint: Viewpoint, slug: str, text: Text) -> Notice:
    sentence = f"Not yet in force: this is {_whose(viewpoint, text)} from {in_words(text.effective_date)} on."
    return notice("scheduled", sentence, viewpoint.at(None).section_url(slug), "The text in force today")


def coming(viewpoint: Viewpoint, slug: str, main: Text) -> Notice | None:
    """The next version that reads differently, when today's page is read and it is scheduled already."""
    if viewpoint.is_past or main.superseded_on is None or main.superseded_on <= viewpoint.today:
        return None
    url = viewpoint.at(main.superseded_on).section_url(slug)
    return {"date": main.superseded_on, "note": main.successor_note, "url": url}


def of_withdrawal(viewpoint: Viewpoint, slug: str, withdrawal: Text) -> list[Notice]:
    """That the section was withdrawn, since when and why, and the way to its last text."""
    since = f"This section was withdrawn on {in_words(withdrawal.effective_date)} and no longer applies"
    sentence = f"{since}: {withdrawal.change_note}" if withdrawal.change_note else f"{since}."
    stream = Version.objects.published().filter(section_id=withdrawal.section_id, withdrawn=False)
    earlier = stream.filter(partnership_id=withdrawal.partnership_id, effective_date__lte=withdrawal.effective_date)
    before = earlier.that_take_effect().newest_first().first()
    if before is None:
        called_off = earlier.newest_first().first()
        return [of_never(viewpoint, slug, called_off)] if called_off else [notice("withdrawn", sentence)]
    return [notice("withdrawn", sentence, f"/versions/{before.pk}/", "The last text before that")]


def of_first_day(viewpoint: Viewpoint, slug: str, first: Version) -> list[Notice]:
    """That the section is younger than the day, and when it first took effect."""
    assert first.effective_date
    day = in_words(viewpoint.effective_day)
    tense = "first takes effect" if first.effective_date > viewpoint.today else "first took effect"
    sentence = f"This section was not in force on {day}. It {tense} on {in_words(first.effective_date)}."
    if not viewpoint.is_past:
        sentence = f"This section is not in force yet. It first takes effect on {in_words(first.effective_date)}."
    url = viewpoint.at(first.effective_date).section_url(slug)
    return [notice("not_yet", sentence, url, f"Read it as at {in_words(first.effective_date)}")]


def of_never(viewpoint: Viewpoint, slug: str, called_off: Version) -> Notice:
    """That the section has never been in force, and when it was to be."""
    assert called_off.effective_date
    day = in_words(called_off.effective_date)
    sentence = (
        f"This section has never been in force. It was to take effect on {day}, and was called back before that day."
    )
    return notice("not_yet", sentence, viewpoint.url("history", slug), "What was published of it, and why")


def of_renumbering(formerly: str, viewpoint: Viewpoint, main: Text) -> list[Notice]:
    """That the number by which the reader came is an old one; nothing when this section never bore it."""
    if not is_number(formerly) or formerly == main.number:
        return []
    stream = Version.objects.published().filter(section_id=main.section_id, partnership_id=main.partnership_id)
    numbered = stream.that_take_effect().exclude(number="").order_by("effective_date", "published_at")
    bore = list(numbered.values_list("number", "effective_date"))
    last = max((place for place, (number, _) in enumerate(bore) if number == formerly), default=None)
    if last is None or last + 1 == len(bore):
        return []
    number, since = bore[last + 1]
    assert since
    sentence = f"You came by the old number {formerly}. From {in_words(since)} this section"
    if number == main.number:
        return [notice("renumbered", f"{sentence} has the number {number}.")]
    now = f"on {in_words(viewpoint.day)} it bears" if viewpoint.day else "today it is"
    return [notice("renumbered", f"{sentence} had the number {number}, and {now} {main.number}.")]
