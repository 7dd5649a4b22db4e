"""Read the files of an extract in batches, as values of the right types."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from vardnav.extracts.faults import Faults
from vardnav.extracts.format import BY_NAME, TABLES, Column, Kind, Table

BATCH = 200_000
ENDINGS = (".csv", ".parquet")
UNREADABLE = (pl.exceptions.PolarsError, pl.exceptions.PanicException)  # it panics at some broken Parquet
HIDDEN_BREAKS = r"[\x00-\x1f\x7f]"


@dataclass(frozen=True, slots=True)
class File:
    table: Table
    path: Path
    rows: int
    types: dict[str, pl.DataType]

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def first_line(self) -> int:
        """A CSV has its header on line 1; in Parquet the first row is row 1."""
        return 2 if self.path.suffix == ".csv" else 1


def find(folder: Path, faults: Faults) -> list[File]:
    """The files of a folder in the order of the tables, those with sound columns only."""
    found = {path for path in folder.iterdir() if path.suffix in ENDINGS}
    for path in sorted(found):
        if path.stem not in BY_NAME:
            known = ", ".join(BY_NAME)
            faults.add(path.name, 0, "", path.stem, "unknown table", f"Name the file after one of: {known}.")
    files = []
    for table in TABLES:
        paths = [folder / f"{table.name}{ending}" for ending in ENDINGS]
        paths = [path for path in paths if path in found]
        if len(paths) > 1:
            faults.add(paths[0].name, 0, "", table.name, "the table is there twice", "Keep the CSV or the Parquet.")
        elif paths:
            files += _opened(table, paths[0], faults)
    return files


def _opened(table: Table, path: Path, faults: Faults) -> list[File]:
    try:
        types = dict(scan(path).collect_schema())
        rows = int(scan(path).select(pl.len()).collect().item())
    except pl.exceptions.NoDataError:
        types, rows = {}, 0
    except (*UNREADABLE, OSError) as error:
        faults.add(path.name, 0, "", "", f"the file cannot be read: {_sentence(error)}", _remedy(path))
        return []
    known = set(table.by_name)
    for name in [name for name in types if name not in known]:
        faults.add(path.name, 1, name, name, "unknown column", f"Remove it; the columns are {', '.join(table.names)}.")
    missing = [column for column in table.columns if column.name not in types]
    for column in missing:
        faults.add(
            path.name, 1, column.name, "", "the column is missing", f"Add it: {column.says} ({column.kind.value})."
        )
    if missing or len(types) > len(known):
        return []
    return [File(table, path, rows, types)]


def scan(path: Path) -> pl.LazyFrame:
    if path.suffix == ".parquet":
        return pl.scan_parquet(path)
    return pl.scan_csv(path, infer_schema=False)


def batches(file: File, faults: Faults) -> Iterator[pl.DataFrame]:
    """Frames with `line`, each column parsed under its name, and as it stands in the file under `name?`."""
    line = file.first_line
    wanted = scan(file.path).select(file.table.names)
    try:
        for batch in wanted.collect_batches(chunk_size=BATCH, maintain_order=True):
            yield parsed(file.table.columns, batch.with_row_index("line", offset=line))
            line += batch.height
    except UNREADABLE as error:
        faults.add(file.name, _broken_line(file), "", "", _sentence(error), _remedy(file.path))


def parsed(columns: Iterable[Column], frame: pl.DataFrame) -> pl.DataFrame:
    """Each column under its name as a value of its type, and as it was under `name?`."""
    return typed(columns, frame.lazy()).collect()


def typed(columns: Iterable[Column], frame: pl.LazyFrame) -> pl.LazyFrame:
    """The same, not yet run."""
    types = frame.collect_schema()
    ours = {column.name: column for column in columns}
    raw = [_cleaned(pl.col(name), types[name]).alias(f"{name}?") for name in ours]
    whole = frame.select(*(name for name in types if name not in ours), *raw)
    cleaned = whole.collect_schema()
    return whole.with_columns(_value(column, cleaned[f"{name}?"]).alias(name) for name, column in ours.items())


def _cleaned(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Text without blanks around it; nothing left means unknown."""
    if isinstance(dtype, pl.Categorical | pl.Enum):
        value = value.cast(pl.String)
    elif dtype != pl.String:
        return value
    value = value.str.strip_chars()
    return pl.when(value != "").then(value)


def _value(column: Column, dtype: pl.DataType) -> pl.Expr:
    """The value of a column, null where it cannot be read."""
    raw = pl.col(f"{column.name}?")
    match column.kind:
        case Kind.WHOLE:
            return raw.cast(pl.Int64, strict=False) if dtype.is_integer() else _whole(raw)
        case Kind.NUMBER:
            number = raw.cast(pl.Float64, strict=False)
            return pl.when(number.is_finite()).then(number)
        case Kind.DATE:
            return raw if dtype == pl.Date else _date(raw)
        case Kind.INSTANT:
            return _instant(raw, dtype)
        case Kind.FLAG:
            return raw if dtype == pl.Boolean else _flag(raw)
        case Kind.LANGUAGES:
            return raw.str.to_lowercase().str.replace_all(r"\s+", " ")
        case _:
            return raw if dtype == pl.String else raw.cast(pl.String)


def _whole(raw: pl.Expr) -> pl.Expr:
    text = raw.cast(pl.String)
    return pl.when(text.str.contains(r"^-?\d+$")).then(text).cast(pl.Int64, strict=False)


def _date(raw: pl.Expr) -> pl.Expr:
    text = raw.cast(pl.String)
    return pl.when(text.str.len_bytes() == 10).then(text).str.to_date("%Y-%m-%d", strict=False)


def _instant(raw: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Datetime):
        aware = raw if dtype.time_zone else raw.dt.replace_time_zone("UTC")
        return aware.dt.convert_time_zone("UTC").dt.cast_time_unit("us")
    return raw.cast(pl.String).str.to_datetime("%Y-%m-%dT%H:%M:%S%.fZ", strict=False, time_zone="UTC", time_unit="us")


def _flag(raw: pl.Expr) -> pl.Expr:
    text = raw.cast(pl.String)
    return pl.when(text == "true").then(True).when(text == "false").then(False)


def _sentence(error: Exception) -> str:
    return str(error).strip().split("\n", 1)[0]


def _remedy(path: Path) -> str:
    if path.suffix == ".parquet":
        return "Write the file again as Parquet."
    return "Write the file as UTF-8 CSV with commas, a header, and quotes around values that hold a comma."


def _broken_line(file: File) -> int:
    """The first line of a CSV that has too many values or is not UTF-8; 0 when it cannot be told."""
    if file.path.suffix != ".csv":
        return 0
    with file.path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                text = line.decode()
            except UnicodeDecodeError:
                return number
            if '"' not in text and text.count(",") >= len(file.types):
                return number
    return 0
