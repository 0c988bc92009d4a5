"""Proof that readers see what was sealed: the HTML that is kept, made once more from the sealed texts, and files."""

from collections.abc import Iterable, Iterator

from procedures.kept_html import numbered_slugs, rendering_of
from procedures.models import DocumentFile, KeptRendering
from procedures.rendering import RENDERER
from procedures.uploads import storage


def altered_pages() -> Iterator[str]:
    """A sentence for every published version whose kept HTML is not what its text makes.

    HTML that an earlier release made is not looked at: no page shows it.
    """
    kept: Iterable[KeptRendering] = KeptRendering.objects.filter(
        renderer=RENDERER, version__published_at__isnull=False
    ).select_related("version__section", "version__partnership")
    for rendering in kept.order_by("pk").iterator(chunk_size=200):  # type: ignore[attr-defined]
        version = rendering.version
        made = rendering_of(version, numbered_slugs(version).get)
        if made.to_json() != rendering.content:
            yield (
                f"Version {version.pk} ({version}): the HTML that readers get is not what its text makes. "
                "Delete its row in procedures_keptrendering: it is made again when the page is next read."
            )


def altered_files() -> Iterator[str]:
    """A sentence for every file of a document whose content is not what was uploaded, or is not there."""
    rows = DocumentFile.objects.order_by("pk").values_list("pk", "file_name", "document__slug", "sha256")
    for pk, name, slug, sha256 in rows.iterator():
        if not storage.is_sound(sha256):
            what = "altered" if storage.is_kept(sha256) else "gone"
            yield (
                f"File {pk} ({name} of the document “{slug}”): its content is {what}. "
                f"Put it back from a backup of MEDIA_DIR: {storage.name_of(sha256)}"
            )
