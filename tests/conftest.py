"""Tests run on the real embedded PostgreSQL, in `.data/test`; each xdist worker has a database of its own.

The environment is set here, before Django reads it (hence nothing of it in pyproject).
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest

if TYPE_CHECKING:
    from pytest_django import DjangoDbBlocker

ROOT = Path(__file__).resolve().parent.parent
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "vardnav.config.settings",
    "VARDNAV_DATA": os.environ.get("VARDNAV_TEST_DATA", str(ROOT / ".data" / "test")),
    "VARDNAV_SECRET_KEY": "only for tests",
    "VARDNAV_DEMO": "1",
    "VARDNAV_DATABASE_POOL": "24",  # sixteen race
    "VARDNAV_LOG": "console",
}
for name in (
    "DATABASE_URL",
    "VARDNAV_OWNER_URL",
    "VARDNAV_DATABASE_ROLE",
    "VARDNAV_DATABASE_ACTOR",
    "VARDNAV_DEBUG",
    "VARDNAV_LIVE_URL",
    "VARDNAV_ALLOWED_HOSTS",
):
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
def cost_of_a_password() -> Iterator[dict[str, int]]:
    """A password's digest is dear on purpose; here hundreds are made, cheaply. Answers what it costs otherwise."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    cheap = {"time_cost": 1, "memory_cost": 64, "parallelism": 1}
    dear = {name: getattr(Argon2PasswordHasher, name) for name in cheap}
    with pytest.MonkeyPatch.context() as patch:
        for name, cost in cheap.items():
            patch.setattr(Argon2PasswordHasher, name, cost)
        yield dear


@pytest.fixture(scope="session", autouse=True)
def the_log_may_be_emptied_between_tests() -> Iterator[None]:
    """A trigger keeps the audit log whole; only the flush after a transactional test steps past it."""
    from django.db.backends.postgresql.operations import DatabaseOperations

    flush = DatabaseOperations.execute_sql_flush
    past = ["SET LOCAL session_replication_role = replica"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", lambda self, sql: flush(self, past + sql))
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: "DjangoDbBlocker") -> None:
    """The role that serves, and what it may do, as `vardnav migrate` gives it."""
    from vardnav.config import privileges

    with django_db_blocker.unblock():
        privileges.grant()


@pytest.fixture(scope="session", autouse=True)
def requests_come_as_the_role_that_serves() -> Iterator[None]:
    """Tests set their world up as the owner; what they ask of pages and API is answered behind the wall."""
    from django.test.client import ClientHandler

    handle = ClientHandler.__call__

    def walled(self: ClientHandler, environ: dict[str, object]) -> object:
        with behind_the_wall():
            return handle(self, environ)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "__call__", walled)
        yield


@contextmanager
def behind_the_wall() -> Iterator[None]:
    from django.db import connection
    from psycopg.pq import TransactionStatus

    try:
        connection.ensure_connection()
    except RuntimeError:  # a test that may not ask the database
        yield
        return
    connection.connection.execute("SET ROLE vardnav_app")
    try:
        yield
    finally:
        here = connection.connection
        # A failed transaction takes the role back when it is rolled back.
        if here is not None and here.info.transaction_status != TransactionStatus.INERROR:
            here.execute("RESET ROLE")
