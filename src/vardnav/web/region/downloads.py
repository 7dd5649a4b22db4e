"""What is on the screen as files: the clinics that are filtered, the months of a chart, with the definitions."""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from vardnav.followup.rules import Figures, Indicator, Measured
from vardnav.followup.selectors import ClinicRow, ClinicTable, Point
from vardnav.web.frame import formats
from vardnav.web.labels import PROVIDER_FORMS
from vardnav.web.region.shown import HIDDEN, goal_of, goal_words, language, said
from vardnav.web.region.table import CAP, COLUMNS, PARTS, Asked, chosen, head

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run as a formula
NUMBER_FORMATS = {
    Measured.SHARE: "0.0%",
    Measured.PER_THOUSAND: "0.00",
    Measured.INDEX: "0.00",
    Measured.FULL_TIME: "0.00",
}
Value = str | float | None
PLACE = ("hsa_id", "name", "municipality", "care_provider", "form")


def value_of(column: Indicator | str, figures: Figures, row: ClinicRow | None = None) -> Value:
    """A number, nothing, or the mark of what is hidden."""
    if isinstance(column, str):
        if row is None:
            return None
        return row.cap if column == CAP else row.free_places
    measure = figures.of(column)
    return HIDDEN if measure.hidden else measure.value


def place_of(row: ClinicRow) -> list[str]:
    return [row.hsa_id, row.name, row.municipality, row.care_provider, str(PROVIDER_FORMS[row.form])]


def place_heads() -> list[str]:
    return [_("HSA-id"), _("Vårdcentral"), _("Kommun"), _("Vårdgivare"), _("Driftform")]


def clinics_csv(table: ClinicTable, want: Asked) -> HttpResponse:
    """UTF-8 with a mark in front, semicolons and decimal commas: what a Swedish spreadsheet opens as it is."""
    rows = [
        [*place_of(row), *(value_of(column, row.figures, row) for column in COLUMNS)] for row in chosen(table, want)
    ]
    heads = [*place_heads(), *(head(column).label for column in COLUMNS)]
    return as_csv(heads, rows, f"vardcentraler-{table.stand.on.isoformat()}")


def series_csv(points: Sequence[Point], of: Iterable[Indicator], name: str) -> HttpResponse:
    shown = list(of)
    rows = [[point.on.isoformat(), *(value_of(one, point.figures) for one in shown)] for point in points]
    return as_csv([_("Dag"), *(said(one.name) for one in shown)], rows, name)


def as_csv(heads: list[str], rows: Iterable[list[Value]], name: str) -> HttpResponse:
    written = io.StringIO()
    writer = csv.writer(written, delimiter=";")
    writer.writerow(heads)
    writer.writerows([_plain(value) for value in row] for row in rows)
    return _file(written.getvalue().encode("utf-8-sig"), "text/csv; charset=utf-8", f"{name}.csv")


def _plain(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(DANGEROUS) else value
    digits = f"{value:.4f}".rstrip("0").rstrip(".")
    return digits if language().startswith("en") else digits.replace(".", ",")


def clinics_xlsx(table: ClinicTable, want: Asked, *, region: str, now: datetime) -> HttpResponse:
    """Three sheets: the clinics, what each figure means, and where it comes from."""
    written = io.BytesIO()
    # strings stay strings: a name that begins with "=" is no formula
    book = xlsxwriter.Workbook(written, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    looks = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#E1EFF1"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "bold": book.add_format({"bold": True}),
        **{code: book.add_format({"num_format": code}) for code in {"#,##0", *NUMBER_FORMATS.values()}},
    }
    _clinics(book.add_worksheet(_("Vårdcentraler")), looks, table, chosen(table, want))
    _definitions(book.add_worksheet(_("Definitioner")), looks, table)
    _about(book.add_worksheet(_("Om uppgifterna")), looks, table, want, region, now)
    book.close()
    return _file(written.getvalue(), XLSX, f"vardcentraler-{table.stand.on.isoformat()}.xlsx")


def _clinics(sheet: Any, looks: dict[str, Any], table: ClinicTable, rows: list[ClinicRow]) -> None:
    heads = [*place_heads(), *(head(column).label for column in COLUMNS)]
    sheet.write_row(0, 0, heads, looks["head"])
    for number, row in enumerate(rows, 1):
        for at, words in enumerate(place_of(row)):
            sheet.write_string(number, at, words)
        for at, column in enumerate(COLUMNS, len(PLACE)):
            _write(sheet, number, at, value_of(column, row.figures, row), looks[_format(column)])
    sheet.write_string(len(rows) + 2, 1, _("Hela regionen"), looks["bold"])
    for at, column in enumerate(COLUMNS, len(PLACE)):
        _write(sheet, len(rows) + 2, at, value_of(column, table.region), looks[_format(column)])
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, max(len(rows), 1), len(heads) - 1)
    for at, width in enumerate((24, 30, 18, 26, 22)):
        sheet.set_column(at, at, width)
    sheet.set_column(len(PLACE), len(heads) - 1, 13)


def _format(column: Indicator | str) -> str:
    return "#,##0" if isinstance(column, str) else NUMBER_FORMATS.get(column.measured, "#,##0")


def _write(sheet: Any, row: int, column: int, value: Value, look: Any) -> None:
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif value is not None:
        sheet.write_number(row, column, value, look)


def _definitions(sheet: Any, looks: dict[str, Any], table: ClinicTable) -> None:
    heads = [_("Mått"), _("Definition"), _("Täljare"), _("Nämnare"), _("Saknas"), _("Mål"), _("Källa")]
    sheet.write_row(0, 0, heads, looks["head"])
    for number, one in enumerate((one for one in COLUMNS if not isinstance(one, str)), 1):
        goal = goal_of(one, table.stand)
        texts = [
            said(one.name),
            said(one.definition),
            said(one.numerator),
            said(one.denominator) if one.denominator else "",
            said(one.missing),
            goal_words(one, goal) if goal else "",
            said(one.source),
        ]
        for at, words in enumerate(texts):
            sheet.write_string(number, at, words, looks["text"])
    for at, width in enumerate((30, 60, 34, 34, 50, 22, 34)):
        sheet.set_column(at, at, width)
    sheet.freeze_panes(1, 1)


def _about(sheet: Any, looks: dict[str, Any], table: ClinicTable, want: Asked, region: str, now: datetime) -> None:
    spoken = language()
    place = next((row.municipality for row in table.rows if row.municipality_code == want.municipality), _("alla"))
    lines = [
        (_("Region"), region),
        (_("Uppgifterna gäller"), formats.swedish_date(table.stand.on, "day", spoken)),
        (_("Räknat"), _moment(table.stand.counted_at)),
        (_("Hämtat"), _moment(now)),
        (_("Sökord"), want.query or "–"),
        (_("Kommun"), place),
        (_("Vårdgivare"), want.care_provider or _("alla")),
        (_("Urval"), str(PARTS[want.part])),
        (HIDDEN, hidden_words()),
    ]
    for number, (name, words) in enumerate(lines):
        sheet.write_string(number, 0, name, looks["bold"])
        sheet.write_string(number, 1, words, looks["text"])
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 90)


def hidden_words() -> str:
    return _(
        "Färre än fem personer, eller dolt för att ett sådant tal inte ska kunna räknas fram ur de andra. "
        "Noll visas som noll."
    )


def _moment(at: datetime) -> str:
    spoken = language()
    return f"{formats.swedish_date(at, 'day', spoken)} {formats.clock(at, spoken)}"


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
