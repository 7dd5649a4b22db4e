"""Choose a clinic, or wait for one: check the answers, send, receipt."""

from django.http import Http404, HttpResponse
from django.utils.functional import SimpleLazyObject

from vardnav.kernel.actor import ActorKind
from vardnav.listing import actions
from vardnav.listing import selectors as listing
from vardnav.listing.selectors import ClinicRow
from vardnav.web import clock
from vardnav.web.request import Request, page
from vardnav.web.resident.forms import KeyForm
from vardnav.web.resident.subject import subject_of
from vardnav.web.resident.views.mine import RECEIPT_OF_RESULT, ask


@page(ActorKind.RESIDENT, methods="GET POST")
def choose_clinic(request: Request, clinic_id: int, child_id: int | None = None) -> HttpResponse:
    subject = subject_of(request.actor, child_id)
    clinic = SimpleLazyObject(lambda: open_clinic(clinic_id))  # read for the page, not for the deed

    def do(form: KeyForm) -> str:
        answer = actions.choose_clinic(
            subject.person_id, clinic_id, by=request.actor, now=clock.now(), key=form.action_key
        )
        return RECEIPT_OF_RESULT[answer["result"]]

    return ask(request, subject, "resident/choose_clinic.html", do, clinic=clinic)


@page(ActorKind.RESIDENT, methods="GET POST")
def join_queue(request: Request, clinic_id: int, child_id: int | None = None) -> HttpResponse:
    subject = subject_of(request.actor, child_id)
    clinic = SimpleLazyObject(lambda: open_clinic(clinic_id))  # read for the page, not for the deed

    def do(form: KeyForm) -> str:
        actions.join_queue(subject.person_id, clinic_id, by=request.actor, now=clock.now(), key=form.action_key)
        return "i-ko"

    return ask(request, subject, "resident/join_queue.html", do, clinic=clinic)


def open_clinic(clinic_id: int) -> ClinicRow:
    clinic = listing.clinic_card(clinic_id, on=clock.today())
    if clinic is None:
        raise Http404
    return clinic
