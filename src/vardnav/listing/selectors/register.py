"""The whole list of a clinic, to take away: for the head of the clinic only, a line for each resident in it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor, Role
from vardnav.listing.rules import NotYourClinic
from vardnav.listing.selectors.people import fetch, own_people_at
from vardnav.patients.rules import age

SQL = """
SELECT p.id, p.personal_number, p.last_name, p.first_name, p.birth_date, p.burden, p.protected, l.starts_on,
       CASE WHEN p.protected THEN NULL ELSE p.address END AS address,
       CASE WHEN p.protected THEN NULL ELSE p.postal_code END AS postal_code,
       CASE WHEN p.protected THEN NULL ELSE p.city END AS city,
       concat_ws(' ', d.first_name, d.last_name) AS doctor, n.starts_on AS doctor_since, n.above_reason
FROM listing_listing l
JOIN patients_person p ON p.id = l.person_id
LEFT JOIN listing_nameddoctor n ON n.person_id = l.person_id AND n.clinic_id = l.clinic_id AND n.ends_on IS NULL
LEFT JOIN organisation_professional d ON d.id = n.doctor_id
WHERE l.clinic_id = %(clinic_id)s AND l.ends_on IS NULL
ORDER BY p.sort_name, p.id
"""


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One listed resident. Protected identity has no address."""

    personal_number: str
    last_name: str
    first_name: str
    age: int
    protected: bool
    address: str
    postal_code: str
    city: str
    burden: Decimal
    since: date
    doctor: str
    doctor_since: date | None
    above_reason: str


@transaction.atomic
def register_of(*, by: Actor, now: datetime) -> list[RegisterRow]:
    """Everybody listed at the actor's clinic, by surname.

    Raises NotYourClinic, also for who is not head of the clinic.
    """
    if by.role is not Role.CLINIC_HEAD:
        raise NotYourClinic
    found = fetch(SQL, {"clinic_id": own_people_at(by)})
    audit.record_reads("listing.panel.downloaded", [row["id"] for row in found], by=by, now=now)
    return [_row(row, localdate(now)) for row in found]


def _row(row: dict[str, Any], on: date) -> RegisterRow:
    return RegisterRow(
        personal_number=row["personal_number"],
        last_name=row["last_name"],
        first_name=row["first_name"],
        age=age(row["birth_date"], on),
        protected=row["protected"],
        address=row["address"] or "",
        postal_code=row["postal_code"] or "",
        city=row["city"] or "",
        burden=row["burden"],
        since=row["starts_on"],
        doctor=row["doctor"],
        doctor_since=row["doctor_since"],
        above_reason=row["above_reason"] or "",
    )
