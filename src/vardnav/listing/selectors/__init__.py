"""The only door to listings: what this reader may see, each answer about a person with its line."""

from vardnav.listing.selectors.clinics import ClinicRow, clinic_card, find_clinics
from vardnav.listing.selectors.mine import MyCare, PendingForMe, my_care, pending_for_me
from vardnav.listing.selectors.panel import (
    DoctorPanel,
    Panel,
    WithoutDoctor,
    caps,
    caps_to_decide,
    granted_caps,
    panel,
    without_doctor,
)
from vardnav.listing.selectors.people import (
    Listed,
    QueueRow,
    SearchHit,
    find_people,
    listed_people,
    new_listings,
    person_page,
    queue_of,
)
from vardnav.listing.selectors.relation import has_resident

__all__ = [
    "ClinicRow",
    "DoctorPanel",
    "Listed",
    "MyCare",
    "Panel",
    "PendingForMe",
    "QueueRow",
    "SearchHit",
    "WithoutDoctor",
    "caps",
    "caps_to_decide",
    "clinic_card",
    "find_clinics",
    "find_people",
    "granted_caps",
    "has_resident",
    "listed_people",
    "my_care",
    "new_listings",
    "panel",
    "pending_for_me",
    "person_page",
    "queue_of",
    "without_doctor",
]
