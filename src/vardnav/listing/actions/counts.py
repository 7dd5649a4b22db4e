"""The counters of clinics and panels: locked in id order, checked and changed under the lock.

Order of locks everywhere in this room: the resident's row, then clinics' counters by id, then queue places
and offers, then panels. Nobody takes them in another order, so nobody waits in a ring.
"""

from collections.abc import Iterable
from decimal import Decimal

from django.db.models import F

from vardnav.listing.models import ClinicCount, PanelCount
from vardnav.listing.rules import ClinicClosed
from vardnav.tables import sql

LOCK = (
    "SELECT clinic_id, listed, burden, held, waiting, cap, allowance FROM listing_cliniccount"
    " WHERE clinic_id = ANY(%s) ORDER BY clinic_id FOR NO KEY UPDATE"
)
WRITE = (
    "UPDATE listing_cliniccount SET listed = %s, burden = %s, held = %s, waiting = %s, allowance = %s"
    " WHERE clinic_id = %s"
)

COLUMNS = ("clinic_id", "listed", "burden", "held", "waiting", "cap", "allowance")


def lock_clinics(clinic_ids: Iterable[int | None]) -> dict[int, ClinicCount]:
    """The counters of some clinics, held until the transaction ends."""
    wanted = sorted({clinic_id for clinic_id in clinic_ids if clinic_id is not None})
    rows = sql.rows(LOCK, [wanted])
    if len(rows) < len(wanted):
        raise ClinicClosed
    return {row[0]: ClinicCount.from_db(None, COLUMNS, row) for row in rows}


def came(count: ClinicCount, burden: Decimal, *, from_held: bool = False, exempt: bool = False) -> None:
    """One person more; a promised place becomes theirs, or an exempt person may pass the cap."""
    count.listed += 1
    count.burden += burden
    if from_held:
        count.held -= 1
    if exempt and count.cap is not None and count.listed + count.held > count.cap + count.allowance:
        count.allowance += 1
    _write(count)


def went(count: ClinicCount, burden: Decimal) -> None:
    """One person less; what stood above the cap shrinks with it."""
    count.listed -= 1
    count.burden -= burden
    count.allowance = above_cap(count)
    _write(count)


def _write(count: ClinicCount) -> None:
    sql.run(WRITE, [count.listed, count.burden, count.held, count.waiting, count.allowance, count.clinic_id])


def above_cap(count: ClinicCount) -> int:
    return 0 if count.cap is None else max(0, count.listed + count.held - count.cap)


def hold_place(count: ClinicCount, *, held: int = 0, waiting: int = 0) -> None:
    """Promise places (or take promises back) and move the number of those who wait."""
    count.held += held
    count.waiting += waiting
    if held < 0:
        count.allowance = above_cap(count)
    _write(count)


def lock_panel(clinic_id: int, doctor_id: int) -> PanelCount:
    """A doctor's panel at a clinic, made if it is the first, held until the transaction ends."""
    sql.run(
        "INSERT INTO listing_panelcount (clinic_id, doctor_id, heads, burden) VALUES (%s, %s, 0, 0)"
        " ON CONFLICT DO NOTHING",
        [clinic_id, doctor_id],
    )
    return PanelCount.objects.select_for_update(no_key=True).get(clinic_id=clinic_id, doctor_id=doctor_id)


def left_panel(clinic_id: int, doctor_id: int, burden: Decimal) -> None:
    PanelCount.objects.filter(clinic_id=clinic_id, doctor_id=doctor_id).update(
        heads=F("heads") - 1, burden=F("burden") - burden
    )


def joined_panel(clinic_id: int, doctor_id: int, burden: Decimal) -> None:
    PanelCount.objects.filter(clinic_id=clinic_id, doctor_id=doctor_id).update(
        heads=F("heads") + 1, burden=F("burden") + burden
    )
