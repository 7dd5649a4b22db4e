from vardnav.identity.models.accounts import Account, ApiKey, Assignment
from vardnav.identity.models.factors import Challenge, Notice, Passkey, RecoveryCode, Totp, Tries
from vardnav.identity.models.sessions import Session

__all__ = [
    "Account",
    "ApiKey",
    "Assignment",
    "Challenge",
    "Notice",
    "Passkey",
    "RecoveryCode",
    "Session",
    "Totp",
    "Tries",
]
