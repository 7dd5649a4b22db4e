"""Read the log."""

from dataclasses import dataclass
from datetime import datetime

from vardnav.audit.models import Line


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


def count() -> int:
    return Line.objects.count()
