"""How the reviews go, for those who follow them: states and figures, and never a line or a patient."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity
from vardnav.audit.selectors import Trace
from vardnav.identity import selectors as identity
from vardnav.kernel.actor import Actor, Role
from vardnav.organisation import selectors as organisation
from vardnav.reviews.models import Flag, Judgement
from vardnav.reviews.rules import NotYourReview, State, Verdict, check_may_follow, check_may_review, state_of
from vardnav.reviews.selectors.own import regional, traces_of
from vardnav.tables import sql

# The last judgement of each line, counted: one statement for all reviews of a period.
COUNTED = """
SELECT r.id, r.unit_hsa_id, r.unit_name, r.month, r.number, r.reason, r.lines, r.due_on, r.finished_at, r.finished_by,
       count(s.id), count(s.id) FILTER (WHERE s.by_lot), count(j.verdict),
       count(*) FILTER (WHERE j.verdict = 'warranted'), count(*) FILTER (WHERE j.verdict = 'needs_explanation'),
       count(*) FILTER (WHERE j.verdict = 'unwarranted'),
       count(*) FILTER (WHERE j.verdict = 'needs_explanation' AND j.answered),
       count(*) FILTER (WHERE EXISTS (SELECT FROM reviews_reported p WHERE p.sampled_id = s.id))
FROM reviews_review r
LEFT JOIN reviews_sampled s ON s.review_id = r.id
LEFT JOIN LATERAL (
    SELECT j.verdict, EXISTS (SELECT FROM reviews_answer a WHERE a.judgement_id = j.id) AS answered
    FROM reviews_judgement j WHERE j.sampled_id = s.id ORDER BY j.id DESC LIMIT 1) j ON true
WHERE r.month >= %(since)s AND (%(unit)s = '' OR r.unit_hsa_id = %(unit)s)
GROUP BY r.id ORDER BY r.month DESC, r.unit_name, r.number
"""


@dataclass(frozen=True, slots=True)
class Row:
    """A review in figures."""

    id: int
    unit_hsa_id: str
    unit_name: str
    month: date
    number: int
    reason: str
    lines: int
    due_on: date
    finished_at: datetime | None
    finished_by: str
    sampled: int
    by_lot: int
    judged: int
    warranted: int
    asked: int
    unwarranted: int
    answered: int
    incidents: int
    state: State

    @property
    def decided(self) -> int:
        return self.warranted + self.unwarranted


def is_regional_reviewer(by: Actor) -> bool:
    return by.role is Role.LOG_REVIEWER and regional(by)


def reviews(*, by: Actor, now: datetime, months: int = 13) -> list[Row]:
    """Those this actor may follow, the latest month first. Raises NotYourReview."""
    all_of_them = by.role is Role.REGION_PLANNER or is_regional_reviewer(by)
    unit = "" if all_of_them else (by.unit_hsa_id or "-")
    check_may_follow(by, unit or None, regional=all_of_them)
    return _rows(unit, _months_ago(localdate(now), months), localdate(now))


def _rows(unit: str, since: date, today: date) -> list[Row]:
    found = []
    for row in sql.rows(COUNTED, {"since": since, "unit": unit}):
        sampled, judged, warranted, unwarranted = row[10], row[12], row[13], row[15]
        state = state_of(
            sampled=sampled,
            judged=judged,
            decided=warranted + unwarranted,
            due_on=row[7],
            finished_on=localdate(row[8]) if row[8] else None,
            today=today,
        )
        values: list[Any] = [*row, state]
        found.append(Row(*values))
    return found


def _months_ago(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of the reviews, by unit and month; and the units where nobody can make them."""

    rows: list[Row]
    without_reviewer: list[str]


def figures(*, by: Actor, now: datetime) -> Figures:
    """Raises NotYourReview."""
    rows = reviews(by=by, now=now)
    audit.record("reviews.figures.read", by=by, now=now, activity=Activity.READ)
    return Figures(rows, _without_reviewer(by, now))


