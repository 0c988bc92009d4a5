"""What the endpoints of the read API share, whatever room they are in: from where and when they are asked.

Each room's endpoints stand in its own `api.py`; portal/api.py puts them together and answers for what goes wrong.
"""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.timezone import localdate
from ninja import Schema
from pydantic import BaseModel, Field

from partnerships.directory import directory
from procedures.pages import NotHere, stamp_of, viewpoint_of
from procedures.viewpoint import Viewpoint


def _as_a_day(schema: dict[str, Any]) -> None:
    """A day in the OpenAPI document: today's has no name, so there is no default to give."""
    schema.pop("default", None)
    schema["format"] = "date"


class AskedDay(Schema):
    """The parameter that chooses a day."""

    on: str = Field(
        "",
        description="The day as at which to read, as YYYY-MM-DD. Without it, today in England.",
        json_schema_extra=_as_a_day,
    )


class Asked(AskedDay):
    """The parameters that choose a viewpoint, in the words of the pages' addresses."""

    partnership: str = Field(
        "",
        description="The slug of the partnership for which to read: its own text and its groups’ are then read with "
        "the region’s. Without it, the region’s text alone.",
    )


class Answer(BaseModel):
    """What every answer begins with: from where and when it was read."""

    partnership: str | None = Field(description="The slug of the partnership; null for the region’s text alone.")
    on: date = Field(description="The day as at which it was read.")


class NotInForce(NotHere):
    """No text of a section is in force from a viewpoint. `state` and `since` say why in two words and a day."""

    def __init__(
        self, message: str, viewpoint: Viewpoint, links: tuple[tuple[str, str], ...], *, state: str, since: date
    ) -> None:
        super().__init__(message, viewpoint, links)
        self.state = state
        self.since = since


def viewpoint_asked(request: HttpRequest, asked: AskedDay) -> Viewpoint:
    """The viewpoint that the parameters name; NotHere or NotADay, with the pages' sentence, where there is none."""
    partnership = asked.partnership if isinstance(asked, Asked) else ""
    viewpoint = viewpoint_of(directory(stamp_of(request)), partnership, asked.on, localdate())
    return viewpoint.seen_by(viewpoint.partnership)


def read_from(viewpoint: Viewpoint) -> dict[str, Any]:
    """The fields of `Answer`."""
    own = viewpoint.partnership
    return {"partnership": own.slug if own else None, "on": viewpoint.effective_day}


def absolute(url: str) -> str:
    """The whole address of a page of this site; "" stays ""."""
    return settings.SITE_URL + url if url else ""
