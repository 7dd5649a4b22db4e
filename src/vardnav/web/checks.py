"""What `check --deploy` says of settings that let the wrong people in."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register


@register(Tags.security, deploy=True)
def no_demo_in_production(**_: Any) -> list[CheckMessage]:
    if not settings.DEMO:
        return []
    return [Error("VARDNAV_DEMO=1: anybody may log in as anybody at the test provider.", id="vardnav.E001")]


@register(Tags.security, deploy=True)
def providers_are_whole(**_: Any) -> list[CheckMessage]:
    """An issuer is reached by HTTPS, and comes with our id there; a part of it is a mistake."""
    found: list[CheckMessage] = []
    for of, (issuer, client_id, client_secret) in settings.OIDC.items():
        name = f"The provider of identity for {of}"
        if issuer and (urlsplit(issuer).scheme != "https" or not urlsplit(issuer).netloc):
            found.append(Error(f"{name}: the issuer must begin with https://.", id="vardnav.E002"))
        if bool(issuer) != bool(client_id) or (client_secret and not issuer):
            found.append(Error(f"{name}: set the issuer and the client id, or neither.", id="vardnav.E003"))
    return found
