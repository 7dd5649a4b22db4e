"""State a need, block and open; hold a resident's row while something of theirs changes."""

from vardnav.patients.actions.blocks import lift_block, place_block
from vardnav.patients.actions.hold import Held, hold
from vardnav.patients.actions.needs import state_need
from vardnav.patients.actions.openings import ask_to_open, close_opening, open_units
from vardnav.patients.bulk import TABLES as BULK_TABLES
from vardnav.patients.bulk import merge_staged
from vardnav.patients.bulk import rows as bulk_rows

__all__ = [
    "BULK_TABLES",
    "Held",
    "ask_to_open",
    "bulk_rows",
    "close_opening",
    "hold",
    "lift_block",
    "merge_staged",
    "open_units",
    "place_block",
    "state_need",
]
