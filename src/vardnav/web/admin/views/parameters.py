"""The region's values: what holds, from when, and by which decision."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from vardnav.kernel.actor import Role
from vardnav.parameters import actions
from vardnav.parameters.rules import BadParameter
from vardnav.web import clock
from vardnav.web.admin import known
from vardnav.web.admin.forms import ValueForm
from vardnav.web.refusals import text_of
from vardnav.web.request import Request, page


@page(Role.ADMINISTRATOR, Role.REGION_PLANNER)
def parameters(request: Request) -> HttpResponse:
    return render(request, "admin/parameters.html", {"groups": known.groups(clock.today())})


@page(Role.ADMINISTRATOR, Role.REGION_PLANNER, methods="GET POST")
def parameter(request: Request, name: str) -> HttpResponse:
    value = known.value(name, clock.today())
    if value is None:
        raise Http404
    form = ValueForm(
        request.POST or None,
        declared=value.declared,
        label=value.label,
        unit=value.unit,
        initial={"starts_on": clock.today()},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                actions.set_value(name, **form.cleaned_data, known=known.KNOWN, by=request.actor, now=clock.now())
            except BadParameter as refusal:
                form.add_error(None, text_of(refusal))
            else:
                messages.success(request, _("Värdet är satt: %(label)s.") % {"label": value.label})
                return redirect("web:parameter", name)
    return render(request, "admin/parameter.html", {"value": value, "form": form}, status=status)
