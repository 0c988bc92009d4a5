"""A section's versions, `/sections/<slug>/history/`, and each of them for ever, `/versions/<id>/`."""

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate

from partnerships.directory import Listed
from procedures.composing import Piece, blocks, owner_label, text_of
from procedures.models import Version
from procedures.models.in_force import last_day
from procedures.pages import NotHere, in_words, reading_page, render_page
from procedures.reading.notices import Notice, notice
from procedures.viewpoint import Viewpoint

NEVER = "never in force"


def state_of(version: Version, following: Version | None, today: date) -> str:
    """What a published version is today: scheduled, withdrawn, superseded, in force or never so.

    `following` is the next version of its stream, None while there is none.
    """
    assert version.effective_date
    if version.is_called_off_by(following):
        return NEVER
    if version.effective_date > today:
        return "scheduled"
    if following and following.effective_date and following.effective_date <= today:
        return "superseded"
    return "withdrawn" if version.withdrawn else "in force"


@reading_page()
def history(request: HttpRequest, viewpoint: Viewpoint, slug: str) -> HttpResponse:
    """Every version of the section that this reader may see, newest first, stream by stream."""
    titled, streams = streams_of(viewpoint, slug)
    url = viewpoint.section_url(slug)
    context = {
        "section": {
            "number": titled.number,
            "title": titled.title or slug,
            "slug": slug,
            "url": url,
            "compare_url": f"{url}compare/",
        },
        "streams": [{"owner_label": owner_label(owner), "versions": rows} for owner, rows in streams],
        "breadcrumbs": [
            ("Home", viewpoint.home_url),
            ("Contents", viewpoint.contents_url),
            (f"{titled.number} {titled.title}".strip(), url),
        ],
    }
    return render_page(request, viewpoint, "reading/history.html", context)


def streams_of(viewpoint: Viewpoint, slug: str) -> tuple[Version, list[tuple[Listed, list[dict[str, Any]]]]]:
    """The version that gives the section its name, and its versions by owner, newest first; one query.

    NotHere where the viewpoint sees no version of the section.
    """
    versions = list(
        Version.objects.published().of(viewpoint.scope).filter(section__slug=slug).newest_first().defer("body")
    )
    if not versions:
        raise NotHere(f"This manual has no section “{slug}” for what you are reading.", viewpoint)
    streams = []
    for partnership_id in viewpoint.scope:
        stream = [version for version in versions if version.partnership_id == partnership_id]
        if stream:
            streams.append((viewpoint.directory.by_id(partnership_id), _rows(viewpoint, slug, stream)))
    return next((version for version in versions if version.title), versions[0]), streams


def _rows(viewpoint: Viewpoint, slug: str, stream: list[Version]) -> list[dict[str, Any]]:
    """A stream's versions, newest first, each with its dates and links."""
    current = next(
        (version for version in stream if version.effective_date and version.effective_date <= viewpoint.today), None
    )
    rows = []
    before: Version | None = None
    for version, following in zip(reversed(stream), [*reversed(stream[:-1]), None], strict=True):
        rows.append(version_row(viewpoint, slug, version, following, before, current))
        if not version.is_called_off_by(following):
            before = version
    return rows[::-1]


def version_row(
    viewpoint: Viewpoint,
    slug: str,
    version: Version,
    following: Version | None,
    before: Version | None,
    current: Version | None,
) -> dict[str, Any]:
    """One version as templates show it.

    `following` is the next of its stream, `before` what it superseded, `current` the newest in effect today.
    """
    superseded_on = following.effective_date if following else None
    state = state_of(version, following, viewpoint.today)
    is_scheduled = bool(version.effective_date and version.effective_date > viewpoint.today)
    pair = [current, version] if is_scheduled else [version, current]
    compare_with_today = current is not None and current.pk != version.pk
    return {
        "id": version.pk,
        "number": version.number,
        "title": version.title,
        "from": version.effective_date,
        "until": last_day(superseded_on),
        "state": state,
        "replaced_by": _replacement(following) if following and state == NEVER else None,
        "change_kind": version.change_kind,
        "note": version.change_note,
        "author": version.author_name,
        "approver": version.approver_name,
        "published": version.published_at,
        "imported": version.imported,
        "view_url": viewpoint.at(version.effective_date).section_url(slug)
        if superseded_on != version.effective_date  # otherwise no day shows it: its permalink does
        else "",
        "changes_url": viewpoint.url("compare", slug, before.pk, version.pk) if before else "",
        "permalink": f"/versions/{version.pk}/",
        "compare_with_today_url": viewpoint.url("compare", slug, *(one.pk for one in pair if one))
        if compare_with_today
        else "",
    }


