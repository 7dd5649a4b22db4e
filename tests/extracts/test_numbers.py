"""Identity numbers by the million follow the same rules as one by one."""

from datetime import date

import polars as pl
from hypothesis import example, given
from hypothesis import strategies as st
from stdnum import luhn

from vardnav.extracts import numbers
from vardnav.kernel.personal_number import NotAPersonalNumber, parse

TODAY = date(2026, 11, 22)


@st.composite
def nearly_numbers(draw: st.DrawFn) -> str:
    """Numbers that are right, or wrong in a way that numbers are: the day, the century, the check digit, a letter."""
    born = draw(st.dates(date(1838, 1, 1), date(2028, 1, 1)) | st.sampled_from([date(2000, 2, 29), TODAY]))
    day = born.day + draw(st.sampled_from([0, 0, 0, 60, 30, 1]))
    text = f"{born:%Y%m}{day:02}"
    if draw(st.integers(0, 4)) == 0:
        return text + "R" + draw(st.from_regex(r"[0-9]{3}", fullmatch=True))
    text += f"{draw(st.integers(0, 999)):03}"
    right = luhn.calc_check_digit(text[2:])
    return text + draw(st.sampled_from([right, right, "0", "X"]))


@given(st.lists(nearly_numbers() | st.text("0123456789R-", max_size=14), min_size=1))
@example(["190002299801", "200002299801", "19000261R001", "20261123R001"])
def test_the_same_numbers_are_right(texts: list[str]) -> None:
    frame = pl.DataFrame({"text": texts}).with_columns(
        pl.when(pl.col("text").str.contains(numbers.PATTERN)).then(pl.col("text")).alias("sound")
    )
    frame = frame.with_columns(numbers.packed(pl.col("sound")).alias("key"))
    judged = frame.select(
        (pl.col("key").is_not_null() & ~numbers.luhn_fails(pl.col("key")) & (numbers.born(pl.col("key")) <= TODAY))
        .fill_null(value=False)
        .alias("right"),
        numbers.unpacked(pl.col("key")).alias("again"),
        numbers.born(pl.col("key")).alias("born"),
        numbers.sex(pl.col("key")).alias("sex"),
    )
    for text, row in zip(texts, judged.to_dicts(), strict=True):
        try:
            number = parse(text, TODAY) if len(text) == 12 and "-" not in text else None
        except NotAPersonalNumber:
            number = None
        assert row["right"] == (number is not None), text
        if number is not None:
            assert (row["again"], row["born"]) == (text, number.birth_date)
            assert row["sex"] == (number.sex.value if number.sex else None)
