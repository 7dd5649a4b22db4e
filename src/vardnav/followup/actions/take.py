"""Count days and keep them. A day counted again replaces what was there."""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models, transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.followup.actions.count import Counted, count_days
from vardnav.followup.models import ClinicSnapshot, MunicipalitySnapshot, RegionSnapshot
from vardnav.followup.rules import month_ends
from vardnav.kernel.actor import Actor
from vardnav.live import actions as live
from vardnav.organisation.rules import CapacityParameters
from vardnav.parameters.selectors import in_force

HUNDREDTHS = frozenset({"burden", "specialists_fte", "trainees_fte", "locums_fte"})
MAYBE = frozenset({"cap", "travel_median", "travel_p95", "median_wait_days"})
BATCH = 2000


@transaction.atomic
def take_snapshot(on: date, *, by: Actor, now: datetime) -> int:
    """Count one day; answers how many clinics it has."""
    return _take([on], by=by, now=now)


@transaction.atomic
def take_history(months: int, *, by: Actor, now: datetime) -> int:
    """Count today and the ends of so many whole months before it, in one pass; answers how many rows were kept."""
    return _take(month_ends(localdate(now), months), by=by, now=now)


def _take(days: list[date], *, by: Actor, now: datetime) -> int:
    counted = count_days(days, [in_force(CapacityParameters, day) for day in days])
    rows = [ClinicSnapshot(**values) for values in _clinic_rows(counted)]
    _keep(ClinicSnapshot, rows, ["taken_on", "clinic"])
    _keep(
        MunicipalitySnapshot,
        [MunicipalitySnapshot(**values) for values in _municipality_rows(counted)],
        ["taken_on", "municipality"],
    )
    _keep(
        RegionSnapshot,
        [RegionSnapshot(**values, counted_at=now, counted_by=by.name) for values in _region_rows(counted)],
        ["taken_on"],
    )
    audit.record(
        "followup.snapshot.taken",
        by=by,
        now=now,
        resource=("day", days[-1].isoformat()),
        days=len(days),
        clinics=len(rows),
    )
    live.publish("region", "counted")
    return len(rows)


def _keep(model: type[models.Model], rows: list[Any], unique: list[str]) -> None:
    fields = [one.name for one in model._meta.concrete_fields if not one.primary_key and one.name not in unique]
    model._default_manager.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=unique, update_fields=fields
    )


def _clinic_rows(counted: Counted) -> Iterator[dict[str, Any]]:
    """A clinic has a row on the days it was open, and on days it had anybody listed all the same."""
    for index, (clinic_id, _, _, opened_on, closed_on) in enumerate(counted.places.clinics):
        for number, day in enumerate(counted.days):
            values = {name: _value(name, int(table[index, number])) for name, table in counted.clinics.items()}
            is_open = opened_on <= day and (closed_on is None or closed_on > day)
            if is_open or values["listed"]:
                values["free_places"] = free_places(values["cap"], values["listed"], values["offers_open"])
                yield {"taken_on": day, "clinic_id": clinic_id, **values}


def free_places(cap: int | None, listed: int, held: int) -> int | None:
    """Places left under a cap; a place that is offered is taken. A clinic without a cap has no such number."""
    return None if cap is None else max(0, cap - listed - held)


def _municipality_rows(counted: Counted) -> Iterator[dict[str, Any]]:
    for index, code in enumerate(counted.places.municipalities):
        for number, day in enumerate(counted.days):
            values = {name: _value(name, int(table[index, number])) for name, table in counted.municipalities.items()}
            yield {"taken_on": day, "municipality_id": code, **values}


def _region_rows(counted: Counted) -> Iterator[dict[str, Any]]:
    for number, day in enumerate(counted.days):
        yield {
            "taken_on": day,
            **{name: _value(name, int(table[0, number])) for name, table in counted.region.items()},
        }


def _value(name: str, number: int) -> Any:
    if name in MAYBE:
        return None if number < 0 else number
    return Decimal(number) / 100 if name in HUNDREDTHS else number
