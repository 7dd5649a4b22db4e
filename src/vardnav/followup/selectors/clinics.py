"""Every clinic with its figures."""

from dataclasses import dataclass
from typing import Any

from vardnav.followup.rules import Figures, Load, Tally, alone, load, side_by_side, total
from vardnav.followup.selectors.places import region_residents
from vardnav.followup.selectors.stand import COUNTED, Stand, clinic_values, latest, tally_of
from vardnav.listing.selectors.clinics import swedish_key
from vardnav.organisation.rules import ProviderForm


@dataclass(frozen=True, slots=True)
class ClinicRow:
    id: int
    hsa_id: str
    name: str
    municipality: str
    municipality_code: str
    care_provider: str
    form: ProviderForm
    latitude: float
    longitude: float
    cap: int | None
    free_places: int | None
    figures: Figures

    @property
    def tally(self) -> Tally:
        return self.figures.tally

    @property
    def has_no_specialist(self) -> bool:
        return self.tally.listed > 0 and self.tally.specialists_fte <= 0

    @property
    def per_specialist(self) -> float | None:
        return float(self.tally.listed / self.tally.specialists_fte) if self.tally.specialists_fte else None


@dataclass(frozen=True, slots=True)
class ClinicTable:
    stand: Stand
    rows: list[ClinicRow]
    region: Figures
    load: Load


def clinic_table() -> ClinicTable | None:
    """The newest day; None before the first count."""
    stand = latest()
    return None if stand is None else table_on(stand)


def table_on(stand: Stand) -> ClinicTable:
    """All clinics of a day: their small numbers are hidden as one table, whatever part of it is then shown."""
    values = {row["clinic_id"]: row for row in clinic_values(stand.on)}
    figures = side_by_side(
        {key: Figures(tally_of(row), {name: row[name] for name in COUNTED}) for key, row in values.items()}
    )
    rows = sorted((_row(row, figures[key]) for key, row in values.items()), key=lambda row: swedish_key(row.name))
    load = load_of(rows, stand)
    return ClinicTable(stand, rows, region_figures(stand, rows, load), load)


def _row(row: dict[str, Any], figures: Figures) -> ClinicRow:
    return ClinicRow(
        id=row["clinic_id"],
        hsa_id=row["clinic__hsa_id"],
        name=row["clinic__name"],
        municipality=row["clinic__municipality__name"],
        municipality_code=row["clinic__municipality_id"],
        care_provider=row["clinic__care_provider__name"],
        form=ProviderForm(row["clinic__care_provider__form"]),
        latitude=row["clinic__latitude"],
        longitude=row["clinic__longitude"],
        cap=row["cap"],
        free_places=row["free_places"],
        figures=figures,
    )


def region_figures(stand: Stand, rows: list[ClinicRow], load: Load) -> Figures:
    return alone(total(row.tally for row in rows) + region_residents(stand.on), {**stand.counted, **load.counted})


def load_of(rows: list[ClinicRow], stand: Stand) -> Load:
    return load(((row.tally.listed, float(row.tally.specialists_fte)) for row in rows), stand.p.ceiling)
