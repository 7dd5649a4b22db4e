"""Set the region's values."""

from datetime import date, datetime

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.kernel.actor import Actor
from vardnav.parameters.models import Parameter
from vardnav.parameters.rules import ParameterSet, check, check_may_set


@transaction.atomic
def set_value(
    name: str,
    value: int,
    *,
    starts_on: date,
    source: str,
    known: tuple[type[ParameterSet], ...],
    by: Actor,
    now: datetime,
) -> Parameter:
    """Set a value from a day on; the days before keep theirs. `known` are the sets the program has.

    Raises UnknownParameter, BadParameter, NotThePlanner.
    """
    check_may_set(by)
    check(known, name, value)
    row, _ = Parameter.objects.update_or_create(
        name=name,
        starts_on=starts_on,
        defaults={"value": value, "source": source, "set_at": now, "set_by": by.name},
    )
    audit.record(
        "parameters.value.set",
        by=by,
        now=now,
        resource=("parameter", name),
        reason=source,
        value=value,
        starts_on=starts_on.isoformat(),
    )
    return row
