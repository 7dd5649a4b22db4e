"""Tak och beslut: requests to grant or refuse, caps in force, what was decided."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from vardnav.followup import selectors
from vardnav.kernel.actor import Role
from vardnav.kernel.errors import Refusal
from vardnav.listing import actions as listing
from vardnav.organisation import selectors as organisation
from vardnav.web import clock
from vardnav.web.refusals import text_of
from vardnav.web.region.forms import DecideForm, GrantForm
from vardnav.web.request import Request, page


@page(Role.REGION_PLANNER)
def decisions(request: Request) -> HttpResponse:
    return render(request, "region/decisions.html", {"found": selectors.decisions(clock.today())})


@page(Role.REGION_PLANNER, methods="GET POST")
def decide(request: Request, cap_id: int) -> HttpResponse:
    """One request: what the clinic asks, how it stands, and the decision in words."""
    now = clock.now()
    found = selectors.decisions(localdate(now))
    wanted = next((one for one in found.requests if one.cap.id == cap_id), None)
    form = DecideForm(request.POST if request.method == "POST" else None)
    if wanted is None:
        if request.method != "POST":
            raise Http404
        messages.warning(request, _("Ansökan är redan avgjord. Ingenting är ändrat."))
        return redirect("web:decisions")
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            grant = form.cleaned_data["grant"] == "yes"
            try:
                listing.decide_cap(
                    cap_id,
                    grant=grant,
                    decision=form.cleaned_data["decision"],
                    today=localdate(now),
                    by=request.actor,
                    now=now,
                )
            except Refusal as refusal:
                form.add_error(None, text_of(refusal))
                status = refusal.status
            else:
                told = _("Taket för %(clinic)s är beviljat.") if grant else _("Ansökan från %(clinic)s är avslagen.")
                messages.success(request, told % {"clinic": wanted.cap.clinic.name})
                return redirect("web:decisions")
    return render(request, "region/decide.html", {"request_for": wanted, "form": form}, status=status)


@page(Role.REGION_PLANNER, methods="GET POST")
def grant(request: Request) -> HttpResponse:
    """A cap that was asked for outside the program."""
    now = clock.now()
    today = localdate(now)
    clinics = {unit.id: unit.name for unit in organisation.clinics(today)}
    form = GrantForm(request.POST if request.method == "POST" else None, clinics=list(clinics.items()))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            starts_on, ends_on = form.days
            clinic_id = int(form.cleaned_data["clinic"])
            try:
                listing.grant_cap(
                    clinic_id,
                    heads=form.cleaned_data["heads"],
                    starts_on=starts_on,
                    ends_on=ends_on,
                    decision=form.cleaned_data["decision"],
                    today=today,
                    by=request.actor,
                    now=now,
                )
            except Refusal as refusal:
                form.add_error(None, text_of(refusal))
                status = refusal.status
            else:
                messages.success(request, _("Taket för %(clinic)s är beviljat.") % {"clinic": clinics[clinic_id]})
                return redirect("web:decisions")
    return render(request, "region/grant.html", {"form": form}, status=status)
