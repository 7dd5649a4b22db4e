"""Identity numbers: tables of known ones, and properties over all days."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vardnav.kernel.personal_number import NotAPersonalNumber, NumberKind, PersonalNumber, Sex, parse

ON = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("text", "value", "why"),
    [
        ("189909139801", "189909139801", "test person of Skatteverket"),
        ("191202119986", "191202119986", "test person of Skatteverket"),
        ("19120211-9986", "191202119986", "with a hyphen"),
        ("120211+9986", "191202119986", "plus: past one hundred"),
        ("120211-9986", "201202119986", "minus: the latest century"),
        ("1202119986", "201202119986", "without a sign"),
        ("19120211 9986", "191202119986", "with a space"),
        (" 19 120211 - 9986 ", "191202119986", "with spaces anywhere"),
        ("19120211\N{EN DASH}9986", "191202119986", "with the dash that word processors write"),
        ("19120211\N{MINUS SIGN}9986", "191202119986", "with a minus sign"),
        ("990913+9801", "189909139801", "two centuries back"),
        ("19840314R001", "19840314R001", "reserve number"),
        ("19840314-r001", "19840314R001", "reserve number in small letters"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, value: str, why: str) -> None:
    assert parse(text, ON).value == value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "write ÅÅÅÅMMDD-NNNN"),
        ("hej", "write ÅÅÅÅMMDD-NNNN"),
        ("19120211998", "write ÅÅÅÅMMDD-NNNN"),
        ("1912021199866", "write ÅÅÅÅMMDD-NNNN"),
        ("191202119986\n1", "write ÅÅÅÅMMDD-NNNN"),
        ("١٩١٢٠٢١١٩٩٨٦", "write ÅÅÅÅMMDD-NNNN"),
        ("840314-R001", "write ÅÅÅÅMMDD-NNNN"),
        ("191202119987", "check digit"),
        ("191202309986", "no such day"),
        ("191302299986", "no such day"),
        ("000002119986", "no such day"),
        ("191200119986", "no such day"),
        ("19120292-9986", "no such day"),
        ("202611239984", "year of birth"),
        ("180001019989", "year of birth"),
    ],
)
def test_what_is_no_number_is_refused_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(NotAPersonalNumber, match=reason):
        parse(text, ON)


def check_digit(nine: str) -> int:
    """Luhn as the law tells it (Folkbokföringslagen 18 §): the naive oracle."""
    total = 0
    for place, digit in enumerate(nine):
        product = int(digit) * (2 if place % 2 == 0 else 1)
        total += product // 10 + product % 10
    return (10 - total % 10) % 10


births = st.dates(date(1840, 1, 1), ON)
serials = st.integers(0, 999)


def made(born: date, serial: int, coordination: bool) -> str:
    day = born.day + 60 if coordination else born.day
    nine = f"{born:%y%m}{day:02}{serial:03}"
    return f"{born:%Y}"[:2] + nine + str(check_digit(nine))


@given(born=births, serial=serials, coordination=st.booleans())
@example(born=date(2000, 2, 29), serial=980, coordination=True)
@example(born=date(2024, 2, 29), serial=981, coordination=False)
def test_a_number_tells_birth_sex_and_kind(born: date, serial: int, coordination: bool) -> None:
    number = parse(made(born, serial, coordination), ON)
    assert number.birth_date == born
    assert number.sex is (Sex.MALE if serial % 2 else Sex.FEMALE)
    assert number.kind is (NumberKind.COORDINATION if coordination else NumberKind.PERSONAL)
    assert number.is_test is (serial >= 980)


@given(born=births, serial=serials, coordination=st.booleans())
@example(born=date(1926, 12, 31), serial=980, coordination=False)  # turns 100 later this year: has the plus already
@example(born=date(1926, 1, 1), serial=980, coordination=True)
@example(born=date(1927, 1, 1), serial=980, coordination=False)
def test_every_form_leads_back_to_the_number(born: date, serial: int, coordination: bool) -> None:
    number = PersonalNumber(made(born, serial, coordination))
    assert parse(number.long(), ON) == number
    assert parse(str(number), ON) == number
    assert parse(number.short(ON), ON) == number


@given(born=births, serial=serials, place=st.integers(2, 11), other=st.integers(1, 9))
def test_one_wrong_digit_is_always_seen(born: date, serial: int, place: int, other: int) -> None:
    digits = list(made(born, serial, coordination=False))
    digits[place] = str((int(digits[place]) + other) % 10)
    with pytest.raises(NotAPersonalNumber):
        parse("".join(digits), ON)


@given(days=st.integers(0, 40_000))
def test_a_short_number_never_lies_in_the_future(days: int) -> None:
    born = ON - timedelta(days=days % 36_000)
    number = PersonalNumber(made(born, 980, coordination=False))
    assert parse(f"{number.value[2:8]}{number.value[8:]}", ON).birth_date <= ON


@given(st.text(max_size=20))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    with suppress(NotAPersonalNumber):
        assert parse(text, ON).value.isascii()


def test_a_reserve_number_says_nothing_of_sex_and_is_nobodys() -> None:
    number = parse("19840314R007", ON)
    assert (number.kind, number.sex, number.is_test) == (NumberKind.RESERVE, None, True)
    assert number.birth_date == date(1984, 3, 14)
