"""Read the log."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from vardnav.audit.actions import record
from vardnav.audit.models import Line
from vardnav.audit.rules import Activity, check_may_review
from vardnav.kernel.actor import Actor, ActorKind


@dataclass(frozen=True, slots=True)
class Entry:
    id: int
    recorded_at: datetime
    kind: str
    activity: str
    outcome: str
    actor_kind: str
    user_id: str
    user_name: str
    role: str
    purpose: str
    unit_hsa_id: str
    unit_name: str
    reason: str
    details: dict[str, object]
    patient_id: int | None


FIELDS = tuple(Entry.__dataclass_fields__)


def of_patient(
    patient_id: int, *, unit: str = "", not_by: str = "", before: int | None = None, most: int = 50
) -> list[Entry]:
    """What was done with one patient's data, newest first; `before` is the last id of the page before.

    `unit` keeps one unit's lines, `not_by` leaves out one user's.
    """
    lines = Line.objects.filter(patient_id=patient_id)
    if unit:
        lines = lines.filter(unit_hsa_id=unit)
    if not_by:
        lines = lines.exclude(user_id=not_by)
    if before is not None:
        lines = lines.filter(id__lt=before)
    return [Entry(**row) for row in lines.order_by("-id").values(*FIELDS)[:most]]


def units_of_patient(patient_id: int) -> list[tuple[str, str]]:
    """The units that have a line about the patient: HSA-id and the name they had last."""
    rows = (
        Line.objects.filter(patient_id=patient_id)
        .exclude(unit_hsa_id="")
        .order_by("unit_hsa_id", "-id")
        .distinct("unit_hsa_id")
        .values_list("unit_hsa_id", "unit_name")
    )
    return sorted(rows, key=lambda row: row[1].casefold())


def search(*, user_id: str = "", kind: str = "", before: int | None = None, most: int = 50) -> list[Entry]:
    """Lines by user and kind, newest first, for those who review access."""
    lines = Line.objects.all()
    if user_id:
        lines = lines.filter(user_id=user_id)
    if kind:
        lines = lines.filter(kind__startswith=kind)
    if before is not None:
        lines = lines.filter(id__lt=before)
    return [Entry(**row) for row in lines.order_by("-id").values(*FIELDS)[:most]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a reviewer of access asks for; empty means all, and patient 0 somebody who does not exist."""

    user_id: str = ""
    kind: str = ""
    patient_id: int | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A line as administrators see it: no patient is named, and no reason tells of one."""

    id: int
    recorded_at: datetime
    kind: str
    activity: str
    outcome: str
    actor_kind: str
    user: str  # HSA-id, program or key; of a resident only that it is one
    user_name: str
    role: str
    unit_name: str
    patient_id: int | None
    reason: str
    has_reason: bool


@transaction.atomic
def review(
    wanted: Wanted, *, by: Actor, now: datetime, before: int | None = None, most: int = 50, download: bool = False
) -> list[Reviewed]:
    """Lines that fit, newest first. Searching the log is itself logged.

    Raises NotAReviewer.
    """
    check_may_review(by)
    found = [_reviewed(line) for line in _newest(_wanted(wanted), before)[:most]]
    record(
        "audit.log.downloaded" if download else "audit.log.searched",
        by=by,
        now=now,
        activity=Activity.READ,
        patient_id=wanted.patient_id or None,
        kind_of_line=wanted.kind,
        user_of_line=wanted.user_id if wanted.user_id.startswith(("SE", "key:")) else "",
        starts_at=wanted.starts_at.isoformat() if wanted.starts_at else "",
        ends_at=wanted.ends_at.isoformat() if wanted.ends_at else "",
    )
    return found


def _newest(lines: QuerySet[Line], before: int | None) -> QuerySet[Line]:
    """By time, which an index has: a day last year is found without walking through all that came after it."""
    if before is not None:
        at = Line.objects.filter(id=before).values_list("recorded_at", flat=True).first()
        if at is None:
            return lines.none()
        # The first condition says nothing new; it lets the index begin there.
        lines = lines.filter(Q(recorded_at__lt=at) | Q(id__lt=before), recorded_at__lte=at)
    return lines.order_by("-recorded_at", "-id")


def _wanted(wanted: Wanted) -> QuerySet[Line]:
    conditions: dict[str, object] = {
        "user_id": wanted.user_id,
        "kind__startswith": wanted.kind,
        "patient_id": wanted.patient_id,
        "recorded_at__gte": wanted.starts_at,
        "recorded_at__lt": wanted.ends_at,
    }
    return Line.objects.filter(**{name: value for name, value in conditions.items() if value not in ("", None)})


def _reviewed(line: Line) -> Reviewed:
    is_resident = line.actor_kind == ActorKind.RESIDENT.value
    return Reviewed(
        id=line.id,
        recorded_at=line.recorded_at,
        kind=line.kind,
        activity=line.activity,
        outcome=line.outcome,
        actor_kind=line.actor_kind,
        user="" if is_resident else line.user_id,
        user_name="" if is_resident else line.user_name,
        role=line.role,
        unit_name=line.unit_name,
        patient_id=line.patient_id,
        reason=line.reason if line.patient_id is None and not is_resident else "",
        has_reason=bool(line.reason),
    )


def latest(most: int = 20, *, after: int = 0) -> list[Reviewed]:
    """The last lines, oldest first, for the operator at the server's own terminal."""
    return [_reviewed(line) for line in Line.objects.filter(id__gt=after).order_by("-id")[:most]][::-1]


def count_by_kind(*, since: datetime) -> list[tuple[str, int]]:
    """How many lines of each kind since an instant, most first."""
    rows = Line.objects.filter(recorded_at__gte=since).values_list("kind").annotate(lines=Count("id"))
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def count() -> int:
    return Line.objects.count()
