"""Ends that the database has and the extract does not: they are kept, and the import tells which."""

import polars as pl

from vardnav.extracts.faults import Faults
from vardnav.extracts.format import BY_NAME
from vardnav.extracts.known import Known

KEPT_IN = ("listings", "named_doctors")  # what residents and clinics end here (see listing.actions.bulk)
REMEDY = "Nothing, if it ended here; else send a row that begins that day, or this one with another ends_on."


def keep(known: Known, kept: Faults) -> None:
    """Judge such rows as they will be, with the end that stands."""
    for name in KEPT_IN:
        if name in known.own:
            known.own[name] = _kept(name, known, kept)


def _kept(name: str, known: Known, kept: Faults) -> pl.DataFrame:
    rows, key = known.own[name], list(BY_NAME[name].key)
    ended = known.stored(name, [*key, "ends_on"]).drop_nulls().rename({"ends_on": "ended"})
    if ended.is_empty() or not rows["ends_on"].null_count():
        return rows
    rows = rows.join(ended, on=key, how="left", maintain_order="left")
    stands = rows.filter(pl.col("ends_on").is_null() & pl.col("ended").is_not_null())
    kept.add_rows(
        known.file_names[name],
        "ends_on",
        stands.select("line", pl.lit("").alias("value"), pl.format("kept: it ended {}", "ended").alias("fault")),
        "",
        REMEDY,
    )
    return rows.with_columns(pl.coalesce("ends_on", "ended").alias("ends_on")).drop("ended")
