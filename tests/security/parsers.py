"""Everything that reads what others have written, as functions of bytes that must not break.

A harness lets the refusals pass that its parser promises, checks what was let in, and lets anything else fly. Run one
under atheris (coverage-guided): `python -m tests.security.parsers NAME SECONDS`; without atheris the same runs blindly.
"""

import json
import os
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

CORPUS = Path(__file__).with_name("corpus")
DAY = date(2026, 3, 16)
Harness = Callable[[bytes], None]
HARNESSES: dict[str, Harness] = {}


def harness(run: Harness) -> Harness:
    HARNESSES[run.__name__] = run
    return run


def text_of(data: bytes) -> str:
    """As an address or a form gives it: what is not UTF-8 is replaced."""
    return data.decode("utf-8", "replace")


def json_text_of(data: bytes) -> str:
    """As a JSON body may give it: with half characters."""
    return data.decode("utf-8", "surrogateescape")


@harness
def personal_number(data: bytes) -> None:
    from vardnav.kernel.personal_number import NotAPersonalNumber, parse

    try:
        number = parse(json_text_of(data), DAY)
    except NotAPersonalNumber as error:
        str(error)
        return
    assert parse(number.value, DAY) == number
    assert parse(number.long(), DAY) == number
    assert date(1840, 1, 1) <= number.birth_date <= DAY
    assert number.value.isascii()


@harness
def hsa_id(data: bytes) -> None:
    from vardnav.kernel.hsa_id import NotAnHsaId, parse

    try:
        found = parse(json_text_of(data))
    except NotAnHsaId as error:
        str(error)
        return
    assert parse(found) == found
    assert len(found) <= 33


@harness
def points_and_periods(data: bytes) -> None:
    from vardnav.kernel.period import Period
    from vardnav.kernel.point import Point

    first, _, second = text_of(data).partition(" ")
    try:
        here = Point(float(first), float(second))
        assert here.km_to(here) == 0
    except ValueError:
        pass
    try:
        period = Period(date.fromisoformat(first), date.fromisoformat(second))
    except ValueError:
        return
    assert period.starts_on in period
    assert period.ends_on not in period


@cache
def scratch() -> Path:
    return Path(tempfile.mkdtemp(prefix="vardnav-fuzz-"))


def _extract(data: bytes, ending: str) -> None:
    """One table of an extract, read and judged as an import does, without a database."""
    from vardnav.extracts import read, rows
    from vardnav.extracts.faults import Faults
    from vardnav.extracts.format import TABLES
    from vardnav.kernel.progress import silent

    choice, body = (data[0], data[1:]) if data else (0, b"")
    table = TABLES[choice % len(TABLES)]
    header = f"{','.join(table.names)}\n".encode() if ending == ".csv" and choice & 0x80 == 0 else b""
    for old in scratch().iterdir():
        old.unlink()
    (scratch() / f"{table.name}{ending}").write_bytes(header + body)
    faults = Faults()
    for file in read.find(scratch(), faults):
        rows.checked(file, None, DAY, faults, silent)


@harness
def extract_csv(data: bytes) -> None:
    _extract(data, ".csv")


@harness
def extract_parquet(data: bytes) -> None:
    _extract(data, ".parquet")


def _forms() -> Iterator[Callable[[Any], Any]]:
    from vardnav.web.admin import forms as admin
    from vardnav.web.clinic import forms as clinic
    from vardnav.web.clinic.views.panel import read as panel
    from vardnav.web.identity.forms import LoginForm
    from vardnav.web.region import table
    from vardnav.web.resident import forms as resident

    for form in (admin.SearchForm, admin.LogForm, admin.AccountForm, admin.KeyForm, clinic.NeedForm):
        yield lambda query, form=form: _judged(form, query)
    yield lambda query: _judged(lambda given: clinic.CapForm(given, today=DAY), query)
    for form in (LoginForm, clinic.EndDoctorForm, resident.KeyForm, resident.OfferForm):
        yield lambda query, form=form: _judged(form, query)
    yield lambda query: resident.FindForm(query, municipalities=[], languages=["ar"], from_home=True).asked("q")
    yield panel
    yield table.asked


def _judged(form: Callable[[Any], Any], query: Any) -> None:
    bound = form(query)
    if not bound.is_valid():
        bound.errors.as_json()


@harness
def query_strings(data: bytes) -> None:
    from django.http import QueryDict

    query = QueryDict(data)
    for read in _forms():
        read(query)


@harness
def api_bodies(data: bytes) -> None:
    import pydantic

    from vardnav.api import schemas

    for schema in (schemas.Person, schemas.Choice, schemas.NamedDoctorChoice):
        try:
            schema.model_validate_json(data)
        except pydantic.ValidationError as error:
            error.errors(include_url=False)


