"""Listade: each doctor's panel against capacity, the people behind it, and named doctors given in one go."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vardnav.kernel.actor import Actor, Role
from vardnav.listing import actions as listing
from vardnav.listing import selectors
from vardnav.listing.selectors import ListedOrder, Panel, Wanted, WithoutReason
from vardnav.patients.rules import AccessDenied
from vardnav.web import clock
from vardnav.web.clinic.forms import NOBODY, DoctorForm, FilterForm
from vardnav.web.clinic.words import said
from vardnav.web.refusals import record_denial
from vardnav.web.request import Request, page


@dataclass(frozen=True, slots=True)
class Address:
    """What the list's address says: filter, order and where to go on from."""

    doctor: str
    name: str
    order: ListedOrder
    after: int | None
    before: int | None

    @property
    def filtered(self) -> bool:
        return bool(self.doctor or self.name)

    def wanted(self) -> Wanted:
        nobody, _dash, reason = self.doctor.partition("-")
        return Wanted(
            doctor_id=int(self.doctor) if self.doctor.isdecimal() else None,
            without_doctor=nobody == NOBODY,
            reason=WithoutReason(reason) if reason else None,
            name=self.name,
        )


def read(query: QueryDict) -> Address:
    """An address that somebody has tampered with or that is old shows the whole list instead of failing."""
    doctor = query.get("doctor", "")
    known = {NOBODY, *(f"{NOBODY}-{reason}" for reason in WithoutReason)}
    sort = query.get("sort", "")
    return Address(
        doctor=doctor if doctor in known or re.fullmatch(r"\d{1,17}", doctor) else "",
        name=query.get("name", "").strip()[:80],
        order=ListedOrder(sort) if sort in set(ListedOrder) else ListedOrder.NAME,
        after=_id(query.get("after")),
        before=_id(query.get("before")),
    )


def _id(text: str | None) -> int | None:
    return int(text) if text and re.fullmatch(r"\d{1,17}", text) else None


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD)
def panel(request: Request) -> HttpResponse:
    now = clock.now()
    context = _context(request.actor, read(request.GET), now, request.GET)
    return render(request, "clinic/panel.html", context)


def _context(by: Actor, address: Address, now: datetime, query: QueryDict) -> dict[str, Any]:
    on = localdate(now)
    clinic_id = selectors.own_clinic_id(by)
    panel = selectors.panel(clinic_id, on=on)
    without = selectors.without_doctor(clinic_id, on=on)
    shown = selectors.listed_page(
        by=by, now=now, wanted=address.wanted(), order=address.order, after=address.after, before=address.before
    )
    values = {"doctor": address.doctor, "name": address.name}
    return {
        "panel": panel,
        "without": without,
        "left": [one for one in selectors.handovers(clinic_id, on=on) if one.ends_on <= on],
        "filter": FilterForm(values, doctors=panel.doctors),
        "doctor_form": DoctorForm(doctors=panel.doctors),
        "address": address,
        "chosen_doctor": next((one for one in panel.doctors if str(one.doctor.id) == address.doctor), None),
        "sort": address.order.value,
        "shown": shown,
        "rows": shown.rows,
        "count": _count(address, panel, without),
        "query": query.urlencode(),
        "is_head": by.role is Role.CLINIC_HEAD,
    }


def _count(address: Address, panel: Panel, without: selectors.WithoutDoctor) -> int | None:
    """How many the whole list has; None where a name narrows it, which is not worth counting."""
    if address.name:
        return None
    reasons = {"": without.total, "left": without.doctor_left, "new": without.new, "not_named": without.not_named}
    nobody, _dash, reason = address.doctor.partition("-")
    if nobody == NOBODY:
        return reasons[reason]
    if address.doctor:
        return next((one.heads for one in panel.doctors if str(one.doctor.id) == address.doctor), None)
    return panel.listed


@page(Role.CLINIC_STAFF, Role.CLINIC_HEAD, methods="POST")
def name_doctor(request: Request) -> HttpResponse:
    """Give everybody who is chosen the same doctor. Whoever cannot have it stays chosen, with the reason."""
    now = clock.now()
    query = QueryDict(request.POST.get("query", ""))
    chosen = [one for text in request.POST.getlist("person") if (one := _id(text)) is not None]
    doctors = selectors.panel(selectors.own_clinic_id(request.actor), on=localdate(now)).doctors
    form = DoctorForm(request.POST, doctors=doctors)
    if not chosen:
        form.add_error(None, _("Ingen är vald. Kryssa för dem som ska få läkaren."))
    if not form.is_valid():
        return _again(request, query, form, chosen, [], now)
    named = listing.name_doctor_for(
        chosen, int(form.cleaned_data["doctor"]), reason=form.cleaned_data["reason"], by=request.actor, now=now
    )
    if named.done:
        _receipt(request, len(named.done), dict(form.fields["doctor"].choices)[form.cleaned_data["doctor"]])  # type: ignore[attr-defined]
    if not named.refused:
        return redirect(f"{reverse('web:panel')}?{query.urlencode()}")
    for _person_id, refusal in named.refused:
        if isinstance(refusal, AccessDenied):
            record_denial(request, refusal)
    return _again(request, query, form, [who for who, _refusal in named.refused], named.refused, now)


def _receipt(request: Request, done: int, doctor: str) -> None:
    text = ngettext(
        "%(done)s invånare har fått %(doctor)s som fast läkare och ett meddelande om det.",
        "%(done)s invånare har fått %(doctor)s som fast läkare och ett meddelande var om det.",
        done,
    )
    messages.success(request, text % {"done": done, "doctor": doctor.partition(" – ")[0]})


def _again(
    request: Request,
    query: QueryDict,
    form: DoctorForm,
    chosen: list[int],
    refused: list[tuple[int, Any]],
    now: datetime,
) -> HttpResponse:
    """The same list with everything kept: who is chosen, the doctor, the reason, and who was refused and why."""
    context = _context(request.actor, read(query), now, query)
    on_page = {row.person_id for row in context["shown"].rows}
    missing = [who for who in chosen if who not in on_page]
    if missing:
        wanted = Wanted(person_ids=missing)
        kept = selectors.listed_people(by=request.actor, now=now, wanted=wanted, most=len(missing))
        context["rows"] = [*kept, *context["rows"]]
    names = {row.person_id: row.name for row in context["rows"]}
    context["doctor_form"] = form
    context["chosen"] = set(chosen)
    context["refused"] = [
        (who, names.get(who, _("Någon som inte är listad hos er")), said(why)) for who, why in refused
    ]
    return render(request, "clinic/panel.html", context, status=422)
