"""Point out reviews that are due soon or late. Staff have no inbox: their first pages show it, and a row tells that."""

from datetime import date, datetime, timedelta

from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.reviews.models import Reminder, Review

SOON = timedelta(days=5)


def remind(*, by: Actor, now: datetime) -> int:
    """Once a day for each open review, from five days before it is due; answers how many."""
    today: date = localdate(now)
    due = Review.objects.filter(finished_at__isnull=True, due_on__lte=today + SOON).exclude(reminders__on_date=today)
    made = Reminder.objects.bulk_create(
        [
            Reminder(review=one, on_date=today, late=one.due_on < today, reminded_at=now, reminded_by=by.name)
            for one in due
        ],
        ignore_conflicts=True,
    )
    if made:
        late = sum(one.late for one in made)
        audit.record("reviews.review.reminded", by=by, now=now, reviews=len(made), late=late)
    return len(made)
