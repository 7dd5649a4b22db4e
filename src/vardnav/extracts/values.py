"""What a value must be by itself and beside the others of its row."""

from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from vardnav.extracts import numbers
from vardnav.extracts.format import Column, Kind, Table
from vardnav.extracts.read import HIDDEN_BREAKS

HSA_PATTERN = r"^SE\d{10}-[A-Z0-9]{1,20}$"
HOW = {
    Kind.WHOLE: ("not a whole number", "Write a whole number with digits only."),
    Kind.NUMBER: ("not a number", "Write a number with a point, as in 1.05."),
    Kind.DATE: ("not a date", "Write the date as YYYY-MM-DD."),
    Kind.INSTANT: ("not an instant", "Write the instant in UTC as YYYY-MM-DDTHH:MM:SSZ."),
    Kind.FLAG: ("neither true nor false", "Write true or false."),
}


@dataclass(frozen=True, slots=True)
class Check:
    """A condition that no row may fulfil."""

    column: str
    failed: pl.Expr
    fault: str
    remedy: str


def checks(table: Table, today: pl.Expr) -> list[Check]:
    """All checks of a row by itself. Later ones hold back where an earlier one of the same column has failed."""
    found = [check for column in table.columns for check in _of_column(column)]
    if table.has_period:
        found.append(
            Check(
                "ends_on",
                pl.col("ends_on") <= pl.col("starts_on"),
                "the period ends before it has begun",
                "ends_on is the first day after the period: write a later day, or leave it empty.",
            )
        )
    if table.name == "residents":
        found += _of_residents(today)
    return found


def _of_column(column: Column) -> list[Check]:
    raw, value, name = pl.col(f"{column.name}?"), pl.col(column.name), column.name
    found = []
    if column.required:
        found.append(Check(name, raw.is_null(), "the value is missing", f"Fill it in: {column.says}."))
    if column.kind in HOW:
        found.append(Check(name, raw.is_not_null() & value.is_null(), *HOW[column.kind]))
    found += _bounds(column, value) + _words(column, value)
    return found


def _bounds(column: Column, value: pl.Expr) -> list[Check]:
    name = column.name
    if column.low is None or column.high is None:
        return []
    between = f"Write a value between {column.low:g} and {column.high:g}."
    return [Check(name, (value < column.low) | (value > column.high), "out of bounds", between)]


def _words(column: Column, value: pl.Expr) -> list[Check]:
    name = column.name
    match column.kind:
        case Kind.HSA_ID:
            how = "Write SE, ten digits, a hyphen, then capital letters or digits: SE2321000214-A1001."
            return [Check(name, ~value.str.contains(HSA_PATTERN), "not an HSA-id", how)]
        case Kind.PERSON:
            how = "Write twelve characters without a hyphen: YYYYMMDDNNNN, or YYYYMMDDRNNN for a reserve number."
            return [Check(name, value.is_not_null() & pl.col(f"{name}#").is_null(), "not an identity number", how)]
        case Kind.LANGUAGES:
            how = "Write ISO 639-1 codes with a space between: ar so."
            return [Check(name, ~value.str.contains(r"^[a-z]{2,3}( [a-z]{2,3})*$"), "not languages", how)]
        case Kind.CODE if column.one_of:
            return [
                Check(name, ~value.is_in(column.one_of), "unknown word", f"Write one of: {', '.join(column.one_of)}.")
            ]
        case Kind.TEXT | Kind.CODE:
            long = Check(
                name,
                value.str.len_chars() > column.longest,
                f"longer than {column.longest} characters",
                "Shorten it.",
            )
            breaks = "Write it on one line."
            return [long, Check(name, value.str.contains(HIDDEN_BREAKS), "a line break or control character", breaks)]
        case _:
            return []


def keyed(columns: Iterable[Column], batch: pl.DataFrame) -> pl.DataFrame:
    """The batch with each identity number packed under `name#`; null where it is no number at all."""
    people = [column.name for column in columns if column.kind is Kind.PERSON]
    sound = {name: pl.when(pl.col(name).str.contains(numbers.PATTERN)).then(pl.col(name)) for name in people}
    return batch.with_columns(numbers.packed(number).alias(f"{name}#") for name, number in sound.items())


def _of_residents(today: pl.Expr) -> list[Check]:
    key = pl.col("personal_number#")
    day = numbers.born(key)
    name = "personal_number"
    look = "Correct the number: look it up in the population register."
    return [
        Check(
            "area_code",
            pl.col("area_code?").is_null() & ~pl.col("protected").fill_null(value=False),
            "the value is missing",
            "Fill it in; only a person with protected identity may be without.",
        ),
        Check(name, key.is_not_null() & day.is_null(), "there is no such day in the identity number", look),
        Check(name, numbers.luhn_fails(key), "the check digit of the identity number is wrong", look),
        Check(
            "birth_date",
            day != pl.col("birth_date"),
            "the date of birth contradicts the identity number",
            "Correct the date or the number.",
        ),
        Check(
            "sex", numbers.sex(key) != pl.col("sex"), "the sex contradicts the identity number", "Correct one of them."
        ),
        Check("birth_date", pl.col("birth_date") > today, "born in the future", "Correct the date."),
        Check(
            "deceased_on",
            (pl.col("deceased_on") < pl.col("birth_date")) | (pl.col("deceased_on") > today),
            "the day of death is before the birth or in the future",
            "Correct the date.",
        ),
    ]
