"""The tables of an extract: what import accepts, what export writes and what docs/extract.md says are all this."""

from dataclasses import dataclass, field
from enum import StrEnum

from vardnav.kernel.personal_number import Sex
from vardnav.listing.rules import Origin
from vardnav.organisation.rules import EmploymentRole, Profession, ProviderForm, UnitKind


class Kind(StrEnum):
    """What a value is; each kind has one way to be written (see `read.py`)."""

    TEXT = "text"
    CODE = "code"
    HSA_ID = "HSA-id"
    PERSON = "identity number"
    LANGUAGES = "languages"
    WHOLE = "whole number"
    NUMBER = "number"
    DATE = "date"
    INSTANT = "instant"
    FLAG = "true or false"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    says: str
    required: bool = True
    longest: int = 200
    low: float | None = None
    high: float | None = None
    one_of: tuple[str, ...] = ()
    refers: str = ""  # the table whose key it must be found in
    whereabouts: bool = False  # left out for people with protected identity


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    says: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    apart: tuple[str, ...] = ()  # rows equal in these columns may not have periods that overlap
    by_name: dict[str, Column] = field(init=False, repr=False, compare=False, hash=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {column.name: column for column in self.columns})

    @property
    def names(self) -> list[str]:
        return [column.name for column in self.columns]

    @property
    def has_period(self) -> bool:
        return {"starts_on", "ends_on"} <= set(self.by_name)


def _text(name: str, says: str, longest: int = 200, required: bool = True, hidden: bool = False) -> Column:
    return Column(name, Kind.TEXT, says, required, longest, whereabouts=hidden)


def _code(name: str, says: str, longest: int = 20, refers: str = "") -> Column:
    return Column(name, Kind.CODE, says, longest=longest, refers=refers)


def _hsa(name: str, says: str, refers: str = "") -> Column:
    return Column(name, Kind.HSA_ID, says, longest=40, refers=refers)


def _person(name: str, says: str, refers: str = "residents") -> Column:
    return Column(name, Kind.PERSON, says, longest=12, refers=refers)


def _whole(name: str, says: str, low: int = 0, high: int = 2_000_000_000) -> Column:
    return Column(name, Kind.WHOLE, says, low=low, high=high)


def _number(name: str, says: str, low: float, high: float, required: bool = True) -> Column:
    return Column(name, Kind.NUMBER, says, required, low=low, high=high)


def _date(name: str, says: str, required: bool = True) -> Column:
    return Column(name, Kind.DATE, says, required)


def _one_of(name: str, says: str, words: type[StrEnum]) -> Column:
    return Column(name, Kind.CODE, says, one_of=tuple(word.value for word in words))


def _languages(says: str) -> Column:
    return Column("languages", Kind.LANGUAGES, says, required=False)


_STARTS = _date("starts_on", "First day")
_ENDS = _date("ends_on", "First day after the last; empty = goes on", required=False)
AREA_SAYS = "Where they live; empty only for people with protected identity"
_LATITUDE = _number("latitude", "Degrees north (WGS 84)", 54, 70)
_LONGITUDE = _number("longitude", "Degrees east (WGS 84)", 9, 26)

