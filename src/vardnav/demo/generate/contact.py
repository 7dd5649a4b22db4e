"""Telephone numbers that PTS keeps free for books and films, and addresses that do not exist."""

from vardnav.demo.generate import names
from vardnav.demo.generate.chance import stream
from vardnav.demo.generate.spec import RegionSpec

# Post- och telestyrelsen: numbers for use in books, films and the like; each series has a hundred (the mobile one 95)
SWITCHBOARDS = {
    "stockholm": "08-465 004 {:02}",
    "goteborg": "031-390 06 {:02}",
    "malmo": "040-628 04 {:02}",
    "kiruna": "0980-31 92 {:02}",
}
MOBILES = [f"070-174 06 {last:02}" for last in range(5, 100)]
FIRST_FREE_MOBILE = 6  # those before belong to the cast


class Directory:
    """Hands out the units' switchboard numbers and addresses in turn."""

    def __init__(self, spec: RegionSpec) -> None:
        self._series = SWITCHBOARDS[spec.county.phone]
        self._rng = stream(spec.seed, "directory")
        self._given = 0

    def phone(self) -> str:
        self._given += 1
        return self._series.format((self._given - 1) % 100)

    def address(self) -> tuple[str, str]:
        """Street with number, and postal code."""
        street = names.streets()[int(self._rng.integers(len(names.streets())))]
        return f"{street} {int(self._rng.integers(1, 60))}", postal_code(int(self._rng.integers(1000)))


def postal_code(number: int) -> str:
    """One of the thousand codes 990 00-999 99, a series not in use."""
    return f"99{number // 100} {number % 100:02}"
