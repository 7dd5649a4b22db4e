from vardnav.identity.models.accounts import Account, ApiKey, Assignment

__all__ = ["Account", "ApiKey", "Assignment"]
