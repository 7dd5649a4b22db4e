"""A clock that jumps, and the two nights of the year that are not twenty-four hours."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests import factories as make
from tests.listing.oracle import faults

from vardnav.audit.models import Line
from vardnav.audit.verify import verify
from vardnav.identity.rules import limits
from vardnav.listing import actions, jobs
from vardnav.listing.models import Listing, Offer, QueuePlace
from vardnav.organisation.models import Unit
from vardnav.patients.models import Person

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SPRING = datetime(2026, 3, 29, 1, 0, tzinfo=UTC)  # two becomes three
AUTUMN = datetime(2026, 10, 25, 1, 0, tzinfo=UTC)  # three becomes two again
NIGHTS = {"spring": SPRING, "autumn": AUTUMN}
AROUND = [timedelta(minutes=m) for m in (-121, -120, -61, -60, -1, 0, 1, 59, 60, 61, 120)]


def offered(at: datetime) -> tuple[Unit, Person]:
    """A resident with an offer made at an instant."""
    clinic = make.clinic(cap=1)
    leaver, waiter = make.person("Lämna Plats"), make.person("Vänta Länge")
    actions.choose_clinic(leaver.id, clinic.id, by=make.resident(leaver), now=at - DAY)
    actions.join_queue(waiter.id, clinic.id, by=make.resident(waiter), now=at - HOUR)
    actions.leave_clinic(leaver.id, by=make.resident(leaver), now=at)
    return clinic, waiter


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("step", AROUND)
def test_a_choice_on_such_a_night_begins_on_the_next_swedish_day(night: str, step: timedelta) -> None:
    at = NIGHTS[night] + step
    who, old, new = make.person(), make.clinic("Gamla"), make.clinic("Nya")
    make.listed(who, old)
    actions.choose_clinic(who.id, new.id, by=make.resident(who), now=at)
    tomorrow = timezone.localdate(at) + DAY
    rows = Listing.objects.filter(person=who).order_by("starts_on").values_list("clinic_id", "starts_on", "ends_on")
    assert list(rows)[-1] == (new.id, tomorrow, None)
    assert list(rows)[-2][2] == tomorrow  # half-open: not a day between, not a day twice
    assert faults() == []


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("made_before", [timedelta(days=7), timedelta(days=7, hours=1), timedelta(days=6, hours=23)])
def test_an_offer_is_open_a_whole_week_and_ends_once_across_such_a_night(night: str, made_before: timedelta) -> None:
    at = NIGHTS[night] - made_before
    _clinic, waiter = offered(at)
    end = Offer.objects.get().expires_at
    assert end - at == timedelta(days=7)
    ended = 0
    minute = end - timedelta(minutes=90)
    while minute <= end + timedelta(minutes=90):  # the job's clock: every minute, whatever the wall says
        now = actions.expire_offers(by=make.SYSTEM, now=minute)
        assert not now or minute >= end
        ended += now
        minute += timedelta(minutes=5)
    assert ended == 1
    assert QueuePlace.objects.get(person=waiter).state == "expired"
    assert faults() == []


@pytest.mark.parametrize("night", NIGHTS)
def test_the_jobs_of_the_day_are_done_once_on_such_a_day(night: str) -> None:
    """Each hour of the 23 or 25: the cap ends at Sweden's midnight, and nothing is done twice."""
    day = timezone.localdate(NIGHTS[night])
    clinic, closing, who = make.clinic(cap=1000), make.clinic("Stängd"), make.person()
    make.Cap.objects.filter(clinic=clinic).update(ends_on=day)
    make.listed(who, closing)
    make.Unit.objects.filter(id=closing.id).update(ends_on=day)
    seen = []
    at = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=6)
    while at < datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=27):
        with time_machine.travel(at + timedelta(minutes=5), tick=False):
            jobs.follow_the_day(0)
            jobs.expire(0)
        clinic_count = make.ClinicCount.objects.get(clinic=clinic)
        seen.append((timezone.localdate(at + timedelta(minutes=5)) >= day, clinic_count.cap is None))
        at += HOUR
    assert all(ended == due for due, ended in seen), seen
    assert Listing.objects.filter(person=who, ends_on=None).count() == 1
    assert faults() == []


@pytest.mark.parametrize("jump", [DAY, -HOUR])
def test_the_log_and_the_counters_hold_when_the_clock_jumps(jump: timedelta, tmp_path: Path) -> None:
    start = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    clinics = [make.clinic(), make.clinic("Andra")]
    for number in range(6):
        who = make.person()
        at = start + timedelta(minutes=number) + (jump if number >= 3 else timedelta())
        actions.choose_clinic(who.id, clinics[number % 2].id, by=make.resident(who), now=at)
    lines = list(Line.objects.filter(kind="listing.listing.made").order_by("shard_id", "seq"))
    assert [line.id for line in lines] == sorted(
        line.id for line in lines
    )  # the order is the number's, not the clock's
    verified = verify(anchors=tmp_path)
    assert verified.holds, verified.findings
    assert faults() == []


def test_a_session_ends_when_the_clock_goes_a_day_forward_and_lives_when_it_goes_an_hour_back() -> None:
    start = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    make.region()
    who, client = make.person(), Client()
    with time_machine.travel(start, tick=False):
        make.log_in(client, who)
        assert client.get(reverse("web:home")).status_code == 200
    with time_machine.travel(start - HOUR, tick=False):
        assert client.get(reverse("web:home")).status_code == 200
    with time_machine.travel(start + DAY, tick=False):
        assert client.get(reverse("web:home"))["Location"].startswith("/logga-in/")


def test_an_offer_whose_week_the_clock_jumped_over_ends_and_is_not_accepted_when_it_goes_back() -> None:
    start = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
    _, waiter = offered(start)
    assert actions.expire_offers(by=make.SYSTEM, now=start + timedelta(days=8)) == 1
    with pytest.raises(actions.queue.OfferGone):
        actions.accept_offer(waiter.id, by=make.resident(waiter), now=start + HOUR)
    assert faults() == []


def test_a_door_that_is_shut_opens_no_sooner_when_the_clock_goes_back() -> None:
    now, bucket = datetime(2026, 5, 4, 9, 0, tzinfo=UTC), None
    for _ in range(limits.NAME.free + 2):
        bucket = limits.poured(bucket, limits.NAME, now)
    assert bucket is not None
    assert bucket.shut_until is not None
    assert limits.is_shut(bucket, now)
    assert limits.is_shut(bucket, now - HOUR)
    assert bucket.shut_until - (now - HOUR) <= limits.NAME.longest + HOUR
    assert not limits.is_shut(bucket, now + DAY)
    assert limits.leaked(bucket, limits.NAME, now - HOUR).level == bucket.level


def test_the_day_in_sweden_on_such_nights() -> None:
    assert timezone.localdate(SPRING - timedelta(hours=2)) == date(2026, 3, 29)
    assert timezone.localdate(SPRING - timedelta(hours=2, minutes=1)) == date(2026, 3, 28)
    assert timezone.localdate(AUTUMN - timedelta(hours=3)) == date(2026, 10, 25)
    assert timezone.localdate(AUTUMN + timedelta(hours=22)) == date(2026, 10, 26)
