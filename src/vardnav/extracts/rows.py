"""Each file read once: every value checked, sound rows passed on, and a narrow copy kept for what spans rows."""

from collections.abc import Callable, Iterator
from datetime import date

import polars as pl

from vardnav.extracts import read
from vardnav.extracts.faults import Faults
from vardnav.extracts.format import Column, Kind, Table
from vardnav.extracts.read import File
from vardnav.extracts.values import Check, checks, keyed
from vardnav.kernel.progress import Progress

Stage = Callable[[pl.DataFrame], None]
BESIDES = {
    "region": ["code"],
    "municipalities": ["county_code"],
    "units": ["kind"],
    "professionals": ["profession"],
    "residents": ["birth_date"],
}


def checked(file: File, stage: Stage | None, today: date, faults: Faults, progress: Progress) -> pl.DataFrame:
    """The narrow frame of a file (see `narrow`), its sound batches given to `stage`."""
    found = checks(file.table, pl.lit(today))
    kept = []
    done = 0
    for read_in in read.batches(file, faults):
        batch = keyed(file.table.columns, read_in)
        _report(file, batch, found, faults)
        if stage is not None and not faults.count:
            stage(batch.select(file.table.names))
        kept.append(narrow(file.table, batch))
        done += batch.height
        progress(file.table.name, done, file.rows)
    if not kept:
        return narrow(file.table, keyed(file.table.columns, _empty(file.table)))
    return pl.concat(kept, rechunk=True)


def _report(file: File, batch: pl.DataFrame, found: list[Check], faults: Faults) -> None:
    any_failed = batch.select(check.failed.any().alias(str(nr)) for nr, check in enumerate(found)).row(0)
    for check, failed in zip(found, any_failed, strict=True):
        if failed:
            rows = batch.filter(check.failed).select("line", pl.col(f"{check.column}?").alias("value"))
            faults.add_rows(file.name, check.column, rows, check.fault, check.remedy)


def narrow(table: Table, batch: pl.DataFrame) -> pl.DataFrame:
    """The columns that rows are told apart, joined and ordered by: numbers packed, codes as categories."""
    return batch.select(pl.col("line").cast(pl.Int32), *_narrow_columns(table))


def _narrow_columns(table: Table) -> Iterator[pl.Expr]:
    besides = BESIDES.get(table.name, [])
    for column in table.columns:
        if (
            column.name in table.key
            or column.refers
            or column.name in besides
            or column.name in ("starts_on", "ends_on")
        ):
            yield compact(column)


def compact(column: Column) -> pl.Expr:
    """A column of a frame that has been through `keyed`."""
    value = pl.col(column.name)
    if column.kind is Kind.PERSON:
        return pl.col(f"{column.name}#").alias(column.name)
    if column.kind in (Kind.HSA_ID, Kind.CODE, Kind.TEXT):
        return value.cast(pl.Categorical)
    return value


TYPES: dict[Kind, pl.DataType] = {
    Kind.WHOLE: pl.Int64(),
    Kind.NUMBER: pl.Float64(),
    Kind.DATE: pl.Date(),
    Kind.INSTANT: pl.Datetime("us", "UTC"),
    Kind.FLAG: pl.Boolean(),
}


def _empty(table: Table) -> pl.DataFrame:
    columns = {column.name: TYPES.get(column.kind, pl.String()) for column in table.columns}
    return pl.DataFrame(schema={"line": pl.Int64, **columns})
