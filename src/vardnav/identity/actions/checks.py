"""Who may keep accounts, and which."""

from vardnav.identity import rules
from vardnav.identity.models import Account
from vardnav.kernel.actor import Actor, ActorKind, Role


def check_administrator(by: Actor) -> None:
    """Raises NotAnAdministrator."""
    if by.kind is not ActorKind.SYSTEM and by.role is not Role.ADMINISTRATOR:
        raise rules.NotAnAdministrator


def staff_account(account_id: int) -> Account:
    """Raises NotAStaffAccount."""
    account = Account.objects.select_for_update().filter(id=account_id, is_active=True, hsa_id__isnull=False).first()
    if account is None:
        raise rules.NotAStaffAccount
    return account
