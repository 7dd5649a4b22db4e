"""Components of the region's desk: `{% load region %}`."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, timedelta
from functools import lru_cache
from html import escape  # of plain text; Django's looks for translations in every cell
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from vardnav.followup.rules import Words
from vardnav.listing.rules import CapState
from vardnav.organisation.rules import EmploymentRole
from vardnav.web.labels import CAP_STATES, EMPLOYMENT_ROLES
from vardnav.web.region.charts import Chart
from vardnav.web.region.shown import HIDDEN, Card, language, said
from vardnav.web.region.table import Cell

register = template.Library()
MARKS = {None: "", True: " data-met", False: " data-missed"}
CAP_COLOURS = {CapState.ASKED: "info", CapState.GRANTED: "success", CapState.REFUSED: "neutral"}


@register.inclusion_tag("frame/components/figure.html")
def region_figure(shown: Card) -> dict[str, Any]:
    """A figure with its definition one click away."""
    return {**asdict(shown), "explained": True}


@register.inclusion_tag("region/chart.html")
def region_chart(drawn: Chart) -> dict[str, Any]:
    return {"chart": drawn}


@register.simple_tag
def region_cells(cells: Sequence[Cell]) -> SafeString:
    """A row's figures: written here, because a page has thousands of them."""
    hidden, notes = _notes(language())
    return mark_safe(  # noqa: S308 - every part is escaped or our own
        "".join(
            f'<td class="num"{MARKS[cell.met]}>{hidden if cell.hidden else escape(cell.text)}{notes[cell.met]}</td>'
            for cell in cells
        )
    )


@lru_cache
def _notes(spoken: str) -> tuple[str, dict[bool | None, str]]:
    """What only a screen reader says, in the language that is active."""
    words = {True: _("målet nås"), False: _("målet nås inte")}
    aside = '<span class="ds-sr-only"> {}</span>'
    notes: dict[bool | None, str] = {met: format_html(aside, said) for met, said in words.items()}
    hidden = format_html(f'<span aria-hidden="true">{HIDDEN}</span>{aside}', _("dolt, för få"))
    return hidden, {None: "", **notes}


@register.filter
def in_words(words: Words | None) -> str:
    return said(words) if words is not None else "–"


@register.filter
def doctor_role(role: str) -> str:
    return str(EMPLOYMENT_ROLES[EmploymentRole(role)])


@register.filter
def cap_word(state: str) -> str:
    return str(CAP_STATES[CapState(state)])


@register.filter
def cap_colour(state: str) -> str:
    return CAP_COLOURS[CapState(state)]


@register.filter
def through(ends_on: date | None) -> date | None:
    """Periods are half-open; people say "to and including"."""
    return ends_on - timedelta(days=1) if ends_on else None
