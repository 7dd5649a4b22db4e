"""Search the log. What is searched for is sent by POST, and the search is itself a line."""

import csv
import io

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from vardnav.audit import selectors
from vardnav.audit.selectors import Reviewed, Wanted
from vardnav.kernel.actor import ActorKind, Role
from vardnav.patients import selectors as patients
from vardnav.web import clock
from vardnav.web.admin.forms import LogForm
from vardnav.web.frame.nav import ROLE_LABELS
from vardnav.web.request import Request, page

PAGE = 50
MOST_DOWNLOADED = 10_000
NOBODY = 0  # a number that nobody has finds nothing, rather than everything
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run as a formula


@page(Role.ADMINISTRATOR, methods="GET POST")
def audit_search(request: Request) -> HttpResponse:
    form = LogForm(request.POST if request.method == "POST" else {})
    valid = form.is_valid()
    rows: list[Reviewed] = []
    if valid:
        rows = selectors.review(
            _wanted(form),
            by=request.actor,
            now=clock.now(),
            before=form.cleaned_data["before"],
            most=PAGE + 1,
        )
    context = {
        "form": form,
        "rows": [(row, who(row)) for row in rows[:PAGE]],
        "shown": min(len(rows), PAGE),
        "next": rows[PAGE - 1].id if len(rows) > PAGE else None,
        "searched": request.method == "POST",
        "paged": valid and bool(form.cleaned_data["before"]),
    }
    return render(request, "admin/audit_search.html", context, status=200 if valid else 422)


@page(Role.ADMINISTRATOR, methods="POST")
def download(request: Request) -> HttpResponse:
    """The same lines as CSV, the latest ten thousand."""
    form = LogForm(request.POST)
    if not form.is_valid():
        return render(request, "admin/audit_search.html", {"form": form, "rows": []}, status=422)
    rows = selectors.review(_wanted(form), by=request.actor, now=clock.now(), most=MOST_DOWNLOADED, download=True)
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(_headings())
    writer.writerows([_cell(cell) for cell in _cells(row)] for row in rows)
    answer = HttpResponse("\N{BYTE ORDER MARK}" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="logg-{clock.today():%Y-%m-%d}.csv"'
    return answer


def _wanted(form: LogForm) -> Wanted:
    number = form.cleaned_data["patient"]
    patient_id = patients.id_of_number(number) or NOBODY if number else None
    return Wanted(
        user_id=form.cleaned_data["user"].strip(),
        kind=form.cleaned_data["kind"],
        patient_id=patient_id,
        starts_at=form.starts_at(),
        ends_at=form.ends_at(),
    )


def who(row: Reviewed) -> str:
    """Name of staff and programs; a resident is not named here."""
    return _("Invånare") if row.actor_kind == ActorKind.RESIDENT.value else row.user_name


def _headings() -> list[str]:
    when_and_what = [_("Tid"), _("Händelse"), _("Slag"), _("Utfall")]
    return [*when_and_what, _("Användare"), _("Namn"), _("Roll"), _("Enhet"), _("Patient (id)"), _("Skäl")]


def _cells(row: Reviewed) -> list[object]:
    role = str(ROLE_LABELS[Role(row.role)]) if row.role else ""
    return [
        row.recorded_at.isoformat(timespec="seconds"),
        row.kind,
        row.activity,
        row.outcome,
        row.user,
        who(row),
        role,
        row.unit_name,
        row.patient_id,
        row.reason or (_("finns") if row.has_reason else ""),
    ]


def _cell(value: object) -> object:
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return "" if value is None else value
