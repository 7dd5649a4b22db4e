"""Swedish identity numbers: personal, coordination, and a region's reserve numbers.

Personal identity number: date of birth, three-digit birth number (odd for men, even for women), Luhn check
digit (Folkbokföringslagen 1991:481, 18 §). Coordination number: the day raised by 60 (18 a §). A reserve
number has an R where the birth number starts, so it can never be mistaken for either.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum import luhn

LONG = re.compile(r"(\d{4})(\d{2})(\d{2})[-+ ]?(\d{4}|R\d{3})\Z", re.ASCII)
SHORT = re.compile(r"(\d{2})(\d{2})(\d{2})([-+]?)(\d{4})\Z", re.ASCII)
TEST_BIRTH_NUMBERS = range(980, 1000)  # Skatteverket's published test persons


class NumberKind(StrEnum):
    PERSONAL = "personal"
    COORDINATION = "coordination"
    RESERVE = "reserve"


class Sex(StrEnum):
    FEMALE = "female"
    MALE = "male"


class NotAPersonalNumber(ValueError):
    """The text is not an identity number; the message says why and what is accepted."""


@dataclass(frozen=True, slots=True, order=True)
class PersonalNumber:
    """Twelve characters, century first: `191212121212`."""

    value: str

    @property
    def kind(self) -> NumberKind:
        if self.value[8] == "R":
            return NumberKind.RESERVE
        return NumberKind.COORDINATION if int(self.value[6:8]) > 60 else NumberKind.PERSONAL

    @property
    def birth_date(self) -> date:
        day = int(self.value[6:8])
        return date(int(self.value[:4]), int(self.value[4:6]), day - 60 if day > 60 else day)

    @property
    def sex(self) -> Sex | None:
        """None for a reserve number, which does not carry it."""
        if self.kind is NumberKind.RESERVE:
            return None
        return Sex.MALE if int(self.value[10]) % 2 else Sex.FEMALE

    @property
    def is_test(self) -> bool:
        return self.kind is NumberKind.RESERVE or int(self.value[8:11]) in TEST_BIRTH_NUMBERS

    def short(self, on: date) -> str:
        """As people write it: `121212-1212`, with a plus sign from the year one turns 100."""
        sign = "+" if on.year - int(self.value[:4]) >= 100 else "-"
        return f"{self.value[2:8]}{sign}{self.value[8:]}"

    def long(self) -> str:
        return f"{self.value[:8]}-{self.value[8:]}"

    def __str__(self) -> str:
        return self.value


def parse(text: str, on: date) -> PersonalNumber:
    """Read a number in any form people write it; `on` decides the century of a short one.

    Raises NotAPersonalNumber.
    """
    cleaned = text.strip().upper().replace("\N{EN DASH}", "-").replace("\N{MINUS SIGN}", "-").replace(" ", "")
    if match := LONG.match(cleaned):
        year, month, day, last = match.groups()
    elif match := SHORT.match(cleaned):
        short_year, month, day, sign, last = match.groups()
        year = str(_century(int(short_year), int(month), int(day), sign, on))
    else:
        raise NotAPersonalNumber(f"{text!r} is not a personal number: write ÅÅÅÅMMDD-NNNN or ÅÅMMDD-NNNN")
    number = PersonalNumber(year + month + day + last)
    _check(number, text, on)
    return number


def _century(short_year: int, month: int, day: int, sign: str, on: date) -> int:
    """The latest century that fits: after a plus sign the year one turns 100 or earlier, else none in the future."""
    year = on.year - on.year % 100 + short_year
    if sign == "+":
        while on.year - year < 100:  # the plus comes on New Year's Day, not on the birthday
            year -= 100
        return year
    return year - 100 if (year, month, day % 60 if day > 60 else day) > (on.year, on.month, on.day) else year


def _check(number: PersonalNumber, text: str, on: date) -> None:
    try:
        born = number.birth_date
    except ValueError as error:
        raise NotAPersonalNumber(f"{text!r} is not a personal number: there is no such day") from error
    if born.year < 1840 or born > on:
        raise NotAPersonalNumber(f"{text!r} is not a personal number: the year of birth cannot be right")
    if number.kind is not NumberKind.RESERVE and not luhn.is_valid(number.value[2:]):
        raise NotAPersonalNumber(f"{text!r} is not a personal number: the check digit does not match")
