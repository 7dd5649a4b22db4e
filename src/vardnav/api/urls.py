"""Addresses of the API, all under one guard."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, re_path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import conditional_page

from vardnav.api import docs, limits
from vardnav.api.errors import TooLarge, of_refusal, of_status
from vardnav.api.v1 import api

View = Callable[..., HttpResponse]


def guarded(view: View) -> View:
    """No large bodies; what Ninja answers without our words becomes a problem; GET answers carry an ETag.

    No GET answers with a patient's data, so a caller may keep it and ask whether it still holds.
    """

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if settings.BEHIND_PROXY and not request.is_secure():  # led on to HTTPS, nobody would see that the key leaks
            return of_status(request, 403)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not (length.isascii() and length.isdigit()):
            return of_status(request, 400)
        if int(length) > limits.BODY_BYTES:
            return of_refusal(request, _too_large())
        try:
            answer = view(request, *args, **kwargs)
        except RequestDataTooBig:
            return of_refusal(request, _too_large())
        if answer.status_code == 405:
            problem = of_status(request, 405)
            problem["Allow"] = answer["Allow"]
            return problem
        if request.method == "GET" and answer.status_code == 200:
            answer.headers.setdefault("Cache-Control", "private, no-cache")
        return answer

    return conditional_page(inner)


def _too_large() -> TooLarge:
    return TooLarge(f"Send at most {limits.BODY_BYTES} bytes.", most_bytes=limits.BODY_BYTES)


@csrf_exempt
def nothing_here(request: HttpRequest, address: str = "") -> HttpResponse:
    return of_status(request, 404)


def _guarded_patterns() -> list[URLPattern]:
    patterns, _, _ = api.urls
    kept = [one for one in patterns if isinstance(one, URLPattern) and one.name != "api-root"]
    for one in kept:
        one.callback = guarded(one.callback)
    return kept


app_name = "api"
urlpatterns = [
    path("", docs.page, name="docs"),
    *(path(f"v1/{one.pattern}", one.callback, name=one.name) for one in _guarded_patterns()),
    re_path(r"^(?P<address>.*)$", nothing_here, name="nothing_here"),
]
