"""The values in force."""

from dataclasses import fields
from datetime import date
from typing import TypeVar

from vardnav.parameters.models import Parameter as Parameter  # what the history is made of
from vardnav.parameters.rules import ParameterSet
from vardnav.tables import sql

P = TypeVar("P", bound=ParameterSet)
IN_FORCE = "SELECT name, value FROM parameters_parameter WHERE name = ANY(%s) AND starts_on <= %s ORDER BY starts_on"


def in_force(of: type[P], on: date) -> P:
    """The values of one room on a day: what the region has set, else the defaults."""
    return of(**dict(sql.rows(IN_FORCE, [[one.name for one in fields(of)], on])))


def history() -> list[Parameter]:
    """Everything ever set, by name, the latest first."""
    return list(Parameter.objects.order_by("name", "-starts_on"))
