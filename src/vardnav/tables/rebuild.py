"""Fill an empty table without its indexes and foreign keys, and build them in one go after.

A county's rows go in several times as fast. All in the caller's transaction: it ends with the same constraints as it
began with, checked by PostgreSQL when they are added, or not at all.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from vardnav.tables.merge import is_empty

CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid), contype = 'f'
FROM pg_constraint c
WHERE conrelid = %s::regclass AND contype IN ('f', 'u', 'x')
    AND (contype = 'f' OR NOT EXISTS (  -- another table's foreign key leans on the index
        SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.conindid = c.conindid AND f.conrelid <> c.conrelid))
ORDER BY contype = 'f', conname
"""
INDEXES = """
SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid)
FROM pg_index i
WHERE i.indrelid = %s::regclass
    AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype <> 'f')
ORDER BY 1
"""


@contextmanager
def without_indexes(table: str) -> Iterator[None]:
    """Only an empty table is stripped; one with rows keeps its indexes, which the merge needs."""
    if not is_empty(table):
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with checks still to do cannot be altered
        cursor.execute(CONSTRAINTS, [table])
        constraints = cursor.fetchall()
        cursor.execute(INDEXES, [table])
        indexes = cursor.fetchall()
        for name, _, _ in reversed(constraints):
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {table}")
        for _, definition in indexes:
            cursor.execute(definition)
        for name, definition, _ in constraints:
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
