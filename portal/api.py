"""The read API, `/api/v1/`: the rooms' endpoints put together, what goes wrong told as problems, all of it described.

An answer is a reading page like any other: it depends on its address, the day, the freshness stamp and the release,
bears their ETag (portal.freshness), and neither sets nor reads a cookie.
"""

from collections.abc import Callable
from http import HTTPMethod
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.utils.log import log_response
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from portal.documented import documented
from portal.problems import PLACE, problem
from procedures.api import NotInForce, absolute
from procedures.pages import NotADay, NotHere
from procedures.reading.api import router as reading
from procedures.search.answering import SearchUnavailable
from procedures.search.api import router as search

ALLOWED = (HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS)
NOT_KEPT = ("search", "suggestions")  # answered from an index that may lag behind the stamp

NOTHING = "There is nothing at this address. What there is, and how it is asked for, is described in {}."


class Renderer(JSONRenderer):
    json_dumps_params = {"ensure_ascii": False}


class ReadAPI(NinjaAPI):
    """Django Ninja's API, with its endpoints named as they are called and its problems described."""

    def get_openapi_schema(self, **where: Any) -> OpenAPISchema:
        return documented(super().get_openapi_schema(**where))

    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__


api = ReadAPI(
    title="Safeguarding procedures: the read API",
    version="1.0.0",
    description="What was in force, for which partnership, on which day. For reading alone, without any key.",
    servers=[{"url": settings.SITE_URL}],
    docs_url=None,  # the pages that come with Django Ninja need scripts and inline styles: see docs/api.md
    urls_namespace="api",
    renderer=Renderer(),
)
api.add_router("", reading)
api.add_router("", search)


# --- What goes wrong ----------------------------------------------------------------------------------------------


@api.exception_handler(NotHere)
def not_here(request: HttpRequest, fault: NotHere) -> HttpResponse:
    """What the page would say, and the ways on that it would offer."""
    links = [{"text": text, "url": absolute(url)} for text, url in fault.links]
    members: dict[str, Any] = {"links": links} if links else {}
    if isinstance(fault, NotInForce):
        members |= {"state": fault.state, "since": fault.since}
    return problem(request, 404, str(fault), **members)


@api.exception_handler(Http404)
def unknown(request: HttpRequest, fault: Exception | None = None) -> HttpResponse:
    return problem(request, 404, NOTHING.format(absolute(f"{PLACE}v1/openapi.json")))


@api.exception_handler(NotADay)
def not_a_day(request: HttpRequest, fault: NotADay) -> HttpResponse:
    return _not_understood(request, [{"parameter": "on", "detail": str(fault)}])


@api.exception_handler(ValidationError)
def not_valid(request: HttpRequest, fault: ValidationError) -> HttpResponse:
    return _not_understood(request, [_parameter_fault(error) for error in fault.errors])


@api.exception_handler(SuspiciousOperation)
@api.exception_handler(BadRequest)
def bad_request(request: HttpRequest, fault: Exception) -> HttpResponse:
    return problem(request, 400, "This request cannot be understood. It may have been cut short, or hold too much.")


@api.exception_handler(SearchUnavailable)
def search_unavailable(request: HttpRequest, fault: SearchUnavailable) -> HttpResponse:
    return problem(request, 503, str(fault))


@api.exception_handler(HttpError)
def refused(request: HttpRequest, fault: HttpError) -> HttpResponse:
    return problem(request, fault.status_code, str(fault))


@api.exception_handler(Exception)
def failed(request: HttpRequest, fault: Exception) -> HttpResponse:
    """Whatever nobody foresaw: logged as Django logs it, and told without any detail."""
    response = problem(request, 500, "Something went wrong on this server. It has been noted; try again later.")
    got_request_exception.send(sender=ReadAPI, request=request)
    log_response("%s: %s", "Internal Server Error", request.path, response=response, request=request, exception=fault)
    return response


def _not_understood(request: HttpRequest, faults: list[dict[str, str]]) -> HttpResponse:
    return problem(request, 422, " ".join(fault["detail"] for fault in faults), errors=faults)


def _parameter_fault(error: dict[str, Any]) -> dict[str, str]:
    """What is wrong with a parameter, from what pydantic found."""
    name = str(error["loc"][-1])
    found, bounds = error["type"], error.get("ctx", {})
    if found == "missing":
        sentence = f"“{name}” is missing."
    elif found == "less_than_equal":
        sentence = f"“{name}” is {bounds['le']} at most."
    elif found == "greater_than_equal":
        sentence = f"“{name}” is {bounds['ge']} at least."
    elif found.startswith("int_"):
        sentence = f"“{name}” is a whole number."
    elif found == "string_too_long":
        sentence = f"“{name}” has {bounds['max_length']} characters at most."
    else:
        sentence = f"“{name}” is not understood: {error['msg']}."
    return {"parameter": name, "detail": sentence}


# --- Addresses ----------------------------------------------------------------------------------------------------

View = Callable[..., HttpResponse]


def _for_reading(view: View, *, is_kept: bool) -> View:
    """The endpoint as a reading page: it answers GET and HEAD; OPTIONS says so, for scripts of other sites."""

    def answer(request: HttpRequest, **named: Any) -> HttpResponse:
        method = request.method
        if method == HTTPMethod.OPTIONS:
            return HttpResponse(status=204, headers={"Allow": ", ".join(ALLOWED)})
        if method not in ALLOWED and view is not unknown:
            refusal = problem(request, 405, f"This address is for reading: {method} is not for it, GET and HEAD are.")
            refusal.headers["Allow"] = ", ".join(ALLOWED)
            return refusal
        request.method = HTTPMethod.GET.value
        try:
            return view(request, **named)
        finally:
            request.method = method

    answer.csrf_exempt = answer.is_reading_page = True  # type: ignore[attr-defined]
    answer.is_kept = is_kept  # type: ignore[attr-defined]
    return answer


def _addresses() -> list[URLPattern]:
    patterns, _, _ = api.urls
    for pattern in patterns:
        assert isinstance(pattern, URLPattern)
        view = unknown if pattern.name == "api-root" else pattern.callback
        pattern.callback = _for_reading(view, is_kept=str(pattern.pattern) not in NOT_KEPT)
    return patterns  # type: ignore[return-value]


urlpatterns = _addresses()
nowhere = re_path(f"^{PLACE[1:]}", _for_reading(unknown, is_kept=False))
