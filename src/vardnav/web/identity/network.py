"""Where a request comes from: the network tries are counted at, and the site passkeys are bound to."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from vardnav.identity.actions import Site

IPV6_NETWORK = 64  # what one household or one machine has to change addresses within


def network_of(request: HttpRequest) -> str:
    """The address of who asks, a /64 for IPv6; "" when it is not known.

    The header is believed only where our own proxy writes it, and only its last address: the others are the asker's.
    """
    if settings.BEHIND_PROXY:
        told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
    else:
        told = request.META.get("REMOTE_ADDR", "")
    try:
        found = ip_address(told)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped:
            return str(found.ipv4_mapped)
        return str(ip_network((found, IPV6_NETWORK), strict=False))
    return str(found)


def site_of(request: HttpRequest) -> Site | None:
    """The name passkeys are bound to; None where browsers have none: at a bare address, or when any host is allowed."""
    host = request.get_host()  # one of the allowed
    domain = settings.PASSKEY_DOMAIN or host.rpartition(":")[0] or host
    if "*" in settings.ALLOWED_HOSTS and not settings.PASSKEY_DOMAIN:
        return None
    try:
        ip_address(domain.strip("[]"))
    except ValueError:
        pass
    else:
        return None
    return Site(domain=domain, origin=f"{request.scheme}://{host}")
