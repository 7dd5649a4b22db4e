"""The mark of a browser that somebody has been in by: strangers' wrong tries do not shut that one out.

One mark a browser, with digests of the last names that were in; signed, so that nobody makes one. It names nobody to
whoever finds it, and it lets nobody in: only wrong tries are counted apart for it.
"""

import json
import secrets

from django.conf import settings
from django.core.signing import BadSignature
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import salted_hmac

NAME = "__Host-browser" if settings.PRODUCTION else "browser"
SALT = "web.identity.browsers"
LIVES = 180 * 24 * 3600
MOST_NAMES = 12  # a computer in a corridor


def mark_of(request: HttpRequest, login: str) -> str:
    """The browser's mark if this name has been in by it, else ""."""
    mark, names = _read(request)
    return mark if _digest(login) in names else ""


def remember(request: HttpRequest, response: HttpResponse, login: str) -> None:
    mark, names = _read(request)
    one = _digest(login)
    kept = [one, *[name for name in names if name != one]][:MOST_NAMES]
    response.set_signed_cookie(
        NAME,
        json.dumps([mark or secrets.token_hex(12), kept], separators=(",", ":")),
        salt=SALT,
        max_age=LIVES,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _read(request: HttpRequest) -> tuple[str, list[str]]:
    try:
        mark, names = json.loads(request.get_signed_cookie(NAME, default="[]", salt=SALT, max_age=LIVES) or "[]")
    except (BadSignature, ValueError):
        return "", []
    return str(mark), [str(name) for name in names]


def _digest(login: str) -> str:
    return salted_hmac(SALT, login.strip().lower(), algorithm="sha256").hexdigest()[:16]
