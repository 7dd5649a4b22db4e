"""Who may block and open what, from which age, and for how long an opening lasts."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from vardnav.kernel.actor import Actor, ActorKind
from vardnav.kernel.errors import Refusal
from vardnav.parameters.rules import value
from vardnav.patients.rules.access import FEWEST_WORDS, OF_AGE

LONGEST_OPENING = timedelta(hours=24)  # the database knows it too
ASKED_LASTS = timedelta(minutes=30)  # from the first step of an opening to the second


class How(StrEnum):
    """In which way a block was placed or lifted."""

    ONLINE = "online"  # by the person, logged in
    AT_UNIT = "at_unit"  # by the unit's staff, at the person's request


@dataclass(frozen=True, slots=True)
class AccessParameters:
    """From which age somebody blocks, and how long what was opened stays open.

    The law names no age: a child decides as it grows in age and maturity (prop. 2007/08:126, 16.2), and no guardian
    can (Patient Data Act 4:4). A value of the region therefore, and below it a talk with the unit.
    """

    blocks_alone_from: int = value(
        16, low=13, high=OF_AGE, unit="years", source="Patientdatalagen 4:4: ålder och mognad; praxis 1177, 16 år"
    )
    blocks_at_unit_from: int = value(
        13, low=0, high=OF_AGE, unit="years", source="Patientdatalagen 4:4: ålder och mognad, prövas på enheten"
    )
    emergency_hours: int = value(
        4, low=1, high=24, unit="hours", source="Ett akut besök ryms; nästa arbetspass får öppna själv"
    )
    consent_hours: int = value(8, low=1, high=24, unit="hours", source="Ett arbetspass; sedan frågar man igen")


@dataclass(frozen=True, slots=True)
class Source:
    """A unit that has data of a resident, and the care provider that answers for them."""

    hsa_id: str
    name: str
    provider_hsa_id: str
    provider: str


class TooYoungToBlock(Refusal):
    """The child is too young to decide about blocks in this way; a guardian cannot do it instead."""

    status = 403


class NothingToBlock(Refusal):
    """That unit has no data of the person."""


class AlreadyBlocked(Refusal):
    """The unit's data are blocked already."""


class NotBlocked(Refusal):
    """There is no block to lift."""


class OnlyYourUnit(Refusal):
    """Staff place and lift blocks of their own unit's data only."""

    status = 403


class RequestNotWritten(Refusal):
    """Write how the person asked for it, with at least ten characters."""

    status = 422


class ReasonNotGiven(Refusal):
    """Say why, with at least ten characters."""

    status = 422


class NothingToOpen(Refusal):
    """Choose at least one of the units whose data are hidden."""

    status = 422


class OpeningGone(Refusal):
    """What was asked for has been opened, closed or has taken too long: begin again."""


def check_age(years: int, by: Actor, p: AccessParameters) -> None:
    """Raises TooYoungToBlock."""
    needed = p.blocks_alone_from if by.kind is ActorKind.RESIDENT else p.blocks_at_unit_from
    if years < needed:
        raise TooYoungToBlock(years=needed)


def check_written(text: str, refusal: type[Refusal]) -> str:
    """The text as it is kept. Raises the refusal when it says too little."""
    written = text.strip()
    if len(written) < FEWEST_WORDS:
        raise refusal
    return written


def hours_allowed(hours: int, p: AccessParameters) -> timedelta:
    """For how long a consent opens: what was chosen, within what the region allows."""
    return timedelta(hours=max(1, min(hours, p.consent_hours)))
