"""My children: where they are listed, and choices that wait for my answer."""

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render

from vardnav.kernel.actor import ActorKind
from vardnav.listing import actions
from vardnav.listing import selectors as listing
from vardnav.listing.rules import ChoiceGone
from vardnav.patients import selectors as patients
from vardnav.web import clock
from vardnav.web.request import Request, page
from vardnav.web.resident.forms import ConfirmForm, KeyForm
from vardnav.web.resident.subject import Subject, subject_of
from vardnav.web.resident.views.mine import ask


@page(ActorKind.RESIDENT)
@transaction.atomic  # many lines of the log, one commit
def children(request: Request) -> HttpResponse:
    now, by = clock.now(), request.actor
    mine = [
        (Subject(child.id, child.id), child, listing.my_care(child.id, by=by, now=now))
        for child in patients.children_of(by=by, now=now)
    ]
    context = {"children": mine, "pending_for_me": listing.pending_for_me(by=by, now=now)}
    return render(request, "resident/children.html", context)


@page(ActorKind.RESIDENT, methods="GET POST")
def answer_choice(request: Request, child_id: int, choice_id: int) -> HttpResponse:
    """The other guardian says yes or no."""
    by = request.actor
    subject = subject_of(by, child_id)

    def do(form: KeyForm) -> str:
        if isinstance(form, ConfirmForm) and form.is_yes:
            actions.confirm_choice(choice_id, by=by, now=clock.now())
            return "valt"
        actions.refuse_choice(choice_id, by=by, now=clock.now())
        return "nekat"

    waiting = [
        one
        for one in listing.pending_for_me(by=by, now=clock.now())
        if one.id == choice_id and one.child_id == child_id
    ]
    if not waiting:
        raise ChoiceGone
    return ask(request, subject, "resident/answer_choice.html", do, form_class=ConfirmForm, choice=waiting[0])
