"""Rows on their way: COPY into temporary tables, and COPY out of what the database has."""

# ruff: noqa: S608  names of tables and columns come from this code, values are bound

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import polars as pl
from django.db import connection
from psycopg.copy import Copy, QueuedLibpqWriter

from vardnav.extracts import tables
from vardnav.extracts.format import Kind, Table
from vardnav.extracts.read import parsed
from vardnav.extracts.rows import Stage, compact
from vardnav.extracts.values import keyed

TYPES = {
    Kind.WHOLE: "integer",
    Kind.NUMBER: "double precision",
    Kind.DATE: "date",
    Kind.INSTANT: "timestamptz",
    Kind.FLAG: "boolean",
}
INSTANT = "%Y-%m-%dT%H:%M:%S%.6fZ"
CHUNK = 16_000_000


def staged(table: Table) -> str:
    return f"extract_{table.name}"


@contextmanager
def staging(table: Table) -> Iterator[Stage]:
    """Make the temporary table and take batches into it."""
    columns = ", ".join(f"{column.name} {TYPES.get(column.kind, 'text')}" for column in table.columns)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {staged(table)}")
        cursor.execute(f"CREATE TEMP TABLE {staged(table)} ({columns}) ON COMMIT DROP")
        raw = cursor.cursor  # the writer sends in a thread of its own while the next batch is parsed
        with raw.copy(f"COPY {staged(table)} FROM STDIN (FORMAT csv)", writer=QueuedLibpqWriter(raw)) as copy:
            yield lambda batch: _send(copy, batch)
        cursor.execute(f"ANALYZE {staged(table)}")


def _send(copy: Copy, batch: pl.DataFrame) -> None:
    buffer = BytesIO()
    batch.write_csv(buffer, include_header=False, datetime_format=INSTANT)
    copy.write(buffer.getvalue())


def stored(table: Table, columns: list[str]) -> pl.DataFrame:
    """Narrow rows of what the database has, in the words of the extract."""
    query = f"SELECT {', '.join(columns)} FROM ({tables.rows(table.name, with_protected=True)}) x"
    frames = [_read(table, columns, b"")]
    with connection.cursor() as cursor, cursor.cursor.copy(f"COPY ({query}) TO STDOUT (FORMAT csv)") as copy:
        held = bytearray()
        for piece in copy:  # one row each
            held += piece
            if len(held) >= CHUNK:
                frames.append(_read(table, columns, bytes(held)))
                held.clear()
    frames.append(_read(table, columns, bytes(held)))
    return pl.concat(frames, rechunk=True)


def _read(table: Table, columns: list[str], text: bytes) -> pl.DataFrame:
    if text:
        frame = pl.read_csv(text, has_header=False, new_columns=columns, infer_schema=False)
    else:
        frame = pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    wanted = [table.by_name[name] for name in columns]
    return keyed(wanted, parsed(wanted, frame)).select(compact(column) for column in wanted)
