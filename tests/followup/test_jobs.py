"""What happens by itself."""

from datetime import UTC, date, datetime

import pytest
from procrastinate.contrib.django import app

from tests import factories as make
from vardnav.followup import jobs
from vardnav.followup.models import RegionSnapshot
from vardnav.listing import jobs as listing_jobs
from vardnav.listing.models import Cap, ClinicCount, Offer, QueuePlace

JOBS = {
    "vardnav.followup.jobs.count_today": "*/10 * * * *",
    "vardnav.listing.jobs.expire": "* * * * *",
    "vardnav.listing.jobs.follow_the_day": "5 * * * *",
}


def test_the_worker_knows_every_job_and_when() -> None:
    known = {task.task.name: task.cron for task in app.periodic_registry.periodic_tasks.values()}
    assert JOBS.items() <= known.items()


@pytest.mark.django_db
def test_today_is_counted_and_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    make.clinic()
    for minute in (0, 10):
        now = datetime(2026, 3, 15, 23, minute, tzinfo=UTC)  # already the 16th in Sweden
        monkeypatch.setattr("django.utils.timezone.now", lambda now=now: now)
        jobs.count_today(0)
    row = RegionSnapshot.objects.get()
    assert (row.taken_on.isoformat(), row.counted_at.minute, row.counted_by) == ("2026-03-16", 10, "followup")


@pytest.mark.django_db
def test_caps_take_hold_when_their_day_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    clinic = make.clinic(listed=10)
    begins, ends = date(2026, 3, 17), date(2027, 3, 17)
    Cap.objects.create(clinic=clinic, heads=12, starts_on=begins, ends_on=ends, state="granted")
    for hour, cap in ((22, None), (23, 12)):  # five past eleven and five past midnight in Sweden
        now = datetime(2026, 3, 16, hour, 5, tzinfo=UTC)
        monkeypatch.setattr("django.utils.timezone.now", lambda now=now: now)
        listing_jobs.follow_the_day(0)
        assert ClinicCount.objects.get(clinic=clinic).cap == cap


@pytest.mark.django_db
def test_an_offer_nobody_answers_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from vardnav.listing import actions

    clinic = make.full_clinic()
    place = make.queued(make.person(), clinic)
    make.free_place(clinic)
    actions.fill_from_queue(clinic.id, by=make.SYSTEM, now=make.NOW)
    offer = Offer.objects.get(place=place)
    monkeypatch.setattr("django.utils.timezone.now", lambda: offer.expires_at)
    listing_jobs.expire(0)
    offer.refresh_from_db()
    assert (offer.state, QueuePlace.objects.get(id=place.id).state) == ("expired", "expired")
