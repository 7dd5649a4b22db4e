"""Who acts: the person or program behind a call, and in which assignment."""

from dataclasses import dataclass
from enum import StrEnum


class ActorKind(StrEnum):
    RESIDENT = "resident"
    STAFF = "staff"
    SERVICE = "service"
    SYSTEM = "system"


class Role(StrEnum):
    """What a staff member's assignment lets them be at a unit."""

    CLINIC_STAFF = "clinic_staff"
    CLINIC_HEAD = "clinic_head"
    REGION_PLANNER = "region_planner"
    ADMINISTRATOR = "administrator"
    LOG_REVIEWER = "log_reviewer"  # loggranskare: judges who has read what (Patient Data Act 4:3)


class Purpose(StrEnum):
    """Why the assignment exists (Patient Data Act 2:4)."""

    CARE = "care"
    ADMINISTRATION = "administration"
    FOLLOWUP = "followup"


@dataclass(frozen=True, slots=True)
class Acting:
    """The assignment a staff member acts in: a role at a unit, for a purpose."""

    assignment_id: int
    role: Role
    purpose: Purpose
    unit_hsa_id: str
    unit_name: str
    provider_hsa_id: str = ""  # the care provider (vårdgivare) that the unit belongs to


@dataclass(frozen=True, slots=True)
class Actor:
    kind: ActorKind
    name: str
    account_id: int | None = None
    personal_number: str | None = None
    hsa_id: str | None = None
    acting: Acting | None = None
    scopes: frozenset[str] = frozenset()
    request_id: str = ""
    assurance: int = 0  # level of assurance of the login, 1-4 (tillitsnivå); patient data demands 3

    @property
    def role(self) -> Role | None:
        return self.acting.role if self.acting else None

    @property
    def unit_hsa_id(self) -> str | None:
        return self.acting.unit_hsa_id if self.acting else None

    @property
    def provider_hsa_id(self) -> str:
        return self.acting.provider_hsa_id if self.acting else ""


def system(name: str, request_id: str = "") -> Actor:
    """A program that acts by itself: an import, a job, the demo."""
    return Actor(kind=ActorKind.SYSTEM, name=name, request_id=request_id)
