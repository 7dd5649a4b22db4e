"""Listing for other systems. A personal number only ever stands in a body: addresses end up in logs."""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Header, Query, Router

from vardnav.api import clock, paging, schemas
from vardnav.api.auth import ServiceKey, actor_of
from vardnav.api.errors import Invalid, NotFound
from vardnav.api.organisation import HsaId, clinic_id_of
from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity
from vardnav.identity.rules import Scope
from vardnav.kernel.actor import Actor
from vardnav.kernel.personal_number import NotAPersonalNumber, parse
from vardnav.listing import actions
from vardnav.listing import selectors as listing
from vardnav.listing.rules import DoctorNotAtClinic, has_room
from vardnav.listing.selectors.clinics import Order
from vardnav.listing.selectors.mine import AtClinic, MyCare
from vardnav.organisation import selectors as organisation
from vardnav.patients import selectors as patients

READ, WRITE = ServiceKey(Scope.LISTING_READ), ServiceKey(Scope.LISTING_WRITE)
router = Router(tags=["listing"])
PATH = "/api/v1/listing"
Answer = dict[str, Any]
Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="A text of your own for this command: sent again with the same body it gets the first answer.",
        example="0b9e8d0e-4d5c-4ad0-9f7c-0f2f8f6d1a55",
    ),
]


@router.get("/clinics", response=schemas.Clinics, auth=READ, operation_id="clinics")
def clinics(
    request: HttpRequest,
    query: Annotated[
        str,
        Query(max_length=60, pattern=paging.PRINTABLE, description="Part of a name or a place.", example="Östersund"),
    ] = "",
    language: Annotated[str, Query(pattern=r"^([a-z]{2,3})?$", example="ar")] = "",
    with_room: Annotated[bool, Query(description="Only those with room now.")] = False,
    after: paging.After = "",
    limit: paging.Limit = paging.PAGE,
) -> object:
    """Clinics to list with, by HSA-id: room, cap and queue."""
    rows = listing.find_clinics(
        on=clock.today(), query=query, language=language, only_with_room=with_room, order=Order.NAME
    )
    found = sorted((row for row in rows if row.hsa_id > after), key=lambda row: row.hsa_id)
    key = found[limit - 1].hsa_id if len(found) > limit else None
    filters = {"query": query, "language": language, "with_room": with_room}
    return {"items": found[:limit], "next": paging.next_page(f"{PATH}/clinics", key, limit, filters)}


@router.get("/clinics/{hsa_id}/queue", response=schemas.Queue, auth=READ, operation_id="queue")
def queue(request: HttpRequest, hsa_id: HsaId) -> object:
    """How many are listed, hold a promised place and wait at a clinic."""
    panel = listing.panel(clinic_id_of(hsa_id), on=clock.today())
    return {
        "clinic": hsa_id.upper(),
        "listed": panel.listed,
        "cap": panel.cap,
        "held": panel.held,
        "waiting": panel.waiting,
        "has_room": has_room(panel.cap, panel.listed, panel.held, panel.waiting),
    }


@router.post("/person", response=schemas.PersonListing, auth=READ, operation_id="person_listing")
def person_listing(request: HttpRequest, person: schemas.Person) -> object:
    """Where a person is listed, who their named doctor is, and what waits. Reading leaves a line in their log."""
    by, now = actor_of(request), clock.now()
    return _shown(listing.my_care(_person_id(person.personal_number, by, now), by=by, now=now))


@router.post("/choices", response=schemas.Done, auth=WRITE, exclude_none=True, operation_id="choose_clinic")
def choose_clinic(request: HttpRequest, choice: schemas.Choice, key: Key = None) -> object:
    """List a person with a clinic, as they have asked on paper or in your system.

    For a child, your system keeps what both guardians have signed.
    """
    clinic_id = clinic_id_of(choice.clinic)
    return _once(request, key, choice, lambda person_id, **who: actions.choose_clinic(person_id, clinic_id, **who))


