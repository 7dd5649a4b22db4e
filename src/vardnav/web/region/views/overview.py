"""Läget: what must be decided, then how it goes; and the month on paper."""

from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from vardnav.followup import selectors
from vardnav.followup.rules import INDICATORS, Level, indicators, target
from vardnav.followup.selectors import Overview, Report
from vardnav.kernel.actor import Role
from vardnav.organisation.rules import CapacityParameters
from vardnav.reviews import selectors as reviews
from vardnav.web import clock
from vardnav.web.frame import formats
from vardnav.web.region import charts, downloads
from vardnav.web.region.shown import Card, card, goal_words, language, moved, said, text, with_unit
from vardnav.web.request import Request, page

STALE_MINUTES = 30


@page(Role.REGION_PLANNER)
def overview(request: Request) -> HttpResponse:
    now = clock.now()
    found = selectors.overview(localdate(now))
    if found is None:
        return render(request, "region/not_counted.html")
    download = reverse("web:series")
    context = {
        "found": found,
        "waiting": found.waiting,
        "cards": _cards(found),
        "more_cards": _more_cards(found),
        "charts": [
            charts.named_chart(found.series, found.stand, download),
            charts.load_chart(found.series, found.stand, download),
            charts.spread_chart(found.bins, found.load, found.stand),
            charts.doctors_chart(found.series, found.stand, download),
            charts.queue_chart(found.series, found.stand, download),
            charts.flow_chart(found.series, found.stand, download),
        ],
        "review_waiting": reviews.waiting_for(by=request.actor, now=now),
        "is_stale": (now - found.stand.counted_at).total_seconds() > STALE_MINUTES * 60,
    }
    return render(request, "region/overview.html", context)


def _cards(found: Overview) -> list[Card]:
    """The six that the goals are about."""
    above, of = found.load.above + found.load.without_specialist, found.load.clinics
    notes = {indicators.SHARE_ABOVE: _("%(above)s av %(of)s vårdcentraler") % {"above": above, "of": of}}
    hrefs = {
        indicators.SHARE_ABOVE: f"{reverse('web:clinics')}?urval=over",
        indicators.PER_SPECIALIST: f"{reverse('web:clinics')}?sort=-listed_per_specialist",
        indicators.NAMED_SHARE: f"{reverse('web:clinics')}?sort=named_share&karta=named_share",
    }
    shown = (
        indicators.NAMED_SHARE,
        indicators.PER_SPECIALIST,
        indicators.MEDIAN_PER_SPECIALIST,
        indicators.SHARE_ABOVE,
        indicators.FULL_TIME_PER_THOUSAND,
        indicators.HEADS_PER_THOUSAND,
    )
    return [
        card(
            one,
            found.figures,
            found.stand,
            before=found.year_ago,
            href=hrefs.get(one, ""),
            note=notes.get(one, ""),
        )
        for one in shown
    ]


def _more_cards(found: Overview) -> list[Card]:
    queue = f"{reverse('web:clinics')}?urval=ko"
    hrefs = {indicators.QUEUE_LENGTH: queue, indicators.CAPS: reverse("web:decisions")}
    shown = (
        indicators.QUEUE_LENGTH,
        indicators.MEDIAN_WAIT,
        indicators.CAPS,
        indicators.RESIDENTS_LISTED,
        indicators.PASSIVE_SHARE,
        indicators.CHOSEN,
        indicators.TRAVEL_MEDIAN,
        indicators.TRAVEL_P95,
    )
    return [
        card(
            one,
            found.figures,
            found.stand,
            # a month that runs is not compared with one that is over
            before=None if one is indicators.CHOSEN else found.month_ago,
            href=hrefs.get(one, ""),
        )
        for one in shown
    ]


@page(Role.REGION_PLANNER)
def series(request: Request) -> HttpResponse:
    """The region's months as a file."""
    stand = selectors.latest()
    if stand is None:
        raise Http404
    shown = [one for one in INDICATORS if Level.REGION in one.levels]
    return downloads.series_csv(selectors.region_series(stand), shown, f"regionen-{stand.on.isoformat()}")


@page(Role.REGION_PLANNER)
def definitions(request: Request) -> HttpResponse:
    """Every figure's definition on one page."""
    stand = selectors.latest()
    p = stand.p if stand else CapacityParameters()
    rows = []
    for one in INDICATORS:
        goal = target(one.goal, p)
        rows.append((one, goal_words(one, goal) if goal else ""))
    return render(request, "region/definitions.html", {"rows": rows})


REPORTED = (
    indicators.LISTED,
    indicators.RESIDENTS_LISTED,
    indicators.NAMED_SHARE,
    indicators.PER_SPECIALIST,
    indicators.MEDIAN_PER_SPECIALIST,
    indicators.SHARE_ABOVE,
    indicators.SPECIALISTS,
    indicators.TRAINEES,
    indicators.LOCUMS,
    indicators.FULL_TIME_PER_THOUSAND,
    indicators.HEADS_PER_THOUSAND,
    indicators.QUEUE_LENGTH,
    indicators.MEDIAN_WAIT,
    indicators.OLDEST_WAIT,
    indicators.CAPS,
    indicators.PASSIVE_SHARE,
    indicators.CHOSEN,
    indicators.JOINED,
    indicators.LEFT,
    indicators.TRAVEL_MEDIAN,
    indicators.TRAVEL_P95,
)


@page(Role.REGION_PLANNER)
def month_report(request: Request, year: int, month: int) -> HttpResponse:
    try:
        wanted = date(year, month, 1)
    except ValueError as error:
        raise Http404 from error
    found = selectors.month_report(wanted, clock.today())
    if found is None:
        raise Http404
    context = {
        "found": found,
        "rows": [_report_row(one, found) for one in REPORTED],
        "named": charts.named_chart(found.series, found.stand),
        "load": charts.load_chart(found.series, found.stand),
        "municipalities": _municipality_rows(found),
        "municipality_heads": [said(one.short) for one in BY_MUNICIPALITY],
        "hidden_words": downloads.hidden_words(),
        "month_name": formats.swedish_date(found.stand.on, "month", language()),
    }
    return render(request, "region/month_report.html", context)


def _report_row(one: Any, found: Report) -> dict[str, Any]:
    measure = found.table.region.of(one)
    goal = target(one.goal, found.stand.p)
    return {
        "name": said(one.name),
        "value": with_unit(one, measure),
        "before": with_unit(one, found.month_before.figures.of(one)) if found.month_before else formats.MISSING,
        "year": with_unit(one, found.year_before.figures.of(one)) if found.year_before else formats.MISSING,
        "change": moved(one, measure, found.year_before),
        "goal": goal_words(one, goal) if goal else "",
        "goal_met": goal.is_met(measure.value) if goal else None,
    }


BY_MUNICIPALITY = (
    indicators.LISTED,
    indicators.PER_SPECIALIST,
    indicators.NAMED_SHARE,
    indicators.RESIDENTS_NAMED,
    indicators.FULL_TIME_PER_THOUSAND,
    indicators.QUEUE_LENGTH,
    indicators.TRAVEL_P95,
)


def _municipality_rows(found: Report) -> list[tuple[Any, list[str]]]:
    return [(row, [text(one, row.figures.of(one)) for one in BY_MUNICIPALITY]) for row in found.municipalities]
