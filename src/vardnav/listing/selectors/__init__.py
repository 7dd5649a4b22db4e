"""The only door to listings: what this reader may see, each answer about a person with its line."""

from vardnav.listing.models import Cap as Cap  # what the answers about caps are made of
from vardnav.listing.selectors.clinics import ClinicRow, clinic_card, find_clinics
from vardnav.listing.selectors.mine import MyCare, PendingForMe, my_care, pending_for_me
from vardnav.listing.selectors.panel import (
    DoctorPanel,
    Handover,
    Panel,
    WithoutDoctor,
    caps,
    caps_to_decide,
    decided_caps,
    granted_caps,
    handovers,
    panel,
    without_doctor,
)
from vardnav.listing.selectors.people import (
    Listed,
    ListedOrder,
    ListedPage,
    Wanted,
    WithoutReason,
    count_new,
    listed_page,
    listed_people,
    new_listings,
    own_clinic_id,
)
from vardnav.listing.selectors.person import PersonPage, person_page
from vardnav.listing.selectors.queue import QueueRow, open_offers, queue_of
from vardnav.listing.selectors.register import RegisterRow, register_of
from vardnav.listing.selectors.relation import has_resident, sources_of, spans_of
from vardnav.listing.selectors.search import SearchHit, find_people

__all__ = [
    "ClinicRow",
    "DoctorPanel",
    "Handover",
    "Listed",
    "ListedOrder",
    "ListedPage",
    "MyCare",
    "Panel",
    "PendingForMe",
    "PersonPage",
    "QueueRow",
    "RegisterRow",
    "SearchHit",
    "Wanted",
    "WithoutDoctor",
    "WithoutReason",
    "caps",
    "caps_to_decide",
    "clinic_card",
    "count_new",
    "decided_caps",
    "find_clinics",
    "find_people",
    "granted_caps",
    "handovers",
    "has_resident",
    "listed_page",
    "listed_people",
    "my_care",
    "new_listings",
    "open_offers",
    "own_clinic_id",
    "panel",
    "pending_for_me",
    "person_page",
    "queue_of",
    "register_of",
    "sources_of",
    "spans_of",
    "without_doctor",
]
