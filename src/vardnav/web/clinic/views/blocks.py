"""A unit's own block, at the person's request; and hidden data opened in two steps, by consent or in an emergency."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from vardnav.kernel.actor import Role
from vardnav.kernel.errors import Refusal
from vardnav.patients import actions
from vardnav.patients import selectors as patients
from vardnav.patients.rules import AccessDenied, AssuranceTooLow, OpeningKind
from vardnav.patients.selectors import Steps
from vardnav.web import clock
from vardnav.web.clinic.forms import AskForm, BlockForm, UnitsForm
from vardnav.web.clinic.words import said
from vardnav.web.request import Request, acting, page

NOT_ABOUT_THE_FORM = (AccessDenied, AssuranceTooLow)
KIND_OF = {"samtycke": OpeningKind.CONSENT, "nod": OpeningKind.EMERGENCY}


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD, methods="GET POST")
def person_block(request: Request, person_id: int) -> HttpResponse:
    """Place or lift the block of our own unit's data."""
    by, now = request.actor, clock.now()
    form = BlockForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        do = actions.lift_block if request.POST.get("what") == "lift" else actions.place_block
        if form.is_valid():
            try:
                do(person_id, acting(request).unit_hsa_id, request=form.cleaned_data["request"], by=by, now=now)
            except NOT_ABOUT_THE_FORM:
                raise
            except Refusal as refusal:
                form.add_error(None, said(refusal))
            else:
                placed = do is actions.place_block
                messages.success(request, _("Uppgifterna är spärrade.") if placed else _("Spärren är hävd."))
                return redirect("web:person", person_id=person_id)
    seen = patients.own_block(person_id, by=by, now=now)
    return render(request, "clinic/block.html", {"form": form, "seen": seen, "card": seen.card}, status=status)


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD, methods="GET POST")
def person_open(request: Request, person_id: int, how: str) -> HttpResponse:
    """The first step: why."""
    by, now = request.actor, clock.now()
    kind = KIND_OF.get(how, OpeningKind.EMERGENCY)
    form = AskForm(request.POST if request.method == "POST" else None, kind=kind)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            asked = _or_error(form, lambda: actions.ask_to_open(person_id, kind, reason=reason, by=by, now=now).id)
            if asked is not None:
                return redirect("web:person_open_units", person_id=person_id, opening_id=asked)
    card = patients.asking_to_open(person_id, by=by, now=now)
    context = {"form": form, "card": card, "kind": kind.value}
    return render(request, "clinic/open_ask.html", context, status=status)


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD, methods="GET POST")
def person_open_units(request: Request, person_id: int, opening_id: int) -> HttpResponse:
    """The second step: which units. Only their names show before it is sent."""
    by, now = request.actor, clock.now()
    if request.method == "POST":
        steps = patients.steps_of(person_id, opening_id, by=by, now=now)
        form = _units_form(steps, request)
        if form.is_valid():
            chosen = form.cleaned_data
            done = _or_error(
                form,
                lambda: (
                    actions.open_units(
                        person_id,
                        opening_id,
                        chosen["units"],
                        reason=chosen["reason"],
                        hours=chosen.get("hours"),
                        by=by,
                        now=now,
                    ).id
                ),
            )
            if done is not None:
                messages.success(request, _("Uppgifterna är öppnade. Personen får ett meddelande."))
                return redirect("web:person", person_id=person_id)
        return _second(request, steps, form, status=422)
    steps = patients.steps_of(person_id, opening_id, by=by, now=now)
    return _second(request, steps, _units_form(steps, None))


def _units_form(steps: Steps, request: Request | None) -> UnitsForm:
    initial = {"reason": steps.reason, "hours": 1}
    return UnitsForm(request.POST if request else None, initial=initial, steps=steps)


def _second(request: Request, steps: Steps, form: UnitsForm, *, status: int = 200) -> HttpResponse:
    context = {"steps": steps, "form": form, "card": steps.card, "kind": steps.kind.value}
    return render(request, "clinic/open_units.html", context, status=status)


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD, methods="POST")
def person_close(request: Request, person_id: int, opening_id: int) -> HttpResponse:
    """Close before the time is out."""
    actions.close_opening(person_id, opening_id, by=request.actor, now=clock.now())
    messages.success(request, _("Uppgifterna är stängda igen."))
    return redirect("web:person", person_id=person_id)


def _or_error(form: AskForm | UnitsForm, do: Callable[[], int]) -> int | None:
    """Do it; a refusal about what was written stands on the form, others are pages of their own."""
    try:
        return do()
    except NOT_ABOUT_THE_FORM:
        raise
    except Refusal as refusal:
        form.add_error(None, said(refusal))
        return None
