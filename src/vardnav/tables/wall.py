"""Who the database takes us for: the setting that row security reads.

A serving process connects as a role that sees rows only by policies, and every policy asks `vardnav.actor`:

    kind|role|unit_hsa_id|account_id|personal_number|instant

An empty one sees nobody. It is set once a request, by the statement that finds out who the session or the key stands
for, and is reset before a connection serves somebody else. It is a second wall behind the checks in the code, and says
who acts, never what they may do beyond that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from psycopg.pq import TransactionStatus

from vardnav.tables import sql

SETTING = "vardnav.actor"
PROGRAM = "system|||||"  # a program that acts by itself sees all, as the owner does
SERVICE = "service|||||"  # a key of another system
SET = f"SELECT set_config('{SETTING}', %s, false)"
RESET = f"RESET {SETTING}"  # to what the connection began with: nobody for pages, a program for the job worker

# What each connection carries beyond what it began with. The pool lends them to one request after the other.
_carried: WeakKeyDictionary[psycopg.Connection[Any], str] = WeakKeyDictionary()


def part(number: int) -> str:
    """One part of the setting in a policy: a scalar subquery, which is asked once a statement and not once a row."""
    return f"(SELECT nullif(split_part(current_setting('{SETTING}', true), '|', {number}), ''))"


KIND, ROLE, ACCOUNT = part(1), part(2), part(4)


def carries(actor: str) -> None:
    """Remember what a statement has just set."""
    _carried[_connection()] = actor


def set_actor(actor: str) -> None:
    """Act as somebody from now on, on this thread's connection."""
    carries(actor)  # first: whatever fails, it is reset before anybody else has the connection
    sql.run(SET, [actor])


def clear() -> None:
    """Nobody acts."""
    here = connections[DEFAULT_DB_ALIAS]
    if here.connection is not None and here.connection in _carried:
        with here.wrap_database_errors:
            psycopg.Cursor(here.connection).execute(RESET)
        del _carried[here.connection]


@contextmanager
def as_program() -> Iterator[None]:
    """Within somebody's request, see rows that they may not: each use says why, and a test lists them all.

    What is seen in the block may decide something, but no row of it goes to who asked.
    """
    here = _connection()
    before = _carried.get(here)
    set_actor(PROGRAM)
    try:
        yield
    finally:
        # A transaction that has failed takes the setting back itself when it is rolled back.
        failed = here.closed or here.info.transaction_status == TransactionStatus.INERROR
        if before is not None:
            _carried[here] = before
            if not failed:
                sql.run(SET, [before])
        elif not failed:
            clear()


def _connection() -> "psycopg.Connection[Any]":
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    found: psycopg.Connection[Any] = here.connection
    return found


def _lent(connection: BaseDatabaseWrapper, **_: object) -> None:
    """A connection out of the pool still carries who had it last."""
    if connection.alias == DEFAULT_DB_ALIAS:
        clear()


connection_created.connect(_lent, dispatch_uid="vardnav.tables.wall")  # also without any middleware
