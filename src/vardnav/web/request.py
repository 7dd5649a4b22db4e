"""What a request carries once the middleware have seen it, and who may have which page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from vardnav.kernel.actor import Acting, Actor, ActorKind, Role
from vardnav.patients.rules import AccessDenied

Who = Role | ActorKind
EVERYONE = (ActorKind.RESIDENT, *Role)
Params = ParamSpec("Params")


class Request(HttpRequest):
    """A request of somebody logged in. `actor` is None only on pages that are open to all."""

    actor: Actor
    request_id: str
    region_name: str
    live_token: str
    htmx: Any


View = Callable[Concatenate[Request, Params], HttpResponse]


def page(
    *who: Who, methods: str = "GET"
) -> Callable[[View[Params]], Callable[Concatenate[HttpRequest, Params], HttpResponse]]:
    """A page for residents (ActorKind.RESIDENT) or for staff in some roles; everybody else is refused.

    The view remembers who may have it, so that a test can walk every route with every role.
    """

    def decorate(view: View[Params]) -> Callable[Concatenate[HttpRequest, Params], HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, /, *args: Params.args, **kwargs: Params.kwargs) -> HttpResponse:
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None:
                return to_login(request)
            if not _is_among(actor, who):
                if actor.kind is ActorKind.STAFF and actor.acting is None:
                    return redirect("web:assignments")
                raise AccessDenied(relation="none", deed="open page")
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        guarded.who = frozenset(who)  # type: ignore[attr-defined]
        return require_http_methods([*methods.split(), "HEAD"])(guarded)

    return decorate


def open_to_all(methods: str = "GET") -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """A page for anybody, logged in or not."""

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return view(request, *args, **kwargs)

        opened.who = None  # type: ignore[attr-defined]
        return require_http_methods([*methods.split(), "HEAD"])(opened)

    return decorate


def to_login(request: HttpRequest) -> HttpResponse:
    """And back: to the page, or for a form to the one it stood on. A part of a page only says that it cannot be had."""
    if "HX-Request" in request.headers:
        return HttpResponse(status=401)
    here = request.get_full_path()
    if request.method not in {"GET", "HEAD"}:
        sent_from = request.headers.get("Referer", "")
        is_ours = url_has_allowed_host_and_scheme(sent_from, {request.get_host()}, request.is_secure())
        here = urlunsplit(("", "", *urlsplit(sent_from)[2:4], "")) if is_ours else "/"
    return redirect(f"{reverse('web:login')}?{urlencode({'next': here})}")


def _is_among(actor: Actor, who: tuple[Who, ...]) -> bool:
    if actor.kind is ActorKind.RESIDENT:
        return ActorKind.RESIDENT in who
    return actor.role is not None and actor.role in who


def acting(request: Request) -> Acting:
    """The assignment of a staff page; `page` has seen to it that there is one."""
    if request.actor.acting is None:
        raise AccessDenied(relation="none", deed="act")
    return request.actor.acting
