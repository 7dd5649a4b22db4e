"""From a session cookie to the actor: read anew at each request, so that an ended account is out at once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.utils.functional import SimpleLazyObject

from vardnav.identity import selectors as identity
from vardnav.kernel.actor import Actor, ActorKind, Role
from vardnav.live.selectors import token
from vardnav.organisation.selectors import region
from vardnav.web import clock

ACCOUNT, ASSIGNMENT, PROOF, ASSURANCE = "account", "assignment", "proof", "assurance"
Answer = Callable[[HttpRequest], HttpResponseBase]


def actor_of_session(get_response: Answer) -> Answer:
    """Sets request.actor (None for nobody), request.region_name and request.live_token."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        account_id = request.session.get(ACCOUNT)
        actor = None
        if account_id is not None:
            actor = identity.actor(
                account_id,
                request.session.get(ASSIGNMENT),
                clock.now(),
                getattr(request, "request_id", ""),
                proof=request.session.get(PROOF, ""),
                assurance=request.session.get(ASSURANCE, 0),
            )
            if actor is None:
                request.session.flush()
        request.actor = actor  # type: ignore[attr-defined]
        request.region_name = _region_name()  # type: ignore[attr-defined]
        request.live_token = SimpleLazyObject(lambda: token(frozenset({topic_of(actor)})) if actor else "")  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


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
}


def log_in(request: HttpRequest, account_id: int, assignment_id: int | None, *, proof: str, assurance: int) -> None:
    """Begin a session of one's own: a new key, so that one planted before is worth nothing.

    `proof` is a digest of the stored password: a new password ends the sessions that the old one began.
    """
    request.session.flush()
    request.session[ACCOUNT] = account_id
    request.session[PROOF] = proof
    request.session[ASSURANCE] = assurance
    if assignment_id is not None:
        request.session[ASSIGNMENT] = assignment_id


def act_in(request: HttpRequest, assignment_id: int) -> None:
    request.session.cycle_key()
    request.session[ASSIGNMENT] = assignment_id