TABLES: tuple[Table, ...] = (
    Table(
        "region",
        "The region itself: one row.",
        ("code",),
        (
            _code("code", "County code (SCB)", 2),
            _text("name", "Name, as in “Region Dalarna”", 100),
            _hsa("hsa_id", "HSA-id of the region"),
        ),
    ),
    Table(
        "municipalities",
        "Municipalities of the county.",
        ("code",),
        (
            _code("code", "Municipality code (SCB)", 4),
            _text("name", "Name", 100),
            _code("county_code", "County code (SCB)", 2),
            _whole("population", "People"),
            _LATITUDE,
            _LONGITUDE,
        ),
    ),
    Table(
        "areas",
        "Statistical areas that residents live in (RegSO, DeSO or your own).",
        ("code",),
        (
            _code("code", "Area code"),
            _text("name", "Name", 150),
            _code("municipality_code", "Municipality", 4, "municipalities"),
            _whole("population", "People"),
            _LATITUDE,
            _LONGITUDE,
            _number("care_need_index", "Care need index, the country's mean 1.00", 0, 100, required=False),
        ),
    ),
    Table(
        "care_providers",
        "Those who run units.",
        ("hsa_id",),
        (
            _hsa("hsa_id", "HSA-id of the care provider"),
            _text("name", "Name"),
            _one_of("form", "Who owns it", ProviderForm),
        ),
    ),
    Table(
        "units",
        "Clinics, hospital clinics, offices and care homes.",
        ("hsa_id",),
        (
            _hsa("hsa_id", "HSA-id of the unit"),
            _text("name", "Name"),
            _one_of("kind", "What it is", UnitKind),
            _hsa("care_provider_hsa_id", "Who runs it", "care_providers"),
            _code("municipality_code", "Where it lies", 4, "municipalities"),
            _text("address", "Street address", required=False),
            _text("postal_code", "Postal code", 6, required=False),
            _text("city", "Post town", 100, required=False),
            _LATITUDE,
            _LONGITUDE,
            _text("phone", "Phone", 30, required=False),
            _languages("Languages spoken besides Swedish"),
            _STARTS,
            _ENDS,
        ),
    ),
    Table(
        "professionals",
        "Those who work at the units.",
        ("hsa_id",),
        (
            _hsa("hsa_id", "HSA-id of the person"),
            _text("first_name", "First name", 100),
            _text("last_name", "Last name", 100),
            _whole("birth_year", "Year of birth", 1900, 2100),
            _one_of("sex", "Sex", Sex),
            _one_of("profession", "Profession", Profession),
            _text("specialty", "Specialty of a doctor, for instance general_medicine", 40, required=False),
            _languages("Languages spoken besides Swedish"),
        ),
    ),
    Table(
        "employments",
        "Who works where, as what and how much.",
        ("professional_hsa_id", "unit_hsa_id", "role", "starts_on"),
        (
            _hsa("professional_hsa_id", "Who", "professionals"),
            _hsa("unit_hsa_id", "Where", "units"),
            _one_of("role", "As what", EmploymentRole),
            _STARTS,
            _ENDS,
            _number("share", "Share of full time", 0.01, 1),
            _number("duties_share", "Part of that share for supervision and other duties", 0, 0.99),
            _date("training_started_on", "A trainee's first day of specialist training", required=False),
        ),
        apart=("professional_hsa_id", "unit_hsa_id", "role"),
    ),
    Table(
        "residents",
        "Everyone the region is responsible for.",
        ("personal_number",),
        (
            _person("personal_number", "Personal, coordination or reserve number", refers=""),
            _text("first_name", "First name", 100),
            _text("last_name", "Last name", 100),
            _date("birth_date", "Date of birth, as in the number"),
            _one_of("sex", "Sex, as in the number", Sex),
            Column("area_code", Kind.CODE, AREA_SAYS, required=False, longest=20, refers="areas", whereabouts=True),
            _text("address", "Street address", required=False, hidden=True),
            _text("postal_code", "Postal code", 6, required=False, hidden=True),
            _text("city", "Post town", 100, required=False, hidden=True),
            _text("phone", "Phone", 30, required=False, hidden=True),
            _text("email", "Email", 200, required=False, hidden=True),
            _text("household", "Equal for those who live together", 20, required=False, hidden=True),
            _number("burden", "Relative care burden, the region's mean 1.00", 0.01, 1000),
            Column("protected", Kind.FLAG, "Protected identity"),
            _date("deceased_on", "Day of death", required=False),
        ),
    ),
    Table(
        "guardians",
        "Who has custody of a child.",
        ("child_personal_number", "guardian_personal_number"),
        (
            _person("child_personal_number", "The child"),
            _person("guardian_personal_number", "The guardian"),
            _STARTS,
            _ENDS,
        ),
    ),
    Table(
        "listings",
        "Which clinic a resident is listed with, and was.",
        ("personal_number", "starts_on"),
        (
            _person("personal_number", "Resident"),
            _STARTS,
            _hsa("unit_hsa_id", "Clinic", "units"),
            _ENDS,
            _one_of("origin", "How it came about", Origin),
        ),
        apart=("personal_number",),
    ),
    Table(
        "named_doctors",
        "Which doctor at the clinic is a resident's own, and was.",
        ("personal_number", "starts_on"),
        (
            _person("personal_number", "Resident"),
            _STARTS,
            _hsa("unit_hsa_id", "Clinic", "units"),
            _hsa("professional_hsa_id", "Doctor", "professionals"),
            _ENDS,
            _text("above_reason", "Why, when the doctor is above capacity", 300, required=False),
        ),
        apart=("personal_number",),
    ),
    Table(
        "caps",
        "Limits on how many a clinic lists (Hälso- och sjukvårdslagen 7:3 c).",
        ("unit_hsa_id", "starts_on"),
        (
            _hsa("unit_hsa_id", "Clinic", "units"),
            _STARTS,
            _whole("heads", "People at most", 1, 1_000_000),
            _date("ends_on", "First day without the limit"),
            _text("decision", "The decision's number and words", 500, required=False),
        ),
        apart=("unit_hsa_id",),
    ),
    Table(
        "queue",
        "Who waits for a place at a clinic with a limit.",
        ("personal_number", "unit_hsa_id"),
        (
            _person("personal_number", "Resident"),
            _hsa("unit_hsa_id", "Clinic", "units"),
            Column("joined_at", Kind.INSTANT, "When they joined (UTC)"),
            _whole("priority_class", "Class; lower goes first, the usual is 0", 0, 100),
        ),
    ),
)
BY_NAME = {table.name: table for table in TABLES}
