"""The table of clinics: which part of it, in which order, with which columns."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from vardnav.followup.rules import Indicator, Level, Measured, indicators, together, total
from vardnav.followup.rules.figures import Figures
from vardnav.followup.selectors import ClinicRow, ClinicTable, Stand
from vardnav.listing.selectors.clinics import swedish_key
from vardnav.web.frame import formats
from vardnav.web.region.shown import HIDDEN, goal_of, language, number, said, text


class Part(StrEnum):
    ALL = ""
    ABOVE = "over"
    BELOW_NAMED = "fast-lakare"
    WITHOUT = "utan-specialist"
    QUEUE = "ko"
    CAP = "tak"
    DOCTOR_GONE = "lakare-slutat"


PARTS = {
    Part.ALL: gettext_lazy("Alla"),
    Part.ABOVE: gettext_lazy("Över riktvärdet"),
    Part.BELOW_NAMED: gettext_lazy("Under målet för fast läkare"),
    Part.WITHOUT: gettext_lazy("Utan specialist"),
    Part.QUEUE: gettext_lazy("Med kö"),
    Part.CAP: gettext_lazy("Med tak"),
    Part.DOCTOR_GONE: gettext_lazy("Där en fast läkare slutat"),
}
CHECKS: dict[Part, Callable[[ClinicRow, Stand], bool]] = {
    Part.ALL: lambda row, stand: True,
    Part.ABOVE: lambda row, stand: row.has_no_specialist or (row.per_specialist or 0) > stand.p.ceiling,
    Part.BELOW_NAMED: lambda row, stand: (
        row.tally.listed > 0 and row.tally.named * 100 < stand.p.goal_named_doctor_percent * row.tally.listed
    ),
    Part.WITHOUT: lambda row, stand: row.has_no_specialist,
    Part.QUEUE: lambda row, stand: row.tally.queue > 0,
    Part.CAP: lambda row, stand: row.cap is not None,
    Part.DOCTOR_GONE: lambda row, stand: row.tally.doctor_gone > 0,
}

CAP = "cap"
FREE = "free_places"
COLUMNS: tuple[Indicator | str, ...] = (
    indicators.LISTED,
    indicators.PER_SPECIALIST,
    indicators.NAMED_SHARE,
    indicators.QUEUE_LENGTH,
    CAP,
    indicators.LOAD_OF_CAPACITY,
    indicators.BURDEN,
    indicators.OLDEST_WAIT,
    indicators.MEAN_WAIT,
    FREE,
    indicators.SPECIALISTS,
    indicators.TRAINEES,
    indicators.LOCUMS,
    indicators.DOCTOR_GONE,
    indicators.PASSIVE_SHARE,
    indicators.JOINED,
    indicators.LEFT,
    indicators.CHOSEN,
    indicators.TRAVEL_MEDIAN,
    indicators.TRAVEL_P95,
)
FEW = 9  # columns before "all"
TEXTS: dict[str, Callable[[ClinicRow], str]] = {
    "name": lambda row: row.name,
    "municipality": lambda row: row.municipality,
    "care_provider": lambda row: row.care_provider,
}
DEFAULT_SORT = "-listed_per_specialist"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for; what it does not understand is the default."""

    query: str
    municipality: str
    care_provider: str
    part: Part
    indicator: Indicator
    all_columns: bool
    sort: str

    @property
    def is_filtered(self) -> bool:
        return bool(self.query or self.municipality or self.care_provider or self.part)


MAPPED = tuple(one for one in indicators.INDICATORS if one.steps and Level.MUNICIPALITY in one.levels)


def asked(given: QueryDict) -> Asked:
    sort = given.get("sort", "")
    part = given.get("urval", "")
    return Asked(
        query=given.get("q", "").strip()[:80],
        municipality=given.get("kommun", "")[:4],
        care_provider=given.get("vardgivare", "")[:200],
        part=Part(part) if part in {one.value for one in Part} else Part.ALL,
        indicator=asked_indicator(given.get("karta", "")),
        all_columns=given.get("kolumner") == "alla",
        sort=sort if sort.removeprefix("-") in SORTABLE else DEFAULT_SORT,
    )


def asked_indicator(key: str) -> Indicator:
    """What the map is shaded by."""
    found = indicators.BY_KEY.get(key)
    return found if found in MAPPED else indicators.PER_SPECIALIST


SORTABLE = frozenset({*TEXTS, *(one if isinstance(one, str) else one.key for one in COLUMNS)})


def chosen(table: ClinicTable, want: Asked) -> list[ClinicRow]:
    """The rows that fit, in order. What is hidden has no place in an order: it would be told by it."""
    words = want.query.casefold().split()
    rows = [
        row
        for row in table.rows
        if all(word in f"{row.name} {row.municipality} {row.hsa_id}".casefold() for word in words)
        and want.municipality in ("", row.municipality_code)
        and want.care_provider in ("", row.care_provider)
        and CHECKS[want.part](row, table.stand)
    ]
    return ordered(rows, want.sort)


