"""Which PostgreSQL: DATABASE_URL, or the embedded server in the data folder."""

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import psycopg
from psycopg.abc import RV, PQGen

from vardnav.config.embedded import Embedded, ensure
from vardnav.kernel.errors import Refusal

DEFAULT_DATA_DIR = ".data/vardnav"

POOL_SIZE = int(os.environ.get("VARDNAV_DATABASE_POOL", "10"))  # connections of one process
# What `vardnav serve` and `vardnav worker` give their processes: the role they put on, and as whom row security sees
# one that acts by itself (vardnav.tables.wall). Every other command works as the owner of the tables.
SERVING = {"VARDNAV_DATABASE_ROLE": "vardnav_app"}
WORKING = SERVING | {"VARDNAV_DATABASE_ACTOR": "system|||||"}
PATIENCE_SECONDS = 20.0  # of a page; the slowest of a county takes a tenth
PREPARES = os.environ.get("VARDNAV_DATABASE_PREPARES", "1") == "1"  # not behind a pooler that lends by transaction


def data_dir() -> Path:
    return Path(os.environ.get("VARDNAV_DATA", DEFAULT_DATA_DIR)).absolute()


def embedded() -> Embedded | None:
    """The embedded server, when no DATABASE_URL points elsewhere."""
    return None if os.environ.get("DATABASE_URL") else Embedded(data_dir())


def url() -> str:
    """Where the database is; nothing is started. Who owns the tables may come in by a door of their own."""
    owner = None if os.environ.get("VARDNAV_DATABASE_ROLE") else os.environ.get("VARDNAV_OWNER_URL")
    found = owner or serving_url()
    if not found.startswith(("postgresql://", "postgres://")):
        raise Refusal("DATABASE_URL must begin with postgresql://.")
    return found


def serving_url() -> str:
    """Where the processes that serve log in."""
    return os.environ.get("DATABASE_URL") or Embedded(data_dir()).url()


def start() -> str:
    """Make sure there is a server to talk to, before Django is set up."""
    server = embedded()
    if server:
        return ensure(server)
    psycopg.connect(url(), connect_timeout=10).close()  # says at once what a pool says after half a minute
    return url()


def settings() -> dict[str, Any]:
    """Django's DATABASES entry."""
    parts = urlsplit(url())
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    if begins := _begins_with(options.get("options", "")):
        options["options"] = begins
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "postgres",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(parts.port or ""),
        "OPTIONS": options
        | {
            "pool": {
                "min_size": 1,
                "max_size": POOL_SIZE,
                "timeout": 5,
                "reconnect_timeout": 3,
                **({"connection_class": Patient} if _answers_pages() else {}),
            },
            "prepare_threshold": 0 if PREPARES else None,  # at the first use; only vardnav.tables.sql can be prepared
        },
    }


class Patient(psycopg.Connection[Any]):
    """A connection that a page waits for so long and no longer: a server that hangs refuses nothing by itself.

    Whether the statement was carried out is not known then; the command is sent again with its key.
    """

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        try:
            return super().wait(gen, interval, timeout or PATIENCE_SECONDS)
        except psycopg.errors._WaitTimeout as error:
            self.pgconn.finish()
            raise psycopg.OperationalError(f"no answer in {timeout or PATIENCE_SECONDS:.0f} s") from error


def _answers_pages() -> bool:
    """Jobs, imports and migrations may take their time."""
    return os.environ.get("VARDNAV_SERVING") == "1" and not os.environ.get("VARDNAV_DATABASE_ACTOR")


def _begins_with(given: str) -> str:
    """libpq's `options`: what a connection has from its first instant, with no statement of ours."""
    role, actor = os.environ.get("VARDNAV_DATABASE_ROLE"), os.environ.get("VARDNAV_DATABASE_ACTOR")
    ours = [f"-c role={role}" if role else "", f"-c vardnav.actor={actor}" if actor else ""]
    return " ".join(part for part in [given, *ours] if part)
