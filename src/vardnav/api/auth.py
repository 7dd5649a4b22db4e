"""Keys of other systems: `Authorization: Bearer vnav_...`, each with its scopes."""

from django.http import HttpRequest
from ninja.security import HttpBearer

from vardnav.api import clock, limits
from vardnav.api.errors import ScopeMissing
from vardnav.identity import selectors as identity
from vardnav.identity.rules import Scope
from vardnav.kernel.actor import Actor


class ServiceKey(HttpBearer):
    """Lets a call through whose key is in force and has the scope; the actor becomes `request.auth`."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        actor = identity.service(token, clock.now(), getattr(request, "request_id", ""))
        if actor is None:
            return None
        request.service = actor  # type: ignore[attr-defined]  # so that a denial names who was denied
        limits.count_call(actor)
        if self.scope not in actor.scopes:
            raise ScopeMissing(f"The key needs the scope {self.scope}.", scope=self.scope.value)
        return actor


def actor_of(request: HttpRequest) -> Actor:
    actor: Actor = request.auth  # type: ignore[attr-defined]
    return actor
