"""A version's HTML, made once when it is published and kept; thrown away, it is made again from what was sealed."""

from collections.abc import Callable

from procedures.models import KeptRendering, Version
from procedures.rendering import RENDERER, Rendered, Source, parse


def rendering_of(version: Version, slug_of_number: Callable[[str], str | None]) -> Rendered:
    """A version's text as safe HTML; `slug_of_number` says which section a number in it means."""
    return render_source(version, parse(version.body), slug_of_number)


def numbered_slugs(version: Version) -> dict[str, str]:
    """The numbers that a published version's text names, each with the slug of the section that it means."""
    references = version.references.exclude(number="")
    return dict(references.values_list("number", "to_section__slug"))


def remake_rendering(version: Version) -> Rendered:
    """Render a published version again from its text and its stored cross-references, keep the result and give it."""
    rendered = rendering_of(version, numbered_slugs(version).get)
    KeptRendering.objects.update_or_create(
        version=version, defaults={"renderer": RENDERER, "content": rendered.to_json()}
    )
    return rendered


def render_source(version: Version, source: Source, slug_of_number: Callable[[str], str | None]) -> Rendered:
    """A parsed version as safe HTML, with the ids that its headings and paragraphs have on its pages."""
    # Local headings and paragraphs stand on one page with the region's: their ids begin with their owner.
    prefix = "" if version.partnership.is_region else f"{version.partnership.slug}-"
    return source.render(heading_ids=version.heading_ids, resolve=slug_of_number, prefix=prefix)
