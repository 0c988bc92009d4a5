"""The files of documents, `/files/<id>/<name>`: outside every viewpoint, the same for ever, and able to run nothing."""

import logging

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

from procedures.models import DocumentFile
from procedures.pages import NotHere, reading_page
from procedures.uploads import storage
from procedures.viewpoint import Viewpoint

FOR_EVER = "public, max-age=31536000, immutable"

logger = logging.getLogger(__name__)


@reading_page(kept=False, chooses=False)
def file(request: HttpRequest, viewpoint: Viewpoint, file_id: int, name: str) -> HttpResponse:
    """A document's file as it was uploaded; NotHere where there is none, or where the disk has lost it."""
    links = (("All documents", viewpoint.documents_url),)
    found = DocumentFile.objects.filter(pk=file_id).first()
    if found is None:
        raise NotHere("There is no such file.", viewpoint, links)
    if name != found.file_name:
        return HttpResponseRedirect(found.get_absolute_url())
    try:
        response = get_conditional_response(request, etag=_etag(found)) or _content(found)
    except OSError as error:
        logger.error("The content of file %s (%s) is not in MEDIA_DIR: %s", found.pk, found.sha256, error)
        message = f"“{found.file_name}” is missing on this server. Ask the partnership that keeps it for a copy."
        raise NotHere(message, viewpoint, links) from error
    for header, value in _headers(found).items():
        response[header] = value
    return response


def _etag(found: DocumentFile) -> str:
    return f'"{found.sha256}"'


def _content(found: DocumentFile) -> HttpResponse:
    response = FileResponse(storage.opened(found.sha256), content_type=found.content_type)
    response["Content-Length"] = str(found.size)
    return response  # type: ignore[return-value]  # a response all the same, whose content is read as it is sent


def _headers(found: DocumentFile) -> dict[str, str]:
    """What keeps a file from being anything but a file: no script runs in it, no other site shows it."""
    return {
        "Cache-Control": FOR_EVER,
        "Content-Disposition": content_disposition_header(not found.kind.is_image, found.file_name) or "attachment",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cross-Origin-Resource-Policy": "same-origin",
        "ETag": _etag(found),
        "X-Content-Type-Options": "nosniff",
    }
