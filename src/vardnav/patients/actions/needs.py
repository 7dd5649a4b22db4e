"""State a need: the way to a resident whom the unit does not have."""

from datetime import datetime

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity
from vardnav.kernel.actor import Actor, Role
from vardnav.patients.models import Need
from vardnav.patients.rules import NEED_LASTS, AccessDenied, NeedReason, check_assurance, check_need


@transaction.atomic
def state_need(person_id: int, *, reason: NeedReason, text: str, by: Actor, now: datetime) -> Need:
    """Open somebody's data for this staff member at this unit for eight hours.

    Raises AssuranceTooLow, NeedNotStated, AccessDenied (who has no care assignment cannot state a need).
    """
    check_assurance(by, patient_id=person_id, deed="state_need")
    if by.account_id is None or by.acting is None or by.role not in (Role.CLINIC_STAFF, Role.CLINIC_HEAD):
        raise AccessDenied(patient_id=person_id, relation="none", deed="state_need")
    check_need(reason, text)
    need = Need.objects.create(
        person_id=person_id,
        account_id=by.account_id,
        unit_hsa_id=by.acting.unit_hsa_id,
        reason=reason.value,
        text=text.strip(),
        stated_at=now,
        stated_by=by.name,
        ends_at=now + NEED_LASTS,
    )
    audit.record(
        "patients.need.stated",
        by=by,
        now=now,
        activity=Activity.ACCESS,
        patient_id=person_id,
        emergency=reason is NeedReason.EMERGENCY,
        reason=f"{reason.value}: {text.strip()}" if text.strip() else reason.value,
    )
    return need
