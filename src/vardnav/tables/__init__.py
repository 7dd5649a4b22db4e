"""What the tables of several rooms share: constraints for enums, the condition of a valid period."""

from datetime import date
from enum import StrEnum

from django.db.models import CheckConstraint, F, Q


def choices(enum: type[StrEnum]) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in enum]


def known(field: str, enum: type[StrEnum], name: str) -> CheckConstraint:
    """The column holds a value of the enum: forbidden by the database, not only by the form."""
    return CheckConstraint(condition=Q(**{f"{field}__in": [one.value for one in enum]}), name=name)


def ends_after_it_starts(name: str) -> CheckConstraint:
    return CheckConstraint(condition=Q(ends_on__isnull=True) | Q(ends_on__gt=F("starts_on")), name=name)


def valid_on(on: date, prefix: str = "") -> Q:
    """Rows whose half-open period covers a day."""
    return Q(**{f"{prefix}starts_on__lte": on}) & (
        Q(**{f"{prefix}ends_on__isnull": True}) | Q(**{f"{prefix}ends_on__gt": on})
    )
