"""The map's two layers: municipalities shaded by a figure, clinics as points."""

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from vardnav.followup import selectors
from vardnav.followup.rules import Figures, Indicator, Level, indicators
from vardnav.followup.selectors import ClinicTable, Stand
from vardnav.web.region.shown import drawn, drawn_unit, goal_of, language, said, text


def steps(indicator: Indicator) -> str:
    """Limits of the classes as the map reads them."""
    scaled = (drawn(indicator.measured, step) or 0 for step in indicator.steps)
    return ",".join(f"{step:g}" for step in scaled)


def map_unit(indicator: Indicator) -> str:
    return drawn_unit(indicator.measured)


def etag(stand: Stand, indicator: Indicator) -> str:
    return f'"{stand.counted_at.timestamp():.0f}-{indicator.key}-{language()}"'


def municipalities(stand: Stand, indicator: Indicator) -> str:
    return _municipalities(stand.counted_at.isoformat(), indicator.key, language())


@lru_cache(maxsize=128)
def _municipalities(counted_at: str, key: str, spoken: str) -> str:
    """Drawn once for each count, figure and language; the arguments are the key, the newest day is the content."""
    stand = selectors.latest()
    if stand is None:
        return collection(())
    indicator = indicators.BY_KEY[key]
    shapes = selectors.municipality_shapes()
    return collection(
        feature(
            shapes[row.code],
            row.name,
            reverse("web:region_municipality", args=[row.code]),
            row.figures,
            indicator,
            code=row.code,
        )
        for row in selectors.municipality_table(stand)
        if row.code in shapes
    )


def points(table: ClinicTable, indicator: Indicator) -> str:
    return collection(
        feature(
            {"type": "Point", "coordinates": [row.longitude, row.latitude]},
            row.name,
            reverse("web:region_clinic", args=[row.id]),
            row.figures,
            indicator if Level.CLINIC in indicator.levels else indicators.PER_SPECIALIST,
            status=status(row.figures, indicator, table.stand),
        )
        for row in table.rows
    )


def status(figures: Figures, indicator: Indicator, stand: Stand) -> str:
    goal = goal_of(indicator, stand) if Level.CLINIC in indicator.levels else None
    met = goal.is_met(figures.of(indicator).value) if goal else None
    return {True: "success", False: "warning", None: "neutral"}[met]


def feature(geometry: Any, name: str, href: str, figures: Figures, indicator: Indicator, **more: str) -> dict[str, Any]:
    measure = figures.of(indicator)
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {
            "name": name,
            "href": href,
            "label": f"{said(indicator.name)}: {text(indicator, measure) if not measure.hidden else _('dolt')}",
            "value": drawn(indicator.measured, measure.value),
            **more,
        },
    }


def collection(features: Iterable[dict[str, Any]]) -> str:
    found = {"type": "FeatureCollection", "features": list(features)}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))
