"""Keep sessions, end them, forget them."""

from datetime import datetime

from django.db import transaction

from vardnav.audit import actions as audit
from vardnav.audit.rules import Activity
from vardnav.identity.actions.checks import check_administrator
from vardnav.identity.models import Session
from vardnav.identity.rules.sessions import SessionGone, Way
from vardnav.kernel.actor import Actor
from vardnav.tables import sql

BEGIN = (
    "INSERT INTO identity_session"
    " (digest, data, account_id, way, assurance, begun_at, seen_at, expires_at, logout_hint)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, '') ON CONFLICT (digest) DO NOTHING RETURNING id"
)
KEEP = "UPDATE identity_session SET data = %s, account_id = %s, way = %s, assurance = %s WHERE digest = %s RETURNING id"
SEE = "UPDATE identity_session SET seen_at = %s, expires_at = %s WHERE digest = %s AND seen_at < %s"


def begin_session(
    digest: str, data: str, *, account_id: int | None, way: Way | None, assurance: int, now: datetime, ends_at: datetime
) -> bool:
    """False when there is one with that digest already."""
    values = [digest, data, account_id, way.value if way else "", assurance, now, now, ends_at]
    return sql.row(BEGIN, values) is not None


def keep_session(digest: str, data: str, *, account_id: int | None, way: Way | None, assurance: int) -> bool:
    """Keep what the session remembers; False when it has ended meanwhile."""
    return sql.row(KEEP, [data, account_id, way.value if way else "", assurance, digest]) is not None


def see_session(digest: str, *, now: datetime, ends_at: datetime) -> None:
    """Somebody is there: the session's end moves."""
    sql.run(SEE, [now, ends_at, digest, now])


def rename_session(digest: str, to: str) -> bool:
    """The same session under another cookie; False when it has ended."""
    return bool(Session.objects.filter(digest=digest).update(digest=to))


def drop_session(digest: str) -> None:
    """Without a line: it was nobody's, or another begins in its place."""
    Session.objects.filter(digest=digest).delete()


def hint_at_logout(digest: str, token: str) -> None:
    """Keep the provider's token, which it wants back at log-out."""
    Session.objects.filter(digest=digest).update(logout_hint=token)


@transaction.atomic
def log_out(digest: str, *, by: Actor, now: datetime) -> str:
    """End the session one is in; answers the provider's token."""
    found = Session.objects.filter(digest=digest, account_id=by.account_id or 0).first()
    if found is None:
        return ""
    _end([found], by, now, "logout")
    return found.logout_hint


@transaction.atomic
def end_session(session_id: int, *, by: Actor, now: datetime) -> None:
    """End one of one's own sessions.

    Raises SessionGone.
    """
    found = Session.objects.filter(id=session_id, account_id=by.account_id or 0, expires_at__gt=now).first()
    if found is None:
        raise SessionGone
    _end([found], by, now, "own")


@transaction.atomic
def end_sessions(account_id: int, *, by: Actor, now: datetime, but: str = "") -> int:
    """End all sessions of an account, but the one with the digest `but`; answers how many. Others' only administrators.

    Raises NotAnAdministrator.
    """
    own = by.account_id == account_id
    if not own:
        check_administrator(by)
    found = list(Session.objects.filter(account_id=account_id, expires_at__gt=now).exclude(digest=but))
    _end(found, by, now, "others" if own else "administrator")
    return len(found)


def forget_sessions(*, now: datetime) -> int:
    """Delete sessions that have expired; answers how many."""
    return Session.objects.filter(expires_at__lt=now).delete()[0]


def _end(sessions: list[Session], by: Actor, now: datetime, why: str) -> None:
    for one in sessions:
        audit.record(
            "identity.session.ended",
            by=by,
            now=now,
            activity=Activity.ACCESS,
            resource=("account", one.account_id),
            session=one.id,
            way=one.way,
            why=why,
        )
    Session.objects.filter(id__in=[one.id for one in sessions]).delete()
