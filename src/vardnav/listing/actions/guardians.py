"""Two guardians agree: one chooses for a child, and the other answers."""

from datetime import datetime
from typing import Any

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.listing.actions import state
from vardnav.listing.actions.enter import check_choice, enter, open_clinic
from vardnav.listing.actions.state import Standing
from vardnav.listing.models import PendingChoice
from vardnav.listing.rules import ChoiceGone, ChoiceState, NotListed, NotTheOtherGuardian, choice_ends_at
from vardnav.organisation.selectors import Clinic
from vardnav.outbox import actions as outbox
from vardnav.outbox.rules import Template
from vardnav.patients.rules import Deed, Relation
from vardnav.patients.selectors import guardian_ids, own_id

Answer = dict[str, Any]
GUARDS = (Relation.GUARDIAN, Relation.GUARDIAN_OF_TEENAGER)


def others(standing: Standing, by: Actor) -> list[int]:
    """The guardians besides the one who asks; staff and programs hold the paper both have signed."""
    if standing.person.relation not in GUARDS:
        return []
    me = own_id(by)
    return [one for one in guardian_ids(standing.person.id, standing.today) if one != me]


def wait_for(
    others: list[int],
    standing: Standing,
    clinic: Clinic,
    *,
    by: Actor,
    now: datetime,
    until: datetime | None = None,
) -> Answer:
    """Keep the choice until another guardian answers, at most `until`; an earlier one that waits is replaced."""
    person_id = standing.person.id
    asker_id = own_id(by)
    if asker_id is None:
        raise NotListed
    PendingChoice.objects.filter(person_id=person_id, state=ChoiceState.WAITING.value).update(
        state=ChoiceState.VOID.value, settled_at=now, settled_by=by.name
    )
    ends = choice_ends_at(now, standing.p)
    pending = PendingChoice.objects.create(
        person_id=person_id,
        clinic_id=clinic.id,
        asker_id=asker_id,
        asked_at=now,
        asked_by=by.name,
        expires_at=min(ends, until) if until else ends,
        state=ChoiceState.WAITING.value,
    )
    audit.record("listing.choice.asked", by=by, now=now, patient_id=person_id, resource=("clinic", clinic.hsa_id))
    for other in others:
        outbox.send(Template.CHOICE_WAITS, to=other, by=by, now=now, clinic=clinic.name)
    return {
        "result": "waiting_for_guardian",
        "clinic": clinic.name,
        "expires_at": pending.expires_at.isoformat(),
    }


@transaction.atomic
def confirm_choice(choice_id: int, *, by: Actor, now: datetime) -> Answer:
    """Agree: the child is listed as by any choice, in the place that is held for it if there is one.

    Raises ChoiceGone, NotTheOtherGuardian, AccessDenied, and what choose_clinic raises.
    """
    pending, standing = _take(choice_id, by=by, now=now)
    clinic = open_clinic(pending.clinic_id, standing)
    check_choice(standing, clinic.id, by=by, now=now)
    return agree(pending, standing, clinic, by=by, now=now)


def asked_already(standing: Standing, clinic: Clinic, *, by: Actor, now: datetime) -> PendingChoice | None:
    """Another guardian's choice of the same clinic that still waits."""
    waiting = PendingChoice.objects.filter(
        person_id=standing.person.id, clinic_id=clinic.id, state=ChoiceState.WAITING.value, expires_at__gt=now
    )
    return waiting.exclude(asker_id=own_id(by)).first()


def agree(pending: PendingChoice, standing: Standing, clinic: Clinic, *, by: Actor, now: datetime) -> Answer:
    """List the child as both want.

    Raises ChoiceGone, ClinicFull.
    """
    _settle(pending, ChoiceState.CONFIRMED, by=by, now=now)
    audit.record("listing.choice.confirmed", by=by, now=now, patient_id=pending.person_id)
    place, offer = standing.place, standing.offer
    held = place is not None and place.clinic_id == clinic.id and offer is not None and offer.expires_at > now
    return enter(standing, clinic, by=by, now=now, from_held=held)


@transaction.atomic
def refuse_choice(choice_id: int, *, by: Actor, now: datetime) -> Answer:
    """Say no: the child stays, and the one who asked is told.

    Raises ChoiceGone, NotTheOtherGuardian, AccessDenied.
    """
    pending, _ = _take(choice_id, by=by, now=now)
    _settle(pending, ChoiceState.REFUSED, by=by, now=now)
    audit.record("listing.choice.refused", by=by, now=now, patient_id=pending.person_id)
    outbox.send(Template.CHOICE_REFUSED, to=pending.asker_id, by=by, now=now, clinic=pending.clinic.name)
    return {"result": "refused"}


def void_choices(*, by: Actor, now: datetime) -> int:
    """End choices that nobody answered in time; answers how many."""
    late = PendingChoice.objects.filter(state=ChoiceState.WAITING.value, expires_at__lte=now)
    return sum(_void(choice_id, by=by, now=now) for choice_id in late.values_list("id", flat=True).order_by("id"))


@transaction.atomic
def _void(choice_id: int, *, by: Actor, now: datetime) -> bool:
    pending = PendingChoice.objects.select_for_update(of=("self",)).select_related("clinic").get(id=choice_id)
    if pending.state != ChoiceState.WAITING.value:
        return False
    _settle(pending, ChoiceState.VOID, by=by, now=now)
    audit.record("listing.choice.voided", by=by, now=now, patient_id=pending.person_id)
    outbox.send(Template.CHOICE_VOID, to=pending.asker_id, by=by, now=now, clinic=pending.clinic.name)
    return True


def _take(choice_id: int, *, by: Actor, now: datetime) -> tuple[PendingChoice, Standing]:
    person_id = PendingChoice.objects.filter(id=choice_id).values_list("person_id", flat=True).first()
    if person_id is None:
        raise ChoiceGone
    standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
    pending = PendingChoice.objects.select_related("clinic").get(id=choice_id)
    if pending.state != ChoiceState.WAITING.value or pending.expires_at <= now:
        raise ChoiceGone
    if pending.asker_id == own_id(by) or standing.person.relation not in GUARDS:
        raise NotTheOtherGuardian
    return pending, standing


def _settle(pending: PendingChoice, to: ChoiceState, *, by: Actor, now: datetime) -> None:
    """Compare and swap: whoever answers second finds nothing left to answer.

    Raises ChoiceGone.
    """
    changed = PendingChoice.objects.filter(id=pending.id, state=ChoiceState.WAITING.value).update(
        state=to.value, settled_at=now, settled_by=by.name
    )
    if changed != 1:
        raise ChoiceGone