@harness
def cookies(data: bytes) -> None:
    """What a browser sends of ours: the cookie header, a stored session, a message."""
    from django.contrib.messages.storage.cookie import CookieStorage
    from django.http import parse_cookie
    from django.test import RequestFactory

    from vardnav.web.session_store import SessionStore

    text = text_of(data)
    jar = parse_cookie(text)
    assert all(isinstance(value, str) for value in jar.values())
    assert isinstance(SessionStore().decode(text), dict)
    request = RequestFactory().get("/")
    request.COOKIES = {"messages": text}
    assert list(CookieStorage(request)) == []  # nothing unsigned is shown


@harness
def accept_language(data: bytes) -> None:
    from django.test import RequestFactory
    from django.utils.translation import get_language_from_request

    request = RequestFactory().get("/", HTTP_ACCEPT_LANGUAGE=data.decode("latin-1"))
    assert get_language_from_request(request) in {"sv", "en"}


@harness
def live_channel(data: bytes) -> None:
    from vardnav.live import rules, selectors
    from vardnav.live.stream import cross_origin

    text = text_of(data)
    assert selectors.topics_of(text) == frozenset()  # nobody guesses a signature
    rules.read(text)
    allowed = cross_origin(text)
    if allowed:
        assert "evil" not in allowed["Access-Control-Allow-Origin"]


@harness
def claims(data: bytes) -> None:
    """What a provider's token says of somebody, after its signature has been checked."""
    from vardnav.identity.rules import claims as rules
    from vardnav.kernel.errors import Refusal

    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(found, dict):
        return
    for read in (rules.staff, lambda said: rules.resident(said, DAY)):
        try:
            who = read(found)
        except Refusal:
            continue
        assert not any(ord(letter) < 32 or 0xD800 <= ord(letter) <= 0xDFFF for letter in who.name)
        assert len(who.name) <= 200
        assert 2 <= rules.level_of(found) <= 4


def seeds(name: str) -> list[bytes]:
    """The corpus of a harness: small, made up, test numbers only."""
    folder = CORPUS / name
    found = sorted(folder.iterdir()) if folder.is_dir() else []
    return [path.read_bytes() for path in found] or [b""]


def mutations(name: str, count: int) -> Iterator[bytes]:
    """Seeds with bytes changed, cut, doubled and joined, the same each time."""
    from_seed = random.Random(f"{name} 1")
    known = seeds(name)
    yield from known
    for _ in range(count - len(known)):
        data = bytearray(from_seed.choice(known))
        for _ in range(from_seed.randint(1, 6)):
            _change(data, from_seed, known)
        yield bytes(data[:4096])


PIECES = (
    b"\x00",
    b"\xff",
    b"-",
    b"+",
    b"R",
    b'"',
    b",",
    b"\n",
    b"\r",
    b"\xc3\xa5",
    b"\xed\xa0\x80",
    b"9" * 30,
    b"=",
    b"&",
)
PIECES += (
    b"null",
    b"-1",
    b"1e309",
    b"NaN",
    b"[",
    b"{",
    b"%00",
    b"%ff",
    "²".encode(),
    "٣".encode(),
    b"\x1f",
    b";",
    b" ",
)


def _change(data: bytearray, random: random.Random, known: list[bytes]) -> None:
    at = random.randint(0, len(data))
    match random.randint(0, 4):
        case 0:
            data[at:at] = random.choice(PIECES)
        case 1:
            del data[at : at + random.randint(1, 8)]
        case 2 if data:
            data[at % len(data)] ^= 1 << random.randint(0, 7)
        case 3:
            data[at:] = random.choice(known)[random.randint(0, 8) :]
        case _:
            data[at:at] = data[at : at + 16]


def prepare() -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "vardnav.config.settings")
    os.environ.setdefault("VARDNAV_SECRET_KEY", "only for tests")
    os.environ.setdefault("VARDNAV_DEMO", "1")
    django.setup()


def blindly(name: str, seconds: float) -> int:
    """Without atheris: mutations of the corpus until the time is out."""
    run, end, done = HARNESSES[name], time.monotonic() + seconds, 0
    for data in mutations(name, 10**9):
        run(data)
        done += 1
        if time.monotonic() > end:
            break
    return done


def main() -> None:
    name, seconds = sys.argv[1], int(sys.argv[2])
    try:
        import atheris
    except ImportError:
        prepare()
        print(json.dumps({"harness": name, "atheris": False, "done": blindly(name, seconds)}))  # noqa: T201
        return
    with atheris.instrument_imports(include=["vardnav"], enable_loader_override=False):
        prepare()
        HARNESSES[name](b"")  # imports what it needs, instrumented
    found = tempfile.mkdtemp(prefix=f"vardnav-{name}-")  # what is new stays out of the repository
    flags = [
        f"-max_total_time={seconds}",
        "-print_final_stats=1",
        "-max_len=4096",
        f"-artifact_prefix={found}/",
        "-rss_limit_mb=4096",
    ]
    atheris.Setup([sys.argv[0], *flags, found, str(CORPUS / name)], HARNESSES[name])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
