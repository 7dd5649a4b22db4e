"""Components and formats for templates: `{% load vardnav %}`."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.forms import BaseForm, BoundField, Field
from django.forms.widgets import (
    CheckboxInput,
    CheckboxSelectMultiple,
    FileInput,
    RadioSelect,
    Select,
    Textarea,
)
from django.http import QueryDict
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from vardnav.kernel.personal_number import PersonalNumber
from vardnav.web.frame import formats

register = template.Library()

ICONS = Path(__file__).resolve().parent.parent / "static/vendor/lucide"
HIDDEN = mark_safe('aria-hidden="true"')  # nosec B308 - a constant
STATUS_ICONS = {
    "success": "circle-check",
    "warning": "triangle-alert",
    "danger": "octagon-alert",
    "info": "info",
    "neutral": "circle-dot",
    "accent": "arrow-right",
}


def _language() -> str:
    return get_language() or "sv"


# --- Formats ---------------------------------------------------------------------------------------


@register.filter
def thousands(value: formats.Number | None, decimals: int = 0) -> str:
    return formats.thousands(value, decimals, _language())


@register.filter
def percent(share: formats.Number | None, decimals: int = 0) -> str:
    return formats.percent(share, decimals, _language())


@register.filter
def km(value: formats.Number | None) -> str:
    return formats.km(value, _language())


@register.filter
def minutes(value: formats.Number | None) -> str:
    return formats.minutes(value, _language())


@register.filter
def swedish_date(value: date | None, form: str = "long") -> str | SafeString:
    if value is None:
        return formats.MISSING
    text = formats.swedish_date(value, form, _language())
    return format_html('<time datetime="{}">{}</time>', formats.local_date(value).isoformat(), text)


@register.filter
def clock(value: datetime | None) -> str:
    return formats.clock(value, _language())


@register.filter
def age(born: date | None, on: date | None = None) -> str:
    return formats.age(born, on or formats.local_date(timezone.now()), _language())


@register.filter
def personal_number(value: PersonalNumber | str | None) -> str | SafeString:
    short, full = formats.personal_number(value, formats.local_date(timezone.now()))
    if not full:
        return short
    return format_html('<span class="number" title="{}">{}</span>', full, short)


@register.filter
def phone(value: str | None) -> str | SafeString:
    """A link that rings, where there is a number."""
    if not value:
        return formats.MISSING
    return format_html('<a class="number" href="tel:{}">{}</a>', value.replace(" ", ""), formats.phone(value))


# --- Icons and statuses ----------------------------------------------------------------------------


@cache
def _icon_body(name: str) -> str:
    text = (ICONS / f"{name}.svg").read_text()
    return " ".join(text[text.index(">", text.index("<svg")) + 1 : text.rindex("</svg>")].split())


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """A Lucide icon; silent beside its word, named when it stands alone."""
    body = mark_safe(_icon_body(name))  # noqa: S308 - our own vendored files
    named = format_html('role="img" aria-label="{}"', label) if label else HIDDEN
    return format_html(
        '<svg class="icon" {} focusable="false" width="20" height="20" viewBox="0 0 24 24" fill="none"'
        ' stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">{}</svg>',
        named,
        body,
    )


@register.simple_tag
def status(kind: str, word: str, symbol: str = "") -> SafeString:
    """An icon and a word: colour is never the only carrier."""
    return format_html(
        '<span class="status" data-color="{}">{}<span>{}</span></span>',
        kind,
        icon(symbol or STATUS_ICONS[kind]),
        word,
    )


@register.simple_tag
def protected_mark() -> SafeString:
    return status("danger", _("Skyddade personuppgifter"), "shield-alert")


# --- Forms -----------------------------------------------------------------------------------------


@register.inclusion_tag("frame/components/form_errors.html")
def form_errors(form: BaseForm) -> dict[str, Any]:
    """The summary above a form: each error links to its field."""
    found = [(field.auto_id, _named(field, str(error))) for field in form for error in field.errors]
    return {"general": form.non_field_errors(), "errors": found}


def _named(bound: BoundField, error: str) -> str:
    """Django's own "must be filled in" does not say which field."""
    nameless = str(Field.default_error_messages["required"])
    return f"{bound.label}: {error[:1].lower()}{error[1:]}" if error == nameless else error


@register.inclusion_tag("frame/components/field.html")
def field(bound: BoundField, width: str = "", label_size: str = "") -> dict[str, Any]:
    """Label above, help under it, error beside the field; linked for screen readers.

    `width`: "short" (numbers, dates), "medium" (names), or the whole column.
    `label_size="page"`: the label is the page's question.
    """
    widget = bound.field.widget
    kind = _field_kind(widget)
    described = [f"{bound.auto_id}_help"] if bound.help_text else []
    if bound.errors:
        described.append(f"{bound.auto_id}_error")
    attrs: dict[str, str | bool] = {"class": f"ds-input {widget.attrs.get('class', '')}".strip()}
    if width:
        attrs["data-width"] = width
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return {
        "field": bound,
        "kind": kind,
        "hidden": widget.is_hidden,
        "control": "" if kind == "choices" else bound.as_widget(attrs=attrs),
        "choices": list(bound.subwidgets) if kind == "choices" else [],
        "described": " ".join(described),
        "optional": not bound.field.required and kind != "checkbox",
        "label_size": label_size,
    }


def _field_kind(widget: Any) -> str:
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return "choices"
    kinds: tuple[tuple[type, str], ...] = (
        (CheckboxInput, "checkbox"),
        (Select, "select"),
        (Textarea, "textarea"),
        (FileInput, "file"),
    )
    return next((name for cls, name in kinds if isinstance(widget, cls)), "text")


# --- Figures, meters, charts -----------------------------------------------------------------------


