"""The one context processor: what the frame around every page needs."""

from dataclasses import dataclass
from typing import Any, Literal

from django.conf import settings
from django.http import HttpRequest

from vardnav.kernel.actor import Actor, ActorKind
from vardnav.live.rules import address as live_address
from vardnav.web import clock
from vardnav.web.frame.nav import ROLE_LABELS, NavItem, navigation

SCHEME_COOKIE = "__Host-scheme" if settings.PRODUCTION else "vardnav_scheme"
SCHEMES = ("auto", "light", "dark")


@dataclass(frozen=True, slots=True)
class Frame:
    region_name: str
    actor: Actor | None
    nav: tuple[NavItem, ...]
    role_label: str
    density: Literal["calm", "desk"]
    color_scheme: str
    live_token: str
    live_url: str
    demo: bool
    request_id: str
    session_seconds: int | None  # until the session ends, None for who is not logged in

    @property
    def place(self) -> str:
        return next((item.label for item in self.nav if item.current), "")

    @property
    def size(self) -> str:
        """Designsystemet's size: desks are small, people get medium."""
        return "sm" if self.density == "desk" else "md"


def color_scheme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(SCHEME_COOKIE, "auto")
    return chosen if chosen in SCHEMES else "auto"


def frame(request: HttpRequest) -> dict[str, Any]:
    actor: Actor | None = getattr(request, "actor", None)
    return {
        "frame": Frame(
            region_name=getattr(request, "region_name", "") or "Vårdnav",
            actor=actor,
            nav=navigation(actor, request.path),
            role_label=str(ROLE_LABELS[actor.role]) if actor and actor.role else "",
            density="desk" if actor and actor.kind is ActorKind.STAFF else "calm",
            color_scheme=color_scheme(request),
            live_token=getattr(request, "live_token", ""),
            live_url=live_address(settings.LIVE_URL, scheme=request.scheme or "http", host=request.get_host()),
            demo=settings.DEMO,
            request_id=getattr(request, "request_id", ""),
            session_seconds=_seconds_left(request),
        )
    }


def _seconds_left(request: HttpRequest) -> int | None:
    ends_at = getattr(request, "session_ends_at", None)
    return None if ends_at is None else max(0, int((ends_at - clock.now()).total_seconds()))
