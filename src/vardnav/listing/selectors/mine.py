"""A resident's own care: my clinic, my doctor, what waits for an answer."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.kernel.point import Point
from vardnav.listing.models import Listing, NamedDoctor, Offer, PendingChoice, QueuePlace
from vardnav.listing.rules import (
    LIVE_QUEUE_STATES,
    ChoiceState,
    ListingParameters,
    OfferState,
    Origin,
    changes_left,
    months_later,
    starts_on,
    window_start,
)
from vardnav.organisation.selectors import Unit
from vardnav.parameters.selectors import in_force
from vardnav.patients.rules import (
    Deed,
    GuardianParameters,
    Relation,
    Sight,
    age,
    allows,
    check_assurance,
    guardian_relation,
)
from vardnav.patients.selectors import Card, guardian_ids, may_choose_themselves, open_person, own_id
from vardnav.places.selectors import point_of_area
from vardnav.tables import valid_on


@dataclass(frozen=True, slots=True)
class AtClinic:
    clinic_id: int
    hsa_id: str
    name: str
    phone: str
    address: str
    starts_on: date
    ends_on: date | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class MyDoctor:
    name: str
    specialty: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class MyPlace:
    """A place in a queue; `ahead` wait before. With an offer there is a deadline to answer it."""

    clinic_id: int
    clinic: str
    joined_at: datetime
    ahead: int
    offer_expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class MyPending:
    id: int
    clinic: str
    asked_by: str
    asked_by_me: bool
    asked_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class MyCare:
    """What hangs on a unit that `sight` does not show is left out: then it is None, and so is what is counted of it."""

    card: Card
    relation: Relation
    sight: Sight
    current: AtClinic | None
    upcoming: AtClinic | None
    doctor: MyDoctor | None
    doctor_shown: bool  # False for a guardian of a teenager
    place: MyPlace | None
    pending: MyPending | None
    may_choose: bool
    other_guardian: bool  # a choice waits for another guardian's yes
    next_start_on: date  # the first day of a choice made today
    counted: list[AtClinic]  # the changes of the rolling window, the latest first
    changes_left: int | None  # None: something that counts does not show
    max_changes: int
    window_months: int
    change_again_on: date | None  # when none is left
    offer_days: int
    confirm_days: int
    home: Point | None  # the middle of the home area; None with protected identity


@transaction.atomic
def my_care(person_id: int, *, by: Actor, now: datetime) -> MyCare:
    """What a resident (or a guardian, or the clinic for them) sees of the listing.

    Raises AssuranceTooLow, AccessDenied.
    """
    seen = open_person(person_id, by=by, now=now, kind="listing.care.read")
    card, relation, sight = seen.card, seen.relation, seen.sight
    today = localdate(now)
    every = list(
        Listing.objects.filter(person_id=person_id).select_related("clinic__care_provider").order_by("starts_on")
    )
    listings = [one for one in every if _shows(sight, one.clinic)]
    p = in_force(ListingParameters, today)
    shows_contacts = allows(by, relation, Deed.READ_CHOSEN_CONTACTS)
    changes = _changes(every, listings, today, p)
    return MyCare(
        card=card,
        relation=relation,
        sight=sight,
        current=next((_at(one) for one in listings if _covers(one, today)), None),
        upcoming=next((_at(one) for one in listings if one.starts_on > today), None),
        doctor=_doctor(person_id, today, sight) if shows_contacts else None,
        doctor_shown=shows_contacts,
        place=_place(person_id, now, sight),
        pending=_pending(person_id, own_id(by), now, sight),
        may_choose=_may_choose(card, relation, by, today),
        other_guardian=_has_other_guardian(person_id, relation, by, today),
        next_start_on=starts_on(today, p),
        counted=[_at(one) for one in reversed(changes.counted)],
        changes_left=changes.left,
        max_changes=p.max_changes,
        window_months=p.changes_window_months,
        change_again_on=changes.again_on,
        offer_days=p.offer_days,
        confirm_days=p.guardian_confirm_days,
        home=point_of_area(card.area_id) if card.area_id is not None else None,
    )


def _shows(sight: Sight, clinic: Unit) -> bool:
    return sight.shows(clinic.hsa_id, clinic.care_provider.hsa_id)


@dataclass(frozen=True, slots=True)
class Changes:
    """The changes that show; how many are left only when all that count do."""

    counted: list[Listing]
    left: int | None
    again_on: date | None


def _changes(every: list[Listing], shown: list[Listing], today: date, p: ListingParameters) -> Changes:
    counted = _counted(shown, today, p)
    if len(counted) < len(_counted(every, today, p)):
        return Changes(counted, None, None)
    made_on = [localdate(one.made_at) for one in counted]
    left = changes_left(made_on, today, p)
    again_on = months_later(sorted(made_on)[-p.max_changes], p.changes_window_months) if left == 0 else None
    return Changes(counted, left, again_on)


def _counted(listings: list[Listing], today: date, p: ListingParameters) -> list[Listing]:
    """The choices that use up changes: made in the rolling window, and begun."""
    since = window_start(today, p.changes_window_months)
    return [
        one
        for one in listings
        if one.origin == Origin.CHOSEN.value and one.starts_on <= today and localdate(one.made_at) > since
    ]


def _may_choose(card: Card, relation: Relation, by: Actor, today: date) -> bool:
    if card.deceased or not allows(by, relation, Deed.CHOOSE):
        return False
    return relation is not Relation.SELF or may_choose_themselves(card.birth_date, today)


def _has_other_guardian(person_id: int, relation: Relation, by: Actor, today: date) -> bool:
    if relation not in (Relation.GUARDIAN, Relation.GUARDIAN_OF_TEENAGER):
        return False
    me = own_id(by)
    return any(one != me for one in guardian_ids(person_id, today))


def _covers(one: Listing, on: date) -> bool:
    return one.starts_on <= on and (one.ends_on is None or on < one.ends_on)


def _at(one: Listing) -> AtClinic:
    clinic = one.clinic
    return AtClinic(
        clinic_id=clinic.id,
        hsa_id=clinic.hsa_id,
        name=clinic.name,
        phone=clinic.phone or "",
        address=", ".join(part for part in (clinic.address, clinic.city) if part),
        starts_on=one.starts_on,
        ends_on=one.ends_on,
        origin=Origin(one.origin),
    )


def _doctor(person_id: int, today: date, sight: Sight) -> MyDoctor | None:
    found = (
        NamedDoctor.objects.filter(Q(valid_on(today)) | Q(starts_on__gt=today), person_id=person_id)
        .select_related("doctor", "clinic__care_provider")
        .order_by("starts_on")
    )
    named = next((one for one in found if _shows(sight, one.clinic)), None)
    if named is None:
        return None
    return MyDoctor(str(named.doctor), named.doctor.specialty or "", named.starts_on, named.ends_on)


def _place(person_id: int, now: datetime, sight: Sight) -> MyPlace | None:
    place = (
        QueuePlace.objects.filter(person_id=person_id, state__in=[state.value for state in LIVE_QUEUE_STATES])
        .select_related("clinic__care_provider")
        .first()
    )
    if place is None or not _shows(sight, place.clinic):
        return None
    offer = Offer.objects.filter(place=place, state=OfferState.OPEN.value, expires_at__gt=now).first()
    return MyPlace(
        clinic_id=place.clinic_id,
        clinic=place.clinic.name,
        joined_at=place.joined_at,
        ahead=0 if place.state != "waiting" else _ahead(place),
        offer_expires_at=offer.expires_at if offer else None,
    )


def _ahead(place: QueuePlace) -> int:
    """How many wait before: a lower class, or the same class and earlier."""
    earlier = Q(joined_at__lt=place.joined_at) | Q(joined_at=place.joined_at, id__lt=place.id)
    before = Q(priority_class__lt=place.priority_class) | (Q(priority_class=place.priority_class) & earlier)
    return QueuePlace.objects.filter(before, clinic_id=place.clinic_id, state="waiting").count()


def _pending(person_id: int, me: int | None, now: datetime, sight: Sight) -> MyPending | None:
    pending = (
        PendingChoice.objects.filter(person_id=person_id, state=ChoiceState.WAITING.value, expires_at__gt=now)
        .select_related("clinic__care_provider")
        .first()
    )
    if pending is None or not _shows(sight, pending.clinic):
        return None
    return MyPending(
        id=pending.id,
        clinic=pending.clinic.name,
        asked_by=pending.asked_by,
        asked_by_me=pending.asker_id == me,
        asked_at=pending.asked_at,
        expires_at=pending.expires_at,
    )


@dataclass(frozen=True, slots=True)
class PendingForMe:
    """A choice for a child that waits for this guardian's answer."""

    id: int
    child_id: int
    child: str
    clinic: str
    asked_by: str
    expires_at: datetime


@transaction.atomic
def pending_for_me(*, by: Actor, now: datetime) -> list[PendingForMe]:
    """Choices that wait for the actor as the other guardian; each child shown leaves a line."""
    check_assurance(by)
    me, today = own_id(by), localdate(now)
    if me is None:
        return []
    ages = in_force(GuardianParameters, today)
    found = (
        PendingChoice.objects.filter(
            valid_on(today, "person__guardianships__"),
            state=ChoiceState.WAITING.value,
            expires_at__gt=now,
            person__guardianships__guardian_id=me,
        )
        .exclude(asker_id=me)
        .select_related("person", "clinic")
        .order_by("expires_at")
    )
    # Who has come of age for it since the other one asked is nobody's to see.
    rows = [one for one in found if guardian_relation(age(one.person.birth_date, today), ages) is not Relation.NONE]
    audit.record_reads("listing.choice.read", [row.person_id for row in rows], by=by, now=now)
    return [
        PendingForMe(
            id=row.id,
            child_id=row.person_id,
            child=str(row.person),
            clinic=row.clinic.name,
            asked_by=row.asked_by,
            expires_at=row.expires_at,
        )
        for row in rows
    ]
