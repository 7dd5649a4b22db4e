"""Django's sessions in the database, read without the ORM: every request reads one."""

from typing import Any

from django.contrib.sessions.backends import db
from django.utils import timezone

from vardnav.tables import sql

LOAD = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        found = sql.row(LOAD, [self.session_key, timezone.now()])
        if found is None:
            self._session_key = None  # as Django does: a key nobody gave out is not taken over
            return {}
        return dict(self.decode(found[0]))
