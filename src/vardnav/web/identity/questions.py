"""A passkey's question on its way out, and back: the visitor's own session tells that it was put to them."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

from django.http import HttpRequest, HttpResponse

from vardnav.identity.actions import Question, Site

ASKED = "asked"
NOWHERE = Site(domain="invalid", origin="https://invalid")


def put(request: HttpRequest, question: Question) -> HttpResponse:
    request.session[ASKED] = urlsafe_b64encode(question.asked).decode()
    if (user := json.loads(question.options).get("user")) is not None:
        request.session["handle"] = user["id"]
    return HttpResponse(question.options, content_type="application/json")


def take(request: HttpRequest) -> bytes:
    """Out of the session: it is answered once."""
    return urlsafe_b64decode(request.session.pop(ASKED, ""))


def take_handle(request: HttpRequest) -> bytes:
    text = str(request.session.pop("handle", ""))
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
