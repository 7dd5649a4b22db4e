"""Open what is hidden, in two active steps (Patient Data Act 4:5), and close it again.

First a reason, and only which units hide something is answered; then which of them, and the reason once more. What was
opened closes by itself: `selectors.sight` asks the time at every reading.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity
from vardnav.kernel.actor import Actor
from vardnav.outbox import actions as outbox
from vardnav.outbox.rules import Template
from vardnav.parameters.selectors import in_force
from vardnav.patients.actions.hold import hold
from vardnav.patients.models import Opening
from vardnav.patients.rules import (
    AccessDenied,
    AccessParameters,
    Deed,
    NothingToOpen,
    OpeningGone,
    OpeningKind,
    ReasonNotGiven,
    Relation,
    check_written,
    hours_allowed,
)
from vardnav.patients.selectors import sight
from vardnav.patients.selectors.blocks import asked_opening, hidden_units


@transaction.atomic
def ask_to_open(person_id: int, kind: OpeningKind, *, reason: str, by: Actor, now: datetime) -> Opening:
    """The first step: why. Nothing shows yet.

    Raises AssuranceTooLow, AccessDenied, ReasonNotGiven.
    """
    held = hold(person_id, Deed.OPEN_HIDDEN, by=by, now=now)
    written = check_written(reason, ReasonNotGiven)
    if by.account_id is None or by.unit_hsa_id is None:
        raise AccessDenied(patient_id=person_id, relation=held.relation.value, deed=Deed.OPEN_HIDDEN.value)
    asked = Opening.objects.create(
        person_id=person_id,
        account_id=by.account_id,
        unit_hsa_id=by.unit_hsa_id,
        kind=kind.value,
        reason=written,
        asked_at=now,
        asked_by=by.name,
    )
    _log(f"patients.{kind.value}.asked", asked, held.relation, written, by=by, now=now)
    return asked


@transaction.atomic
def open_units(
    person_id: int,
    opening_id: int,
    units: Iterable[str],
    *,
    reason: str,
    hours: int | None = None,
    by: Actor,
    now: datetime,
) -> Opening:
    """The second step: which units' data, and the reason again. `hours` is chosen for a consent only.

    Raises AssuranceTooLow, AccessDenied, OpeningGone, NothingToOpen, ReasonNotGiven.
    """
    held = hold(person_id, Deed.OPEN_HIDDEN, by=by, now=now)
    asked = asked_opening(person_id, opening_id, by=by, now=now)
    written = check_written(reason, ReasonNotGiven)
    seen = sight(person_id, held.relation, by=by, now=now)
    hidden = {one.unit.hsa_id: one.unit for one in hidden_units(person_id, seen)}
    chosen = sorted(set(units) & set(hidden))
    if not chosen:
        raise NothingToOpen
    kind = OpeningKind(asked.kind)
    asked.units, asked.opened_reason, asked.opened_at, asked.opened_by = chosen, written, now, by.name
    asked.ends_at = now + _lasts(kind, hours, now)
    asked.save(update_fields=["units", "opened_reason", "opened_at", "opened_by", "ends_at"])
    for hsa_id in chosen:
        of = (hsa_id, hidden[hsa_id].provider_hsa_id)
        _log(f"patients.{kind.value}.opened", asked, held.relation, written, of=of, by=by, now=now)
    template = Template.OPENED_IN_EMERGENCY if kind is OpeningKind.EMERGENCY else Template.OPENED_BY_CONSENT
    unit = by.acting.unit_name if by.acting else ""
    outbox.send(template, to=person_id, by=by, now=now, unit=unit, opened_at=now.isoformat())
    return asked


def _lasts(kind: OpeningKind, hours: int | None, now: datetime) -> timedelta:
    p = in_force(AccessParameters, localdate(now))
    if kind is OpeningKind.EMERGENCY:
        return timedelta(hours=p.emergency_hours)
    return hours_allowed(p.consent_hours if hours is None else hours, p)


@transaction.atomic
def close_opening(person_id: int, opening_id: int, *, by: Actor, now: datetime) -> None:
    """End an opening before its time: by anybody at the unit who may open.

    Raises AssuranceTooLow, AccessDenied, OpeningGone.
    """
    held = hold(person_id, Deed.OPEN_HIDDEN, by=by, now=now)
    opening = Opening.objects.filter(
        id=opening_id, person_id=person_id, unit_hsa_id=by.unit_hsa_id or "", closed_at__isnull=True, ends_at__gt=now
    ).first()
    if opening is None:
        raise OpeningGone
    opening.closed_at, opening.closed_by = now, by.name
    opening.save(update_fields=["closed_at", "closed_by"])
    _log(f"patients.{opening.kind}.closed", opening, held.relation, "", by=by, now=now)


def _log(
    kind: str,
    opening: Opening,
    relation: Relation,
    reason: str,
    *,
    of: tuple[str, str] | None = None,
    by: Actor,
    now: datetime,
) -> None:
    audit.record(
        kind,
        by=by,
        now=now,
        activity=Activity.ACCESS,
        patient_id=opening.person_id,
        resource=("opening", opening.id),
        of=of,
        reason=reason,
        emergency=opening.kind == OpeningKind.EMERGENCY.value,
        relation=relation.value,
    )
