"""The record of incidents, for administrators; what is due, for their first page and for the operator's alarms."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch, QuerySet

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity
from vardnav.incidents import rules
from vardnav.incidents.models import Assessment, Incident, Note, Report
from vardnav.incidents.rules import Deadline, Harm, IncidentGone, State, Step
from vardnav.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Known:
    """An incident in the list: how it is judged, and the deadline that comes first of those not met."""

    id: int
    title: str
    aware_at: datetime
    closed_at: datetime | None
    harms: tuple[Harm, ...]
    significant: bool
    concerns_people: bool
    deadlines: list[Deadline]

    @property
    def next(self) -> Deadline | None:
        return next((one for one in self.deadlines if one.sent_at is None), None)


@dataclass(frozen=True, slots=True)
class Record:
    """All that is written of one incident."""

    incident: Incident
    known: Known
    assessments: list[Assessment]  # the last first
    notes: list[Note]  # the last first
    reports: dict[Step, Report]


@dataclass(frozen=True, slots=True)
class Due:
    """A report that somebody must send now."""

    incident_id: int
    title: str
    deadline: Deadline


def incidents(*, by: Actor, now: datetime) -> list[Known]:
    """The open ones first, by what is due first; then the closed, the latest first. Raises NotForIncidents."""
    rules.check_may_keep(by)
    found = [_known(one, now) for one in _rows()]
    far = now.replace(year=9000)
    open_ones = [one for one in found if one.closed_at is None]
    open_ones.sort(key=lambda one: (one.next.due_at if one.next else far, -one.id))
    return open_ones + sorted((one for one in found if one.closed_at), key=lambda one: -one.id)


def record_of(incident_id: int, *, by: Actor, now: datetime, kind: str = "incidents.incident.read") -> Record:
    """Raises NotForIncidents, IncidentGone."""
    rules.check_may_keep(by)
    found = _rows().filter(id=incident_id).first()
    if found is None:
        raise IncidentGone
    audit.record(kind, by=by, now=now, activity=Activity.READ, resource=("incident", incident_id))
    return Record(
        incident=found,
        known=_known(found, now),
        assessments=list(found.assessments.all()),
        notes=list(found.notes.order_by("-id")),
        reports={Step(one.step): one for one in found.reports.all()},
    )


def due(now: datetime) -> list[Due]:
    """What is near or has passed in open incidents, first what is due first. No answer tells of a patient."""
    found = [
        Due(one.id, one.title, each)
        for one in _rows().filter(closed_at__isnull=True)
        for each in _deadlines(one, one.assessments.all()[0], now)
        if each.needs_somebody
    ]
    return sorted(found, key=lambda one: one.deadline.due_at)


def count_due(now: datetime) -> dict[State, int]:
    """How many reports are near their deadline, and how many are late."""
    found = [one.deadline.state for one in due(now)]
    return {state: found.count(state) for state in rules.IN_NEED}


def deadlines_of(incident: Incident, *, now: datetime) -> list[Deadline]:
    return _deadlines(incident, incident.assessments.order_by("-id")[0], now)


def _rows() -> QuerySet[Incident]:
    return Incident.objects.prefetch_related(
        Prefetch("assessments", queryset=Assessment.objects.order_by("-id")), "reports"
    )


def _deadlines(incident: Incident, assessed: Assessment, now: datetime) -> list[Deadline]:
    return rules.deadlines(
        incident.aware_at,
        significant=assessed.significant,
        concerns_people=assessed.concerns_people,
        sent={Step(one.step): (one.sent_at, one.sent_by) for one in incident.reports.all()},
        now=now,
    )


def _known(one: Incident, now: datetime) -> Known:
    assessed = one.assessments.all()[0]
    return Known(
        id=one.id,
        title=one.title,
        aware_at=one.aware_at,
        closed_at=one.closed_at,
        harms=tuple(Harm(harm) for harm in assessed.harms),
        significant=assessed.significant,
        concerns_people=assessed.concerns_people,
        deadlines=_deadlines(one, assessed, now),
    )
