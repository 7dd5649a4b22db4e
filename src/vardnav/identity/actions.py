"""Open accounts, let people in, give and end assignments, issue and revoke keys."""

import secrets
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction
from django.db.models import Q, Value
from django.db.models.functions import Greatest

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity, Outcome
from vardnav.identity import rules
from vardnav.identity.models import Account, ApiKey, Assignment
from vardnav.identity.selectors import actor_of
from vardnav.kernel.actor import Actor, ActorKind, Role, system

NOBODY_HASH = make_password("an account that does not exist takes as long to refuse")


def open_account(
    *,
    login: str,
    name: str,
    by: Actor,
    now: datetime,
    password: str | None = None,
    hsa_id: str | None = None,
    personal_number: str | None = None,
) -> Account:
    """Raises AccountTaken."""
    _check_administrator(by)
    account = Account(
        login=login.strip().lower(),
        name=name,
        hsa_id=hsa_id,
        personal_number=personal_number,
        opened_at=now,
        opened_by=by.name,
        password=make_password(password),
    )
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            audit.record("identity.account.opened", by=by, now=now, resource=("account", account.id))
    except IntegrityError as error:
        raise rules.AccountTaken(login=login) from error
    return account


def open_staff_account(*, login: str, name: str, hsa_id: str, by: Actor, now: datetime) -> tuple[Account, str]:
    """Open an account and give it a first password, which only this answer knows.

    Raises NotAnAdministrator, AccountTaken.
    """
    password = secrets.token_urlsafe(12)
    return open_account(login=login, name=name, hsa_id=hsa_id, password=password, by=by, now=now), password


@transaction.atomic
def close_account(account_id: int, *, by: Actor, now: datetime) -> None:
    """The account and its assignments end at once.

    Raises NotAnAdministrator, OwnAccount.
    """
    _check_administrator(by)
    rules.check_not_own(account_id, by)
    account = Account.objects.select_for_update().get(id=account_id)
    account.is_active = False
    account.save(update_fields=["is_active"])
    going_on = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    Assignment.objects.filter(going_on, account=account).update(ends_at=Greatest("starts_at", Value(now)))
    audit.record("identity.account.closed", by=by, now=now, resource=("account", account_id))


@transaction.atomic
def reset_password(account_id: int, *, by: Actor, now: datetime) -> str:
    """Give a staff account a new password, which only this answer knows, and open it if it was locked.

    Raises NotAnAdministrator, OwnAccount, NotAStaffAccount.
    """
    _check_administrator(by)
    rules.check_not_own(account_id, by)
    account = _staff_account(account_id)
    password = secrets.token_urlsafe(12)
    account.password = make_password(password)
    account.failed_logins, account.locked_until = 0, None
    account.save(update_fields=["password", "failed_logins", "locked_until"])
    audit.record("identity.password.reset", by=by, now=now, resource=("account", account_id))
    return password


def _staff_account(account_id: int) -> Account:
    """Raises NotAStaffAccount."""
    account = Account.objects.select_for_update().filter(id=account_id, is_active=True, hsa_id__isnull=False).first()
    if account is None:
        raise rules.NotAStaffAccount
    return account


def log_in(*, login: str, password: str, now: datetime, request_id: str = "") -> Account:
    """Check name and password, count failures, lock after five.

    Raises LoginRefused, AccountLocked. The failure is kept (and logged) although the login is refused.
    """
    refusal: rules.LoginRefused | rules.AccountLocked | None
    with transaction.atomic():
        account = Account.objects.select_for_update().filter(login=login.strip().lower()).first()
        if account is None:
            check_password(password, NOBODY_HASH)  # equal time, so that names cannot be tried out
            audit.record(
                "identity.login.refused",
                by=system("login", request_id),
                now=now,
                activity=Activity.ACCESS,
                outcome=Outcome.DENIED,
            )
            refusal = rules.LoginRefused()
        else:
            refusal = _let_in(account, password, now, request_id)
    if refusal is not None:
        raise refusal
    assert account is not None  # noqa: S101 - narrowing for the type checker
    return account


