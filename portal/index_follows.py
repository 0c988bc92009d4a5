"""After a request that may have written something: the search index follows in the background."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from procedures.search import keeping_up

READING = ("GET", "HEAD", "OPTIONS", "TRACE")

Respond = Callable[[HttpRequest], HttpResponse]


def index_follows(get_response: Respond) -> Respond:
    """The middleware: its request's transactions are over when the index is asked whether it lags."""

    def respond(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method not in READING:
            keeping_up.follow()
        return response

    return respond