@register.inclusion_tag("frame/components/figure.html")
def figure(label: str, value: object, **extra: Any) -> dict[str, Any]:
    """A figure card.

    Extra: unit, goal, goal_met (bool), note, href, definition, period, numerator, denominator, missing,
    source.
    """
    explained = ("definition", "period", "numerator", "denominator", "missing", "source")
    return {
        "label": label,
        "value": value,
        "explained": any(extra.get(name) not in (None, "") for name in explained),
        **extra,
    }


@register.inclusion_tag("frame/components/meter.html")
def meter(value: formats.Number | None, maximum: formats.Number | None, label: str = "") -> dict[str, Any]:
    """`value` of `maximum` as a bar; what is above the maximum is hatched and named."""
    known = value is not None and maximum is not None and maximum > 0
    amount, limit = Decimal(str(value or 0)), Decimal(str(maximum or 0))
    scale = max(amount, limit) or Decimal(1)
    return {
        "known": known,
        "label": label,
        "value": value,
        "maximum": maximum,
        "within": f"{min(amount, limit) / scale * 100:.2f}%",
        "limit": f"{limit / scale * 100:.2f}%",
        "excess": f"{max(amount - limit, Decimal(0)) / scale * 100:.2f}%",
        "over": known and amount > limit,
        "excess_value": amount - limit,
    }


@register.simple_block_tag
def chart(content: str, kind: str, title: str, **extra: Any) -> SafeString:
    """A chart drawn from the table inside it.

    Extra: goal, goal_label, unit, note, source, download, stacked, from_zero.
    """
    return render_to_string("frame/components/chart.html", {"kind": kind, "title": title, "table": content, **extra})


@register.inclusion_tag("frame/components/region_map.html")
def region_map(
    areas: str, title: str, *, points: str = "", field: str = "value", steps: str = "", unit: str = ""
) -> dict[str, Any]:
    """Areas (GeoJSON address) shaded by the number under `field`; `steps` are up to four class limits."""
    return {
        "areas": areas,
        "title": title,
        "points": points,
        "property": field,
        "steps": steps,
        "unit": unit,
    }


# --- Lists -----------------------------------------------------------------------------------------


@register.simple_block_tag
def scroll_table(content: str, label: str, sticky: bool = True) -> SafeString:
    """Around a `<table class="ds-table">`: head stays, and a phone scrolls sideways inside it."""
    return format_html(
        '<div class="table-wrap" role="region" aria-label="{}" tabindex="0"{}>{}</div>',
        label,
        mark_safe(" data-sticky") if sticky else "",  # nosec B308 - a constant
        content,
    )


@register.simple_tag(takes_context=True)
def sort_header(context: template.Context, key: str, label: str, numeric: bool = False) -> SafeString:
    """A column head that sorts by `?sort=key`, once more `?sort=-key`; the rest of the address is kept."""
    query = _query(context)
    current = str(context.get("sort", "") or query.get("sort", ""))
    direction = {key: "ascending", f"-{key}": "descending"}.get(current)
    query["sort"] = f"-{key}" if direction == "ascending" else key
    for cursor in ("after", "before"):
        query.pop(cursor, None)
    arrow = {"ascending": "arrow-up", "descending": "arrow-down"}.get(direction or "", "arrow-up-down")
    return format_html(
        '<th scope="col"{}{}><a class="sort" href="?{}">{}{}</a></th>',
        mark_safe(' class="num"') if numeric else "",  # nosec B308 - a constant
        format_html(' aria-sort="{}"', direction) if direction else "",
        query.urlencode(),
        label,
        icon(arrow),
    )


@register.inclusion_tag("frame/components/pager.html", takes_context=True)
def pager(
    context: template.Context,
    previous: str | None = None,
    next: str | None = None,  # noqa: A002 - reads as the word on the screen
    count: int | None = None,
    shown: int | None = None,
) -> dict[str, Any]:
    """Key set paging: `?before=` and `?after=` with the cursors the selector gave."""

    def address(name: str, cursor: str | None) -> str:
        if not cursor:
            return ""
        query = _query(context)
        for each in ("after", "before"):
            query.pop(each, None)
        query[name] = cursor
        return f"?{query.urlencode()}"

    return {
        "previous": address("before", previous),
        "next": address("after", next),
        "count": count,
        "shown": shown,
    }


def _query(context: template.Context) -> QueryDict:
    request = context.get("request")
    return request.GET.copy() if request is not None else QueryDict(mutable=True)


@register.inclusion_tag("frame/components/empty_state.html")
def empty_state(title: str, text: str = "", href: str = "", action: str = "", symbol: str = "inbox") -> dict[str, Any]:
    return {"title": title, "text": text, "href": href, "action": action, "symbol": symbol}


# --- Telling and asking ----------------------------------------------------------------------------


@register.simple_block_tag
def notice(content: str, kind: str = "info", title: str = "", symbol: str = "") -> SafeString:
    """A box with something to know; `kind` as for `status`."""
    return render_to_string(
        "frame/components/notice.html",
        {"kind": kind, "title": title, "symbol": symbol or STATUS_ICONS[kind], "content": content},
    )


@register.simple_block_tag
def confirm(content: str, name: str, title: str, action: str, kind: str = "accent") -> SafeString:
    """The dialog that `<form data-confirm="name">` opens before it is sent: what will happen, to whom."""
    return render_to_string(
        "frame/components/confirm.html",
        {"name": name, "title": title, "action": action, "kind": kind, "content": content},
    )


@register.inclusion_tag("frame/components/live_status.html")
def live_status(at: datetime | None = None) -> dict[str, Any]:
    """When the last news came; live.js keeps it true and says when the channel is lost."""
    return {"at": at or timezone.now()}