def _let_in(
    account: Account, password: str, now: datetime, request_id: str
) -> rules.LoginRefused | rules.AccountLocked | None:
    refusal: rules.LoginRefused | rules.AccountLocked | None = None
    if rules.is_locked(account.locked_until, now):
        refusal = rules.AccountLocked(until=account.locked_until)
    elif not check_password(password, account.password) or not account.is_active:
        account.failed_logins += 1
        account.locked_until = rules.lock_after(account.failed_logins, now)
        refusal = rules.LoginRefused()
    else:
        account.failed_logins, account.locked_until, account.last_login = 0, None, now
    account.save(update_fields=["failed_logins", "locked_until", "last_login"])
    _record_access("refused" if refusal else "done", account, now, request_id)
    return refusal


def _record_access(how: str, account: Account, now: datetime, request_id: str) -> None:
    audit.record(
        "identity.login.refused" if how == "refused" else "identity.login.done",
        by=actor_of(account, None, request_id),
        now=now,
        activity=Activity.ACCESS,
        outcome=Outcome.DENIED if how == "refused" else Outcome.DONE,
    )


@transaction.atomic
def grant_assignment(
    *,
    account_id: int,
    role: Role,
    unit_hsa_id: str,
    unit_name: str,
    provider_hsa_id: str,
    starts_at: datetime,
    ends_at: datetime | None,
    reason: str,
    by: Actor,
    now: datetime,
) -> Assignment:
    """Let a staff account act in a role at a unit, from an instant to another or until ended.

    Raises NotAnAdministrator, OwnAccount, NotAStaffAccount, BadAssignment.
    """
    _check_administrator(by)
    rules.check_not_own(account_id, by)
    rules.check_assignment(starts_at, ends_at, reason)
    assignment = Assignment.objects.create(
        account=_staff_account(account_id),
        role=role.value,
        purpose=rules.PURPOSE_OF_ROLE[role].value,
        unit_hsa_id=unit_hsa_id,
        unit_name=unit_name,
        provider_hsa_id=provider_hsa_id,
        starts_at=starts_at,
        ends_at=ends_at,
        reason=reason,
        granted_at=now,
        granted_by=by.name,
    )
    audit.record(
        "identity.assignment.granted",
        by=by,
        now=now,
        resource=("assignment", assignment.id),
        reason=reason,
        role=role.value,
        unit=unit_hsa_id,
    )
    return assignment


@transaction.atomic
def end_assignment(assignment_id: int, *, by: Actor, now: datetime, reason: str = "") -> None:
    """End it at this instant; one that has not begun never does. One that has ended keeps its end.

    Raises NotAnAdministrator, OwnAccount.
    """
    _check_administrator(by)
    assignment = Assignment.objects.select_for_update().get(id=assignment_id)
    rules.check_not_own(assignment.account_id, by)
    if assignment.ends_at is not None and assignment.ends_at <= now:
        return
    assignment.ends_at = max(now, assignment.starts_at)
    assignment.save(update_fields=["ends_at"])
    audit.record("identity.assignment.ended", by=by, now=now, resource=("assignment", assignment_id), reason=reason)


@transaction.atomic
def issue_key(
    *, name: str, scopes: frozenset[str], by: Actor, now: datetime, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """The key's row and the secret, which is shown this once.

    Raises NotAnAdministrator, UnknownScope, BadKey.
    """
    _check_administrator(by)
    rules.check_scopes(scopes)
    expires_at = expires_at or now + rules.KEY_LIFETIME
    rules.check_key(name, expires_at, now)
    prefix, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    key = ApiKey.objects.create(
        name=name,
        prefix=prefix,
        digest=rules.digest(secret),
        scopes=sorted(scopes),
        issued_at=now,
        issued_by=by.name,
        expires_at=expires_at,
    )
    audit.record("identity.key.issued", by=by, now=now, resource=("api_key", key.id), scopes=sorted(scopes))
    return key, f"vnav_{prefix}_{secret}"


@transaction.atomic
def revoke_key(key_id: int, *, by: Actor, now: datetime) -> None:
    _check_administrator(by)
    changed = ApiKey.objects.filter(id=key_id, revoked_at__isnull=True).update(revoked_at=now, revoked_by=by.name)
    if changed:
        audit.record("identity.key.revoked", by=by, now=now, resource=("api_key", key_id))


def _check_administrator(by: Actor) -> None:
    if by.kind is not ActorKind.SYSTEM and by.role is not Role.ADMINISTRATOR:
        raise rules.NotAnAdministrator


def forget_sessions(*, now: datetime) -> int:
    """Delete sessions that have expired; answers how many."""
    return Session.objects.filter(expire_date__lt=now).delete()[0]
