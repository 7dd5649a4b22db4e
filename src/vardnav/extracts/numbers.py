"""Identity numbers by the million: the same rules as kernel.personal_number, as polars expressions.

A number is packed in 64 bits for joins and sorting: the eight characters of the date, then five digits
(0NNNC, or 1nnn0 + 10000 for the reserve number Rnnn).
"""

import polars as pl

PATTERN = r"^(?:18[4-9]\d|19\d\d|20\d\d)(?:0[1-9]|1[0-2])(?:[06][1-9]|[1278]\d|[39][01])(?:\d{4}|R\d{3})$"
RESERVE = 10_000


def packed(number: pl.Expr) -> pl.Expr:
    """Null where the text is not eight digits and four more characters of the right kind."""
    date = number.str.slice(0, 8).cast(pl.Int64, strict=False)
    reserve = number.str.slice(8, 1) == "R"
    tail = (
        pl.when(reserve)
        .then(number.str.slice(9, 3).cast(pl.Int64, strict=False) + RESERVE)
        .otherwise(number.str.slice(8, 4).cast(pl.Int64, strict=False))
    )
    return date * 100_000 + tail


def unpacked(key: pl.Expr) -> pl.Expr:
    tail = key % 100_000
    last = (
        pl.when(tail >= RESERVE)
        .then(pl.lit("R") + (tail - RESERVE).cast(pl.String).str.zfill(3))
        .otherwise(tail.cast(pl.String).str.zfill(4))
    )
    return (key // 100_000).cast(pl.String).str.zfill(8) + last


def is_reserve(key: pl.Expr) -> pl.Expr:
    return key % 100_000 >= RESERVE


def luhn_fails(key: pl.Expr) -> pl.Expr:
    """Whether the check digit of the ten last digits is wrong; reserve numbers have none."""
    short = (key // 100_000 % 1_000_000) * 10_000 + key % 100_000
    total = pl.lit(0, dtype=pl.Int64)
    for place in range(10):
        digit = short // 10**place % 10
        total = total + (digit if place % 2 == 0 else digit * 2 // 10 + digit * 2 % 10)
    return ~is_reserve(key) & (total % 10 != 0)


def born(key: pl.Expr) -> pl.Expr:
    """The date in the number, the 60 of a coordination number taken off; null where there is no such day."""
    day = key // 100_000
    day = day - pl.when(day % 100 > 60).then(60).otherwise(0)
    return day.cast(pl.String).str.to_date("%Y%m%d", strict=False)


def sex(key: pl.Expr) -> pl.Expr:
    """Null for a reserve number, which does not carry it."""
    return (
        pl.when(is_reserve(key))
        .then(None)
        .otherwise(pl.when(key // 10 % 2 == 1).then(pl.lit("male")).otherwise(pl.lit("female")))
    )
