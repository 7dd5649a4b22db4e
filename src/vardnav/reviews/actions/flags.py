"""Flag a well-known person, whose lines are then always looked at."""

from datetime import datetime

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.patients import selectors as patients
from vardnav.reviews.models import Flag
from vardnav.reviews.rules import FlagGone, JudgementNotFounded, check_may_review
from vardnav.reviews.selectors import is_regional_reviewer
from vardnav.tables import wall


@transaction.atomic
def flag(personal_number: str, *, reason: str, by: Actor, now: datetime) -> Flag:
    """Flagged already is the same flag. Raises NotYourReview, FlagGone (no such person), JudgementNotFounded."""
    check_may_review(by, "", regional=is_regional_reviewer(by))
    if len(reason.strip()) < 10:
        raise JudgementNotFounded(least=10)
    with wall.as_program():  # only that there is such a person
        person_id = patients.id_of_number(personal_number)
        if person_id is None:
            raise FlagGone
        made, is_new = Flag.objects.get_or_create(
            person_id=person_id,
            ended_at=None,
            defaults={"reason": reason.strip(), "flagged_at": now, "flagged_by": by.name},
        )
    if is_new:
        audit.record("reviews.person.flagged", by=by, now=now, patient_id=person_id, resource=("flag", made.id))
    return made


@transaction.atomic
def unflag(flag_id: int, *, by: Actor, now: datetime) -> None:
    """Raises NotYourReview, FlagGone."""
    check_may_review(by, "", regional=is_regional_reviewer(by))
    found = Flag.objects.select_for_update().filter(id=flag_id, ended_at__isnull=True).first()
    if found is None:
        raise FlagGone
    Flag.objects.filter(id=flag_id).update(ended_at=now, ended_by=by.name)
    audit.record("reviews.person.unflagged", by=by, now=now, patient_id=found.person_id, resource=("flag", flag_id))
