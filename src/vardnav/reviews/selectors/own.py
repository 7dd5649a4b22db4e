"""One sampled line with its review and its trace: what every deed begins with."""

from datetime import date

from vardnav.audit import selectors as audit
from vardnav.audit.selectors import Trace
from vardnav.kernel.actor import Actor
from vardnav.organisation import selectors as organisation
from vardnav.organisation.rules import UnitKind
from vardnav.reviews.models import Review, Sampled
from vardnav.reviews.rules import LineNotInReview, bounds_of, check_may_review, is_regional
from vardnav.tables import wall


def regional(by: Actor) -> bool:
    """Whether the actor's unit is the region office."""
    unit = organisation.unit_by_hsa_id(by.unit_hsa_id) if by.unit_hsa_id else None
    return unit is not None and is_regional(UnitKind(unit.kind))


def review_for(review_id: int, by: Actor) -> Review:
    """Raises LineNotInReview, NotYourReview."""
    found = Review.objects.filter(id=review_id).first()
    if found is None:
        raise LineNotInReview
    check_may_review(by, found.unit_hsa_id, regional=regional(by))
    return found


def of_sampled(sampled_id: int) -> tuple[Sampled, Trace]:
    """Raises LineNotInReview."""
    found = Sampled.objects.select_related("review").filter(id=sampled_id).first()
    line = traces_of([found.line_id], found.review.month).get(found.line_id) if found else None
    if found is None or line is None:
        raise LineNotInReview
    return found, line


def traces_of(line_ids: list[int], month: date) -> dict[int, Trace]:
    """As a program: a head who answers may not read the log, and gets of it what the question is about."""
    with wall.as_program():
        return audit.traces(line_ids, *bounds_of(month))
