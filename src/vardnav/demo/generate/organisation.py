"""The region's units: its office, clinics named after their places, hospital clinics, care homes, and who runs them."""

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from vardnav.demo.generate import cast
from vardnav.demo.generate.arrays import Ints
from vardnav.demo.generate.chance import stream
from vardnav.demo.generate.clinics import Site, clinic_sites
from vardnav.demo.generate.contact import Directory
from vardnav.demo.generate.geography import Areas, numbered, places_of
from vardnav.demo.generate.spec import SMALL, RegionSpec

SPECIALTIES = {
    "geriatrics": "Geriatriska kliniken",
    "internal_medicine": "Medicinkliniken",
    "surgery": "Kirurgkliniken",
    "orthopaedics": "Ortopedkliniken",
    "psychiatry": "Psykiatriska kliniken",
    "child_psychiatry": "Barn- och ungdomspsykiatriska kliniken",
    "paediatrics": "Barn- och ungdomskliniken",
    "gynaecology": "Kvinnokliniken",
    "cardiology": "Hjärtkliniken",
    "neurology": "Neurologkliniken",
    "dermatology": "Hudkliniken",
}
AT_SMALLER_HOSPITALS = 4  # the first specialties of the list
PRIVATE_PROVIDERS = (
    "Exempelhälsan AB", "Provvården Sverige AB", "Modellkliniken AB", "Demodoktorn AB", "Påhittade Husläkarna AB",
    "Fiktiva Vårdkooperativet",
)  # fmt: skip
FICTITIOUS = "SE559999"  # + four digits: providers that do not exist
CARE_HOME_NAMES = ("Solgläntan", "Björkbacken", "Granliden", "Ängsgården", "Tallhöjden", "Sjöutsikten", "Rönngården")
RESIDENTS_PER_CARE_HOME = 25_000
LANGUAGES = ("en", "en fi", "en ar", "en so", "en fa", "en es", "en ar so", "en pl", "en uk ru", "en ti ar")
CLOSED_MONTHS_AGO = 14
CLINICS_BEFORE_ONE_CLOSES = 20


@dataclass(frozen=True, slots=True)
class Provider:
    hsa_id: str
    name: str
    form: str


@dataclass(frozen=True, slots=True)
class Unit:
    hsa_id: str
    name: str
    kind: str
    provider: str
    municipality_code: str
    city: str
    latitude: float
    longitude: float
    starts_on: date
    languages: str = ""
    ends_on: date | None = None
    specialty: str | None = None  # what a hospital clinic's doctors are; not a column of the extract
    area: int = -1


@dataclass(frozen=True, slots=True)
class Hospital:
    name: str
    municipality_code: str
    city: str
    latitude: float
    longitude: float
    specialties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """`units` begins with the open clinics, in the order that listings count them by; a closed one follows them."""

    providers: list[Provider]
    units: list[Unit]
    clinics: int
    closed: int | None = None  # index of the clinic that closed, if any
    heir: int | None = None  # index of the clinic that took its residents over
    phones: dict[str, str] = field(default_factory=dict)
    addresses: dict[str, tuple[str, str]] = field(default_factory=dict)

    def by_suffix(self, suffix: str) -> Unit:
        return next(unit for unit in self.units if unit.hsa_id.endswith(f"-{suffix}"))


def organisation(spec: RegionSpec, areas: Areas) -> Organisation:
    return assemble(spec, clinic_sites(spec, areas), _hospitals(spec))


def assemble(spec: RegionSpec, sites: list[Site], hospitals: list[Hospital]) -> Organisation:
    """The organisation around its clinics; the first two sites are the cast's clinic and the capped one."""
    rng = stream(spec.seed, "organisation")
    own = f"{spec.county.hsa_prefix}-0000"
    providers = [Provider(own, spec.county.region, "region")]
    providers += [
        Provider(f"{FICTITIOUS}{number:04}-0000", name, "private")
        for number, name in enumerate(PRIVATE_PROVIDERS, start=11)
    ]
    clinics = [_clinic(spec, rng, number, site, providers) for number, site in enumerate(sites)]
    closed, heir = _closed(spec, clinics)
    others = [_office(spec, clinics[0], own), *_hospital_clinics(spec, own, hospitals)]
    homes, owners = _care_homes(spec)
    directory = Directory(spec)
    units = [*clinics, *closed, *others, *homes]
    return Organisation(
        providers + owners,
        units,
        len(clinics),
        len(clinics) if closed else None,
        heir,
        {unit.hsa_id: directory.phone() for unit in units},
        {unit.hsa_id: directory.address() for unit in units},
    )


def _clinic(spec: RegionSpec, rng: np.random.Generator, number: int, site: Site, providers: list[Provider]) -> Unit:
    private = providers[1 + int(rng.integers(len(PRIVATE_PROVIDERS)))]
    years = int(rng.integers(9, 21))
    return Unit(
        hsa_id=f"{spec.county.hsa_prefix}-A{1001 + number}",
        name=site.name,
        kind="clinic",
        provider=private.hsa_id if site.private else providers[0].hsa_id,
        municipality_code=site.municipality_code,
        city=site.city,
        latitude=site.latitude,
        longitude=site.longitude,
        starts_on=date(spec.today.year - years, int(rng.integers(1, 13)), 1),
        languages=str(rng.choice(LANGUAGES)),
        area=site.area,
    )


