"""Sessions in our own table: found by the digest of the cookie, with an end that moves while somebody is there."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted

from vardnav.identity import actions, selectors
from vardnav.identity.rules import digest
from vardnav.identity.rules.sessions import BEFORE_LOGIN, Limits, Way
from vardnav.identity.selectors import KeptSession
from vardnav.web import clock

ACCOUNT, ASSIGNMENT, PROOF, ASSURANCE, WAY = "account", "assignment", "proof", "assurance", "way"


def limits(way: Way | None) -> Limits:
    """How long a session may last. The region sets it (docs/settings.md)."""
    if way is None:
        return Limits(BEFORE_LOGIN, BEFORE_LOGIN)
    return Limits(*(settings.RESIDENT_SESSION if way is Way.OIDC_RESIDENT else settings.STAFF_SESSION))


class SessionStore(SessionBase):
    """Django's interface to sessions; `kept` is how the request's session stood when it was read."""

    kept: KeptSession | None = None

    def load(self) -> dict[str, Any]:
        self.kept = selectors.session(self.digest, clock.now()) if self.session_key else None
        if self.kept is None:
            self._session_key = None  # a key nobody gave out is not taken over
            return {}
        return dict(self.decode(self.kept.data))

    @property
    def digest(self) -> str:
        return digest(self.session_key or "")

    def exists(self, session_key: str) -> bool:
        return selectors.session(digest(session_key), clock.now()) is not None

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        account_id = data.get(ACCOUNT)
        way = None if account_id is None else Way(data.get(WAY, Way.PASSWORD))
        text, assurance = self.encode(data), data.get(ASSURANCE, 0)
        if must_create:
            now = clock.now()
            ends_at = limits(way).ends_at(now, now)
            if not actions.begin_session(
                self.digest, text, account_id=account_id, way=way, assurance=assurance, now=now, ends_at=ends_at
            ):
                raise CreateError
        elif not actions.keep_session(self.digest, text, account_id=account_id, way=way, assurance=assurance):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            actions.drop_session(digest(key))

    def cycle_key(self) -> None:
        """Another cookie for the same session: it began when it began.

        Raises SessionInterrupted when somebody's has ended meanwhile: it does not begin again.
        """
        self._get_session()  # type: ignore[attr-defined]
        before = self.digest
        self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
        if not actions.rename_session(before, self.digest):
            if self.kept is not None and self.kept.way is not None:
                raise SessionInterrupted("The session has ended.")
            self.create()
        self.modified = True

    def see(self, now: datetime) -> datetime | None:
        """Somebody is there: the end moves. Answers when it is."""
        if self.kept is None or self.kept.way is None:
            return None
        ends_at = limits(self.kept.way).ends_at(self.kept.begun_at, now)
        actions.see_session(self.digest, now=now, ends_at=ends_at)
        return ends_at

    @classmethod
    def clear_expired(cls) -> None:
        actions.forget_sessions(now=clock.now())
