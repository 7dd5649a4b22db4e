"""Keys: from the environment, or made once and kept in the data folder."""

import hashlib
import os
import secrets
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from vardnav.audit.rules import FEWEST_YEARS

SHORTEST_AUDIT_KEY = 32


def key(data_dir: Path) -> str:
    if given := os.environ.get("VARDNAV_SECRET_KEY"):
        return given
    return _kept(data_dir / "secret_key")


def audit_keys(data_dir: Path) -> dict[str, bytes]:
    """Keys of the log's chains by their short names; new chains are made with the first.

    VARDNAV_AUDIT_KEYS holds them divided by commas, the newest first: an old one still verifies what it made.
    """
    given = os.environ.get("VARDNAV_AUDIT_KEYS") or _kept(data_dir / "audit_key")
    keys = [one.strip().encode() for one in given.split(",") if one.strip()]
    if not keys or any(len(one) < SHORTEST_AUDIT_KEY for one in keys):
        raise ImproperlyConfigured(f"each of VARDNAV_AUDIT_KEYS has at least {SHORTEST_AUDIT_KEY} characters.")
    return {hashlib.sha256(b"name of " + one).hexdigest()[:12]: one for one in keys}


def years_of_log(given: str) -> int:
    """How many years the log is kept: five at least (HSLF-FS 2016:40 4:9)."""
    if not given.isdigit() or int(given) < FEWEST_YEARS:
        raise ImproperlyConfigured(f"VARDNAV_AUDIT_YEARS is a number of years, at least {FEWEST_YEARS}.")
    return int(given)


def _kept(path: Path) -> str:
    data_dir = path.parent
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_text()  # another process made it between the two lines
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text()
