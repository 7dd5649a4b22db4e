"""What must hold between rows, whatever the table: one row a key, references that lead somewhere, periods apart."""

from functools import reduce
from operator import and_

import polars as pl

from vardnav.extracts import numbers
from vardnav.extracts.faults import Faults
from vardnav.extracts.format import BY_NAME, Column, Kind, Table
from vardnav.extracts.known import PERIOD, Known


def check(table: Table, known: Known, faults: Faults) -> None:
    _keys(table, known, faults)
    for column in table.columns:
        if column.refers:
            _reference(table, column, known, faults)
    if table.apart:
        _periods(table, known, faults)


def shown(table: Table, name: str) -> pl.Expr:
    """A narrow column as it is written in the file."""
    value = pl.col(name)
    return numbers.unpacked(value) if table.by_name[name].kind is Kind.PERSON else value.cast(pl.String)


def _keys(table: Table, known: Known, faults: Faults) -> None:
    key = list(table.key)
    rows = known.own[table.name].drop_nulls(key)
    if rows.select(key).n_unique() == rows.height:
        return
    again = rows.filter(~pl.struct(key).is_first_distinct())
    faults.add_rows(
        known.file_names[table.name],
        key[0],
        again.select("line", pl.concat_str([shown(table, name) for name in key], separator=" ").alias("value")),
        "the row is there already",
        f"Keep one row for each {', '.join(key)}.",
    )


def _reference(table: Table, column: Column, known: Known, faults: Faults) -> None:
    target = BY_NAME[column.refers].key[0]
    missing = known.own[table.name].select("line", column.name).drop_nulls()
    own = known.own.get(column.refers)
    if own is not None:
        missing = missing.join(own.select(target), left_on=column.name, right_on=target, how="anti")
    if missing.height:
        stored = known.stored(column.refers, [target])
        missing = missing.join(stored, left_on=column.name, right_on=target, how="anti")
    faults.add_rows(
        known.file_names[table.name],
        column.name,
        missing.select("line", shown(table, column.name).alias("value")),
        f"not found in {column.refers}",
        f"Add the row to {column.refers}, or correct the reference.",
    )


def _periods(table: Table, known: Known, faults: Faults) -> None:
    """Rows sorted by start: each may begin only when the one before has ended."""
    who = list(table.apart)
    rows = known.rows(table.name, [*table.key, *PERIOD]).drop_nulls([*who, "starts_on"])
    groups = [pl.col(name) if rows.schema[name].is_integer() else pl.col(name).to_physical() for name in who]
    rows = rows.sort([*groups, pl.col("starts_on")])
    same = reduce(and_, [pl.col(name) == pl.col(name).shift(1) for name in who])
    before = pl.col("ends_on").shift(1)
    meets = same & (before.is_null() | (before > pl.col("starts_on")))
    found = rows.select(
        pl.when(pl.col("line") > 0).then("line").otherwise(pl.col("line").shift(1)).alias("line"),
        pl.col("starts_on").cast(pl.String).alias("value"),
        pl.when((pl.col("line") > 0) & (pl.col("line").shift(1) > 0))
        .then(pl.format("overlaps the period on line {}", pl.col("line").shift(1)))
        .otherwise(pl.lit("overlaps a period in the database"))
        .alias("fault"),
        meets.alias("meets"),
    ).filter(pl.col("meets") & (pl.col("line") > 0))
    faults.add_rows(
        known.file_names[table.name],
        "starts_on",
        found.drop("meets"),
        "",
        f"Periods of the same {', '.join(who)} may not overlap: end the first on the day the next begins.",
    )
