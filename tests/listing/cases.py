"""The listing rules as tables of cases. The tests run them and docs/rules/listing.md is written from them."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from vardnav.organisation.rules import EmploymentRole


@dataclass(frozen=True)
class Table:
    title: str
    source: str
    explains: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


D = date
SPECIALIST, TRAINEE, LOCUM = EmploymentRole.SPECIALIST, EmploymentRole.TRAINEE, EmploymentRole.LOCUM

CAPACITY = Table(
    title="What a doctor can carry",
    source="Socialstyrelsen 2022, nationellt riktvärde: 1,100 listed per full-time specialist, 550 per trainee",
    explains=(
        "Guide value x full-time share x (1 - share for supervision and other duties), rounded down. The same number "
        "bounds heads and burden (region mean 1.00). Locums and senior advisors hold no panel of their own."
    ),
    columns=("role", "share", "duties share", "capacity"),
    rows=(
        (SPECIALIST, Decimal("1.00"), Decimal("0.00"), 1100),
        (SPECIALIST, Decimal("0.80"), Decimal("0.00"), 880),
        (SPECIALIST, Decimal("1.00"), Decimal("0.10"), 990),
        (SPECIALIST, Decimal("0.75"), Decimal("0.20"), 660),
        (SPECIALIST, Decimal("0.50"), Decimal("0.15"), 467),
        (TRAINEE, Decimal("1.00"), Decimal("0.00"), 550),
        (TRAINEE, Decimal("0.80"), Decimal("0.10"), 396),
        (LOCUM, Decimal("1.00"), Decimal("0.00"), 0),
    ),
)

CHANGES = Table(
    title="How often one may change",
    source="Patientlag (2014:821) 9 kap. 1 §; regionernas regelböcker",
    explains=(
        "At most two changes in a rolling twelve months. Moves, closed clinics, passive listings and corrections do "
        "not count. The day shown is the first on which a change is possible again."
    ),
    columns=("changes made", "today", "allowed or again on"),
    rows=(
        ((), D(2026, 11, 22), None),
        ((D(2026, 3, 1),), D(2026, 11, 22), None),
        ((D(2026, 3, 1), D(2026, 9, 5)), D(2026, 11, 22), D(2027, 3, 1)),
        ((D(2025, 11, 22), D(2026, 9, 5)), D(2026, 11, 22), None),
        ((D(2025, 11, 23), D(2026, 9, 5)), D(2026, 11, 22), D(2026, 11, 23)),
        ((D(2024, 2, 29), D(2024, 6, 1)), D(2025, 2, 28), D(2025, 3, 1)),
        ((D(2025, 2, 28), D(2025, 2, 28)), D(2026, 2, 27), D(2026, 2, 28)),
        ((D(2023, 8, 31), D(2024, 2, 29)), D(2024, 8, 30), D(2024, 8, 31)),
        ((D(2020, 1, 1), D(2021, 1, 1), D(2026, 10, 1)), D(2026, 11, 22), None),
    ),
)

ROOM = Table(
    title="Whether there is a place",
    source="Hälso- och sjukvårdslag (2017:30) 7 kap. 3 c §",
    explains=(
        "Without a cap there is always room. With one, listed and promised places together stay within it, and nobody "
        "passes those who wait."
    ),
    columns=("cap", "listed", "promised", "waiting", "walks in", "first in the queue gets an offer"),
    rows=(
        (None, 18000, 0, 0, True, True),
        (5000, 4999, 0, 0, True, True),
        (5000, 5000, 0, 0, False, False),
        (5000, 4999, 1, 0, False, False),
        (5000, 4999, 0, 1, False, True),
        (5000, 5100, 0, 0, False, False),
    ),
)

CEILING = Table(
    title="Above capacity only with a reason",
    source="listing with named doctors: never above capacity without a reason that is shown",
    explains="One more person must fit both in heads and in burden; else a reason of at least ten characters is kept.",
    columns=("heads", "burden", "capacity", "their burden", "reason", "outcome"),
    rows=(
        (1099, Decimal("1000.00"), 1100, Decimal("1.00"), "", "room"),
        (1100, Decimal("1000.00"), 1100, Decimal("1.00"), "", "refused"),
        (900, Decimal("1099.50"), 1100, Decimal("0.60"), "", "refused"),
        (900, Decimal("1099.50"), 1100, Decimal("0.50"), "", "room"),
        (1100, Decimal("1000.00"), 1100, Decimal("1.00"), "för kort", "refused"),
        (1100, Decimal("1000.00"), 1100, Decimal("1.00"), "Samma hushåll som de andra", "kept"),
        (0, Decimal("0.00"), 0, Decimal("0.20"), "", "refused"),
    ),
)

AGES = Table(
    title="Who chooses for a child",
    source="1177's practice for children; the ages are values of the region",
    explains=(
        "Below 13 a guardian sees and does all. From 13 to 15 a guardian chooses the clinic and sees nothing the "
        "teenager has chosen. From 16 the person alone."
    ),
    columns=("born", "today", "guardian's relation", "chooses alone"),
    rows=(
        (D(2026, 11, 1), D(2026, 11, 22), "guardian", False),
        (D(2013, 11, 23), D(2026, 11, 22), "guardian", False),
        (D(2013, 11, 22), D(2026, 11, 22), "guardian_of_teenager", False),
        (D(2010, 11, 23), D(2026, 11, 22), "guardian_of_teenager", False),
        (D(2010, 11, 22), D(2026, 11, 22), "none", True),
        (D(2012, 2, 29), D(2025, 2, 28), "guardian", False),
        (D(2012, 2, 29), D(2025, 3, 1), "guardian_of_teenager", False),
    ),
)

TABLES = (CAPACITY, CHANGES, ROOM, CEILING, AGES)
