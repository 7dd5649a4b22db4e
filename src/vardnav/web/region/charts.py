"""Charts of the desk: a title, a goal, and the table that is drawn and read."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from vardnav.followup.rules import Bin, Indicator, Load, Measured, indicators
from vardnav.followup.selectors import Point, Stand
from vardnav.web.frame import formats
from vardnav.web.region.shown import drawn, drawn_unit, goal_of, language, number, said

Value = Callable[[Point], float | None]


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    value: float | None  # what is drawn


@dataclass(frozen=True, slots=True)
class Chart:
    kind: str
    title: str
    heads: list[str]
    rows: list[tuple[str, list[Cell]]]
    note: str = ""
    goal: str = ""
    goal_label: str = ""
    unit: str = ""
    source: str = ""
    download: str = ""
    stacked: bool = False
    from_zero: bool = False
    first_head: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One series: its name, how it is written, how it is had from a month."""

    name: str
    measured: Measured
    value: Value

    def cell(self, point: Point) -> Cell:
        value = self.value(point)
        return Cell(number(self.measured, value), drawn(self.measured, value))


def line_of(indicator: Indicator, name: str = "") -> Line:
    return Line(name or said(indicator.name), indicator.measured, lambda point: point.figures.of(indicator).value)


def over_months(
    title: str,
    points: Sequence[Point],
    lines: Sequence[Line],
    stand: Stand,
    *,
    indicator: Indicator | None = None,
    kind: str = "line",
    note: str = "",
    download: str = "",
    from_zero: bool = False,
    stacked: bool = False,
) -> Chart:
    """A line or bars over months. The goal is the indicator's."""
    goal = goal_of(indicator, stand) if indicator else None
    measured = lines[0].measured
    aim = drawn(measured, goal.value) if goal else None
    return Chart(
        kind=kind,
        title=title,
        first_head=_("Månad"),
        heads=[line.name for line in lines],
        rows=[
            (formats.swedish_date(point.on, "month", language()), [line.cell(point) for line in lines])
            for point in points
        ],
        note=note,
        goal="" if aim is None else f"{aim:g}",
        goal_label="" if goal is None or indicator is None else goal_label(indicator, goal.value),
        unit=drawn_unit(measured) if measured is Measured.SHARE else "",
        source=said(indicator.source) if indicator else "",
        download=download,
        from_zero=from_zero,
        stacked=stacked,
    )


def goal_label(indicator: Indicator, value: float) -> str:
    if indicator.goal == indicators.PER_SPECIALIST.goal:
        return _("Riktvärde %(value)s") % {"value": formats.thousands(value, 0, language())}
    if indicator.measured is Measured.SHARE:
        return _("Mål %(value)s") % {"value": formats.percent(value, 0, language())}
    return _("Mål %(value)s") % {"value": number(indicator.measured, value)}


def load_chart(points: Sequence[Point], stand: Stand, download: str = "") -> Chart:
    """Listed per full-time specialist: the region's, and the middle clinic's."""
    lines = [
        line_of(indicators.PER_SPECIALIST, _("Regionen")),
        Line(_("Mittersta vårdcentralen"), Measured.RATIO, lambda point: point.load.median if point.load else None),
    ]
    return over_months(
        _("Listade per heltidsspecialist"), points, lines, stand, indicator=indicators.PER_SPECIALIST, download=download
    )


def load_of_clinic(points: Sequence[Point], stand: Stand, download: str = "") -> Chart:
    """The same for one place, which has no middle."""
    return over_months(
        _("Listade per heltidsspecialist"),
        points,
        [line_of(indicators.PER_SPECIALIST)],
        stand,
        indicator=indicators.PER_SPECIALIST,
        download=download,
    )


def named_chart(points: Sequence[Point], stand: Stand, download: str = "") -> Chart:
    return over_months(
        _("Andel listade som har fast läkare"),
        points,
        [line_of(indicators.NAMED_SHARE)],
        stand,
        indicator=indicators.NAMED_SHARE,
        download=download,
    )


def doctors_chart(points: Sequence[Point], stand: Stand, download: str = "") -> Chart:
    return over_months(
        _("Läkare i heltider"),
        points,
        [
            line_of(indicators.SPECIALISTS, _("Specialister")),
            line_of(indicators.TRAINEES, _("ST-läkare")),
            line_of(indicators.LOCUMS, _("Hyrläkare")),
        ],
        stand,
        from_zero=True,
        download=download,
    )


def queue_chart(points: Sequence[Point], stand: Stand, download: str = "") -> Chart:
    return over_months(
        _("Står i kö till en vårdcentral med tak"),
        points,
        [line_of(indicators.QUEUE_LENGTH)],
        stand,
        kind="bar",
        download=download,
    )


def flow_chart(points: Sequence[Point], stand: Stand, download: str = "") -> Chart:
    return over_months(
        _("Egna val av vårdcentral varje månad"),
        points,
        [line_of(indicators.CHOSEN)],
        stand,
        kind="bar",
        note=_("Den sista månaden är inte slut."),
        download=download,
    )


def listed_chart(points: Sequence[Point], stand: Stand, download: str = "") -> Chart:
    lines = [
        line_of(indicators.LISTED),
        Line(_("Med fast läkare"), Measured.PEOPLE, shown_named),
    ]
    return over_months(_("Listade, och de som har fast läkare"), points, lines, stand, download=download)


def shown_named(point: Point) -> float | None:
    """The number behind the share, hidden when the share is."""
    measure = point.figures.of(indicators.NAMED_SHARE)
    return None if measure.hidden else float(point.figures.tally.named)


def spread_chart(bins: Sequence[Bin], load: Load, stand: Stand) -> Chart:
    """How many clinics have how many listed per full-time specialist."""
    ceiling = formats.thousands(stand.p.ceiling, 0, language())
    rows = [
        (bin_words(one), [_count(0 if one.above else one.count), _count(one.count if one.above else 0)]) for one in bins
    ]
    if load.without_specialist:
        rows.append((_("Ingen specialist"), [_count(0), _count(load.without_specialist)]))
    return Chart(
        kind="histogram",
        title=_("Vårdcentraler efter listade per heltidsspecialist"),
        first_head=_("Listade per heltidsspecialist"),
        heads=[_("Högst %(value)s") % {"value": ceiling}, _("Över %(value)s") % {"value": ceiling}],
        rows=rows,
        source=said(indicators.PER_SPECIALIST.source),
        stacked=True,
    )


def _count(count: int) -> Cell:
    return Cell(str(count), float(count))


def bin_words(one: Bin) -> str:
    spoken = language()
    if one.low is None:
        return _("Högst %(value)s") % {"value": formats.thousands(one.high, 0, spoken)}
    if one.high is None:
        return _("Över %(value)s") % {"value": formats.thousands(one.low, 0, spoken)}
    return f"{formats.thousands(one.low + 1, 0, spoken)}–{formats.thousands(one.high, 0, spoken)}"
