"""Around every request: its number, its log line and figures, and what the browser may do with the answer."""

import time
import uuid
from collections.abc import Callable

import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponseBase, HttpResponseServerError

from vardnav.config import metrics
from vardnav.live import rules as live
from vardnav.web.identity.oidc_providers import form_targets

log = structlog.get_logger("vardnav.request")
type_of_answer = Callable[[HttpRequest], HttpResponseBase]
QUIET = frozenset({"healthz", "alive", "metrics", "static"})  # asked all the time, and tell nothing

PLAIN = "text/plain; charset=utf-8"
PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()"


def numbered(get_response: type_of_answer) -> type_of_answer:
    """Give the request a number that the audit line, the log line and the error page share."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        number = uuid.uuid4().hex
        request.request_id = number  # type: ignore[attr-defined]
        structlog.contextvars.bind_contextvars(request_id=number)
        begun = time.perf_counter()
        try:
            response = get_response(request)
        except Exception:  # the error page failed too
            log.exception("request.failed_twice")
            response = HttpResponseServerError(f"Något gick fel. Referens: {number}\n", content_type=PLAIN)
        finally:
            structlog.contextvars.unbind_contextvars("request_id")
        tell(request, response, number, time.perf_counter() - begun)
        response["X-Request-ID"] = number
        return response

    return middleware


def tell(request: HttpRequest, response: HttpResponseBase, number: str, seconds: float) -> None:
    """One line and two figures. The route, never the address: an address may name a person."""
    route = route_of(request)
    metrics.requests.labels(request.method, route, response.status_code).inc()
    metrics.seconds.labels(route).observe(seconds)
    metrics.tell_pool()
    if route in QUIET and response.status_code < 400:
        return
    log.info(
        "request",
        request_id=number,
        method=request.method,
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
    )


def route_of(request: HttpRequest) -> str:
    match = request.resolver_match
    if match:
        return match.view_name or match.route
    return "static" if request.path.startswith(settings.STATIC_URL) else "unknown"


def guarded(get_response: type_of_answer) -> type_of_answer:
    """A strict Content-Security-Policy: our own files, our own live channel, nothing inline."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        address = live.address(settings.LIVE_URL, scheme=request.scheme or "http", host=host_of(request))
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy(live.origin(address), form_targets()))
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("X-Frame-Options", "DENY")
        if leaves(request):
            response.headers["Clear-Site-Data"] = '"storage"'
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"  # patient data stays out of caches
        return response

    return middleware


def leaves(request: HttpRequest) -> bool:
    """Somebody logs out: nothing that a page kept in the browser stays there."""
    return bool(request.method == "POST" and request.resolver_match and request.resolver_match.url_name == "logout")


def host_of(request: HttpRequest) -> str:
    """Our own name; another is refused further in (CommonMiddleware), so that the refusal has its headers too."""
    try:
        return request.get_host()
    except DisallowedHost:
        return "localhost"


def policy(live_origin: str, form_targets: str = "") -> str:
    """A form may lead to a provider of identity too: logging out here goes on to there."""
    forms = f"'self' {form_targets}".rstrip()
    connect = f"'self' {live_origin}".rstrip()
    return (
        "default-src 'none'; object-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        f"font-src 'self'; connect-src {connect}; worker-src 'self'; manifest-src 'self'; "
        f"form-action {forms}; base-uri 'none'; frame-ancestors 'none'"
    )
