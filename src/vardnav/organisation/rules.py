"""Words of the organisation, and what a doctor can carry."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from vardnav.parameters.rules import value


class ProviderForm(StrEnum):
    REGION = "region"
    PRIVATE = "private"
    MUNICIPAL = "municipal"


class UnitKind(StrEnum):
    CLINIC = "clinic"
    HOSPITAL_CLINIC = "hospital_clinic"
    REGION_OFFICE = "region_office"
    CARE_HOME = "care_home"


class Profession(StrEnum):
    DOCTOR = "doctor"
    NURSE = "nurse"
    PSYCHOLOGIST = "psychologist"
    PHYSIOTHERAPIST = "physiotherapist"
    MIDWIFE = "midwife"
    DIETITIAN = "dietitian"
    PHARMACIST = "pharmacist"
    COUNSELLOR = "counsellor"
    OCCUPATIONAL_THERAPIST = "occupational_therapist"
    ASSISTANT_NURSE = "assistant_nurse"
    ADMINISTRATOR = "administrator"


class EmploymentRole(StrEnum):
    SPECIALIST = "specialist"
    TRAINEE = "trainee"
    LOCUM = "locum"
    SENIOR_ADVISOR = "senior_advisor"
    STAFF = "staff"


GENERAL_MEDICINE = "general_medicine"
MAY_HAVE_A_PANEL = (EmploymentRole.SPECIALIST, EmploymentRole.TRAINEE)


@dataclass(frozen=True, slots=True)
class CapacityParameters:
    """The guide value and what it means for a trainee (Socialstyrelsen 2022)."""

    ceiling: int = value(1100, low=300, high=3000, unit="listed", source="Socialstyrelsen 2022, nationellt riktvärde")
    ceiling_trainee: int = value(
        550,
        low=0,
        high=3000,
        unit="listed",
        source="Socialstyrelsen 2022, ST-läkare i mitten av utbildningen",
    )
    goal_named_doctor_percent: int = value(
        55, low=1, high=100, unit="%", source="Staten och SKR, överenskommelsen om god och nära vård"
    )


def capacity(role: EmploymentRole, share: Decimal, duties_share: Decimal, p: CapacityParameters) -> int:
    """Listed people a doctor can carry: guide value x full-time share x (1 - share for other duties).

    The same number bounds heads and burden (region mean 1.00). Whole people, rounded down; roles that hold
    no panel of their own have none.
    """
    if role not in MAY_HAVE_A_PANEL:
        return 0
    guide = p.ceiling if role is EmploymentRole.SPECIALIST else p.ceiling_trainee
    return int(guide * share * (1 - duties_share))
