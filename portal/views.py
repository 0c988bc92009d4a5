"""What belongs to the site rather than to the manual: health, robots, and pages for what went wrong."""

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from partnerships.directory import directory
from portal.problems import is_of_the_api, problem
from procedures.models import FreshnessStamp
from procedures.pages import NotHere, frame_of
from procedures.viewpoint import Viewpoint


@csrf_exempt  # so that another method is told 405
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """Whether this process can serve: 200 when the database answers, for a load balancer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()
    return JsonResponse({"status": "ok"}, headers={"Cache-Control": "no-store"})


@csrf_exempt
@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Search engines may read today's pages; past days and searches are not for them."""
    lines = ["User-agent: *", "Disallow: /on/", "Disallow: /in/*/on/", "Disallow: /search/", "Disallow: /in/*/search/"]
    return HttpResponse("\n".join([*lines, ""]), content_type="text/plain")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, with the sentence and the links of whoever raised it, seen from the viewpoint that the reader had."""
    told = exception if isinstance(exception, NotHere) else None
    return _error_page(request, "404.html", 404, told)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: whoever asks is known, and this is not theirs to do."""
    return _error_page(request, "403.html", 403, None, str(exception))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form was sent without the token that this site gave it, most often because a session ended meanwhile."""
    return _error_page(
        request, "403.html", 403, None, "This form is out of date. Go back, reload the page and try again."
    )


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429, where django-allauth's rate limits stop somebody who guesses."""
    return _error_page(request, "429.html", 429, None)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: the request itself cannot be understood."""
    return _error_page(request, "400.html", 400, None)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: what nobody foresaw. The page depends on nothing that may be what went wrong."""
    if is_of_the_api(request):
        return problem(request, 500, "Something went wrong on this server. It has been noted; try again later.")
    return defaults.server_error(request)


# What the read API is told for a status where nobody has said more.
SENTENCES = {
    400: "This request cannot be understood.",
    403: "This is not for you to do.",
    404: "There is nothing at this address.",
    429: "Too many requests came from your address. Wait a little and try again.",
}


def _error_page(
    request: HttpRequest, template: str, status: int, told: NotHere | None, message: str = ""
) -> HttpResponse:
    if is_of_the_api(request):
        return problem(request, status, str(told) if told else message or SENTENCES[status])
    viewpoint = (told and told.viewpoint) or Viewpoint(directory(FreshnessStamp.now()), localdate())
    context = {
        "viewpoint": viewpoint,
        "message": str(told) if told else message,
        "links": told.links if told else (),
        **frame_of(viewpoint),
    }
    return render(request, template, context, status=status)