@router.post("/queue/join", response=schemas.Done, auth=WRITE, exclude_none=True, operation_id="join_queue")
def join_queue(request: HttpRequest, choice: schemas.Choice, key: Key = None) -> object:
    """Wait for a place at a full clinic, last in line."""
    clinic_id = clinic_id_of(choice.clinic)
    return _once(request, key, choice, lambda person_id, **who: actions.join_queue(person_id, clinic_id, **who))


@router.post("/queue/leave", response=schemas.Done, auth=WRITE, exclude_none=True, operation_id="leave_queue")
def leave_queue(request: HttpRequest, person: schemas.Person, key: Key = None) -> object:
    """Give up the place, and an offer with it, which goes to the next."""
    return _once(request, key, person, actions.leave_queue)


@router.post("/offers/accept", response=schemas.Done, auth=WRITE, exclude_none=True, operation_id="accept_offer")
def accept_offer(request: HttpRequest, person: schemas.Person, key: Key = None) -> object:
    """Take the place that is held for the person."""
    return _once(request, key, person, actions.accept_offer)


@router.post("/offers/decline", response=schemas.Done, auth=WRITE, exclude_none=True, operation_id="decline_offer")
def decline_offer(request: HttpRequest, person: schemas.Person, key: Key = None) -> object:
    """Say no: the place goes to the next, and the person's place in the queue ends."""
    return _once(request, key, person, actions.decline_offer)


@router.post("/named-doctor", response=schemas.Done, auth=WRITE, exclude_none=True, operation_id="name_doctor")
def name_doctor(request: HttpRequest, choice: schemas.NamedDoctorChoice, key: Key = None) -> object:
    """Give a listed person a named doctor at their clinic."""
    doctor_id = organisation.professional_id(choice.doctor.upper())
    if doctor_id is None:
        raise DoctorNotAtClinic
    return _once(
        request,
        key,
        choice,
        lambda person_id, **who: actions.name_doctor(person_id, doctor_id, reason=choice.reason, **who),
    )


def _once(request: HttpRequest, key: str | None, body: schemas.Person, do: Callable[..., Answer]) -> Answer:
    """Run a command, at most once for a key and a body.

    The key we keep is made of both, so that a key used again for somebody else never shows the first
    person's answer.
    """
    by, now = actor_of(request), clock.now()
    operation = request.path.removeprefix(PATH)
    bound = None
    if key is not None:
        bound = sha256("\0".join((key, operation, body.model_dump_json())).encode()).hexdigest()
    person_id = _person_id(body.personal_number, by, now)
    with transaction.atomic():
        return audit.once(bound, f"api{operation}", by=by, now=now, do=lambda: do(person_id, by=by, now=now))


def _person_id(text: str, by: Actor, now: datetime) -> int:
    """Raises Invalid, NotFound. A number that nobody has leaves a line too: whoever tries numbers out is seen."""
    try:
        number = parse(text, clock.today())
    except NotAPersonalNumber as error:
        reason = str(error).rsplit(": ", 1)[-1]
        remedy = f"{reason[0].upper()}{reason[1:]}."
        raise Invalid("personal_number", text, remedy) from error
    person_id = patients.id_of_number(number.value)
    if person_id is None:
        audit.record("patients.search.missed", by=by, now=now, activity=Activity.READ)
        raise NotFound("Nobody in the region has that number.")
    return person_id


def _shown(care: MyCare) -> dict[str, object]:
    return {
        "personal_number": care.card.personal_number,
        "protected": care.card.protected,
        "current": _at(care.current),
        "upcoming": _at(care.upcoming),
        "named_doctor": care.doctor,
        "queue": care.place,
        "waits_for_guardian": care.pending is not None,
        "changes_left": care.changes_left,
        "blocked": care.sight.blocked,
    }


def _at(one: AtClinic | None) -> dict[str, object] | None:
    if one is None:
        return None
    return {
        "clinic": one.hsa_id,
        "name": one.name,
        "starts_on": one.starts_on,
        "ends_on": one.ends_on,
        "origin": one.origin,
    }
