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
    unit_name: str
    reason: str
    patient_id: int | None


FIELDS = tuple(Entry.__dataclass_fields__)


def of_patient(patient_id: int, *, before: int | None = None, most: int = 50) -> list[Entry]:
    """What was done with one patient's data, newest first; `before` is the last id of the page before."""
    lines = Line.objects.filter(patient_id=patient_id)
    if before is not None:
        lines = lines.filter(id__lt=before)
    return [Entry(**row) for row in lines.order_by("-id").values(*FIELDS)[:most]]


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
