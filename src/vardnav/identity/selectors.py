"""Who is this, and as what may they act now?"""

import secrets
from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Func, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Lower, LPad

from vardnav.identity import doors
from vardnav.identity.models import Account as Account  # what logins are made of
from vardnav.identity.models import ApiKey, Passkey, Session, Totp, Tries
from vardnav.identity.models import Assignment as Assignment  # what grants and sessions are made of
from vardnav.identity.models import Notice as Notice  # what is told of an account
from vardnav.identity.rules import digest
from vardnav.identity.rules.claims import Commission
from vardnav.identity.rules.limits import Step
from vardnav.identity.rules.sessions import Way
from vardnav.kernel.actor import Acting, Actor, ActorKind, Purpose, Role
from vardnav.tables import sql, wall


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


def valid_assignments(account_id: int, now: datetime, commission: Commission | None = None) -> QuerySet[Assignment]:
    """The assignments an account may act in at this instant; one that ended a second ago is not among them.

    A commission that the provider sent narrows them to its unit and its purpose.
    """
    valid = Assignment.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=now),
        account_id=account_id,
        account__is_active=True,
        starts_at__lte=now,
    ).order_by("unit_name", "role", "id")
    if commission is None:
        return valid
    if commission.known_purpose is None:
        return valid.none()
    return valid.filter(unit_hsa_id=commission.unit_hsa_id, purpose=commission.known_purpose.value)


# As valid_assignments, with the account: every request asks it, and tells the wall who acts (vardnav.tables.wall).
ACTOR = """
SELECT a.password, a.name, a.personal_number, a.hsa_id, s.id, s.role, s.purpose, s.unit_hsa_id, s.unit_name,
       s.provider_hsa_id, set_config('vardnav.actor', concat_ws('|',
           CASE WHEN a.personal_number IS NULL THEN 'staff' ELSE 'resident' END, coalesce(s.role, ''),
           translate(coalesce(s.unit_hsa_id, ''), '|', ''), a.id, coalesce(a.personal_number, ''), %s::text), false)
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

    An ended assignment is simply gone. From here on, and until the request is over, the database shows this actor's
    rows and nobody else's.
    """
    found = sql.row(ACTOR, [now.isoformat(), assignment_id, now, now, account_id])
    if found is None:
        wall.clear()
        return None
    password, name, personal_number, hsa_id, assigned, role, purpose, unit_hsa_id, unit_name, provider, told = found
    wall.carries(told)
    if proof and not secrets.compare_digest(proof, digest(password)):
        wall.clear()
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
    wall.set_actor(wall.SERVICE)  # what a key opens is its scopes', in the code
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
    found = accounts.order_by("sort").prefetch_related(Prefetch("assignments", queryset=valid.order_by("unit_name")))
    shown = list(found[:most])
    shut = shut_logins([row.login for row in shown], now)
    return [
        AccountRow(
            id=row.id,
            name=row.name,
            login=row.login,
            hsa_id=row.hsa_id or "",
            is_active=row.is_active,
            is_locked=row.login in shut,
            last_login=row.last_login,
            assignments=list(row.assignments.all()),
            sort=row.sort,
        )
        for row in shown
    ]


def count_staff_accounts() -> int:
    return Account.objects.filter(hsa_id__isnull=False).count()


def assignments_of(account_id: int) -> list[Assignment]:
    """All that were ever given, the latest first."""
    return list(Assignment.objects.filter(account_id=account_id).order_by("-starts_at", "-id"))


def units_with(role: Role, now: datetime) -> set[str]:
    """The units (HSA-ids) where somebody holds a role at this instant."""
    valid = Assignment.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), starts_at__lte=now)
    found = valid.filter(role=role.value, account__is_active=True).values_list("unit_hsa_id", flat=True)
    return set(found)


def assignment(assignment_id: int) -> Assignment | None:
    return Assignment.objects.filter(id=assignment_id).first()


def account(account_id: int) -> Account | None:
    return Account.objects.filter(id=account_id).first()


