"""What must never happen is refused by the database itself, whatever the code above it does."""

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests import factories as make
from vardnav.listing.models import Cap, ClinicCount, Listing, NamedDoctor, Offer, QueuePlace

pytestmark = pytest.mark.django_db


def refused(name: str, act: Any) -> None:
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        act()


def test_a_resident_has_one_open_listing() -> None:
    who, at = make.person(), make.clinic()
    make.listed(who, at, since=date(2024, 1, 1))
    refused("listing_a_resident_has_one_clinic", lambda: make.listed(who, make.clinic("B"), since=date(2025, 1, 1)))


def test_a_second_first_listing_cannot_lie_beside_the_chain() -> None:
    who, at = make.person(), make.clinic()
    make.listed(who, at, since=date(2024, 1, 1))
    refused(
        "listing_a_listing_has_one_successor",
        lambda: make.listed(who, at, since=date(2023, 1, 1), ends_on=date(2024, 6, 1)),
    )


def test_a_listing_cannot_start_before_the_one_it_follows_has_ended() -> None:
    who, at = make.person(), make.clinic()
    make.listed(who, at, since=date(2023, 1, 1), ends_on=date(2024, 1, 1))
    refused(
        "listing_a_listing_starts_after_the_one_before",
        lambda: make.listed(who, at, since=date(2023, 12, 1), previous_ends_on=date(2024, 1, 1)),
    )


def test_a_listing_cannot_follow_one_that_does_not_exist() -> None:
    who, at = make.person(), make.clinic()
    make.listed(who, at, since=date(2023, 1, 1), ends_on=date(2024, 1, 1))
    refused(
        "listing_a_listing_follows_the_one_before",
        lambda: make.listed(who, at, since=date(2024, 3, 1), previous_ends_on=date(2024, 2, 1)),
    )


def test_the_listing_before_cannot_be_lengthened_over_its_successor() -> None:
    who, at = make.person(), make.clinic()
    first = make.listed(who, at, since=date(2023, 1, 1), ends_on=date(2024, 1, 1))
    make.listed(who, at, since=date(2024, 1, 1), previous_ends_on=date(2024, 1, 1))
    refused("follows_the_one_before", lambda: Listing.objects.filter(id=first.id).update(ends_on=date(2024, 6, 1)))


def test_a_resident_has_one_named_doctor() -> None:
    who, at = make.person(), make.clinic()
    one, other = make.doctor(at), make.doctor(at, "Nils Ek")
    make.named(who, one, at)
    refused("listing_a_named_doctor_has_one_successor|listing_a_resident_has_one", lambda: make.named(who, other, at))
    assert NamedDoctor.objects.filter(person=who).count() == 1


def test_no_clinic_is_above_its_cap() -> None:
    at = make.full_clinic()
    refused(
        "listing_no_clinic_is_above_its_cap",
        lambda: ClinicCount.objects.filter(clinic=at).update(listed=1001),
    )


def test_caps_of_a_clinic_do_not_overlap() -> None:
    at = make.full_clinic()
    refused(
        "listing_caps_do_not_overlap",
        lambda: Cap.objects.create(
            clinic=at, heads=10, starts_on=date(2029, 12, 31), ends_on=date(2031, 1, 1), state="granted"
        ),
    )


def test_a_resident_waits_in_one_queue() -> None:
    who = make.person()
    make.queued(who, make.full_clinic())
    refused("listing_a_resident_waits_in_one_queue", lambda: make.queued(who, make.full_clinic("B")))


def test_a_place_is_offered_once_at_a_time() -> None:
    place = make.queued(make.person(), make.full_clinic())
    values = {"place": place, "made_at": make.NOW, "made_by": "t", "state": "open"}
    later = make.NOW.replace(year=2027)
    Offer.objects.create(**values, expires_at=later)
    refused("listing_a_place_is_offered_once_at_a_time", lambda: Offer.objects.create(**values, expires_at=later))


def test_an_unknown_state_is_refused() -> None:
    place = make.queued(make.person(), make.full_clinic())
    refused("listing_queue_state_is_known", lambda: QueuePlace.objects.filter(id=place.id).update(state="first"))
