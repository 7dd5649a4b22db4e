"""Municipalities: the clinics that lie there, and those who live there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from vardnav.followup.models import MunicipalitySnapshot
from vardnav.followup.rules import Figures, Tally, side_by_side, total
from vardnav.followup.selectors.stand import COUNTED, Stand, clinic_values, tally_of
from vardnav.places import selectors as places


@dataclass(frozen=True, slots=True)
class MunicipalityRow:
    code: str
    name: str
    figures: Figures

    @property
    def tally(self) -> Tally:
        return self.figures.tally


def municipality_table(stand: Stand) -> list[MunicipalityRow]:
    """All municipalities of a day, by name."""
    tallies: dict[str, list[Tally]] = {}
    for row in clinic_values(stand.on):
        tallies.setdefault(row["clinic__municipality_id"], []).append(tally_of(row))
    living = {row["municipality_id"]: row for row in _residents(stand.on)}
    figures = side_by_side(
        {one.code: _figures(total(tallies.get(one.code, ())), living.get(one.code)) for one in places.municipalities()}
    )
    return [MunicipalityRow(one.code, one.name, figures[one.code]) for one in places.municipalities()]


def _figures(clinics: Tally, living: dict[str, Any] | None) -> Figures:
    if living is None:
        return Figures(clinics)
    return Figures(clinics + _living(living), {key: living[key] for key in COUNTED})


def _living(row: dict[str, Any]) -> Tally:
    return Tally(residents=row["residents"], residents_listed=row["listed"], residents_named=row["named"])


def region_residents(on: date) -> Tally:
    """Everybody who lives in the region."""
    return total(_living(row) for row in _residents(on))


def _residents(on: date) -> Iterable[dict[str, Any]]:
    return list(
        MunicipalitySnapshot.objects.filter(taken_on=on).values(
            "municipality_id", "residents", "listed", "named", *COUNTED
        )
    )


def municipality_shapes() -> dict[str, Any]:
    """The boundary of each municipality that has one, as GeoJSON."""
    return {one.code: one.boundary for one in places.boundaries()}