def _replacement(version: Version) -> dict[str, Any]:
    """The version that kept another from ever being in force: when, by whom and why."""
    assert version.published_at
    return {
        "day": localdate(version.published_at),
        "person": version.approver_name or version.author_name,
        "note": version.change_note,
        "url": f"/versions/{version.pk}/",
    }


@reading_page(chooses=False)
def version(request: HttpRequest, viewpoint: Viewpoint, version_id: int) -> HttpResponse:
    """One published version, alone and for ever; its links lead to its own place and first day."""
    found = Version.objects.published().with_successor().select_related("section").filter(pk=version_id).first()
    if found is None:
        raise NotHere(f"There is no published version {version_id}.", viewpoint)
    owner = viewpoint.directory.by_id(found.partnership_id)
    own = viewpoint.seen_by(owner).at(found.effective_date)
    slug = found.section.slug
    text = text_of(found.pk)
    stream = Version.objects.published().filter(section=found.section_id, partnership=found.partnership_id)
    ordered = list(stream.newest_first().defer("body"))
    place = next(place for place, other in enumerate(ordered) if other.pk == found.pk)
    row = _rows(own.at(None), slug, ordered)[place]
    main = found if found.title else _beside(own, found)
    url = own.at(None).section_url(slug)
    context = {
        "version": row | {"number": main.number, "title": main.title or slug},
        "section": {"number": main.number, "title": main.title, "url": url, "history_url": f"{url}history/"},
        "notices": _notices(own, slug, row, owner_label(owner)),
        "blocks": blocks(own, [Piece(text, block) for block in text.rendered.blocks]),
        "facts": _facts(found, row),
        "breadcrumbs": [
            ("Home", own.at(None).home_url),
            (f"{main.number} {main.title}".strip() or slug, url),
            ("Versions", f"{url}history/"),
        ],
    }
    indexable = row["state"] == "in force"
    return render_page(request, viewpoint, "reading/version.html", context, indexable=indexable)


def _beside(viewpoint: Viewpoint, addition: Version) -> Version:
    """The regional text that an addition stands beside on its first day, for its number and title."""
    regional = viewpoint.versions().filter(section=addition.section_id).exclude(number="").defer("body").first()
    return regional or addition


def _notices(own: Viewpoint, slug: str, row: dict[str, Any], label: str) -> list[Notice]:
    today = own.at(None).section_url(slug)
    if row["state"] == NEVER:
        by = row["replaced_by"]
        who = f"by {by['person']} " if by["person"] else ""
        sentence = f"This version ({label}) was never in force. It was replaced {who}on {in_words(by['day'])}, before"
        sentence += f" it took effect: {by['note']}" if by["note"] else " it took effect."
        return [notice("superseded", sentence, by["url"], "The version in its place")]
    if row["state"] == "superseded":
        sentence = f"This version ({label}) is no longer in force: another took its place on {_day_after(row)}."
        return [notice("superseded", sentence, today, "The text in force today")]
    if row["state"] == "scheduled":
        sentence = f"This version ({label}) is not yet in force. It takes effect on {in_words(row['from'])}."
        return [notice("scheduled", sentence, today, "The text in force today")]
    if row["state"] == "withdrawn":
        return [
            notice("withdrawn", f"With this version ({label}) the section was withdrawn on {in_words(row['from'])}.")
        ]
    return []


def _day_after(row: dict[str, Any]) -> str:
    return in_words(row["until"] + timedelta(days=1))


def _facts(version: Version, row: dict[str, Any]) -> list[dict[str, str]]:
    facts = [("Written by", row["author"]), ("Approved by", row["approver"])]
    if version.review_date:
        facts.append(("Due for review", in_words(version.review_date)))
    assert version.published_at
    published = in_words(localdate(version.published_at))
    facts.append(("Brought in from an earlier system" if version.imported else "Published", published))
    facts.append(("Digest (SHA-256)", version.digest))
    return [{"term": term, "description": description, "url": ""} for term, description in facts if description]
