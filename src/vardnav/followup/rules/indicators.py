"""The indicators of listing and named doctors. docs/rules/indicators.md is written from these definitions."""

from vardnav.followup.rules.access import (
    CAPS,
    MEAN_WAIT,
    MEDIAN_WAIT,
    OLDEST_WAIT,
    QUEUE_LENGTH,
    TRAVEL_MEDIAN,
    TRAVEL_P95,
)
from vardnav.followup.rules.doctors import (
    DOCTOR_GONE,
    FULL_TIME_PER_THOUSAND,
    HEADS_PER_THOUSAND,
    LOAD_OF_CAPACITY,
    LOCUMS,
    MEDIAN_PER_SPECIALIST,
    NAMED_SHARE,
    PER_SPECIALIST,
    RESIDENTS_NAMED,
    SHARE_ABOVE,
    SPECIALISTS,
    TRAINEES,
)
from vardnav.followup.rules.listings import BURDEN, CHOSEN, JOINED, LEFT, LISTED, PASSIVE_SHARE, RESIDENTS_LISTED

INDICATORS = (
    LISTED,
    PER_SPECIALIST,
    MEDIAN_PER_SPECIALIST,
    SHARE_ABOVE,
    NAMED_SHARE,
    DOCTOR_GONE,
    FULL_TIME_PER_THOUSAND,
    HEADS_PER_THOUSAND,
    SPECIALISTS,
    TRAINEES,
    LOCUMS,
    LOAD_OF_CAPACITY,
    BURDEN,
    QUEUE_LENGTH,
    MEAN_WAIT,
    MEDIAN_WAIT,
    OLDEST_WAIT,
    CAPS,
    RESIDENTS_LISTED,
    RESIDENTS_NAMED,
    PASSIVE_SHARE,
    CHOSEN,
    JOINED,
    LEFT,
    TRAVEL_MEDIAN,
    TRAVEL_P95,
)
BY_KEY = {one.key: one for one in INDICATORS}
