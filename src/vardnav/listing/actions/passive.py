"""List residents who never chose with the nearest open clinic of their municipality."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from vardnav.kernel.actor import Actor
from vardnav.listing.actions import state
from vardnav.listing.actions.enter import enter
from vardnav.listing.models import ClinicCount
from vardnav.listing.rules import Origin, starts_on
from vardnav.listing.unlisted import unlisted_ids
from vardnav.organisation.selectors import Unit, clinics, place_of
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
        done += _list_one(person_id, by=by, now=now)
    return done


@transaction.atomic
def _list_one(person_id: int, *, by: Actor, now: datetime) -> bool:
    standing = state.take(person_id, Deed.CHOOSE, by=by, now=now)
    if standing.open is not None or standing.place is not None:
        return False
    clinic = nearest_open_clinic(standing)
    if clinic is None:
        return False
    enter(standing, clinic, by=by, now=now, origin=Origin.PASSIVE)
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
