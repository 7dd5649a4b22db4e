"""Well-known people whose lines are always looked at: ids and reasons, no names."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from vardnav.kernel.actor import Role
from vardnav.reviews import actions, selectors
from vardnav.reviews.rules import FlagGone, JudgementNotFounded
from vardnav.web import clock
from vardnav.web.refusals import text_of
from vardnav.web.request import Request, page
from vardnav.web.reviews.forms import FlagForm


@page(Role.LOG_REVIEWER, methods="GET POST")
def flags(request: Request) -> HttpResponse:
    """The region's reviewers keep the list; a unit's are told so."""
    if not selectors.is_regional_reviewer(request.actor):
        return render(request, "reviews/flags.html", {"kept_elsewhere": True})
    form = FlagForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            number, reason = form.cleaned_data["number"], form.cleaned_data["reason"]
            try:
                actions.flag(number, reason=reason, by=request.actor, now=clock.now())
            except (FlagGone, JudgementNotFounded) as refusal:
                form.add_error("number" if isinstance(refusal, FlagGone) else "reason", text_of(refusal))
            else:
                messages.success(request, _("Personens rader granskas från nästa granskning."))
                return redirect("web:review_flags")
    rows = selectors.flags(by=request.actor, now=clock.now())
    return render(request, "reviews/flags.html", {"form": form, "rows": rows}, status=status)


@page(Role.LOG_REVIEWER, methods="POST")
def end(request: Request, flag_id: int) -> HttpResponse:
    actions.unflag(flag_id, by=request.actor, now=clock.now())
    messages.success(request, _("Bevakningen är avslutad."))
    return redirect("web:review_flags")
