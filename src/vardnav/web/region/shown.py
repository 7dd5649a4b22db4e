"""Figures as the screen writes them, each with its definition one click away."""

from dataclasses import dataclass

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vardnav.followup.rules import Figures, Indicator, Measure, Measured, Target, Words, target
from vardnav.followup.selectors import Point, Stand
from vardnav.web.frame import formats

HIDDEN = ".."  # what Swedish statistics write where a number is too small to tell


def language() -> str:
    return get_language() or "sv"


def said(words: Words) -> str:
    return words.in_language(language())


def number(measured: Measured, value: float | None, spoken: str = "") -> str:
    """A value with its unit, as it stands in a running text or a table."""
    spoken = spoken or language()
    if value is None:
        return formats.MISSING
    if measured is Measured.SHARE:
        return formats.percent(value, 1, spoken)
    if measured is Measured.MINUTES:
        return formats.minutes(value, spoken)
    return formats.thousands(value, DECIMALS.get(measured, 0), spoken)


DECIMALS = {Measured.PER_THOUSAND: 2, Measured.INDEX: 2, Measured.FULL_TIME: 1}


def text(indicator: Indicator, measure: Measure, spoken: str = "") -> str:
    return HIDDEN if measure.hidden else number(indicator.measured, measure.value, spoken)


def unit(indicator: Indicator) -> str:
    return {Measured.DAYS: _("dagar"), Measured.FULL_TIME: _("heltider")}.get(indicator.measured, "")


def drawn(measured: Measured, value: float | None) -> float | None:
    """The number a chart or a map draws: shares as per cent."""
    if value is None:
        return None
    return round(value * 100, 2) if measured is Measured.SHARE else round(value, 3)


def drawn_unit(measured: Measured) -> str:
    units = {Measured.SHARE: "%", Measured.MINUTES: _("min"), Measured.DAYS: _("dagar")}
    return units.get(measured, "")


def goal_of(indicator: Indicator, stand: Stand) -> Target | None:
    return target(indicator.goal, stand.p)


def goal_words(indicator: Indicator, goal: Target) -> str:
    value = number(indicator.measured, goal.value)
    if indicator.measured is Measured.SHARE:
        value = formats.percent(goal.value, 0, language())
    template = _("Mål: högst %(value)s") if goal.at_most else _("Mål: minst %(value)s")
    return template % {"value": value}


@dataclass(frozen=True, slots=True)
class Card:
    """What the frame's figure shows."""

    label: str
    value: str
    unit: str
    goal: str
    goal_met: bool | None
    note: str
    href: str
    definition: str
    period: str
    numerator: str
    denominator: str
    missing: str
    source: str


def card(
    indicator: Indicator, figures: Figures, stand: Stand, *, before: Point | None = None, href: str = "", note: str = ""
) -> Card:
    measure = figures.of(indicator)
    goal = goal_of(indicator, stand)
    return Card(
        label=said(indicator.name),
        value=text(indicator, measure),
        unit=unit(indicator),
        goal=goal_words(indicator, goal) if goal else "",
        goal_met=goal.is_met(measure.value) if goal else None,
        note=note or change(indicator, measure, before),
        href=href,
        definition=said(indicator.definition),
        period=period(indicator, stand),
        numerator=_part(indicator.numerator, measure.numerator, measure),
        denominator=_part(indicator.denominator, measure.denominator, measure),
        missing=said(indicator.missing),
        source=said(indicator.source),
    )


def period(indicator: Indicator, stand: Stand) -> str:
    day = formats.swedish_date(stand.on, "day", language())
    if indicator.key.endswith("_month"):
        first = formats.swedish_date(stand.on.replace(day=1), "day", language())
        return f"{first}–{day}"
    return day


def _part(words: Words | None, part: object, measure: Measure) -> str:
    if words is None:
        return ""
    if part is None or measure.hidden:
        return said(words)
    value = float(str(part))
    return f"{said(words)}: {formats.thousands(value, 0 if value.is_integer() else 2, language())}"


def change(indicator: Indicator, measure: Measure, before: Point | None) -> str:
    """How far it has come since an earlier month: `+2,1 procentenheter sedan nov 2025`."""
    step = moved(indicator, measure, before)
    if before is None or not step:
        return ""
    since = formats.swedish_date(before.on, "month", language())
    return _("%(step)s sedan %(since)s") % {"step": step, "since": since}


def moved(indicator: Indicator, measure: Measure, before: Point | None) -> str:
    """The step alone; nothing where either end is missing."""
    earlier = before.figures.of(indicator).value if before else None
    if measure.value is None or earlier is None:
        return ""
    return signed(indicator.measured, measure.value - earlier)


def with_unit(indicator: Indicator, measure: Measure) -> str:
    """For a table whose rows are measured in different things; a name says "heltider" already."""
    words = text(indicator, measure)
    counts_days = indicator.measured is Measured.DAYS and measure.value is not None
    return f"{words}{formats.SPACE}{unit(indicator)}" if counts_days else words


def signed(measured: Measured, step: float) -> str:
    """`+2,1 procentenheter`, `−120`, `oförändrat`."""
    decimals = {**DECIMALS, Measured.SHARE: 1}.get(measured, 0)
    scaled = step * 100 if measured is Measured.SHARE else step
    if round(scaled, decimals) == 0:
        return _("oförändrat")
    digits = formats.thousands(abs(scaled), decimals, language())
    sign = "+" if scaled > 0 else formats.MINUS
    words = {Measured.SHARE: _("procentenheter"), Measured.MINUTES: _("min"), Measured.DAYS: _("dagar")}
    return f"{sign}{digits} {words.get(measured, '')}".strip()
