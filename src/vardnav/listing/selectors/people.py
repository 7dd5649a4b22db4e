"""Residents of a clinic as its staff see them: every row shown leaves a line.

Each row holds what this clinic has of the resident and nothing that stems from another unit, so that no block can
concern it (docs/adr/0016-blocks-and-sight.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import connection, transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.listing.models import Listing
from vardnav.listing.rules import WELCOME_WITHIN, NotYourClinic
from vardnav.listing.selectors.clinics import swedish_key
from vardnav.listing.selectors.panel import EARLIER, NEW_FOR
from vardnav.organisation.selectors import unit_by_hsa_id
from vardnav.patients.rules import age, check_assurance
from vardnav.tables import wall

PAGE = 50


class WithoutReason(StrEnum):
    """Why a listed resident has no named doctor: the first that fits."""

    LEFT = "left"  # had one here, who ended
    NEW = "new"  # listed less than 90 days
    NOT_NAMED = "not_named"


class ListedOrder(StrEnum):
    NAME = "name"
    NAME_DOWN = "-name"
    SINCE = "since"
    SINCE_DOWN = "-since"
    AGE = "age"
    AGE_DOWN = "-age"
    BURDEN = "burden"
    BURDEN_DOWN = "-burden"


@dataclass(frozen=True, slots=True)
class Listed:
    person_id: int
    personal_number: str
    name: str
    birth_date: date
    age: int
    burden: str
    protected: bool
    since: date
    upcoming: bool  # chosen, and begins on a later day
    welcomed: bool
    doctor_id: int | None
    doctor: str
    above_reason: str


@dataclass(frozen=True, slots=True)
class ListedPage:
    """A page, and the resident (never a name) that the pages before and after go on from."""

    rows: list[Listed]
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the listed: every condition that is set must hold."""

    doctor_id: int | None = None
    without_doctor: bool = False
    reason: WithoutReason | None = None
    name: str = ""
    person_ids: Sequence[int] | None = None


# First who is on the page, out of indexes alone; then what the page shows of them.
CHOSEN = """
SELECT l.person_id, {key} AS key
FROM listing_listing l
JOIN patients_person p ON p.id = l.person_id
WHERE l.clinic_id = %(clinic_id)s AND l.ends_on IS NULL {where}
ORDER BY key {direction}, l.person_id {direction} LIMIT %(most)s
"""
SHOWN = """
SELECT p.id, p.personal_number, p.first_name, p.last_name, p.birth_date, p.burden, p.protected, l.starts_on,
       l.welcomed_at IS NOT NULL AS welcomed,
       n.doctor_id, d.first_name AS doctor_first, d.last_name AS doctor_last, n.above_reason
FROM unnest(%(chosen)s::bigint[]) WITH ORDINALITY AS c (person_id, place)
JOIN patients_person p ON p.id = c.person_id
JOIN listing_listing l ON l.person_id = c.person_id AND l.ends_on IS NULL
LEFT JOIN listing_nameddoctor n ON n.person_id = c.person_id AND n.clinic_id = l.clinic_id AND n.ends_on IS NULL
LEFT JOIN organisation_professional d ON d.id = n.doctor_id
ORDER BY c.place
"""
# Column, and whether it runs against the word: the youngest have the latest day of birth.
KEYS = {
    "name": ("p.sort_name", False),
    "since": ("l.starts_on", False),
    "age": ("p.birth_date", True),
    "burden": ("p.burden", False),
}
CURSOR = """
({key}, p.id) {sign} (
    SELECT {key}, p.id FROM patients_person p
    JOIN listing_listing l ON l.person_id = p.id AND l.clinic_id = %(clinic_id)s
    WHERE p.id = %(cursor)s ORDER BY l.starts_on DESC LIMIT 1)
"""
NAMED = "listing_nameddoctor n WHERE n.person_id = l.person_id AND n.ends_on IS NULL"
REASONS = {
    WithoutReason.LEFT: [EARLIER],
    WithoutReason.NEW: [f"NOT {EARLIER}", "l.starts_on > %(new_since)s"],
    WithoutReason.NOT_NAMED: [f"NOT {EARLIER}", "l.starts_on <= %(new_since)s"],
}


@transaction.atomic
def listed_page(
    *,
    by: Actor,
    now: datetime,
    wanted: Wanted = Wanted(),
    order: ListedOrder = ListedOrder.NAME,
    after: int | None = None,
    before: int | None = None,
    most: int = PAGE,
) -> ListedPage:
    """A page of the residents listed at the actor's clinic, in Swedish order.

    Raises NotYourClinic.
    """
    cursor = before or after
    where, values = _conditions(wanted, by, localdate(now))
    rows = _fetch_page(where, values, order, cursor, backwards=before is not None, most=most + 1)
    more, rows = len(rows) > most, rows[:most]
    if before is not None:
        rows.reverse()
    audit.record_reads("listing.panel.read", [row["id"] for row in rows], by=by, now=now)
    people = [_listed(row, localdate(now)) for row in rows]
    earlier = more if before is not None else cursor is not None
    later = more if before is None else True
    return ListedPage(
        people,
        before=people[0].person_id if people and earlier else None,
        after=people[-1].person_id if people and later else None,
    )


