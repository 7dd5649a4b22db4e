"""The region's figures, read from what is counted: no patient can be told from them, so no line is written."""

from vardnav.followup.selectors.clinics import ClinicRow, ClinicTable, clinic_table
from vardnav.followup.selectors.decisions import CapNow, Decisions, Request, decisions
from vardnav.followup.selectors.overview import Overview, Waiting, overview
from vardnav.followup.selectors.pages import (
    ClinicPage,
    DoctorRow,
    MunicipalityPage,
    clinic_page,
    municipality_page,
)
from vardnav.followup.selectors.places import MunicipalityRow, municipality_shapes, municipality_table
from vardnav.followup.selectors.report import Report, month_report
from vardnav.followup.selectors.series import Point, clinic_series, municipality_series, region_series
from vardnav.followup.selectors.stand import Stand, latest, stand_on

__all__ = [
    "CapNow",
    "ClinicPage",
    "ClinicRow",
    "ClinicTable",
    "Decisions",
    "DoctorRow",
    "MunicipalityPage",
    "MunicipalityRow",
    "Overview",
    "Point",
    "Report",
    "Request",
    "Stand",
    "Waiting",
    "clinic_page",
    "clinic_series",
    "clinic_table",
    "decisions",
    "latest",
    "month_report",
    "municipality_page",
    "municipality_series",
    "municipality_shapes",
    "municipality_table",
    "overview",
    "region_series",
    "stand_on",
]
