"""The line that a denied call leaves."""

from django.http import HttpRequest

from vardnav.api import clock
from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity, Outcome
from vardnav.kernel.actor import Actor, system
from vardnav.kernel.errors import Refusal


def record_denial(request: HttpRequest, error: Exception) -> None:
    """Who was refused what, in a transaction of its own; a caller without a key is `api`."""
    actor = getattr(request, "auth", None) or getattr(request, "service", None)
    facts = error.facts if isinstance(error, Refusal) else {}
    patient_id = facts.get("patient_id")
    audit.record(
        "access.denied",
        by=actor if isinstance(actor, Actor) else system("api", getattr(request, "request_id", "")),
        now=clock.now(),
        activity=Activity.ACCESS,
        outcome=Outcome.DENIED,
        patient_id=patient_id if isinstance(patient_id, int) else None,
        route=request.resolver_match.view_name if request.resolver_match else "",
        deed=str(facts.get("deed") or facts.get("scope") or "use key"),
    )
