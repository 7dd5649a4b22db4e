"""Tags of the resident's pages: `{% load resident %}`."""

from typing import Any

from django import template

from vardnav.outbox.selectors import Received
from vardnav.web.labels import SPECIALTIES, language_name
from vardnav.web.resident.messages import Worded, worded
from vardnav.web.resident.subject import Subject, url_for

register = template.Library()


@register.simple_tag
def link(subject: Subject | None, name: str, **arguments: Any) -> str:
    """The address of a page about me or about my child; without a subject, the page that is open to all."""
    return url_for(subject, name, **arguments)


@register.filter
def in_words(message: Received) -> Worded:
    return worded(message)


@register.filter
def language(code: str) -> str:
    return language_name(code)


@register.filter
def specialty(code: str) -> str:
    return str(SPECIALTIES.get(code, ""))
