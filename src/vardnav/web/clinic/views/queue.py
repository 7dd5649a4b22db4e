"""Kö och tak: who waits and in what order, places promised, the cap in force, and asking for one."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from vardnav.kernel.actor import Actor, Role
from vardnav.kernel.errors import Refusal
from vardnav.listing import actions as listing
from vardnav.listing import selectors
from vardnav.listing.rules import CapState
from vardnav.web import clock
from vardnav.web.clinic.forms import CapForm
from vardnav.web.clinic.words import said
from vardnav.web.request import Request, page


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD)
def queue(request: Request) -> HttpResponse:
    """The whole page, or to htmx (when news has come) the part of it that changes."""
    template = "clinic/_queue.html" if request.htmx else "clinic/queue.html"
    return render(request, template, _context(request.actor, clock.now()))


def _context(by: Actor, now: datetime) -> dict[str, Any]:
    on = localdate(now)
    clinic_id = selectors.own_clinic_id(by)
    caps = selectors.caps(clinic_id)
    return {
        "at": now,
        "panel": selectors.panel(clinic_id, on=on),
        "rows": selectors.queue_of(by=by, now=now),
        "caps": caps,
        "in_force": next((one for one in caps if one.state == CapState.GRANTED.value and _covers(one, on)), None),
        "asked": [one for one in caps if one.state == CapState.ASKED.value],
        "is_head": by.role is Role.CLINIC_HEAD,
    }


def _covers(cap: Any, on: Any) -> bool:
    return bool(cap.starts_on <= on < cap.ends_on)


@page(Role.CLINIC_HEAD, methods="GET POST")
def ask_cap(request: Request) -> HttpResponse:
    """The head of the clinic asks the region for a cap."""
    now = clock.now()
    on = localdate(now)
    clinic_id = selectors.own_clinic_id(request.actor)
    form = CapForm(request.POST if request.method == "POST" else None, today=on)
    if request.method == "POST" and form.is_valid():
        wish = form.cleaned_data
        try:
            listing.ask_cap(
                clinic_id,
                heads=wish["heads"],
                starts_on=wish["starts_on"],
                ends_on=wish["ends_on"] + timedelta(days=1),  # periods are half-open
                reason=wish["reason"],
                by=request.actor,
                now=now,
            )
        except Refusal as refusal:
            field = refusal.facts.get("field")
            form.add_error(field if isinstance(field, str) else None, said(refusal))
        else:
            messages.success(request, _("Ansökan är skickad till regionen. Beslutet visas här och på I dag."))
            return redirect("web:queue")
    context = {"form": form, "panel": selectors.panel(clinic_id, on=on)}
    return render(request, "clinic/ask_cap.html", context, status=422 if form.errors else 200)


@page(Role.CLINIC_HEAD, methods="POST")
def withdraw_cap(request: Request, cap_id: int) -> HttpResponse:
    try:
        listing.withdraw_cap(cap_id, by=request.actor, now=clock.now())
    except Refusal as refusal:
        messages.error(request, said(refusal))
    else:
        messages.success(request, _("Ansökan är tillbakatagen."))
    return redirect("web:queue")
