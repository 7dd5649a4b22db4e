"""Small functions that make what a test needs: places, clinics, doctors, people, guardians, who acts.

They write rows directly, so that a test can stand where it wants; what is tested goes through actions. Everything has a
default, and what a test says by name is what it is about.
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db.models import F
from django.test import Client
from stdnum import luhn

from vardnav.identity.models import Account, Assignment
from vardnav.identity.rules import PURPOSE_OF_ROLE
from vardnav.identity.selectors import actor_of
from vardnav.kernel.actor import Actor, Role, system
from vardnav.kernel.personal_number import PersonalNumber, Sex
from vardnav.listing.models import Cap, ClinicCount, Listing, NamedDoctor, PanelCount, QueuePlace
from vardnav.listing.rules import CapState, Origin, QueueState
from vardnav.organisation.models import CareProvider, Employment, Professional, Region, Unit
from vardnav.organisation.rules import GENERAL_MEDICINE, EmploymentRole, Profession, ProviderForm, UnitKind
from vardnav.patients.models import Guardianship, Person
from vardnav.places.models import Area, Municipality
from vardnav.web.session import ACCOUNT, ASSIGNMENT, ASSURANCE

NOW = datetime(2026, 3, 16, 9, 0, tzinfo=UTC)  # a Monday morning
TODAY = NOW.date()
LONG_AGO = date(2020, 1, 1)
SYSTEM = system("test")
PREFIX = "SE5599990009"

_numbers = count(1)


# --- Places and units ----------------------------------------------------------------------------


def region(name: str = "Region Exempel") -> Region:
    made, _ = Region.objects.get_or_create(defaults={"code": "23", "name": name, "hsa_id": f"{PREFIX}-0001"})
    return made


def municipality(name: str = "Östersund", code: str = "", **fields: Any) -> Municipality:
    code = code or f"{2300 + sum(map(ord, name)) % 99:04}"
    defaults = {"county_code": "23", "population": 60_000, "latitude": 63.18, "longitude": 14.64, "boundary": None}
    made, _ = Municipality.objects.get_or_create(code=code, defaults={"name": name, **defaults, **fields})
    return made


def area(of: Municipality | None = None, *, latitude: float = 63.18, longitude: float = 14.64) -> Area:
    of = of or municipality()
    number = next(_numbers)
    return Area.objects.create(
        code=f"{of.code}A{number:05}",
        name=f"Område {number}",
        municipality=of,
        population=2000,
        latitude=latitude,
        longitude=longitude,
    )


def care_provider(form: ProviderForm = ProviderForm.REGION) -> CareProvider:
    made, _ = CareProvider.objects.get_or_create(
        hsa_id=f"{PREFIX}-{form.upper()}", defaults={"name": f"Vårdgivare {form}", "form": form.value}
    )
    return made


def unit(name: str, kind: UnitKind = UnitKind.CLINIC, **fields: Any) -> Unit:
    place = fields.pop("municipality", None) or municipality()
    values: dict[str, Any] = {
        "hsa_id": f"{PREFIX}-U{next(_numbers)}",
        "name": name,
        "kind": kind.value,
        "care_provider": care_provider(),
        "municipality": place,
        "address": "Storgatan 1",
        "postal_code": "831 30",
        "city": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "phone": "063-15 30 00",
        "languages": [],
        "starts_on": LONG_AGO,
    }
    return Unit.objects.create(**{**values, **fields})


def clinic(name: str = "Ekens vårdcentral", *, listed: int = 0, cap: int | None = None, **fields: Any) -> Unit:
    """A clinic with its counter. `listed` and `cap` are figures only: nobody is listed by them."""
    made = unit(name, **fields)
    ClinicCount.objects.create(clinic=made, listed=listed, burden=listed, cap=cap)
    if cap is not None:
        Cap.objects.create(
            clinic=made,
            heads=cap,
            starts_on=LONG_AGO,
            ends_on=date(2030, 1, 1),
            state=CapState.GRANTED.value,
            asked_at=NOW,
            asked_by="test",
            decided_at=NOW,
            decided_by="test",
            decision="RS 2025/1",
        )
    return made


def full_clinic(name: str = "Fulla vårdcentralen", **fields: Any) -> Unit:
    """Capped, and every place taken."""
    return clinic(name, listed=1000, cap=1000, **fields)


# --- Professionals -------------------------------------------------------------------------------


def professional(name: str = "Eva Berg", **fields: Any) -> Professional:
    first, _, last = name.partition(" ")
    values: dict[str, Any] = {
        "hsa_id": f"{PREFIX}-P{next(_numbers)}",
        "first_name": first,
        "last_name": last,
        "birth_year": 1975,
        "sex": Sex.FEMALE.value,
        "profession": Profession.DOCTOR.value,
        "specialty": GENERAL_MEDICINE,
        "languages": [],
    }
    return Professional.objects.create(**{**values, **fields})


def doctor(
    at: Unit,
    name: str = "Eva Berg",
    *,
    role: EmploymentRole = EmploymentRole.SPECIALIST,
    share: str = "1.00",
    duties_share: str = "0",
    heads: int = 0,
    **fields: Any,
) -> Professional:
    """A doctor employed at a clinic, with a panel of `heads` by its figure only."""
    made = professional(name, **fields)
    employ(made, at, role=role, share=share, duties_share=duties_share)
    if heads:
        PanelCount.objects.create(clinic=at, doctor=made, heads=heads, burden=heads)
    return made


def employ(
    who: Professional,
    at: Unit,
    *,
    role: EmploymentRole = EmploymentRole.SPECIALIST,
    share: str = "1.00",
    duties_share: str = "0",
    starts_on: date = LONG_AGO,
    ends_on: date | None = None,
) -> Employment:
    return Employment.objects.create(
        professional=who,
        unit=at,
        role=role.value,
        share=Decimal(share),
        duties_share=Decimal(duties_share),
        starts_on=starts_on,
        ends_on=ends_on,
    )


# --- People --------------------------------------------------------------------------------------


def free_number(born: date, sex: Sex) -> PersonalNumber:
    """A test number of that day that nobody has; a reserve number where the day has run out."""
    day = f"{born:%Y%m%d}"
    taken = set(Person.objects.filter(personal_number__startswith=day).values_list("personal_number", flat=True))
    for birth_number in range(980 + (sex is Sex.MALE), 1000, 2):
        nine = f"{day[2:]}{birth_number}"
        number = f"{day}{birth_number}{luhn.calc_check_digit(nine)}"
        if number not in taken:
            return PersonalNumber(number)
    return next(PersonalNumber(f"{day}R{n:03}") for n in range(1000) if f"{day}R{n:03}" not in taken)


def person(
    name: str = "Astrid Exempelsson",
    *,
    born: date = date(1984, 3, 14),
    sex: Sex = Sex.FEMALE,
    home: Area | None = None,
    **fields: Any,
) -> Person:
    number = free_number(born, sex)
    first, _, last = name.partition(" ")
    values: dict[str, Any] = {
        "personal_number": number.value,
        "number_kind": number.kind.value,
        "first_name": first,
        "last_name": last,
        "birth_date": born,
        "sex": sex.value,
        "area": home or Area.objects.first() or area(),
        "address": "Hemgatan 5",
        "postal_code": "831 31",
        "city": "Östersund",
        "phone": "070-174 06 05",
        "email": "prov@example.se",
        "burden": Decimal("1.00"),
    }
    return Person.objects.create(**{**values, **fields})


def child(name: str = "Elsa Provberg", *, age: int = 7, guardians: tuple[Person, ...] = (), **fields: Any) -> Person:
    """A child whose birthday was two months before TODAY's."""
    made = person(name, born=date(TODAY.year - age, 1, 16), **fields)
    for one in guardians:
        guardianship(made, one)
    return made


