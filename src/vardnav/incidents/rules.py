"""When an incident must be reported, to whom, and what may stand in its record.

Directive (EU) 2022/2555 (NIS 2) article 23(4), in Sweden the Cybersecurity Act (2025:1506): an early warning within
24 hours and a notification within 72 hours of becoming aware of a significant incident, and a final report not later
than one month after *the submission of the notification*. GDPR article 33(1): to the privacy authority (IMY) within
72 hours of becoming aware of a personal data breach.

Hours are hours that pass, also over a night when the clock is moved. A month ends at the same time of day in Sweden
on the day of the same number in the next month, or on that month's last day where it has no such day. It is not moved
past Saturdays and holidays, although Regulation (EEC, Euratom) 1182/71 article 3(4) might allow it: a report on time by
this reckoning is on time by every other.
"""

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from vardnav.kernel.actor import Actor, ActorKind, Role
from vardnav.kernel.errors import Refusal
from vardnav.kernel.personal_number import NotAPersonalNumber, parse

SWEDEN = ZoneInfo("Europe/Stockholm")
NUMBER = re.compile(r"(?<!\d)(?:\d{2})?\d{6}\s?[-+–−]?\s?(?:\d{4}|[Rr]\d{3})(?!\d)")


class Harm(StrEnum):
    """What was harmed."""

    AVAILABILITY = "availability"
    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"


class Step(StrEnum):
    """What must be sent, in the order of their deadlines."""

    EARLY_WARNING = "early_warning"
    NOTIFICATION = "notification"
    PRIVACY = "privacy"
    FINAL_REPORT = "final_report"


class State(StrEnum):
    """How a deadline stands."""

    WAITING = "waiting"
    NEAR = "near"
    LATE = "late"  # passed, and nothing is sent
    SENT = "sent"
    SENT_LATE = "sent_late"


OF_CYBERSECURITY = (Step.EARLY_WARNING, Step.NOTIFICATION, Step.FINAL_REPORT)
HOURS = {Step.EARLY_WARNING: 24, Step.NOTIFICATION: 72, Step.PRIVACY: 72}
NEAR = {
    Step.EARLY_WARNING: timedelta(hours=6),
    Step.NOTIFICATION: timedelta(hours=24),
    Step.PRIVACY: timedelta(hours=24),
    Step.FINAL_REPORT: timedelta(days=7),
}
IN_NEED = (State.LATE, State.NEAR)


class NotForIncidents(Refusal):
    """Only an administrator keeps the record of incidents."""

    status = 403


class PersonInText(Refusal):
    """There is a personal number in the text: the record of incidents never tells of a patient."""

    status = 422


class BadIncident(Refusal):
    """An incident has a title, a text, something harmed, and was known of before now."""

    status = 422


class IncidentGone(Refusal):
    """There is no such incident, or it is closed."""


class AlreadySent(Refusal):
    """That report is sent already."""


class NotDue(Refusal):
    """The incident needs no such report, or the one before it is not sent."""


class StillDue(Refusal):
    """A report is still to be sent: the incident cannot be closed."""


def check_may_keep(by: Actor) -> None:
    """Raises NotForIncidents."""
    if by.kind is not ActorKind.SYSTEM and by.role is not Role.ADMINISTRATOR:
        raise NotForIncidents


def check_may_report(by: Actor) -> None:
    """Who reviews the log reports what they find, and sees no more of the record.

    Raises NotForIncidents.
    """
    if by.role is not Role.LOG_REVIEWER:
        check_may_keep(by)


def check_text(*texts: str, on: date) -> None:
    """Whole numbers only, in every form people write them; names nobody can tell from other words.

    Raises PersonInText.
    """
    for text in texts:
        if any(_is_personal(found.group(), on) for found in NUMBER.finditer(text)):
            raise PersonInText


def _is_personal(text: str, on: date) -> bool:
    try:
        parse(re.sub(r"\s", "", text), on)
    except NotAPersonalNumber:
        return False
    return True