def ordered(rows: Iterable[ClinicRow], sort: str) -> list[ClinicRow]:
    key, backwards = sort.removeprefix("-"), sort.startswith("-")
    if key in TEXTS:
        return sorted(rows, key=lambda row: swedish_key(TEXTS[key](row)), reverse=backwards)
    valued = [(sort_value(row, key), row) for row in rows]
    known = [(value, row) for value, row in valued if value is not None]
    found = [row for _value, row in sorted(known, key=lambda one: one[0], reverse=backwards)]
    unknown = [row for value, row in valued if value is None]
    # a clinic without a specialist is worse than any figure: it stands first among the worst
    return [*unknown, *found] if key == indicators.PER_SPECIALIST.key and backwards else [*found, *unknown]


def sort_value(row: ClinicRow, key: str) -> float | None:
    if key in (CAP, FREE):
        found = row.cap if key == CAP else row.free_places
        return None if found is None else float(found)
    return row.figures.of(indicators.BY_KEY[key]).value


@dataclass(frozen=True, slots=True)
class Head:
    key: str
    label: str
    title: str


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    met: bool | None = None

    @property
    def hidden(self) -> bool:
        return self.text == HIDDEN


@dataclass(frozen=True, slots=True)
class Line:
    row: ClinicRow
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Shown:
    """What the template draws."""

    heads: list[Head]
    lines: list[Line]
    chosen: list[Cell] | None
    region: list[Cell]
    goals: list[str]
    count: int
    of: int


def shown(table: ClinicTable, want: Asked) -> Shown:
    rows = chosen(table, want)
    columns = COLUMNS if want.all_columns else COLUMNS[:FEW]
    return Shown(
        heads=[head(one) for one in columns],
        lines=lines(rows, columns, table.stand),
        chosen=_sum(rows, table, columns) if len(rows) < len(table.rows) else None,
        region=[cell(one, table.region, table.stand, None) for one in columns],
        goals=[_goal(one, table.stand) for one in columns],
        count=len(rows),
        of=len(table.rows),
    )


def _sum(rows: list[ClinicRow], table: ClinicTable, columns: Iterable[Indicator | str]) -> list[Cell]:
    figures = together([row.figures for row in rows], total(row.tally for row in rows))
    return [cell(one, figures, table.stand, None) for one in columns]


def lines(rows: list[ClinicRow], columns: Iterable[Indicator | str], stand: Stand) -> list[Line]:
    """Column by column: what a column's figures share is looked up once, not for each of five thousand cells."""
    by_column = [_column(one, rows, stand) for one in columns]
    return [Line(row, list(cells)) for row, cells in zip(rows, zip(*by_column, strict=True), strict=True)]


def _column(column: Indicator | str, rows: list[ClinicRow], stand: Stand) -> list[Cell]:
    spoken = language()
    if isinstance(column, str):
        return [Cell(_cap_text(column, row.figures, row)) for row in rows]
    goal = goal_of(column, stand)
    measures = [row.figures.of(column) for row in rows]
    return [Cell(text(column, one, spoken), goal.is_met(one.value) if goal else None) for one in measures]


def head(column: Indicator | str) -> Head:
    if isinstance(column, str):
        label = {CAP: _("Tak"), FREE: _("Lediga platser")}[column]
        return Head(column, label, label)
    return Head(column.key, said(column.short), said(column.definition))


def cell(column: Indicator | str, figures: Figures, stand: Stand, row: ClinicRow | None) -> Cell:
    if isinstance(column, str):
        return Cell(_cap_text(column, figures, row))
    measure = figures.of(column)
    goal = goal_of(column, stand)
    met = goal.is_met(measure.value) if goal else None
    return Cell(text(column, measure), met)


def _cap_text(column: str, figures: Figures, row: ClinicRow | None) -> str:
    if row is None:
        count = figures.tally.caps if column == CAP else figures.tally.free_places
        words = _("%(count)s tak") % {"count": count} if column == CAP else str(count)
        return words if figures.tally.caps else formats.MISSING
    return number(Measured.COUNT, row.cap if column == CAP else row.free_places)


def _goal(column: Indicator | str, stand: Stand) -> str:
    goal = None if isinstance(column, str) else goal_of(column, stand)
    if goal is None or isinstance(column, str):
        return ""
    value = formats.percent(goal.value, 0, language()) if column.measured is Measured.SHARE else ""
    return f"{'≤' if goal.at_most else '≥'} {value or number(column.measured, goal.value)}"
