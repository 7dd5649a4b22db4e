"""Residents of a clinic as its staff see them: every row shown leaves a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity
from vardnav.kernel.actor import Actor
from vardnav.kernel.personal_number import NotAPersonalNumber, parse
from vardnav.listing.models import Listing, Offer, QueuePlace
from vardnav.listing.rules import LIVE_QUEUE_STATES, NotYourClinic, OfferState
from vardnav.listing.selectors.mine import MyCare, my_care
from vardnav.organisation.selectors import unit_by_hsa_id
from vardnav.patients.rules import age
from vardnav.patients.selectors import id_of_number, relation_of

PAGE = 50


@dataclass(frozen=True, slots=True)
class Listed:
    person_id: int
    personal_number: str
    name: str
    age: int
    burden: str
    protected: bool
    since: date
    doctor_id: int | None
    doctor: str
    above_reason: str
    sort: str  # the key set of the page that follows


LISTED = """
SELECT p.id, p.personal_number, p.first_name, p.last_name, p.birth_date, p.burden, p.protected, l.starts_on,
       n.doctor_id, d.first_name AS doctor_first, d.last_name AS doctor_last, n.above_reason,
       {key} AS sort
FROM listing_listing l
JOIN patients_person p ON p.id = l.person_id
LEFT JOIN listing_nameddoctor n ON n.person_id = l.person_id AND n.ends_on IS NULL
LEFT JOIN organisation_professional d ON d.id = n.doctor_id
WHERE l.clinic_id = %(clinic_id)s AND l.ends_on IS NULL {where}
ORDER BY sort LIMIT %(most)s
"""
# Swedish order without ICU: { | } come after z; the id makes the key unique.
SORT_KEY = (
    (
        "translate(lower(p.last_name || ' ' || p.first_name), 'åäöæøéèü', '{{|}}|}}eey')"
        " || ' ' || lpad(p.id::text, 12, '0')"
    )
    .replace("{{", "{")
    .replace("}}", "}")
)


@transaction.atomic
def listed_people(
    *,
    by: Actor,
    now: datetime,
    doctor_id: int | None = None,
    without_doctor: bool = False,
    name: str = "",
    after: str = "",
    most: int = PAGE,
) -> list[Listed]:
    """A page of the residents listed at the actor's clinic, by surname.

    Raises NotYourClinic.
    """
    where: list[str] = []
    values: dict[str, Any] = {"clinic_id": own_clinic_id(by), "most": most}
    if doctor_id is not None:
        where.append("n.doctor_id = %(doctor_id)s")
        values["doctor_id"] = doctor_id
    if without_doctor:
        where.append("n.id IS NULL")
    if name:
        where.append("(lower(p.last_name) LIKE %(name)s OR lower(p.first_name) LIKE %(name)s)")
        values["name"] = like_prefix(name)
    if after:
        where.append(f"{SORT_KEY} > %(after)s")
        values["after"] = after
    sql = LISTED.format(key=SORT_KEY, where="".join(f"AND {one} " for one in where))
    rows = [_listed(row, localdate(now)) for row in _fetch(sql, values)]
    audit.record_reads("listing.panel.read", [row.person_id for row in rows], by=by, now=now)
    return rows


def like_prefix(text: str) -> str:
    escaped = text.strip().lower().replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped + "%"


def _fetch(sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _listed(row: dict[str, Any], on: date) -> Listed:
    return Listed(
        person_id=row["id"],
        personal_number=row["personal_number"],
        name=f"{row['first_name']} {row['last_name']}",
        age=age(row["birth_date"], on),
        burden=str(row["burden"]),
        protected=row["protected"],
        since=row["starts_on"],
        doctor_id=row["doctor_id"],
        doctor=f"{row['doctor_first']} {row['doctor_last']}" if row["doctor_id"] else "",
        above_reason=row["above_reason"] or "",
        sort=row["sort"],
    )


def own_clinic_id(by: Actor) -> int:
    """The clinic the actor works at in this assignment.

    Raises NotYourClinic.
    """
    clinic = unit_by_hsa_id(by.acting.unit_hsa_id) if by.acting else None
    if clinic is None or clinic.kind != "clinic" or by.role is None or not by.role.startswith("clinic"):
        raise NotYourClinic
    return clinic.id


@transaction.atomic
def new_listings(*, by: Actor, now: datetime, most: int = PAGE) -> list[Listed]:
    """Residents who have listed and are not welcomed yet, the latest first. Raises NotYourClinic."""
    sql = LISTED.format(key=SORT_KEY, where="AND l.welcomed_at IS NULL AND l.made_at > %(since)s ")
    sql = sql.replace("ORDER BY sort", "ORDER BY l.made_at DESC, p.id")
    since = (
        now.replace(year=now.year - 1) if (now.month, now.day) != (2, 29) else now.replace(year=now.year - 1, day=28)
    )
    values = {"clinic_id": own_clinic_id(by), "most": most, "since": since}
    rows = [_listed(row, localdate(now)) for row in _fetch(sql, values)]
    audit.record_reads("listing.new.read", [row.person_id for row in rows], by=by, now=now)
    return rows


def count_new(clinic_id: int, *, since: datetime) -> int:
    """How many have listed since and are not welcomed."""
    return Listing.objects.filter(
        clinic_id=clinic_id, ends_on__isnull=True, welcomed_at__isnull=True, made_at__gt=since
    ).count()


@dataclass(frozen=True, slots=True)
class QueueRow:
    person_id: int
    personal_number: str
    name: str
    age: int
    protected: bool
    priority_class: int
    joined_at: datetime
    position: int
    offer_expires_at: datetime | None


@transaction.atomic
def queue_of(*, by: Actor, now: datetime, most: int = 200) -> list[QueueRow]:
    """Those who wait for the actor's clinic, in the order they will be offered. Raises NotYourClinic."""
    clinic_id = own_clinic_id(by)
    places = list(
        QueuePlace.objects.filter(clinic_id=clinic_id, state__in=[state.value for state in LIVE_QUEUE_STATES])
        .select_related("person")
        .order_by("-state", "priority_class", "joined_at", "id")[:most]
    )
    places.sort(key=lambda place: place.state != "offered")
    ends = dict(
        Offer.objects.filter(place__in=places, state=OfferState.OPEN.value).values_list("place_id", "expires_at")
    )
    audit.record_reads("listing.queue.read", [place.person_id for place in places], by=by, now=now)
    today = localdate(now)
    return [_queue_row(place, number, ends, today) for number, place in enumerate(places, start=1)]


