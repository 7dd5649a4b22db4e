"""Units, and the doctors who can hold a panel there."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from vardnav.kernel.point import Point
from vardnav.organisation.models import Employment, Professional, Region
from vardnav.organisation.models import Unit as Unit  # what the answers below are made of
from vardnav.organisation.rules import (
    GENERAL_MEDICINE,
    MAY_HAVE_A_PANEL,
    CapacityParameters,
    EmploymentRole,
    Profession,
    UnitKind,
    capacity,
)
from vardnav.parameters.selectors import in_force
from vardnav.tables import sql, valid_on


def region() -> Region | None:
    return Region.objects.first()


def clinics(on: date) -> QuerySet[Unit]:
    """The clinics residents can list with on a day."""
    return (
        Unit.objects.filter(valid_on(on), kind=UnitKind.CLINIC.value)
        .select_related("municipality", "care_provider")
        .defer("municipality__boundary")  # a map's worth of numbers for each clinic, and no reader of clinics wants it
        .order_by("name")
    )


@dataclass(frozen=True, slots=True)
class Clinic:
    """What a change of clinic needs to know of one."""

    id: int
    hsa_id: str
    name: str


OPEN_CLINIC = (
    "SELECT id, hsa_id, name FROM organisation_unit"
    " WHERE id = %s AND kind = 'clinic' AND starts_on <= %s AND (ends_on IS NULL OR ends_on > %s)"
)


def open_clinic(clinic_id: int, on: date) -> Clinic | None:
    """A clinic residents can list with on a day."""
    found = sql.row(OPEN_CLINIC, [clinic_id, on, on])
    return Clinic(*found) if found else None


def languages_of_clinics(on: date) -> list[str]:
    """The languages besides Swedish that some clinic speaks, as ISO 639-1 codes."""
    spoken = clinics(on).order_by().values_list("languages", flat=True)
    return sorted({language for languages in spoken for language in languages})


def unit(unit_id: int) -> Unit | None:
    return Unit.objects.select_related("municipality", "care_provider").filter(id=unit_id).first()


def providers_of(unit_ids: Iterable[int]) -> list[tuple[str, str]]:
    """HSA-ids of units and of the care provider that each belongs to."""
    return list(Unit.objects.filter(id__in=unit_ids).values_list("hsa_id", "care_provider__hsa_id"))


def unit_by_hsa_id(hsa_id: str) -> Unit | None:
    return Unit.objects.select_related("municipality", "care_provider").filter(hsa_id=hsa_id).first()


def units(on: date, query: str = "", kind: UnitKind | None = None) -> QuerySet[Unit]:
    found = (
        Unit.objects.filter(valid_on(on))
        .select_related("municipality", "care_provider")
        .defer("municipality__boundary")
    )
    if kind is not None:
        found = found.filter(kind=kind.value)
    if query:
        found = found.filter(Q(name__icontains=query) | Q(municipality__name__icontains=query))
    return found.order_by("name", "id")


def units_by_hsa_id(
    on: date,
    *,
    kind: UnitKind | None = None,
    municipality: str = "",
    changed: date | None = None,
    after: str = "",
    most: int = 50,
) -> list[Unit]:
    """A page of units in the order of their HSA-ids: those open on a day, or those that open or close since one."""
    when = valid_on(on) if changed is None else Q(starts_on__gte=changed) | Q(ends_on__gte=changed)
    found = Unit.objects.filter(when, hsa_id__gt=after).select_related("municipality", "care_provider")
    if kind is not None:
        found = found.filter(kind=kind.value)
    if municipality:
        found = found.filter(municipality_id=municipality)
    return list(found.order_by("hsa_id")[:most])


@dataclass(frozen=True, slots=True)
class Reach:
    """Who answers for a unit, and its telephone."""

    name: str
    provider: str
    phone: str


def reach(hsa_ids: Iterable[str]) -> dict[str, Reach]:
    found = Unit.objects.filter(hsa_id__in=list(hsa_ids)).select_related("care_provider")
    return {one.hsa_id: Reach(one.name, one.care_provider.name, one.phone or "") for one in found}


def professional_id(hsa_id: str) -> int | None:
    return Professional.objects.filter(hsa_id=hsa_id).values_list("id", flat=True).first()


def place_of(clinic: Unit) -> Point:
    return Point(clinic.latitude, clinic.longitude)


@dataclass(frozen=True, slots=True)
class Doctor:
    """A doctor who can hold a panel at a clinic, and how many people that is."""

    id: int
    hsa_id: str
    name: str
    role: EmploymentRole
    share: Decimal
    duties_share: Decimal
    capacity: int
    languages: tuple[str, ...]
    ends_on: date | None


def doctors_of(unit_id: int, on: date) -> list[Doctor]:
    """Doctors whose employment at the unit covers the day, by surname."""
    return list(doctors_by_unit([unit_id], on).get(unit_id, []))


DOCTORS = """
SELECT e.unit_id, d.id, d.hsa_id, d.first_name || ' ' || d.last_name, d.languages,
       e.role, e.share, e.duties_share, e.ends_on