def _without_reviewer(by: Actor, now: datetime) -> list[str]:
    """Clinics nobody reviews; one at the region office reviews them all."""
    held = identity.units_with(Role.LOG_REVIEWER, now)
    offices = {unit.hsa_id for unit in organisation.units(localdate(now)) if unit.kind == "region_office"}
    if held & offices:
        return []
    own = by.unit_hsa_id if by.role is Role.CLINIC_HEAD else None
    clinics = organisation.clinics(localdate(now))
    return [unit.name for unit in clinics if unit.hsa_id not in held and own in (None, unit.hsa_id)]


def review_units(*, by: Actor, now: datetime) -> list[tuple[str, str]]:
    """The units this reviewer can make a review of: HSA-id and name. Raises NotYourReview."""
    if is_regional_reviewer(by):
        return [(unit.hsa_id, unit.name) for unit in organisation.units(localdate(now))]
    check_may_review(by, by.unit_hsa_id or "", regional=False)
    return [(by.unit_hsa_id or "", by.acting.unit_name if by.acting else "")]


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the first pages of heads, reviewers and the region tell of reviews."""

    open: int
    late: int
    questions: int  # to the head
    next_due_on: date | None
    without_reviewer: int

    @property
    def any(self) -> bool:
        return bool(self.open or self.late or self.questions or self.without_reviewer)


def waiting_for(*, by: Actor, now: datetime) -> Waiting:
    """Raises NotYourReview."""
    rows = [row for row in reviews(by=by, now=now) if row.finished_at is None]
    due = [row.due_on for row in rows if row.state is not State.LATE]
    return Waiting(
        open=len(due),
        late=len(rows) - len(due),
        questions=sum(row.asked - row.answered for row in rows) if by.role is Role.CLINIC_HEAD else 0,
        next_due_on=min(due, default=None),
        without_reviewer=len(_without_reviewer(by, now)),
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the head of a unit, about a line of one of the staff."""

    judgement: Judgement
    line: Trace | None
    answer: str
    is_own: bool


def asked_of(*, by: Actor, now: datetime) -> list[Asked]:
    """Open questions first, then those answered in reviews still open. Each reading leaves its line.

    Raises NotYourReview.
    """
    if by.role is not Role.CLINIC_HEAD or by.unit_hsa_id is None:
        raise NotYourReview
    audit.record("reviews.questions.read", by=by, now=now, activity=Activity.READ)
    latest = "(SELECT max(j.id) FROM reviews_judgement j WHERE j.sampled_id = reviews_judgement.sampled_id)"
    rows = (
        Judgement.objects.filter(
            sampled__review__unit_hsa_id=by.unit_hsa_id,
            sampled__review__finished_at__isnull=True,
            verdict=Verdict.NEEDS_EXPLANATION.value,
        )
        .extra(where=[f"reviews_judgement.id = {latest}"])  # noqa: S610 - our own constant
        .select_related("sampled__review", "answer")
        .order_by("id")
    )
    found = [_asked(row, by) for row in rows]
    return sorted(found, key=lambda one: (one.answer != "", one.judgement.id))


def _asked(row: Judgement, by: Actor) -> Asked:
    line = traces_of([row.sampled.line_id], row.sampled.review.month).get(row.sampled.line_id)
    return Asked(
        judgement=row,
        line=line,
        answer=row.answer.text if hasattr(row, "answer") else "",
        is_own=line is not None and (line.user_id == by.hsa_id or line.account_id == by.account_id),
    )


def flags(*, by: Actor, now: datetime) -> list[Flag]:
    """The well-known people whose lines are always looked at, by id: those in force, and those of the last year.

    Raises NotYourReview: only the region's reviewers keep the list.
    """
    check_may_review(by, "", regional=is_regional_reviewer(by))
    audit.record("reviews.flags.read", by=by, now=now, activity=Activity.READ)
    since = now.replace(year=now.year - 1, day=1)
    return list(Flag.objects.filter(Q(ended_at__isnull=True) | Q(ended_at__gt=since)).order_by("-ended_at", "-id"))
