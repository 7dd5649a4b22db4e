"""Plain SQL for what every request or every change asks: composed once, and prepared once a connection.

The ORM takes up to a millisecond to compose a query, and PostgreSQL plans it anew each time; these take a tenth of
both. Elsewhere the ORM says it better. Statements are constants with `%s`; errors are Django's.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

Row = tuple[Any, ...]
Values = Sequence[Any] | Mapping[str, Any]


def rows(statement: str, values: Values = ()) -> list[Row]:
    with _cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def row(statement: str, values: Values = ()) -> Row | None:
    with _cursor() as cursor:
        cursor.execute(statement, values)
        found: Row | None = cursor.fetchone()
        return found


def run(statement: str, values: Values = ()) -> None:
    with _cursor() as cursor:
        cursor.execute(statement, values)


@contextmanager
def together() -> Iterator[None]:
    """Send what is `run` in the block in one go, and wait once for all answers.

    PostgreSQL does them in order, each seeing what those before did. The first that fails fails the block.
    """
    here = connections[DEFAULT_DB_ALIAS]
    here.ensure_connection()
    with here.wrap_database_errors, here.connection.pipeline():
        yield


def _cursor() -> CursorWrapper:
    """Django's own cursors put the values into the text, which cannot be prepared; this one sends them beside it."""
    here = connections[DEFAULT_DB_ALIAS]  # looked up once: `connection` does it at every attribute
    here.ensure_connection()
    cursor: Any = psycopg.Cursor(here.connection)
    return here.make_debug_cursor(cursor) if here.queries_logged else here.make_cursor(cursor)
