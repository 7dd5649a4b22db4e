"""Place and lift blocks: by the resident, or by the unit's staff when the resident asks them. Never by a guardian."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor, ActorKind
from vardnav.outbox import actions as outbox
from vardnav.outbox.rules import Template
from vardnav.parameters.selectors import in_force
from vardnav.patients.actions.hold import Held, hold
from vardnav.patients.models import Block
from vardnav.patients.relations import units_with
from vardnav.patients.rules import (
    AccessParameters,
    AlreadyBlocked,
    Deed,
    How,
    NotBlocked,
    NothingToBlock,
    OnlyYourUnit,
    RequestNotWritten,
    Source,
    age,
    check_age,
    check_written,
)


@transaction.atomic
def place_block(person_id: int, unit_hsa_id: str, *, request: str = "", by: Actor, now: datetime) -> Block:
    """Hide what a unit has about a person from all other units, from this instant.

    Staff write in `request` how the person asked for it.

    Raises AssuranceTooLow, AccessDenied (a guardian), TooYoungToBlock, OnlyYourUnit, RequestNotWritten, NothingToBlock,
    AlreadyBlocked.
    """
    how, written, _ = _decide(person_id, unit_hsa_id, request, by=by, now=now)
    unit = _unit_with(person_id, unit_hsa_id)
    if _standing(person_id, unit_hsa_id) is not None:
        raise AlreadyBlocked
    try:
        with transaction.atomic():  # the constraint has the last word, should somebody come past the lock
            block = Block.objects.create(
                person_id=person_id,
                unit_hsa_id=unit.hsa_id,
                unit_name=unit.name,
                provider_hsa_id=unit.provider_hsa_id,
                how=how.value,
                request=written,
                made_at=now,
                made_by=by.name,
            )
    except IntegrityError as error:
        raise AlreadyBlocked from error
    _tell("patients.block.placed", Template.BLOCK_PLACED, block, written, how, by=by, now=now)
    return block


@transaction.atomic
def lift_block(person_id: int, unit_hsa_id: str, *, request: str = "", by: Actor, now: datetime) -> Block:
    """Let other units see again what a unit has about a person; that it was blocked stays written.

    Raises as `place_block`, and NotBlocked.
    """
    how, written, _ = _decide(person_id, unit_hsa_id, request, by=by, now=now)
    block = _standing(person_id, unit_hsa_id)
    if block is None:
        raise NotBlocked
    block.lifted_at, block.lifted_by, block.lifted_how, block.lift_request = now, by.name, how.value, written
    block.save(update_fields=["lifted_at", "lifted_by", "lifted_how", "lift_request"])
    _tell("patients.block.lifted", Template.BLOCK_LIFTED, block, written, how, by=by, now=now)
    return block


def _decide(person_id: int, unit_hsa_id: str, request: str, *, by: Actor, now: datetime) -> tuple[How, str, Held]:
    """Hold the person for somebody who may decide about this unit's data; answers how, and what was asked for."""
    held = hold(person_id, Deed.BLOCK, by=by, now=now)
    today = localdate(now)
    check_age(age(held.birth_date, today), by, in_force(AccessParameters, today))
    if by.kind is ActorKind.RESIDENT:
        return How.ONLINE, "", held
    if by.unit_hsa_id != unit_hsa_id:
        raise OnlyYourUnit
    return How.AT_UNIT, check_written(request, RequestNotWritten), held


def _unit_with(person_id: int, unit_hsa_id: str) -> Source:
    for unit in units_with(person_id):
        if unit.hsa_id == unit_hsa_id:
            return unit
    raise NothingToBlock


def _standing(person_id: int, unit_hsa_id: str) -> Block | None:
    return Block.objects.filter(person_id=person_id, unit_hsa_id=unit_hsa_id, lifted_at__isnull=True).first()


def _tell(kind: str, template: Template, block: Block, written: str, how: How, *, by: Actor, now: datetime) -> None:
    audit.record(
        kind,
        by=by,
        now=now,
        patient_id=block.person_id,
        resource=("block", block.id),
        of=(block.unit_hsa_id, block.provider_hsa_id),
        reason=written,
        how=how.value,
    )
    outbox.send(template, to=block.person_id, by=by, now=now, unit=block.unit_name)
