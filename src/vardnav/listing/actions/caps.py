"""A clinic asks for a cap, the region decides, and the counters follow the days."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor, ActorKind, Role
from vardnav.listing.actions import counts, offers
from vardnav.listing.models import Cap, ClinicCount
from vardnav.listing.rules import CapGone, CapRefused, CapState, NotThePlanner, NotYourClinic, check_cap
from vardnav.live import actions as live
from vardnav.organisation.selectors import unit
from vardnav.tables import valid_on


@transaction.atomic
def ask_cap(
    clinic_id: int, *, heads: int, starts_on: date, ends_on: date, reason: str, by: Actor, now: datetime
) -> Cap:
    """A head of clinic asks for a limit.

    Raises NotYourClinic, CapRefused.
    """
    clinic = unit(clinic_id)
    if clinic is None or by.role is not Role.CLINIC_HEAD or by.unit_hsa_id != clinic.hsa_id:
        raise NotYourClinic
    check_cap(heads, starts_on, ends_on)
    cap = Cap.objects.create(
        clinic=clinic,
        heads=heads,
        starts_on=starts_on,
        ends_on=ends_on,
        state=CapState.ASKED.value,
        reason=reason,
        asked_at=now,
        asked_by=by.name,
    )
    audit.record("listing.cap.asked", by=by, now=now, resource=("clinic", clinic.hsa_id), reason=reason, heads=heads)
    live.publish("region", "cap.asked")
    return cap


@transaction.atomic
def withdraw_cap(cap_id: int, *, by: Actor, now: datetime) -> None:
    """Take back a request that is not decided; the log keeps that it was asked and withdrawn.

    Raises NotYourClinic, CapGone.
    """
    cap = Cap.objects.select_for_update(of=("self",)).select_related("clinic").filter(id=cap_id).first()
    if cap is None:
        raise CapGone
    if by.role is not Role.CLINIC_HEAD or by.unit_hsa_id != cap.clinic.hsa_id:
        raise NotYourClinic
    if cap.state != CapState.ASKED.value:
        raise CapGone
    audit.record("listing.cap.withdrawn", by=by, now=now, resource=("clinic", cap.clinic.hsa_id), heads=cap.heads)
    cap.delete()


def decide_cap(cap_id: int, *, grant: bool, decision: str, today: date, by: Actor, now: datetime) -> Cap:
    """The region grants or refuses; a granted cap that covers today takes hold at once.

    Raises NotThePlanner, CapGone, CapRefused (it would overlap another).
    """
    _check_planner(by)
    try:
        with transaction.atomic():
            to = CapState.GRANTED if grant else CapState.REFUSED
            changed = Cap.objects.filter(id=cap_id, state=CapState.ASKED.value).update(
                state=to.value, decision=decision, decided_at=now, decided_by=by.name
            )
            if changed != 1:
                raise CapGone
            cap = Cap.objects.select_related("clinic").get(id=cap_id)
            audit.record(
                f"listing.cap.{to.value}",
                by=by,
                now=now,
                resource=("clinic", cap.clinic.hsa_id),
                reason=decision,
                heads=cap.heads,
            )
            _follow(cap.clinic_id, today, by=by, now=now)
    except IntegrityError as error:
        raise CapRefused("another cap is granted for some of those days", field="starts_on") from error
    return cap


def grant_cap(
    clinic_id: int,
    *,
    heads: int,
    starts_on: date,
    ends_on: date,
    decision: str,
    today: date,
    by: Actor,
    now: datetime,
) -> Cap:
    """The region grants a cap asked for outside the program.

    Raises NotThePlanner, CapRefused.
    """
    _check_planner(by)
    check_cap(heads, starts_on, ends_on)
    with transaction.atomic():
        cap = Cap.objects.create(
            clinic_id=clinic_id,
            heads=heads,
            starts_on=starts_on,
            ends_on=ends_on,
            state=CapState.ASKED.value,
            asked_at=now,
            asked_by=by.name,
        )
        return decide_cap(cap.id, grant=True, decision=decision, today=today, by=by, now=now)


def refresh_caps(*, today: date, by: Actor, now: datetime) -> int:
    """Let every counter follow the caps in force today; answers how many changed. Run at each day's start."""
    in_force = dict(Cap.objects.filter(valid_on(today), state=CapState.GRANTED.value).values_list("clinic_id", "heads"))
    wrong = [
        row.clinic_id for row in ClinicCount.objects.order_by("clinic_id") if row.cap != in_force.get(row.clinic_id)
    ]
    for clinic_id in wrong:
        with transaction.atomic():
            _follow(clinic_id, today, by=by, now=now)
    return len(wrong)


def _follow(clinic_id: int, today: date, *, by: Actor, now: datetime) -> None:
    """Set a counter to the cap in force; who waits where there is room now gets an offer."""
    count = counts.lock_clinics([clinic_id])[clinic_id]
    count.cap = (
        Cap.objects.filter(valid_on(today), clinic_id=clinic_id, state=CapState.GRANTED.value)
        .values_list("heads", flat=True)
        .first()
    )
    count.allowance = counts.above_cap(count)
    count.save(update_fields=["cap", "allowance"])
    offers.fill_locked(count, by=by, now=now)


def _check_planner(by: Actor) -> None:
    """Raises NotThePlanner."""
    if by.kind is not ActorKind.SYSTEM and by.role is not Role.REGION_PLANNER:
        raise NotThePlanner
