"""What an import can lean on: the rows of the extract, and those the database has besides them."""

from collections.abc import Callable
from functools import cached_property

import polars as pl

from vardnav.extracts.format import BY_NAME, Table

Stored = Callable[[Table, list[str]], pl.DataFrame]
PERIOD = ["starts_on", "ends_on"]


class Known:
    def __init__(self, own: dict[str, pl.DataFrame], file_names: dict[str, str], stored: Stored) -> None:
        self.own = own
        self.file_names = file_names
        self._stored = stored
        self._cache: dict[tuple[str, ...], pl.DataFrame] = {}

    def stored(self, table: str, columns: list[str]) -> pl.DataFrame:
        """Narrow rows of the database, read once."""
        key = (table, *columns)
        if key not in self._cache:
            self._cache[key] = self._stored(BY_NAME[table], columns)
        return self._cache[key]

    def rows(self, table: str, columns: list[str]) -> pl.DataFrame:
        """`line` and some columns as they will be: the file's rows, and the database's that the file leaves alone."""
        key = list(BY_NAME[table].key)
        wanted = list(dict.fromkeys([*key, *columns]))
        besides = self.stored(table, wanted).with_columns(pl.lit(0, dtype=pl.Int32).alias("line"))
        mine = self.own.get(table)
        if mine is None:
            return besides.select("line", *wanted)
        mine = mine.select("line", *wanted)
        if besides.is_empty():
            return mine
        return pl.concat([mine, besides.join(mine, on=key, how="anti").select("line", *wanted)])

    @cached_property
    def kinds(self) -> pl.DataFrame:
        return self.rows("units", ["hsa_id", "kind"]).drop("line")
