"""I dag: what waits for us, then how it is going."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vardnav.kernel.actor import Actor, Role
from vardnav.listing import actions as listing
from vardnav.listing import selectors
from vardnav.listing.rules import CapState, NotYourClinic
from vardnav.organisation.rules import CapacityParameters
from vardnav.parameters.selectors import in_force
from vardnav.reviews import selectors as reviews
from vardnav.web import clock
from vardnav.web.clinic.words import said
from vardnav.web.request import Request, page

SOON = timedelta(days=2)
NEW_SHOWN = 20
DECIDED_LATELY = timedelta(days=14)


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD)
def today(request: Request) -> HttpResponse:
    """The whole page, or to htmx (when news has come) the part of it that changes."""
    template = "clinic/_today.html" if request.htmx else "clinic/today.html"
    context = _desk(request.actor, clock.now())
    if request.actor.role is Role.CLINIC_HEAD:
        context["review_waiting"] = reviews.waiting_for(by=request.actor, now=clock.now())
    return render(request, template, context)


def _desk(by: Actor, now: datetime) -> dict[str, Any]:
    on = localdate(now)
    clinic_id = selectors.own_clinic_id(by)
    panel = selectors.panel(clinic_id, on=on)
    goals = in_force(CapacityParameters, on)
    handovers = selectors.handovers(clinic_id, on=on)
    goal_share = Decimal(goals.goal_named_doctor_percent) / 100
    return {
        "at": now,
        "on": on,
        "panel": panel,
        "goals": goals,
        "goal_share": goal_share,
        "share_met": None if panel.named_share is None else panel.named_share >= goal_share,
        "ceiling_met": None if panel.per_specialist is None else panel.per_specialist <= goals.ceiling,
        "new": selectors.new_listings(by=by, now=now, most=NEW_SHOWN),
        "new_count": selectors.count_new(clinic_id, now=now),
        "offers": selectors.open_offers(by=by, now=now, until=now + SOON),
        "without": selectors.without_doctor(clinic_id, on=on),
        "above": [one for one in panel.doctors if one.is_above],
        "handovers": handovers,
        "handover_heads": sum(one.heads for one in handovers),
        "requests": [one for one in selectors.caps(clinic_id) if _is_news(one.state, one.decided_at, now)],
    }


def _is_news(state: str, decided_at: datetime | None, now: datetime) -> bool:
    """A request that waits, or a decision of the last two weeks."""
    return state == CapState.ASKED.value or (decided_at is not None and decided_at > now - DECIDED_LATELY)


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD, methods="POST")
def welcome(request: Request) -> HttpResponse:
    """Welcome the chosen, or with `all` everybody who is new."""
    now = clock.now()
    chosen = [int(one) for one in request.POST.getlist("person") if one.isdecimal() and len(one) < 18]
    try:
        if "all" in request.POST:
            sent = listing.welcome_all(by=request.actor, now=now)
        elif chosen:
            sent = listing.welcome(chosen, by=request.actor, now=now)
        else:
            messages.warning(request, _("Ingen är vald. Kryssa för dem som ska välkomnas."))
            return redirect("web:today")
    except NotYourClinic as refusal:
        messages.error(request, said(refusal))
        return redirect("web:today")
    messages.success(
        request,
        ngettext(
            "%(sent)s invånare är välkomnad och får ett meddelande.",
            "%(sent)s invånare är välkomnade och får ett meddelande var.",
            sent,
        )
        % {"sent": sent},
    )
    return redirect("web:today")
