"""The professionals and where they are employed.

The county's GPs per thousand inhabitants counts heads: specialists in general medicine with an employment as
`specialist` at a clinic that is valid today, each counted once. Locums, senior advisors and those who have left come
on top. A region scaled down to few residents still has one GP per clinic.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

from vardnav.demo.generate import cast, names, staffing
from vardnav.demo.generate.arrays import Ints, seats
from vardnav.demo.generate.chance import stream
from vardnav.demo.generate.organisation import Organisation, Unit
from vardnav.demo.generate.spec import RegionSpec


@dataclass(frozen=True, slots=True)
class Professional:
    hsa_id: str
    first_name: str
    last_name: str
    birth_year: int
    sex: str
    profession: str
    specialty: str | None = None
    languages: str | None = None


@dataclass(frozen=True, slots=True)
class Employment:
    professional: int  # index
    unit: int  # index
    role: str
    starts_on: date
    share: float
    duties_share: float = 0.0
    ends_on: date | None = None
    training_started_on: date | None = None

    @property
    def capacity(self) -> float:
        """The guide value for this doctor's time (heads, and relative burden)."""
        guide = staffing.GUIDE_TRAINEE if self.role == "trainee" else staffing.GUIDE_SPECIALIST
        return guide * self.share * (1 - self.duties_share)


@dataclass(slots=True)
class Staff:
    professionals: list[Professional] = field(default_factory=list)
    employments: list[Employment] = field(default_factory=list)


class _Hiring:
    """Adds people with their employments; names are drawn for all at the end."""

    def __init__(self, spec: RegionSpec, organisation: Organisation, listed: Ints) -> None:
        self.spec = spec
        self.organisation = organisation
        self.listed = listed[: organisation.clinics]
        self.rng = stream(spec.seed, "staff")
        self.staff = Staff()

    def person(self, profession: str, age: tuple[int, int], specialty: str | None = None) -> int:
        rng = self.rng
        number = len(self.staff.professionals)
        men = 0.5 if profession == "doctor" else 0.15
        languages = None
        if profession in ("doctor", "nurse") and rng.random() < staffing.SPEAKS:
            languages = staffing.LANGUAGES[int(rng.integers(len(staffing.LANGUAGES)))]
        born = self.spec.today.year - int(rng.integers(*age))
        sex = "male" if rng.random() < men else "female"
        hsa_id = f"{self.spec.county.hsa_prefix}-P{10001 + number}"
        self.staff.professionals.append(Professional(hsa_id, "", "", born, sex, profession, specialty, languages))
        return number

    def employ(self, employment: Employment) -> None:
        self.staff.employments.append(employment)

    def pick(self, values: Sequence[float], weights: Sequence[float] | None = None) -> float:
        if weights is None:
            return float(values[int(self.rng.integers(len(values)))])
        return float(self.rng.choice(np.array(values), p=np.array(weights)))

    def ago(self, least: int, most: int) -> date:
        return self.spec.today - timedelta(days=int(self.rng.integers(least, most)))

    def spread(self, total: int, noise: float) -> Ints:
        """`total` heads over the clinics, about in proportion to their listed."""
        weight = np.maximum(self.listed, 1) * np.exp(self.rng.normal(0, noise, len(self.listed)))
        return seats(weight, total)


def staff(spec: RegionSpec, organisation: Organisation, listed: Ints) -> Staff:
    """`listed` is how many are listed with each clinic today."""
    hiring = _Hiring(spec, organisation, listed)
    _cast(hiring)
    specialists = _specialists(hiring)
    _trainees(hiring, specialists)
    _locums_and_seniors(hiring, int(specialists.sum()))
    _former(hiring, specialists)
    _other_professions(hiring)
    _outside_clinics(hiring)
    return _named(spec, hiring.staff)


def _cast(hiring: _Hiring) -> None:
    units = hiring.organisation.units
    for person in cast.PROFESSIONALS:
        unit = next(i for i, unit in enumerate(units) if unit.hsa_id.endswith(f"-{person.unit}"))
        hiring.staff.professionals.append(
            Professional(
                person.hsa_id, person.first_name, person.last_name, person.birth_year, person.sex,
                person.profession, person.specialty,
            )
        )  # fmt: skip
        role = "specialist" if person.profession == "doctor" else "staff"
        since = date(hiring.spec.today.year - 7, 9, 1)
        number = len(hiring.staff.professionals) - 1
        hiring.employ(Employment(number, unit, role, since, person.share, person.duties_share))


def _specialists(hiring: _Hiring) -> Ints:
    """GPs per clinic; the cast's GP is one of the first clinic's."""
    spec, clinics = hiring.spec, hiring.organisation.clinics
    wanted = max(round(spec.county.gps_per_thousand * spec.population / 1000), clinics)
    if wanted < 2 * clinics:  # too few to leave any clinic without
        counts = 1 + hiring.spread(wanted - clinics, 0.3) if wanted > clinics else np.ones(clinics, dtype=int)
    else:
        counts = hiring.spread(wanted, 0.3)
        _at_least_one(counts)
    for clinic, count in enumerate(counts):
        for _ in range(int(count) - (clinic == 0)):
            _specialist(hiring, clinic)
    return counts


def _at_least_one(counts: Ints) -> None:
    """The cast's clinic must have a GP: move one there from the largest staff."""
    if counts[0] == 0:
        counts[int(counts.argmax())] -= 1
        counts[0] = 1


