"""Open accounts, let people in, give and end assignments, issue and revoke keys."""

from vardnav.identity.actions.accounts import close_account, open_account, open_staff_account, reset_password
from vardnav.identity.actions.assignments import end_assignment, grant_assignment
from vardnav.identity.actions.keys import issue_key, revoke_key
from vardnav.identity.actions.log_in import log_in
from vardnav.identity.actions.sessions import forget_sessions

__all__ = [
    "close_account",
    "end_assignment",
    "forget_sessions",
    "grant_assignment",
    "issue_key",
    "log_in",
    "open_account",
    "open_staff_account",
    "reset_password",
    "revoke_key",
]
