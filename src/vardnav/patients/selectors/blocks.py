"""A person's blocks as the person sees them, and as a unit sees its own and what it may ask to open."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity
from vardnav.kernel.actor import Actor
from vardnav.parameters.selectors import in_force
from vardnav.patients.models import Block, Opening
from vardnav.patients.relations import units_with
from vardnav.patients.rules import (
    ASKED_LASTS,
    AccessParameters,
    Barrier,
    Deed,
    How,
    OpeningGone,
    OpeningKind,
    Relation,
    Sight,
    Source,
    allows,
)
from vardnav.patients.selectors.cards import Card, open_person


@dataclass(frozen=True, slots=True)
class Blockable:
    """A unit that has data of the person; since when they are blocked, and how."""

    unit: Source
    blocked_at: datetime | None
    how: How | None


@dataclass(frozen=True, slots=True)
class BlocksPage:
    """What a resident sees of their own blocks. A guardian sees that it is the child's own, and nothing else."""

    card: Card
    units: list[Blockable]
    is_guardian: bool
    may_block: bool
    blocks_alone_from: int
    emergency_hours: int


@transaction.atomic
def blocks_of(person_id: int, *, by: Actor, now: datetime) -> BlocksPage:
    """The units that have a resident's data, those that are blocked first.

    Raises AssuranceTooLow, AccessDenied.
    """
    seen = open_person(person_id, by=by, now=now, kind="patients.blocks.read")
    p = in_force(AccessParameters, localdate(now))
    return BlocksPage(
        card=seen.card,
        units=_blockable(person_id) if seen.relation is Relation.SELF else [],
        is_guardian=seen.relation is not Relation.SELF,
        may_block=allows(by, seen.relation, Deed.BLOCK) and seen.card.age >= p.blocks_alone_from,
        blocks_alone_from=p.blocks_alone_from,
        emergency_hours=p.emergency_hours,
    )


def _blockable(person_id: int) -> list[Blockable]:
    standing = {one.unit_hsa_id: one for one in Block.objects.filter(person_id=person_id, lifted_at__isnull=True)}
    found = {one.hsa_id: one for one in units_with(person_id)}
    for block in standing.values():  # a unit that has closed since
        gone = Source(block.unit_hsa_id, block.unit_name, block.provider_hsa_id, "")
        found.setdefault(block.unit_hsa_id, gone)
    rows = [
        Blockable(unit, blocked.made_at, How(blocked.how))
        if (blocked := standing.get(unit.hsa_id))
        else Blockable(unit, None, None)
        for unit in found.values()
    ]
    return sorted(rows, key=lambda one: (one.blocked_at is None, one.unit.name.casefold()))


@dataclass(frozen=True, slots=True)
class OwnBlock:
    """What a unit's staff see when the person asks them to block or to lift."""

    card: Card
    blocked_at: datetime | None
    old_enough: bool
    age_needed: int


@transaction.atomic
def own_block(person_id: int, *, by: Actor, now: datetime) -> OwnBlock:
    """Whether the person has blocked the data of the actor's unit. Raises AssuranceTooLow, AccessDenied."""
    seen = open_person(person_id, by=by, now=now, kind="patients.blocks.read", deed=Deed.BLOCK)
    p = in_force(AccessParameters, localdate(now))
    return OwnBlock(
        card=seen.card,
        blocked_at=seen.sight.own_unit_blocked_at,
        old_enough=seen.card.age >= p.blocks_at_unit_from,
        age_needed=p.blocks_at_unit_from,
    )


def asking_to_open(person_id: int, *, by: Actor, now: datetime) -> Card:
    """Whom the first step of an opening is about. Raises AssuranceTooLow, AccessDenied."""
    return open_person(person_id, by=by, now=now, kind="patients.opening.read", deed=Deed.OPEN_HIDDEN).card


@dataclass(frozen=True, slots=True)
class HiddenUnit:
    """A unit whose data do not show here, and why."""

    unit: Source
    is_blocked: bool  # else it is another care provider's


@dataclass(frozen=True, slots=True)
class Steps:
    """The second step of an opening: which units hide something. No data of theirs yet."""

    card: Card
    opening_id: int
    kind: OpeningKind
    reason: str
    hidden: list[HiddenUnit]
    hours: int  # how long it opens, at most


@transaction.atomic
def steps_of(person_id: int, opening_id: int, *, by: Actor, now: datetime) -> Steps:
    """What can be chosen in the second step, for who took the first; the line says that the units were shown.

    Raises AssuranceTooLow, AccessDenied, OpeningGone.
    """
    seen = open_person(person_id, by=by, now=now, kind="patients.opening.read", deed=Deed.OPEN_HIDDEN)
    asked = asked_opening(person_id, opening_id, by=by, now=now)
    kind = OpeningKind(asked.kind)
    p = in_force(AccessParameters, localdate(now))
    found = hidden_units(person_id, seen.sight)
    audit.record(
        "patients.opening.units_shown",
        by=by,
        now=now,
        activity=Activity.READ,
        patient_id=person_id,
        reason=asked.reason,
        emergency=kind is OpeningKind.EMERGENCY,
        units=[one.unit.hsa_id for one in found],
    )
    hours = p.emergency_hours if kind is OpeningKind.EMERGENCY else p.consent_hours
    return Steps(seen.card, opening_id, kind, asked.reason, found, hours)


def asked_opening(person_id: int, opening_id: int, *, by: Actor, now: datetime) -> Opening:
    """The actor's own first step, while it lasts. Raises OpeningGone."""
    asked = Opening.objects.filter(
        id=opening_id,
        person_id=person_id,
        account_id=by.account_id or 0,
        unit_hsa_id=by.unit_hsa_id or "",
        opened_at__isnull=True,
        asked_at__gt=now - ASKED_LASTS,
    ).first()
    if asked is None:
        raise OpeningGone
    return asked


def hidden_units(person_id: int, sight: Sight) -> list[HiddenUnit]:
    """Units that have data of the person which this actor does not see."""
    return [
        HiddenUnit(one.unit, sight.barrier(one.unit.hsa_id) is Barrier.BLOCKED)
        for one in _blockable(person_id)
        if not sight.shows(one.unit.hsa_id, one.unit.provider_hsa_id)
    ]
