"""What region to build."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from vardnav.demo.figures import County, Municipality

SMALL = "small"


class UnknownRegion(ValueError):
    """No region by that name, code or folder; the message says which there are."""


@dataclass(frozen=True, slots=True)
class RegionSpec:
    """A region to build. `today` stands for the clock, `seed` for chance: the same spec gives the same bytes."""

    name: str
    county: County
    municipalities: tuple[Municipality, ...]
    today: date
    seed: int = 1
    months: int = 36
    area_size: int = 2000
    clinics: int | None = None
    hospital_clinics: int | None = None
    folder: Path | None = None

    @property
    def population(self) -> int:
        return sum(municipality.population for municipality in self.municipalities)
