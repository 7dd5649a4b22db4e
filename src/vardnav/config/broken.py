"""The answer when something broke that nobody caught: 503 when the database is away or full, else 500."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import loader

from vardnav.api import errors as api

RETRY_AFTER_SECONDS = "5"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Django's handler400, as for a host name that is not ours: nothing is made of what was sent."""
    if request.path.startswith("/api/"):
        return api.of_status(request, 400)
    text = loader.render_to_string("400.html", {"request_id": getattr(request, "request_id", "")})
    return HttpResponse(text, status=400)


def page(request: HttpRequest) -> HttpResponse:
    """Django's handler500: it leans on no database, no session and no context processor.

    A command whose answer was lost may have been done: sent again with its key it gets the same answer.
    """
    status = 503 if isinstance(sys.exc_info()[1], OperationalError | InterfaceError) else 500
    if request.path.startswith("/api/"):
        answer = api.of_status(request, status)
    else:
        text = loader.render_to_string(f"{status}.html", {"request_id": getattr(request, "request_id", "")})
        answer = HttpResponse(text, status=status)
    if status == 503:
        answer["Retry-After"] = RETRY_AFTER_SECONDS
    return answer