def guardianship(of: Person, by: Person, *, starts_on: date = LONG_AGO, ends_on: date | None = None) -> Guardianship:
    return Guardianship.objects.create(child=of, guardian=by, starts_on=starts_on, ends_on=ends_on)


# --- Listings ------------------------------------------------------------------------------------


def listed(
    who: Person,
    at: Unit,
    *,
    since: date = date(2024, 1, 1),
    origin: Origin = Origin.PASSIVE,
    ends_on: date | None = None,
    previous_ends_on: date | None = None,
    made_at: datetime | None = None,
    welcomed: bool = True,
) -> Listing:
    """A listing and its figure. Passive unless said, so that it uses up no change."""
    made_at = made_at or datetime(since.year, since.month, since.day, 8, tzinfo=UTC)
    made = Listing.objects.create(
        person=who,
        clinic=at,
        starts_on=since,
        ends_on=ends_on,
        previous_ends_on=previous_ends_on,
        origin=origin.value,
        made_at=made_at,
        made_by="test",
        welcomed_at=made_at if welcomed else None,
        welcomed_by="test" if welcomed else "",
    )
    if ends_on is None:
        ClinicCount.objects.filter(clinic=at).update(listed=F("listed") + 1, burden=F("burden") + who.burden)
    return made


def named(who: Person, by: Professional, at: Unit, *, since: date = date(2024, 1, 1)) -> NamedDoctor:
    """A named doctor and the figure of the panel."""
    made = NamedDoctor.objects.create(
        person=who, clinic=at, doctor=by, starts_on=since, made_at=NOW, made_by="test", above_reason=None
    )
    panel, _ = PanelCount.objects.get_or_create(clinic=at, doctor=by)
    PanelCount.objects.filter(id=panel.id).update(heads=F("heads") + 1, burden=F("burden") + who.burden)
    return made


