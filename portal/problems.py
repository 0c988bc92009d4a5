"""What went wrong with a request to the read API, as problem details (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

PLACE = "/api/"
TITLES = {422: "Unprocessable Content"}  # RFC 9110; Python before 3.13 has the older name
MEDIA_TYPE = "application/problem+json"


def is_of_the_api(request: HttpRequest) -> bool:
    return request.path_info.startswith(PLACE)


def problem(request: HttpRequest, status: int, detail: str, **members: Any) -> HttpResponse:
    """The problem with its sentence, and whatever else there is to say of it that programs can read.

    Its type is "about:blank": what kind of problem it is, the status says.
    """
    known = {
        "type": "about:blank",
        "title": TITLES.get(status) or HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": request.get_full_path(),
    }
    params = {"ensure_ascii": False}
    return JsonResponse(known | members, status=status, content_type=MEDIA_TYPE, json_dumps_params=params)
