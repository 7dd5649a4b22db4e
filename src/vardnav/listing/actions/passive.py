"""List residents who never chose with the nearest open clinic of their municipality."""

from contextlib import suppress
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from vardnav.kernel.actor import Actor
from vardnav.kernel.errors import Refusal
from vardnav.listing.actions import counts, state
from vardnav.listing.actions.enter import enter
from vardnav.listing.models import ClinicCount
from vardnav.listing.rules import Origin, starts_on
from vardnav.listing.unlisted import unlisted_ids
from vardnav.organisation.selectors import Clinic, Unit, clinics, place_of
from vardnav.patients.rules import Deed
from vardnav.places.selectors import home
from vardnav.travel.estimate import drive_minutes


def list_passively(*, by: Actor, now: datetime, most: int = 1000) -> int:
    """Give unlisted residents the nearest clinic, one transaction a person; answers how many.

    Nobody is passively listed with a clinic that has a cap (HSL 7:3 c), nor anyone who has left a clinic by
    their own choice. Only programs may do this.
    """
    today = localdate(now)
    done = 0
    for person_id in unlisted_ids(today, most=most):
        with suppress(Refusal):  # has died or is taken care of since: one stops no other
            done += _list_one(person_id, by=by, now=now)
    return done


@transaction.atomic
def _list_one(person_id: int, *, by: Actor, now: datetime) -> bool:
    standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
    if standing.open is not None or standing.place is not None:
        return False
    return place_nearby(standing, Origin.PASSIVE, by=by, now=now)


def place_nearby(standing: state.Standing, origin: Origin, *, by: Actor, now: datetime) -> bool:
    """Move a resident to the nearest open clinic; False where there is none."""
    clinic = nearest_open_clinic(standing)
    if clinic is None:
        return False
    locked = counts.lock_clinics([clinic.id, standing.open.clinic_id if standing.open else None])
    if locked[clinic.id].cap is not None:
        return False  # a cap has taken hold since we looked; the next run looks again
    enter(standing, Clinic(clinic.id, clinic.hsa_id, clinic.name), by=by, now=now, origin=origin)
    return True


def nearest_open_clinic(standing: state.Standing) -> Unit | None:
    """The nearest uncapped clinic in the resident's municipality by travel time; without one, in the region."""
    lives = home(standing.person.area_id)
    capped = ClinicCount.objects.filter(cap__isnull=False).values("clinic_id")
    open_ones = list(clinics(starts_on(standing.today, standing.p)).exclude(id__in=capped))
    own = [clinic for clinic in open_ones if clinic.municipality_id == lives.municipality_code]
    return min(
        own or open_ones,
        key=lambda clinic: (drive_minutes(lives.point, place_of(clinic)), clinic.id),
        default=None,
    )
