"""What the read API answers about the manual. The names are the house's words; days are dates, moments have a zone."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from procedures.api import Answer, Asked

MOST_UPDATES = 100  # on a page


class AskedUpdates(Asked):
    limit: int = Field(30, ge=1, le=MOST_UPDATES, description="How many changes to give at most.")
    page: int = Field(1, ge=1, description="Which page of them, counted from 1.")


class PartnershipListed(BaseModel):
    slug: str
    name: str
    short_name: str
    kind: str = Field(description="region, group or local.")
    groups: list[str] = Field(description="The slugs of the groups that it belongs to on the day.")
    members: list[str] = Field(description="The slugs of the partnerships that belong to it on the day.")
    url: str = Field(description="The page from which the manual is read for this partnership.")


class Partnerships(BaseModel):
    on: date
    partnerships: list[PartnershipListed]


class SectionNamed(BaseModel):
    """A section in force, as another refers to it."""

    slug: str
    number: str
    title: str
    url: str


class SectionListed(SectionNamed):
    owner: str = Field(
        description="The slug of the partnership whose text it is: the region’s, or a local procedure’s."
    )
    additions: list[str] = Field(description="The slugs of the partnerships whose local additions are read with it.")
    effective_date: date = Field(description="The first day of the text now in force.")


class PartListed(BaseModel):
    number: str
    title: str
    slug: str | None = Field(description="The section that is the part’s own text; null where it has none.")
    url: str
    sections: list[SectionListed]


class Contents(Answer):
    manual: str = Field(description="The manual’s title.")
    url: str
    parts: list[PartListed]


class TextInForce(BaseModel):
    """One version among those of which a section is composed."""

    version: int = Field(description="The version’s id, for ever the same.")
    owner: str = Field(description="The slug of the partnership whose text it is.")
    owner_label: str = Field(description="Whose text it is, as pages say it.")
    effective_date: date
    last_day: date | None = Field(description="Its last day, where one that reads differently follows it already.")
    review_date: date | None
    change_note: str
    markdown: str = Field(description="The text as it was written.")
    permalink: str = Field(description="The page of this version, which never changes.")


class Coming(BaseModel):
    """The next version of the main text, where one is scheduled."""

    effective_date: date
    change_note: str | None
    url: str


class SectionRead(Answer):
    """A section as it reads from a viewpoint: the main text and what local additions fill in and add."""

    slug: str
    number: str
    title: str
    url: str
    history_url: str
    effective_date: date = Field(description="The main text’s first day.")
    last_day: date | None = Field(description="The main text’s last day; null while nothing follows it.")
    review_date: date | None
    notices: list[str] = Field(description="What readers are told of its dates, as pages say it.")
    coming: Coming | None
    text: str = Field(description="The composed text without any markup, each stretch headed by whose it is.")
    html: str = Field(description="The same as pages show it; its links are relative to `url`.")
    texts: list[TextInForce] = Field(description="The main text, then local additions: region, groups, partnership.")
    refers_to: list[SectionNamed] = Field(description="The sections in force that it refers to.")
    referred_to_by: list[SectionNamed] = Field(description="The sections in force that refer to it.")


class VersionListed(BaseModel):
    version: int
    number: str
    title: str
    effective_date: date
    last_day: date | None
    state: str = Field(description="Today’s: scheduled, in force, superseded, withdrawn or never in force.")
    change_kind: str = Field(description="major, minor or consequential.")
    change_note: str
    author: str
    approver: str
    published_at: datetime
    imported: bool = Field(description="Whether it was brought in from an earlier system, with its own dates.")
    permalink: str
    compare_url: str = Field(description="What changed with it; empty for the first.")


class Stream(BaseModel):
    """All that one partnership has published of a section, newest first."""

    owner: str
    owner_label: str
    versions: list[VersionListed]


class History(Answer):
    slug: str
    number: str
    title: str
    url: str
    streams: list[Stream]


class Change(BaseModel):
    version: int
    effective_date: date
    slug: str
    number: str
    title: str
    owner: str
    owner_label: str
    kind: str = Field(description="major, minor or withdrawn.")
    change_note: str
    published_at: datetime
    url: str = Field(description="The section, as it reads from the viewpoint.")
    permalink: str
    compare_url: str = Field(description="What changed; empty where nothing came before.")


class Updates(Answer):
    page: int
    pages: int
    total: int
    url: str
    updates: list[Change] = Field(description="What has taken effect by the day, newest first.")
    coming: list[Change] = Field(
        description="What is published and takes effect later, soonest first; on page 1 alone."
    )
