"""Judge lines, answer questions, finish a review, make an incident of what was wrong."""

from datetime import datetime

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.incidents import actions as incidents
from vardnav.kernel.actor import Actor
from vardnav.patients.rules import check_assurance
from vardnav.reviews.models import Answer, Judgement, Reported, Review, Sampled
from vardnav.reviews.rules import (
    DECIDED,
    JudgementNotFounded,
    LineNotInReview,
    NothingToAnswer,
    ReviewFinished,
    Verdict,
    check_may_answer,
    check_may_finish,
    check_may_judge,
    check_may_review,
    check_verdict,
)
from vardnav.reviews.selectors.own import of_sampled, regional


@transaction.atomic
def judge(sampled_id: int, verdict: Verdict, *, comment: str, by: Actor, now: datetime) -> Judgement:
    """A changed mind is a new judgement; the one before stays.

    Raises LineNotInReview, NotYourReview, OwnLine, ReviewFinished, JudgementNotFounded, AssuranceTooLow.
    """
    check_assurance(by)
    sampled, line = of_sampled(sampled_id)
    check_may_review(by, sampled.review.unit_hsa_id, regional=regional(by))
    check_may_judge(by, line.user_id, line.account_id)
    check_verdict(verdict, comment)
    _hold(sampled.review_id)
    made = Judgement.objects.create(
        sampled=sampled,
        verdict=verdict.value,
        comment=comment.strip(),
        account_id=by.account_id,
        judged_at=now,
        judged_by=by.name,
    )
    audit.record("reviews.line.judged", by=by, now=now, resource=("sampled line", sampled_id), verdict=verdict.value)
    return made


@transaction.atomic
def answer(sampled_id: int, *, text: str, by: Actor, now: datetime) -> Answer:
    """The head explains what was asked; the reviewer then decides.

    Raises LineNotInReview, NotYourReview, OwnLine, ReviewFinished, NothingToAnswer, JudgementNotFounded.
    """
    sampled, line = of_sampled(sampled_id)
    check_may_answer(by, sampled.review.unit_hsa_id, line.user_id, line.account_id)
    _hold(sampled.review_id)
    last = sampled.judgements.order_by("-id").first()
    if (
        last is None
        or last.verdict != Verdict.NEEDS_EXPLANATION.value
        or Answer.objects.filter(judgement=last).exists()
    ):
        raise NothingToAnswer
    if len(text.strip()) < 10:
        raise JudgementNotFounded(least=10)
    made = Answer.objects.create(judgement=last, text=text.strip(), answered_at=now, answered_by=by.name)
    audit.record("reviews.question.answered", by=by, now=now, resource=("sampled line", sampled_id))
    return made


@transaction.atomic
def finish(review_id: int, *, by: Actor, now: datetime) -> None:
    """Lock a review for good. Raises LineNotInReview, NotYourReview, ReviewFinished, NotAllJudged."""
    review = _hold(review_id)
    check_may_review(by, review.unit_hsa_id, regional=regional(by))
    rows = review.sampled.prefetch_related("judgements")
    verdicts = [max(row.judgements.all(), key=lambda one: one.id, default=None) for row in rows]
    decided = sum(one is not None and Verdict(one.verdict) in DECIDED for one in verdicts)
    check_may_finish(len(verdicts), decided)
    Review.objects.filter(id=review_id).update(finished_at=now, finished_by=by.name)
    audit.record("reviews.review.finished", by=by, now=now, resource=("review", review_id), lines=len(verdicts))


@transaction.atomic
def report_incident(sampled_id: int, *, by: Actor, now: datetime) -> int:
    """Make an incident of a line judged unwarranted: the facts without the patient. Once; again is the same one.

    Raises LineNotInReview, NotYourReview, NothingToAnswer.
    """
    sampled, line = of_sampled(sampled_id)
    check_may_review(by, sampled.review.unit_hsa_id, regional=regional(by))
    last = sampled.judgements.order_by("-id").first()
    if last is None or last.verdict != Verdict.UNWARRANTED.value:
        raise NothingToAnswer
    made = incidents.report_found(
        title=f"Obefogad åtkomst, {sampled.review.unit_name}"[:150],
        text=_facts(sampled, line.id, line.kind, line.recorded_at),
        source=f"sampled line {sampled_id}",
        by=by,
        now=now,
    )
    Reported.objects.get_or_create(
        sampled=sampled, defaults={"incident": made, "reported_at": now, "reported_by": by.name}
    )
    return made.id


def _facts(sampled: Sampled, line_id: int, kind: str, at: datetime) -> str:
    """Where everything stands, for who has the right to read it there: no name, no number, no comment."""
    return (
        f"Vid loggranskningen av {sampled.review.unit_name} för {sampled.review.month:%Y-%m} bedömdes en åtkomst som "
        f"obefogad. Rad {line_id} i loggen ({kind}, {at:%Y-%m-%d}), rad {sampled.place} i granskning "
        f"{sampled.review_id}. Vem, vilken patient och bedömningen står i granskningen."
    )


def _hold(review_id: int) -> Review:
    """Locked, so that nobody judges while another finishes. Raises LineNotInReview, ReviewFinished."""
    found = Review.objects.select_for_update().filter(id=review_id).first()
    if found is None:
        raise LineNotInReview
    if found.finished_at is not None:
        raise ReviewFinished
    return found