def _queue_row(place: QueuePlace, number: int, ends: dict[int, datetime], today: date) -> QueueRow:
    return QueueRow(
        person_id=place.person_id,
        personal_number=place.person.personal_number,
        name=str(place.person),
        age=age(place.person.birth_date, today),
        protected=place.person.protected,
        priority_class=place.priority_class,
        joined_at=place.joined_at,
        position=number,
        offer_expires_at=ends.get(place.id),
    )


def person_page(person_id: int, *, by: Actor, now: datetime) -> MyCare:
    """A resident's page for staff: the same answer as the resident's own, after the same check.

    Raises AccessDenied.
    """
    return my_care(person_id, by=by, now=now)


@dataclass(frozen=True, slots=True)
class SearchHit:
    """Somebody found. Outside the unit only that the number exists shows, until a need is stated."""

    person_id: int
    name: str
    personal_number: str
    age: int | None
    protected: bool
    needs_reason: bool


@transaction.atomic
def find_people(query: str, *, by: Actor, now: datetime, most: int = 20) -> Sequence[SearchHit]:
    """Staff find their clinic's own by name, and anybody by the whole personal number.

    Raises NotYourClinic.
    """
    own_clinic_id(by)
    try:
        number = parse(query, localdate(now))
    except NotAPersonalNumber:
        return [_hit(row) for row in listed_people(by=by, now=now, name=query, most=most)] if len(query) > 1 else []
    person_id = id_of_number(number.value)
    if person_id is None:
        return []
    if relation_of(person_id, by=by, now=now).value in ("unit", "need"):
        card = my_care(person_id, by=by, now=now).card
        return [SearchHit(card.id, card.name, card.personal_number, card.age, card.protected, needs_reason=False)]
    audit.record("patients.search.hit", by=by, now=now, activity=Activity.READ, patient_id=person_id)
    return [SearchHit(person_id, "", number.value, None, protected=False, needs_reason=True)]


def _hit(row: Listed) -> SearchHit:
    return SearchHit(row.person_id, row.name, row.personal_number, row.age, row.protected, needs_reason=False)
