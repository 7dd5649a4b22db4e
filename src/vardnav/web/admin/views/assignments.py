"""Give an assignment, and end it at once."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from vardnav.identity import actions, selectors
from vardnav.identity.rules import BadAssignment, NotAStaffAccount
from vardnav.kernel.actor import Role
from vardnav.organisation import selectors as organisation
from vardnav.web import clock
from vardnav.web.admin.forms import AssignmentForm
from vardnav.web.refusals import text_of
from vardnav.web.request import Request, page

MOST_UNITS = 12


@page(Role.ADMINISTRATOR, methods="GET POST")
def give(request: Request, account_id: int) -> HttpResponse:
    """Find the unit first, then say role, days and reason."""
    account = selectors.staff_account(account_id)
    if account is None:
        raise Http404
    query = request.GET.get("q", "").strip()[:80]
    units = _units(query, request.POST.get("unit", ""))
    form = AssignmentForm(
        request.POST or None,
        units=[(hsa_id, f"{unit.name}, {unit.municipality.name}") for hsa_id, unit in units.items()],
        initial={"starts_on": clock.today()},
    )
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            unit = units[form.cleaned_data["unit"]]
            try:
                _grant(request, account_id, form, unit)
            except (BadAssignment, NotAStaffAccount) as refusal:
                form.add_error(None, text_of(refusal))
                status = refusal.status
            else:
                messages.success(
                    request,
                    _("%(name)s har fått uppdraget vid %(unit)s.") % {"name": account.name, "unit": unit.name},
                )
                return redirect("web:account", account_id)
    context = {"account": account, "form": form, "query": query, "found": len(units), "most": MOST_UNITS}
    return render(request, "admin/assignment_give.html", context, status=status)


def _grant(request: Request, account_id: int, form: AssignmentForm, unit: organisation.Unit) -> None:
    now = clock.now()
    actions.grant_assignment(
        account_id=account_id,
        role=Role(form.cleaned_data["role"]),
        unit_hsa_id=unit.hsa_id,
        unit_name=unit.name,
        provider_hsa_id=unit.care_provider.hsa_id,
        starts_at=form.starts_at(now),
        ends_at=form.ends_at(),
        reason=form.cleaned_data["reason"],
        by=request.actor,
        now=now,
    )


def _units(query: str, chosen: str) -> dict[str, organisation.Unit]:
    """The units found, and the one chosen before, by HSA-id."""
    found = list(organisation.units(clock.today(), query)[:MOST_UNITS]) if query else []
    already = organisation.unit_by_hsa_id(chosen) if chosen else None
    if already is not None and already.hsa_id not in [unit.hsa_id for unit in found]:
        found.insert(0, already)
    return {unit.hsa_id: unit for unit in found}


@page(Role.ADMINISTRATOR, methods="POST")
def end(request: Request, assignment_id: int) -> HttpResponse:
    """From this second the assignment opens nothing."""
    assignment = selectors.assignment(assignment_id)
    if assignment is None:
        raise Http404
    actions.end_assignment(assignment_id, by=request.actor, now=clock.now(), reason=_("Avslutat av administratör"))
    messages.success(request, _("Uppdraget vid %(unit)s är slut.") % {"unit": assignment.unit_name})
    return redirect("web:account", assignment.account_id)
