"""Read the log, verify it, and give it out as others want it."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q, QuerySet

from vardnav.audit.actions.lines import record
from vardnav.audit.anchors import Anchor, AnchorsBroken
from vardnav.audit.chain import current_key, signature_of
from vardnav.audit.export import DOCUMENTS, Document, Exporter, Format, is_of_storelog
from vardnav.audit.models import Cut, Line, Shard, Verification
from vardnav.audit.rules import Activity, check_may_review
from vardnav.audit.verify import Verified, verify
from vardnav.audit.walk import Fault, Finding
from vardnav.kernel.actor import Actor, ActorKind
from vardnav.tables import sql

__all__ = [
    "Anchor",
    "AnchorsBroken",
    "Entry",
    "Fault",
    "Finding",
    "Format",
    "Reviewed",
    "Standing",
    "Verified",
    "Wanted",
    "count",
    "count_by_kind",
    "current_key",
    "export",
    "latest",
    "of_patient",
    "review",
    "search",
    "signature_of",
    "standing",
    "units_of_patient",
    "unknown_keys",
    "verify",
]


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
    provider_hsa_id: str  # the care provider of who did it
    emergency: bool
    assurance: int
    resource_type: str
    resource_unit_hsa_id: str  # whose data
    resource_provider_hsa_id: str


EXPORTED_AT_ONCE = 2000
FIELDS = tuple(Entry.__dataclass_fields__)


def of_patient(
    patient_id: int,
    *,
    unit: str = "",
    not_by: str = "",
    without: Collection[str] = (),
    before: int | None = None,
    most: int = 50,
) -> list[Entry]:
    """What was done with one patient's data, newest first; `before` is the last id of the page before.

    `unit` keeps one unit's lines, `not_by` leaves out one user's, `without` kinds that are not the reader's to see.
    """
    lines = Line.objects.filter(patient_id=patient_id)
    if unit:
        lines = lines.filter(unit_hsa_id=unit)
    if not_by:
        lines = lines.exclude(user_id=not_by)
    if without:
        lines = lines.exclude(kind__in=without)
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


@dataclass(frozen=True, slots=True)
class Trace:
    """A line as a check of the log compares it."""

    id: int
    recorded_at: datetime
    kind: str
    denied: bool
    emergency: bool
    user_id: str
    user_name: str
    account_id: int | None
    patient_id: int
    role: str = ""
    assurance: int = 0
    reason: str = ""
    relation: str = ""  # what gave the right, where the line says so


# The two times let the planner take one month's part; there is no index by unit.
TRACED = (
    "SELECT id, recorded_at, kind, outcome = 'denied', emergency, user_id, user_name, account_id, patient_id, role,"
    " assurance, reason, coalesce(details->>'relation', '') FROM audit_line"
    " WHERE recorded_at >= %s AND recorded_at < %s AND actor_kind = 'staff' AND patient_id IS NOT NULL"
)


def traces_of_unit(unit_hsa_id: str, starts_at: datetime, ends_at: datetime) -> list[Trace]:
    """What a unit's staff did with patients' data between two instants, in the order of the log."""
    found = sql.rows(f"{TRACED} AND unit_hsa_id = %s ORDER BY id", [starts_at, ends_at, unit_hsa_id])
    return [Trace(*row) for row in found]


def traces(ids: Iterable[int], starts_at: datetime, ends_at: datetime) -> dict[int, Trace]:
    """Lines of a month by their ids."""
    found = sql.rows(f"{TRACED} AND id = ANY(%s)", [starts_at, ends_at, list(ids)])
    return {row[0]: Trace(*row) for row in found}


def latest(most: int = 20, *, after: int = 0) -> list[Reviewed]:
    """The last lines, oldest first, for the operator at the server's own terminal."""
    return [_reviewed(line) for line in Line.objects.filter(id__gt=after).order_by("-id")[:most]][::-1]


def count_by_kind(*, since: datetime) -> list[tuple[str, int]]:
    """How many lines of each kind since an instant, most first."""
    rows = Line.objects.filter(recorded_at__gte=since).values_list("kind").annotate(lines=Count("id"))
    return sorted(rows, key=lambda row: (-row[1], row[0]))


def count() -> int:
    return Line.objects.count()


# --- Out of the house ----------------------------------------------------------------------------


def export(
    form: Format,
    *,
    starts_at: datetime,
    ends_at: datetime,
    system_id: str,
    numbers_of: Callable[[set[int]], Mapping[int, str]],
    by: Actor,
    now: datetime,
) -> Iterator[Document]:
    """Lines of a time as documents, oldest first (docs/audit.md). The export is itself logged before it begins.

    `system_id` is our HSA-id; `numbers_of` gives the personal numbers of patients.
    """
    record(
        "audit.log.exported",
        by=by,
        now=now,
        activity=Activity.READ,
        form=form.value,
        starts_at=starts_at.isoformat(),
        ends_at=ends_at.isoformat(),
    )
    return _documents(form, starts_at, ends_at, system_id, numbers_of)


def _documents(
    form: Format,
    starts_at: datetime,
    ends_at: datetime,
    system_id: str,
    numbers_of: Callable[[set[int]], Mapping[int, str]],
) -> Iterator[Document]:
    after = (starts_at, 0)
    while True:
        lines = list(
            Line.objects.filter(Q(recorded_at=after[0], id__gt=after[1]) | Q(recorded_at__gt=after[0]))
            .filter(recorded_at__gte=after[0], recorded_at__lt=ends_at)
            .order_by("recorded_at", "id")[:EXPORTED_AT_ONCE]
        )
        wanted = [line for line in lines if form is Format.FHIR or is_of_storelog(line)]
        exporter = Exporter(system_id, numbers_of({line.patient_id for line in wanted if line.patient_id is not None}))
        yield from (DOCUMENTS[form](line, exporter) for line in wanted)
        if len(lines) < EXPORTED_AT_ONCE:
            return
        after = (lines[-1].recorded_at, lines[-1].id)


# --- How the log is --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Standing:
    """What those who watch over the servers ask for."""

    findings: int  # of the last verification
    verified_at: datetime | None
    without_month: int  # lines of this month that had no part of their own to go to


OTHERS = "SELECT count(*) FROM audit_line WHERE tableoid = 'audit_line_other'::regclass AND recorded_at >= %s"


def standing(*, now: datetime) -> Standing:
    last = Verification.objects.order_by("-id").first()
    month = now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    others = sql.row(OTHERS, [month])
    return Standing(last.findings if last else 0, last.verified_at if last else None, others[0] if others else 0)


def unknown_keys() -> list[str]:
    """Names of keys that chains or cuts are made with and that the settings do not have."""
    used = {*Shard.objects.values_list("key", flat=True), *Cut.objects.values_list("key", flat=True)}
    return sorted(used - set(settings.AUDIT_KEYS))
