"""Let people in whom a provider of identity vouches for."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity, Outcome
from vardnav.identity.models import Account
from vardnav.identity.rules.claims import (
    AccountClosed,
    Claims,
    Commission,
    LoginNotConfirmed,
    NoMatchingAssignment,
    NoStaffAccount,
    Population,
    resident,
    staff,
)
from vardnav.identity.rules.claims import ResidentIdentity as Resident
from vardnav.identity.rules.sessions import Way
from vardnav.identity.selectors import actor_of, valid_assignments
from vardnav.kernel.actor import system
from vardnav.kernel.errors import Refusal

WAYS = {Population.STAFF: Way.OIDC_STAFF, Population.RESIDENTS: Way.OIDC_RESIDENT}


@dataclass(frozen=True, slots=True)
class LetIn:
    """Whom a provider vouched for, and as what they may act."""

    account: Account
    assurance: int
    way: Way
    assignment_ids: tuple[int, ...] = ()
    commission: Commission | None = None


def log_in_by_claims(
    population: Population, claims: Claims, *, provider: str, now: datetime, request_id: str = ""
) -> LetIn:
    """Let in the person whom the claims name; a resident's account is opened the first time.

    The claims have been checked to come from the provider. A refusal is logged although nobody is let in.

    Raises LevelTooLow, ClaimMissing, NoStaffAccount, NoMatchingAssignment, AccountClosed.
    """
    try:
        with transaction.atomic():
            let_in = _staff(claims, now) if population is Population.STAFF else _resident(claims, now, request_id)
            let_in.account.last_login = now
            let_in.account.save(update_fields=["last_login", "name"])
            _record(let_in, provider, now, request_id)
    except Refusal as refusal:
        refuse_login(refusal, provider=provider, now=now, request_id=request_id)
        raise
    return let_in


def refuse_login(refusal: Refusal, *, provider: str, now: datetime, request_id: str = "") -> None:
    """A line about somebody who was not let in. Who it was may be unknown, or not be trusted."""
    why: dict[str, Any] = {name: fact for name, fact in refusal.facts.items() if isinstance(fact, str | int)}
    audit.record(
        "identity.login.refused",
        by=system("login", request_id),
        now=now,
        activity=Activity.ACCESS,
        outcome=Outcome.DENIED,
        provider=provider,
        refusal=refusal.code,
        **why,
    )


def not_confirmed(why: str, *, provider: str, now: datetime, request_id: str = "") -> LoginNotConfirmed:
    """The refusal of an answer that cannot be trusted, with its line written."""
    refusal = LoginNotConfirmed(why=why)
    refuse_login(refusal, provider=provider, now=now, request_id=request_id)
    return refusal


def _staff(claims: Claims, now: datetime) -> LetIn:
    who = staff(claims)
    account = Account.objects.select_for_update().filter(hsa_id=who.hsa_id, is_active=True).first()
    if account is None:
        raise NoStaffAccount(hsa_id=who.hsa_id)
    found = valid_assignments(account.id, now, who.commission)
    ids = tuple(found.values_list("id", flat=True))
    if who.commission and not ids:
        came = who.commission
        raise NoMatchingAssignment(
            hsa_id=who.hsa_id, commission=came.hsa_id, name=came.name, unit=came.unit_hsa_id, purpose=came.purpose
        )
    return LetIn(account, who.level, Way.OIDC_STAFF, ids, who.commission)


def _resident(claims: Claims, now: datetime, request_id: str) -> LetIn:
    who = resident(claims, localdate(now))
    account = _account_of(who) or _opened(who, now, request_id)
    if not account.is_active:
        raise AccountClosed
    account.name = who.name
    return LetIn(account, who.level, Way.OIDC_RESIDENT)


def _account_of(who: Resident) -> Account | None:
    return Account.objects.select_for_update().filter(personal_number=who.number.value).first()


def _opened(who: Resident, now: datetime, request_id: str) -> Account:
    """Nobody can log in to it by a password: it has none."""
    account = Account(
        login=f"e-legitimation {who.number}",
        name=who.name,
        personal_number=who.number.value,
        opened_at=now,
        opened_by=who.name,
        password=make_password(None),
    )
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:  # another login of the same person came first
        found = _account_of(who)
        if found is None:
            raise
        return found
    by = actor_of(account, None, request_id, assurance=who.level)
    audit.record("identity.account.opened", by=by, now=now, resource=("account", account.id))
    return account


def _record(let_in: LetIn, provider: str, now: datetime, request_id: str) -> None:
    audit.record(
        "identity.login.done",
        by=actor_of(let_in.account, None, request_id, assurance=let_in.assurance),
        now=now,
        activity=Activity.ACCESS,
        provider=provider,
        way=let_in.way.value,
        commission=let_in.commission.hsa_id if let_in.commission else "",
    )
