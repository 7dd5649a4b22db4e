"""Let people in by name and password."""

from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity, Outcome
from vardnav.identity import rules
from vardnav.identity.models import Account
from vardnav.identity.selectors import actor_of
from vardnav.kernel.actor import system

NOBODY_HASH = make_password("an account that does not exist takes as long to refuse")


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