def listed_people(
    *,
    by: Actor,
    now: datetime,
    wanted: Wanted = Wanted(),
    most: int = PAGE,
) -> list[Listed]:
    """The first of the residents listed at the actor's clinic, by surname. Raises NotYourClinic."""
    return listed_page(by=by, now=now, wanted=wanted, most=most).rows


def _conditions(wanted: Wanted, by: Actor, on: date) -> tuple[list[str], dict[str, Any]]:
    where: list[str] = []
    values: dict[str, Any] = {"clinic_id": own_people_at(by), "new_since": on - NEW_FOR}
    if wanted.doctor_id is not None:
        where.append(f"EXISTS (SELECT FROM {NAMED} AND n.clinic_id = l.clinic_id AND n.doctor_id = %(doctor_id)s)")  # nosec B608 - ours
        values["doctor_id"] = wanted.doctor_id
    if wanted.without_doctor or wanted.reason:
        where.append(f"NOT EXISTS (SELECT FROM {NAMED})")  # nosec B608 - ours
    if wanted.reason:
        where.extend(REASONS[wanted.reason])
    if wanted.person_ids is not None:
        where.append("l.person_id = ANY(%(person_ids)s)")
        values["person_ids"] = list(wanted.person_ids)
    for number, word in enumerate(wanted.name.split()[:4]):
        where.append(f"(p.sort_name LIKE %(word{number})s OR p.sort_name LIKE '%% ' || %(word{number})s)")
        values[f"word{number}"] = like_prefix(swedish_key(word))
    return where, values


def _fetch_page(
    where: list[str],
    values: dict[str, Any],
    order: ListedOrder,
    cursor: int | None,
    *,
    backwards: bool,
    most: int,
) -> list[dict[str, Any]]:
    key, against = KEYS[order.value.lstrip("-")]
    down = order.value.startswith("-") ^ against ^ backwards
    if cursor is not None:
        where = [*where, CURSOR.replace("{key}", key).replace("{sign}", "<" if down else ">")]
    return _shown(where, values | {"cursor": cursor, "most": most}, key, down=down)


def _shown(where: list[str], values: dict[str, Any], key: str, *, down: bool) -> list[dict[str, Any]]:
    """The rows that fit all conditions, by a key. Conditions and keys are text of this module, values are bound."""
    direction = "DESC" if down else "ASC"
    chosen = CHOSEN.format(key=key, where="".join(f"AND {one} " for one in where), direction=direction)
    with wall.as_program():  # to put a whole clinic in order, ids out; who is shown is asked behind the wall
        found = fetch(chosen, values)
    return fetch(SHOWN, {"chosen": [row["person_id"] for row in found]})


def like_prefix(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped + "%"


def fetch(sql: str, values: dict[str, Any]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _listed(row: dict[str, Any], on: date) -> Listed:
    return Listed(
        person_id=row["id"],
        personal_number=row["personal_number"],
        name=f"{row['first_name']} {row['last_name']}",
        birth_date=row["birth_date"],
        age=age(row["birth_date"], on),
        burden=str(row["burden"]),
        protected=row["protected"],
        since=row["starts_on"],
        upcoming=row["starts_on"] > on,
        welcomed=row["welcomed"],
        doctor_id=row["doctor_id"],
        doctor=f"{row['doctor_first']} {row['doctor_last']}" if row["doctor_id"] else "",
        above_reason=row["above_reason"] or "",
    )


def own_people_at(by: Actor) -> int:
    """The clinic whose people the actor may list.

    Raises AssuranceTooLow, NotYourClinic.
    """
    check_assurance(by)
    return own_clinic_id(by)


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
    """Residents who have listed in the last year and are not welcomed yet, the latest first. Raises NotYourClinic."""
    values = {"clinic_id": own_people_at(by), "most": most, "since": now - WELCOME_WITHIN}
    where = ["l.welcomed_at IS NULL", "l.made_at > %(since)s"]
    rows = [_listed(row, localdate(now)) for row in _shown(where, values, "l.made_at", down=True)]
    audit.record_reads("listing.new.read", [row.person_id for row in rows], by=by, now=now)
    return rows


def count_new(clinic_id: int, *, now: datetime) -> int:
    """How many have listed in the last year and are not welcomed."""
    return Listing.objects.filter(
        clinic_id=clinic_id, ends_on__isnull=True, welcomed_at__isnull=True, made_at__gt=now - WELCOME_WITHIN
    ).count()
