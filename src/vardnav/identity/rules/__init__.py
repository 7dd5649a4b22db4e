"""Who may act, as what, and when."""

import hashlib
from datetime import datetime, timedelta
from enum import StrEnum

from vardnav.kernel.actor import Actor, Purpose, Role
from vardnav.kernel.errors import Refusal

KEY_LIFETIME = timedelta(days=365)
KEY_LONGEST = timedelta(days=731)

PURPOSE_OF_ROLE = {
    Role.CLINIC_STAFF: Purpose.CARE,
    Role.CLINIC_HEAD: Purpose.CARE,
    Role.REGION_PLANNER: Purpose.FOLLOWUP,
    Role.ADMINISTRATOR: Purpose.ADMINISTRATION,
    Role.LOG_REVIEWER: Purpose.ADMINISTRATION,
}


class Scope(StrEnum):
    """What a service account's key opens."""

    ORGANISATION_READ = "organisation:read"
    LISTING_READ = "listing:read"
    LISTING_WRITE = "listing:write"


class LoginRefused(Refusal):
    """The name or the password is wrong."""

    status = 403


class NotYourAssignment(Refusal):
    """The assignment is not yours, has ended or has not begun."""

    status = 403


class NotAnAdministrator(Refusal):
    """Only an administrator may do this."""

    status = 403


class AccountTaken(Refusal):
    """There is an account with that login, HSA-id or personal number already."""


class NotAStaffAccount(Refusal):
    """Only an open staff account has assignments and a password of ours."""


class OwnAccount(Refusal):
    """Nobody gives themselves assignments or closes the account they act in: another administrator does."""

    status = 403


class BadAssignment(Refusal):
    """An assignment has a reason and ends after it begins."""

    status = 422


class BadKey(Refusal):
    """A key has a name, at least one scope, and ends within two years."""

    status = 422


class UnknownScope(Refusal):
    """A key can only open scopes that exist."""

    status = 422


def check_not_own(account_id: int, by: Actor) -> None:
    """Whoever hands out authority must not hand it to themselves.

    Raises OwnAccount.
    """
    if by.account_id == account_id:
        raise OwnAccount


def check_assignment(starts_at: datetime, ends_at: datetime | None, reason: str) -> None:
    """Raises BadAssignment."""
    if ends_at is not None and ends_at <= starts_at:
        raise BadAssignment("The assignment ends before it begins.", field="ends_on")
    if not reason.strip():
        raise BadAssignment("Write why the assignment is given.", field="reason")


def check_key(name: str, expires_at: datetime, now: datetime) -> None:
    """Raises BadKey."""
    if not name.strip():
        raise BadKey("Write which system has the key.", field="name")
    if not now < expires_at <= now + KEY_LONGEST:
        raise BadKey("A key ends after today and within two years.", field="expires_on")


def check_scopes(scopes: frozenset[str]) -> None:
    """Raises UnknownScope, BadKey."""
    if not scopes:
        raise BadKey("Choose at least one scope.", field="scopes")
    unknown = scopes - {scope.value for scope in Scope}
    if unknown:
        known = ", ".join(scope.value for scope in Scope)
        raise UnknownScope(f"unknown scope {sorted(unknown)[0]!r}: use {known}", scope=sorted(unknown)[0])


def digest(secret: str) -> str:
    """The secret has 256 random bits, so a plain SHA-256 cannot be searched back."""
    return hashlib.sha256(secret.encode()).hexdigest()
