"""What happens by itself, and when."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from tests import factories as make
from vardnav.listing import jobs
from vardnav.listing.models import ClinicCount, Listing


@pytest.mark.parametrize(
    ("at", "night"),
    [
        (datetime(2026, 1, 10, 22, 59, tzinfo=UTC), False),
        (datetime(2026, 1, 10, 23, 0, tzinfo=UTC), True),
        (datetime(2026, 7, 10, 22, 0, tzinfo=UTC), True),
        (datetime(2026, 3, 29, 2, 59, tzinfo=UTC), True),  # the clock has gone from 2 to 3
        (datetime(2026, 3, 29, 3, 0, tzinfo=UTC), False),
        (datetime(2026, 10, 25, 3, 59, tzinfo=UTC), True),  # it has been 2 twice
    ],
)
def test_night_is_swedish_summer_and_winter(at: datetime, night: bool) -> None:
    assert jobs.is_night(at) is night


@pytest.mark.django_db
def test_a_midnight_that_was_slept_through_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """At ten in the morning: the cap that ended at midnight has ended, the clinic that closed has nobody left."""
    at = datetime(2026, 3, 16, 9, 5, tzinfo=UTC)
    monkeypatch.setattr(timezone, "now", lambda: at)
    capped, closed, who = make.full_clinic(), make.clinic("Stängd"), make.person()
    make.Cap.objects.filter(clinic=capped).update(ends_on=at.date())
    make.listed(who, closed)
    make.Unit.objects.filter(id=closed.id).update(ends_on=at.date())
    jobs.follow_the_day(0)
    assert ClinicCount.objects.get(clinic=capped).cap is None
    assert Listing.objects.filter(person=who, ends_on=None).get().clinic_id == capped.id
