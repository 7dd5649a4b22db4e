"""Open accounts, let people in, give and end assignments, issue and revoke keys."""

from vardnav.identity.actions.accounts import close_account, open_account, open_staff_account, reset_password
from vardnav.identity.actions.assignments import end_assignment, grant_assignment
from vardnav.identity.actions.factors import (
    begin_app,
    confirm_app,
    make_recovery_codes,
    mark_told,
    remove_app,
    reset_factors,
)
from vardnav.identity.actions.keys import issue_key, revoke_key
from vardnav.identity.actions.log_in import log_in, log_in_again, log_in_by_code, log_in_by_passkey, log_in_enrolled
from vardnav.identity.actions.log_in_by_claims import LetIn, log_in_by_claims, not_confirmed
from vardnav.identity.actions.passkeys import (
    Question,
    Site,
    add_passkey,
    ask_new_passkey,
    ask_passkey,
    forget_challenges,
    name_passkey,
    remove_passkey,
)
from vardnav.identity.actions.passwords import change_password
from vardnav.identity.actions.sessions import (
    begin_session,
    drop_session,
    end_session,
    end_sessions,
    forget_sessions,
    hint_at_logout,
    keep_session,
    log_out,
    rename_session,
    see_session,
)
from vardnav.identity.actions.throttle import forget_tries, open_again

__all__ = [
    "LetIn",
    "Question",
    "Site",
    "add_passkey",
    "ask_new_passkey",
    "ask_passkey",
    "begin_app",
    "begin_session",
    "change_password",
    "close_account",
    "confirm_app",
    "drop_session",
    "end_assignment",
    "end_session",
    "end_sessions",
    "forget_challenges",
    "forget_sessions",
    "forget_tries",
    "grant_assignment",
    "hint_at_logout",
    "issue_key",
    "keep_session",
    "log_in",
    "log_in_again",
    "log_in_by_claims",
    "log_in_by_code",
    "log_in_by_passkey",
    "log_in_enrolled",
    "log_out",
    "make_recovery_codes",
    "mark_told",
    "name_passkey",
    "not_confirmed",
    "open_account",
    "open_again",
    "open_staff_account",
    "remove_app",
    "remove_passkey",
    "rename_session",
    "reset_factors",
    "reset_password",
    "revoke_key",
    "see_session",
]
