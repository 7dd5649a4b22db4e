"""Vårdcentraler: the map and the table beside it, as page and as files."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import get_conditional_response

from vardnav.followup import selectors
from vardnav.followup.rules import Indicator
from vardnav.followup.selectors import ClinicTable, Stand
from vardnav.kernel.actor import Role
from vardnav.listing.selectors.clinics import swedish_key
from vardnav.web import clock
from vardnav.web.region import downloads, maps, table
from vardnav.web.region.forms import FilterForm
from vardnav.web.region.shown import said
from vardnav.web.request import Request, page


@page(Role.REGION_PLANNER)
def clinics(request: Request) -> HttpResponse:
    found = selectors.clinic_table()
    if found is None:
        return render(request, "region/not_counted.html")
    want = table.asked(request.GET)
    query = request.GET.copy()
    query.pop("kolumner", None)
    layer = urlencode({"indicator": want.indicator.key})
    context = {
        "found": found,
        "shown": table.shown(found, want),
        "want": want,
        "sort": want.sort,
        "filter": filter_form(request, found, want),
        "query": request.GET.urlencode(),
        "few_query": query.urlencode(),
        "map_title": said(want.indicator.name),
        "map_definition": said(want.indicator.definition),
        "areas": f"{reverse('web:map_areas')}?{layer}",
        "points": f"{reverse('web:map_points')}?{layer}",
        "steps": maps.steps(want.indicator),
        "unit": maps.map_unit(want.indicator),
        "hidden_words": downloads.hidden_words(),
    }
    return render(request, "region/clinics.html", context)


def filter_form(request: Request, found: ClinicTable, want: table.Asked) -> FilterForm:
    places = {row.municipality_code: row.municipality for row in found.rows}
    given = {
        "q": want.query,
        "kommun": want.municipality,
        "vardgivare": want.care_provider,
        "urval": want.part.value,
        "karta": want.indicator.key,
    }
    return FilterForm(
        initial=given,
        municipalities=dict(sorted(places.items(), key=lambda one: swedish_key(one[1]))),
        providers=sorted({row.care_provider for row in found.rows}, key=swedish_key),
        auto_id="filter_%s",
    )


@page(Role.REGION_PLANNER)
def as_csv(request: Request) -> HttpResponse:
    return downloads.clinics_csv(_counted(), table.asked(request.GET))


@page(Role.REGION_PLANNER)
def as_xlsx(request: Request) -> HttpResponse:
    return downloads.clinics_xlsx(
        _counted(), table.asked(request.GET), region=str(request.region_name), now=clock.now()
    )


def _counted() -> ClinicTable:
    found = selectors.clinic_table()
    if found is None:
        raise Http404
    return found


@page(Role.REGION_PLANNER)
def areas_json(request: Request) -> HttpResponse:
    """Municipalities as GeoJSON, shaded by a figure."""
    return _layer(request, maps.municipalities)


@page(Role.REGION_PLANNER)
def points_json(request: Request) -> HttpResponse:
    """Clinics as GeoJSON points."""
    return _layer(request, lambda stand, indicator: maps.points(_counted(), indicator))


def _layer(request: Request, content: Callable[[Stand, Indicator], str]) -> HttpResponse:
    """A layer is the same until the day is counted again: a browser that has it is told so."""
    stand = selectors.latest()
    if stand is None:
        raise Http404
    indicator = table.asked_indicator(request.GET.get("indicator", ""))
    etag = maps.etag(stand, indicator)
    known = unchanged(request, etag)
    response = known or HttpResponse(content(stand, indicator), content_type="application/geo+json")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"  # kept, but asked about each time
    return response


def unchanged(request: HttpRequest, etag: str) -> HttpResponse | None:
    if not request.headers.get("If-None-Match"):
        return None
    answer: HttpResponseBase | None = get_conditional_response(request, etag=etag)
    return answer if isinstance(answer, HttpResponse) else None
