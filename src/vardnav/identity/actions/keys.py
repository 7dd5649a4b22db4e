"""Issue and revoke the keys of other systems."""

import secrets
from datetime import datetime

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.identity import rules
from vardnav.identity.actions.checks import check_administrator
from vardnav.identity.models import ApiKey
from vardnav.kernel.actor import Actor


@transaction.atomic
def issue_key(
    *, name: str, scopes: frozenset[str], by: Actor, now: datetime, expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    """The key's row and the secret, which is shown this once.

    Raises NotAnAdministrator, UnknownScope, BadKey.
    """
    check_administrator(by)
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
    check_administrator(by)
    changed = ApiKey.objects.filter(id=key_id, revoked_at__isnull=True).update(revoked_at=now, revoked_by=by.name)
    if changed:
        audit.record("identity.key.revoked", by=by, now=now, resource=("api_key", key_id))
