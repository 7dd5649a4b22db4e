"""From a session cookie to the actor: read anew at each request, so that an ended account is out at once."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from vardnav.identity import selectors as identity
from vardnav.identity.rules.claims import Commission
from vardnav.identity.rules.sessions import Way, is_due
from vardnav.kernel.actor import Actor, ActorKind, Role
from vardnav.live.selectors import token
from vardnav.organisation.selectors import region
from vardnav.tables import wall
from vardnav.web import clock
from vardnav.web.session_store import ACCOUNT, ASSIGNMENT, ASSURANCE, PROOF, WAY, SessionStore

COMMISSION = "commission"
Answer = Callable[[HttpRequest], HttpResponseBase]
QUIET = "X-Vardnav-Quiet"  # a page that refreshes itself: nobody need be there


def actor_of_session(get_response: Answer) -> Answer:
    """Sets request.actor (None for nobody), request.region_name, request.live_token and request.session_ends_at."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        account_id = request.session.get(ACCOUNT)
        actor, now = None, clock.now()
        if account_id is not None:
            actor = identity.actor(
                account_id,
                request.session.get(ASSIGNMENT),
                now,
                getattr(request, "request_id", ""),
                proof=request.session.get(PROOF, ""),
                assurance=request.session.get(ASSURANCE, 0),
            )
            if actor is None:
                request.session.flush()
        else:
            wall.clear()  # whoever had this connection before
        request.actor = actor  # type: ignore[attr-defined]
        request.session_ends_at = _seen(request, now) if actor else None  # type: ignore[attr-defined]
        request.region_name = SimpleLazyObject(_region_name)  # type: ignore[attr-defined]
        request.live_token = SimpleLazyObject(lambda: token(frozenset({topic_of(actor)})) if actor else "")  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def _seen(request: HttpRequest, now: datetime) -> datetime | None:
    """When the session ends; somebody's being there moves it, and is written down once a minute at most."""
    store = request.session
    if not isinstance(store, SessionStore) or store.kept is None:
        return None
    if QUIET in request.headers or not is_due(store.kept.seen_at, now):
        return store.kept.ends_at
    return store.see(now)


def topic_of(actor: Actor) -> str:
    """What an open page of this actor hears: their clinic's news, or the region's."""
    if actor.acting is not None and actor.acting.role.value.startswith("clinic"):
        return f"clinic:{actor.acting.unit_hsa_id}"
    return "region" if actor.acting else f"account:{actor.account_id}"


_names: dict[str, str] = {}


def _region_name() -> str:
    """The region's name does not change while a process lives; an empty database is asked again."""
    if "name" not in _names:
        found = region()
        if found is None:
            return ""
        _names["name"] = found.name
    return _names["name"]


def start_page(actor: Actor | None) -> str:
    """The url name of what an actor sees first."""
    if actor is None:
        return "web:login"
    if actor.role is None:
        return "web:assignments" if actor.kind is ActorKind.STAFF else "web:home"
    return START[actor.role]


START = {
    Role.CLINIC_STAFF: "web:today",
    Role.CLINIC_HEAD: "web:today",
    Role.REGION_PLANNER: "web:overview",
    Role.ADMINISTRATOR: "web:accounts",
    Role.LOG_REVIEWER: "web:reviews",
}


def log_in(
    request: HttpRequest,
    account_id: int,
    assignment_id: int | None,
    *,
    proof: str,
    assurance: int,
    way: Way = Way.PASSWORD,
) -> None:
    """Begin a session of one's own: a new key, so that one planted before is worth nothing.

    `proof` is a digest of the stored password: a new password ends the sessions that the old one began.
    """
    request.session.flush()
    request.session[ACCOUNT] = account_id
    request.session[PROOF] = proof
    request.session[ASSURANCE] = assurance
    request.session[WAY] = way.value
    if assignment_id is not None:
        request.session[ASSIGNMENT] = assignment_id


def remember_commission(request: HttpRequest, commission: Commission | None) -> None:
    """As long as the session lasts, only assignments that it matches may be acted in."""
    if commission is not None:
        request.session[COMMISSION] = asdict(commission)


def commission_of(request: HttpRequest) -> Commission | None:
    kept = request.session.get(COMMISSION)
    return Commission(**kept) if kept else None


def act_in(request: HttpRequest, assignment_id: int) -> None:
    request.session.cycle_key()
    request.session[ASSIGNMENT] = assignment_id
