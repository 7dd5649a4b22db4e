"""Whether a unit has a resident, and which have data of one: what this room adds to the registry of patients."""

from datetime import date

from django.db.models import Q

from vardnav.listing.models import Listing, QueuePlace
from vardnav.listing.rules import LIVE_QUEUE_STATES
from vardnav.patients.relations import Source
from vardnav.tables import sql

# Every clinic the person is or was listed with, waits or waited for, or that a choice for them named.
SOURCES = """
SELECT u.hsa_id, u.name, p.hsa_id, p.name
FROM organisation_unit u JOIN organisation_careprovider p ON p.id = u.care_provider_id
WHERE u.id IN (
    SELECT clinic_id FROM listing_listing WHERE person_id = %(person)s
    UNION SELECT clinic_id FROM listing_queueplace WHERE person_id = %(person)s
    UNION SELECT clinic_id FROM listing_pendingchoice WHERE person_id = %(person)s)
"""


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


def sources_of(person_id: int) -> list[Source]:
    """The clinics that have data of a resident in this room."""
    return [Source(*row) for row in sql.rows(SOURCES, {"person": person_id})]
