"""One clinic, one municipality."""

from dataclasses import dataclass
from datetime import date

from vardnav.followup.rules import Figures, Load, is_small, together, total
from vardnav.followup.selectors.clinics import ClinicRow, load_of, table_on
from vardnav.followup.selectors.places import MunicipalityRow, municipality_table
from vardnav.followup.selectors.series import Point, clinic_series, municipality_series
from vardnav.followup.selectors.stand import Stand, latest
from vardnav.listing import selectors as listing
from vardnav.listing.selectors import Cap
from vardnav.organisation.rules import EmploymentRole


@dataclass(frozen=True, slots=True)
class DoctorRow:
    """A doctor's panel against capacity; a panel of one to four is not told."""

    name: str
    role: EmploymentRole
    percent: int
    duties_percent: int
    capacity: int
    heads: int | None
    burden: int | None
    ends_on: date | None

    @property
    def is_hidden(self) -> bool:
        return self.heads is None


@dataclass(frozen=True, slots=True)
class ClinicPage:
    stand: Stand
    clinic: ClinicRow
    region: Figures
    series: list[Point]
    doctors: list[DoctorRow]
    caps: list[Cap]


@dataclass(frozen=True, slots=True)
class MunicipalityPage:
    stand: Stand
    municipality: MunicipalityRow
    clinics: list[ClinicRow]
    region: Figures
    load: Load
    series: list[Point]


def clinic_page(clinic_id: int, today: date) -> ClinicPage | None:
    """None for what is no clinic, or before the first count."""
    stand = latest()
    table = table_on(stand) if stand else None
    clinic = next((row for row in table.rows if row.id == clinic_id), None) if table else None
    if stand is None or table is None or clinic is None:
        return None
    return ClinicPage(
        stand=stand,
        clinic=clinic,
        region=table.region,
        series=clinic_series(stand, clinic_id),
        doctors=_doctors(clinic_id, today),
        caps=listing.caps(clinic_id),
    )


def _doctors(clinic_id: int, today: date) -> list[DoctorRow]:
    return [
        DoctorRow(
            name=one.doctor.name,
            role=one.doctor.role,
            percent=round(one.doctor.share * 100),
            duties_percent=round(one.doctor.duties_share * 100),
            capacity=one.doctor.capacity,
            heads=None if is_small(one.heads) else one.heads,
            burden=None if is_small(one.heads) else round(one.burden),
            ends_on=one.doctor.ends_on,
        )
        for one in listing.panel(clinic_id, on=today).doctors
    ]


def municipality_page(code: str) -> MunicipalityPage | None:
    """None for a municipality that is not the region's, or before the first count."""
    stand = latest()
    found = next((row for row in municipality_table(stand) if row.code == code), None) if stand else None
    if stand is None or found is None:
        return None
    table = table_on(stand)
    clinics = [row for row in table.rows if row.municipality_code == code]
    shown = together([row.figures for row in clinics], total(row.tally for row in clinics))
    figures = Figures(found.tally, found.figures.counted, found.figures.hidden | shown.hidden)
    return MunicipalityPage(
        stand=stand,
        municipality=MunicipalityRow(found.code, found.name, figures),
        clinics=clinics,
        region=table.region,
        load=load_of(clinics, stand),
        series=municipality_series(stand, code),
    )
