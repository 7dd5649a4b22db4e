"""The people every demo region has: fixed names and numbers to log in as and to write tests about.

Their names cannot be a living person's and their numbers are test numbers (see numbers.py), the same in every region.
"""

from dataclasses import dataclass
from datetime import date

CLINIC = "A1001"  # the clinic most of them belong to: this follows the region's HSA prefix
CAPPED_CLINIC = "A1002"  # full and capped; somebody stands in its queue
OFFICE = "A0001"  # the region office
HOSPITAL_CLINIC = "S1001"


@dataclass(frozen=True, slots=True)
class CastResident:
    role: str
    first_name: str
    last_name: str
    personal_number: str
    born: date
    sex: str
    household: str
    email: str
    phone: str
    guardians: tuple[str, ...] = ()  # roles
    protected: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True, slots=True)
class CastProfessional:
    role: str
    first_name: str
    last_name: str
    hsa_id: str
    birth_year: int
    sex: str
    profession: str
    unit: str  # suffix of the unit's HSA-id
    specialty: str | None = None
    share: float = 1.0
    duties_share: float = 0.0

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


RESIDENTS = (
    CastResident(
        "resident", "Astrid", "Exempelsson", "198403149928", date(1984, 3, 14), "female", "a",
        "astrid.exempelsson@example.se", "070-174 06 05",
    ),
    CastResident(
        "parent", "Johanna", "Provberg", "198806029941", date(1988, 6, 2), "female", "b",
        "johanna.provberg@example.se", "070-174 06 06",
    ),
    CastResident(
        "other_guardian", "Erik", "Provberg", "198609219954", date(1986, 9, 21), "male", "b",
        "erik.provberg@example.se", "070-174 06 07",
    ),
    CastResident(
        "child_of_two", "Elsa", "Provberg", "201905119945", date(2019, 5, 11), "female", "b", "", "",
        guardians=("parent", "other_guardian"),
    ),
    CastResident(
        "child_of_one", "Hugo", "Provberg", "202202089831", date(2022, 2, 8), "male", "b", "", "", guardians=("parent",)
    ),
    CastResident(
        "protected", "Maria", "Testgren", "199111309861", date(1991, 11, 30), "female", "c",
        "maria.testgren@example.se", "070-174 06 08", protected=True,
    ),
    CastResident(
        "unlisted", "Jonas", "Demolund", "197501199892", date(1975, 1, 19), "male", "d",
        "jonas.demolund@example.se", "070-174 06 09",
    ),
    CastResident(
        "queued", "Ingrid", "Fiktberg", "195808059868", date(1958, 8, 5), "female", "e",
        "ingrid.fiktberg@example.se", "070-174 06 10",
    ),
)  # fmt: skip

_HSA = "SE5599990009-DEMO"
PROFESSIONALS = (
    CastProfessional("clinic_staff", "Sofia", "Exempelgren", _HSA + "1", 1985, "female", "nurse", CLINIC),
    CastProfessional(
        "clinic_head", "Mats", "Provholm", _HSA + "2", 1968, "male", "nurse", CLINIC, duties_share=0.8
    ),
    CastProfessional(
        "named_doctor", "Helena", "Demoström", _HSA + "3", 1973, "female", "doctor", CLINIC,
        specialty="general_medicine", share=1.0, duties_share=0.1,
    ),
    CastProfessional(
        "region_planner", "Gunilla", "Testlund", _HSA + "4", 1971, "female", "administrator", OFFICE
    ),
    CastProfessional("administrator", "Anton", "Fiktqvist", _HSA + "5", 1990, "male", "administrator", OFFICE),
    CastProfessional("log_reviewer", "Lena", "Provlind", _HSA + "6", 1979, "female", "administrator", OFFICE),
)  # fmt: skip

PEOPLE: tuple[CastResident | CastProfessional, ...] = (*RESIDENTS, *PROFESSIONALS)


def resident(role: str) -> CastResident:
    return next(person for person in RESIDENTS if person.role == role)


def professional(role: str) -> CastProfessional:
    return next(person for person in PROFESSIONALS if person.role == role)
