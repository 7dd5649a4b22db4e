"""The provider's side of OpenID Connect, without HTTP: what it says of itself, its codes and its tokens.

It keeps nothing: a code is a signed note of what was asked and who was chosen, so that any of several processes can
change it for a token. Its key is made of the program's secret, so that all of them sign with the same one.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import unquote, urlsplit

from authlib.oauth2.rfc7636 import create_s256_code_challenge
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings
from django.core import signing
from joserfc import jwt
from joserfc.jwk import ECKey

from vardnav.identity.rules.claims import Population

PATH = "/testlegitimation"
CLIENTS = {Population.STAFF: "vardnav-medarbetare", Population.RESIDENTS: "vardnav-invanare"}
SECRET = "vardnav-demo"  # noqa: S105  public on purpose: see vardnav.web.testidp
SALT = "vardnav.testidp.code"
OURS = ("/legitimera/", "/logga-in/")
CODE_SECONDS, TOKEN_SECONDS = 60, 300
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256

Answer = tuple[int, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Question:
    """An authorization request that is in order."""

    population: Population
    client_id: str
    redirect_uri: str
    state: str
    nonce: str
    challenge: str


def metadata(issuer: str) -> dict[str, Any]:
    return {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "end_session_endpoint": f"{issuer}/end-session",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile"],
        "claims_parameter_supported": True,
    }


@cache
def key() -> ECKey:
    """ES256."""
    seed = hashlib.sha512(b"vardnav test provider " + settings.SECRET_KEY.encode()).digest()
    made = ec.derive_private_key(int.from_bytes(seed) % (ORDER - 1) + 1, ec.SECP256R1())
    pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return ECKey.import_key(pem, {"use": "sig", "kid": "demo"})


def jwks() -> dict[str, Any]:
    return {"keys": [key().as_dict(private=False)]}


def question(asked: Mapping[str, str], issuer: str) -> Question | None:
    """None when the request is not in order: then nobody is sent anywhere."""
    population = next((one for one, client in CLIENTS.items() if client == asked.get("client_id")), None)
    redirect_uri, challenge = asked.get("redirect_uri", ""), asked.get("code_challenge", "")
    in_order = (
        asked.get("response_type") == "code"
        and "openid" in asked.get("scope", "").split()
        and is_ours(redirect_uri, issuer)
        and asked.get("code_challenge_method") == "S256"
        and challenge
    )
    if population is None or not in_order:
        return None
    client_id = CLIENTS[population]
    return Question(population, client_id, redirect_uri, asked.get("state", ""), asked.get("nonce", ""), challenge)


def is_ours(uri: str, issuer: str) -> bool:
    """It sends people back only to the program it is a part of."""
    there, here = urlsplit(uri), urlsplit(issuer)
    return (there.scheme, there.netloc) == (here.scheme, here.netloc) and there.path.startswith(OURS)


def code(asked: Question, claims: dict[str, Any]) -> str:
    note = {
        "client": asked.client_id,
        "redirect_uri": asked.redirect_uri,
        "nonce": asked.nonce,
        "challenge": asked.challenge,
        "claims": claims,
        "once": secrets.token_hex(8),
    }
    return signing.dumps(note, salt=SALT, compress=True)


_used: dict[str, float] = {}


def token(form: Mapping[str, str], authorization: str, issuer: str) -> Answer:
    """Change a code for an id_token."""
    client = _client(authorization)
    if client is None:
        return 401, {"error": "invalid_client"}
    try:
        note = signing.loads(form.get("code", ""), salt=SALT, max_age=CODE_SECONDS)
    except signing.BadSignature:
        return 400, {"error": "invalid_grant"}
    proven = secrets.compare_digest(create_s256_code_challenge(form.get("code_verifier", "")), note["challenge"])
    asked = (form.get("grant_type"), form.get("redirect_uri"), client)
    if asked != ("authorization_code", note["redirect_uri"], note["client"]) or not proven or not _first(note["once"]):
        return 400, {"error": "invalid_grant"}
    now = int(time.time())
    claims = {
        **note["claims"],
        "iss": issuer,
        "aud": client,
        "nonce": note["nonce"],
        "iat": now,
        "auth_time": now,
        "exp": now + TOKEN_SECONDS,
    }
    signed = jwt.encode({"alg": "ES256", "kid": "demo"}, claims, key())
    answer = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": TOKEN_SECONDS}  # nosec B105 - a word
    return 200, {**answer, "id_token": signed}


def _first(once: str) -> bool:
    """Whether the code has not been used in this process; elsewhere PKCE and its minute stand in the way."""
    now = time.monotonic()
    for old in [one for one, at in _used.items() if now - at > CODE_SECONDS]:
        del _used[old]
    if once in _used:
        return False
    _used[once] = now
    return True


def _client(authorization: str) -> str | None:
    scheme, _, value = authorization.partition(" ")
    try:
        name, _, secret = base64.b64decode(value).decode().partition(":")
    except ValueError:
        return None
    name, secret = unquote(name), unquote(secret)
    return name if scheme.lower() == "basic" and secret == SECRET and name in CLIENTS.values() else None
