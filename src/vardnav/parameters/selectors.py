"""The values in force."""

from dataclasses import fields
from datetime import date
from typing import TypeVar

from vardnav.parameters.models import Parameter
from vardnav.parameters.rules import ParameterSet

P = TypeVar("P", bound=ParameterSet)


def in_force(of: type[P], on: date) -> P:
    """The values of one room on a day: what the region has set, else the defaults."""
    names = [one.name for one in fields(of)]
    rows = (
        Parameter.objects.filter(name__in=names, starts_on__lte=on).order_by("starts_on").values_list("name", "value")
    )
    return of(**dict(rows))


def history() -> list[Parameter]:
    """Everything ever set, by name, the latest first."""
    return list(Parameter.objects.order_by("name", "-starts_on"))
