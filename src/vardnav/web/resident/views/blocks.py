"""Block what a unit has about me from all other units, and lift it. For a child: why no guardian can."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from vardnav.kernel.actor import Actor, ActorKind
from vardnav.patients import actions
from vardnav.patients import selectors as patients
from vardnav.patients.rules import NothingToBlock
from vardnav.web import clock
from vardnav.web.request import Request, page
from vardnav.web.resident.subject import subject_of


@page(ActorKind.RESIDENT)
def blocks(request: Request, child_id: int | None = None) -> HttpResponse:
    subject = subject_of(request.actor, child_id)
    seen = patients.blocks_of(subject.person_id, by=request.actor, now=clock.now())
    return render(request, "resident/blocks.html", {"seen": seen, "subject": subject})


@page(ActorKind.RESIDENT, methods="GET POST")
def place_block(request: Request, unit: str) -> HttpResponse:
    return _decide(
        request,
        unit,
        actions.place_block,
        "resident/place_block.html",
        _("Uppgifterna från %(unit)s är spärrade. Det gäller från och med nu."),
    )


@page(ActorKind.RESIDENT, methods="GET POST")
def lift_block(request: Request, unit: str) -> HttpResponse:
    return _decide(request, unit, actions.lift_block, "resident/lift_block.html", _("Spärren för %(unit)s är hävd."))


def _decide(request: Request, unit: str, do: Callable[..., Any], template: str, receipt: str) -> HttpResponse:
    """Say what will happen, and do it when it is sent. Raises NothingToBlock."""
    by, now = request.actor, clock.now()
    if request.method == "POST":
        block = do(subject_of(by).person_id, unit, by=by, now=now)
        messages.success(request, receipt % {"unit": block.unit_name})
        return redirect("web:blocks")
    return render(request, template, _page_of(unit, by, now))


def _page_of(unit: str, by: Actor, now: datetime) -> dict[str, Any]:
    seen = patients.blocks_of(subject_of(by).person_id, by=by, now=now)
    for row in seen.units:
        if row.unit.hsa_id == unit:
            return {"seen": seen, "row": row}
    raise NothingToBlock
