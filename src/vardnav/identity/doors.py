"""What tries are counted at, and the digest each is kept under: names that somebody tried cannot be read back."""

from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from vardnav.identity.rules import limits


@dataclass(frozen=True, slots=True)
class Door:
    """What tries are counted at: a name, a network address, a browser that has been in before, a factor."""

    kind: str
    value: str
    limit: limits.Limit

    @property
    def key(self) -> str:
        return salted_hmac("identity.tries", f"{self.kind}:{self.value}", algorithm="sha256").hexdigest()


def name(login: str) -> Door:
    return Door("name", login.strip().lower(), limits.NAME)


def factor(account_id: int) -> Door:
    return Door("factor", str(account_id), limits.FACTOR)


def address(network: str) -> list[Door]:
    """None where the network address is not known."""
    return [Door("address", network, limits.ADDRESS)] if network else []


def browser(login: str, mark: str) -> Door:
    return Door("browser", f"{mark}:{login.strip().lower()}", limits.BROWSER)


def doors_of_login(login: str, network: str, mark: str) -> list[Door]:
    """A browser that this name has been in by before has a door of its own: what strangers try does not shut it."""
    return [browser(login, mark)] if mark else [name(login), *address(network)]
