"""A resident as the clinic sees them, what may be done, and the need to state when there is no relation."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from vardnav.kernel.actor import Role
from vardnav.kernel.errors import Refusal
from vardnav.listing import actions as listing
from vardnav.listing import selectors
from vardnav.listing.rules import Exemption
from vardnav.patients import actions as patients
from vardnav.patients.rules import AccessDenied, NeedReason
from vardnav.patients.selectors import exists
from vardnav.web import clock
from vardnav.web.clinic.forms import DoctorForm, EndDoctorForm, ExemptForm, NeedForm
from vardnav.web.clinic.words import said
from vardnav.web.refusals import record_denial
from vardnav.web.request import Request, page

Answer = dict[str, Any]


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD)
def person(request: Request, person_id: int) -> HttpResponse:
    return _show(request, person_id, clock.now())


def _show(request: Request, person_id: int, now: datetime, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page, or without a relation the way to one. Forms that came back keep what was written."""
    by = request.actor
    try:
        seen = selectors.person_page(person_id, by=by, now=now)
    except AccessDenied as refusal:
        record_denial(request, refusal)
        context = {"person_id": person_id, "request_id": request.request_id}
        return render(request, "clinic/no_relation.html", context, status=403)
    doctors = selectors.panel(seen.clinic_id, on=localdate(now)).doctors
    context = {
        "seen": seen,
        "card": seen.care.card,
        "doctor_form": DoctorForm(doctors=doctors),
        "end_form": EndDoctorForm(),
        "exempt_form": ExemptForm(),
        "key": uuid4().hex,
        **forms,
    }
    return render(request, "clinic/person.html", context, status=status)


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD, methods="GET POST")
def state_need(request: Request, person_id: int) -> HttpResponse:
    """Say why: then the resident's page opens for eight hours."""
    if not exists(person_id):
        raise Http404
    form = NeedForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            reason = NeedReason(form.cleaned_data["reason"])
            try:
                patients.state_need(
                    person_id, reason=reason, text=form.cleaned_data["text"], by=request.actor, now=clock.now()
                )
                return redirect("web:person", person_id=person_id)
            except Refusal as refusal:
                form.add_error("text", said(refusal))
    return render(request, "clinic/need.html", {"form": form, "person_id": person_id}, status=status)


def _do(request: Request, person_id: int, act: Callable[[], Answer], receipt: Callable[[Answer], str]) -> HttpResponse:
    """Act, say what happened, and show the page again; a refusal stands above the page and nothing is changed."""
    try:
        answer = act()
    except AccessDenied as refusal:
        record_denial(request, refusal)
        return _show(request, person_id, clock.now(), status=403, refused=said(refusal))
    except Refusal as refusal:
        return _show(request, person_id, clock.now(), status=refusal.status, refused=said(refusal))
    messages.success(request, receipt(answer))
    return redirect("web:person", person_id=person_id)


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD, methods="POST")
def person_doctor(request: Request, person_id: int) -> HttpResponse:
    """Give or change the named doctor."""
    now = clock.now()
    on = localdate(now)
    doctors = selectors.panel(selectors.own_clinic_id(request.actor), on=on).doctors
    form = DoctorForm(request.POST, doctors=doctors)
    if not form.is_valid():
        return _show(request, person_id, now, status=422, doctor_form=form)
    doctor_id, reason = int(form.cleaned_data["doctor"]), form.cleaned_data["reason"]
    try:
        named = listing.name_doctor(person_id, doctor_id, reason=reason, by=request.actor, now=now)
    except AccessDenied as refusal:
        record_denial(request, refusal)
        return _show(request, person_id, now, status=403, refused=said(refusal))
    except Refusal as refusal:
        form.add_error("reason" if refusal.code == "ceiling_reached" else None, said(refusal))
        return _show(request, person_id, now, status=refusal.status, doctor_form=form)
    messages.success(request, _("%(doctor)s är nu fast läkare. Invånaren får ett meddelande.") % named)
    return redirect("web:person", person_id=person_id)


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD, methods="POST")
def end_doctor(request: Request, person_id: int) -> HttpResponse:
    now = clock.now()
    form = EndDoctorForm(request.POST)
    if not form.is_valid():
        return _show(request, person_id, now, status=422, end_form=form)
    return _do(
        request,
        person_id,
        lambda: listing.end_named_doctor(person_id, reason=form.cleaned_data["why"], by=request.actor, now=now),
        lambda _answer: _("Den fasta läkaren är avslutad. Invånaren räknas nu som utan fast läkare."),
    )


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD, methods="POST")
def choose_us(request: Request, person_id: int) -> HttpResponse:
    """Register that the resident has chosen our clinic."""
    clinic_id = selectors.own_clinic_id(request.actor)
    key = request.POST.get("key")
    return _do(
        request,
        person_id,
        lambda: listing.choose_clinic(person_id, clinic_id, by=request.actor, now=clock.now(), key=key),
        lambda answer: _("Valet är registrerat. Listningen börjar %(starts_on)s.") % answer,
    )


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD, methods="POST")
def join_our_queue(request: Request, person_id: int) -> HttpResponse:
    clinic_id = selectors.own_clinic_id(request.actor)
    key = request.POST.get("key")
    return _do(
        request,
        person_id,
        lambda: listing.join_queue(person_id, clinic_id, by=request.actor, now=clock.now(), key=key),
        lambda answer: _("Invånaren står i vår kö, med %(ahead)s före.") % answer,
    )


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD, methods="POST")
def leave_our_queue(request: Request, person_id: int) -> HttpResponse:
    return _do(
        request,
        person_id,
        lambda: listing.leave_queue(person_id, by=request.actor, now=clock.now()),
        lambda _answer: _("Köplatsen är borttagen."),
    )


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD, methods="POST")
def take_in(request: Request, person_id: int) -> HttpResponse:
    """List somebody the cap does not count for."""
    now = clock.now()
    form = ExemptForm(request.POST)
    if not form.is_valid():
        return _show(request, person_id, now, status=422, exempt_form=form)
    exemption = Exemption(form.cleaned_data["exemption"])
    clinic_id = selectors.own_clinic_id(request.actor)
    return _do(
        request,
        person_id,
        lambda: listing.take_in_exempt(person_id, clinic_id, exemption=exemption, by=request.actor, now=now),
        lambda answer: _("Invånaren är listad utanför taket från %(starts_on)s.") % answer,
    )


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD, methods="POST")
def welcome_one(request: Request, person_id: int) -> HttpResponse:
    return _do(
        request,
        person_id,
        lambda: {"sent": listing.welcome([person_id], by=request.actor, now=clock.now())},
        lambda _answer: _("Invånaren är välkomnad och får ett meddelande."),
    )