def _closed(spec: RegionSpec, clinics: list[Unit]) -> tuple[list[Unit], int | None]:
    """In a region with many clinics one closed a little more than a year ago; a neighbour took its residents over."""
    if len(clinics) < CLINICS_BEFORE_ONE_CLOSES:
        return [], None
    heir = next(i for i, unit in enumerate(clinics) if i > 1 and unit.provider == clinics[0].provider)
    model = clinics[heir]
    ended = first_of_month(spec.today, CLOSED_MONTHS_AGO)
    closed = replace(
        model,
        hsa_id=f"{spec.county.hsa_prefix}-A0999",
        name=f"Sjukstugan {model.city}",
        latitude=round(model.latitude + 0.006, 5),
        starts_on=date(spec.today.year - 25, 1, 1),
        ends_on=ended,
    )
    return [closed], heir


def first_of_month(today: date, months_back: int) -> date:
    months = today.year * 12 + today.month - 1 - months_back
    return date(months // 12, months % 12 + 1, 1)


def _office(spec: RegionSpec, near: Unit, own: str) -> Unit:
    return Unit(
        hsa_id=f"{spec.county.hsa_prefix}-{cast.OFFICE}",
        name=f"Hälso- och sjukvårdsförvaltningen, {spec.county.region}",
        kind="region_office",
        provider=own,
        municipality_code=near.municipality_code,
        city=near.city,
        latitude=round(near.latitude - 0.002, 5),
        longitude=near.longitude,
        starts_on=date(2005, 1, 1),
    )


def _hospitals(spec: RegionSpec) -> list[Hospital]:
    """The county's hospitals in those municipalities that are built; the first has all specialties."""
    known = {m.code: m for m in spec.municipalities}
    found = []
    for order, (name, code) in enumerate(spec.county.hospitals):
        if code in known:
            places = places_of(known[code])
            latitude = round(float(places.latitude[0]) + 0.004, 5)
            longitude = round(float(places.longitude[0]) + 0.004, 5)
            found.append(Hospital(name, code, places.names[0], latitude, longitude, specialties(order)))
    return found


def specialties(order: int) -> tuple[str, ...]:
    return tuple(SPECIALTIES)[: None if order == 0 else AT_SMALLER_HOSPITALS]


def _hospital_clinics(spec: RegionSpec, own: str, hospitals: list[Hospital]) -> list[Unit]:
    kinds = [(hospital, specialty) for hospital in hospitals for specialty in hospital.specialties]
    return [
        Unit(
            hsa_id=f"{spec.county.hsa_prefix}-S{1001 + number}",
            name=f"{SPECIALTIES[specialty]}, {hospital.name}",
            kind="hospital_clinic",
            provider=own,
            municipality_code=hospital.municipality_code,
            city=hospital.city,
            latitude=hospital.latitude,
            longitude=hospital.longitude,
            starts_on=date(2005, 1, 1),
            specialty=specialty,
        )
        for number, (hospital, specialty) in enumerate(kinds[: spec.hospital_clinics])
    ]


def _care_homes(spec: RegionSpec) -> tuple[list[Unit], list[Provider]]:
    """Run by the municipalities: one in each, more in the large ones; the small region has one."""
    units: list[Unit] = []
    owners: list[Provider] = []
    inside = spec.municipalities[:1] if spec.name == SMALL else spec.municipalities
    for municipality in inside:
        owner = f"{FICTITIOUS}{municipality.code}-0000"
        owners.append(Provider(owner, genitive(municipality.name) + " kommun", "municipal"))
        places = places_of(municipality)
        for number in range(1 + municipality.population // RESIDENTS_PER_CARE_HOME):
            name = CARE_HOME_NAMES[len(units) % len(CARE_HOME_NAMES)]
            units.append(
                Unit(
                    hsa_id=f"{FICTITIOUS}{municipality.code}-V{1 + number}",
                    name=f"{name}, {municipality.name}",
                    kind="care_home",
                    provider=owner,
                    municipality_code=municipality.code,
                    city=places.names[0],
                    latitude=round(float(places.latitude[0]) - 0.003 * (number + 1), 5),
                    longitude=round(float(places.longitude[0]) + 0.005 * (number + 1), 5),
                    starts_on=date(2008, 1, 1),
                )
            )
    names = numbered([unit.name for unit in units])
    return [replace(unit, name=name) for unit, name in zip(units, names, strict=True)], owners


def genitive(name: str) -> str:
    return name if name[-1] in "sxz" else name + "s"


def opened(organisation: Organisation) -> Ints:
    """Day (since 1970) each clinic opened, the closed one included."""
    count = organisation.clinics + (organisation.closed is not None)
    return np.array([(unit.starts_on - date(1970, 1, 1)).days for unit in organisation.units[:count]])