def check_incident(title: str, text: str, harms: Iterable[Harm], aware_at: datetime, now: datetime) -> None:
    """Raises BadIncident, PersonInText."""
    if not title.strip():
        raise BadIncident("Write a title.", field="title")
    if not text.strip():
        raise BadIncident("Write what has happened.", field="text")
    if not list(harms):
        raise BadIncident("Choose what was harmed.", field="harms")
    if aware_at > now:
        raise BadIncident("Nobody has become aware of it in the future.", field="aware_at")
    check_text(title, text, on=now.date())


def hours_after(instant: datetime, hours: int) -> datetime:
    """So many hours that pass: reckoned in UTC, where no hour is missing or comes twice."""
    return instant.astimezone(UTC) + timedelta(hours=hours)


def month_after(instant: datetime) -> datetime:
    """The same time of day in Sweden a month later; the last day of a month that has no such day.

    A time that does not exist, in the hour left out in spring, is that many minutes later, as the clock goes; of one
    that comes twice in autumn it is the first.
    """
    local = instant.astimezone(SWEDEN)
    year, month = (local.year + 1, 1) if local.month == 12 else (local.year, local.month + 1)
    day = min(local.day, calendar.monthrange(year, month)[1])
    return local.replace(year=year, month=month, day=day, fold=0).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Deadline:
    """One report, when it must be sent and how that stands."""

    step: Step
    due_at: datetime
    provisional: bool  # the month begins when the notification is sent, which it is not yet
    sent_at: datetime | None
    sent_by: str
    state: State

    @property
    def needs_somebody(self) -> bool:
        return self.state in IN_NEED


def steps_of(significant: bool, concerns_people: bool) -> tuple[Step, ...]:
    """What an incident must be reported by; none when it is neither significant nor about people."""
    wanted = {*(OF_CYBERSECURITY if significant else ()), *((Step.PRIVACY,) if concerns_people else ())}
    return tuple(step for step in Step if step in wanted)


def due_at(step: Step, aware_at: datetime, notified_at: datetime | None) -> datetime:
    """The final report follows the notification; before that is sent, the last instant it may be."""
    if step is Step.FINAL_REPORT:
        return month_after(notified_at or hours_after(aware_at, HOURS[Step.NOTIFICATION]))
    return hours_after(aware_at, HOURS[step])


def deadlines(
    aware_at: datetime,
    *,
    significant: bool,
    concerns_people: bool,
    sent: dict[Step, tuple[datetime, str]],
    now: datetime,
) -> list[Deadline]:
    """Every report of an incident with its deadline and state, in the order they fall due."""
    notified_at = sent[Step.NOTIFICATION][0] if Step.NOTIFICATION in sent else None
    wanted = {*steps_of(significant, concerns_people), *sent}
    found = []
    for step in (one for one in Step if one in wanted):
        due = due_at(step, aware_at, notified_at)
        at, by = sent.get(step, (None, ""))
        provisional = step is Step.FINAL_REPORT and notified_at is None
        found.append(Deadline(step, due, provisional, at, by, state_of(step, due, at, now)))
    return sorted(found, key=lambda one: one.due_at)


def state_of(step: Step, due: datetime, sent_at: datetime | None, now: datetime) -> State:
    """The last instant is still in time."""
    if sent_at is not None:
        return State.SENT if sent_at <= due else State.SENT_LATE
    if now > due:
        return State.LATE
    return State.NEAR if due - now <= NEAR[step] else State.WAITING


def check_may_send(step: Step, found: list[Deadline], sent_at: datetime, aware_at: datetime, now: datetime) -> None:
    """Raises NotDue, AlreadySent, BadIncident."""
    one = next((each for each in found if each.step is step), None)
    if one is None or one.provisional:
        raise NotDue
    if one.sent_at is not None:
        raise AlreadySent
    if not aware_at.replace(second=0, microsecond=0) <= sent_at <= now:  # people write minutes
        raise BadIncident("A report is sent after the incident was known, and not in the future.", field="sent_at")


def check_may_close(found: list[Deadline]) -> None:
    """Raises StillDue."""
    if any(one.sent_at is None for one in found):
        raise StillDue
