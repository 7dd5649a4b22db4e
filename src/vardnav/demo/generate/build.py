"""One table after the other: areas, people, clinics, listings, staff, panels, queues, and all of it to disk."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np
import polars as pl
from polars.io.plugins import register_io_source

from vardnav.demo.generate import real_places, tables
from vardnav.demo.generate.choices import choices
from vardnav.demo.generate.geography import areas
from vardnav.demo.generate.listings import listings
from vardnav.demo.generate.named import named
from vardnav.demo.generate.organisation import organisation
from vardnav.demo.generate.population import population
from vardnav.demo.generate.queues import queues
from vardnav.demo.generate.residents import GUARDIANS, PIECE, SCHEMA, guardians, personal_numbers, pieces
from vardnav.demo.generate.spec import RegionSpec
from vardnav.demo.generate.staff import staff

Progress = Callable[[str, float], None]


def region(spec: RegionSpec, out: Path, progress: Progress) -> None:
    """Write the region's thirteen tables into the folder `out`; `progress` hears what is done and the share of it."""
    out.mkdir(parents=True, exist_ok=True)
    progress("areas and clinics", 0.0)
    where = real_places.areas(spec) if spec.folder else areas(spec)
    units = real_places.organisation(spec, where) if spec.folder else organisation(spec, where)
    progress("residents and households", 0.05)
    people = population(spec, where)
    progress("listings", 0.4)
    options = choices(spec, where, units)
    listed = listings(spec, options, units, people)
    progress("professionals and named doctors", 0.5)
    here = listed.clinic[listed.clinic >= 0]
    staffed = staff(spec, units, np.bincount(here, minlength=units.clinics))
    doctors = named(spec, units, people, listed, staffed)
    waiting = queues(spec, options, people, listed)
    progress("writing", 0.6)
    number = personal_numbers(people)
    small = {
        "region": tables.region(spec),
        "municipalities": tables.municipalities(spec),
        "areas": tables.areas(spec, where),
        "care_providers": tables.care_providers(units),
        "units": tables.units(units),
        "professionals": tables.professionals(staffed),
        "employments": tables.employments(units, staffed),
        "caps": tables.caps(units, waiting),
        "queue": tables.queue(units, waiting, number),
    }
    for name, table in small.items():
        table.write_parquet(out / f"{name}.parquet", compression="lz4", row_group_size=PIECE)
    _write(out / "residents.parquet", SCHEMA, lambda: pieces(spec, where, people, number))
    progress("writing", 0.8)
    _write(out / "guardians.parquet", GUARDIANS, lambda: guardians(people, number))
    _write(out / "listings.parquet", tables.LISTINGS, lambda: tables.listings(units, listed, number))
    progress("writing", 0.9)
    _write(
        out / "named_doctors.parquet",
        tables.NAMED_DOCTORS,
        lambda: tables.named_doctors(units, staffed, doctors, number),
    )
    progress("done", 1.0)


def _write(path: Path, schema: Mapping[str, type[pl.DataType]], rows: Callable[[], Iterator[pl.DataFrame]]) -> None:
    """Stream the pieces into one file, so that a large region never stands in memory as text."""

    def source(
        with_columns: list[str] | None, predicate: pl.Expr | None, n_rows: int | None, batch_size: int | None
    ) -> Iterator[pl.DataFrame]:
        yield from rows()

    frame = register_io_source(source, schema=pl.Schema(schema))
    frame.sink_parquet(path, compression="lz4", row_group_size=PIECE)
