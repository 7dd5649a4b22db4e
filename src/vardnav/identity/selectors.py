"""Who is this, and as what may they act now?"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Func, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Lower, LPad

from vardnav.identity.models import Account, ApiKey
from vardnav.identity.models import Assignment as Assignment  # what grants and sessions are made of
from vardnav.identity.rules import digest, is_locked
from vardnav.kernel.actor import Acting, Actor, ActorKind, Purpose, Role
from vardnav.tables import sql


def acting_of(assignment: Assignment) -> Acting:
    return Acting(
        assignment_id=assignment.id,
        role=Role(assignment.role),
        purpose=Purpose(assignment.purpose),
        unit_hsa_id=assignment.unit_hsa_id,
        unit_name=assignment.unit_name,
        provider_hsa_id=assignment.provider_hsa_id,
    )


def actor_of(account: Account, assignment: Assignment | None, request_id: str = "", *, assurance: int = 0) -> Actor:
    return Actor(
        kind=ActorKind.RESIDENT if account.personal_number else ActorKind.STAFF,
        name=account.name,
        account_id=account.id,
        personal_number=account.personal_number,
        hsa_id=account.hsa_id,
        acting=acting_of(assignment) if assignment else None,
        request_id=request_id,
        assurance=assurance,
    )


def valid_assignments(account_id: int, now: datetime) -> QuerySet[Assignment]:
    """The assignments an account may act in at this instant; one that ended a second ago is not among them."""
    return Assignment.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        account_id=account_id,
        account__is_active=True,
        starts_at__lte=now,
    ).order_by("unit_name", "role", "id")


# As valid_assignments, with the account: every request asks it.
ACTOR = """
SELECT a.password, a.name, a.personal_number, a.hsa_id, s.id, s.role, s.purpose, s.unit_hsa_id, s.unit_name,
       s.provider_hsa_id
FROM identity_account a
LEFT JOIN identity_assignment s
    ON s.account_id = a.id AND s.id = %s AND s.starts_at <= %s AND (s.ends_at IS NULL OR s.ends_at > %s)
WHERE a.id = %s AND a.is_active
"""


def actor(
    account_id: int,
    assignment_id: int | None,
    now: datetime,
    request_id: str = "",
    *,
    proof: str = "",
    assurance: int = 0,
) -> Actor | None:
    """Who a session stands for; None when the account has ended, or has another password than `proof` was made of.

    An ended assignment is simply gone.
    """
    found = sql.row(ACTOR, [assignment_id, now, now, account_id])
    if found is None:
        return None
    password, name, personal_number, hsa_id, assigned, role, purpose, unit_hsa_id, unit_name, provider = found
    if proof and not secrets.compare_digest(proof, digest(password)):
        return None
    return Actor(
        kind=ActorKind.RESIDENT if personal_number else ActorKind.STAFF,
        name=name,
        account_id=account_id,
        personal_number=personal_number,
        hsa_id=hsa_id,
        acting=Acting(assigned, Role(role), Purpose(purpose), unit_hsa_id, unit_name, provider) if assigned else None,
        request_id=request_id,
        assurance=assurance,
    )


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


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A staff account in the administrators' list; `sort` is the key of the page that follows."""

    id: int
    name: str
    login: str
    hsa_id: str
    is_active: bool
    is_locked: bool
    last_login: datetime | None
    assignments: list[Assignment]
    sort: str


# Swedish order without ICU: { | } come after z; the id makes the key unique.
SORT = Concat(
    Func(Lower("name"), Value("åäöæøéèü"), Value("{|}|}eey"), function="translate"),
    Value(" "),
    LPad(Cast("id", CharField()), 12, Value("0")),
    output_field=CharField(),
)


def staff_accounts(*, now: datetime, query: str = "", after: str = "", most: int = 50) -> list[AccountRow]:
    """Staff accounts by name with the assignments valid now, for administrators; residents' are not listed."""
    accounts = Account.objects.filter(hsa_id__isnull=False).annotate(sort=SORT)
    if query:
        accounts = accounts.filter(Q(name__icontains=query) | Q(hsa_id__iexact=query) | Q(login__icontains=query))
    if after:
        accounts = accounts.filter(sort__gt=after)
    valid = Assignment.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now)
    shown = accounts.order_by("sort").prefetch_related(Prefetch("assignments", queryset=valid.order_by("unit_name")))
    return [
        AccountRow(
            id=row.id,
            name=row.name,
            login=row.login,
            hsa_id=row.hsa_id or "",
            is_active=row.is_active,
            is_locked=is_locked(row.locked_until, now),
            last_login=row.last_login,
            assignments=list(row.assignments.all()),
            sort=row.sort,
        )
        for row in shown[:most]
    ]


def count_staff_accounts() -> int:
    return Account.objects.filter(hsa_id__isnull=False).count()


def assignments_of(account_id: int) -> list[Assignment]:
    """All that were ever given, the latest first."""
    return list(Assignment.objects.filter(account_id=account_id).order_by("-starts_at", "-id"))


def assignment(assignment_id: int) -> Assignment | None:
    return Assignment.objects.filter(id=assignment_id).first()


def account(account_id: int) -> Account | None:
    return Account.objects.filter(id=account_id).first()


def staff_account(account_id: int) -> Account | None:
    """A staff account for administrators; a resident's is none of theirs."""
    return Account.objects.filter(id=account_id, hsa_id__isnull=False).first()


def account_of_login(login: str) -> Account | None:
    return Account.objects.filter(login=login.strip().lower()).first()


def api_keys() -> list[ApiKey]:
    return list(ApiKey.objects.order_by("-issued_at"))