def _specialist(hiring: _Hiring, clinic: int) -> None:
    person = hiring.person("doctor", (33, 67), "general_medicine")
    started = hiring.ago(200, 4200)
    share = hiring.pick(staffing.SHARES, staffing.SHARE_WEIGHTS)
    duties = hiring.pick(staffing.DUTIES, staffing.DUTIES_WEIGHTS)
    chance = hiring.rng.random()
    ends = None
    if chance < staffing.LEAVING:
        ends = hiring.spec.today + timedelta(days=int(hiring.rng.integers(20, 360)))
    elif chance < staffing.LEAVING + staffing.LENT and hiring.organisation.clinics > 1:
        share = 0.8
        other = (clinic + 1 + int(hiring.rng.integers(hiring.organisation.clinics - 1))) % hiring.organisation.clinics
        hiring.employ(Employment(person, other, "specialist", hiring.ago(30, 500), 0.2, 0.5))
    hiring.employ(Employment(person, clinic, "specialist", started, share, duties, ends))


def _trainees(hiring: _Hiring, specialists: Ints) -> None:
    spec = hiring.spec
    wanted = max(1, round(spec.county.trainees_per_thousand * spec.population / 1000))
    counts = hiring.spread(wanted, 0.4) if wanted > 1 else np.eye(1, len(specialists), dtype=int)[0]
    for clinic, count in enumerate(counts):
        for _ in range(int(count)):
            person = hiring.person("doctor", (28, 44))
            started = hiring.ago(30, int(staffing.TRAINING_YEARS * 365))
            share = hiring.pick((1.0, 1.0, 0.8))
            duties = hiring.pick(staffing.TRAINEE_DUTIES)
            hiring.employ(Employment(person, clinic, "trainee", started, share, duties, training_started_on=started))


def _locums_and_seniors(hiring: _Hiring, specialists: int) -> None:
    code = hiring.spec.county.code
    share = staffing.LOCUMS_PER_GP.get(code, staffing.LOCUMS_PER_GP_ELSEWHERE)
    for _ in range(round(share * specialists)):
        person = hiring.person("doctor", (34, 68), "general_medicine")
        clinic = int(hiring.rng.integers(hiring.organisation.clinics))
        ends = hiring.spec.today + timedelta(days=int(hiring.rng.integers(5, 120)))
        work = hiring.pick(staffing.LOCUM_SHARES)
        hiring.employ(Employment(person, clinic, "locum", hiring.ago(5, 150), work, 0.0, ends))
    for _ in range(round(staffing.SENIOR_ADVISORS_PER_GP * specialists)):
        person = hiring.person("doctor", (66, 76), "general_medicine")
        clinic = int(hiring.rng.integers(hiring.organisation.clinics))
        work = hiring.pick(staffing.SENIOR_SHARES)
        hiring.employ(Employment(person, clinic, "senior_advisor", hiring.ago(60, 900), work, 0.5))


def _former(hiring: _Hiring, specialists: Ints) -> None:
    """Specialists who left during the period; the closed clinic's left with it."""
    days = hiring.spec.months * 30
    for clinic, count in enumerate(hiring.rng.binomial(np.maximum(specialists, 2), staffing.FORMER)):
        for _ in range(int(count)):
            person = hiring.person("doctor", (40, 70), "general_medicine")
            started, ended = hiring.ago(days + 100, 4500), hiring.ago(40, days - 100)
            hiring.employ(Employment(person, clinic, "specialist", started, 0.8, 0.1, ended))
    if hiring.organisation.closed is not None:
        person = hiring.person("doctor", (62, 70), "general_medicine")
        closed_on = hiring.organisation.units[hiring.organisation.closed].ends_on
        hiring.employ(
            Employment(person, hiring.organisation.closed, "specialist", hiring.ago(3000, 5000), 1.0, 0.1, closed_on)
        )


def _other_professions(hiring: _Hiring) -> None:
    clinics = hiring.organisation.clinics
    for profession, per_thousand in staffing.AT_CLINICS.items():
        wanted = round(per_thousand * hiring.spec.population / 1000)
        if profession == "nurse":
            wanted = max(wanted, clinics)
        if wanted:
            for clinic, count in enumerate(hiring.spread(wanted, 0.15)):
                for _ in range(int(count)):
                    _member(hiring, profession, clinic)


def _member(hiring: _Hiring, profession: str, unit: int, specialty: str | None = None) -> None:
    person = hiring.person(profession, (25, 66), specialty)
    share = hiring.pick(staffing.SHARES, staffing.SHARE_WEIGHTS)
    role = "specialist" if profession == "doctor" else "staff"
    hiring.employ(Employment(person, unit, role, hiring.ago(60, 5000), share))


def _outside_clinics(hiring: _Hiring) -> None:
    planners = max(1, round(staffing.AT_OFFICE_PER_100_000 * hiring.spec.population / 100_000))
    tables = {
        "hospital_clinic": staffing.AT_HOSPITAL_CLINIC,
        "care_home": staffing.AT_CARE_HOME,
        "region_office": {"administrator": planners},
    }
    for number, unit in enumerate(hiring.organisation.units):
        for profession, count in tables.get(unit.kind, {}).items():
            for _ in range(count):
                _member(hiring, profession, number, _specialty(unit, profession))


def _specialty(unit: Unit, profession: str) -> str | None:
    return unit.specialty if profession == "doctor" else None


def _named(spec: RegionSpec, staff: Staff) -> Staff:
    rng = stream(spec.seed, "staff names")
    table = names.tables()
    unnamed = [i for i, person in enumerate(staff.professionals) if not person.last_name]
    sex = np.array([int(staff.professionals[i].sex == "male") for i in unnamed])
    born = np.array([staff.professionals[i].birth_year for i in unnamed])
    first, last = table.first_names(rng, sex, born), table.last_names(rng, len(unnamed))
    for number, i in enumerate(unnamed):
        staff.professionals[i] = replace(
            staff.professionals[i], first_name=table.first[first[number]], last_name=table.last[last[number]]
        )
    return staff
