"""Builds a demo region from public figures: a folder of Parquet tables in the extract format, the same for a seed."""

from vardnav.demo.generate.build import Progress, region
from vardnav.demo.generate.lookup import find, region_names
from vardnav.demo.generate.spec import RegionSpec, UnknownRegion

__all__ = ["Progress", "RegionSpec", "UnknownRegion", "find", "region", "region_names"]
