"""The app that makes codes, and the recovery codes for the day it is gone. A passkey has a file of its own."""

import hmac
import secrets
from datetime import datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.identity.actions.checks import check_administrator, staff_account
from vardnav.identity.actions.passwords import give_temporary
from vardnav.identity.models import Account, Notice, Passkey, RecoveryCode, Totp
from vardnav.identity.rules import check_not_own
from vardnav.identity.rules.factors import CodeRefused, LastFactor
from vardnav.identity.rules.limits import RECOVERY_CODES, TOTP_STEP, NoticeKind
from vardnav.identity.sealed import CannotUnseal, seal, unseal
from vardnav.identity.selectors import actor_of
from vardnav.kernel.actor import Actor

# 59 random bits each, and one place to compare: OWASP's least Argon2id is plenty, and ten are made in a moment.
CODES = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"  # none that can be taken for another
UNCONFIRMED_LIVES = timedelta(hours=1)


@transaction.atomic
def begin_app(*, by: Actor, now: datetime) -> str:
    """The secret to show to the app. It lets nobody in before a code of it has been confirmed."""
    account = _own(by)
    waiting = account.totps.filter(is_confirmed=False).first()
    if waiting is not None and waiting.added_at > now - UNCONFIRMED_LIVES:
        try:
            return unseal(waiting.secret)
        except CannotUnseal:
            pass  # the server has another key by now
    secret = pyotp.random_base32()
    values = {"secret": seal(secret), "added_at": now, "last_step": 0}
    Totp.objects.update_or_create(account=account, is_confirmed=False, defaults=values)
    return secret


@transaction.atomic
def confirm_app(code: str, *, by: Actor, now: datetime) -> None:
    """The app makes the right codes: from now on it is the second step, instead of an earlier one.

    Raises CodeRefused.
    """
    account = _own(by)
    totp = account.totps.filter(is_confirmed=False).first()
    step = _step_of(totp, code, now) if totp else None
    if totp is None or step is None:
        raise CodeRefused
    account.totps.filter(is_confirmed=True).delete()
    totp.is_confirmed, totp.last_step, totp.added_at, totp.used_at = True, step, now, now
    totp.save()
    tell(account, NoticeKind.APP_ADDED, by=by, now=now)


@transaction.atomic
def remove_app(*, by: Actor, now: datetime) -> None:
    """Raises LastFactor."""
    account = _own(by)
    totp = account.totps.filter(is_confirmed=True).first()
    if totp is None:
        return
    check_not_last(account)
    totp.delete()
    tell(account, NoticeKind.APP_REMOVED, by=by, now=now)


@transaction.atomic
def make_recovery_codes(*, by: Actor, now: datetime) -> list[str]:
    """Ten new codes, which only this answer knows. Earlier ones are worth nothing any more."""
    account = _own(by)
    bare = [str(place) + "".join(secrets.choice(SIGNS) for _ in range(12)) for place in range(RECOVERY_CODES)]
    account.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account=account, place=place, digest=CODES.hash(code)) for place, code in enumerate(bare)
    )
    tell(account, NoticeKind.CODES_MADE, by=by, now=now)
    return [f"{code[0]}-{code[1:5]}-{code[5:9]}-{code[9:]}" for code in bare]


@transaction.atomic
def reset_factors(account_id: int, *, by: Actor, now: datetime) -> str:
    """Take away every second step, and the password too: else whoever knows it could set up the next one.

    Answers the new temporary password, which only this answer knows.

    Raises NotAnAdministrator, OwnAccount, NotAStaffAccount.
    """
    check_administrator(by)
    check_not_own(account_id, by)
    account = staff_account(account_id)
    for factors in (account.passkeys, account.totps, account.recovery_codes):
        factors.all().delete()
    password = give_temporary(account, now=now)
    tell(account, NoticeKind.RESET, by=by, now=now)
    return password


def tell(account: Account, kind: NoticeKind, *, by: Actor, now: datetime, name: str = "") -> None:
    """A line in the log, and a notice at the account's next login."""
    audit.record(f"identity.factor.{kind}", by=by, now=now, resource=("account", account.id))
    Notice.objects.create(account=account, kind=kind.value, name=name, done_at=now, done_by=by.name)


@transaction.atomic
def mark_told(notice_ids: list[int], *, account_id: int) -> None:
    Notice.objects.filter(id__in=notice_ids, account_id=account_id).update(is_told=True)


def code_lets_in(account: Account, code: str, *, now: datetime) -> str:
    """How a code lets in: "app", "recovery code", or "" when it does not. The caller holds the account's row."""
    bare = "".join(sign for sign in code.lower() if sign.isalnum())
    if len(bare) == 6 and bare.isdigit():
        return "app" if _app_makes(account, bare, now) else ""
    return "recovery code" if _is_recovery(account, bare, now) else ""


def check_not_last(account: Account) -> None:
    """Raises LastFactor."""
    if account.totps.filter(is_confirmed=True).count() + Passkey.objects.filter(account=account).count() <= 1:
        raise LastFactor


def _app_makes(account: Account, code: str, now: datetime) -> bool:
    totp = account.totps.filter(is_confirmed=True).first()
    step = _step_of(totp, code, now) if totp else None
    if totp is None or step is None:
        return False
    totp.last_step, totp.used_at = step, now
    totp.save(update_fields=["last_step", "used_at"])
    return True


def _step_of(totp: Totp, code: str, now: datetime) -> int | None:
    """The half minute a code is of: this one, the one before or the next, and none that has been used."""
    try:
        made = pyotp.TOTP(unseal(totp.secret))
    except CannotUnseal:  # the server has another key by now: a recovery code still lets in
        return None
    this = int(now.timestamp()) // TOTP_STEP
    bare = "".join(code.split())
    if not bare.isascii():  # figures of other scripts: they cannot be compared, and no app makes them
        return None
    right = [step for step in (this - 1, this, this + 1) if hmac.compare_digest(made.generate_otp(step), bare)]
    return next((step for step in right if step > totp.last_step), None)


def _is_recovery(account: Account, bare: str, now: datetime) -> bool:
    row = account.recovery_codes.filter(place=int(bare[0])).first() if bare[:1].isdecimal() else None
    if row is None or len(bare) != 13:
        return False
    try:
        CODES.verify(row.digest, bare)
    except VerifyMismatchError:
        return False
    row.delete()
    tell(account, NoticeKind.CODE_USED, by=actor_of(account, None), now=now)
    return True


def _own(by: Actor) -> Account:
    """Everybody keeps their own factors, and holds their row meanwhile."""
    return Account.objects.select_for_update().get(id=by.account_id or 0, is_active=True)
