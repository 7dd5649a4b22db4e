"""List, new, and one incident with its deadlines as a timeline."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from vardnav.incidents import actions, selectors
from vardnav.incidents.rules import Harm, IncidentGone, Step
from vardnav.incidents.selectors import Record
from vardnav.kernel.actor import Role
from vardnav.kernel.errors import Refusal
from vardnav.web import clock
from vardnav.web.incidents.forms import NewForm, NoteForm, ReassessForm, SentForm
from vardnav.web.incidents.words import HARMS_SHORT, STEPS, told
from vardnav.web.refusals import text_of
from vardnav.web.request import Request, page

PAST = 403


@page(Role.ADMINISTRATOR)
def incidents(request: Request) -> HttpResponse:
    now = clock.now()
    rows = [
        (one, [HARMS_SHORT[harm] for harm in one.harms], told(one.next, now) if one.next else None)
        for one in selectors.incidents(by=request.actor, now=now)
    ]
    return render(
        request, "incidents/incidents.html", {"rows": rows, "open": sum(not row[0].closed_at for row in rows)}
    )


@page(Role.ADMINISTRATOR, methods="GET POST")
def new(request: Request) -> HttpResponse:
    now = clock.now()
    form = NewForm(request.POST if request.method == "POST" else None, initial={"aware_at": timezone.localtime(now)})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            facts = {**form.cleaned_data, "harms": [Harm(one) for one in form.cleaned_data["harms"]]}
            try:
                made = actions.open_incident(**facts, by=request.actor, now=now)
            except Refusal as refusal:
                status = _say(form, refusal)
            else:
                messages.success(request, _("Incidenten är registrerad. Tiderna räknas nu."))
                return redirect("web:incident", made.id)
    return render(request, "incidents/new.html", {"form": form}, status=status)


@page(Role.ADMINISTRATOR)
def incident(request: Request, incident_id: int) -> HttpResponse:
    return _page(request, incident_id)


@page(Role.ADMINISTRATOR, methods="POST")
def assess(request: Request, incident_id: int) -> HttpResponse:
    form = ReassessForm(request.POST)
    if form.is_valid():
        facts = {**form.cleaned_data, "harms": [Harm(one) for one in form.cleaned_data["harms"]]}
        try:
            actions.assess(incident_id, **facts, by=request.actor, now=clock.now())
        except Refusal as refusal:
            return _page(request, incident_id, status=_say(form, refusal), assess_form=form)
        messages.success(request, _("Bedömningen är ändrad, och tiderna följer den."))
        return redirect("web:incident", incident_id)
    return _page(request, incident_id, status=422, assess_form=form)


@page(Role.ADMINISTRATOR, methods="POST")
def note(request: Request, incident_id: int) -> HttpResponse:
    form = NoteForm(request.POST)
    if form.is_valid():
        try:
            actions.note(incident_id, text=form.cleaned_data["text"], by=request.actor, now=clock.now())
        except Refusal as refusal:
            return _page(request, incident_id, status=_say(form, refusal), note_form=form)
        return redirect("web:incident", incident_id)
    return _page(request, incident_id, status=422, note_form=form)


@page(Role.ADMINISTRATOR, methods="POST")
def send(request: Request, incident_id: int, step: str) -> HttpResponse:
    """Write down that a report is sent; the program sends nothing to an authority by itself."""
    if step not in set(Step):
        raise Http404
    form = SentForm(request.POST)
    if form.is_valid():
        facts = {"sent_at": form.cleaned_data["sent_at"], "reference": form.cleaned_data["reference"]}
        try:
            actions.send(incident_id, Step(step), **facts, by=request.actor, now=clock.now())
        except Refusal as refusal:
            return _page(request, incident_id, status=_say(form, refusal), sent_form=form, sent_step=step)
        messages.success(request, _("%(report)s: skickad.") % {"report": STEPS[Step(step)]})
        return redirect("web:incident", incident_id)
    return _page(request, incident_id, status=422, sent_form=form, sent_step=step)


@page(Role.ADMINISTRATOR, methods="POST")
def close(request: Request, incident_id: int) -> HttpResponse:
    try:
        actions.close(incident_id, by=request.actor, now=clock.now())
    except Refusal as refusal:
        if refusal.status == PAST:
            raise
        messages.warning(request, text_of(refusal))
    else:
        messages.success(request, _("Incidenten är avslutad."))
    return redirect("web:incident", incident_id)


@page(Role.ADMINISTRATOR)
def document(request: Request, incident_id: int) -> HttpResponse:
    """All that is written, as a file for an authority or an archive."""
    try:
        record = selectors.record_of(incident_id, by=request.actor, now=clock.now(), kind="incidents.incident.exported")
    except IncidentGone as gone:
        raise Http404 from gone
    answer = JsonResponse(_as_document(record), json_dumps_params={"ensure_ascii": False, "indent": 2})
    answer["Content-Disposition"] = f'attachment; filename="incident-{incident_id}.json"'
    return answer


def _page(request: Request, incident_id: int, status: int = 200, **forms: Any) -> HttpResponse:
    now = clock.now()
    try:
        record = selectors.record_of(incident_id, by=request.actor, now=now)
    except IncidentGone as gone:
        raise Http404 from gone
    last = record.assessments[0]
    context = {
        "record": record,
        "incident": record.incident,
        "known": record.known,
        "deadlines": [(told(one, now), record.reports.get(one.step)) for one in record.known.deadlines],
        "harms": [HARMS_SHORT[harm] for harm in record.known.harms],
        "is_open": record.incident.closed_at is None,
        "can_close": all(one.sent_at for one in record.known.deadlines),
        "notes": record.notes,
        "earlier": [(one, [HARMS_SHORT[Harm(harm)] for harm in one.harms]) for one in record.assessments],
        "note_form": NoteForm(),
        "sent_form": SentForm(),
        "sent_value": request.POST.get("sent_at") or f"{timezone.localtime(now):%Y-%m-%d %H:%M}",
        "sent_step": "",
        "assess_form": ReassessForm(
            initial={
                "harms": last.harms,
                "systems": last.systems,
                "significant": last.significant,
                "concerns_people": last.concerns_people,
            }
        ),
        **forms,
    }
    return render(request, "incidents/incident.html", context, status=status)


def _say(form: Form, refusal: Refusal) -> int:
    """A refusal in its form; what no form can help is left to the middleware."""
    if refusal.status == PAST:
        raise refusal
    field = str(refusal.facts.get("field", ""))
    form.add_error(field if field in form.fields else None, text_of(refusal))
    return refusal.status


def _as_document(record: Record) -> dict[str, object]:
    """JSON with instants in UTC."""
    one = record.incident
    return {
        "incident": one.id,
        "title": one.title,
        "text": one.text,
        "aware": {"at": _iso(one.aware_at), "by": one.aware_by},
        "opened": {"at": _iso(one.opened_at), "by": one.opened_by},
        "closed": {"at": _iso(one.closed_at), "by": one.closed_by} if one.closed_at else None,
        "assessments": [
            {
                "at": _iso(each.assessed_at),
                "by": each.assessed_by,
                "harms": each.harms,
                "systems": each.systems,
                "significant": each.significant,
                "concerns_people": each.concerns_people,
                "why": each.why,
            }
            for each in record.assessments
        ],
        "deadlines": [
            {
                "report": each.step.value,
                "due_at": _iso(each.due_at),
                "provisional": each.provisional,
                "sent_at": _iso(each.sent_at),
                "sent_by": each.sent_by,
                "state": each.state.value,
                "reference": record.reports[each.step].reference if each.step in record.reports else "",
            }
            for each in record.known.deadlines
        ],
        "notes": [{"at": _iso(each.noted_at), "by": each.noted_by, "text": each.text} for each in record.notes],
    }


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None
