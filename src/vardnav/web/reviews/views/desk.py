"""The reviewer's desk: one line at a time, by key, with the list beside it."""

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from vardnav.kernel.actor import Role
from vardnav.kernel.errors import Refusal
from vardnav.reviews import actions, selectors
from vardnav.reviews.rules import LineNotInReview, Verdict, previous_month
from vardnav.reviews.selectors import Item, Shown
from vardnav.web import clock
from vardnav.web.refusals import text_of
from vardnav.web.request import Request, page
from vardnav.web.reviews import words
from vardnav.web.reviews.forms import ExtraForm

FORBIDDEN = 403


@dataclass(frozen=True, slots=True)
class Line:
    """An item in words."""

    item: Item
    deed: str
    role: str
    why: str
    contact: str
    risks: list[str]
    verdict: tuple[str, str, str] | None
    judgements: list[tuple[tuple[str, str, str], object, object]]


def line_of(item: Item) -> Line:
    return Line(
        item=item,
        deed=words.did(item.line) if item.line else "",
        role=words.role(item.line) if item.line else "",
        why=words.reason(item.line) if item.line else "",
        contact=words.contact(item.contact),
        risks=[str(words.RISKS[risk]) for risk in item.risks],
        verdict=_said(item.verdict) if item.verdict else None,
        judgements=[(_said(Verdict(one.verdict)), one, item.answers.get(one.id)) for one in item.judgements],
    )


def _said(verdict: Verdict) -> tuple[str, str, str]:
    colour, word, symbol = words.VERDICTS[verdict]
    return colour, str(word), symbol


@page(Role.LOG_REVIEWER)
def review(request: Request, review_id: int) -> HttpResponse:
    return _desk(request, review_id, wanted=_number(request.GET.get("rad")))


@page(Role.LOG_REVIEWER, methods="POST")
def judge(request: Request, item_id: int) -> HttpResponse:
    """Then to the next line that waits."""
    verdict = request.POST.get("verdict", "")
    if verdict not in set(Verdict):
        raise Http404
    comment = request.POST.get("comment", "")[:1000]
    try:
        made = actions.judge(item_id, Verdict(verdict), comment=comment, by=request.actor, now=clock.now())
    except Refusal as refusal:
        return _refused(request, item_id, refusal, comment)
    return redirect("web:review", made.sampled.review_id)


@page(Role.LOG_REVIEWER, methods="POST")
def show(request: Request, item_id: int) -> HttpResponse:
    """Who the patient is stands on this answer, and nowhere else."""
    shown = selectors.shown_patient(item_id, by=request.actor, now=clock.now())
    found, _line = selectors.of_sampled(item_id)
    return _desk(request, found.review_id, wanted=item_id, shown=shown)


@page(Role.LOG_REVIEWER, methods="POST")
def incident(request: Request, item_id: int) -> HttpResponse:
    try:
        made = actions.report_incident(item_id, by=request.actor, now=clock.now())
    except Refusal as refusal:
        return _refused(request, item_id, refusal, "")
    messages.success(request, _("Incident %(id)s är skapad. Administratören ser den nu.") % {"id": made})
    found, _line = selectors.of_sampled(item_id)
    return redirect(f"{reverse('web:review', args=[found.review_id])}?rad={item_id}")


@page(Role.LOG_REVIEWER, methods="POST")
def finish(request: Request, review_id: int) -> HttpResponse:
    try:
        actions.finish(review_id, by=request.actor, now=clock.now())
    except Refusal as refusal:
        if refusal.status == FORBIDDEN:
            raise
        messages.warning(request, text_of(refusal))
        return redirect("web:reviews")
    messages.success(request, _("Granskningen är avslutad och låst."))
    return redirect("web:reviews")


@page(Role.LOG_REVIEWER, methods="GET POST")
def extra(request: Request) -> HttpResponse:
    """A review by hand, beside the month's own."""
    now = clock.now()
    units = selectors.review_units(by=request.actor, now=now)
    initial = {"month": f"{previous_month(clock.today()):%Y-%m}", "unit": units[0][0] if len(units) == 1 else None}
    form = ExtraForm(request.POST if request.method == "POST" else None, units=units, initial=initial)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            month: date = form.cleaned_data["month"]
            unit, reason = form.cleaned_data["unit"], form.cleaned_data["reason"]
            try:
                made = actions.draw_extra(unit, month, reason=reason, by=request.actor, now=now)
            except Refusal as refusal:
                form.add_error(None, text_of(refusal))
                status = refusal.status
            else:
                return redirect("web:review", made.id)
    return render(request, "reviews/new.html", {"form": form}, status=status)


def _desk(
    request: Request,
    review_id: int,
    *,
    wanted: int | None,
    shown: Shown | None = None,
    refused: str = "",
    comment: str = "",
    status: int = 200,
) -> HttpResponse:
    try:
        found = selectors.desk(review_id, by=request.actor, now=clock.now())
    except LineNotInReview as gone:
        raise Http404 from gone
    current = next((item for item in found.items if item.id == wanted), None) or found.next
    current = current or next(iter(found.items), None)
    lines = [line_of(item) for item in found.items]
    place = next((index for index, one in enumerate(lines) if one.item is current), 0)
    context = {
        "review": found.review,
        "found": found,
        "lines": lines,
        "total": len(lines),
        "current": lines[place] if lines else None,
        "before": lines[place - 1].item.id if place else None,
        "after": lines[place + 1].item.id if place + 1 < len(lines) else None,
        "shown": shown,
        "refused": refused,
        "comment": comment,
        "is_open": found.review.finished_at is None,
        "can_finish": found.decided == len(lines),
    }
    return render(request, "reviews/review.html", context, status=status)


def _refused(request: Request, item_id: int, refusal: Refusal, comment: str) -> HttpResponse:
    """What the reviewer can mend is said beside the line; a forbidden act is the middleware's."""
    if refusal.status == FORBIDDEN or isinstance(refusal, LineNotInReview):
        raise refusal
    found, _line = selectors.of_sampled(item_id)
    return _desk(
        request,
        found.review_id,
        wanted=item_id,
        refused=text_of(refusal),
        comment=comment,
        status=refusal.status,
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 18 else None