def queued(who: Person, at: Unit, *, joined_at: datetime = NOW, priority_class: int = 0) -> QueuePlace:
    """A place in a queue and its figure; `listing.actions.fill_from_queue` makes offers of it."""
    made = QueuePlace.objects.create(
        person=who,
        clinic=at,
        joined_at=joined_at,
        joined_by="test",
        priority_class=priority_class,
        state=QueueState.WAITING.value,
    )
    ClinicCount.objects.filter(clinic=at).update(waiting=F("waiting") + 1)
    return made


def free_place(at: Unit, places: int = 1) -> None:
    """Somebody leaves a full clinic: the figure sinks, nobody is offered the place yet."""
    ClinicCount.objects.filter(clinic=at).update(listed=F("listed") - places)


# --- Who acts ------------------------------------------------------------------------------------


def account(who: Person | None = None, *, name: str = "Sofia Exempelgren", hsa_id: str = "") -> Account:
    """A resident's account, or a staff member's. Nobody can log in to it with a password: use `log_in`."""
    number = next(_numbers)
    if who is not None:
        existing = Account.objects.filter(personal_number=who.personal_number).first()
        if existing is not None:
            return existing
    return Account.objects.create(
        login=f"login{number}",
        name=str(who) if who else name,
        personal_number=who.personal_number if who else None,
        hsa_id=None if who else (hsa_id or f"{PREFIX}-S{number}"),
        opened_at=NOW,
        opened_by="test",
        password=make_password(None),
    )


def resident(who: Person) -> Actor:
    return actor_of(account(who), None, assurance=3)


def assignment(
    of: Account, role: Role = Role.CLINIC_STAFF, at: Unit | None = None, *, starts_at: datetime | None = None
) -> Assignment:
    at = at or Unit.objects.filter(kind=UnitKind.CLINIC.value).first() or clinic()
    return Assignment.objects.create(
        account=of,
        role=role.value,
        purpose=PURPOSE_OF_ROLE[role].value,
        unit_hsa_id=at.hsa_id,
        unit_name=at.name,
        provider_hsa_id=at.care_provider.hsa_id,
        starts_at=starts_at or datetime(2020, 1, 1, tzinfo=UTC),
        reason="test",
        granted_at=NOW,
        granted_by="test",
    )


def staff(at: Unit | None = None, role: Role = Role.CLINIC_STAFF, *, name: str = "Sofia Exempelgren") -> Actor:
    of = account(name=name)
    return actor_of(of, assignment(of, role, at), assurance=3)


def log_in(client: Client, who: Actor | Person) -> Actor:
    """Give the client a session of this actor, as after logging in and choosing the assignment."""
    actor = resident(who) if isinstance(who, Person) else who
    session = client.session
    session[ACCOUNT] = actor.account_id
    session[ASSURANCE] = actor.assurance
    if actor.acting is not None:
        session[ASSIGNMENT] = actor.acting.assignment_id
    session.save()
    return actor
