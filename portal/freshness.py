"""Answers reading pages from what is known already: 304 to who has the page, the kept page to who has not.

A public page depends only on its URL, on the freshness stamp, on the day (an undated page changes at midnight) and on
the release of this software. Those four make its ETag and its key in the page cache. The stamp is read first, so a
page is never kept under a stamp newer than its content; a page made while somebody publishes is at worst kept under
the stamp before, which nobody asks for again.
"""

import hashlib
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.urls import Resolver404, resolve
from django.utils.cache import get_conditional_response
from django.utils.timezone import localdate

from procedures.models import FreshnessStamp

KEPT_FOR = 24 * 3600  # seconds; a newer stamp makes it unreachable long before
LARGEST_KEPT = 2_000_000  # bytes
# The queries that reading pages themselves link to, and the one that most who ask the read API send.
KEPT_QUERY = re.compile(r"(?:page=[0-9]{1,4}|links=show|partnership=[a-z0-9-]{1,50})?")

PUBLIC = "public, max-age=0, must-revalidate"
PRIVATE = "private, no-cache"

page_cache = caches["pages"]

Respond = Callable[[HttpRequest], HttpResponse]


@cache
def release() -> str:
    """What tells this release's pages from another's: a digest of all that makes them but the database.

    That is the code, the packages it stands on, templates and static files (whose names tell their content), and the
    site's own address, which stands on every page.
    """
    digest = hashlib.sha256(settings.SITE_URL.encode())
    code = [("portal", "*.py"), ("partnerships", "*.py"), ("procedures", "*.py")]
    for folder, pattern in [*code, ("templates", "*.html"), ("static", "*.*"), (".", "requirements.txt")]:
        for path in sorted((Path(settings.BASE_DIR) / folder).glob(pattern if folder == "." else f"**/{pattern}")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


class FreshnessMiddleware:
    """Serves the views marked by `procedures.pages.reading_page` by their ETag or from the page cache where it can."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_for_everybody(request.path_info):
            request.COOKIES = {}  # so that nothing on the way to the page can depend on one, or answer one with another
        response = self.get_response(request)
        key = getattr(request, "page_key", None)  # None: no reading page; "": one that is not to be asked for by ETag
        if key is None or "ETag" in response.headers:
            return response
        if key and response.status_code == 200:
            self._label(request, response, key)
        else:
            response.headers.setdefault("Cache-Control", PRIVATE)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Called when the view is known, before it runs: answers in its place, or leaves it to the view (None)."""
        if not getattr(view, "is_reading_page", False) or request.method not in ("GET", "HEAD"):
            return None
        stamp = FreshnessStamp.now()
        identity = " ".join([stamp, localdate().isoformat(), release(), request.get_full_path()])
        key = hashlib.sha256(identity.encode()).hexdigest()
        request.stamp, request.page_key, request.page_is_kept = stamp, key, view.is_kept  # type: ignore[attr-defined]
        if self._has_it(request, etag_of(key)):
            headers = {"ETag": etag_of(key), "Cache-Control": PUBLIC if view.is_kept else PRIVATE}
            return HttpResponseNotModified(headers=headers)
        kept = page_cache.get(key) if view.is_kept else None
        return HttpResponse(kept["content"], headers=kept["headers"]) if kept else None

    def _has_it(self, request: HttpRequest, etag: str) -> bool:
        """Whether the reader has this very page. "*" would stand for any, and it is not known yet if there is one."""
        if request.headers.get("If-None-Match", "").strip() in ("", "*"):
            return False
        answer = get_conditional_response(request, etag=etag)
        return answer is not None and answer.status_code == 304

    def _label(self, request: HttpRequest, response: HttpResponse, key: str) -> None:
        """Give a fresh page its ETag and how it may be cached, and keep it."""
        is_kept = request.page_is_kept and not response.cookies  # type: ignore[attr-defined]
        response.headers["ETag"] = etag_of(key)
        response.headers["Cache-Control"] = PUBLIC if is_kept else PRIVATE
        is_linked = KEPT_QUERY.fullmatch(request.META.get("QUERY_STRING", ""))
        if is_kept and is_linked and len(response.content) <= LARGEST_KEPT:
            page_cache.set(key, {"content": response.content, "headers": dict(response.headers)}, KEPT_FOR)


def is_for_everybody(path: str) -> bool:
    """Whether a reading page answers at this address, or nothing does: the same for whoever asks."""
    try:
        view = resolve(path).func
    except Resolver404:
        return True
    return getattr(view, "is_reading_page", False)


def etag_of(key: str) -> str:
    return f'"{key[:32]}"'
