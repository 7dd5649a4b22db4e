"""Tests run on the real embedded PostgreSQL, in `.data/test`; each xdist worker has a database of its own.

The environment is set here, before Django reads it (hence nothing of it in pyproject).
"""

import os
from collections.abc import Iterator
from pathlib import Path

import django
import pytest

ROOT = Path(__file__).resolve().parent.parent
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "vardnav.config.settings",
    "VARDNAV_DATA": os.environ.get("VARDNAV_TEST_DATA", str(ROOT / ".data" / "test")),
    "VARDNAV_SECRET_KEY": "only for tests",
    "VARDNAV_DEMO": "1",
    "VARDNAV_DATABASE_POOL": "24",  # sixteen race
    "VARDNAV_LOG": "console",
}
for name in ("DATABASE_URL", "VARDNAV_DEBUG", "VARDNAV_LIVE_URL", "VARDNAV_ALLOWED_HOSTS"):
    os.environ.pop(name, None)
django.setup()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:
    """Start the server for the first test that asks for a database; the last worker to leave stops it."""
    from vardnav.config import database, embedded

    database.start()
    yield
    server = database.embedded()
    assert server is not None
    embedded.release(server)


@pytest.fixture(scope="session", autouse=True)
def the_log_may_be_emptied_between_tests() -> Iterator[None]:
    """A trigger keeps the audit log whole; only the flush after a transactional test steps past it."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush
    past = ["SET LOCAL session_replication_role = replica"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", lambda self, sql: flush(self, past + sql))
        yield
