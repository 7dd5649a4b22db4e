"""A review as its reviewer works through it: who, when, what and why, and of the patient an id and reasons."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Prefetch

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity
from vardnav.audit.selectors import Trace
from vardnav.kernel.actor import Actor
from vardnav.patients import selectors as patients
from vardnav.patients.rules import check_assurance
from vardnav.reviews.models import Answer, Judgement, Review, Sampled
from vardnav.reviews.rules import DECIDED, Risk, Verdict, check_may_review
from vardnav.reviews.selectors.own import of_sampled, regional, review_for, traces_of
from vardnav.tables import wall


@dataclass(frozen=True, slots=True)
class Item:
    """One line to judge. `line` is None when the log no longer keeps it."""

    id: int
    place: int
    by_lot: bool
    risks: tuple[Risk, ...]
    contact: str
    line: Trace | None
    judgements: tuple[Judgement, ...]  # the last first
    answers: dict[int, Answer]  # by judgement
    incident_id: int | None
    is_own: bool

    @property
    def verdict(self) -> Verdict | None:
        return Verdict(self.judgements[0].verdict) if self.judgements else None

    @property
    def decided(self) -> bool:
        return self.verdict in DECIDED

    @property
    def answer(self) -> Answer | None:
        return self.answers.get(self.judgements[0].id) if self.judgements else None


@dataclass(frozen=True, slots=True)
class Desk:
    review: Review
    items: list[Item]

    @property
    def judged(self) -> int:
        return sum(item.verdict is not None for item in self.items)

    @property
    def decided(self) -> int:
        return sum(item.decided for item in self.items)

    @property
    def next(self) -> Item | None:
        """The first that waits for a judgement, then one whose question is answered."""
        wanted = [item for item in self.items if not item.is_own]
        waiting = [item for item in wanted if item.verdict is None]
        return next(iter(waiting + [item for item in wanted if item.answer is not None]), None)


@transaction.atomic
def desk(review_id: int, *, by: Actor, now: datetime) -> Desk:
    """Each reading of a review leaves its line. Raises NotYourReview, LineNotInReview, AssuranceTooLow."""
    check_assurance(by)
    review = review_for(review_id, by)
    audit.record("reviews.review.read", by=by, now=now, activity=Activity.READ, resource=("review", review_id))
    rows = list(
        review.sampled.select_related("reported")
        .prefetch_related(Prefetch("judgements", Judgement.objects.select_related("answer").order_by("-id")))
        .order_by("place")
    )
    lines = traces_of([row.line_id for row in rows], review.month)
    return Desk(review, [_item(row, lines.get(row.line_id), by) for row in rows])


def _item(row: Sampled, line: Trace | None, by: Actor) -> Item:
    judgements = tuple(row.judgements.all())
    return Item(
        id=row.id,
        place=row.place,
        by_lot=row.by_lot,
        risks=tuple(risk for risk in Risk if risk.value in row.risks),
        contact=row.contact,
        line=line,
        judgements=judgements,
        answers={one.id: one.answer for one in judgements if hasattr(one, "answer")},
        incident_id=row.reported.incident_id if hasattr(row, "reported") else None,
        is_own=line is not None and (line.user_id == by.hsa_id or line.account_id == by.account_id),
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """Who the patient of a line is: on this answer and nowhere else."""

    name: str
    personal_number: str


@transaction.atomic
def shown_patient(sampled_id: int, *, by: Actor, now: datetime) -> Shown:
    """An active choice with a line of its own, which the patient sees too.

    Raises NotYourReview, LineNotInReview, AccessDenied, AssuranceTooLow.
    """
    found, line = of_sampled(sampled_id)
    check_may_review(by, found.review.unit_hsa_id, regional=regional(by))
    with wall.as_program():  # a reviewer has no relation to anybody: this one name is shown, and its line is written
        name, number = patients.introduce(
            line.patient_id, by=by, now=now, kind="reviews.patient.shown", reason=str(found.review)
        )
    return Shown(name, number)
