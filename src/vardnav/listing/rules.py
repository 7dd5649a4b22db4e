"""When a choice counts, who waits, and what a clinic and a doctor can take.

Hälso- och sjukvårdslagen (2017:30) 7 kap. 3-3 c §§; the region's own rules are values from a day on.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from vardnav.kernel.errors import Refusal
from vardnav.parameters.rules import value


class Origin(StrEnum):
    """Why a listing came about; only a choice counts as a change."""

    CHOSEN = "chosen"
    PASSIVE = "passive"
    MOVED = "moved"
    CLINIC_CLOSED = "clinic_closed"
    CORRECTION = "correction"
    NEWBORN = "newborn"


class QueueState(StrEnum):
    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    LEFT = "left"


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"


class ChoiceState(StrEnum):
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    VOID = "void"


class CapState(StrEnum):
    ASKED = "asked"
    GRANTED = "granted"
    REFUSED = "refused"


class Exemption(StrEnum):
    """Who is taken in although the clinic is full."""

    NEWBORN_OF_FAMILY = "newborn_of_family"
    CARE_HOME = "care_home"


LIVE_QUEUE_STATES = (QueueState.WAITING, QueueState.OFFERED)
NEWBORN_BELOW = 1  # years
WELCOME_WITHIN = timedelta(days=365)  # a listing older than this is no longer news


@dataclass(frozen=True, slots=True)
class ListingParameters:
    starts_after_days: int = value(
        1, low=1, high=31, unit="days", source="Regionens regelbok: ansvaret börjar dagen efter"
    )
    max_changes: int = value(2, low=1, high=12, unit="changes", source="Patientlag (2014:821) 9 kap., regelbok")
    changes_window_months: int = value(12, low=1, high=36, unit="months", source="Regionens regelbok")
    offer_days: int = value(7, low=1, high=60, unit="days", source="Regionens regelbok")
    guardian_confirm_days: int = value(14, low=1, high=60, unit="days", source="Regionens regelbok")


class NotListed(Refusal):
    """The resident has no listing to change."""


class AlreadyListedThere(Refusal):
    """The resident is listed there already, or will be."""


class TooManyChanges(Refusal):
    """The changes of the period are used up."""


class ClinicClosed(Refusal):
    """Nobody can list there on that day."""


class ClinicFull(Refusal):
    """The clinic has a cap and no free place, or others wait before."""


class ClinicHasRoom(Refusal):
    """There is no queue to join: the clinic has room."""


class AlreadyQueuing(Refusal):
    """The resident stands in a queue already; one at a time."""


class NotFromHere(Refusal):
    """Something that does not show here stands in the way; the resident sees what it is."""


class NoUpcomingChange(Refusal):
    """There is no change that has not begun."""


class NotQueuing(Refusal):
    """There is no place in a queue."""


class OfferGone(Refusal):
    """The offer has been answered or its time has run out."""


class ChoiceGone(Refusal):
    """The choice has been answered or its time has run out."""


class NotExempt(Refusal):
    """A newborn is under a year old, and has a parent or a sibling who is listed at the clinic."""


class NotTheOtherGuardian(Refusal):
    """Only the other guardian can answer."""

    status = 403


class BothGuardiansDecide(Refusal):
    """Both guardians decide: one alone cannot leave the child without a clinic."""

    status = 403


class TooYoung(Refusal):
    """A guardian chooses until the age at which one chooses alone."""

    status = 403


class NotYourClinic(Refusal):
    """Staff act for their own clinic only."""

    status = 403


class Deceased(Refusal):
    """The resident has died; nothing is changed."""


class DoctorNotAtClinic(Refusal):
    """The doctor has no employment there that covers the day and allows a panel."""


class CeilingReached(Refusal):
    """The doctor is at capacity; above it a reason is needed, and it is shown."""


class CapRefused(Refusal):
    """A cap must be a number of people from a day to a later day, and not overlap another."""

    status = 422


class CapGone(Refusal):
    """The request has been decided already."""


class NotThePlanner(Refusal):
    """The region grants caps, on the clinic's request (HSL 7:3 c)."""

    status = 403


def starts_on(today: date, p: ListingParameters) -> date:
    """The day responsibility begins after a choice made today."""
    return today + timedelta(days=p.starts_after_days)


def window_start(today: date, months: int) -> date:
    """The first day of a rolling window of months that ends today; 31 March less a month is 28 February."""
    month = today.year * 12 + today.month - 1 - months
    year, month = divmod(month, 12)
    for day in range(today.day, 27, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    return date(year, month + 1, min(today.day, 28))


def check_changes(made_on: list[date], today: date, p: ListingParameters) -> None:
    """At most so many changes in a rolling window.

    Raises TooManyChanges, with the first day on which a change is possible again.
    """
    since = window_start(today, p.changes_window_months)
    counted = sorted(day for day in made_on if day > since)
    if len(counted) >= p.max_changes:
        oldest = counted[-p.max_changes]
        raise TooManyChanges(again_on=months_later(oldest, p.changes_window_months), most=p.max_changes)


def changes_left(made_on: list[date], today: date, p: ListingParameters) -> int:
    since = window_start(today, p.changes_window_months)
    return max(0, p.max_changes - sum(day > since for day in made_on))


def months_later(day: date, months: int) -> date:
    """The first day on which a change made on `day` has left the rolling window."""
    later = day
    while window_start(later, months) < day:
        later += timedelta(days=1)
    return later


def has_room(cap: int | None, listed: int, held: int, waiting: int) -> bool:
    """Whether somebody who walks in gets a place at once: nobody passes those who wait."""
    return cap is None or (listed + held < cap and waiting == 0)


def can_offer(cap: int | None, listed: int, held: int) -> bool:
    """Whether a place can be promised to the first in the queue; a held place is promised already."""
    return cap is None or listed + held < cap


def offer_ends_at(now: datetime, p: ListingParameters) -> datetime:
    return now + timedelta(days=p.offer_days)


def choice_ends_at(now: datetime, p: ListingParameters) -> datetime:
    return now + timedelta(days=p.guardian_confirm_days)


def check_ceiling(*, heads: int, burden: Decimal, capacity: int, added_burden: Decimal, reason: str) -> str | None:
    """The reason to keep if the doctor goes above capacity in heads or burden, None if there is room.

    Raises CeilingReached when there is no room and no reason.
    """
    if heads + 1 <= capacity and burden + added_burden <= capacity:
        return None
    if len(reason.strip()) < 10:
        raise CeilingReached(heads=heads, burden=burden, capacity=capacity)
    return reason.strip()


def check_cap(heads: int, from_on: date, until_on: date) -> None:
    """A cap is granted for a limited time (HSL 7:3 c).

    Raises CapRefused.
    """
    if heads < 1:
        raise CapRefused(f"a cap of {heads} people: write at least 1", field="heads")
    if until_on <= from_on:
        raise CapRefused(f"a cap from {from_on} cannot end {until_on}", field="ends_on")
    if (until_on - from_on).days > 366 * 2:
        raise CapRefused("a cap is granted for two years at most", field="ends_on")
