"""A clinic's list as CSV and XLSX."""

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, fields
from datetime import date

import xlsxwriter
from django.http import HttpResponse
from django.utils.translation import gettext as _

from vardnav.listing.selectors import RegisterRow

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run as a formula


def headings() -> dict[str, str]:
    return {
        "personal_number": _("Personnummer"),
        "last_name": _("Efternamn"),
        "first_name": _("Förnamn"),
        "age": _("Ålder"),
        "protected": _("Skyddade personuppgifter"),
        "address": _("Adress"),
        "postal_code": _("Postnummer"),
        "city": _("Ort"),
        "burden": _("Vårdtyngd"),
        "since": _("Listad från"),
        "doctor": _("Fast läkare"),
        "doctor_since": _("Fast läkare från"),
        "above_reason": _("Skäl över kapacitet"),
    }


def _cells(row: RegisterRow) -> list[object]:
    return [_cell(value) for value in astuple(row)]


def _cell(value: object) -> object:
    if isinstance(value, bool):
        return _("Ja") if value else ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str) and value.startswith(DANGEROUS):
        return f"'{value}"
    return "" if value is None else value


def _titles() -> list[str]:
    names = headings()
    return [names[field.name] for field in fields(RegisterRow)]


def as_csv(rows: Iterable[RegisterRow], name: str) -> HttpResponse:
    """UTF-8 with a mark in front, semicolons: what a Swedish spreadsheet opens as it is."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(_titles())
    writer.writerows(_cells(row) for row in rows)
    return _file("\ufeff" + text.getvalue(), "text/csv; charset=utf-8", f"{name}.csv")


def as_xlsx(rows: Iterable[RegisterRow], name: str) -> HttpResponse:
    held = io.BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet = book.add_worksheet(_("Listade"))
        sheet.write_row(0, 0, _titles(), book.add_format({"bold": True}))
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, len(_titles()) - 1, 18)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(_cells(row)):
                sheet.write(number, column, float(value) if field_is_number(column) else value)  # type: ignore[arg-type]
    return _file(held.getvalue(), XLSX, f"{name}.xlsx")


def field_is_number(column: int) -> bool:
    return fields(RegisterRow)[column].name in ("age", "burden")


def _file(content: str | bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
