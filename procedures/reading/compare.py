"""What changed between two versions: `/sections/<slug>/compare/<id>...<id>/`."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from procedures.comparison import Comparison, compare_html, compare_words
from procedures.composing import last_heading, owner_label, rendered
from procedures.models import Version
from procedures.models.in_force import last_day
from procedures.pages import NotHere, in_words, reading_page, render_page
from procedures.rendering import point_links, safe
from procedures.viewpoint import Viewpoint


@reading_page()
def choose(request: HttpRequest, viewpoint: Viewpoint, slug: str) -> HttpResponse:
    """The form on the history page: leads to the comparison of its two versions."""
    chosen = [request.GET.get("from", ""), request.GET.get("to", "")]
    if not all(part.isascii() and part.isdigit() and len(part) < 18 for part in chosen):
        raise NotHere("Choose two versions to compare.", viewpoint, (("Its versions", viewpoint.url("history", slug)),))
    return HttpResponseRedirect(viewpoint.url("compare", slug, *map(int, chosen)))


@reading_page()
def compare(request: HttpRequest, viewpoint: Viewpoint, slug: str, before: int, after: int) -> HttpResponse:
    """The later text with what was inserted and deleted, word by word; either may be the older."""
    versions = {
        version.pk: version
        for version in Version.objects.published()
        .of(viewpoint.scope)
        .with_successor()
        .filter(section__slug=slug, pk__in=[pk for pk in (before, after) if pk < 2**63])
        .select_related("kept_rendering", "partnership")
    }
    if before not in versions or after not in versions:
        missing = before if before not in versions else after
        message = f"There is no version {missing} of this section for what you are reading."
        raise NotHere(message, viewpoint, (("Its versions", viewpoint.url("history", slug)),))
    old, new = versions[before], versions[after]
    taking_effect = set(Version.objects.filter(pk__in=versions).that_take_effect().values_list("pk", flat=True))
    compared = compare_html(_html(viewpoint, old), _html(viewpoint, new))
    title = compare_words(_title(old), _title(new))
    url = viewpoint.section_url(slug)
    titled = next((version for version in (new, old) if version.title), None)
    number, heading = (titled.number, titled.title) if titled else last_heading(viewpoint, slug)
    context = {
        "section": {
            "number": number,
            "title": heading,
            "url": url,
            "history_url": f"{url}history/",
        },
        "before": _side(viewpoint, old, heading, never_in_force=old.pk not in taking_effect),
        "after": _side(viewpoint, new, heading, never_in_force=new.pk not in taking_effect),
        "html": compared.html,
        "title_html": title.html,
        "summary": _summary(compared),
        "unchanged": compared.unchanged and title.unchanged,
        "notes": _reasons(old, new),
        "swap_url": viewpoint.url("compare", slug, after, before),
        "breadcrumbs": [
            ("Home", viewpoint.home_url),
            (f"{number} {heading}".strip(), url),
            ("Versions", f"{url}history/"),
        ],
    }
    return render_page(request, viewpoint, "reading/compare.html", context, indexable=False)


def _reasons(old: Version, new: Version) -> list[str]:
    """Why the later text differs: the note of each change since the older one, oldest first; none on the way back."""
    stream = Version.objects.published().filter(section_id=new.section_id, partnership_id=new.partnership_id)
    stream = stream.filter(Q(pk__in=stream.that_take_effect().values("pk")) | Q(pk=new.pk))
    fields = ("effective_date", "published_at", "change_note")
    notes = [
        (day, note)
        for day, published_at, note in stream.order_by(*fields).values_list(*fields)
        if note and _moment(old) < (day, published_at) <= _moment(new)
    ]
    if len(notes) == 1:
        return [f"Why it changed: {note}" for _, note in notes]
    return [f"Why it changed on {in_words(day)}: {note}" for day, note in notes]


def _moment(version: Version) -> tuple[date, datetime]:
    """Where a published version stands in its stream."""
    assert version.effective_date and version.published_at
    return version.effective_date, version.published_at


def _html(viewpoint: Viewpoint, version: Version) -> str:
    kept = getattr(version, "kept_rendering", None)
    blocks = rendered(version.pk, kept and kept.renderer, kept and kept.content).blocks
    return safe(point_links("".join(block.html for block in blocks), viewpoint.target_url))


def _title(version: Version) -> str:
    return f"{version.number} {version.title}".strip()


def _side(viewpoint: Viewpoint, version: Version, heading: str, *, never_in_force: bool) -> dict[str, Any]:
    return {
        "label": owner_label(viewpoint.directory.by_id(version.partnership_id)),
        "from": version.effective_date,
        "until": last_day(version.superseded_on),  # type: ignore[attr-defined]
        "never_in_force": never_in_force,
        "number": version.number,
        "title": version.title or heading,
        "url": f"/versions/{version.pk}/",
    }


def _summary(compared: Comparison) -> str:
    def words(count: int) -> str:
        return f"{count:,} word{'' if count == 1 else 's'}"

    return f"{words(compared.inserted)} inserted, {words(compared.deleted)} deleted."
