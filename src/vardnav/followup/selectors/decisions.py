"""Caps: what is asked, what is in force, what was decided, each beside the clinic's figures."""

from dataclasses import dataclass
from datetime import date

from vardnav.followup.selectors.clinics import ClinicRow, table_on
from vardnav.followup.selectors.stand import latest
from vardnav.listing import selectors as listing
from vardnav.listing.selectors import Cap


@dataclass(frozen=True, slots=True)
class Request:
    cap: Cap
    clinic: ClinicRow | None


@dataclass(frozen=True, slots=True)
class CapNow:
    """A granted cap that is in force or to come."""

    cap: Cap
    clinic: ClinicRow | None
    begun: bool
    days_left: int


@dataclass(frozen=True, slots=True)
class Decisions:
    requests: list[Request]
    caps: list[CapNow]
    history: list[Cap]


def decisions(today: date) -> Decisions:
    stand = latest()
    clinics = {row.id: row for row in table_on(stand).rows} if stand else {}
    return Decisions(
        requests=[Request(cap, clinics.get(cap.clinic_id)) for cap in listing.caps_to_decide()],
        caps=[
            CapNow(cap, clinics.get(cap.clinic_id), cap.starts_on <= today, (cap.ends_on - today).days)
            for cap in listing.granted_caps(on=today)
        ],
        history=listing.decided_caps(before=today),
    )
