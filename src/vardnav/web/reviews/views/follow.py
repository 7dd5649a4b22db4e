"""The list of reviews, what came of them, and the questions to a head of clinic."""

import csv
import io

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from vardnav.kernel.actor import Role
from vardnav.kernel.errors import Refusal
from vardnav.reviews import actions, selectors
from vardnav.reviews.selectors import Row
from vardnav.web import clock
from vardnav.web.refusals import text_of
from vardnav.web.request import Request, page
from vardnav.web.reviews import words

FOLLOWS = (Role.LOG_REVIEWER, Role.CLINIC_HEAD, Role.REGION_PLANNER)
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run as a formula
FORBIDDEN = 403


@page(*FOLLOWS)
def reviews(request: Request) -> HttpResponse:
    now = clock.now()
    rows = selectors.reviews(by=request.actor, now=now)
    context = {
        "rows": [(row, words.STATES[row.state]) for row in rows],
        "waiting": selectors.waiting_for(by=request.actor, now=now),
        "reviews_lines": request.actor.role is Role.LOG_REVIEWER,
        "is_head": request.actor.role is Role.CLINIC_HEAD,
        "several": len({row.unit_hsa_id for row in rows}) > 1,
    }
    return render(request, "reviews/reviews.html", context)


@page(*FOLLOWS)
def results(request: Request) -> HttpResponse:
    found = selectors.figures(by=request.actor, now=clock.now())
    rows = found.rows
    context = {
        "rows": [(row, words.STATES[row.state]) for row in rows],
        "without": found.without_reviewer,
        "sums": {
            "done": sum(row.finished_at is not None for row in rows),
            "all": len(rows),
            "lines": sum(row.lines for row in rows),
            "decided": sum(row.warranted + row.unwarranted for row in rows),
            "unwarranted": sum(row.unwarranted for row in rows),
            "incidents": sum(row.incidents for row in rows),
        },
    }
    return render(request, "reviews/results.html", context)


@page(*FOLLOWS)
def download(request: Request) -> HttpResponse:
    """Figures by unit and month: never a line, never a patient."""
    found = selectors.figures(by=request.actor, now=clock.now())
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(
        [
            *(_("HSA-id"), _("Enhet"), _("Månad"), _("Granskning"), _("Läge"), _("Ska vara klar"), _("Avslutad")),
            *(_("Rader i loggen"), _("Granskas"), _("Varav lottade"), _("Befogade"), _("Frågor"), _("Obefogade")),
            _("Incidenter"),
        ]
    )
    writer.writerows([_cell(value) for value in _cells(row)] for row in found.rows)
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="loggranskning.csv"'
    return answer


def _cells(row: Row) -> list[object]:
    return [
        row.unit_hsa_id,
        row.unit_name,
        f"{row.month:%Y-%m}",
        _("Extra %(n)s") % {"n": row.number} if row.number else _("Månadens"),
        str(words.STATES[row.state][1]),
        row.due_on.isoformat(),
        row.finished_at.date().isoformat() if row.finished_at else "",
        *(row.lines, row.sampled, row.by_lot, row.warranted, row.asked, row.unwarranted, row.incidents),
    ]


def _cell(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(DANGEROUS) else value


@page(Role.CLINIC_HEAD)
def questions(request: Request) -> HttpResponse:
    return _questions(request)


@page(Role.CLINIC_HEAD, methods="POST")
def answer(request: Request, item_id: int) -> HttpResponse:
    text = request.POST.get("text", "")[:1000]
    try:
        actions.answer(item_id, text=text, by=request.actor, now=clock.now())
    except Refusal as refusal:
        if refusal.status == FORBIDDEN:
            raise
        return _questions(request, refused=item_id, why=text_of(refusal), text=text, status=refusal.status)
    messages.success(request, _("Svaret är sparat. Granskaren avgör."))
    return redirect("web:review_questions")


def _questions(
    request: Request, *, refused: int | None = None, why: str = "", text: str = "", status: int = 200
) -> HttpResponse:
    rows = [
        {
            "asked": one,
            "deed": words.did(one.line) if one.line else "",
            "role": words.role(one.line) if one.line else "",
            "why": words.reason(one.line) if one.line else "",
            "contact": words.contact(one.judgement.sampled.contact),
            "refused": why if one.judgement.sampled_id == refused else "",
            "text": text if one.judgement.sampled_id == refused else "",
        }
        for one in selectors.asked_of(by=request.actor, now=clock.now())
    ]
    return render(request, "reviews/questions.html", {"rows": rows}, status=status)