def staff_account(account_id: int) -> Account | None:
    """A staff account for administrators; a resident's is none of theirs."""
    return Account.objects.filter(id=account_id, hsa_id__isnull=False).first()


def account_of_hsa_id(hsa_id: str) -> Account | None:
    return Account.objects.filter(hsa_id=hsa_id).first()


def account_of_login(login: str) -> Account | None:
    return Account.objects.filter(login=login.strip().lower()).first()


def api_keys() -> list[ApiKey]:
    return list(ApiKey.objects.order_by("-issued_at"))


SESSION = "SELECT data, way, begun_at, seen_at, expires_at FROM identity_session WHERE digest = %s AND expires_at > %s"


@dataclass(frozen=True, slots=True)
class KeptSession:
    """What is kept of a session, and when it ends if nobody uses it."""

    data: str
    way: Way | None
    begun_at: datetime
    seen_at: datetime
    ends_at: datetime


def session(session_digest: str, now: datetime) -> KeptSession | None:
    """Every request asks it."""
    found = sql.row(SESSION, [session_digest, now])
    if found is None:
        return None
    data, way, begun_at, seen_at, ends_at = found
    return KeptSession(data, Way(way) if way else None, begun_at, seen_at, ends_at)


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One of somebody's open sessions, for a list."""

    id: int
    way: Way
    assurance: int
    begun_at: datetime
    seen_at: datetime
    current: bool


def open_sessions(account_id: int, *, now: datetime, current: str = "") -> list[OpenSession]:
    """Of an account, the latest used first; `current` is the digest of the one that asks."""
    rows = Session.objects.filter(account_id=account_id, expires_at__gt=now).order_by("-seen_at", "-id")
    return [
        OpenSession(one.id, Way(one.way), one.assurance, one.begun_at, one.seen_at, one.digest == current)
        for one in rows
    ]


@dataclass(frozen=True, slots=True)
class Factors:
    """What an account can be logged in by."""

    has_password: bool
    app: Totp | None
    passkeys: list[Passkey]
    codes_left: int

    @property
    def has_second(self) -> bool:
        return self.app is not None or bool(self.passkeys)


def factors_of(account_id: int) -> Factors:
    found = Account.objects.get(id=account_id)
    return Factors(
        has_password=found.has_usable_password(),
        app=found.totps.filter(is_confirmed=True).first(),
        passkeys=list(found.passkeys.order_by("added_at", "id")),
        codes_left=found.recovery_codes.count(),
    )


def step_after_password(account_id: int) -> Step:
    """What somebody with the right password has left to do."""
    found = Account.objects.get(id=account_id)
    if found.password_until is not None:
        return Step.PASSWORD
    return Step.PROVE if factors_of(account_id).has_second else Step.ENROL


def halfway(account_id: int, proof: str, request_id: str = "") -> Actor | None:
    """Who gave the right password a moment ago: assurance 1. None when the account or that password has ended."""
    found = Account.objects.filter(id=account_id, is_active=True).first()
    if found is None or not secrets.compare_digest(proof, digest(found.password)):
        return None
    return actor_of(found, None, request_id, assurance=1)


def shut_logins(logins: list[str], now: datetime) -> dict[str, datetime]:
    """Which names are shut for a while after wrong tries, and until when."""
    keys = {doors.name(login).key: login for login in logins}
    rows = Tries.objects.filter(key__in=keys, shut_until__gt=now)
    return {keys[row.key]: row.shut_until for row in rows if row.shut_until}


def shut_until(of: Account, now: datetime) -> datetime | None:
    """Until when an account's name or second step is shut."""
    keys = [doors.name(of.login).key, doors.factor(of.id).key]
    rows = Tries.objects.filter(key__in=keys, shut_until__gt=now)
    return max((row.shut_until for row in rows if row.shut_until), default=None)


def notices_of(account_id: int, *, most: int = 20, untold: bool = False) -> list[Notice]:
    """What was done to how the account is logged in to, the latest first."""
    found = Notice.objects.filter(account_id=account_id).order_by("-done_at", "-id")
    return list((found.filter(is_told=False) if untold else found)[:most])
