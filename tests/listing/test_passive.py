"""Those who never chose get the nearest open clinic of their municipality."""

from datetime import date

import pytest

from tests import factories as make
from tests.listing.oracle import faults
from vardnav.listing import actions
from vardnav.listing.actions import passive
from vardnav.listing.actions.state import Standing
from vardnav.listing.models import ClinicCount, Listing
from vardnav.organisation.models import Unit
from vardnav.outbox.models import Message

pytestmark = pytest.mark.django_db
NOW = make.NOW


def test_the_nearest_uncapped_clinic_of_the_own_municipality() -> None:
    here, there = make.municipality("Östersund"), make.municipality("Krokom")
    home = make.area(here, latitude=63.20, longitude=14.60)
    make.clinic("Närmast men i grannkommunen", municipality=there, latitude=63.20, longitude=14.60)
    full = make.full_clinic("Närmast men med tak", municipality=here, latitude=63.20, longitude=14.61)
    right = make.clinic("Näst närmast", municipality=here, latitude=63.19, longitude=14.63)
    make.clinic("Längst bort", municipality=here, latitude=63.00, longitude=14.90)
    who = make.person(home=home)
    assert actions.list_passively(by=make.SYSTEM, now=NOW) == 1
    assert Listing.objects.get(person=who).clinic_id == right.id
    assert Message.objects.get(recipient_id=who.id).template == "listing.passive"
    assert actions.list_passively(by=make.SYSTEM, now=NOW) == 0
    assert [fault for fault in faults() if f"clinic {full.id}:" not in fault] == []  # its 1,000 are figures only


def test_a_municipality_without_an_open_clinic_takes_the_nearest_elsewhere() -> None:
    home = make.area(make.municipality("Ragunda"))
    elsewhere = make.clinic(municipality=make.municipality("Bräcke"))
    who = make.person(home=home)
    actions.list_passively(by=make.SYSTEM, now=NOW)
    assert Listing.objects.get(person=who).clinic_id == elsewhere.id


def test_who_left_who_waits_and_who_has_died_are_not_listed_passively() -> None:
    make.clinic()
    left, waits = make.person("Lage Lämnat"), make.person("Vera Väntar")
    make.person("Doris Död", deceased_on=date(2025, 1, 1))
    make.listed(left, make.clinic("Förr"), since=date(2020, 1, 1), ends_on=date(2025, 1, 1))
    make.queued(waits, make.full_clinic())
    assert actions.list_passively(by=make.SYSTEM, now=NOW) == 0


def test_with_every_clinic_capped_nobody_is_listed() -> None:
    make.full_clinic()
    make.person()
    assert actions.list_passively(by=make.SYSTEM, now=NOW) == 0


def test_a_cap_granted_while_we_look_keeps_the_clinic_free_of_passive_listings(monkeypatch: pytest.MonkeyPatch) -> None:
    at, who = make.clinic(), make.person()
    nearest = passive.nearest_open_clinic

    def granted_meanwhile(standing: Standing) -> Unit | None:
        found = nearest(standing)
        ClinicCount.objects.filter(clinic=at).update(cap=100)
        return found

    monkeypatch.setattr(passive, "nearest_open_clinic", granted_meanwhile)
    assert actions.list_passively(by=make.SYSTEM, now=NOW) == 0
    assert not Listing.objects.filter(person=who).exists()
