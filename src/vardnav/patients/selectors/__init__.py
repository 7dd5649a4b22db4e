"""The only door to residents' data: each answer is checked against the table and leaves its line."""

from vardnav.patients.selectors.blocks import (
    Blockable,
    BlocksPage,
    HiddenUnit,
    OwnBlock,
    Steps,
    asking_to_open,
    blocks_of,
    own_block,
    steps_of,
)
from vardnav.patients.selectors.cards import Card, Seen, card_of, home_of, open_card, open_person
from vardnav.patients.selectors.log import LOG_PAGE, Log, log_of, messages_of
from vardnav.patients.selectors.people import (
    Child,
    children_of,
    exists,
    family_ids,
    guardian_ids,
    id_of_number,
    may_choose_themselves,
    numbers_of,
    own_id,
)
from vardnav.patients.selectors.relation import check_access, relation_of
from vardnav.patients.selectors.sight import sight, sights
from vardnav.patients.selectors.traits import Traits, contacts_of, introduce, namesakes_of, traits_of

__all__ = [
    "LOG_PAGE",
    "Blockable",
    "BlocksPage",
    "Card",
    "Child",
    "HiddenUnit",
    "Log",
    "OwnBlock",
    "Seen",
    "Steps",
    "Traits",
    "asking_to_open",
    "blocks_of",
    "card_of",
    "check_access",
    "children_of",
    "contacts_of",
    "exists",
    "family_ids",
    "guardian_ids",
    "home_of",
    "id_of_number",
    "introduce",
    "log_of",
    "may_choose_themselves",
    "messages_of",
    "namesakes_of",
    "numbers_of",
    "open_card",
    "open_person",
    "own_block",
    "own_id",
    "relation_of",
    "sight",
    "sights",
    "steps_of",
    "traits_of",
]
