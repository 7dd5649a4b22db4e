"""Words of the administrator's pages: `{% load admin %}`."""

from datetime import datetime, timedelta

from django import template

from vardnav.identity.rules import Scope
from vardnav.web.admin.forms import SCOPES

register = template.Library()


@register.filter
def scope_words(scope: str) -> str:
    return str(SCOPES.get(Scope(scope), scope))


@register.filter
def last_day(ends_at: datetime | None) -> datetime | None:
    """What ends when a day begins had the day before as its last."""
    return ends_at - timedelta(seconds=1) if ends_at else None
