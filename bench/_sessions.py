"""Sessions without logging in: what is measured comes after."""

import secrets
from collections.abc import Mapping
from datetime import timedelta


def sessions_of(accounts: Mapping[int, int | None], *, assurance: int = 3) -> dict[int, str]:
    """Cookies by account, each acting in the assignment given."""
    from django.utils import timezone

    from vardnav.identity.models import Session
    from vardnav.identity.rules import digest
    from vardnav.identity.rules.sessions import Way
    from vardnav.web.session_store import ACCOUNT, ASSIGNMENT, ASSURANCE, WAY, SessionStore

    now, store = timezone.now(), SessionStore()
    keys = {account_id: secrets.token_hex(16) for account_id in accounts}

    def data(account_id: int, assignment_id: int | None) -> str:
        kept = {ACCOUNT: account_id, ASSURANCE: assurance, WAY: Way.OIDC_STAFF.value}
        return str(store.encode(kept if assignment_id is None else {**kept, ASSIGNMENT: assignment_id}))

    Session.objects.bulk_create(
        [
            Session(
                digest=digest(keys[account_id]),
                data=data(account_id, assignment_id),
                account_id=account_id,
                way=Way.OIDC_STAFF.value,
                assurance=assurance,
                begun_at=now,
                seen_at=now,
                expires_at=now + timedelta(hours=8),
            )
            for account_id, assignment_id in accounts.items()
        ]
    )
    return keys
