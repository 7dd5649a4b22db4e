"""Our side of OpenID Connect: authorization code with PKCE, state and nonce; the id_token is checked before it is read.

Authlib speaks the protocol and checks the claims, joserfc the signature. What a provider says of itself (its addresses
and keys) is kept for an hour; a key that is not among those is asked for once more.
"""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.common.security import generate_token
from authlib.common.urls import add_params_to_uri
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from requests.adapters import BaseAdapter

from vardnav.identity.rules.claims import (
    ALGORITHMS,
    SCOPES,
    WANTED_LEVELS,
    Claims,
    LoginNotConfirmed,
    Population,
    ProviderSilent,
    asked,
)

TIMEOUT = (3.05, 8)  # seconds to connect and to answer
METADATA_KEPT = 3600.0
LEEWAY = 30  # seconds that clocks may differ
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Provider:
    """A provider as we are registered with it. `wire` carries the requests elsewhere than to the network."""

    population: Population
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    wire: BaseAdapter | None = None

    @property
    def origin(self) -> str:
        return origin(self.issuer)


@dataclass(frozen=True, slots=True)
class Begun:
    """What we remember of a login under way, until its answer comes."""

    state: str
    nonce: str
    verifier: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Confirmed:
    claims: Claims = field(repr=False)
    id_token: str = field(repr=False)


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def begin(provider: Provider, redirect_uri: str, *, language: str) -> tuple[str, Begun]:
    """Where to send the browser, and what to remember.

    Raises ProviderSilent.
    """
    begun = Begun(generate_token(32), generate_token(32), generate_token(64))
    endpoint = metadata(provider)["authorization_endpoint"]
    with _session(provider, redirect_uri) as session:
        url, _ = session.create_authorization_url(
            endpoint,
            state=begun.state,
            nonce=begun.nonce,
            code_verifier=begun.verifier,
            claims=json.dumps(asked(provider.population)),
            acr_values=WANTED_LEVELS[provider.population],
            ui_locales=language,
        )
    return str(url), begun


def finish(provider: Provider, begun: Begun, code: str, redirect_uri: str) -> Confirmed:
    """Change the code for an id_token, and check it.

    Raises ProviderSilent, LoginNotConfirmed.
    """
    endpoint = metadata(provider)["token_endpoint"]
    with _session(provider, redirect_uri) as session:
        try:
            token = session.fetch_token(endpoint, code=code, code_verifier=begun.verifier, allow_redirects=False)
        except AuthlibBaseError as error:
            raise LoginNotConfirmed(why=f"code: {error.error}") from error
        except ValueError as error:  # an answer that is not JSON
            raise ProviderSilent from error
    id_token = token.get("id_token")
    if not isinstance(id_token, str):
        raise LoginNotConfirmed(why="no id_token")
    return Confirmed(_checked(provider, id_token, token.get("access_token"), begun.nonce), id_token)


def logout_url(provider: Provider, hint: str, back_to: str) -> str | None:
    """Where one logs out at the provider too; None when it has no such place.

    Raises ProviderSilent.
    """
    endpoint = metadata(provider).get("end_session_endpoint")
    if not endpoint:
        return None
    values = {"client_id": provider.client_id, "post_logout_redirect_uri": back_to, "state": generate_token(16)}
    return str(add_params_to_uri(endpoint, values | ({"id_token_hint": hint} if hint else {})))


def _checked(provider: Provider, id_token: str, access_token: str | None, nonce: str) -> Claims:
    """The claims of a token that is the provider's, for us, of now, and the answer to our question."""
    try:
        try:
            token = _decoded(id_token, keys(provider))
        except InvalidKeyIdError:  # it has changed keys since we asked
            token = _decoded(id_token, keys(provider, anew=True))
        claims = CodeIDToken(
            token.claims,
            token.header,
            {
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
                "nonce": {"essential": True, "value": nonce},
            },
            {"client_id": provider.client_id, "nonce": nonce, "access_token": access_token},
        )
        claims.validate(leeway=LEEWAY)
    except (JoseError, AuthlibBaseError) as error:
        claim = getattr(error, "claim", None) or getattr(error, "claim_name", None) or ""
        raise LoginNotConfirmed(why=f"{error.error} {claim}".strip()) from error
    except (ValueError, TypeError, KeyError) as error:
        raise LoginNotConfirmed(why="not a token") from error
    return dict(claims)


def _decoded(id_token: str, key_set: KeySet) -> jwt.Token:
    return jwt.decode(id_token, key_set, registry=JWSRegistry(algorithms=list(ALGORITHMS), strict_check_header=False))


# --- What a provider says of itself --------------------------------------------------------------

_kept: dict[str, tuple[float, Any]] = {}


def metadata(provider: Provider) -> dict[str, Any]:
    """Raises ProviderSilent: also when it says that it is somebody else."""
    address = provider.issuer.rstrip("/") + "/.well-known/openid-configuration"
    found = _asked(provider, address)
    if found.get("issuer") != provider.issuer or not all(isinstance(found.get(name), str) for name in NEEDED):
        _kept.pop(address, None)
        raise ProviderSilent(why="metadata")
    return found


def keys(provider: Provider, *, anew: bool = False) -> KeySet:
    address = metadata(provider)["jwks_uri"]
    if anew:
        _kept.pop(address, None)
    return KeySet.import_key_set(_asked(provider, address))  # type: ignore[arg-type]


def forget_what_providers_said() -> None:
    _kept.clear()


def _asked(provider: Provider, address: str) -> dict[str, Any]:
    kept = _kept.get(address)
    if kept and time.monotonic() < kept[0]:
        return dict(kept[1])
    with _session(provider) as session:
        answer = session.get(address, withhold_token=True, allow_redirects=False)
        answer.raise_for_status()
        found = answer.json()
    if not isinstance(found, dict):
        raise ProviderSilent(why="metadata")
    _kept[address] = time.monotonic() + METADATA_KEPT, found
    return found


@contextmanager
def _session(provider: Provider, redirect_uri: str | None = None) -> Iterator[OAuth2Session]:
    """A session for one exchange; a provider that does not answer is ProviderSilent."""
    method = "client_secret_basic" if provider.client_secret else "none"
    session = OAuth2Session(
        provider.client_id,
        provider.client_secret or None,
        scope=SCOPES[provider.population],
        redirect_uri=redirect_uri,
        token_endpoint_auth_method=method,
        code_challenge_method="S256",
        default_timeout=TIMEOUT,
    )
    if provider.wire is not None:
        session.mount(provider.issuer, provider.wire)
    try:
        with session:
            yield session
    except requests.RequestException as error:
        raise ProviderSilent(why=type(error).__name__) from error
