"""Who is this, and as what may they act now?"""

import secrets
from datetime import datetime

from django.db.models import Q, QuerySet

from vardnav.identity.models import Account, ApiKey, Assignment
from vardnav.identity.rules import digest
from vardnav.kernel.actor import Acting, Actor, ActorKind, Purpose, Role


def acting_of(assignment: Assignment) -> Acting:
    return Acting(
        assignment_id=assignment.id,
        role=Role(assignment.role),
        purpose=Purpose(assignment.purpose),
        unit_hsa_id=assignment.unit_hsa_id,
        unit_name=assignment.unit_name,
    )


def actor_of(account: Account, assignment: Assignment | None, request_id: str = "") -> Actor:
    return Actor(
        kind=ActorKind.RESIDENT if account.personal_number else ActorKind.STAFF,
        name=account.name,
        account_id=account.id,
        personal_number=account.personal_number,
        hsa_id=account.hsa_id,
        acting=acting_of(assignment) if assignment else None,
        request_id=request_id,
    )


def valid_assignments(account_id: int, now: datetime) -> QuerySet[Assignment]:
    """The assignments an account may act in at this instant; one that ended a second ago is not among them."""
    return Assignment.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        account_id=account_id,
        account__is_active=True,
        starts_at__lte=now,
    ).order_by("unit_name", "role", "id")


def actor(account_id: int, assignment_id: int | None, now: datetime, request_id: str = "") -> Actor | None:
    """Who a session stands for; None when the account has ended. An ended assignment is simply gone."""
    account = Account.objects.filter(id=account_id, is_active=True).first()
    if account is None:
        return None
    assignment = None
    if assignment_id is not None:
        assignment = valid_assignments(account_id, now).filter(id=assignment_id).first()
    return actor_of(account, assignment, request_id)


def service(token: str, now: datetime, request_id: str = "") -> Actor | None:
    """The service account behind an API key; None for a key that is unknown, expired or revoked."""
    head, _, rest = token.partition("_")
    prefix, _, secret = rest.partition("_")
    if head != "vnav" or not secret:
        return None
    key = ApiKey.objects.filter(prefix=prefix, expires_at__gt=now, revoked_at__isnull=True).first()
    if key is None or not secrets.compare_digest(key.digest, digest(secret)):
        return None
    return Actor(
        kind=ActorKind.SERVICE,
        name=key.name,
        hsa_id=f"key:{key.prefix}",
        scopes=frozenset(key.scopes),
        request_id=request_id,
    )


def staff_accounts(query: str = "", after: str = "", most: int = 50) -> list[Account]:
    """Staff accounts by name, for administrators; residents' accounts are not listed."""
    accounts = Account.objects.filter(hsa_id__isnull=False, name__gt=after)
    if query:
        accounts = accounts.filter(Q(name__icontains=query) | Q(hsa_id__iexact=query) | Q(login__iexact=query))
    return list(accounts.order_by("name", "id").prefetch_related("assignments")[:most])


def account(account_id: int) -> Account | None:
    return Account.objects.filter(id=account_id).prefetch_related("assignments").first()


def keys() -> list[ApiKey]:
    return list(ApiKey.objects.order_by("-issued_at"))
