"""How numbers, dates and identity numbers are written on the screen (screens.md, Language and numbers).

Every function answers text with the right no-break spaces, so that a figure never parts from its unit.
"""

import re
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from vardnav.kernel.personal_number import PersonalNumber

Number = int | float | Decimal

STOCKHOLM = ZoneInfo("Europe/Stockholm")
THOUSAND = "\N{NARROW NO-BREAK SPACE}"
SPACE = "\N{NO-BREAK SPACE}"
MISSING = "–"
MINUS = "\N{MINUS SIGN}"

WEEKDAYS = {
    "sv": ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
MONTHS = {
    "sv": ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "June", "July", "Aug", "Sept", "Oct", "Nov", "Dec"),
}
UNITS = {
    "sv": {"hour": "tim", "minute": "min", "year": "år", "month": "mån", "week": "v."},
    "en": {"hour": "h", "minute": "min", "year": "years", "month": "months", "week": "w."},
}
# fmt: off
THREE_DIGIT_AREAS = frozenset({
    "010", "011", "013", "016", "018", "019", "020", "021", "023", "026", "031", "033", "035", "036",
    "040", "042", "044", "046", "054", "060", "063", "090",
})
# fmt: on


def _known(language: str) -> str:
    return "en" if language.startswith("en") else "sv"


def _round(value: Number, decimals: int) -> Decimal | None:
    """Half up, as people round; None for what is not a finite number."""
    try:
        exact = Decimal(str(value))
        return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) if exact.is_finite() else None
    except InvalidOperation:
        return None


def thousands(value: Number | None, decimals: int = 0, language: str = "sv") -> str:
    """`1 100`; `12,5` with decimals=1 (`12.5` in English)."""
    rounded = None if value is None else _round(value, decimals)
    if rounded is None:
        return MISSING
    whole, _, rest = f"{abs(rounded):,.{decimals}f}".partition(".")
    text = whole.replace(",", THOUSAND)
    if rest:
        text += ("." if _known(language) == "en" else ",") + rest
    return MINUS + text if rounded < 0 else text


def percent(share: Number | None, decimals: int = 0, language: str = "sv") -> str:
    """A share between 0 and 1 as `55 %`."""
    if share is None:
        return MISSING
    text = thousands(Decimal(str(share)) * 100, decimals, language)
    return text if text == MISSING else f"{text}{SPACE}%"


def km(value: Number | None, language: str = "sv") -> str:
    """`12,5 km`; whole kilometres from 100."""
    if value is None:
        return MISSING
    text = thousands(value, 0 if value >= 100 else 1, language)
    return text if text == MISSING else f"{text}{SPACE}km"


def minutes(value: Number | None, language: str = "sv") -> str:
    """`25 min`, `1 tim 5 min`."""
    rounded = None if value is None else _round(value, 0)
    if rounded is None:
        return MISSING
    unit = UNITS[_known(language)]
    hours, rest = divmod(int(rounded), 60)
    parts = []
    if hours:
        parts.append(f"{thousands(hours)}{SPACE}{unit['hour']}")
    if rest or not hours:
        parts.append(f"{rest}{SPACE}{unit['minute']}")
    return SPACE.join(parts)


def local_date(value: date) -> date:
    """The calendar day in Sweden of an instant; a plain date is already one."""
    if isinstance(value, datetime):
        return value.astimezone(STOCKHOLM).date() if value.tzinfo else value.date()
    return value


def swedish_date(value: date | None, form: str = "long", language: str = "sv") -> str:
    """`sön 22 nov 2026`.

    Forms: "long", "short" `sön 22 nov`, "day" `22 nov 2026`, "month" `nov 2026`, "iso", "week" `v. 47`.
    """
    if value is None:
        return MISSING
    day = local_date(value)
    known = _known(language)
    weekday = WEEKDAYS[known][day.weekday()]
    month = MONTHS[known][day.month - 1]
    forms = {
        "long": f"{weekday} {day.day} {month} {day.year}",
        "short": f"{weekday} {day.day} {month}",
        "day": f"{day.day} {month} {day.year}",
        "month": f"{month} {day.year}",
        "iso": day.isoformat(),
        "week": f"{UNITS[known]['week']} {day.isocalendar().week}",
    }
    return forms[form].replace(" ", SPACE)


def clock(value: datetime | None, language: str = "sv") -> str:
    """The time of day in Sweden: `kl. 08.10` (`08:10` in English)."""
    if value is None:
        return MISSING
    local = value.astimezone(STOCKHOLM) if value.tzinfo else value
    return f"{local:%H:%M}" if _known(language) == "en" else f"kl.{SPACE}{local:%H.%M}"


def age(born: date | None, on: date, language: str = "sv") -> str:
    """Years, and months before the second birthday."""
    if born is None:
        return MISSING
    months = (on.year - born.year) * 12 + on.month - born.month - (on.day < born.day)
    unit = UNITS[_known(language)]
    if months < 24:
        return f"{months}{SPACE}{unit['month']}"
    return f"{months // 12}{SPACE}{unit['year']}"


def personal_number(value: PersonalNumber | str | None, on: date) -> tuple[str, str]:
    """As people write it and with the century: (`121212-1212`, `19121212-1212`)."""
    if not value:
        return MISSING, ""
    number = value if isinstance(value, PersonalNumber) else PersonalNumber(value)
    if len(number.value) != 12:
        return str(number), ""
    return number.short(on), number.long()


def phone(value: str | None) -> str:
    """`08-123 45 67`, `070-123 45 67`; what is not a Swedish number is left as it was written."""
    if not value:
        return MISSING
    digits = re.sub(r"[^\d+]", "", value)
    digits = re.sub(r"^(\+46|0046)0?", "0", digits)
    if not re.fullmatch(r"0[1-9]\d{5,9}", digits):
        return value
    area = _area(digits)
    return f"{area}-{_groups(digits[len(area) :])}"


def _area(digits: str) -> str:
    if digits.startswith("08"):
        return "08"
    if digits.startswith("07") or digits[:3] in THREE_DIGIT_AREAS:
        return digits[:3]
    return digits[:4]


def _groups(rest: str) -> str:
    """Two by two from the right; what is left over stands first as three (or as it is when two or less)."""
    shapes = {4: (2, 2), 5: (3, 2), 6: (2, 2, 2), 7: (3, 2, 2), 8: (3, 3, 2)}
    parts, start = [], 0
    for size in shapes.get(len(rest), (len(rest),)):
        parts.append(rest[start : start + size])
        start += size
    return SPACE.join(parts)
