"""Whether a unit has a resident: the relation this room adds to the registry of patients."""

from datetime import date

from django.db.models import Q

from vardnav.listing.models import Listing, QueuePlace
from vardnav.listing.rules import LIVE_QUEUE_STATES


def has_resident(person_id: int, unit_hsa_id: str, on: date) -> bool:
    """Listed there now, about to be, or in its queue. A listing that has ended is no relation."""
    listed = Listing.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=on), person_id=person_id, clinic__hsa_id=unit_hsa_id
    )
    return (
        listed.exists()
        or QueuePlace.objects.filter(
            person_id=person_id,
            clinic__hsa_id=unit_hsa_id,
            state__in=[state.value for state in LIVE_QUEUE_STATES],
        ).exists()
    )
