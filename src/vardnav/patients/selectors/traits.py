"""What the checks of the log need of residents: facts to compare, never to show, and a name on an active choice.

Patient Data Act 4:3. Only `reviews` asks for these; what it shows a reviewer of the facts are reasons without names.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity
from vardnav.kernel.actor import Actor, ActorKind, Role
from vardnav.patients import relations
from vardnav.patients.models import Person
from vardnav.patients.relations import Span
from vardnav.patients.rules import AccessDenied, check_assurance
from vardnav.tables import sql

TRAITS = """
SELECT id, lower(first_name), lower(last_name), extract(year FROM birth_date)::int, coalesce(household, ''),
       coalesce(lower(address || ', ' || postal_code), ''), protected
FROM patients_person WHERE id = ANY(%s)
"""
# Names are not indexed: this reads the whole table once, for a month's staff together.
NAMESAKES = """
SELECT id, lower(first_name), lower(last_name), extract(year FROM birth_date)::int, coalesce(household, ''),
       coalesce(lower(address || ', ' || postal_code), ''), protected
FROM patients_person p
JOIN unnest(%s::text[], %s::text[], %s::int[]) AS n (first, last, born)
  ON lower(p.first_name) = n.first AND lower(p.last_name) = n.last
  AND p.birth_date >= make_date(n.born, 1, 1) AND p.birth_date < make_date(n.born + 1, 1, 1)
"""
NEEDS = """
SELECT person_id, (stated_at AT TIME ZONE 'Europe/Stockholm')::date, (ends_at AT TIME ZONE 'Europe/Stockholm')::date
FROM patients_need WHERE person_id = ANY(%s) AND unit_hsa_id = %s AND stated_at < %s AND ends_at >= %s
"""


@dataclass(frozen=True, slots=True)
class Traits:
    """Small letters; an empty text is not known."""

    id: int
    first_name: str
    last_name: str
    birth_year: int
    household: str
    address: str
    protected: bool


def traits_of(person_ids: Collection[int]) -> dict[int, Traits]:
    return {row[0]: Traits(*row) for row in sql.rows(TRAITS, [list(person_ids)])}


def namesakes_of(names: Iterable[tuple[str, str, int]]) -> list[Traits]:
    """The residents who have one of these first names, last names (small letters) and years of birth."""
    wanted = list(names)
    if not wanted:
        return []
    first, last, born = (list(column) for column in zip(*wanted, strict=True))
    return [Traits(*row) for row in sql.rows(NAMESAKES, [first, last, born])]


def contacts_of(
    person_ids: Collection[int], unit_hsa_id: str, since: date, until: date
) -> dict[int, list[tuple[str, Span]]]:
    """What a unit had to do with these residents between two days: each relation's name and days, needs among them."""
    found: dict[int, list[tuple[str, Span]]] = {}
    for name, spans in relations.all_spans():
        for person_id, starts_on, ends_on in spans(person_ids, unit_hsa_id, since, until):
            found.setdefault(person_id, []).append((name, (starts_on, ends_on)))
    for person_id, stated_on, ended_on in sql.rows(NEEDS, [list(person_ids), unit_hsa_id, until, since]):
        found.setdefault(person_id, []).append(("need", (stated_on, ended_on + timedelta(days=1))))
    return found


@transaction.atomic
def introduce(person_id: int, *, by: Actor, now: datetime, kind: str, reason: str) -> tuple[str, str]:
    """Name and personal number of the patient of a line under review, on an active choice, with its line.

    Raises AccessDenied, AssuranceTooLow.
    """
    if by.kind is not ActorKind.STAFF or by.role is not Role.LOG_REVIEWER:
        raise AccessDenied(patient_id=person_id, relation="none", deed=kind)
    check_assurance(by)
    person = Person.objects.filter(id=person_id).first()
    if person is None:
        raise AccessDenied(patient_id=person_id, relation="none", deed=kind)
    audit.record(kind, by=by, now=now, activity=Activity.READ, patient_id=person_id, reason=reason)
    return str(person), person.personal_number
