"""My clinic and my doctor (or my child's), and what can be done about them."""

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from vardnav.kernel.actor import ActorKind
from vardnav.kernel.errors import Refusal
from vardnav.listing import actions
from vardnav.listing import selectors as listing
from vardnav.listing.rules import BothGuardiansDecide, NotListed, NotQueuing, NoUpcomingChange, OfferGone
from vardnav.listing.selectors import MyCare
from vardnav.patients import selectors as patients
from vardnav.patients.rules import AccessDenied
from vardnav.web import clock
from vardnav.web.refusals import text_of
from vardnav.web.request import Request, page
from vardnav.web.resident.forms import KeyForm, OfferForm, new_key
from vardnav.web.resident.subject import Subject, subject_of

RECEIPT_OF_RESULT = {"listed": "valt", "waiting_for_guardian": "vantar"}
# What a receipt claims must be true when it is shown; else the page itself says how things are.
RECEIPTS: dict[str, Callable[[MyCare], bool]] = {
    "valt": lambda care: care.upcoming is not None,
    "vantar": lambda care: care.pending is not None,
    "i-ko": lambda care: care.place is not None,
    "angrat": lambda care: care.upcoming is None,
    "lamnat": lambda care: care.upcoming is None and (care.current is None or care.current.ends_on is not None),
    "lamnat-kon": lambda care: care.place is None,
    "tackat-nej": lambda care: care.place is None,
    "nekat": lambda care: care.pending is None,
}


@page(ActorKind.RESIDENT)
def my_clinic(request: Request, child_id: int | None = None) -> HttpResponse:
    now, by = clock.now(), request.actor
    subject = subject_of(by, child_id)
    care = listing.my_care(subject.person_id, by=by, now=now)
    context: dict[str, Any] = {"care": care, "subject": subject}
    if subject.is_child:
        context["pending_for_me"] = [one for one in listing.pending_for_me(by=by, now=now) if one.child_id == child_id]
        if care.doctor_shown:
            context["letters"] = patients.messages_of(subject.person_id, by=by, now=now, most=5)
    return render(request, "resident/my_clinic.html", context)


def ask(
    request: Request,
    subject: Subject,
    template: str,
    do: Callable[[KeyForm], str],
    *,
    form_class: type[KeyForm] = KeyForm,
    stands: Callable[[MyCare], Refusal | None] = lambda _care: None,
    **context: Any,
) -> HttpResponse:
    """A page that says what will happen and does it when it is sent; `do` answers which receipt to show.

    A refusal is shown on the same page, with nothing lost. `stands` says on the first look why there is nothing to do.
    """
    now, by = clock.now(), request.actor
    form = form_class(request.POST) if request.method == "POST" else form_class(initial=new_key())
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return redirect(subject.url("receipt", what=do(form)))
            except AccessDenied:
                raise
            except Refusal as refusal:
                form.add_error(None, text_of(refusal))
                status = refusal.status
    care = listing.my_care(subject.person_id, by=by, now=now)
    if request.method != "POST" and (refusal_now := stands(care)) is not None:
        raise refusal_now
    return render(request, template, {"form": form, "care": care, "subject": subject, **context}, status=status)


@page(ActorKind.RESIDENT, methods="GET POST")
def undo_change(request: Request, child_id: int | None = None) -> HttpResponse:
    subject = subject_of(request.actor, child_id)

    def do(_form: KeyForm) -> str:
        actions.withdraw_change(subject.person_id, by=request.actor, now=clock.now())
        return "angrat"

    return ask(
        request,
        subject,
        "resident/undo_change.html",
        do,
        stands=lambda care: None if care.upcoming else NoUpcomingChange(),
    )


@page(ActorKind.RESIDENT, methods="GET POST")
def leave_clinic(request: Request, child_id: int | None = None) -> HttpResponse:
    subject = subject_of(request.actor, child_id)

    def do(_form: KeyForm) -> str:
        actions.leave_clinic(subject.person_id, by=request.actor, now=clock.now())
        return "lamnat"

    def stands(care: MyCare) -> Refusal | None:
        if not (care.upcoming or (care.current and care.current.ends_on is None)):
            return NotListed()
        return BothGuardiansDecide() if care.other_guardian else None

    return ask(request, subject, "resident/leave_clinic.html", do, stands=stands)


@page(ActorKind.RESIDENT, methods="GET POST")
def leave_queue(request: Request, child_id: int | None = None) -> HttpResponse:
    subject = subject_of(request.actor, child_id)

    def do(_form: KeyForm) -> str:
        actions.leave_queue(subject.person_id, by=request.actor, now=clock.now())
        return "lamnat-kon"

    return ask(
        request,
        subject,
        "resident/leave_queue.html",
        do,
        stands=lambda care: None if care.place else NotQueuing(),
    )


@page(ActorKind.RESIDENT, methods="GET POST")
def offer(request: Request, child_id: int | None = None) -> HttpResponse:
    subject = subject_of(request.actor, child_id)

    def do(form: KeyForm) -> str:
        if isinstance(form, OfferForm) and form.is_yes:
            answer = actions.accept_offer(subject.person_id, by=request.actor, now=clock.now(), key=form.action_key)
            return RECEIPT_OF_RESULT[answer["result"]]
        actions.decline_offer(subject.person_id, by=request.actor, now=clock.now())
        return "tackat-nej"

    return ask(
        request,
        subject,
        "resident/offer.html",
        do,
        form_class=OfferForm,
        stands=lambda care: None if care.place and care.place.offer_expires_at else OfferGone(),
    )


@page(ActorKind.RESIDENT)
def receipt(request: Request, what: str, child_id: int | None = None) -> HttpResponse:
    """What has been done and what happens next, told from how things stand now."""
    if what not in RECEIPTS:
        raise Http404
    subject = subject_of(request.actor, child_id)
    care = listing.my_care(subject.person_id, by=request.actor, now=clock.now())
    if not RECEIPTS[what](care):
        return redirect(subject.url("my_clinic"))
    return render(request, "resident/receipt.html", {"what": what, "care": care, "subject": subject})
