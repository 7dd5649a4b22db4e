"""Draw a review: the lot and the risks of one unit's month."""

import secrets
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.organisation import selectors as organisation
from vardnav.organisation.rules import UnitKind
from vardnav.parameters.selectors import in_force
from vardnav.reviews.models import Review, Sampled
from vardnav.reviews.rules import (
    AlreadyReviewed,
    JudgementNotFounded,
    LineNotInReview,
    ReviewParameters,
    check_may_review,
    draw,
    draw_risks,
    due_on,
    month_of,
    previous_month,
    risks_of,
    size_of,
)
from vardnav.reviews.selectors import facts_of_month
from vardnav.reviews.selectors.own import regional
from vardnav.tables import sql, wall

# The region office too: its reviewers open names, and somebody else looks at that.
REVIEWED = (UnitKind.CLINIC.value, UnitKind.HOSPITAL_CLINIC.value, UnitKind.REGION_OFFICE.value)
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"  # two who draw the same month take turns


def draw_month(month: date, *, by: Actor, now: datetime) -> int:
    """The month's review of every unit that has none; answers how many were drawn. Again is nothing to do."""
    there = set(Review.objects.filter(month=month, number=0).values_list("unit_hsa_id", flat=True))
    units = [unit for unit in organisation.units(month) if unit.kind in REVIEWED and unit.hsa_id not in there]
    for unit in units:
        draw_review(unit.hsa_id, unit.name, month, by=by, now=now)
    return len(units)


def draw_extra(unit_hsa_id: str, month: date, *, reason: str, by: Actor, now: datetime) -> Review:
    """One more, by hand, of a month that has begun. Raises NotYourReview, JudgementNotFounded, AlreadyReviewed."""
    check_may_review(by, unit_hsa_id, regional=regional(by))
    unit = organisation.unit_by_hsa_id(unit_hsa_id)
    if unit is None or month_of(month) > localdate(now):
        raise LineNotInReview
    if len(reason.strip()) < 10:
        raise JudgementNotFounded(least=10)
    return draw_review(unit_hsa_id, unit.name, month_of(month), by=by, now=now, reason=reason.strip())


@transaction.atomic
def draw_review(
    unit_hsa_id: str, unit_name: str, month: date, *, by: Actor, now: datetime, reason: str = "", seed: str = ""
) -> Review:
    """Raises AlreadyReviewed. The seed is stored: with it and the log anybody can draw the same lines again."""
    sql.run(LOCK, [f"reviews:{unit_hsa_id}:{month}"])
    numbers = list(Review.objects.filter(unit_hsa_id=unit_hsa_id, month=month).values_list("number", flat=True))
    if not reason and 0 in numbers:
        raise AlreadyReviewed
    p = in_force(ReviewParameters, localdate(now))
    seed = seed or secrets.token_hex(16)
    with wall.as_program():  # the facts compared are of residents nobody here has a relation to; none is shown
        facts = facts_of_month(unit_hsa_id, month, p)
    lot = draw([line.id for line, _, _ in facts], seed, size_of(len(facts), p))
    risks = {seen.line_id: found for _, seen, _ in facts if (found := risks_of(seen))}
    alike = {
        line.id: (line.user_id, line.patient_id, seen.on, risks[line.id]) for line, seen, _ in facts if line.id in risks
    }
    graver = draw_risks(
        {one: why for one, why in risks.items() if one not in set(lot)}, alike, seed, p.review_risk_most
    )
    review = Review.objects.create(
        unit_hsa_id=unit_hsa_id,
        unit_name=unit_name,
        month=month,
        number=max(numbers, default=0) + 1 if reason else 0,
        reason=reason,
        seed=seed,
        lines=len(facts),
        due_on=due_on(max(month, previous_month(localdate(now))), p.review_due_day),
        made_at=now,
        made_by=by.name,
    )
    contact = {line.id: name for line, _, name in facts}
    Sampled.objects.bulk_create(
        Sampled(
            review=review,
            line_id=one,
            place=place,
            by_lot=place > len(graver),
            risks=sorted(risks.get(one, ())),
            contact=contact[one],
        )
        for place, one in enumerate([*graver, *sorted(lot)], 1)
    )
    audit.record(
        "reviews.review.drawn",
        by=by,
        now=now,
        resource=("review", review.id),
        reason=reason,
        unit=unit_hsa_id,
        month=month.isoformat(),
        lines=len(facts),
        by_lot=len(lot),
        by_risk=len(graver),
    )
    if not facts:
        Review.objects.filter(id=review.id).update(finished_at=now, finished_by=by.name)
    return review
