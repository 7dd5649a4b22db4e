"""What goes in and out, with examples that a test holds against the schema."""

import re
from datetime import date, datetime
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from vardnav.listing.rules import Origin
from vardnav.organisation.rules import EmploymentRole, ProviderForm, UnitKind

DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
HSA = r"^SE[0-9]{10}-[A-Za-z0-9]{1,20}$"


def plain_text(text: str) -> str:
    """No control characters and no half characters: no database keeps them."""
    if any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF for letter in text):
        raise ValueError("write it without control characters")
    return text


def written_as_a_day(value: object) -> object:
    """ÅÅÅÅ-MM-DD and nothing else: pydantic would take seconds since 1970 too."""
    if isinstance(value, str) and not DAY.fullmatch(value):
        raise PydanticCustomError("date_parsing", "write a date as ÅÅÅÅ-MM-DD")
    return value


Day = Annotated[date, BeforeValidator(written_as_a_day)]
HsaId = Annotated[str, Field(pattern=HSA, examples=["SE2321000214-A1001"])]
Text = Annotated[str, Field(max_length=300), AfterValidator(plain_text)]
Number = Annotated[
    str,
    Field(
        max_length=20,
        description="Personal or coordination number, or the region's reserve number: ÅÅÅÅMMDD-NNNN or ÅÅMMDD-NNNN.",
        examples=["19840314-9824"],
    ),
    AfterValidator(plain_text),
]


class Region(Schema):
    code: str
    name: str
    hsa_id: str

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"code": "23", "name": "Jämtland Härjedalen", "hsa_id": "SE2321000214-0001"},
        }
    )


class Provider(Schema):
    hsa_id: str
    name: str
    form: ProviderForm


class Place(Schema):
    code: str
    name: str


UNIT: dict[str, Any] = {
    "hsa_id": "SE2321000214-A1001",
    "name": "Ekens hälsocentral",
    "kind": "clinic",
    "care_provider": {"hsa_id": "SE2321000214-0001", "name": "Region Jämtland Härjedalen", "form": "region"},
    "municipality": {"code": "2380", "name": "Östersund"},
    "address": "Storgatan 1",
    "postal_code": "831 30",
    "city": "Östersund",
    "phone": "063-15 30 00",
    "latitude": 63.1792,
    "longitude": 14.6357,
    "languages": ["en", "ar"],
    "starts_on": "2010-01-01",
    "ends_on": None,
}


class Unit(Schema):
    hsa_id: str
    name: str
    kind: UnitKind
    care_provider: Provider
    municipality: Place
    address: str | None
    postal_code: str | None
    city: str | None
    phone: str | None
    latitude: float
    longitude: float
    languages: list[str]
    starts_on: date
    ends_on: date | None

    model_config = ConfigDict(json_schema_extra={"example": UNIT})


class Units(Schema):
    items: list[Unit]
    next: str | None = Field(description="The address of the page that follows; null on the last page.")

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"items": [UNIT], "next": "/api/v1/organisation/units?kind=clinic&after=SE2321000214-A1001"}
        }
    )


class Doctor(Schema):
    hsa_id: str
    name: str
    role: EmploymentRole
    capacity: int = Field(description="Listed people the doctor can carry, in heads and in burden alike.")
    heads: int = Field(description="Listed people who have the doctor as their named doctor.")
    burden: float = Field(description="The same people's relative care burden, region mean 1.00 each.")
    ends_on: date | None


class Doctors(Schema):
    clinic: str
    on: date
    listed: int
    without_named_doctor: int
    items: list[Doctor]

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "clinic": "SE2321000214-A1001",
                "on": "2026-11-23",
                "listed": 8412,
                "without_named_doctor": 3120,
                "items": [
                    {
                        "hsa_id": "SE2321000214-P0042",
                        "name": "Eva Berg",
                        "role": "specialist",
                        "capacity": 880,
                        "heads": 861,
                        "burden": 902.4,
                        "ends_on": None,
                    }
                ],
            }
        }
    )


