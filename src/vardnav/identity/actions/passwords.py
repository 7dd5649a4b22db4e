"""Passwords of one's own choice, and temporary ones from an administrator."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.identity import doors
from vardnav.identity.actions import throttle
from vardnav.identity.models import Account, Notice
from vardnav.identity.rules.factors import PasswordRefused, WrongPassword, check_password_choice
from vardnav.identity.rules.limits import TEMPORARY_LIVES, NoticeKind
from vardnav.kernel.actor import Actor


@cache
def common() -> frozenset[str]:
    """The 20,000 most used, as Django ships them."""
    return frozenset(CommonPasswordValidator().passwords)


def change_password(
    *, new: str, current: str | None, words: Iterable[str], by: Actor, now: datetime, address: str = ""
) -> Account:
    """Choose a password. `current` is None only where it was given a moment ago: a temporary one is changed so.

    Every session that the old password began ends. Raises WrongPassword, TooManyTries, PasswordRefused.
    """
    account = Account.objects.get(id=by.account_id or 0, is_active=True)
    if current is not None:
        at = [doors.factor(account.id), *doors.address(address)]
        throttle.count(at, now=now)
        if not check_password(current, account.password):
            raise WrongPassword
        throttle.take_back(at)
    check_password_choice(new, words=[account.login, account.name, *words], common=common())
    if check_password(new, account.password):
        raise PasswordRefused(why="same")
    with transaction.atomic():
        account = Account.objects.select_for_update().get(id=account.id)
        account.password, account.password_until = make_password(new), None
        account.save(update_fields=["password", "password_until"])
        audit.record("identity.password.changed", by=by, now=now, resource=("account", account.id))
        Notice.objects.create(account=account, kind=NoticeKind.PASSWORD_CHANGED.value, done_at=now, done_by=by.name)
    return account


def temporary() -> str:
    """96 random bits, easy to copy."""
    return secrets.token_urlsafe(12)


def give_temporary(account: Account, *, now: datetime) -> str:
    """A password that must be changed at the first login, and is good for 72 hours. Tries are forgotten."""
    password = temporary()
    account.password, account.password_until = make_password(password), now + TEMPORARY_LIVES
    account.save(update_fields=["password", "password_until"])
    throttle.forget(account)
    return password
