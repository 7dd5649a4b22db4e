"""Reads the CSV files of a folder and says exactly where one is wrong."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from vardnav.demo.generate.spec import UnknownRegion


@dataclass(frozen=True, slots=True)
class Row:
    path: Path
    line: int
    values: dict[str, str]


class FaultyFolder(UnknownRegion):
    """A file of the folder is missing or wrong; the message names file, line, column and value."""

    def __init__(self, row: Row, column: str, fault: str) -> None:
        value = row.values.get(column, "")
        super().__init__(f"{row.path.name}, line {row.line}, column {column}: {value!r} {fault}.")

    @classmethod
    def whole(cls, path: Path, fault: str) -> Self:
        error = cls.__new__(cls)
        ValueError.__init__(error, f"{path.name}: {fault}.")
        return error


def read(path: Path, columns: tuple[str, ...]) -> list[Row]:
    """The rows of a UTF-8 CSV that must have these columns. Raises FaultyFolder."""
    if not path.is_file():
        raise FaultyFolder.whole(path, f"is not in {path.parent}")
    try:
        content = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FaultyFolder.whole(path, f"is not UTF-8 (byte {error.start})") from error
    lines = csv.DictReader(content.splitlines())
    missing = [column for column in columns if column not in (lines.fieldnames or ())]
    if missing:
        raise FaultyFolder.whole(path, f"has no column {', '.join(missing)}")
    return [
        Row(path, lines.line_num, {key: (value or "").strip() for key, value in row.items() if key}) for row in lines
    ]


def text(row: Row, column: str) -> str:
    value = row.values.get(column, "")
    if not value:
        raise FaultyFolder(row, column, "is empty: fill it in")
    return value


def number(row: Row, column: str, low: float, high: float) -> float:
    try:
        value = float(row.values.get(column, ""))
    except ValueError as error:
        raise FaultyFolder(row, column, "is not a number") from error
    if not low <= value <= high:
        raise FaultyFolder(row, column, f"is not between {low:g} and {high:g}")
    return value