CLINIC: dict[str, Any] = {
    "hsa_id": "SE2321000214-A1001",
    "name": "Ekens hälsocentral",
    "municipality": "Östersund",
    "languages": ["en", "ar"],
    "listed": 8412,
    "cap": 8500,
    "waiting": 0,
    "has_room": True,
    "doctors_with_room": 2,
}


class Clinic(Schema):
    hsa_id: str
    name: str
    municipality: str
    languages: list[str]
    listed: int
    cap: int | None
    waiting: int
    has_room: bool = Field(description="Whether somebody who chooses the clinic now is listed at once.")
    doctors_with_room: int

    model_config = ConfigDict(json_schema_extra={"example": CLINIC})


class Clinics(Schema):
    items: list[Clinic]
    next: str | None

    model_config = ConfigDict(json_schema_extra={"example": {"items": [CLINIC], "next": None}})


class Queue(Schema):
    clinic: str
    listed: int
    cap: int | None
    held: int = Field(description="Places promised to those who have an offer to answer.")
    waiting: int
    has_room: bool

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "clinic": "SE2321000214-A1002",
                "listed": 6998,
                "cap": 7000,
                "held": 2,
                "waiting": 41,
                "has_room": False,
            }
        }
    )


class At(Schema):
    clinic: str
    name: str
    starts_on: date
    ends_on: date | None
    origin: Origin


class NamedDoctor(Schema):
    name: str
    starts_on: date
    ends_on: date | None


class QueuePlace(Schema):
    clinic: str
    joined_at: datetime
    ahead: int
    offer_expires_at: datetime | None = Field(description="A place is held until then; null while waiting.")


class PersonListing(Schema):
    personal_number: str
    protected: bool = Field(description="Protected identity: handle with care, tell nobody where the person lives.")
    current: At | None
    upcoming: At | None
    named_doctor: NamedDoctor | None
    queue: QueuePlace | None
    waits_for_guardian: bool
    changes_left: int | None = Field(description="None when a change that counts is blocked.")
    blocked: bool = Field(description="The person has blocked data of some unit: they are left out, whatever they are.")

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "personal_number": "198403149824",
                "protected": False,
                "current": {
                    "clinic": "SE2321000214-A1001",
                    "name": "Ekens hälsocentral",
                    "starts_on": "2024-01-01",
                    "ends_on": None,
                    "origin": "chosen",
                },
                "upcoming": None,
                "named_doctor": {"name": "Eva Berg", "starts_on": "2024-02-01", "ends_on": None},
                "queue": {
                    "clinic": "Alens hälsocentral",
                    "joined_at": "2026-11-02T08:10:00Z",
                    "ahead": 12,
                    "offer_expires_at": None,
                },
                "waits_for_guardian": False,
                "changes_left": 2,
                "blocked": False,
            }
        }
    )


class Person(Schema):
    """A field that is not known is refused, so that a misspelt one is not lost in silence."""

    personal_number: Number

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"personal_number": "19840314-9824"}})


class Choice(Person):
    clinic: HsaId

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"personal_number": "19840314-9824", "clinic": "SE2321000214-A1001"}},
    )


class NamedDoctorChoice(Person):
    doctor: HsaId
    reason: Text = Field(default="", description="Needed, kept and shown when the doctor then stands above capacity.")

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {"personal_number": "19840314-9824", "doctor": "SE2321000214-P0042", "reason": ""}
        },
    )


class Done(Schema):
    """What a command did. Fields that do not belong to the result are left out."""

    result: str
    clinic: str | None = None
    doctor: str | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    expires_at: datetime | None = None
    ahead: int | None = None


class FieldProblem(Schema):
    field: str
    value: Any = Field(description="What was sent, cut at 100 characters.")
    remedy: str


class Problem(Schema):
    """RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    code: str = Field(description="The same problem always has the same code.")
    request_id: str = Field(description="Tell us this number when you ask.")
    facts: dict[str, Any] | None = None
    errors: list[FieldProblem] | None = None
