"""How a room declares its values, and when a value fits."""

from dataclasses import Field, dataclass, field, fields
from typing import Any, ClassVar, Protocol

from vardnav.kernel.actor import Actor, ActorKind, Role
from vardnav.kernel.errors import Refusal


class UnknownParameter(Refusal):
    """The region has no value of that name."""

    status = 422


class BadParameter(Refusal):
    """The value does not fit."""

    status = 422


class NotThePlanner(Refusal):
    """Only the region's planner or administrator may set its values."""

    status = 403


class ParameterSet(Protocol):
    """A frozen dataclass whose fields are made by `value`."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


@dataclass(frozen=True, slots=True)
class Declared:
    """One declared value: what a page needs to explain and to check it."""

    name: str
    default: int
    low: int
    high: int
    unit: str
    source: str


def value(default: int, *, low: int, high: int, unit: str, source: str) -> Any:
    """A dataclass field for a value a region may set: bounds, unit and where the default comes from."""
    return field(
        default=default, metadata={"default": default, "low": low, "high": high, "unit": unit, "source": source}
    )


def declared(of: type[ParameterSet]) -> list[Declared]:
    return [Declared(name=one.name, **one.metadata) for one in fields(of)]


def check(known: tuple[type[ParameterSet], ...], name: str, given: int) -> None:
    """Raises UnknownParameter, BadParameter."""
    for one in (one for each in known for one in declared(each)):
        if one.name == name:
            if not one.low <= given <= one.high:
                message = f"{name} is {given}: it must be from {one.low} to {one.high}"
                raise BadParameter(message, name=name, low=one.low, high=one.high)
            return
    raise UnknownParameter(f"there is no value called {name!r}", name=name)


def check_may_set(by: Actor) -> None:
    """Raises NotThePlanner."""
    if by.kind is not ActorKind.SYSTEM and by.role not in (Role.REGION_PLANNER, Role.ADMINISTRATOR):
        raise NotThePlanner
