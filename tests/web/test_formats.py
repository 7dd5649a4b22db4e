"""How things are written on the screen: screens.md as a table."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vardnav.kernel.personal_number import PersonalNumber
from vardnav.web.frame import formats

THIN = formats.THOUSAND
NBSP = formats.SPACE


@pytest.mark.parametrize(
    ("value", "decimals", "language", "written"),
    [
        (1100, 0, "sv", f"1{THIN}100"),
        (2_490_000, 0, "sv", f"2{THIN}490{THIN}000"),
        (999, 0, "sv", "999"),
        (0, 0, "sv", "0"),
        (-1200, 0, "sv", f"−1{THIN}200"),
        (12.5, 1, "sv", "12,5"),
        (12.5, 1, "en", "12.5"),
        (2.5, 0, "sv", "3"),
        (Decimal("0.535"), 2, "sv", "0,54"),
        (None, 0, "sv", "–"),
        (float("nan"), 0, "sv", "–"),
    ],
)
def test_numbers_have_a_narrow_space_between_thousands(
    value: formats.Number | None, decimals: int, language: str, written: str
) -> None:
    assert formats.thousands(value, decimals, language) == written


@given(st.integers(-(10**12), 10**12))
def test_a_written_number_can_be_read_back(value: int) -> None:
    assert int(formats.thousands(value).replace(THIN, "").replace(formats.MINUS, "-")) == value


@pytest.mark.parametrize(
    ("share", "decimals", "written"),
    [(0.55, 0, f"55{NBSP}%"), (0.553, 1, f"55,3{NBSP}%"), (1, 0, f"100{NBSP}%"), (None, 0, "–")],
)
def test_a_share_is_written_in_per_cent(share: float | None, decimals: int, written: str) -> None:
    assert formats.percent(share, decimals) == written


@pytest.mark.parametrize(
    ("value", "written"), [(12.5, f"12,5{NBSP}km"), (3.04, f"3,0{NBSP}km"), (120.4, f"120{NBSP}km"), (None, "–")]
)
def test_a_distance_has_one_decimal_below_a_hundred(value: float | None, written: str) -> None:
    assert formats.km(value) == written


@pytest.mark.parametrize(
    ("value", "language", "written"),
    [
        (25, "sv", f"25{NBSP}min"),
        (0, "sv", f"0{NBSP}min"),
        (60, "sv", f"1{NBSP}tim"),
        (65.4, "sv", f"1{NBSP}tim{NBSP}5{NBSP}min"),
        (65, "en", f"1{NBSP}h{NBSP}5{NBSP}min"),
        (None, "sv", "–"),
    ],
)
def test_minutes_become_hours(value: float | None, language: str, written: str) -> None:
    assert formats.minutes(value, language) == written


@pytest.mark.parametrize(
    ("form", "language", "written"),
    [
        ("long", "sv", "sön 22 nov 2026"),
        ("short", "sv", "sön 22 nov"),
        ("day", "sv", "22 nov 2026"),
        ("month", "sv", "nov 2026"),
        ("iso", "sv", "2026-11-22"),
        ("week", "sv", "v. 47"),
        ("long", "en", "Sun 22 Nov 2026"),
        ("week", "en-gb", "w. 47"),
    ],
)
def test_a_date_is_written_in_the_forms_people_know(form: str, language: str, written: str) -> None:
    assert formats.swedish_date(date(2026, 11, 22), form, language) == written.replace(" ", NBSP)


def test_an_instant_late_in_the_evening_in_utc_is_tomorrow_in_sweden() -> None:
    assert formats.swedish_date(datetime(2026, 11, 22, 23, 30, tzinfo=UTC), "iso") == "2026-11-23"


@pytest.mark.parametrize(
    ("at", "written"),
    [
        (datetime(2026, 11, 22, 7, 10, tzinfo=UTC), "08.10"),
        (datetime(2026, 7, 1, 7, 10, tzinfo=UTC), "09.10"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "02.30"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "02.30"),
    ],
)
def test_the_clock_is_the_one_on_the_wall_in_sweden(at: datetime, written: str) -> None:
    assert formats.clock(at) == f"kl.{NBSP}{written}"


def test_the_clock_has_a_colon_in_english() -> None:
    assert formats.clock(datetime(2026, 11, 22, 7, 10, tzinfo=UTC), "en") == "08:10"


@pytest.mark.parametrize(
    ("born", "on", "written"),
    [
        (date(1987, 8, 23), date(2026, 8, 22), f"38{NBSP}år"),
        (date(1987, 8, 23), date(2026, 8, 23), f"39{NBSP}år"),
        (date(2025, 9, 14), date(2026, 11, 22), f"14{NBSP}mån"),
        (date(2024, 11, 22), date(2026, 11, 22), f"2{NBSP}år"),
        (date(2026, 11, 22), date(2026, 11, 22), f"0{NBSP}mån"),
    ],
)
def test_age_is_in_years_and_in_months_under_two(born: date, on: date, written: str) -> None:
    assert formats.age(born, on) == written


@pytest.mark.parametrize(
    ("number", "written", "with_century"),
    [
        ("201212129980", "121212-9980", "20121212-9980"),
        ("191212129981", "121212+9981", "19121212-9981"),
        ("20121212R001", "121212-R001", "20121212-R001"),
    ],
)
def test_a_personal_number_keeps_its_century_on_hover(number: str, written: str, with_century: str) -> None:
    on = date(2026, 11, 22)
    assert formats.personal_number(number, on) == (written, with_century)
    assert formats.personal_number(PersonalNumber(number), on) == (written, with_century)


@pytest.mark.parametrize(
    ("given_number", "written"),
    [
        ("081234567", "08-123 45 67"),
        ("08-12345678", "08-123 456 78"),
        ("0701234567", "070-123 45 67"),
        ("+46701234567", "070-123 45 67"),
        ("0046 (0)70 123 45 67", "070-123 45 67"),
        ("063153000", "063-15 30 00"),
        ("0640-16300", "0640-163 00"),
        ("0640163300", "0640-16 33 00"),
        ("+47 22 33 44 55", "+47 22 33 44 55"),
        ("112", "112"),
        ("", "–"),
    ],
)
def test_a_phone_number_is_grouped_as_in_sweden(given_number: str, written: str) -> None:
    answer = formats.phone(given_number)
    assert answer.replace(NBSP, " ") == written
