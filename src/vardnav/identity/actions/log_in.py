"""Let people in by name and password, and then by what they have: one step each.

A right password alone is assurance 1. It opens nothing: only the second step makes a login, of assurance 3.
"""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity, Outcome
from vardnav.identity import doors, rules
from vardnav.identity.actions import throttle
from vardnav.identity.actions.factors import code_lets_in
from vardnav.identity.actions.passkeys import Site, passkey_that_answers, use_up
from vardnav.identity.models import Account
from vardnav.identity.rules.factors import CodeRefused, PasskeyRefused, PasswordExpired
from vardnav.identity.selectors import actor_of, factors_of
from vardnav.kernel.actor import system

NOBODY_HASH = make_password("an account that does not exist takes as long to refuse")
PASSWORD_ALONE, TWO_STEPS = 1, 3


def log_in(
    *, login: str, password: str, now: datetime, request_id: str = "", address: str = "", browser: str = ""
) -> Account:
    """The first step: a name and its password.

    `browser` is the mark of a browser that this name has been in by before. A failure is kept and logged although
    the login is refused.

    Raises LoginRefused, TooManyTries, PasswordExpired.
    """
    at = doors.doors_of_login(login, address, browser)
    shuts = throttle.count(at, now=now)
    account = Account.objects.filter(login=login.strip().lower()).first()
    right = check_password(password, account.password if account else NOBODY_HASH)  # as long for a name nobody has
    if account is None or not right or not account.is_active:
        _refuse(account, shuts, now=now, request_id=request_id, how="password")
        raise rules.LoginRefused
    throttle.take_back(at)
    if account.password_until is not None and account.password_until <= now:
        _refuse(account, [], now=now, request_id=request_id, how="expired password")
        raise PasswordExpired
    by = actor_of(account, None, request_id, assurance=PASSWORD_ALONE)
    audit.record("identity.password.accepted", by=by, now=now, activity=Activity.ACCESS)
    return account


def log_in_by_code(
    account_id: int, code: str, *, now: datetime, request_id: str = "", address: str = "", again: bool = False
) -> Account:
    """The second step: a code from the app, or a recovery code. `again`: somebody who is in shows it is still them.

    Raises CodeRefused, TooManyTries.
    """
    at = [doors.factor(account_id), *doors.address(address)]
    shuts = throttle.count(at, now=now)
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account_id)
        how = code_lets_in(account, code, now=now) if account.is_active else ""
        if how:
            _let_in(account, how, now=now, request_id=request_id, again=again)
    if not how:
        _refuse(account, shuts, now=now, request_id=request_id, how="code")
        raise CodeRefused
    throttle.take_back(at)
    return account


def log_in_by_passkey(
    answer: str,
    *,
    asked: bytes,
    site: Site,
    now: datetime,
    account_id: int | None = None,
    request_id: str = "",
    address: str = "",
    again: bool = False,
) -> Account:
    """Both steps in one: the key one has, opened by finger, face or code. `account_id`: only that one's key will do.

    Raises PasskeyRefused, TooManyTries.
    """
    at = [*([doors.factor(account_id)] if account_id else []), *doors.address(address)]
    shuts = throttle.count(at, now=now)
    try:
        if not use_up(asked, now=now):  # first, and kept: one question has one answer, right or wrong
            raise PasskeyRefused(why="challenge")
        with transaction.atomic():
            account = passkey_that_answers(answer, asked=asked, site=site, now=now).account
            if not account.is_active or account_id not in (None, account.id):
                raise PasskeyRefused(why="account")
            _let_in(account, "passkey", now=now, request_id=request_id, again=again)
    except PasskeyRefused as refusal:
        how = f"passkey: {refusal.facts.get('why', '')}"
        whose = Account.objects.filter(id=account_id).first() if account_id else None
        _refuse(whose, shuts, now=now, request_id=request_id, how=how)
        raise
    throttle.take_back(at)
    return account


def log_in_again(account_id: int, password: str, *, now: datetime, request_id: str = "", address: str = "") -> Account:
    """Somebody who is in shows by the password that it is still them.

    Raises LoginRefused, TooManyTries.
    """
    at = [doors.factor(account_id), *doors.address(address)]
    shuts = throttle.count(at, now=now)
    account = Account.objects.get(id=account_id)
    if not check_password(password, account.password):
        _refuse(account, shuts, now=now, request_id=request_id, how="password")
        raise rules.LoginRefused
    throttle.take_back(at)
    by = actor_of(account, None, request_id, assurance=TWO_STEPS)
    audit.record("identity.login.confirmed", by=by, now=now, activity=Activity.ACCESS, how="password")
    return account


@transaction.atomic
def log_in_enrolled(account_id: int, *, now: datetime, request_id: str = "") -> Account:
    """Somebody with the right password has just set up and tried the second step: that was it.

    Raises CodeRefused when there is none.
    """
    account = Account.objects.select_for_update().get(id=account_id, is_active=True)
    if account.password_until is not None or not factors_of(account_id).has_second:
        raise CodeRefused
    _let_in(account, "enrolment", now=now, request_id=request_id, again=False)
    return account


def _let_in(account: Account, how: str, *, now: datetime, request_id: str, again: bool) -> None:
    if not again:
        account.last_login = now
        account.save(update_fields=["last_login"])
    kind = "identity.login.confirmed" if again else "identity.login.done"
    by = actor_of(account, None, request_id, assurance=TWO_STEPS)
    audit.record(kind, by=by, now=now, activity=Activity.ACCESS, how=how)


def _refuse(account: Account | None, shuts: Sequence[doors.Door], *, now: datetime, request_id: str, how: str) -> None:
    """The line of a try that failed, and of what it shut, in a transaction of their own."""
    by = actor_of(account, None, request_id) if account else system("login", request_id)
    with transaction.atomic():
        audit.record(
            "identity.login.refused", by=by, now=now, activity=Activity.ACCESS, outcome=Outcome.DENIED, how=how
        )
        throttle.record_shut(shuts, by=by, now=now)
