"""What is wrong in an extract: where, what stands there, and what to do about it."""

from pathlib import Path

import polars as pl

from vardnav.kernel.errors import Refusal

SHAPE = {
    "file": pl.String,
    "line": pl.Int64,
    "column": pl.String,
    "value": pl.String,
    "fault": pl.String,
    "remedy": pl.String,
}


class FaultyExtract(Refusal):
    """The extract has faults; nothing was written."""

    def __init__(self, faults: "Faults") -> None:
        many = faults.count
        super().__init__(
            f"The extract has {many:,} fault{'' if many == 1 else 's'}; nothing was written to the database."
        )
        self.faults = faults


class Faults:
    """Collected as frames, so that a million equal faults cost no more than the rows they stand in."""

    def __init__(self) -> None:
        self._frames: list[pl.DataFrame] = []
        self.count = 0

    def add(self, file: str, line: int, column: str, value: object, fault: str, remedy: str) -> None:
        row = {
            "file": file,
            "line": line,
            "column": column,
            "value": str(value),
            "fault": fault,
            "remedy": remedy,
        }
        self._keep(pl.DataFrame([row], schema=SHAPE))

    def add_rows(self, file: str, column: str, rows: pl.DataFrame, fault: str, remedy: str) -> None:
        """Rows have `line`, `value` and, when the sentence differs from row to row, `fault`."""
        if rows.is_empty():
            return
        said = [pl.lit(fault).alias("fault")] if "fault" not in rows.columns else []
        self._keep(
            rows.with_columns(
                pl.lit(file).alias("file"),
                pl.col("line").cast(pl.Int64),
                pl.lit(column).alias("column"),
                pl.col("value").cast(pl.String).fill_null(""),
                pl.lit(remedy).alias("remedy"),
                *said,
            ).select(*SHAPE)
        )

    def _keep(self, frame: pl.DataFrame) -> None:
        self._frames.append(frame)
        self.count += frame.height

    def table(self) -> pl.DataFrame:
        """All faults, file by file in the order the tables are read, then by line."""
        if not self._frames:
            return pl.DataFrame(schema=SHAPE)
        whole = pl.concat(self._frames)
        order = whole.select(pl.col("file").unique(maintain_order=True)).with_row_index("nr")
        return whole.join(order, on="file").sort("nr", "line", "column", maintain_order=True).drop("nr")

    def write(self, path: Path) -> None:
        self.table().write_csv(path)

    def demand_none(self) -> None:
        """Raises FaultyExtract."""
        if self.count:
            raise FaultyExtract(self)
