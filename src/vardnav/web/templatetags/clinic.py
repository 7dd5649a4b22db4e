"""Words of the clinic's desk: `{% load clinic %}`."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import template
from django.utils.translation import gettext as _

from vardnav.listing.rules import CapState, Origin
from vardnav.listing.selectors import WithoutReason
from vardnav.organisation.rules import EmploymentRole, Profession
from vardnav.web.labels import CAP_STATES, EMPLOYMENT_ROLES, ORIGINS, PROFESSIONS

register = template.Library()
CAP_COLOURS = {CapState.ASKED: "info", CapState.GRANTED: "success", CapState.REFUSED: "danger"}


@register.filter
def last_day(ends_on: date | None) -> date | None:
    """Periods are half-open; people say "to and including"."""
    return ends_on - timedelta(days=1) if ends_on else None


@register.filter
def of(mapping: Mapping[Any, Any], key: object) -> Any:
    return mapping.get(key)


@register.filter
def employment_role(value: str) -> str:
    return str(EMPLOYMENT_ROLES[EmploymentRole(value)])


@register.filter
def profession(value: str) -> str:
    return str(PROFESSIONS[Profession(value)])


@register.filter
def origin(value: str) -> str:
    return str(ORIGINS[Origin(value)])


@register.filter
def cap_state(value: str) -> str:
    return str(CAP_STATES[CapState(value)])


@register.filter
def cap_colour(value: str) -> str:
    return CAP_COLOURS[CapState(value)]


@register.filter
def without_reason(value: str) -> str:
    return {
        WithoutReason.LEFT: _("Läkaren har slutat"),
        WithoutReason.NEW: _("Ny listad, under 90 dagar"),
        WithoutReason.NOT_NAMED: _("Har aldrig fått någon"),
    }[WithoutReason(value)]
