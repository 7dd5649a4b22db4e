"""A resident's page as clinic staff see it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from vardnav.kernel.actor import Actor
from vardnav.listing.models import ClinicCount, Listing, NamedDoctor
from vardnav.listing.rules import WELCOME_WITHIN, Origin, has_room
from vardnav.listing.selectors.mine import MyCare, my_care
from vardnav.listing.selectors.people import own_clinic_id
from vardnav.organisation.selectors import unit
from vardnav.patients.rules import Deed, allows
from vardnav.patients.selectors import guardian_ids, may_choose_themselves


@dataclass(frozen=True, slots=True)
class DoctorPeriod:
    doctor_id: int
    name: str
    starts_on: date
    ends_on: date | None
    above_reason: str


@dataclass(frozen=True, slots=True)
class ListingPeriod:
    starts_on: date
    ends_on: date | None
    origin: Origin
    welcomed_at: datetime | None
    welcomed_by: str


@dataclass(frozen=True, slots=True)
class PersonPage:
    """What the clinic sees of a resident, and what it may do. History is this clinic's own, nobody else's."""

    care: MyCare
    clinic_id: int
    clinic: str
    listing: ListingPeriod | None  # the open one here, also before it begins
    is_new: bool  # has listed here in the last year and is not welcomed
    doctor: DoctorPeriod | None
    listings: list[ListingPeriod]
    doctors: list[DoctorPeriod]
    has_room: bool  # at this clinic
    waiting: int
    queues_here: bool
    guardians: int  # who choose; 0 for who chooses alone
    may_choose: bool
    may_care: bool


@transaction.atomic
def person_page(person_id: int, *, by: Actor, now: datetime) -> PersonPage:
    """A resident's page for staff of a clinic: the resident's own page, and this clinic's history with them.

    Raises AccessDenied, NotYourClinic.
    """
    clinic_id = own_clinic_id(by)
    care = my_care(person_id, by=by, now=now)
    today = localdate(now)
    listings = _listings(person_id, clinic_id)
    doctors = _doctors(person_id, clinic_id) if care.doctor_shown else []
    count = ClinicCount.objects.filter(clinic_id=clinic_id).first() or ClinicCount(clinic_id=clinic_id)
    clinic = unit(clinic_id)
    alone = may_choose_themselves(care.card.birth_date, today)
    return PersonPage(
        care=care,
        clinic_id=clinic_id,
        clinic=clinic.name if clinic else "",
        listing=next((one for one in listings if one.ends_on is None), None),
        is_new=Listing.objects.filter(
            person_id=person_id,
            clinic_id=clinic_id,
            ends_on__isnull=True,
            welcomed_at__isnull=True,
            made_at__gt=now - WELCOME_WITHIN,
        ).exists(),
        doctor=next((one for one in doctors if one.ends_on is None), None),
        listings=listings,
        doctors=doctors,
        has_room=has_room(count.cap, count.listed, count.held, count.waiting),
        waiting=count.waiting,
        queues_here=care.place is not None and care.place.clinic_id == clinic_id,
        guardians=0 if alone else len(guardian_ids(person_id, today)),
        may_choose=allows(by, care.relation, Deed.CHOOSE) and not care.card.deceased,
        may_care=allows(by, care.relation, Deed.CARE) and not care.card.deceased,
    )


def _listings(person_id: int, clinic_id: int) -> list[ListingPeriod]:
    return [
        ListingPeriod(one.starts_on, one.ends_on, Origin(one.origin), one.welcomed_at, one.welcomed_by)
        for one in Listing.objects.filter(person_id=person_id, clinic_id=clinic_id).order_by("-starts_on")
    ]


def _doctors(person_id: int, clinic_id: int) -> list[DoctorPeriod]:
    return [
        DoctorPeriod(one.doctor_id, str(one.doctor), one.starts_on, one.ends_on, one.above_reason or "")
        for one in NamedDoctor.objects.filter(person_id=person_id, clinic_id=clinic_id)
        .select_related("doctor")
        .order_by("-starts_on")
    ]
