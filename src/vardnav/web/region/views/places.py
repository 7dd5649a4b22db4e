"""One clinic, one municipality: how it has gone, who works there, who lives there."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from vardnav.followup import selectors
from vardnav.followup.rules import INDICATORS, Figures, Indicator, Level, indicators
from vardnav.followup.selectors import ClinicPage, MunicipalityPage, Point, Stand
from vardnav.kernel.actor import Role
from vardnav.web import clock
from vardnav.web.region import charts, downloads, table
from vardnav.web.region.shown import Card, card, text
from vardnav.web.request import Request, page

CLINIC_CARDS = (
    indicators.NAMED_SHARE,
    indicators.PER_SPECIALIST,
    indicators.LOAD_OF_CAPACITY,
    indicators.LISTED,
    indicators.SPECIALISTS,
    indicators.BURDEN,
    indicators.QUEUE_LENGTH,
    indicators.OLDEST_WAIT,
    indicators.DOCTOR_GONE,
    indicators.PASSIVE_SHARE,
    indicators.TRAVEL_MEDIAN,
    indicators.TRAVEL_P95,
)


@page(Role.REGION_PLANNER)
def clinic(request: Request, clinic_id: int) -> HttpResponse:
    found = selectors.clinic_page(clinic_id, clock.today())
    if found is None:
        raise Http404
    download = reverse("web:region_clinic_series", args=[clinic_id])
    context = {
        "found": found,
        "row": found.clinic,
        "cards": _cards(CLINIC_CARDS, found.clinic.figures, found.stand, found.series, found.region),
        "charts": [
            charts.load_of_clinic(found.series, found.stand, download),
            charts.named_chart(found.series, found.stand, download),
            charts.listed_chart(found.series, found.stand, download),
            charts.doctors_chart(found.series, found.stand, download),
            *([charts.queue_chart(found.series, found.stand, download)] if _had_queue(found) else []),
        ],
        "hidden_words": downloads.hidden_words(),
    }
    return render(request, "region/clinic.html", context)


def _had_queue(found: ClinicPage) -> bool:
    return any(point.figures.tally.queue for point in found.series)


def _cards(
    wanted: tuple[Indicator, ...], figures: Figures, stand: Stand, series: list[Point], region: Figures
) -> list[Card]:
    """Each figure beside the region's, which says more here than last year's."""
    return [card(one, figures, stand, note=_beside(one, region)) for one in wanted]


def _beside(one: Indicator, region: Figures) -> str:
    if one.measured.value in ("people", "full_time", "count") or one is indicators.OLDEST_WAIT:
        return ""
    return _("Regionen: %(value)s") % {"value": text(one, region.of(one))}


MUNICIPALITY_CARDS = (
    indicators.RESIDENTS_LISTED,
    indicators.RESIDENTS_NAMED,
    indicators.TRAVEL_MEDIAN,
    indicators.TRAVEL_P95,
)
CLINICS_OF_MUNICIPALITY = (
    indicators.NAMED_SHARE,
    indicators.PER_SPECIALIST,
    indicators.FULL_TIME_PER_THOUSAND,
    indicators.HEADS_PER_THOUSAND,
    indicators.LISTED,
    indicators.BURDEN,
    indicators.QUEUE_LENGTH,
    indicators.PASSIVE_SHARE,
)


@page(Role.REGION_PLANNER)
def municipality(request: Request, code: str) -> HttpResponse:
    found = selectors.municipality_page(code)
    if found is None:
        raise Http404
    figures = found.municipality.figures
    download = reverse("web:region_municipality_series", args=[code])
    context = {
        "found": found,
        "row": found.municipality,
        "residents": _cards(MUNICIPALITY_CARDS, figures, found.stand, found.series, found.region),
        "cards": _cards(CLINICS_OF_MUNICIPALITY, figures, found.stand, found.series, found.region),
        "shown": clinics_of(found),
        "charts": [
            charts.named_chart(found.series, found.stand, download),
            charts.load_of_clinic(found.series, found.stand, download),
            charts.doctors_chart(found.series, found.stand, download),
            charts.listed_chart(found.series, found.stand, download),
        ],
        "hidden_words": downloads.hidden_words(),
    }
    return render(request, "region/municipality.html", context)


def clinics_of(found: MunicipalityPage) -> dict[str, Any]:
    columns = table.COLUMNS[: table.FEW]
    rows = table.ordered(found.clinics, table.DEFAULT_SORT)
    return {
        "heads": [table.head(one) for one in columns],
        "lines": table.lines(rows, columns, found.stand),
        "region": [table.cell(one, found.region, found.stand, None) for one in columns],
    }


@page(Role.REGION_PLANNER)
def clinic_months(request: Request, clinic_id: int) -> HttpResponse:
    stand = _stand()
    points = selectors.clinic_series(stand, clinic_id)
    if not points:
        raise Http404
    return downloads.series_csv(points, _at(Level.CLINIC), f"vardcentral-{clinic_id}-{stand.on.isoformat()}")


@page(Role.REGION_PLANNER)
def municipality_months(request: Request, code: str) -> HttpResponse:
    stand = _stand()
    if all(row.code != code for row in selectors.municipality_table(stand)):
        raise Http404
    points = selectors.municipality_series(stand, code)
    return downloads.series_csv(points, _at(Level.MUNICIPALITY), f"kommun-{code}-{stand.on.isoformat()}")


def _stand() -> Stand:
    stand = selectors.latest()
    if stand is None:
        raise Http404
    return stand


def _at(level: Level) -> list[Indicator]:
    return [one for one in INDICATORS if level in one.levels]
