"""What browsers are told that pages may do: nothing but what this site itself serves."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from portal.problems import is_of_the_api

POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)


def content_security_policy(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Adds the Content-Security-Policy header to every response."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return middleware


OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "ETag",
    "X-Robots-Tag": "noindex",
}
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Max-Age": "86400",
}


def open_to_other_sites(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Lets scripts of any site read what the read API answers, be it an error; search engines are for its pages."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if is_of_the_api(request):
            for name, value in (OPEN | PREFLIGHT if request.method == "OPTIONS" else OPEN).items():
                response.headers[name] = value
        return response

    return middleware


PRIVATE_PLACES = ("/accounts/", "/workspace/", "/admin/")


def keep_private(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Has nobody keep a copy of what stands in the workspace, the accounts pages and the admin."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path_info.startswith(PRIVATE_PLACES):
            response.headers["Cache-Control"] = "private, no-store"
        return response

    return middleware
