"""Plain SQL for what every request or every change asks: composed once, and prepared once a connection.

The ORM takes up to a millisecond to compose a query, and PostgreSQL plans it anew each time; these take a tenth of
both. Elsewhere the ORM says it better. Statements are constants with `%s`; errors are Django's.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

Row = tuple[Any, ...]
Values = Sequence[Any] | Mapping[str, Any]


def rows(statement: str, values: Values = ()) -> list[Row]:
    return _execute(statement, values).fetchall()


def row(statement: str, values: Values = ()) -> Row | None:
    return _execute(statement, values).fetchone()


def run(statement: str, values: Values = ()) -> None:
    _execute(statement, values)


@contextmanager
def together() -> Iterator[None]:
    """Send what is `run` in the block in one go, and wait once for all answers.

    PostgreSQL does them in order, each seeing what those before did. The first that fails fails the block.
    """
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    with here.wrap_database_errors, here.connection.pipeline():
        yield


def _execute(statement: str, values: Values) -> psycopg.Cursor[Row]:
    """Past Django's cursors: they put the values into the text, which cannot be prepared, and cost as much again."""
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    here.validate_no_broken_transaction()
    with here.wrap_database_errors:
        return psycopg.Cursor(here.connection).execute(statement, values)
