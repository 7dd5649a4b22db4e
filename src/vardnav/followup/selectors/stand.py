"""Which day the figures stand on."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from vardnav.followup.models import ClinicSnapshot, RegionSnapshot
from vardnav.followup.rules import Tally
from vardnav.organisation.rules import CapacityParameters
from vardnav.parameters.selectors import in_force

COUNTED = ("travel_median", "travel_p95")
# Columns of a clinic's row that are a tally's too.
SUMMED = (
    "listed",
    "burden",
    "named",
    "doctor_gone",
    "passive",
    "specialists_fte",
    "specialists_heads",
    "trainees_fte",
    "locums_fte",
    "capacity",
    "queue",
    "wait_days",
    "oldest_wait_days",
    "offers_open",
    "offers_made",
    "joined_month",
    "chosen_month",
    "left_month",
)
PLACE = (
    "clinic__hsa_id",
    "clinic__name",
    "clinic__latitude",
    "clinic__longitude",
    "clinic__municipality_id",
    "clinic__municipality__name",
    "clinic__care_provider__name",
    "clinic__care_provider__form",
)


@dataclass(frozen=True, slots=True)
class Stand:
    """A counted day, and the region's values on it."""

    on: date
    counted_at: datetime
    counted: dict[str, float | None]
    p: CapacityParameters


def latest() -> Stand | None:
    """The newest day that is counted; None before the first count."""
    return _stand(RegionSnapshot.objects.order_by("-taken_on").first())


def stand_on(day: date) -> Stand | None:
    """A day that is counted."""
    return _stand(RegionSnapshot.objects.filter(taken_on=day).first())


def _stand(row: RegionSnapshot | None) -> Stand | None:
    if row is None:
        return None
    counted: dict[str, float | None] = {
        "travel_median": row.travel_median,
        "travel_p95": row.travel_p95,
        "median_wait_days": row.median_wait_days,
    }
    return Stand(row.taken_on, row.counted_at, counted, in_force(CapacityParameters, row.taken_on))


def tally_of(row: dict[str, Any]) -> Tally:
    """A clinic's row as a tally."""
    return Tally(
        clinics=1,
        caps=int(row["cap"] is not None),
        free_places=row["free_places"] or 0,
        **{name: row[name] for name in SUMMED},
    )


def clinic_values(on: date) -> list[dict[str, Any]]:
    """Every clinic's figures on a day, with what the clinic is called and where it lies."""
    found = ClinicSnapshot.objects.filter(taken_on=on)
    return list(found.values("clinic_id", "cap", "free_places", *SUMMED, *COUNTED, *PLACE))