FROM organisation_employment e
JOIN organisation_professional d ON d.id = e.professional_id
WHERE e.unit_id = ANY(%s) AND e.role = ANY(%s) AND d.profession = 'doctor'
  AND e.starts_on <= %s AND (e.ends_on IS NULL OR e.ends_on > %s)
ORDER BY d.last_name, d.first_name, d.id, e.starts_on
"""


def doctors_by_unit(unit_ids: Iterable[int], on: date) -> dict[int, list[Doctor]]:
    """The same for several units in one query; a large region's two thousand are not worth two models each."""
    p = in_force(CapacityParameters, on)
    by_unit: dict[int, dict[int, Doctor]] = {}
    for unit_id, *row in sql.rows(DOCTORS, [list(unit_ids), [role.value for role in MAY_HAVE_A_PANEL], on, on]):
        doctors = by_unit.setdefault(unit_id, {})
        doctors[row[0]] = _doctor(row, doctors.get(row[0]), p)
    return {unit_id: list(doctors.values()) for unit_id, doctors in by_unit.items()}


def _doctor(row: list[Any], earlier: Doctor | None, p: CapacityParameters) -> Doctor:
    """One doctor out of one employment, or of several at the same unit added up."""
    doctor_id, hsa_id, name, languages, of, share, duties_share, ends_on = row
    role = EmploymentRole(of)
    return Doctor(
        id=doctor_id,
        hsa_id=hsa_id,
        name=name,
        role=earlier.role if earlier else role,
        share=share + (earlier.share if earlier else 0),
        duties_share=duties_share,
        capacity=capacity(role, share, duties_share, p) + (earlier.capacity if earlier else 0),
        languages=tuple(languages),
        ends_on=ends_on if earlier is None else None,
    )


def last_days(unit_id: int) -> dict[int, date | None]:
    """For each doctor who has or had a panel at a unit: the first day after the last employment, None if open."""
    ends: dict[int, date | None] = {}
    rows = Employment.objects.filter(unit_id=unit_id, role__in=[r.value for r in MAY_HAVE_A_PANEL])
    for doctor_id, ends_on in rows.order_by("starts_on").values_list("professional_id", "ends_on"):
        known = ends.get(doctor_id, date.min)
        ends[doctor_id] = None if known is None or ends_on is None else max(known, ends_on)
    return ends


@dataclass(frozen=True, slots=True)
class Staffed:
    """Somebody employed at a unit, by one employment."""

    professional_id: int
    name: str
    profession: Profession
    specialty: str
    role: EmploymentRole
    share: Decimal
    duties_share: Decimal
    capacity: int
    training_started_on: date | None
    starts_on: date
    ends_on: date | None


def staff_of(unit_id: int, on: date) -> list[Staffed]:
    """Everyone employed at a unit on a day, by profession and name, with what each can carry."""
    p = in_force(CapacityParameters, on)
    return [
        Staffed(
            professional_id=row.professional_id,
            name=str(row.professional),
            profession=Profession(row.professional.profession),
            specialty=row.professional.specialty or "",
            role=EmploymentRole(row.role),
            share=row.share,
            duties_share=row.duties_share,
            capacity=capacity(EmploymentRole(row.role), row.share, row.duties_share, p),
            training_started_on=row.training_started_on,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in employments_of(unit_id, on)
    ]


def employments_of(unit_id: int, on: date) -> list[Employment]:
    """Everyone employed at a unit on a day, by profession and name."""
    return list(
        Employment.objects.filter(valid_on(on), unit_id=unit_id)
        .select_related("professional")
        .order_by("professional__profession", "professional__last_name", "professional__first_name", "id")
    )


def names_of(hsa_ids: Iterable[str]) -> dict[str, tuple[str, str, int]]:
    """First name, last name and year of birth of professionals: all that tells who they are as residents."""
    found = Professional.objects.filter(hsa_id__in=list(hsa_ids))
    return {one.hsa_id: (one.first_name, one.last_name, one.birth_year) for one in found}


def names_at(unit_hsa_id: str, since: date, until: date) -> set[tuple[str, str, int]]:
    """The same of everyone employed at a unit between two days."""
    found = Employment.objects.filter(Q(ends_on__isnull=True) | Q(ends_on__gt=since), starts_on__lte=until)
    names = found.filter(unit__hsa_id=unit_hsa_id).values_list(
        "professional__first_name", "professional__last_name", "professional__birth_year"
    )
    return set(names)


def specialists(on: date) -> QuerySet[Employment]:
    """Employments of specialists in general medicine at clinics: the GPs that the goals count."""
    return Employment.objects.filter(
        valid_on(on),
        role=EmploymentRole.SPECIALIST.value,
        professional__specialty=GENERAL_MEDICINE,
        unit__kind=UnitKind.CLINIC.value,
    )
