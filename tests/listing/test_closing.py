"""Clinics close and residents die: nobody stays listed with what is no more, and every figure follows."""

from datetime import date, timedelta

import pytest

from tests import factories as make
from tests.listing.oracle import faults
from vardnav.audit.models import Line
from vardnav.listing import actions, selectors
from vardnav.listing.models import ClinicCount, Listing, NamedDoctor, PanelCount, QueuePlace
from vardnav.listing.rules import ClinicClosed
from vardnav.outbox.models import Message
from vardnav.patients.models import Person

pytestmark = pytest.mark.django_db
NOW, TODAY = make.NOW, make.TODAY
TOMORROW = TODAY + timedelta(days=1)


def dies(who: Person) -> None:
    Person.objects.filter(id=who.id).update(deceased_on=TODAY - timedelta(days=2))


def closes(at: make.Unit, on: date = TOMORROW) -> None:
    make.Unit.objects.filter(id=at.id).update(ends_on=on)


def test_the_listing_and_the_doctor_of_the_dead_end_and_the_place_is_offered() -> None:
    at, who, waits = make.clinic(cap=1), make.person(), make.person("Vera Väntar")
    make.listed(who, at)
    make.named(who, make.doctor(at), at)
    make.queued(waits, at)
    dies(who)
    assert actions.end_for_the_dead(by=make.SYSTEM, now=NOW) == 1
    assert Listing.objects.get(person=who).ends_on == TODAY
    assert NamedDoctor.objects.get(person=who).ends_on == TODAY
    assert PanelCount.objects.get(clinic=at).heads == 0
    assert QueuePlace.objects.get(person=waits).state == "offered"
    assert Line.objects.get(kind="listing.listing.ended", patient_id=who.id).reason == "deceased"
    assert actions.end_for_the_dead(by=make.SYSTEM, now=NOW) == 0
    assert faults() == []


def test_the_dead_wait_in_no_queue_and_hold_no_offer() -> None:
    at, leaver, who = make.clinic(cap=1), make.person(), make.person("Bo Provgren")
    make.listed(leaver, at)
    make.queued(who, at)
    actions.leave_clinic(leaver.id, by=make.resident(leaver), now=NOW)
    assert ClinicCount.objects.get(clinic=at).held == 1
    dies(who)
    actions.end_for_the_dead(by=make.SYSTEM, now=NOW)
    assert ClinicCount.objects.get(clinic=at).held == 0
    assert faults() == []


def test_who_is_listed_where_it_closes_gets_the_nearest_open_clinic_without_a_day_between() -> None:
    closing, near, far = make.clinic("Stänger"), make.clinic("Nära"), make.clinic("Långt bort", latitude=62.0)
    make.full_clinic("Närmast, med tak")
    who = make.person()
    make.listed(who, closing)
    make.named(who, make.doctor(closing), closing)
    assert actions.move_from_closing(by=make.SYSTEM, now=NOW) == 0
    closes(closing)
    assert actions.move_from_closing(by=make.SYSTEM, now=NOW) == 1
    old, new = Listing.objects.filter(person=who).order_by("starts_on")
    assert (old.ends_on, new.starts_on, new.clinic_id, new.origin) == (TOMORROW, TOMORROW, near.id, "clinic_closed")
    assert NamedDoctor.objects.get(person=who).ends_on == TOMORROW
    assert selectors.my_care(who.id, by=make.resident(who), now=NOW).changes_left == 2
    assert actions.move_from_closing(by=make.SYSTEM, now=NOW) == 0
    with pytest.raises(ClinicClosed):
        actions.withdraw_change(who.id, by=make.resident(who), now=NOW)
    assert far.id != near.id


def test_moved_from_a_clinic_that_closes_one_keeps_ones_place_in_another_queue() -> None:
    closing, full, who = make.clinic("Stänger"), make.full_clinic(), make.person()
    make.clinic("Öppen")
    make.listed(who, closing)
    place = make.queued(who, full)
    closes(closing)
    actions.move_from_closing(by=make.SYSTEM, now=NOW)
    place.refresh_from_db()
    assert place.state == "waiting"


def test_nobody_waits_for_a_clinic_that_closes() -> None:
    full, who = make.full_clinic(), make.person()
    place = make.queued(who, full)
    closes(full)
    actions.move_from_closing(by=make.SYSTEM, now=NOW)
    place.refresh_from_db()
    assert place.state == "left"
    assert ClinicCount.objects.get(clinic=full).waiting == 0
    told = Message.objects.get(recipient_id=who.id, template="queue.closed")
    assert told.facts == {"clinic": full.name}


def test_with_every_other_clinic_capped_one_stays_until_there_is_one() -> None:
    closing, who = make.clinic("Stänger"), make.person()
    make.full_clinic()
    make.listed(who, closing)
    closes(closing)
    assert actions.move_from_closing(by=make.SYSTEM, now=NOW) == 0
    assert Listing.objects.get(person=who).ends_on is None


def test_a_place_freed_by_an_import_is_offered() -> None:
    at, who = make.full_clinic(), make.person()
    make.queued(who, at)
    assert actions.fill_queues(by=make.SYSTEM, now=NOW) == 0
    make.free_place(at)
    assert actions.fill_queues(by=make.SYSTEM, now=NOW) == 1
    assert QueuePlace.objects.get(person=who).state == "offered"
