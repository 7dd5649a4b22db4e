"""Write down an incident, what is thought of it, what was done and what was sent."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.incidents import rules
from vardnav.incidents.models import Assessment, Incident, Note, Report
from vardnav.incidents.rules import Harm, IncidentGone, Step
from vardnav.incidents.selectors import deadlines_of
from vardnav.kernel.actor import Actor


@transaction.atomic
def open_incident(
    *,
    title: str,
    text: str,
    harms: Iterable[Harm],
    significant: bool,
    concerns_people: bool,
    aware_at: datetime,
    by: Actor,
    now: datetime,
    systems: str = "",
    aware_by: str = "",
) -> Incident:
    """Raises NotForIncidents, BadIncident, PersonInText."""
    rules.check_may_keep(by)
    harms = sorted(set(harms))
    rules.check_incident(title, text, harms, aware_at, now)
    rules.check_text(systems, aware_by, on=now.date())
    made = Incident.objects.create(
        title=title.strip(),
        text=text.strip(),
        aware_at=aware_at,
        aware_by=aware_by.strip() or by.name,
        opened_at=now,
        opened_by=by.name,
    )
    _assess(made, harms, systems, significant, concerns_people, "", by, now)
    audit.record("incidents.incident.opened", by=by, now=now, resource=("incident", made.id))
    return made


@transaction.atomic
def report_found(*, title: str, text: str, source: str, by: Actor, now: datetime) -> Incident:
    """What a reviewer of the log has found: an intrusion among our own. Once for a source; the same again is the same.

    An administrator judges whether it is significant; that it concerns people is known.

    Raises NotForIncidents, PersonInText.
    """
    rules.check_may_report(by)
    earlier = Incident.objects.filter(source=source).first()
    if earlier is not None:
        return earlier
    rules.check_incident(title, text, [Harm.CONFIDENTIALITY], now, now)
    made = Incident.objects.create(
        title=title, text=text, source=source, aware_at=now, aware_by=by.name, opened_at=now, opened_by=by.name
    )
    _assess(made, [Harm.CONFIDENTIALITY], "Vårdnav", False, True, "", by, now)
    audit.record("incidents.incident.reported", by=by, now=now, resource=("incident", made.id), source=source)
    return made


@transaction.atomic
def assess(
    incident_id: int,
    *,
    harms: Iterable[Harm],
    systems: str,
    significant: bool,
    concerns_people: bool,
    why: str,
    by: Actor,
    now: datetime,
) -> None:
    """A new assessment; the ones before stay. The deadlines follow it.

    Raises NotForIncidents, IncidentGone, BadIncident, PersonInText.
    """
    found = _held(incident_id, by)
    harms = sorted(set(harms))
    rules.check_incident(found.title, why, harms, found.aware_at, now)
    rules.check_text(systems, on=now.date())
    _assess(found, harms, systems, significant, concerns_people, why, by, now)
    audit.record("incidents.incident.assessed", by=by, now=now, resource=("incident", incident_id))


@transaction.atomic
def note(incident_id: int, *, text: str, by: Actor, now: datetime) -> Note:
    """Raises NotForIncidents, IncidentGone, BadIncident, PersonInText."""
    found = _held(incident_id, by)
    rules.check_incident(found.title, text, [Harm.AVAILABILITY], found.aware_at, now)
    made = Note.objects.create(incident=found, text=text.strip(), noted_at=now, noted_by=by.name)
    audit.record("incidents.note.written", by=by, now=now, resource=("incident", incident_id))
    return made


@transaction.atomic
def send(
    incident_id: int, step: Step, *, sent_at: datetime, reference: str, by: Actor, now: datetime, sent_by: str = ""
) -> Report:
    """Write down that a report was sent to its authority; the program sends nothing itself.

    Raises NotForIncidents, IncidentGone, NotDue, AlreadySent, BadIncident, PersonInText.
    """
    found = _held(incident_id, by)
    rules.check_may_send(step, deadlines_of(found, now=now), sent_at, found.aware_at, now)
    rules.check_text(reference, sent_by, on=now.date())
    made = Report.objects.create(
        incident=found,
        step=step.value,
        reference=reference.strip(),
        sent_at=sent_at,
        sent_by=sent_by.strip() or by.name,
        written_at=now,
        written_by=by.name,
    )
    audit.record("incidents.report.sent", by=by, now=now, resource=("incident", incident_id), step=step.value)
    return made


@transaction.atomic
def close(incident_id: int, *, by: Actor, now: datetime) -> None:
    """Raises NotForIncidents, IncidentGone, StillDue."""
    found = _held(incident_id, by)
    rules.check_may_close(deadlines_of(found, now=now))
    Incident.objects.filter(id=incident_id).update(closed_at=now, closed_by=by.name)
    audit.record("incidents.incident.closed", by=by, now=now, resource=("incident", incident_id))


def _held(incident_id: int, by: Actor) -> Incident:
    """An open incident, locked."""
    rules.check_may_keep(by)
    found = Incident.objects.select_for_update().filter(id=incident_id, closed_at__isnull=True).first()
    if found is None:
        raise IncidentGone
    return found


def _assess(
    of: Incident,
    harms: list[Harm],
    systems: str,
    significant: bool,
    concerns_people: bool,
    why: str,
    by: Actor,
    now: datetime,
) -> None:
    Assessment.objects.create(
        incident=of,
        harms=[harm.value for harm in harms],
        systems=systems.strip(),
        significant=significant,
        concerns_people=concerns_people,
        why=why.strip(),
        assessed_at=now,
        assessed_by=by.name,
    )
