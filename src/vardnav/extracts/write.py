"""Write the region's tables as files: the same rows give the same bytes."""

from pathlib import Path

from django.db import connection

from vardnav.extracts import read, tables
from vardnav.extracts.format import Kind, Table
from vardnav.kernel.progress import Progress

# ruff: noqa: S608  names of tables and columns come from this code
CHUNK = 4_000_000
ROW_GROUP = 100_000
TEXTS = (Kind.TEXT, Kind.CODE, Kind.HSA_ID, Kind.PERSON, Kind.LANGUAGES)


def csv(table: Table, folder: Path, *, with_protected: bool, progress: Progress) -> int:
    """Stream one table out of the database, in order of its key; answers the number of rows."""
    done, held = -1, bytearray()  # the header is no row
    copy_out = f"COPY ({_query(table, with_protected)}) TO STDOUT (FORMAT csv, HEADER)"
    with (
        (folder / f"{table.name}.csv").open("wb") as file,
        connection.cursor() as cursor,
        cursor.cursor.copy(copy_out) as copy,
    ):
        for row in copy:
            held += row
            done += 1
            if len(held) > CHUNK:
                file.write(held)
                held.clear()
                progress(table.name, done, 0)
        file.write(held)
    progress(table.name, done, done)
    return done


def parquet(table: Table, folder: Path) -> None:
    """Turn the CSV of a table into Parquet with the same columns."""
    path = folder / f"{table.name}.csv"
    rows = read.typed(table.columns, read.scan(path)).select(table.names)
    rows.sink_parquet(path.with_suffix(".parquet"), row_group_size=ROW_GROUP, maintain_order=True)
    path.unlink()


def _query(table: Table, with_protected: bool) -> str:
    values = [
        f"nullif({column.name}, '') AS {column.name}" if column.kind in TEXTS and not column.required else column.name
        for column in table.columns
    ]
    order = [f'{name} COLLATE "C"' if table.by_name[name].kind in TEXTS else name for name in table.key]
    rows = tables.rows(table.name, with_protected=with_protected)
    return f"SELECT {', '.join(values)} FROM ({rows}) x ORDER BY {', '.join(order)}"
