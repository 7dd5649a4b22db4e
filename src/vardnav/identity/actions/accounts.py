"""Open and close accounts, and give them new passwords."""

from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import Q, Value
from django.db.models.functions import Greatest

from vardnav.audit import actions as audit
from vardnav.identity import rules
from vardnav.identity.actions import passwords
from vardnav.identity.actions.checks import check_administrator, staff_account
from vardnav.identity.models import Account, Assignment
from vardnav.identity.rules.limits import TEMPORARY_LIVES
from vardnav.kernel.actor import Actor


def open_account(
    *,
    login: str,
    name: str,
    by: Actor,
    now: datetime,
    password: str | None = None,
    password_until: datetime | None = None,
    hsa_id: str | None = None,
    personal_number: str | None = None,
) -> Account:
    """Raises AccountTaken."""
    check_administrator(by)
    account = Account(
        login=login.strip().lower(),
        name=name,
        hsa_id=hsa_id,
        personal_number=personal_number,
        opened_at=now,
        opened_by=by.name,
        password=make_password(password),
        password_until=password_until,
    )
    try:
        with transaction.atomic():
            account.save(force_insert=True)
            audit.record("identity.account.opened", by=by, now=now, resource=("account", account.id))
    except IntegrityError as error:
        raise rules.AccountTaken(login=login) from error
    return account


def open_staff_account(*, login: str, name: str, hsa_id: str, by: Actor, now: datetime) -> tuple[Account, str]:
    """Open an account and give it a temporary password, which only this answer knows.

    Raises NotAnAdministrator, AccountTaken.
    """
    password = passwords.temporary()
    until = now + TEMPORARY_LIVES
    account = open_account(
        login=login, name=name, hsa_id=hsa_id, password=password, password_until=until, by=by, now=now
    )
    return account, password


@transaction.atomic
def close_account(account_id: int, *, by: Actor, now: datetime) -> None:
    """The account and its assignments end at once.

    Raises NotAnAdministrator, OwnAccount.
    """
    check_administrator(by)
    rules.check_not_own(account_id, by)
    account = Account.objects.select_for_update().get(id=account_id)
    account.is_active = False
    account.save(update_fields=["is_active"])
    going_on = Q(ends_at__isnull=True) | Q(ends_at__gt=now)
    Assignment.objects.filter(going_on, account=account).update(ends_at=Greatest("starts_at", Value(now)))
    audit.record("identity.account.closed", by=by, now=now, resource=("account", account_id))


@transaction.atomic
def reset_password(account_id: int, *, by: Actor, now: datetime) -> str:
    """Give a staff account a temporary password, which only this answer knows, and open it if it was shut.

    The second step stays as it is.

    Raises NotAnAdministrator, OwnAccount, NotAStaffAccount.
    """
    check_administrator(by)
    rules.check_not_own(account_id, by)
    account = staff_account(account_id)
    password = passwords.give_temporary(account, now=now)
    audit.record("identity.password.reset", by=by, now=now, resource=("account", account_id))
    return password
