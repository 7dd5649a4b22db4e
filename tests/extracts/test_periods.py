"""Periods that may not overlap, judged in one sort, against every pair compared."""

from datetime import date, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from vardnav.extracts import across
from vardnav.extracts.faults import Faults
from vardnav.extracts.format import BY_NAME, Table
from vardnav.extracts.known import Known
from vardnav.kernel.period import Period

TABLE = BY_NAME["listings"]
SCHEMA = {
    "line": pl.Int32,
    "personal_number": pl.Int64,
    "starts_on": pl.Date,
    "unit_hsa_id": pl.Categorical,
    "ends_on": pl.Date,
    "origin": pl.Categorical,
}
Row = tuple[int, Period]
DAY = date(2026, 2, 26)  # around the end of a short month
days = st.integers(0, 8).map(lambda after: DAY + timedelta(days=after))


@st.composite
def rows(draw: st.DrawFn) -> Row:
    starts_on = draw(days)
    ends_on = draw(st.none() | st.integers(1, 4).map(lambda after: starts_on + timedelta(days=after)))
    return draw(st.integers(1, 2)), Period(starts_on, ends_on)


def table_of(some: list[Row]) -> pl.DataFrame:
    return pl.DataFrame(
        [(line, who, one.starts_on, "A", one.ends_on, "chosen") for line, (who, one) in enumerate(some, start=2)],
        schema=SCHEMA,
        orient="row",
    )


def apart(some: list[Row]) -> bool:
    return not any(
        who == other and one.overlaps(another)
        for nr, (who, one) in enumerate(some)
        for other, another in some[nr + 1 :]
    )


def by_key(some: list[Row]) -> dict[tuple[int, date], Row]:
    return {(who, one.starts_on): (who, one) for who, one in some}


@given(st.lists(rows(), max_size=6), st.lists(rows(), max_size=4))
def test_an_overlap_is_found_when_there_is_one(file: list[Row], database: list[Row]) -> None:
    ours, theirs = by_key(file), by_key(database)
    stored = list(theirs.values())
    if not apart(stored):
        stored = stored[:1]  # the database's own periods never overlap

    def read(table: Table, columns: list[str]) -> pl.DataFrame:
        return table_of(stored).select(columns)

    known = Known({"listings": table_of(list(ours.values()))}, {"listings": "listings.csv"}, read)
    faults = Faults()
    across._periods(TABLE, known, faults)
    left_alone = [row for key, row in by_key(stored).items() if key not in ours]
    assert (faults.count == 0) == apart([*ours.values(), *left_alone]), faults.table()
