"""Who may look, judge and answer; when a review is done, and when it is late."""

from datetime import date
from enum import StrEnum

from vardnav.kernel.actor import Actor, ActorKind, Role
from vardnav.kernel.errors import Refusal
from vardnav.organisation.rules import UnitKind

SHORTEST = 10


class Verdict(StrEnum):
    WARRANTED = "warranted"
    NEEDS_EXPLANATION = "needs_explanation"
    UNWARRANTED = "unwarranted"


DECIDED = frozenset({Verdict.WARRANTED, Verdict.UNWARRANTED})


class State(StrEnum):
    OPEN = "open"
    WAITING = "waiting"  # for an explanation, and nothing else is left to judge
    LATE = "late"
    DONE = "done"
    DONE_LATE = "done_late"


class NotYourReview(Refusal):
    """You review the lines of your own unit only."""

    status = 403


class OwnLine(Refusal):
    """Nobody judges what they did themselves."""

    status = 403


class ReviewFinished(Refusal):
    """The review is finished: it cannot be changed."""


class NotAllJudged(Refusal):
    """Every line is judged, and every question decided, before a review is finished."""


class JudgementNotFounded(Refusal):
    """Write why, with at least ten characters."""

    status = 422


class NothingToAnswer(Refusal):
    """No explanation is asked for."""


class LineNotInReview(Refusal):
    """There is no such review or line."""


class AlreadyReviewed(Refusal):
    """That month has its review. An extra one needs its own reason."""


class FlagGone(Refusal):
    """The person is not flagged, or there is no such person."""


def is_regional(kind: UnitKind) -> bool:
    """At the region office one reviews, and follows, all units."""
    return kind is UnitKind.REGION_OFFICE


def check_may_review(by: Actor, unit_hsa_id: str, *, regional: bool) -> None:
    """Raises NotYourReview."""
    if by.kind is ActorKind.SYSTEM:
        return
    if by.role is not Role.LOG_REVIEWER or not (regional or by.unit_hsa_id == unit_hsa_id):
        raise NotYourReview


def check_may_follow(by: Actor, unit_hsa_id: str | None, *, regional: bool) -> None:
    """Figures and states, never lines: of one unit its head and reviewers, of all the region. Raises NotYourReview."""
    if by.kind is ActorKind.SYSTEM or by.role is Role.REGION_PLANNER:
        return
    if by.role is Role.LOG_REVIEWER and regional:
        return
    if by.role not in (Role.LOG_REVIEWER, Role.CLINIC_HEAD) or unit_hsa_id is None or by.unit_hsa_id != unit_hsa_id:
        raise NotYourReview


def check_may_judge(by: Actor, line_user_id: str, line_account_id: int | None) -> None:
    """One who acts under two assignments is still the same one.

    Raises OwnLine.
    """
    if (by.hsa_id and by.hsa_id == line_user_id) or (by.account_id and by.account_id == line_account_id):
        raise OwnLine


def check_may_answer(by: Actor, unit_hsa_id: str, line_user_id: str, line_account_id: int | None) -> None:
    """The head of the unit explains what the staff did, and not what the head did.

    Raises NotYourReview, OwnLine.
    """
    if by.role is not Role.CLINIC_HEAD or by.unit_hsa_id != unit_hsa_id:
        raise NotYourReview
    check_may_judge(by, line_user_id, line_account_id)


def check_verdict(verdict: Verdict, comment: str) -> None:
    """Whatever is not warranted needs its words.

    Raises JudgementNotFounded.
    """
    if verdict is not Verdict.WARRANTED and len(comment.strip()) < SHORTEST:
        raise JudgementNotFounded(least=SHORTEST)


def check_may_finish(sampled: int, decided: int) -> None:
    """Raises NotAllJudged."""
    if decided < sampled:
        raise NotAllJudged(left=sampled - decided)


def state_of(*, sampled: int, judged: int, decided: int, due_on: date, finished_on: date | None, today: date) -> State:
    """The due day itself is in time."""
    if finished_on is not None:
        return State.DONE if finished_on <= due_on else State.DONE_LATE
    if today > due_on:
        return State.LATE
    return State.WAITING if judged == sampled and decided < sampled else State.OPEN
