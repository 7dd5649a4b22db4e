"""Give and end assignments."""

from datetime import datetime

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.identity import rules
from vardnav.identity.actions.checks import check_administrator, staff_account
from vardnav.identity.models import Assignment
from vardnav.kernel.actor import Actor, Role


@transaction.atomic
def grant_assignment(
    *,
    account_id: int,
    role: Role,
    unit_hsa_id: str,
    unit_name: str,
    provider_hsa_id: str,
    starts_at: datetime,
    ends_at: datetime | None,
    reason: str,
    by: Actor,
    now: datetime,
) -> Assignment:
    """Let a staff account act in a role at a unit, from an instant to another or until ended.

    Raises NotAnAdministrator, OwnAccount, NotAStaffAccount, BadAssignment.
    """
    check_administrator(by)
    rules.check_not_own(account_id, by)
    rules.check_assignment(starts_at, ends_at, reason)
    assignment = Assignment.objects.create(
        account=staff_account(account_id),
        role=role.value,
        purpose=rules.PURPOSE_OF_ROLE[role].value,
        unit_hsa_id=unit_hsa_id,
        unit_name=unit_name,
        provider_hsa_id=provider_hsa_id,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
        granted_at=now,
        granted_by=by.name,
    )
    audit.record(
        "identity.assignment.granted",
        by=by,
        now=now,
        resource=("assignment", assignment.id),
        reason=reason,
        role=role.value,
        unit=unit_hsa_id,
    )
    return assignment


@transaction.atomic
def end_assignment(assignment_id: int, *, by: Actor, now: datetime, reason: str = "") -> None:
    """End it at this instant; one that has not begun never does. One that has ended keeps its end.

    Raises NotAnAdministrator, OwnAccount.
    """
    check_administrator(by)
    assignment = Assignment.objects.select_for_update().get(id=assignment_id)
    rules.check_not_own(assignment.account_id, by)
    if assignment.ends_at is not None and assignment.ends_at <= now:
        return
    assignment.ends_at = max(now, assignment.starts_at)
    assignment.save(update_fields=["ends_at"])
    audit.record("identity.assignment.ended", by=by, now=now, resource=("assignment", assignment_id), reason=reason)
