"""Everything that changes a listing, a named doctor, a cap or a queue."""

from vardnav.listing.actions.caps import ask_cap, decide_cap, grant_cap, refresh_caps, withdraw_cap
from vardnav.listing.actions.choose import choose_clinic, leave_clinic, take_in_exempt, withdraw_change
from vardnav.listing.actions.closing import end_for_the_dead, move_from_closing
from vardnav.listing.actions.doctors import Named, end_named_doctor, name_doctor, name_doctor_for
from vardnav.listing.actions.guardians import confirm_choice, refuse_choice, void_choices
from vardnav.listing.actions.offers import fill_from_queue
from vardnav.listing.actions.passive import list_passively
from vardnav.listing.actions.queue import (
    accept_offer,
    decline_offer,
    expire_offers,
    fill_queues,
    join_queue,
    leave_queue,
)
from vardnav.listing.actions.welcome import welcome, welcome_all

__all__ = [
    "Named",
    "accept_offer",
    "ask_cap",
    "choose_clinic",
    "confirm_choice",
    "decide_cap",
    "decline_offer",
    "end_for_the_dead",
    "end_named_doctor",
    "expire_offers",
    "fill_from_queue",
    "fill_queues",
    "grant_cap",
    "join_queue",
    "leave_clinic",
    "leave_queue",
    "list_passively",
    "move_from_closing",
    "name_doctor",
    "name_doctor_for",
    "refresh_caps",
    "refuse_choice",
    "take_in_exempt",
    "void_choices",
    "welcome",
    "welcome_all",
    "withdraw_cap",
    "withdraw_change",
]
