"""Which PostgreSQL: DATABASE_URL, or the embedded server in the data folder."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

DEFAULT_DATA_DIR = ".data/vardnav"


def data_dir() -> Path:
    return Path(os.environ.get("VARDNAV_DATA", DEFAULT_DATA_DIR)).absolute()


def url() -> str | None:
    return os.environ.get("DATABASE_URL")


def settings() -> dict[str, Any]:
    """Django's DATABASES entry."""
    options: dict[str, Any] = {"pool": {"min_size": 1, "max_size": 10}}
    base: dict[str, Any] = {"ENGINE": "django.db.backends.postgresql", "OPTIONS": options}
    given = url()
    if given is None:
        return base | {"NAME": "postgres", "USER": "postgres", "HOST": str(data_dir() / "postgres")}
    parts = urlsplit(given)
    query = dict(parse_qsl(parts.query))
    host = query.pop("host", None) or parts.hostname or ""
    options.update(query)
    return base | {
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": parts.port or "",
    }
